"""What a sentence wishes for reminders: cut into clauses, each understood by what it asks to be done."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from coaching.people import Zone
from coaching.when.asking import Asker
from coaching.when.breaks import rested
from coaching.when.changing import cancelled, moved
from coaching.when.creating import wishes
from coaching.when.doubts import doubted, without_quoted
from coaching.when.gathering import gather
from coaching.when.group import Group
from coaching.when.moves import moves, named_there
from coaching.when.naming import NAMES
from coaching.when.signs import Piece, Sentence
from coaching.when.spared import without_spared
from coaching.when.topics import without_topics
from coaching.when.unread import unread
from coaching.when.wishes import Act, Why, Wish

_STRONG = ("cancel", "pause", "away", "resume", "update", "either", "list")
_BEGINS = frozenset({"days", "time", "date", "at", "on", "every", "the"})
_GIVES_WAY = ("away", "either", "list")  # to a schedule that is said in full
_NO = ("no", "not", "never", "without")
_SAME = {"away": "pause", "either": "update"}
_REMINDS = ("remi", "rmnd", "ping", "nudge", "sched", "buzz", "poke")
_ABOUT = ("to", "about", "that", "i", "we", "how", "why")
_HINTS = frozenset({"late", "early", "vague", "before", "after", "the", "word", "stop", "comma", "at"})
_HOLDS = ("don't", "dont", "do not", "stop", "no ")
_TIMED = frozenset(
    {"time", "days", "date", "instant", "step", "dom", "monthly", "hourly", "period", "odd", "weekly"}
)


def taken(sentence: Sentence, zone: Zone) -> tuple[Wish, ...]:
    """All that is wished for, in order; empty where nothing is about reminders.

    What is missing, impossible or could be two things becomes one question (Act.CLARIFY).
    """
    _tidy(sentence)
    made: list[Wish] = []
    asked = False
    for act, pieces in _clauses(sentence):
        asker = Asker(sentence.now, zone, asked=asked or _asks(pieces))
        asked = asker.asked
        made += _wishes(act, sentence, pieces, asker) if not made or not _only_told(sentence, pieces) else ()
    if any(wish.act is Act.CLARIFY for wish in made):
        return tuple(wish for wish in made if wish.act is Act.CLARIFY)[:1]
    kept = tuple(dict.fromkeys(wish for wish in made if not _said_already(wish, made)))
    bare = [wish for wish in kept if wish.act is Act.CANCEL and wish.target is None]
    if bare and any(wish.act is Act.UPDATE for wish in kept):
        return (replace(bare[0], act=Act.CLARIFY, why=Why.UNCLEAR),)  # which goes, and which is moved?
    return kept


def taken_for(act: str, sentence: Sentence, zone: Zone) -> tuple[Wish, ...]:
    """The same, if all of the sentence asks for this one thing."""
    _tidy(sentence)
    pieces = [piece for piece in sentence.pieces if piece.kind != "stop"]
    return _wishes(act, sentence, pieces, Asker(sentence.now, zone)) if pieces else ()


def _tidy(sentence: Sentence) -> None:
    sentence.pieces = without_quoted(sentence, sentence.pieces)
    sentence.pieces = without_spared(sentence, without_topics(sentence))


def _said_already(wish: Wish, made: Sequence[Wish]) -> bool:
    """A bare "stop" beside a rest, or a rest that is said once more."""
    acts = [one.act for one in made]
    if wish.act is Act.PAUSE and wish.until is None and wish.target is None:
        return acts.count(Act.PAUSE) > 1
    return wish.act is Act.CANCEL and wish.target is None and Act.PAUSE in acts


def _asks(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind == "act" and piece.value == "create" for piece in pieces)


def _reminds(s: Sentence, pieces: Sequence[Piece]) -> bool:
    return any(p.kind in ("act", "what") and s.text(p).startswith(_REMINDS) for p in pieces)


def _wishes(act: str, s: Sentence, pieces: Sequence[Piece], asker: Asker) -> tuple[Wish, ...]:
    match act:
        case "list" | "resume":
            return (Wish(Act(act), asker.home),)
        case "cancel":
            return (_sure(s, cancelled(s, pieces, asker), pieces),)
        case "pause":
            return (_sure(s, rested(s, pieces, asker), pieces),)
        case "update":
            return (moved(s, pieces, asker),)
    return _created(s, pieces, asker)


def _sure(s: Sentence, wish: Wish, pieces: Sequence[Piece]) -> Wish:
    why = doubted(s, wish, pieces)
    return wish if why is None else replace(wish, act=Act.CLARIFY, why=why)


def _only_told(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Said of others behind a wish: "... our client is there"."""
    said = [s.text(piece) for piece in pieces if piece.kind == "act"]
    return said == ["is there"] and not any(piece.kind == "what" for piece in pieces)


def _created(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> tuple[Wish, ...]:
    kinds = {piece.kind for piece in pieces}
    if kinds <= _HINTS and kinds & {"late", "early", "vague"}:
        return wishes([Group()], asker)
    if kinds <= _HINTS | {"what", "next"} and any(
        p.kind == "what" and (str(p.value).endswith("s") or "next" in kinds) for p in pieces
    ):
        return (Wish(Act.LIST, asker.home),)
    wanted = _asks(pieces) and bool(kinds & {"what", "late", "early", "vague", "times", "later"})
    if not (kinds & _TIMED or wanted or _reminds(s, pieces)):
        return ()
    groups = gather(s, pieces)
    groups = [group for group in groups if not group.empty] or groups[:1]
    found = wishes(groups, asker)
    why = None if found[0].act is Act.CLARIFY else unread(s, pieces, groups)
    if why is None:
        return found
    return (replace(found[0], act=Act.CLARIFY, why=why, proposals=found),)


def _clauses(s: Sentence) -> list[tuple[str, list[Piece]]]:
    """(what is to be done, the pieces) of each clause that is about reminders."""
    clauses: list[tuple[str, list[Piece]]] = []
    act = ""
    for pieces in _cut(s):
        found = _act(s, pieces)
        hinted = any(piece.kind in ("late", "early", "channel", "zone", "what", "aside") for piece in pieces)
        if found or hinted or _whole(pieces):
            act = found or act
            last = clauses[-1] if clauses else ("stop", [])
            whole = [*last[1], *pieces]
            if not found and act in ("cancel", "list", "resume") and _complete(pieces) and _said(last):
                act = found = "create"  # "Remove the Friday one. Also tips daily at 10"
            told = not any(piece.kind == "what" for piece in last[1])
            if last[0] == "" and told and _reminds(s, pieces) and _complete(pieces):
                clauses[-1] = (found, list(pieces))  # "We go live at 6, remind me daily at 5:30"
            elif last[0] == "" and found:
                clauses[-1] = (_act(s, whole), whole)
            elif last[0] == act and (not found or act == "pause" or not _whole(last[1])):
                act = _act(s, whole) if act == "update" else act  # "my hours are now Tue-Sat. 9am please"
                clauses[-1] = (act, whole)
            else:
                clauses.append((act, list(pieces)))
    return clauses


def _complete(pieces: Sequence[Piece]) -> bool:
    kinds = {piece.kind for piece in pieces}
    return "time" in kinds and bool(kinds & {"days", "date", "dom"})


def _said(clause: tuple[str, list[Piece]]) -> bool:
    """Whether it was already said which one is meant."""
    act, pieces = clause
    return act == "list" or any(piece.kind in NAMES or piece.kind in ("all", "what") for piece in pieces)


def _whole(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind in _TIMED for piece in pieces)


def _act(s: Sentence, pieces: Sequence[Piece]) -> str:
    """The strongest of what is asked; what stands behind "remind me to" is what it is about."""
    if pieces[0].kind == "the" and pieces[0].value in ("only", "just") and _whole(pieces[:3]):
        return "create"  # "stop the daily tip, only Fridays at 9"
    acts: list[str] = []
    reminds = False
    for number, piece in enumerate(pieces):
        if piece.kind == "act" and not (reminds and pieces[number - 1].value in _ABOUT):
            acts.append(piece.value)
            reminds = reminds or s.text(piece).startswith(_REMINDS)
    strong = [act for act in acts if act in _STRONG]
    if _complete(pieces) and not named_there(s, pieces) and not (strong and moves(s, pieces)):
        strong = [act for act in strong if act not in _GIVES_WAY]
    if strong:
        act = _strongest(s, pieces, strong)
        return _SAME.get(act, act)
    acts = [act for act in acts if act not in _STRONG]
    return _implied(s, pieces, acts) or (acts[0] if acts else "")


def _strongest(s: Sentence, pieces: Sequence[Piece], strong: Sequence[str]) -> str:
    kinds = [piece.kind for piece in pieces]
    if _rests(s, pieces, strong):
        return "pause"
    if strong[0] in ("pause", "away") and "odd" in kinds and kinds.index("odd") < kinds.index("act"):
        return "create"  # "... unless I am on holiday"
    return strong[0]


def _implied(s: Sentence, pieces: Sequence[Piece], acts: Sequence[str]) -> str:
    """What is to be done where no word says it: "not today", "no tips please", "my 10am → 11am"."""
    kinds = [piece.kind for piece in pieces]
    arrow = any(piece.kind == "to" and piece.value in ("→", "->", "=>") for piece in pieces)
    if moves(s, pieces) or (arrow and "time" in kinds):
        return "update"
    if not acts and kinds[:2] == ["except", "date"]:
        return "pause"
    if _no_more(s, pieces):
        return "pause" if {"date", "period", "length", "until", "days"} & set(kinds) else "cancel"
    return ""


def _cancels(pieces: Sequence[Piece]) -> bool:
    return any(piece.kind == "act" and piece.value == "cancel" for piece in pieces)


def _rests(s: Sentence, pieces: Sequence[Piece], strong: Sequence[str]) -> bool:
    """Such as "stop until Monday", "don't send anything next week": nothing is to be cancelled for good."""
    if strong[0] != "cancel":
        return False
    kinds = {piece.kind for piece in pieces}
    first = next(s.text(piece) for piece in pieces if piece.kind == "act" and piece.value == "cancel")
    ends = {"until", "period", "length", "date"} if first.startswith(_HOLDS) else {"until"}
    return bool(kinds & ends)


def _no_more(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Such as "no tips please"."""
    what = next((number for number, piece in enumerate(pieces) if piece.kind == "what"), 0)
    return any(p.kind == "except" and s.text(p) in _NO for p in pieces[max(0, what - 2) : what])


def _instead(pieces: Sequence[Piece], number: int, before: Sequence[Piece]) -> bool:
    """Such as "cancel the Friday one, weekdays at 9": a new one is said in full where another has gone."""
    if not _cancels(before) or not _said(("cancel", [*before])):
        return False
    ahead = list(takewhile(lambda p: p.kind not in ("stop", "act"), pieces[number:]))
    each = any(p.kind == "days" and (p.value.each or len(p.value.days) > 1) for p in ahead)
    ones = any(p.kind == "what" and p.value == "ones" for p in ahead)
    return _complete(ahead) and (each or any(p.kind == "instead" for p in ahead)) and not ones


def _cut(s: Sentence) -> list[list[Piece]]:
    """At full stops, and before another thing that is to be done."""
    parts: list[list[Piece]] = [[]]
    for number, piece in enumerate(s.pieces):
        if piece.kind == "stop":
            parts.append([])
            continue
        behind = s.pieces[number - 1].kind if number else ""
        if (
            piece.kind == "the"
            and piece.value in ("only", "just")
            and behind == "comma"
            and _cancels(parts[-1])
        ):
            parts.append([])
        if piece.kind in _BEGINS and behind in ("comma", "and") and _instead(s.pieces, number, parts[-1]):
            parts.append([])
        if _reminds(s, [piece]) and piece.kind == "act" and behind == "comma":
            parts.append([])
        if piece.kind == "act" and behind in ("and", "comma") and any(p.kind == "act" for p in parts[-1]):
            parts.append([])
        parts[-1].append(piece)
    return [part for part in parts if part]
