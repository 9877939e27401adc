"""Slack in many workspaces: the adapter's shelf filled from storage, and the jobs that keep it in order."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.slack.rotation import Rotation
from adapters.slack.settings import Installation, SlackSettings, SlackSettingsError
from adapters.slack.tenants import Due, Grant, Tokens
from bot.clock import Tick
from bot.logs import event, trouble
from bot.sealing import vault
from bot.settings import Settings, SettingsError
from storage import installations
from storage.db import open_database
from storage.installations import Counts, Install
from storage.refreshes import Claim
from storage.vault import VaultError
from storage.workspaces import StoredInstallations


@dataclass(frozen=True, slots=True)
class KeptInstallations:
    """The adapter's Shelf: the same values under storage's names. What cannot be opened is told."""

    stored: StoredInstallations

    async def find(self, tenant: str) -> Installation | None:
        """The installation of a tenant."""
        try:
            found = await self.stored.find(tenant)
        except VaultError as error:
            trouble("slack.token", error)
            return None
        return None if found is None else Installation(tenant, found.tokens.bot, found.bot_user)

    async def save(self, grant: Grant) -> None:
        """Keep an installation."""
        who = (grant.enterprise, grant.team, grant.app, grant.bot_user, grant.scopes, grant.installed_by)
        await self.stored.save(Install(*who, _tokens(grant.tokens)))
        event("slack.installed")

    async def revoke(self, tenant: str, happened: datetime) -> None:
        """Erase the tokens."""
        if await self.stored.revoke(tenant, happened):
            event("slack.uninstalled")

    async def spend(self, fingerprint: str, until: datetime) -> bool:
        """Whether this is the first time."""
        return await self.stored.spend(fingerprint, until)

    async def due(self, most: int) -> Sequence[Due]:
        """Tokens to refresh; one that cannot be opened waits for its key."""
        ready = []
        for claim in await self.stored.claim(most):
            try:
                ready.append(Due(claim.tenant, self.stored.refresh_token(claim), claim))
            except VaultError as error:
                trouble("slack.refresh", error)
                await self.stored.fail(claim)
        return ready

    async def renew(self, due: Due, tokens: Tokens) -> None:
        """Keep the new tokens."""
        if isinstance(due.ticket, Claim):
            await self.stored.renew(due.ticket, _tokens(tokens))

    async def fail(self, due: Due) -> None:
        """Keep the old ones and try again later."""
        if isinstance(due.ticket, Claim):
            await self.stored.fail(due.ticket)


def known(settings: Settings, app_token: str = "") -> SlackSettings:
    """The adapter's settings, for one workspace or many."""
    return SlackSettings(
        settings.slack_bot_token,
        settings.slack_signing_secrets,
        app_token,
        settings.slack_api_url,
        settings.slack_client_id,
        settings.slack_client_secret,
        sealed=settings.slack_sealed,
    )


def faults(settings: Settings) -> Iterator[str]:
    """What must be mended before Slack can start for many workspaces, each with its remedy."""
    try:
        known(settings, settings.slack_app_token).checked()
    except SlackSettingsError as error:
        yield str(error)
    try:
        vault(settings)
    except SettingsError as error:
        yield str(error)


def health(settings: Settings) -> tuple[Counts, int]:
    """How the stored installations are, and how many tokens are damaged. SettingsError, StorageError."""

    async def look() -> tuple[Counts, int]:
        database = open_database(settings.database_url)
        try:
            stored = StoredInstallations(database, vault(settings), lambda: datetime.now(UTC))
            return await stored.counts(), await openable(stored)
        finally:
            await database.close()

    return asyncio.run(look())


async def openable(stored: StoredInstallations) -> int:
    """How many tokens are damaged. Raises SettingsError where one was sealed with a key that is not here."""
    try:
        return await stored.try_keys()
    except VaultError as error:
        raise SettingsError(str(error)) from None


def ticks(stored: StoredInstallations, rotation: Rotation, grace: timedelta) -> tuple[Tick, ...]:
    """What the clock has to wake."""

    async def rotate() -> None:
        turned = await rotation.run()
        if turned.done or turned.failed:
            failing = (await stored.counts()).failing
            event("slack.tokens", refreshed=turned.done, failed=turned.failed, failing=failing)

    async def tidy() -> None:
        if erased := await stored.tidy(grace):
            event("slack.erased", workspaces=erased)

    return (Tick("slack_tokens", timedelta(minutes=1), rotate), Tick("slack_tidy", timedelta(hours=1), tidy))


def _tokens(tokens: Tokens) -> installations.Tokens:
    return installations.Tokens(tokens.bot, tokens.refresh, tokens.expires_at)
