"""breather teams package: what an administrator uploads to Teams."""

import argparse
from pathlib import Path
from typing import IO

from adapters.teams.package import Publisher, package
from adapters.teams.settings import TeamsSettingsError
from bot.settings import Settings
from bot.teams import known


def run(settings: Settings, args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Write the app package for TEAMS_APP_ID. 1: it could not be written; 2: something is missing."""
    publisher = Publisher(args.publisher, args.website, args.privacy, args.terms)
    path = Path(args.out)
    try:
        path.write_bytes(package(known(settings.teams, "127.0.0.1"), publisher))
    except TeamsSettingsError as error:
        print(f"breather: {error}", file=err)
        return 2
    except OSError:
        print(f"breather: {path} cannot be written. Choose another file: --out PATH", file=err)
        return 1
    print(f"Wrote {path}. Upload it: Teams admin center, Teams apps, Manage apps, Upload new app.", file=out)
    if args.website == Publisher().website:
        print("It names example.com; give your own addresses with --publisher, --website, …", file=out)
    return 0
