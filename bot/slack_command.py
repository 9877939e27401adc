"""breather slack manifest: what an administrator uploads to Slack."""

import argparse
import json
from typing import IO

from adapters.slack.manifest import Kind, manifest
from adapters.slack.manifest_faults import faults


def run(args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """Print the app manifest as JSON, if it is one Slack takes; with --url for HTTP, else for Socket Mode."""
    made = manifest(args.url, Kind(args.kind))
    found = faults(made)
    for fault in found:
        print(f"breather: {fault}", file=err)
    if found:
        return 2 if args.url else 1
    json.dump(made, out, indent=2, ensure_ascii=False)
    out.write("\n")
    return 0
