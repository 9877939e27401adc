"""Writes the documents that are made from code and data; --check fails when one is out of date."""

import sys
from pathlib import Path

from coaching.playbook.reader import read
from tools import draw_vent, rules_table, settings_table

PAGES = {
    "docs/rules.md": lambda: rules_table.page(read()),
    "docs/settings.md": settings_table.markdown,
    "docs/vent.md": draw_vent.page,
}


def stale(root: Path) -> list[str]:
    """The pages whose committed text differs from what would be written now."""
    return [
        name
        for name, page in PAGES.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != page()
    ]


def main() -> int:
    """Write them all, or with --check only say which are out of date."""
    root = Path(__file__).parent.parent
    old = stale(root)
    if "--check" in sys.argv:
        for name in old:
            print(f"{name} is out of date. Run: python -m tools.generated")
        return int(bool(old))
    for name in old:
        (root / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
