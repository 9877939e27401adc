"""breather vault: a new key for what is encrypted in the database, and a change of key over all of it."""

import argparse
import asyncio
from typing import IO

from bot import assembly, workspaces
from bot.settings import Settings, SettingsError
from storage import keys
from storage.db import Database, StorageError, check, open_database
from storage.vault import Vault, VaultError, new_key
from storage.workspaces import StoredInstallations


def run(settings: Settings, args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Print a key, or encrypt everything under the first one. Raises SettingsError."""
    if args.action == "key":
        print(new_key(), file=out)
        return 0
    try:
        changed, people = asyncio.run(_rotate(settings))
    except StorageError as error:
        print(f"breather: {error}", file=err)
        return 1
    theirs = f" and the keys of {people} people" if people else ""
    print(f"Encrypted under the first key: {changed} workspaces{theirs}. The others were already.", file=out)
    return 0


async def _rotate(settings: Settings) -> tuple[int, int]:
    """How many workspaces, and how many people's keys."""
    vault, said = workspaces.vault(settings), ""
    database = open_database(settings.database_url)
    try:
        await database.transact(check)
        people = await _people(database, vault)
        return await StoredInstallations(database, vault, assembly.now).reseal(), people
    except VaultError as error:
        said = str(error)
    finally:
        await database.close()
    raise SettingsError(said)


async def _people(database: Database, vault: Vault) -> int:
    after, total = 0, 0
    while True:
        after, done = await database.transact(lambda c, start=after: keys.rewrap(c, vault, start))
        total += done
        if not after:
            return total
