"""The house rules a reader relies on, held by tests over the source itself."""

import ast
import dataclasses
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from coaching import turn
from coaching.sealed import Sealed, Words

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "coaching", "storage")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OURS = [path for path in SOURCES if "migrations/versions" not in path.as_posix()]

# Every third-party package and the rooms it may be imported in.
ROOMS = {
    "aiohttp": ("adapters/slack/", "adapters/teams/", "adapters/timely.py"),
    "alembic": ("storage/",),
    "apscheduler": ("bot/clock.py",),
    "asyncpg": ("storage/",),
    "botbuilder": ("adapters/teams/",),
    "botframework": ("adapters/teams/",),
    "cryptography": ("adapters/teams/", "bot/proof/teams.py", "storage/vault.py"),
    "fsrs": ("bot/spacing.py",),
    "jwt": ("adapters/teams/", "bot/proof/teams.py"),  # there: Microsoft's side of it
    "msrest": ("adapters/teams/",),
    "openai": ("adapters/llm/",),
    "pgqueuer": ("storage/engine_pgqueuer.py",),
    "slack_bolt": ("adapters/slack/",),
    "slack_sdk": ("adapters/slack/",),
    "sqlalchemy": ("storage/",),
    "starlette": (
        "bot/web.py",
        "bot/assembly.py",
        "bot/house.py",
        "adapters/web/",
        "adapters/slack/",
        "adapters/teams/",
    ),
    "uvicorn": ("bot/web.py",),
    "yarl": ("adapters/teams/",),
}

# Modules that may read what a person wrote, and why.
REVEALERS = {
    "coaching/safety/listen.py",  # listens for danger
    "coaching/when/understanding.py",  # reads "every weekday at 9"
    "coaching/when/line.py",  # prints the person's own words back to them
    "coaching/intent/__init__.py",  # puts a command and what follows it together again
    "coaching/intent/fitting.py",  # finds the rule a question is about
    "coaching/intent/understood.py",  # finds out which skill is wanted
    "coaching/skills/review.py",  # judges the draft
    "coaching/skills/practice/__init__.py",  # the same, for the reply to a customer who is not there
    "coaching/wishes.py",  # judges it again, for a model
    "coaching/skills/setup/sheet.py",  # keeps what an administrator sets
    "coaching/skills/promises/__init__.py",  # finds a promise in a draft, and keeps it on yes
    "storage/promises.py",  # keeps it
    "coaching/skills/remarks/__init__.py",  # shows a customer's remark as it would be kept
    "coaching/skills/remarks/kept.py",  # takes out who said it, and finds others like it
    "storage/remarks.py",  # keeps it, after a yes
    "coaching/skills/tips.py",  # reads which rule is asked for
    "adapters/slack/fit.py",  # shows the person's words back to them, escaped
    "adapters/slack/fields.py",  # prefills a field with them
    "adapters/teams/fit.py",  # the same as Slack's
    "adapters/teams/fields.py",
    "adapters/web/render.py",  # the same
}
SEALERS = {
    "adapters/slack/fields.py",
    "adapters/teams/fields.py",
    "adapters/web/incoming.py",
    "bot/proof/walls.py",  # a word of the proof's own, to see whether it can be had again
}
BANNED_NAMES = {
    "utils",
    "util",
    "common",
    "base",
    "manager",
    "service",
    "handler",
    "processor",
    "misc",
    "helpers",
}


def relative(path):
    return path.relative_to(ROOT).as_posix()


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_every_third_party_package_has_its_room(path):
    """A package that is not in ROOMS, or stands outside its room, fails here by name."""
    for name in imports(path):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in PACKAGES:
            continue
        assert top in ROOMS, f"{relative(path)} imports {top}, which has no room yet"
        assert relative(path).startswith(ROOMS[top]), (
            f"{top} belongs in {ROOMS[top]}, not in {relative(path)}"
        )


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_a_file_says_what_it_is_for_and_stays_small(path):
    """The first line says the purpose; about 250 lines a file, about 30 a function, no vague names."""
    module = tree(path)
    assert ast.get_docstring(module), f"{relative(path)} does not say what it is for"
    assert path.stem not in BANNED_NAMES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 280, f"{relative(path)} tells two stories"
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno
            assert length <= 50, f"{relative(path)}:{node.lineno} {node.name} has {length} lines"


def calls(path, name):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_words_are_revealed_in_listed_modules_only(path):
    """`.reveal()` anywhere else fails, so that a person's words cannot wander."""
    found = list(calls(path, "reveal"))
    assert not found or relative(path) in REVEALERS, f"{relative(path)}:{found} reveals words"


def test_every_listed_revealer_still_reveals():
    """A module that no longer needs words leaves the list."""
    assert {name for name in REVEALERS if not list(calls(ROOT / name, "reveal"))} == set()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_the_adapters_seal(path):
    """Sealed text is made from a form's payload, nowhere else."""
    assert not list(calls(path, "Sealed")) or relative(path) in SEALERS


WITH_WORDS = (turn.SetupKept, turn.RemarkKept, turn.RemarksFated, turn.PromiseKept)


@pytest.mark.parametrize(
    "fact",
    [fact for fact in typing.get_args(turn.Fact) if fact not in WITH_WORDS],
    ids=lambda f: f.__name__,
)
def test_a_fact_has_no_room_for_words(fact):
    """No member of Fact can hold what a person wrote; the only strings are ids and names of ours.

    The exceptions: whom to turn to and which lines to call, typed by an administrator to be kept; and a
    customer's remark, which is redacted and kept after a yes.
    """
    # playbook ids, zone name, host of the operator's settings, platform ids, the opaque name of a remark
    ids = {"key", "tip", "rule", "name", "model", "platform", "tenant", "id", "thread"}

    def walk(kind, name):
        assert kind not in (Words, Sealed, bytes, object, typing.Any), f"{name} can hold words"
        if kind is str:
            assert name in ids, f"{fact.__name__}: {name} is a free text"
        for part in typing.get_args(kind):
            walk(part, name)
        if dataclasses.is_dataclass(kind):
            for field_name, hint in typing.get_type_hints(kind).items():
                walk(hint, field_name)

    walk(fact, fact.__name__)


def strings(path):
    """Literal strings that are neither docstrings nor part of a raised error."""
    module = tree(path)
    excused = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Raise):
            excused |= {id(child) for child in ast.walk(node)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            excused.add(id(body[0].value))
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in excused:
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "path",
    [p for p in OURS if relative(p).startswith(("coaching/skills", "coaching/coach", "adapters/"))],
    ids=relative,
)
def test_no_sentence_the_coach_says_lives_in_code(path):
    """Wording is data: a literal of five words or more is a sentence in the wrong place."""
    code = ("<", ";", "%s")  # HTML, headers and log lines are not said to anybody
    found = [
        (line, text)
        for line, text in strings(path)
        if len(text.split()) >= 5 and not any(mark in text for mark in code)
    ]
    assert not found


def test_nothing_happens_at_import():
    """Importing the command line loads no third-party package at all."""
    code = "import sys, bot.__main__; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(done.stdout.split()) & set(ROOMS)


def test_the_repo_speaks_of_the_product_alone():
    """No path of one machine and no registry host is in a tracked file."""
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    bad = (
        "/wo" + "rk/",
        "/tmp/bash" + "_jobs",
        "pypi" + ".org",
        "registry." + "npmjs",
        "deb.debian" + ".org",
    )
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".png", ".bin"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        assert not [word for word in bad if word in text], name
