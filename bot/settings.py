"""The environment, read once, into one frozen Settings; says what is missing and how to get it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, for the reader and for docs/settings.md."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


SETTINGS = (
    Setting("DATABASE_URL", "Where to keep settings and schedules.", "sqlite:///.breather/breather.sqlite3"),
    Setting("PORT", "The port to listen on.", "3000"),
    Setting("BREATHER_CONTACTS", "People to turn to, as people should read them; several with “;” between."),
    Setting("BREATHER_COUNTRY", "Two-letter country code, for the helplines. Empty: shown for no country."),
    Setting("SLACK_BOT_TOKEN", "The bot token of your Slack app (xoxb-…). Turns Slack on.", secret=True),
    Setting("SLACK_SIGNING_SECRET", "Signing secret; two with “,” between during a change.", secret=True),
    Setting("SLACK_APP_TOKEN", "App-level token (xapp-…), for Socket Mode only.", secret=True),
    Setting("SLACK_API_URL", "Slack's Web API; another address for tests only.", "https://slack.com/api/"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment says. Secrets are left out of repr."""

    database_url: str = field(repr=False)
    port: int
    contacts: tuple[str, ...]
    country: str
    slack_bot_token: str = field(repr=False)
    slack_signing_secrets: tuple[str, ...] = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_api_url: str

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None where the database is a server or in memory."""
        prefix = "sqlite:///"
        if not self.database_url.startswith(prefix) or self.database_url == prefix + ":memory:":
            return None
        return Path(self.database_url.removeprefix(prefix))


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment. Raises SettingsError for a value that cannot be used."""
    value = {s.name: environment.get(s.name, "").strip() or s.default for s in SETTINGS}
    country = value["BREATHER_COUNTRY"].upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise SettingsError("BREATHER_COUNTRY is a two-letter code such as US, CA or GB.")
    secrets = tuple(s.strip() for s in value["SLACK_SIGNING_SECRET"].split(",") if s.strip())
    if len(secrets) > 2:
        raise SettingsError("SLACK_SIGNING_SECRET takes one secret, or two while you change it.")
    return Settings(
        database_url=value["DATABASE_URL"],
        port=port_number(value["PORT"], "PORT"),
        contacts=tuple(c.strip() for c in value["BREATHER_CONTACTS"].split(";") if c.strip()),
        country=country,
        slack_bot_token=value["SLACK_BOT_TOKEN"],
        slack_signing_secrets=secrets,
        slack_app_token=value["SLACK_APP_TOKEN"],
        slack_api_url=value["SLACK_API_URL"],
    )


def port_number(text: str, name: str) -> int:
    """A TCP port from text. Raises SettingsError naming the setting."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= 65535):
        raise SettingsError(f"{name} must be a number from 0 to 65535 (0 picks a free one).")
    return int(text)
