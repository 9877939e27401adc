"""breather slack manifest: what an administrator uploads to Slack."""

import argparse
import json
from typing import IO

from adapters.slack.manifest import Kind, manifest
from adapters.slack.manifest_faults import faults


def run(args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Print the app manifest as JSON, if it is one Slack takes; with --url for HTTP, else for Socket Mode."""
    if args.oauth and not args.url:
        print("breather: --oauth needs your public address: --url https://your-address", file=err)
        return 2
    made = manifest(args.url, Kind(args.kind), oauth=args.oauth)
    found = faults(made)
    if found:
        print(f"breather: not printed, as Slack would not take it: {'; '.join(found)}", file=err)
        return 2
    json.dump(made, out, indent=2, ensure_ascii=False)
    out.write("\n")
    return 0
