"""Every sentence the coach says: there when asked for, used, with its slots, and in the house's tone."""

import ast
import re
from pathlib import Path

import pytest

from tests.players.books import PLAYBOOK

LINES = PLAYBOOK.wording.lines
ALL = {**PLAYBOOK.care.texts.lines, **LINES}  # the fixed safety texts are said by key, too
ROOT = Path(__file__).parent.parent.parent
ROOMS = [ROOT / name for name in ("coaching", "adapters", "bot") if (ROOT / name).is_dir()]
FILES = sorted(file for room in ROOMS for file in room.rglob("*.py"))
PAGES = sorted(file for room in ROOMS for kind in ("*.js", "*.html") for file in room.rglob(kind))
KEY = re.compile(r"[a-z]+\\\.[a-z_\[]")  # how a key begins, escaped: its part, a dot, a name or a slot
SLOT = re.compile(r"\{(\w+)\}")
# Words a support agent would not like to read, or that promise what nobody can.
BANNED = re.compile(
    r"(?<!not )\btherap\w*|diagnos\w*|mood score|treatment|untraceable|\bleverage\b|\butili[sz]e|stakeholder",
    re.IGNORECASE,
)


def calls():
    """(place, call) of each say(...) and label(...) with a key of ours."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"say", "label"} and any(KEY.match(key) for key in keys(node.args[0])):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def keys(node):
    """The keys an expression can be: a literal, either side of a condition, or an f-string's pattern."""
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*keys(body), *keys(orelse)]
        case ast.JoinedStr(values=values):
            return ["".join(re.escape(v.value) if isinstance(v, ast.Constant) else r"[\w.]+" for v in values)]
        case _:
            return []


def strings():
    """Every text and f-string pattern in the source: a key may travel in a variable or a table first."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield from keys(node) if isinstance(node, ast.Constant | ast.JoinedStr) else ()
    for file in PAGES:
        yield from (re.escape(word) for word in re.findall(r"[a-z_.]+", file.read_text(encoding="utf-8")))


CALLS = list(calls())


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[f"{p}.{n}" for n, (p, _) in enumerate(CALLS)])
def test_every_key_used_exists_and_gets_its_slots(place, call):
    """No sentence is missing, and none is said with a hole in it."""
    given = {keyword.arg for keyword in call.keywords} - {"seed"}
    for pattern in keys(call.args[0]):
        found = [key for key in ALL if re.fullmatch(pattern, key)]
        assert found, f"{place}: no sentence {pattern!r}"
        literal = isinstance(call.args[0], ast.Constant)
        for key in found if literal and None not in given else ():
            needs = {slot for line in ALL[key] for slot in SLOT.findall(line)}
            assert needs == given, f"{place}: {key} needs {sorted(needs)}"


def test_every_sentence_is_used():
    """What nobody says any more goes out of the files."""
    named = re.compile(r"[a-z]+\\\.|.*\\\.[a-z_]{3,}")  # a part's name in front, or a sentence's at the end
    patterns = {pattern for pattern in strings() if named.match(pattern)}
    used = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    assert [key for key in LINES if not used.fullmatch(key)] == []


def test_a_platform_without_its_own_sentence_gets_that_of_any_other():
    """A new platform has something to say everywhere; a key that is nobody's is still a fault."""
    say = PLAYBOOK.wording.say
    assert say("help.hello.keeps.slack") != say("help.hello.keeps.other") == say("help.hello.keeps.zulip")
    with pytest.raises(KeyError, match="nothing"):
        say("help.hello.nothing")


@pytest.mark.parametrize("key", sorted(LINES))
def test_tone(key):
    """Calm, no exclamation marks, nothing clinical, no loose ends."""
    for line in LINES[key]:
        assert "!" not in line, line
        assert not BANNED.search(line), line
        assert line == line.strip()
        assert "  " not in line


@pytest.mark.parametrize("key", [key for key, lines in sorted(LINES.items()) if len(lines) > 1])
def test_variants_differ_and_share_their_slots(key):
    """A variant is another way to say the same."""
    assert len(set(LINES[key])) == len(LINES[key])
    assert len({frozenset(SLOT.findall(line)) for line in LINES[key]}) == 1
