"""Days that are left out of a rhythm said in the same breath: "daily at 8 but skip Sundays"."""

from collections.abc import Sequence
from dataclasses import replace

from coaching.when.signs import Piece, Sentence

_SKIPS = ("skip", "don't", "dont", "do not", "no ", "not ", "never", "off", "i'm off", "im off", "i am off")
_SMALL = frozenset({"the", "on", "at", "in", "every"})


def without_spared(s: Sentence, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, where what is to be done with such days is an "except"."""
    return [
        replace(piece, kind="except", value="except")
        if _spares(s, pieces, number)
        else replace(piece, kind="over")
        if _not_this(s, pieces, number)
        else piece
        for number, piece in enumerate(pieces)
    ]


def _not_this(s: Sentence, pieces: Sequence[Piece], number: int) -> bool:
    """Such as "14:00, not 15:00": the one behind it is the old one."""
    if pieces[number].kind != "except" or s.text(pieces[number]) not in ("not", "and not", "but not"):
        return False
    before = [p.kind for p in pieces[max(0, number - 3) : number] if p.kind not in (*_SMALL, "comma")]
    behind = [p.kind for p in pieces[number + 1 : number + 3] if p.kind not in _SMALL]
    return before[-1:] == behind[:1] == ["time"]


def _spares(s: Sentence, pieces: Sequence[Piece], number: int) -> bool:
    piece = pieces[number]
    if piece.kind != "act" or piece.value not in ("pause", "away", "cancel") or not _skips(s.text(piece)):
        return False
    end = number + 1
    while end < len(pieces) and pieces[end].kind in _SMALL:
        end += 1
    begin = end
    while end < len(pieces) and (
        _weekly(pieces[end]) or (pieces[end].kind in ("and", "comma") and _goes_on(pieces, end))
    ):
        end += 1
    behind = [p.kind for p in pieces[end : end + 2] if p.kind not in _SMALL]
    rest = [*pieces[:number], *pieces[end:]]
    return (
        end > begin
        and not {"what", "time"} & {*behind[:1]}
        and any(p.kind == "time" for p in rest)
        and any(_weekly(p) for p in rest)
    )


def _skips(said: str) -> bool:
    return said.startswith(_SKIPS) or said.endswith(" off")


def _weekly(piece: Piece) -> bool:
    return piece.kind == "days" and piece.value.weeks is None


def _goes_on(pieces: Sequence[Piece], index: int) -> bool:
    """Such as "Mondays and Fridays"; "Fridays, weekdays at 9" is a list no more."""
    behind = pieces[index + 1 : index + 3]
    return (
        len(behind) > 0
        and _weekly(behind[0])
        and len(behind[0].value.days) == 1
        and [p.kind for p in behind[1:]] != ["time"]
    )
