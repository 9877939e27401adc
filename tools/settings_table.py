"""Writes docs/settings.md from the settings the program really reads."""

from bot.settings import SETTINGS

HEAD = """# Settings

Breather reads these environment variables once, when it starts. None is needed for `breather demo`.
`breather doctor` checks them. This page is made from the code: `python -m tools.generated`.

| name | what it is for | default |
|---|---|---|
"""


def markdown() -> str:
    """The page."""
    rows = [
        f"| `{s.name}` | {s.meaning}{' A secret: it is never printed.' if s.secret else ''} | "
        f"{f'`{s.default}`' if s.default else ''} |\n"
        for s in SETTINGS
    ]
    return HEAD + "".join(rows)
