"""breather slack manifest: what an administrator uploads to Slack."""

import argparse
import json
from typing import IO

from adapters.slack.manifest import manifest


def run(args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Print the default app manifest as JSON; with --url for HTTP, else for Socket Mode."""
    if args.oauth and not args.url.startswith("https://"):
        print("breather: --oauth needs your public address: --url https://your-address", file=err)
        return 2
    json.dump(manifest(args.url, oauth=args.oauth), out, indent=2, ensure_ascii=False)
    out.write("\n")
    return 0
