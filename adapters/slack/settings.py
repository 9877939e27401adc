"""What the Slack adapter needs to be told, and what it asks of storage: the installation of a workspace."""

from dataclasses import dataclass, field
from typing import Protocol

API = "https://slack.com/api/"
INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"  # where people install, and come back to


class SlackSettingsError(ValueError):
    """Slack cannot be switched on; the message says what is missing and where to find it."""


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """One Slack app. Two signing secrets are accepted, so that one can be replaced without a gap."""

    bot_token: str = field(default="", repr=False)
    signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    app_token: str = field(default="", repr=False)  # set for Socket Mode
    api_url: str = API  # another address for an emulator
    client_id: str = ""  # this and the next in place of the bot token: an app for many workspaces
    client_secret: str = field(default="", repr=False)
    agent_view: bool = True  # the app has Slack's agent view: a message in the DM starts a thread

    def checked(self) -> "SlackSettings":
        """These settings. Raises SlackSettingsError when something needed is missing."""
        if self.client_id or self.client_secret:
            self._for_many()
        elif not self.bot_token.strip():
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

    def _for_many(self) -> None:
        if self.bot_token:
            raise SlackSettingsError(
                "Slack is set up twice. Keep SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and"
                " SLACK_CLIENT_SECRET for many, not both."
            )
        if not (self.client_id.strip() and self.client_secret.strip()):
            raise SlackSettingsError(
                "Many workspaces need SLACK_CLIENT_ID and SLACK_CLIENT_SECRET. Copy both from your app's"
                " page, Basic Information."
            )


@dataclass(frozen=True, slots=True)
class Installation:
    """The coach in one workspace."""

    tenant: str
    bot_token: str = field(repr=False)
    bot_user: str = ""  # the coach's own id there, where it is known


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
