"""What the Slack adapter needs to be told, and what it asks of storage: the installation of a workspace."""

from dataclasses import dataclass, field
from typing import Protocol

API = "https://slack.com/api/"


class SlackSettingsError(ValueError):
    """Slack cannot be switched on; the message says what is missing and where to find it."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """One Slack app. Two signing secrets are accepted, so that one can be replaced without a gap."""

    bot_token: str = field(repr=False)
    signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    app_token: str = field(default="", repr=False)  # set for Socket Mode
    api_url: str = API  # another address for an emulator
    agent_view: bool = True  # the app has Slack's agent view: a message in the DM starts a thread

    def checked(self) -> "SlackSettings":
        """These settings. Raises SlackSettingsError when something needed is missing."""
        if not self.bot_token.strip():
            raise SlackSettingsError(
                "The bot token is missing. Copy it from your app's page, OAuth & Permissions (xoxb-...)."
            )
        if not self.app_token and not any(secret.strip() for secret in self.signing_secrets):
            raise SlackSettingsError(
                "The signing secret is missing. Copy it from your app's page, Basic Information,"
                " or set an app-level token (xapp-...) to use Socket Mode."
            )
        if len(self.signing_secrets) > 2 or not all(secret.strip() for secret in self.signing_secrets):
            raise SlackSettingsError(
                "Give one signing secret, or two while you replace it; none may be empty."
            )
        return self


@dataclass(frozen=True, slots=True)
class Installation:
    """The coach in one workspace."""

    tenant: str
    bot_token: str = field(repr=False)


class Installations(Protocol):
    """Finds the installation of a workspace, from memory: it is asked on every request."""

    async def find(self, tenant: str) -> Installation | None:
        """The installation, or None where the coach is not installed."""
        ...


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """Installations of an app that lives in a single workspace: one token for whoever asks."""

    bot_token: str = field(repr=False)

    async def find(self, tenant: str) -> Installation | None:
        """The one installation."""
        return Installation(tenant, self.bot_token)
