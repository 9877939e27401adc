"""No query gives one person's rows to another: every reader of such a table is known, and what for."""

import ast
import inspect
from pathlib import Path

import pytest

from coaching.ports import Memory
from storage import mine
from storage.tables import metadata
from tests.players.queries import MADE_UP, readers

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
    "promise",
    "teams_conversation",
    "slack_installation",
    "code",
}

# Which statements and functions of storage name a table with people in it, and to whom they give its rows.
READERS = {
    "codes": (
        "whose code it is, to whoever has it; the rows, to their person",
        "_of forget give mine spend tidy",
    ),
    "conversations": (
        "where to write to one person, to the adapter that writes to them",
        "StoredConversations.of_place _SAME _chat_of _find forget mark mine remember tidy",
    ),
    "db": (
        "the names of the tables, and no rows",
        "check",
    ),
    "falling_due": (
        "what is due, to the clock",
        "_enter _moment _portion _waiting",
    ),
    "figures": (
        "counts over everybody, to the operator",
        "doubts queue",
    ),
    "forgotten": (
        "ids of letters that are due, to the engine",
        "_OURS _PENDING _WAITING forgotten",
    ),
    "history": (
        "of reminders that this person may see",
        "_TOLD lately",
    ),
    "installations": (
        "counts, to the operator; tokens, to the adapter; whether they did it, to a person",
        "_by active counts counts.many find forget mine revoke save tidy",
    ),
    "keys": (
        "one person's key, to whoever seals or opens what they had kept",
        "Keys._key Keys.open forget rewrap",
    ),
    "learned": (
        "what is kept of a person's rules, to them",
        "_COUNTED _OF _WEEKS _count _keep _one forget keep_tip shown stand tidy",
    ),
    "leaving": (
        "whom to ask or erase, to the clock",
        "_is _silent ask heard left not_asked silent tidy",
    ),
    "ledger": (
        "one letter, to the courier that sends it to its owner",
        "_ARRIVED _CLAIMED _OURS _STANDING _THESE _UNPARKED _settle _skip _taken begin claim tidy",
    ),
    "memory": (
        "a person's own, to them",
        "_PREFERENCES _TIPS",
    ),
    "mine": (
        "a person's own, to them",
        "MINE",
    ),
    "move": (
        "everything, into a database of the same installation",
        "_count_on _read _write",
    ),
    "orphans": (
        "ids of letters whose sender is gone, to the courier",
        "_over abandon doubtful reap",
    ),
    "people": (
        "one row, by platform, tenant and person",
        "_PERSON note",
    ),
    "promises": (
        "a person's own, to them",
        "_THEIRS _erase _found _keep _move _reminder _stop tidy",
    ),
    "refreshes": (
        "tokens that end, to the clock",
        "_still claim fail renew reseal",
    ),
    "postgres": (
        "no rows: it writes the table of keys anew",
        "PostgresDatabase.scrub",
    ),
    "reviewed": (
        "a person's own, to the review of their next one",
        "earlier forget keep tidy",
    ),
    "schedules": (
        "a person's own, and those of a channel to whoever speaks there",
        (
            "EVERY _HERE _OWN _OWN_AND_HERE _OWN_ONES"
            " _not_sent add change drop_unused_slots forget pause visible"
        ),
    ),
    "scratch": (
        "everything, to the proof that searches it",
        "_rows _run",
    ),
    "tenants": (
        "ids, for erasing a workspace",
        "erase",
    ),
}
OPERATORS = (
    "bot/doctor.py",
    "bot/metrics.py",
    "bot/progress.py",
    "bot/web.py",
)  # what they print, anybody may see


def test_the_tables_with_people_are_these():
    """A new table is about nobody, or it is on the list."""
    nobodys = {"setup", "slot", "letter_key", "slack_seen", "slack_spent", "remark", "channel_said"}
    for name in set(metadata.tables) - PERSONAL - nobodys:
        pytest.fail(
            f"Whose rows are in {name}? Put it into PERSONAL or among nobody's, and into docs/privacy.md"
        )
    assert PERSONAL | nobodys == set(metadata.tables)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_reader_is_known(path):
    """Whoever adds a query on such a table has to say here who is given its rows."""
    found = readers(path.read_text(encoding="utf-8"), PERSONAL)
    _, known = READERS.get(path.stem, ("", ""))
    for name in found.keys() - set(known.split()):
        pytest.fail(
            f"storage/{path.name}: {name} names {', '.join(sorted(found[name]))}, with rows about people."
            " Say in READERS, in this file, to whom it gives them: never to another person."
        )
    assert set(known.split()) <= found.keys(), "READERS names what is not there any more"


def test_there_is_no_reader_outside_storage():
    """The tables are storage's own: no other room imports them."""
    for room in ("adapters", "bot", "coaching"):
        for path in (ROOT / room).rglob("*.py"):
            found = readers(path.read_text(encoding="utf-8"), PERSONAL)
            assert {name for tables in found.values() for name in tables} <= {MADE_UP}, (
                path
            )  # their own text()


IMPORT = "from storage.tables import person\n"


@pytest.mark.parametrize(
    "planted",
    [
        f"{IMPORT}def all_of_them(c):\n    return c.execute(select(person)).all()",
        "from storage.tables import person as p\ndef all_of_them(c):\n    return select(p.c.user)",
        "from storage import tables\ndef all_of_them(c):\n    return select(tables.person)",
        "import storage.tables\ndef all_of_them(c):\n    return select(storage.tables.person)",
        "from storage.tables import metadata\ndef all_of_them(c):\n    return metadata.tables['person']",
        "def all_of_them(c):\n    return c.execute(text('SELECT zone FROM person')).all()",
        "def all_of_them(c):\n    return c.exec_driver_sql('SELECT zone FROM person').all()",
        "def all_of_them(c, name):\n    return c.execute(text(f'SELECT * FROM {name}')).all()",
        "def all_of_them(c):\n    return c.execute(select(table('person', column('zone')))).all()",
        f"{IMPORT}all_of_them = select(person)",
        f"{IMPORT}all_of_them: object = lambda c: c.execute(select(person))",
        f"{IMPORT}async def all_of_them(c):\n    return [x async for x in c.stream(person)]",
    ],
)
def test_a_reader_that_is_planted_is_found(planted):
    """However it names the table: by name, by another name, through its module, in plain SQL."""
    assert list(readers(planted, PERSONAL)) == ["all_of_them"]


def test_a_reader_in_a_class_and_in_a_function_is_found():
    """By the whole way to it."""
    planted = (
        f"{IMPORT}"
        "class Team:\n    def seen(self, c):\n        def rows():\n            return select(person)\n"
        "        return rows()\n"
    )
    assert list(readers(planted, PERSONAL)) == ["Team.seen.rows"]


@pytest.mark.parametrize(
    "name", [n for n, _ in inspect.getmembers(Memory, inspect.isfunction) if n[0] != "_"]
)
def test_whatever_memory_does_is_about_the_one_who_asks(name):
    """Its first argument is a person, and there is no way to ask about several."""
    first, *rest = list(inspect.signature(getattr(Memory, name)).parameters.values())[1:]
    assert first.annotation.__name__ == "Person"
    assert not [one for one in rest if "Person" in str(one.annotation)]


@pytest.mark.parametrize("table", mine.MINE)
def test_what_is_mine_is_by_owner(table):
    """Every statement of "my data" is bound to one person's id."""
    told = str(mine.MINE[table])
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
        "mine",
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
