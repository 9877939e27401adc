"""Dialogs as data: what a person does, and what must then be on the screen. Played on every platform."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

DIALOGS = sorted((Path(__file__).parent.parent / "dialogs").glob("*.toml"))
DOES = {"say", "command", "tap", "fill", "open", "hand"}
EXPECTS = {"hears", "not", "choices", "form", "closed", "public", "fields"}


@dataclass(frozen=True)
class Screen:
    """What the last step brought to the screen: its visible text, its buttons, the open form."""

    text: str
    choices: tuple[str, ...] = ()
    form: str | None = None  # title of the form that is open now
    fields: tuple[str, ...] = ()  # labels of its fields
    public: bool = False  # something was said where others read along


class Player(Protocol):
    """Plays one person on one platform. Every method returns what the step brought to the screen."""

    async def say(self, text: str) -> Screen: ...
    async def command(self, line: str) -> Screen: ...  # what follows "/coach": "review", "tip A1", ""
    async def tap(self, label: str) -> Screen: ...  # newest button with this label, open form first
    async def fill(
        self, values: dict[str, Any]
    ) -> Screen: ...  # field NAMES -> text | id | list of ids; sends
    async def open(self, surface: str) -> Screen: ...  # home, chat, install
    async def hand(self, text: str, *, own: bool) -> Screen: ...


@dataclass(frozen=True)
class Dialog:
    title: str
    turns: list[dict[str, Any]] = field(default_factory=list)
    channel: bool = False  # played in a channel others read
    only: tuple[str, ...] = ()  # platforms that have this surface; empty: all


def read(path: Path) -> Dialog:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for turn in data["turn"]:
        does = set(turn) & DOES
        unknown = set(turn) - DOES - EXPECTS - {"own"}
        assert len(does) == 1, f"{path.name}: each turn does exactly one of {sorted(DOES)}: {turn}"
        assert not unknown, f"{path.name}: unknown keys {sorted(unknown)}"
    return Dialog(data["title"], data["turn"], data.get("channel", False), tuple(data.get("only", ())))


async def play(dialog: Dialog, player: Player) -> None:
    """Play every turn; an expectation that does not hold names the turn and shows the screen."""
    for number, turn in enumerate(dialog.turns, 1):
        screen = await _do(turn, player)
        told = f"{dialog.title}, turn {number} {turn}\n--- on the screen ---\n{screen}"
        for words in turn.get("hears", []):
            assert words in screen.text, f"missing {words!r}: {told}"
        for words in turn.get("not", []):
            assert words not in screen.text, f"unexpected {words!r}: {told}"
        for label in turn.get("choices", []):
            assert label in screen.choices, f"no button {label!r}: {told}"
        for label in turn.get("fields", []):
            assert label in screen.fields, f"no field {label!r}: {told}"
        if "form" in turn:
            assert screen.form == turn["form"], f"open form is {screen.form!r}: {told}"
        if turn.get("closed"):
            assert screen.form is None, f"form still open: {told}"
        assert screen.public == turn.get("public", False), f"public is {screen.public}: {told}"


async def _do(turn: dict[str, Any], player: Player) -> Screen:
    if "say" in turn:
        return await player.say(turn["say"])
    if "command" in turn:
        return await player.command(turn["command"])
    if "tap" in turn:
        return await player.tap(turn["tap"])
    if "fill" in turn:
        return await player.fill(turn["fill"])
    if "open" in turn:
        return await player.open(turn["open"])
    return await player.hand(turn["hand"], own=turn.get("own", True))
