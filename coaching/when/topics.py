"""What a reminder is about wishes for nothing: in "remind me to cancel the trial" nothing is cancelled."""

import re
from collections.abc import Sequence
from dataclasses import replace

from coaching.when.signs import Piece, Sentence

_REMINDS = (
    "remi",
    "rmnd",
    "rmd",
    "ping",
    "nudge",
    "buzz",
    "poke",
    "alert",
    "notify",
    "tell",
    "prompt",
    "don't let",
    "dont let",
    "do not let",
    "make sure",
)
_TOLD = (
    "me",
    "us",
    "myself",
    "everyone",
    "everybody",
    "him",
    "her",
    "team",
    "please",
    "pls",
    "again",
    "also",
)
_OPENS = ("to", "about", "that", "of", "not", "i", "i'm", "im", "i've", "we", "re", "for", "it's", "its")
_ONE = re.compile(r"(?:remi\w*|rem\w{2,4}rs?|nudges?|pings?|alerts?|notes?|prompts?)\Z")
# What means something elsewhere, and here is only what it is about.
_TALK = frozenset(
    {"act", "over", "what", "all", "back", "resume", "aside", "vague", "instead", "times", "once"}
)
_WHOLE = frozenset({"days", "date", "dom", "instant", "step"})
_BETWEEN = frozenset(  # of a reminder and what it is about
    {
        "time",
        "days",
        "date",
        "dom",
        "part",
        "instant",
        "step",
        "the",
        "at",
        "on",
        "in",
        "for",
        "comma",
        "zone",
    }
)


def without_topics(s: Sentence) -> list[Piece]:
    """The pieces, where those of a topic that could be taken for a wish are plain words."""
    out: list[Piece] = []
    inside = False
    for index, piece in enumerate(s.pieces):
        if piece.kind == "stop" or (inside and _leaves(s.pieces, index, out)):
            inside = False
        if inside and (piece.kind in _TALK or _loose(s.pieces, index)):
            out.append(replace(piece, kind="word"))
            continue
        out.append(piece)
        inside = inside or _opens(s, index)
    return out


def _opens(s: Sentence, index: int) -> bool:
    """Whether a topic begins behind this piece: "remind me tomorrow" and "to", "a reminder" and "about"."""
    behind = s.text(s.pieces[index + 1]).partition(" ")[0] if index + 1 < len(s.pieces) else ""
    if behind not in _OPENS:
        return False
    for piece in reversed(s.pieces[: index + 1]):
        said = s.text(piece)
        if piece.kind == "act":
            return piece.value == "create" and (said.startswith(_REMINDS) or said.endswith("reminder"))
        if piece.kind == "what":
            told = bool(_ONE.match(said)) and behind in ("to", "about", "that", "not")
            return told and not _moved(s, piece)  # "change my reminder to #support"
        if piece.kind not in _BETWEEN and said not in _TOLD:
            return False
    return False


def _moved(s: Sentence, last: Piece) -> bool:
    acts = [p for p in s.pieces if p.kind == "act" and p.last < last.first]
    return bool(acts) and acts[-1].value != "create"


def _leaves(pieces: Sequence[Piece], index: int, out: Sequence[Piece]) -> bool:
    """Whether another wish begins: behind a comma or "and", once it was said when."""
    piece = pieces[index]
    if piece.kind != "act" or piece.value not in (
        "cancel",
        "pause",
        "away",
        "update",
        "list",
        "resume",
        "create",
    ):
        return False
    kinds = {one.kind for one in out}
    near = [one.kind for one in pieces[max(0, index - 2) : index]]
    return bool({"and", "comma"} & set(near)) and "time" in kinds and bool(kinds & _WHOLE)


def _loose(pieces: Sequence[Piece], index: int) -> bool:
    """A "not" or a channel that says nothing of time: "remind me not to skip lunch"."""
    piece = pieces[index]
    if piece.kind == "channel":
        return not any(one.kind in ("time", "instant") for one in pieces[:index])
    behind = [one.kind for one in pieces[index + 1 : index + 4] if one.kind not in ("the", "on", "at", "in")]
    return piece.kind == "except" and behind[:1] not in (["days"], ["date"], ["time"])
