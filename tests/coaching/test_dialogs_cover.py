"""The dialogs leave nothing out: every button, form, sub-word, intent and sentence is played by one of them."""

import ast
import asyncio
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from coaching.coach import Coach, Rounds
from coaching.intent import COMMANDS, wanted
from coaching.playbook.wording import Wording
from coaching.skills.vent.screens import CHIPS
from coaching.skills.vent.steps import ENDS, TABLE, Event, Screen
from coaching.values import Command, Item, Reply, Said, Submitted, Tapped
from tests.conftest import Outbox
from tests.players.dialog import DIALOGS, play, read
from tests.players.memory import PlainMemory
from tests.players.straight import StraightPlayer

ROOT = Path(__file__).parent.parent.parent
SKILLS = sorted((ROOT / "coaching/skills").rglob("*.py"))

# What no dialog can get to, and the test that plays it.
NOT_PLAYED = {
    "common.sorry": "a fault of ours: tests/coaching/test_any_message.py",
}


@dataclass(frozen=True)
class Recording(Wording):
    """Wording that notes every sentence it gives out."""

    said: set = field(default_factory=set)

    def say(self, key, seed=0, **slots):
        text = super().say(key, seed, **slots)
        self.said.add((key, "".join(p if isinstance(p, str) else p.reveal() for p in text)))
        return text


class Watched(StraightPlayer):
    """A player that keeps everything that was on the screen."""

    def __init__(self, coach, seen, **more):
        super().__init__(coach, **more)
        self.played = seen

    async def _hear(self, content, where=None):
        self.played.heard(content, self.form, self.coach.playbook)
        return await super()._hear(content, where)

    def _screen(self, replies):
        screen = super()._screen(replies)
        self.played.shown(screen, [reply for reply, _ in replies])
        return screen


class Played:
    """What all dialogs together did and brought to the screen."""

    def __init__(self):
        self.actions, self.offered, self.forms, self.words, self.intents, self.events, self.chips = (
            set() for _ in range(7)
        )
        self.texts, self.keys = [], set()

    def heard(self, content, form, playbook):
        match content:
            case Tapped(action=action, value=value):
                self.actions.add(action)
                self.chips |= {value} if action == "vent.chip" else set()
            case Command(name=name):
                self.words.add(name)
            case Said():
                self.intents.add(wanted(_message(content), playbook))
            case Submitted(form=name):
                self.actions.add(f"send {name}")
        del form

    def shown(self, screen, replies):
        self.texts += [screen.text, *screen.choices]
        for reply in replies:
            if not isinstance(reply, Reply):
                self.forms.add(reply.id)
                self.texts += [reply.title, reply.submit, *(o.label for f in reply.fields for o in f.options)]
                self.texts += [f.hint for f in reply.fields] + [f.label for f in reply.fields]
            inside = [b.choices for b in reply.blocks if isinstance(b, Item)]
            self.offered |= {c.action for choices in (*inside, reply.choices) for c in choices}

    def done(self, *said):
        screen = "\n".join(self.texts)
        self.keys |= {key for pairs in said for key, text in pairs if text in screen}
        self.texts = []


def _message(content):
    from datetime import UTC, datetime

    from coaching.people import Person, Place
    from coaching.values import Message

    return Message("m", Person("web", "t", "u"), Place("web", "t", "u"), datetime(2026, 3, 2, tzinfo=UTC), content)


@pytest.fixture(scope="module")
def played(playbook):
    """Every dialog played once, straight."""
    return asyncio.run(_all(playbook))


async def _all(playbook):
    seen = Played()
    for path in DIALOGS:
        dialog = read(path)
        wording = Recording(playbook.wording.lines)
        texts = Recording(playbook.care.texts.lines)
        book = replace(playbook, wording=wording, care=replace(playbook.care, texts=texts))

        def trouble(where, error, path=path):
            raise AssertionError(f"{path.name}: {where}: {error!r}")

        coach = Coach(book, PlainMemory(), Outbox(), trouble, Rounds(b"salt"))
        player = Watched(coach, seen, channel=dialog.channel)
        await play(dialog, player, coach)
        seen.done(wording.said, texts.said)
    return seen


def test_x(played, playbook):
    acts=set()
    for p in SKILLS:
        for n in ast.walk(ast.parse(p.read_text())):
            if isinstance(n, ast.Call) and getattr(n.func,"id","")=="Choice":
                a=n.args[1]
                print(ast.unparse(a))
    all_keys=set(playbook.wording.lines)|set(playbook.care.texts.lines)
    print("offered not tapped", sorted(played.offered-played.actions))
    print("forms",sorted(played.forms))
    print("missing screens", [s.value for s in Screen if f"vent.{s.value}" not in played.forms])
    print("missing words", sorted(set(COMMANDS)-played.words))
    print("missing intents", sorted({i.name for i in playbook.intents}-played.intents), "unknown" in played.intents)
    print("missing keys")
    for k in sorted(all_keys-played.keys):
        if not k.startswith(("web.","slack.")): print("  ",k)
    print("chips", set(CHIPS)-played.chips, sorted(played.actions))
    assert 0
