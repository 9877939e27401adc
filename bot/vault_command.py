"""breather vault: a new key for the tokens of many workspaces, and a change of key over all of them."""

import argparse
import asyncio
from typing import IO

from bot import assembly, workspaces
from bot.settings import Settings, SettingsError
from storage.db import StorageError, check, open_database
from storage.vault import VaultError, new_key
from storage.workspaces import StoredInstallations


def run(settings: Settings, args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Print a key, or encrypt everything under the first one. Raises SettingsError."""
    if args.action == "key":
        print(new_key(), file=out)
        return 0
    try:
        changed = asyncio.run(_rotate(settings))
    except StorageError as error:
        print(f"breather: {error}", file=err)
        return 1
    print(f"Encrypted under the first key: {changed} workspaces. The others were already.", file=out)
    return 0


async def _rotate(settings: Settings) -> int:
    vault, said = workspaces.vault(settings), ""
    database = open_database(settings.database_url)
    try:
        await database.transact(check)
        return await StoredInstallations(database, vault, assembly.now).reseal()
    except VaultError as error:
        said = str(error)
    finally:
        await database.close()
    raise SettingsError(said)
