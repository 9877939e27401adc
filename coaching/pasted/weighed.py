"""The likeliest reading of pasted text: each piece the customer's, ours or nobody's, weighed together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coaching.pasted.asides import unwrapped
from coaching.pasted.parts import Parts
from coaching.pasted.pieces import MOST, Piece, pieces, unmarked
from coaching.pasted.telling import sides, told
from coaching.playbook.pasting import TAGS, Pasting, Weights

_NEVER = -1e9
_SAME = {"O": "O", "BC": "IC", "IC": "IC", "BD": "ID", "ID": "ID", "U": "U"}  # the tag that goes on with one
_ODD = (('"', '"'), ("'", "'"))  # a sign with its twin lost in a gap
_Way = tuple[float, tuple[int, ...]]


@dataclass(frozen=True, slots=True, repr=False)  # a person's words belong in no log line
class Reading:
    """What the text comes to, and how sure that is, from 0 to 1."""

    parts: Parts
    share: float


def read(text: str, ruled: Parts, pasting: Pasting) -> Reading | None:
    """The likeliest reading, where the patterns make `ruled` of it; None of no text, or too long a one."""
    plain, depths = unmarked(text)
    found = pieces(plain, depths, pasting)
    if len(found) > MOST or not any(map(str.isalnum, plain)):
        return None
    bare = Parts(unmarked(ruled.customer)[0], unmarked(ruled.draft)[0], ruled.unsure)
    names = told(plain, found, sides(plain, found, bare), pasting)
    scores = [_scores(one, pasting.weights) for one in names]
    best, path = _best(scores, pasting.weights)
    share = math.exp(min(0.0, best - _all(scores, pasting.weights)))
    return Reading(joined(plain, found, [TAGS[tag] for tag in path]), share)


def joined(plain: str, found: Sequence[Piece], tags: Sequence[str]) -> Parts:
    """The parts that the tags stand for."""
    if tags[0] == "U":
        return Parts("", "", unsure=True)
    runs: dict[str, list[tuple[int, int]]] = {"C": [], "D": []}
    for piece, tag in zip(found, tags, strict=True):
        if tag[0] == "B":
            runs[tag[1]].append((piece.start, piece.end))
        elif tag[0] == "I":
            runs[tag[1]][-1] = (runs[tag[1]][-1][0], piece.end)
    said = {side: [_bare(plain[start:end]) for start, end in run] for side, run in runs.items()}
    return Parts("\n".join(said["C"]), "\n".join(said["D"]))


def _bare(said: str) -> str:
    """Without quotes around it, or one whose twin was left outside."""
    said = said.strip(" \t\n→|")
    inner = unwrapped(said)
    if inner != said:
        return inner
    for sign, _ in _ODD:
        if said.count(sign) == 1:
            said = said.removeprefix(sign) if said.startswith(sign) else said.removesuffix(sign)
    return said.strip()


def _scores(names: Sequence[str], weights: Weights) -> list[float]:
    """What the names add up to for each tag."""
    rows = [weights.pieces[name] for name in names if name in weights.pieces]
    return [sum(column) / 100 for column in zip(*rows, strict=True)]


def allowed(before: str, after: str) -> bool:
    """Whether one tag may follow another: a part goes on only where it began, and "unsure" is said of all."""
    if "U" in (before, after):
        return before == after
    return after[0] != "I" or _SAME[before] == after


def _move(before: int, after: int, weights: Weights) -> float:
    return weights.moves[before][after] / 100 if allowed(TAGS[before], TAGS[after]) else _NEVER


def _best(scores: Sequence[Sequence[float]], weights: Weights) -> _Way:
    """The best way through the pieces with one draft, no more."""
    ways: dict[tuple[int, bool], _Way] = {
        (tag, TAGS[tag] == "BD"): (scores[0][tag], (tag,)) for tag in range(len(TAGS)) if TAGS[tag][0] != "I"
    }
    for row in scores[1:]:
        ahead: dict[tuple[int, bool], _Way] = {}
        for (tag, drafted), (score, path) in ways.items():
            for after, name in enumerate(TAGS):
                if not allowed(TAGS[tag], name) or (drafted and name == "BD"):
                    continue
                key, value = (after, drafted or name == "BD"), score + _move(tag, after, weights) + row[after]
                if key not in ahead or ahead[key][0] < value:
                    ahead[key] = (value, (*path, after))
        ways = ahead
    return max(ways.values(), key=lambda way: way[0])


def _all(scores: Sequence[Sequence[float]], weights: Weights) -> float:
    """What all ways through the pieces come to, to know how much of it the best is."""
    sums = [score if TAGS[tag][0] != "I" else _NEVER for tag, score in enumerate(scores[0])]
    for row in scores[1:]:
        sums = [
            _log_sum([sums[tag] + _move(tag, after, weights) for tag in range(len(TAGS))]) + row[after]
            for after in range(len(TAGS))
        ]
    return _log_sum(sums)


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
