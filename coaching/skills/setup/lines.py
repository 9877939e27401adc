"""The lines to call: those that ship with Breather, checked here, and those of the workspace's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from coaching import safety
from coaching.people import Zone
from coaching.playbook.care import Helpline
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.skills.setup.sheet import typed
from coaching.turn import Known, Setup, SetupKept, Turn
from coaching.values import (
    Choice,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Message,
    Note,
    Option,
    Para,
    Reply,
    Submitted,
    Tapped,
)
from coaching.when import local, zone_of

_MOST = 20  # lines of a workspace's own
_STALE = timedelta(days=180)  # numbers change: after this long somebody should look again
_LIMITS = {"name": 80, "number": 30, "hours": 60, "source": 200, "country": 2}
_NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{1,28}")
_SOURCE = re.compile(r"https://[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?:[/?#]\S{0,150})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A new line as it is filled in, right or wrong."""

    name: str = ""
    number: str = ""
    hours: str = ""
    source: str = ""
    country: str = ""
    checked: bool = False


def show(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The lines, to look through."""
    return Turn((listed(message, known.setup, playbook),))


def add(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form for one more."""
    del message
    return Turn((form(Entry(country=known.setup.country), playbook.wording),))


def listed(message: Message, setup: Setup, playbook: Playbook) -> Reply:
    """The lines of the workspace's country, each with when it was checked and its buttons."""
    wording, rows = playbook.wording, safety.helplines(setup, playbook)
    more = Choice(wording.label("setup.add"), "setup.add", style="primary")
    back = Choice(wording.label("setup.again"), "setup.open")
    title = Heading(wording.say("setup.lines_title"))
    if not setup.country:
        return Reply((title, Para(wording.say("setup.no_country"))), (back,))
    today, own = _today(message), {(row.country, row.number) for row in setup.lines}
    shipped = {(row.country, row.number) for row in playbook.care.helplines}
    items = tuple(
        _item(row, today, removable=(row.country, row.number) in own - shipped, wording=wording)
        for row in rows
    )
    none = () if rows else (Para(wording.say("setup.no_lines", country=setup.country)),)
    return Reply((title, *none, *items, Note(wording.say("setup.rot"))), (more, back))


def form(entry: Entry, wording: Wording, problems: Mapping[str, str] | None = None) -> Form:
    """A line of the workspace's own, to fill in."""
    wrong = problems or {}
    asked = tuple(
        Field(
            name,
            wording.label(f"setup.line.{name}"),
            Kind.LINE,
            text=Words(getattr(entry, name)),
            hint=wording.label(f"setup.line.{name}_hint"),
            limit=limit,
            problem=wrong.get(name, ""),
        )
        for name, limit in _LIMITS.items()
    )
    yes = Option("yes", wording.label("setup.line.checked_yes"))
    label = wording.label("setup.line.checked")
    picked = ("yes",) if entry.checked else ()
    sure = Field("checked", label, Kind.MANY, (yes,), picked, problem=wrong.get("checked", ""))
    return Form(
        "setup.line",
        wording.label("setup.line.title"),
        (Para(wording.say("setup.line.intro")),),
        (*asked, sure),
        (Choice(wording.label("setup.lines"), "setup.lines"),),
        submit=wording.label("setup.line.add"),
    )


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: the line is kept as checked today, or shown again with what to mend."""
    texts = {name: " ".join(typed(sent.fields, name).split()) for name in _LIMITS}
    entry = Entry(**texts, checked=sent.fields.get("checked") == ("yes",))
    entry = replace(entry, country=entry.country.upper())
    problems = {name: playbook.wording.label(f"setup.line.{name}_problem") for name in _wrong(entry)}
    if problems:
        return Turn((form(entry, playbook.wording, problems),))
    row = Helpline(
        entry.country, entry.name, entry.number, entry.hours, entry.source, _today(message).isoformat()
    )
    others = _without(row, known.setup)
    if len(others) >= _MOST:
        return Turn((Reply((Para(playbook.wording.say("setup.full", most=_MOST)),)),))
    return _kept((*others, row), message, known, playbook)


def checked(message: Message, known: Known, playbook: Playbook) -> Turn:
    """An administrator has opened the source and compared the number today."""
    row = _found(message, known.setup, playbook)
    if row is None:
        return show(message, known, playbook)
    row = replace(row, verified_on=_today(message).isoformat())
    return _kept((*_without(row, known.setup), row), message, known, playbook)


def removed(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A line of the workspace's own is gone; one of ours is as it ships."""
    row = _found(message, known.setup, playbook)
    if row is None:
        return show(message, known, playbook)
    return _kept(_without(row, known.setup), message, known, playbook)


def _kept(lines: tuple[Helpline, ...], message: Message, known: Known, playbook: Playbook) -> Turn:
    """Of the setup the lines alone change: what the workspace leaves open stays so."""
    told = listed(message, replace(known.setup, lines=lines), playbook)
    return Turn((told,), (SetupKept(replace(known.own, lines=lines)),))


def _item(row: Helpline, today: date, *, removable: bool, wording: Wording) -> Item:
    said = wording.say(
        "setup.line.told",
        name=Words(row.name),
        number=Words(row.number),
        hours=Words(row.hours),
        source=Words(row.source),
        when=_when(row, today, wording),
    )
    value = f"{row.country}|{row.number}"
    buttons = (Choice(wording.label("setup.check"), "setup.checked", value),)
    if removable:
        buttons = (*buttons, Choice(wording.label("setup.remove"), "setup.remove", value, "danger"))
    return Item(said, buttons)


def _when(row: Helpline, today: date, wording: Wording) -> str:
    """When the number was compared with its source, and whether that is too long ago."""
    if not row.verified_on:
        return wording.label("setup.never")
    stale = today - date.fromisoformat(row.verified_on) > _STALE
    return wording.label("setup.stale" if stale else "setup.since", day=row.verified_on)


def _wrong(entry: Entry) -> list[str]:
    """Names of what has to be mended."""
    good = {
        "name": bool(entry.name) and entry.name.isprintable(),
        "number": _NUMBER.fullmatch(entry.number) is not None,
        "hours": bool(entry.hours) and entry.hours.isprintable(),
        "source": _SOURCE.fullmatch(entry.source) is not None and entry.source.isprintable(),
        "country": len(entry.country) == 2 and entry.country.isascii() and entry.country.isalpha(),
        "checked": entry.checked,
    }
    long = {name for name, limit in _LIMITS.items() if len(getattr(entry, name)) > limit}
    return [field.name for field in fields(Entry) if not good[field.name] or field.name in long]


def _found(message: Message, setup: Setup, playbook: Playbook) -> Helpline | None:
    """The line that the tapped button stands at."""
    value = message.content.value if isinstance(message.content, Tapped) else ""
    rows = safety.helplines(setup, playbook)
    return next((row for row in rows if f"{row.country}|{row.number}" == value), None)


def _without(row: Helpline, setup: Setup) -> tuple[Helpline, ...]:
    return tuple(own for own in setup.lines if (own.country, own.number) != (row.country, row.number))


def _today(message: Message) -> date:
    return local(message.at, zone_of(message, Known()) or Zone("UTC")).date()
