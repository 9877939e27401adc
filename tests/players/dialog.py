"""Dialogs as data: what a person does, and what must then be on the screen. Played on every platform."""

import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from coaching.kept import Outcome, Past
from coaching.people import Room
from coaching.ports import Posted
from coaching.turn import Setup
from coaching.values import Due, Letter

DIALOGS = sorted((Path(__file__).parent.parent / "dialogs").glob("*.toml"))
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # when every dialog plays: 09:00 in Berlin
DOES = {"say", "command", "tap", "fill", "open", "hand", "press", "due", "invite"}
EXPECTS = {"hears", "not", "choices", "without", "form", "closed", "posted", "silent", "fields"}


@dataclass(frozen=True)
class Screen:
    """What the last step brought to the screen: its visible text, its buttons, the open form."""

    text: str
    choices: tuple[str, ...] = ()
    form: str | None = None  # title of the form that is open now
    fields: tuple[str, ...] = ()  # labels of its fields
    public: bool = False  # something was said where others read along
    posted: str = ""  # what was said there


class Player(Protocol):
    """Plays one person on one platform. Every method returns what the step brought to the screen."""

    async def say(self, text: str) -> Screen: ...
    async def command(self, line: str) -> Screen: ...  # what follows "/coach": "review", "tip A1", ""
    async def tap(self, label: str) -> Screen: ...  # newest button with this label, open form first
    async def fill(
        self, values: dict[str, Any]
    ) -> Screen: ...  # field NAMES -> text | id | list of ids; sends
    async def open(self, surface: str) -> Screen: ...  # home, chat, install
    async def hand(self, text: str, *, own: bool, remark: bool = False) -> Screen: ...
    async def press(self, action: str) -> Screen: ...  # a button of long ago, by the action it carried
    async def wait(self, happens: Callable[[], Awaitable[None]]) -> Screen: ...  # what arrives meanwhile
    def become(self, name: str) -> None: ...  # another person in the same place does the next steps


@dataclass(frozen=True)
class Dialog:
    title: str
    turns: list[dict[str, Any]] = field(default_factory=list)
    channel: bool = False  # played in a channel others read
    only: tuple[str, ...] = ()  # platforms that have this surface; empty: all
    contacts: tuple[str, ...] = ()  # people to turn to, as an administrator named them
    country: str = ""  # for the helplines
    invited: bool = True  # the coach is in the channel
    demo: bool = True  # with neither contacts nor demo the vent is off


def read(path: Path) -> Dialog:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for turn in data["turn"]:
        does = set(turn) & DOES
        unknown = set(turn) - DOES - EXPECTS - {"own", "by", "remark"}
        assert len(does) == 1, f"{path.name}: each turn does exactly one of {sorted(DOES)}: {turn}"
        assert not unknown, f"{path.name}: unknown keys {sorted(unknown)}"
    kept = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return Dialog(turns=data["turn"], **{key: value for key, value in kept.items() if key != "turn"})


async def play(dialog: Dialog, player: Player, coach: Any = None) -> None:
    """Play every turn; an expectation that does not hold names the turn and shows the screen."""
    if coach is not None:
        coach.setup = Setup(dialog.contacts, dialog.country, dialog.demo)
        coach.post = Invited(coach.post, there=dialog.invited)
    for number, turn in enumerate(dialog.turns, 1):
        if "by" in turn:
            player.become(turn["by"])
        screen = await _do(turn, player, coach)
        told = f"{dialog.title}, turn {number} {turn}\n--- on the screen ---\n{screen}"
        _check(turn, screen, told)


def _check(turn: dict[str, Any], screen: Screen, told: str) -> None:
    there = {
        "hears": screen.text,
        "posted": screen.posted,
        "choices": screen.choices,
        "fields": screen.fields,
    }
    for name, where in there.items():
        for words in turn.get(name, []):
            assert words in where, f"missing {name} {words!r}: {told}"
    for words in turn.get("not", []):
        assert words not in screen.text, f"unexpected {words!r}: {told}"
    for words in turn.get("hears", []):
        assert words not in screen.posted, f"others can read {words!r}: {told}"
    for label in turn.get("without", []):
        assert label not in screen.choices, f"unexpected button {label!r}: {told}"
    if "form" in turn:
        assert screen.form == turn["form"], f"open form is {screen.form!r}: {told}"
    assert not (turn.get("closed") and screen.form), f"form still open: {told}"
    assert not (turn.get("silent") and screen.text.strip()), f"something was said: {told}"
    assert screen.public == ("posted" in turn), f"public is {screen.public}: {told}"


@dataclass
class Invited:
    """A post whose channels take nothing until the coach is invited."""

    post_: Any
    there: bool

    async def post(self, letter: Letter) -> Posted:
        if not self.there and letter.to.room is Room.CHANNEL:
            return Posted.NOT_IN_CHANNEL
        return await self.post_.post(letter)

    async def invite(self) -> None:
        self.there = True


async def _fall_due(coach: Any) -> None:
    """Every reminder the plain memory keeps falls due now; its letter goes the way letters go."""
    kept = coach.memory
    for number, schedule in list(kept.schedules.items()):
        if not schedule.paused:
            due = Due(number, schedule, kept.owners[number], MONDAY.date())
            letter = await coach.remind(due, MONDAY)
            outcome = Outcome.SKIPPED
            if letter is not None:
                posted = await coach.post.post(letter)
                outcome = Outcome.ARRIVED if posted is Posted.SENT else Outcome.FAILED
            today = Past(number, MONDAY.date(), outcome)
            kept.past = [*(p for p in kept.past if (p.schedule, p.day) != (number, today.day)), today]


async def _do(turn: dict[str, Any], player: Player, coach: Any) -> Screen:
    does = next(iter(set(turn) & DOES))
    match does:
        case "hand":
            remark = turn.get("remark", False)  # with "A customer said this"
            return await player.hand(turn["hand"], own=turn.get("own", True), remark=remark)
        case "due":
            return await player.wait(lambda: _fall_due(coach))
        case "invite":
            return await player.wait(coach.post.invite)
        case _:  # the others are methods of the player, by the same name
            return await getattr(player, does)(turn[does])
