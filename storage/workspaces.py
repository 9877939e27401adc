"""The door to the Slack installations in a database: encrypted there, plain only to whoever asks for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import installations, refreshes
from storage.db import Database
from storage.installations import BOT, REFRESH, Counts, Install, Tokens, belongs
from storage.refreshes import Claim
from storage.vault import STRANGE, KeyGoneError, Vault, VaultError


@dataclass(frozen=True, slots=True)
class StoredInstallations:
    """Installations in a database, with the vault for their tokens."""

    database: Database
    vault: Vault
    now: Callable[[], datetime]

    async def save(self, install: Install) -> None:
        """Keep an installation, in place of the one before."""
        await self.database.transact(lambda c: installations.save(c, self.vault, install, self.now()))
        await self.database.scrub()  # the old tokens, and what an uninstall had left

    async def find(self, tenant: str) -> Install | None:
        """The installation with its bot token; None where there is none. Raises VaultError."""
        row = await self.database.transact(lambda c: installations.find(c, tenant))
        if row is None or row.bot_token is None:
            return None
        if tenant != (row.team_id or row.enterprise_id):  # somebody wrote into the database by hand
            raise VaultError(STRANGE)
        bot = self.vault.open(row.bot_token, f"{belongs(row.enterprise_id, row.team_id)}|{BOT}")
        who = (row.enterprise_id, row.team_id, row.app_id, row.bot_user, row.scopes, row.installed_by)
        return Install(*who, Tokens(bot, expires_at=row.expires_at))

    async def revoke(self, tenant: str, happened: datetime) -> bool:
        """Erase the tokens of a tenant; whether there were any."""
        done = await self.database.transact(lambda c: installations.revoke(c, tenant, happened, self.now()))
        await self.database.scrub()
        return done

    async def spend(self, fingerprint: str, until: datetime) -> bool:
        """Whether this is the first time."""
        return await self.database.transact(lambda c: installations.spend(c, fingerprint, until))

    async def tidy(self, grace: timedelta) -> int:
        """Erase everything of those whose grace is over; how many tenants."""
        done = await self.database.transact(lambda c: installations.tidy(c, self.now(), grace))
        if done:
            await self.database.scrub()
        return done

    async def claim(self, most: int) -> Sequence[Claim]:
        """Tokens to refresh."""
        return await self.database.transact(lambda c: refreshes.claim(c, self.now(), most))

    def refresh_token(self, ours: Claim) -> str:
        """The token that buys the next one. Raises VaultError."""
        return self.vault.open(ours.sealed, f"{ours.belongs}|{REFRESH}")

    async def renew(self, ours: Claim, tokens: Tokens) -> bool:
        """The new tokens in place of the old."""
        return await self.database.transact(
            lambda c: refreshes.renew(c, self.vault, ours, tokens, self.now())
        )

    async def fail(self, ours: Claim) -> None:
        """Keep the old token, try again later."""
        await self.database.transact(lambda c: refreshes.fail(c, ours, self.now()))

    async def try_keys(self) -> int:
        """How many stored tokens cannot be opened because they are damaged. Raises KeyGoneError."""
        damaged = 0
        for tenant in await self.database.transact(installations.active):
            try:
                await self.find(tenant)
            except KeyGoneError:
                raise
            except VaultError:
                damaged += 1
        return damaged

    async def counts(self) -> Counts:
        """How the installations are."""
        return await self.database.transact(lambda c: installations.counts(c, self.now()))

    async def reseal(self) -> int:
        """Encrypt every row under the first key; how many were not. It may be stopped and run again."""
        after, total = 0, 0
        while True:
            after, done = await self.database.transact(
                lambda c, start=after: refreshes.reseal(c, self.vault, start)
            )
            total += done
            if not after:
                break
        await self.database.scrub()
        return total
