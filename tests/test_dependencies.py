"""docs/dependencies.md names every package that is installed, in the version that is pinned."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("run", "teams", "llm")
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
PAGE = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1:]
    for line in PAGE.splitlines()
    if line.startswith("| ") and len(cells := [c.strip() for c in line.strip("|").split("|")]) == 7
}


def number(version):
    return tuple(int(part) for part in [*re.findall(r"\d+", version), 0, 0][:3])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_listed(lock):
    """In the version of the lock, with what needs it, whose it is and its licence."""
    for name, version in PINNED.findall((ROOT / f"lock/{lock}.txt").read_text(encoding="utf-8")):
        row = ROWS.get(name.lower())
        if row is None or row[0] != version:
            pytest.fail(
                f"{name} {version}: look for its advisories, then write its row in docs/dependencies.md"
            )
        assert all(row)


def test_nothing_else_is_listed():
    """What is not installed any more leaves the list."""
    pinned = {
        name.lower()
        for lock in LOCKS
        for name, _ in PINNED.findall((ROOT / f"lock/{lock}.txt").read_text(encoding="utf-8"))
    }
    assert ROWS.keys() - pinned == {"package"}


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "mended in" in row[-1]])
def test_what_is_pinned_is_mended(name):
    """No older than the version that an advisory asks for; nor is what pyproject.toml lets in."""
    mended = number(ROWS[name][-1].rpartition("mended in ")[2])
    assert number(ROWS[name][0]) >= mended
    asked = re.search(
        rf'"{name}(?:\[\w+\])?>=([\d.]+)',
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        re.IGNORECASE,
    )
    assert asked is None or number(asked[1]) >= mended
