"""The pieces of a clause, gathered into groups: each is what was said of one schedule."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from coaching.when.group import PARTS, Group, half_of
from coaching.when.places import UNKNOWN
from coaching.when.sharing import shared
from coaching.when.signs import Piece, Sentence
from coaching.when.spans import Days, coming

_TIMES = frozenset({"time", "days", "date"})


def gather(s: Sentence, pieces: Sequence[Piece]) -> list[Group]:
    """One group for each schedule that is said in these pieces; at least one."""
    groups, now = [Group()], 0
    for index, piece in enumerate(pieces):
        group = groups[-1]
        if (
            _begins_anew(s, group, piece, pieces[index + 1 :])
            or _elsewhere(group, piece, pieces[index + 1 :])
            or _another(group, pieces[now : index + 1])
        ):
            groups.append(Group())
            group, now = groups[-1], index
        take(s, pieces, index, group, now)
    for group in groups:
        if group.step and not group.clocks and len(group.asides) == 2:
            group.clocks, group.ranging = group.asides, True
    return shared(groups)


def _begins_anew(s: Sentence, group: Group, piece: Piece, rest: Sequence[Piece]) -> bool:
    """Such as "Mondays at 9, Fridays at 4": whatever was said first is said again, once both were said."""
    kind = _sort(piece)
    if group.instants and (kind == "T" or (piece.kind == "instant" and _apart(s, piece))):
        return True  # "in 30 minutes and again at 11pm"
    if kind == "D" and group.dated and group.timed and not group.placed_in_time:
        return _apart(s, piece) and any(_sort(later) == "T" for later in rest)
    if not (group.placed_in_time and group.timed and kind and kind == group.first):
        return False
    other = "T" if kind == "D" else "D"
    return any(_sort(later) == other for later in rest)


def _apart(s: Sentence, piece: Piece) -> bool:
    """Such as "daily at 9, and Sundays at 7": something stands between."""
    return bool(re.search("[;,&][oT]*$", s.before(piece.first)))


def _another(group: Group, said: Sequence[Piece]) -> bool:
    """Such as "a tip at 9 and one at 5": one more, at another time."""
    times = [number for number, piece in enumerate(said) if piece.kind == "time"]
    if len(times) < 2 or times[-1] != len(said) - 1 or not group.clocks:
        return False
    between = said[times[-2] + 1 : times[-1]]
    return any(
        one.kind == "and" and two.kind == "number" and two.value == 1 for one, two in pairwise(between)
    )


def _elsewhere(group: Group, piece: Piece, rest: Sequence[Piece]) -> bool:
    """Such as "9 in London and 9 in New York": another time, at another place."""
    if piece.kind != "time" or group.zone is None or not group.clocks:
        return False
    return any(later.kind == "zone" and later.value != group.zone for later in rest)


def _sort(piece: Piece) -> str:
    match piece.kind:
        case "time":
            return "T"
        case "days" if not piece.value.weak:
            return "D"
        case "date" | "dom":
            return "D"
    return ""


def take(s: Sentence, pieces: Sequence[Piece], index: int, group: Group, begin: int = 0) -> None:
    """Add one piece to a group."""
    piece, before = pieces[index], [p.kind for p in pieces[max(begin, index - 3) : index]]
    group.first = group.first or _sort(piece)
    match piece.kind:
        case "time":
            _time(s, piece, pieces, index, group)
        case "days":
            _days(s, piece, before, group)
        case "date":
            _date(s, piece, before, group)
        case "part" | "there":
            _part(piece, pieces, index, group)
        case "number":
            _number(s, piece, group)
        case "zone":
            _zone(s, piece, group)
        case "after" | "before" | "or":
            _around(piece, pieces, index, group)
        case _:
            _more(piece, before, group)


def _more(piece: Piece, before: Sequence[str], group: Group) -> None:
    match piece.kind:
        case "instant" if isinstance(piece.value, datetime):
            group.instants.append(piece.value)
        case "instant":
            group.dates.append(piece.value)
        case "dom":
            group.numbers |= piece.value
            group.each = group.each or "every" in before[-1:]
        case "length":
            group.lasts = piece.value if "for" in before[-2:] else group.lasts
        case "period":
            group.period = piece.value
            group.ends = group.ends or "until" in before[-2:]
        case "step":
            group.step = piece.value
            group.odd = group.odd or not piece.value
        case _:
            _flag(piece, before, group)


def _flag(piece: Piece, before: Sequence[str], group: Group) -> None:
    match piece.kind:
        case "channel" if "except" in before[-1:]:
            return  # "to #a, not #b"
        case "channel":
            group.channel = piece.value if group.channel in (None, piece.value) else ""
            group.led = not group.first
        case "earlier":
            group.odd = True
        case "monthly" | "weekly" | "once" | "odd" | "late" | "early":
            setattr(group, piece.kind, True)
        case "start":
            group.started = True
        case "times":
            group.count = group.count or {"twice": 2, "thrice": 3}.get(piece.value, 0)
        case "what":
            group.many = group.many or _plural(piece)


def _zone(s: Sentence, piece: Piece, group: Group) -> None:
    sure = s.signs[piece.last] == "Z"  # "Chicago time" says more than "we are in Manila"
    if group.zone in (None, piece.value) or (sure and not group.placed):
        group.zone = piece.value
    elif sure or not group.placed:
        group.zone = UNKNOWN
    group.placed = group.placed or sure


def _around(piece: Piece, pieces: Sequence[Piece], index: int, group: Group) -> None:
    """Such as "9 or 10", "before 5": what is to be asked."""
    small = ("the", "at", "word")
    behind = [p.kind for p in pieces[index + 1 : index + 4] if p.kind not in small][:1]
    ahead = [p.kind for p in pieces[max(0, index - 1) : index]]
    if piece.kind != "or":
        group.odd = group.odd or bool(_TIMES & {*behind} or behind in (["length"], ["act"]))
    else:
        near = [p.kind for p in pieces[index + 1 : index + 2]]
        group.either = group.either or bool(_TIMES & {*ahead} and _TIMES & {*near})


def _names(pieces: Sequence[Piece], index: int) -> bool:
    return index < len(pieces) and pieces[index].kind == "what"


def _plural(piece: Piece) -> bool:
    return str(piece.value).endswith("s")


def _time(s: Sentence, piece: Piece, pieces: Sequence[Piece], index: int, group: Group) -> None:
    before = [p.kind for p in pieces[max(0, index - 2) : index]]
    behind = s.text(pieces[index + 1]) if index + 1 < len(pieces) else ""
    if (
        s.signs[piece.first : piece.last + 1] == "n"
        and before[-1:] == ["comma"]
        and _names(pieces, index + 1)
    ):
        return  # "9am, 1 tip"
    if (
        "aside" in before
        or behind in ("start", "starts", "finish")
        or (group.asides and {"until", "to", "dash"} & set(before) and not group.clocks)
    ):
        group.asides.append(piece.value)
        group.late = group.late or piece.value.half == "p"
        return
    if group.between and "and" in before:
        group.ranging = True
    group.between = "from" in before
    if {"until", "to", "dash"} & set(before) and group.clocks:
        group.ranging = True
    elif "until" in before:
        group.ends = True
    elif "except" in before[-1:] or "over" in before[-1:]:
        return
    group.clocks.append(piece.value)


def _days(s: Sentence, piece: Piece, before: Sequence[str], group: Group) -> None:
    value: Days = piece.value
    atoms = s.atoms[piece.first : piece.last + 1]
    parts = [PARTS[str(a.value)] for a in atoms if a.kind == "parts" and str(a.value) in PARTS]
    group.parts += parts
    going_on = group.excluding and before[-1:] in (["and"], ["comma"], ["or"])
    going_on = going_on and (before[-1:] != ["comma"] or len(value.days) == 1)
    near = [kind for kind in before if kind not in ("the", "on", "at", "in")]
    group.excluding = going_on or near[-1:] == ["except"]
    if before[-1:] == ["including"] and group.days:
        return  # "each morning incl weekends"
    if group.excluding:
        group.excluded |= value.days
        group.odd = group.odd or value.weeks is not None
    elif {"start", "from"} & set(before[-2:]) and len(value.days) == 1:
        group.start = _next_of(value, s)
    elif "until" in before[-2:] and len(value.days) == 1:
        group.ends = True
    else:
        group.days.append(value)


def _next_of(value: Days, s: Sentence) -> tuple[date, ...]:
    return (coming(next(iter(value.days)), s.now.date()),)


def _date(s: Sentence, piece: Piece, before: Sequence[str], group: Group) -> None:
    text = s.atoms[piece.first].text
    relative = str(s.atoms[piece.first].value)
    group.parts += [PARTS[word] for word in (relative, text) if word in PARTS][:1]
    if {"start", "from"} & set(before[-2:]):
        group.start = piece.value
    elif "until" in before[-2:]:
        group.ends = True
    elif "except" in before[-2:]:
        group.odd = True
    else:
        group.dates.append(piece.value)


def _part(piece: Piece, pieces: Sequence[Piece], index: int, group: Group) -> None:
    """Such as "in the morning" belongs to the time before it, else to all of the group."""
    group.there = group.there or piece.kind == "there"
    name = PARTS.get(str(piece.value).rpartition(" ")[2] if group.there else str(piece.value))
    if name is None:
        return
    if index and pieces[index - 1].kind == "time" and group.clocks and not group.clocks[-1].half:
        group.clocks[-1] = replace(group.clocks[-1], half=half_of(name, group.clocks[-1].hour))
    else:
        group.parts.append(name)


def _number(s: Sentence, piece: Piece, group: Group) -> None:
    atom = s.atoms[piece.first]
    before, behind = s.before(piece.first), s.after(piece.first)
    if behind.startswith("*"):
        group.count = atom.value
    elif atom.kind == "ordinals":
        group.odd = group.odd or behind[:1] in ("d", "g", "U")
    elif before.endswith(("@", "@T")) or (before[-1:] in ("n", "c", "p") and behind[:1] not in ("N", "P")):
        group.bad = True
    elif behind[:1] in ("N", "P") and atom.value != 1:
        group.some = atom.value
    elif (
        atom.kind == "number"
        and not before.endswith(("N", "~"))
        and not behind.startswith(("~", "N", "P", "a", "U"))
    ):
        group.bad = True
