"""breather slack manifest: what an administrator uploads to Slack."""

import json
from typing import IO

from adapters.slack.manifest import manifest


def run(out: IO[str]) -> int:
    """Print the default app manifest as JSON."""
    json.dump(manifest(), out, indent=2, ensure_ascii=False)
    out.write("\n")
    return 0
