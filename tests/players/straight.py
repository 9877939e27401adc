"""Plays dialogs straight against the coach, with no platform between."""

from datetime import UTC, datetime
from itertools import count

from coaching.people import Person, Place, Room, Zone
from coaching.sealed import Sealed, Words
from coaching.values import (
    Command,
    Form,
    Handed,
    Item,
    Kind,
    Message,
    Opened,
    Points,
    Reply,
    Said,
    Submitted,
    Tapped,
)
from tests.players.dialog import Screen


def plain(text):
    return "".join(p.reveal() if isinstance(p, Words) else p for p in text)


def lines(blocks):
    for block in blocks:
        match block:
            case Points(items=items):
                yield from (plain(item) for item in items)
            case _:
                yield plain(block.text)


def buttons(blocks, choices):
    inside = [choice for block in blocks if isinstance(block, Item) for choice in block.choices]
    return [*inside, *choices]


class StraightPlayer:
    """One person in their private chat (or in a channel) with a coach."""

    def __init__(self, coach, *, channel=False, at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC)):
        self.coach, self.at, self.ids = coach, at, count(1)
        self.who = Person("web", "local", "U1")
        room = Room.CHANNEL if channel else Room.DIRECT
        self.where = Place("web", "local", "C1" if channel else "D1", room)
        self.form = None
        self.seen = []  # (choice, place) of everything shown outside forms, oldest first
        self.letters, self.read = coach.post.letters, 0  # what the coach said unasked; how many were seen

    async def _hear(self, content, where=None):
        message = Message(
            f"m{next(self.ids)}", self.who, where or self.where, self.at, content, Zone("Europe/Berlin")
        )
        replies = [(reply, message.where) for reply in await self.coach.hear(message)]
        if isinstance(content, (Submitted, Tapped)) and self.form is not None:
            self.form = None
        return self._screen([*replies, *self._letters()])

    def _screen(self, replies):
        shown, labels, posted = [], [], []
        for reply, where in replies:
            text = list(lines(reply.blocks))
            made = [*buttons(reply.blocks, reply.choices), *self._own(reply)]
            shown += text
            labels += [c.label for c in made]
            if isinstance(reply, Form):
                self.form = reply
                shown += [
                    reply.title,
                    *(f"{f.label} {f.hint} {f.problem}" for f in reply.fields),
                    reply.submit,
                ]
                shown += [option.label for f in reply.fields for option in f.options]
            else:
                assert isinstance(reply, Reply)
                self.seen += [(choice, where) for choice in made]
                posted += text if not reply.only_you and not where.private else []
        return Screen(
            "\n".join(shown),
            tuple(labels),
            self.form.title if self.form else None,
            tuple(f.label for f in self.form.fields) if self.form else (),
            bool(posted),
            "\n".join(posted),
        )

    def _own(self, reply):
        """What this person alone is offered besides."""
        own = None if isinstance(reply, Form) else reply.own
        return own.choices if own is not None and own.user == self.who.user else ()

    def _letters(self):
        """What the coach said unasked since the last look."""
        fresh, self.read = self.letters[self.read :], len(self.letters)
        return [(letter.reply, letter.to) for letter in fresh]

    async def say(self, text):
        return await self._hear(Said(Words(text)))

    async def command(self, line):
        name, _, rest = line.partition(" ")
        return await self._hear(Command(name, Words(rest)))

    async def tap(self, label):
        inside = buttons(self.form.blocks, self.form.choices) if self.form else []
        for choice in reversed(inside):
            if choice.label == label:
                return await self._hear(Tapped(choice.action, choice.value, self.form.state))
        self.form = None
        for choice, where in reversed(self.seen):
            if choice.label == label:
                return await self._hear(Tapped(choice.action, choice.value), where)
        there = [c.label for c in inside] + [c.label for c, _ in self.seen]
        raise AssertionError(f"no button {label!r}; there are {there}")

    async def press(self, action):
        self.form = None
        return await self._hear(Tapped(action))

    async def wait(self, happens):
        await happens()
        return self._screen(self._letters())

    def become(self, name):
        self.who = Person("web", "local", name)

    async def fill(self, values):
        assert self.form is not None, "no form is open"
        kinds = {f.name: f for f in self.form.fields}
        unknown = set(values) - set(kinds)
        assert not unknown, f"no fields {unknown}; there are {sorted(kinds)}"
        fields = {name: self._value(kinds[name], value) for name, value in values.items()}
        for name, f in kinds.items():
            if name not in fields and f.picked:
                fields[name] = f.picked
            elif name not in fields and f.text is not None:
                fields[name] = f.text
        return await self._hear(Submitted(self.form.id, fields, self.form.state))

    @staticmethod
    def _value(spec, value):
        if spec.kind in (Kind.LINE, Kind.TEXT):
            return Sealed(value) if spec.sealed else Words(value)
        return tuple(value) if isinstance(value, list) else (value,)

    async def open(self, surface):
        where = Place("web", "local", "U1", Room.HOME) if surface == "home" else self.where
        return await self._hear(Opened(surface), where)

    async def hand(self, text, *, own, remark=False):
        return await self._hear(Handed(Words(text), own, remark))
