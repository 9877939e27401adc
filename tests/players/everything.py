"""One of each: every block, every kind of field, and a coach that says exactly what it is told to."""

from dataclasses import dataclass, field

from coaching.picture import Bar, Picture, Strip
from coaching.sealed import Words
from coaching.values import (
    Choice,
    Draft,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Note,
    Option,
    Para,
    Points,
    Quote,
    Reply,
)


def reply(text="Some words", *, only_you=True, label="Press"):
    """Every kind of block, each holding this text."""
    words = Words(text)
    return Reply(
        (
            Heading(("Look: ", words)),
            Para((words,)),
            Quote((words,)),
            Quote(("Before ", words, " after"), frozenset({1})),
            Draft((words,)),
            Points(((words,), ("second",))),
            Note((words,)),
            Picture((Strip("A1", (Bar(), Bar(2, 1), Bar(3), Bar(0, 1))),), "Four weeks"),
            Item((words,), (Choice(label, "tips.more", "one"), Choice(label, "tips.more", "two", "danger"))),
        ),
        (Choice(label, "tips.more", "A1", "primary"), Choice(label, "tips.more", "A2")),
        only_you,
    )


FEW = (Option("a", "First"), Option("b", "Second"))
MANY = tuple(Option(f"o{n}", f"Option {n}") for n in range(30))


def form(text="Some words", *, problem="", state="step:2"):
    """Every kind of field, prefilled."""
    words = Words(text)
    fields = (
        Field("line", "Line", Kind.LINE, text=words, hint="One line", optional=True, limit=100),
        Field("text", "Text", Kind.TEXT, text=words, problem=problem),
        Field("secret", "Secret", Kind.TEXT, sealed=True, optional=True),
        Field("one", "One", Kind.ONE, FEW, ("b",)),
        Field("one_of_many", "One of many", Kind.ONE, MANY, ("o3",)),
        Field("several", "Several", Kind.MANY, FEW, ("a", "b")),
        Field("several_of_many", "Several of many", Kind.MANY, MANY, ("o1", "o29")),
        Field("at", "At", Kind.TIME, picked=("09:00",)),
        Field("day", "Day", Kind.DATE, picked=("2026-03-02",)),
        Field("zone", "Zone", Kind.ZONE, picked=("Europe/Berlin",)),
        Field("channel", "Channel", Kind.CHANNEL, picked=("C1",), optional=True),
    )
    choices = (Choice("Help", "help.open"), Choice("Skip", "vent.skip", "x"))
    return Form(
        "review.everything", "Everything", (Para((words,)),), fields, choices, "Send it", "Not now", state
    )


@dataclass
class Told:
    """A coach that answers as told, and keeps what it heard."""

    playbook: object
    answers: tuple = ()
    heard: list = field(default_factory=list)
    error: Exception | None = None
    better_later: dict = field(default_factory=dict)  # by key: a Reply that comes later, or None
    go: object = None  # an asyncio.Event that it waits for

    async def better(self, key):
        if self.go is not None:
            await self.go.wait()
        return self.better_later.get(key)

    async def hear(self, message):
        self.heard.append(message)
        if self.error is not None:
            raise self.error
        return self.answers
