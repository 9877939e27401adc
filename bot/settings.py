"""The environment, read once, into one frozen Settings; says what is missing and how to get it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.setting import Setting, SettingsError

APP_TYPES = ("SingleTenant", "UserAssignedMSI", "FederatedCredentials", "MultiTenant")
_KINDS = ", ".join(APP_TYPES)
TEAMS_CLOUDS = ("public", "usgov", "dod")

SETTINGS = (
    Setting("DATABASE_URL", "Where to keep settings and schedules.", "sqlite:///.breather/breather.sqlite3"),
    Setting("PORT", "The port to listen on.", "3000"),
    Setting("BREATHER_CONTACTS", "People to turn to, as people should read them; several with “;” between."),
    Setting("BREATHER_COUNTRY", "Two-letter country code, for the helplines. Empty: shown for no country."),
    Setting(
        "BREATHER_PLAYBOOK", "Folder with your own playbook; several with “;” between. See write-a-rule.md."
    ),
    Setting(
        "BREATHER_ADMINS",
        "Who may set Breather up inside Slack or Teams: member or object ids, “,” between."
        " With many workspaces: workspace/member, such as T012/U345.",
    ),
    Setting("SLACK_BOT_TOKEN", "The bot token of your Slack app (xoxb-…). Turns Slack on.", secret=True),
    Setting("SLACK_SIGNING_SECRET", "Signing secret; two with “,” between during a change.", secret=True),
    Setting("SLACK_APP_TOKEN", "App-level token (xapp-…), for Socket Mode only.", secret=True),
    Setting("SLACK_SEALED", "1: the app was made from the sealed manifest, which gives it no messages."),
    Setting("SLACK_CLIENT_ID", "Instead of a bot token, for many workspaces: the app's client id."),
    Setting("SLACK_CLIENT_SECRET", "For many workspaces: the app's client secret.", secret=True),
    Setting(
        "BREATHER_VAULT_KEYS",
        "For many workspaces: the key their tokens are encrypted with (`breather vault key` prints one);"
        " two with “,” between during a change, the new one first.",
        secret=True,
    ),
    Setting("SLACK_GRACE_DAYS", "Days from an uninstall until everything of that workspace is erased.", "3"),
    Setting("SLACK_API_URL", "Slack's Web API; another address for tests only.", "https://slack.com/api/"),
    Setting("TEAMS_APP_ID", "The client id of your Teams app. Turns Teams on."),
    Setting("TEAMS_APP_TYPE", f"How the app proves itself: {_KINDS}.", APP_TYPES[0]),
    Setting("TEAMS_TENANT_ID", "The directory (tenant) the app is registered in."),
    Setting("TEAMS_APP_PASSWORD", "A client secret of the app.", secret=True),
    Setting("TEAMS_CERT_PATH", "Instead of a secret: a PEM file with the private key and the certificate."),
    Setting("TEAMS_IDENTITY_CLIENT_ID", "For FederatedCredentials: the managed identity that vouches."),
    Setting(
        "TEAMS_ALLOWED_TENANTS", "Tenants that may talk to it, “,” between. Empty: any it is installed in."
    ),
    Setting("TEAMS_EXTRA_ISSUERS", "Further token issuers to trust, “,” between. Leave it empty."),
    Setting("TEAMS_EXTRA_SERVICE_HOSTS", "Further hosts that answers may be sent to, “,” between."),
    Setting("TEAMS_CLOUD", "Microsoft's cloud: public (also GCC), usgov (GCC High) or dod.", TEAMS_CLOUDS[0]),
    Setting("TEAMS_OPENID_URL", "Where Microsoft publishes its keys. Empty: as the cloud does."),
    Setting("TEAMS_TOKEN_URL", "Where the app gets its own token. Empty: as the cloud does."),
    Setting("IDENTITY_ENDPOINT", "Managed identity: Azure App Service and Container Apps set it themselves."),
    Setting("IDENTITY_HEADER", "Managed identity: the same.", secret=True),
    Setting("BREATHER_LLM", "on: a language model may help with the wording. See llm.md."),
    Setting(
        "BREATHER_LLM_MODEL",
        "Which model. Both this and BREATHER_LLM=on are needed; a key alone does nothing.",
    ),
    Setting(
        "OPENAI_BASE_URL", "The model's server, if it is not OpenAI: any that speaks its Chat Completions."
    ),
    Setting("OPENAI_API_KEY", "The key for that server. One on this machine needs none.", secret=True),
    Setting(
        "BREATHER_LLM_REDACT",
        "Take out what is private before a call: auto (unless the model runs on this machine), on or off.",
        "auto",
    ),
    Setting("BREATHER_LLM_DEADLINE_MS", "How long a model may take, in milliseconds, all in all.", "8000"),
    Setting("BREATHER_LLM_JUDGE", "The result file of make eval-llm: what this model may judge, too."),
    Setting("TEAMS_INSECURE_DEV", "1: accept unsigned calls from this computer, without an app id."),
)


@dataclass(frozen=True, slots=True)
class TeamsValues:
    """What the environment says about Teams; the adapter checks whether it goes together."""

    app_id: str
    app_type: str
    tenant_id: str
    app_password: str = field(repr=False)
    cert_path: str
    identity_client_id: str
    allowed_tenants: frozenset[str]
    extra_issuers: frozenset[str]
    extra_hosts: frozenset[str]
    cloud: str
    openid_url: str
    token_url: str
    identity_url: str
    identity_header: str = field(repr=False)
    insecure_dev: bool

    @property
    def on(self) -> bool:
        """Whether anybody asked for Teams."""
        return bool(self.app_id or self.app_password or self.cert_path or self.insecure_dev)


@dataclass(frozen=True, slots=True)
class LlmValues:
    """What the environment says about a language model."""

    on: bool
    model: str
    base_url: str
    api_key: str = field(repr=False)
    redact: str
    seconds: float
    judge: Path | None  # what it was measured to judge


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment says. Secrets are left out of repr."""

    database_url: str = field(repr=False)
    port: int
    contacts: tuple[str, ...]
    country: str
    playbooks: Mapping[str, Path]  # a company's own, by the name of the folder
    admins: frozenset[str]
    slack_bot_token: str = field(repr=False)
    slack_signing_secrets: tuple[str, ...] = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_api_url: str
    slack_sealed: bool
    slack_client_id: str
    slack_client_secret: str = field(repr=False)
    slack_grace: timedelta
    vault_keys: tuple[str, ...] = field(repr=False)
    teams: TeamsValues
    llm: LlmValues

    @property
    def slack_for_many(self) -> bool:
        """Whether anybody asked for Slack in many workspaces."""
        return bool(self.slack_client_id or self.slack_client_secret)

    @property
    def slack_on(self) -> bool:
        """Whether anybody asked for Slack."""
        return bool(self.slack_bot_token) or self.slack_for_many

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
        playbooks=_playbooks(value["BREATHER_PLAYBOOK"]),
        admins=_admins(value),
        slack_bot_token=value["SLACK_BOT_TOKEN"],
        slack_signing_secrets=secrets,
        slack_app_token=value["SLACK_APP_TOKEN"],
        slack_api_url=value["SLACK_API_URL"],
        slack_sealed=_switch(value, "SLACK_SEALED"),
        slack_client_id=value["SLACK_CLIENT_ID"],
        slack_client_secret=value["SLACK_CLIENT_SECRET"],
        slack_grace=timedelta(days=_days(value["SLACK_GRACE_DAYS"])),
        vault_keys=tuple(key.strip() for key in value["BREATHER_VAULT_KEYS"].split(",") if key.strip()),
        teams=_teams(value),
        llm=_llm(value),
    )


def _admins(value: Mapping[str, str]) -> frozenset[str]:
    """Who may set up. A member id says nothing by itself where there are many workspaces."""
    named = _several(value["BREATHER_ADMINS"])
    bare = [name for name in named if re.fullmatch(r"[UW][A-Z0-9]{5,}", name)]
    if bare and value["SLACK_CLIENT_ID"]:
        raise SettingsError(
            "BREATHER_ADMINS: with many workspaces, write the workspace before a member: T012ABC/U345DEF."
        )
    return named


def _playbooks(text: str) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for folder in (Path(part.strip()) for part in text.split(";") if part.strip()):
        name = folder.absolute().name.lower()
        if not re.fullmatch(r"[a-z0-9-]{1,32}", name):
            raise SettingsError(
                f"BREATHER_PLAYBOOK: a playbook is named after its folder, and “{name}” is no name for one."
                " Use letters, digits and -, at most 32 of them."
            )
        if name in found:
            raise SettingsError(f"BREATHER_PLAYBOOK names two folders called “{name}”. Rename one of them.")
        found[name] = folder
    return found


def _teams(value: Mapping[str, str]) -> TeamsValues:
    if value["TEAMS_APP_TYPE"] not in APP_TYPES:
        raise SettingsError(f"TEAMS_APP_TYPE is one of {_KINDS}.")
    if value["TEAMS_CLOUD"] not in TEAMS_CLOUDS:
        raise SettingsError(f"TEAMS_CLOUD is one of {', '.join(TEAMS_CLOUDS)}.")
    return TeamsValues(
        app_id=value["TEAMS_APP_ID"],
        app_type=value["TEAMS_APP_TYPE"],
        tenant_id=value["TEAMS_TENANT_ID"],
        app_password=value["TEAMS_APP_PASSWORD"],
        cert_path=value["TEAMS_CERT_PATH"],
        identity_client_id=value["TEAMS_IDENTITY_CLIENT_ID"],
        allowed_tenants=_several(value["TEAMS_ALLOWED_TENANTS"]),
        extra_issuers=_several(value["TEAMS_EXTRA_ISSUERS"]),
        extra_hosts=_several(value["TEAMS_EXTRA_SERVICE_HOSTS"]),
        cloud=value["TEAMS_CLOUD"],
        openid_url=value["TEAMS_OPENID_URL"],
        token_url=value["TEAMS_TOKEN_URL"],
        identity_url=value["IDENTITY_ENDPOINT"],
        identity_header=value["IDENTITY_HEADER"],
        insecure_dev=_switch(value, "TEAMS_INSECURE_DEV"),
    )


def _llm(value: Mapping[str, str]) -> LlmValues:
    switch, redact, model = (
        value["BREATHER_LLM"].lower(),
        value["BREATHER_LLM_REDACT"],
        value["BREATHER_LLM_MODEL"],
    )
    if switch not in {"", "on", "off"}:
        raise SettingsError("BREATHER_LLM is on, or it is left out.")
    if redact not in {"auto", "on", "off"}:
        raise SettingsError("BREATHER_LLM_REDACT is auto, on or off.")
    milliseconds = value["BREATHER_LLM_DEADLINE_MS"]
    if not (milliseconds.isascii() and milliseconds.isdigit() and 100 <= int(milliseconds[:9]) <= 60_000):
        raise SettingsError("BREATHER_LLM_DEADLINE_MS is a number from 100 to 60000.")
    key, seconds = value["OPENAI_API_KEY"], int(milliseconds) / 1000
    on, judge = switch == "on" and bool(model), value["BREATHER_LLM_JUDGE"]
    measured = Path(judge) if judge else None
    return LlmValues(on, model, value["OPENAI_BASE_URL"], key, redact, seconds, measured)


def _switch(value: Mapping[str, str], name: str) -> bool:
    if value[name] not in {"", "0", "1"}:
        raise SettingsError(f"{name} is 1, or it is left out.")
    return value[name] == "1"


def _several(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= 90):
        raise SettingsError("SLACK_GRACE_DAYS is a number of days from 0 to 90.")
    return int(text)


def port_number(text: str, name: str) -> int:
    """A TCP port from text. Raises SettingsError naming the setting."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= 65535):
        raise SettingsError(f"{name} must be a number from 0 to 65535 (0 picks a free one).")
    return int(text)
