"""What speaks against a wish as it was read: it is asked back rather than done wrongly."""

from collections.abc import Sequence
from itertools import pairwise

from coaching.when.signs import Piece, Sentence
from coaching.when.wishes import Act, Why, Wish

_TIMES = frozenset({"time", "instant"})
_DAYS = frozenset({"days", "date", "dom"})
_LASTS = frozenset({"date", "period", "length", "until"})
_LINKS = frozenset(
    {"and", "or", "comma", "dash", "to", "until", "except", "from", "start", "over", "including"}
)
_SMALL = frozenset({"the", "on", "at", "in", "every", "time", "weekly", "part", "zone", "channel"})
_NO_NAME = (["word"], ["vague"], ["late"], ["early"])
_OWNED = ("the", "my", "our", "that")


def without_quoted(s: Sentence, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, where those in quotes are what is to be said, if the time stands outside."""
    inside, kept, out = False, list[Piece](), list[Piece]()
    for piece in pieces:
        quote = s.text(piece) == '"'
        inside = inside != quote
        if inside or quote:
            out.append(Piece("word", piece.value, piece.first, piece.last))
        else:
            kept.append(piece)
            out.append(piece)
    closed = sum(s.text(piece) == '"' for piece in pieces) % 2 == 0
    return out if closed and any(piece.kind in _TIMES for piece in kept) else list(pieces)


def doubted(s: Sentence, wish: Wish, pieces: Sequence[Piece]) -> Why | None:
    """Why a cancelling or a rest has to be asked; None where nothing speaks against it."""
    if wish.act not in (Act.CANCEL, Act.PAUSE):
        return None
    acts = [n for n, piece in enumerate(pieces) if piece.kind == "act"]
    begin = acts[0] if acts else 0
    ahead = {piece.kind for piece in pieces[:begin]}
    owned = any(s.text(piece).split()[0] in _OWNED for piece in pieces[:begin])
    if ahead & _TIMES and ahead & (_DAYS | {"monthly"}) and not owned:
        return Why.UNCLEAR  # "last Friday, 4:30pm, bug me to clear my tickets"
    if _and_another(pieces[begin:]):
        return Why.UNCLEAR
    away = wish.act is Act.PAUSE and wish.until is None and wish.target is not None
    if away and any(piece.kind == "act" and piece.value == "away" for piece in pieces):
        return Why.UNTIL  # "I'm off Fridays now"
    loose = wish.act is Act.CANCEL and (wish.target is None or wish.every)
    return Why.UNTIL if loose and any(piece.kind in _LASTS for piece in pieces) else None


def _and_another(pieces: Sequence[Piece]) -> bool:
    """Such as "cancel the 4pm one and the lunch thing": of the second nobody knows which it is."""
    kinds = [piece.kind for piece in pieces]
    return any(
        kinds[n : n + 2] == ["and", "the"] and kinds[n + 2 : n + 3] in _NO_NAME for n in range(len(kinds))
    )


def told_of(pieces: Sequence[Piece]) -> bool:
    """Whether one of several times belongs to something else: "the three o'clock rush"."""
    times = [n for n, piece in enumerate(pieces) if piece.kind == "time"]
    return len(times) > 1 and any(
        [pieces[n - 1].kind, *(piece.kind for piece in pieces[n + 1 : n + 2])] == ["the", "word"]
        for n in times
        if n
    )


def apart(pieces: Sequence[Piece]) -> bool:
    """Whether days stand apart that nothing links: those said last may be told of something else."""
    strong = [n for n, piece in enumerate(pieces) if piece.kind == "days" and not piece.value.weak]
    for first, second in pairwise(strong):
        near = [piece.kind for piece in pieces[first + 1 : second] if piece.kind not in _SMALL]
        if near and near[-1] not in _LINKS and "except" not in [p.kind for p in pieces[:first]][-3:]:
            return True
    return False
