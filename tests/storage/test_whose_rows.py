"""No query gives one person's rows to another: every reader of such a table is known, and what for."""

import ast
import inspect
from pathlib import Path

import pytest

from coaching.ports import Memory
from storage import memory
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for path in (ROOT / "storage").rglob("*.py")
    if "migrations" not in path.parts and path.stem != "tables"
)
PERSONAL = {
    "person",
    "person_key",
    "tip_shown",
    "rule_learned",
    "rule_week",
    "reviewed",
    "subscription",
    "delivery",
    "teams_conversation",
    "slack_installation",
    "code",
}

# Which files read rows about people, and to whom they give them.
READERS = {
    "db": "the names of the tables, and no rows",
    "codes": "whose code it is, to whoever has it; the rows, to their person",
    "conversations": "where to write to one person, to the adapter that writes to them",
    "falling_due": "what is due, to the clock",
    "figures": "counts over everybody, to the operator",
    "forgotten": "ids of letters that are due, to the engine",
    "history": "of reminders that this person may see",
    "installations": "counts, to the operator; tokens, to the adapter; whether they did it, to a person",
    "learned": "what is kept of a person's rules, to them",
    "leaving": "whom to ask or erase, to the clock",
    "keys": "one person's key, to whoever seals or opens what they had kept",
    "ledger": "one letter, to the courier that sends it to its owner",
    "memory": "a person's own, to them",
    "move": "everything, into a database of the same installation",
    "orphans": "ids of letters whose sender is gone, to the courier",
    "people": "one row, by platform, tenant and person",
    "refreshes": "tokens that end, to the clock",
    "reviewed": "a person's own, to the review of their next one",
    "schedules": "a person's own, and those of a channel to whoever speaks there",
    "scratch": "everything, to the proof that searches it",
    "tenants": "ids, for erasing a workspace",
    "engine": "ids of letters that are due",
    "engine_pgqueuer": "ids of letters that are due",
    "together": "nothing by itself",
    "workspaces": "tokens of a workspace, to the adapter",
}
OPERATORS = (
    "bot/doctor.py",
    "bot/metrics.py",
    "bot/progress.py",
    "bot/web.py",
)  # what they print, anybody may see


def reads(path):
    """Whether a file asks for rows of a table with people in it."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    named = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "storage.tables"
        for alias in node.names
        if alias.name in PERSONAL or alias.name == "metadata"
    }
    return bool(named & names) or "select(text(" in text


def test_the_tables_with_people_are_these():
    """A new table is about nobody, or it is on the list."""
    nobodys = {"setup", "slot", "letter_key", "slack_seen", "slack_spent", "channel_said", "remark"}
    assert PERSONAL | nobodys == set(metadata.tables)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_reader_is_known(path):
    """Whoever adds a query on such a table has to say here who is given its rows."""
    assert not reads(path) or path.stem in READERS


@pytest.mark.parametrize(
    "name", [n for n, _ in inspect.getmembers(Memory, inspect.isfunction) if n[0] != "_"]
)
def test_whatever_memory_does_is_about_the_one_who_asks(name):
    """Its first argument is a person, and there is no way to ask about several."""
    first, *rest = list(inspect.signature(getattr(Memory, name)).parameters.values())[1:]
    assert first.annotation.__name__ == "Person"
    assert not [one for one in rest if "Person" in str(one.annotation)]


@pytest.mark.parametrize("table", memory._MINE)
def test_what_is_mine_is_by_owner(table):
    """Every statement of "my data" is bound to one person's id."""
    told = str(memory._MINE[table])
    assert ":owner" in told
    assert "person_id = :owner" in told or "person.id = :owner" in told


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_are_told_numbers_only(name):
    """The doctor, the metrics and the progress import counts and states, and no reader of people's rows."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("storage")
        for alias in node.names
    }
    readers = {
        "memory",
        "people",
        "schedules",
        "history",
        "conversations",
        "leaving",
        "scratch",
        "codes",
        "tables",
    }
    assert not {one for one in imported if set(one.split(".")) & readers}


def test_there_is_no_route_that_lists_people():
    """What the web server offers besides the platforms' own doors: three pages, none about anybody."""
    told = (ROOT / "bot/web.py").read_text(encoding="utf-8")
    routes = [
        node.args[0].value
        for node in ast.walk(ast.parse(told))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Route"
    ]
    assert sorted(routes) == ["/healthz", "/metrics", "/readyz"]
