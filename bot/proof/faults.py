"""Faults at every step a vent takes: each raises an error that quotes everything it was given."""

import asyncio
import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NoReturn

from bot.house import House

Undo = Callable[[], None]
Switch = Callable[[House], Undo]

_READ = ("adapters.web.app.read", "adapters.slack.app.read", "adapters.teams.app.read")
_SHOW = (
    "adapters.web.app.form_html",
    "adapters.web.app.reply_html",
    "adapters.slack.answers.modal",
    "adapters.slack.answers.rendered",
    "adapters.slack.sender.rendered",
    "adapters.teams.answers.dialog",
    "adapters.teams.answers.message",
)


_MOST = 20_000  # characters of each thing that is quoted; a whole playbook says nothing new


def boom(*told: object, **more: object) -> NoReturn:
    """The worst kind of fault: its text quotes everything it was given."""
    quoted = [f"{one!r}"[:_MOST] + f"{one!s}"[:_MOST] for one in (*told, *more.values())]
    raise RuntimeError(" ".join(quoted))


async def boom_later(*told: object, **more: object) -> NoReturn:
    """The same where somebody waits."""
    boom(*told, **more)


class Failing:
    """A memory of which one step fails."""

    def __init__(self, memory: object, step: str, by: Callable[..., object] = boom_later) -> None:
        self._memory, self._step, self._by = memory, step, by

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a memory has
        return self._by if name == self._step else getattr(self._memory, name)


def replaced(names: tuple[str, ...], by: object) -> Undo:
    """Put something in the place of what these names stand for; names that are not there are left out."""
    before: list[tuple[object, str, object]] = []
    for name in names:
        module, _, attribute = name.rpartition(".")
        try:
            room = importlib.import_module(module)
        except ImportError:
            continue  # a platform that is not installed
        if hasattr(room, attribute):
            before.append((room, attribute, getattr(room, attribute)))
            setattr(room, attribute, by)

    def undo() -> None:
        for room, attribute, was in before:
            setattr(room, attribute, was)

    return undo


def _hang(house: House) -> Undo:
    """Whoever is asked for a person's memory waits for ever; each says on standard output that it does."""

    async def wait(*_told: object) -> NoReturn:
        print("held", flush=True)
        await asyncio.Event().wait()
        raise AssertionError

    memory, turns = house.coach.memory, house.coach._turns  # noqa: SLF001 - put back below
    house.coach.memory = Failing(memory, "recall", wait)  # pyrefly: ignore
    house.coach._turns = _NoTurns()  # noqa: SLF001 # pyrefly: ignore

    def undo() -> None:
        house.coach.memory, house.coach._turns = memory, turns  # noqa: SLF001

    return undo


class _NoTurns:
    """One person's messages do not wait for each other: all of them are held."""

    def setdefault(self, _who: object, lock: asyncio.Lock) -> asyncio.Lock:
        """A lock of its own for each."""
        return lock


def _names(*names: str) -> Switch:
    return lambda _: replaced(names, boom)


def _memory(step: str) -> Switch:
    def switch(house: House) -> Undo:
        before = house.coach.memory
        house.coach.memory = Failing(before, step)  # pyrefly: ignore

        def undo() -> None:
            house.coach.memory = before

        return undo

    return switch


def _skill(_: House) -> Undo:
    door = importlib.import_module("coaching.coach")
    return replaced(("coaching.coach.SKILLS",), MappingProxyType({**door.SKILLS, "vent": boom}))


FAULTS: Mapping[str, Switch] = MappingProxyType(
    {
        "read": _names(*_READ),
        "recall": _memory("recall"),
        "listen": _names("coaching.safety.listen"),
        "skill": _skill,
        "keep": _memory("keep"),
        "show": _names(*_SHOW),
    }
)

SWITCHES: Mapping[str, Switch] = MappingProxyType({**FAULTS, "hang": _hang})
