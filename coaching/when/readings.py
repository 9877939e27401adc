"""Readings of a sentence: some of its mentions are told of something else, and are left out.

"I have a session at 4, remind me at 3:45" is one reminder. A small model says how likely each reading is.
"""

from binascii import crc32
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise, product

from coaching.playbook.heads import BITS, Head, read_heads
from coaching.when.mentions import Around, links, told
from coaching.when.signs import Sentence
from coaching.when.wishes import Act, Wish

NAMED, HELD = "schedules.json", "schedules.bin"
_MASK = (1 << BITS) - 1
_MOST = 6  # readings that are looked at
_WORTH = 3.0  # one so much less likely than the best is not looked at
_CLOSE = (15, 30, 60)  # minutes

Way = frozenset[int]  # the mentions left out, by their number among the mentions
WHOLE: Way = frozenset()
ACTS = ("create", "update", "cancel", "pause", "list")  # what a whole sentence may ask for


@dataclass(frozen=True, slots=True, repr=False)  # a log line that names it would be a hundred pages long
class Learned:
    """The model, and how sure it must be."""

    head: Head
    sure: float

    def of(self, names: Sequence[str]) -> float:
        """What these names add."""
        return self.head.of_bits(numbered(names))


@cache
def learned() -> Learned:
    """The one that ships with Breather."""
    heads = read_heads(files("coaching.playbook") / "en" / "heads", NAMED, HELD)
    return Learned(heads.heads["meant"], heads.tuned["sure"])


def numbered(names: Sequence[str]) -> list[int]:
    """Where the weights of these names stand."""
    return [crc32(name.encode("utf-8", "replace")) & _MASK for name in names]


def without(s: Sentence, sees: Around, way: Way) -> Sentence:
    """The sentence, where the mentions left out are plain words."""
    out = {sees.found[number] for number in way}
    return replace(s, pieces=[replace(p, kind="word") if n in out else p for n, p in enumerate(sees.pieces)])


def bends(link: tuple[str, str, str], *, before: bool, out: bool) -> list[str]:
    """By names, what lies between two mentions of which one or both are left out."""
    parted, far, kinds = link
    if before != out:
        return [f"ends {parted}", f"ends {parted} {far}", f"ends {kinds} {before}"]
    return [f"goes on {parted}"] if out else []


def likely(sees: Around, model: Learned) -> dict[Way, float]:
    """The readings worth a look, with what speaks for each before it is understood; first the whole one."""
    ways = {WHOLE: 0.0}
    for number, (link, names) in enumerate(zip([None, *links(sees)], told(sees), strict=False)):
        alone = model.of(names)
        turn = {
            (before, out): model.of(bends(link, before=before, out=out)) if link else 0.0
            for before, out in product((False, True), repeat=2)
        }
        grown = {way: held + turn[number - 1 in way, False] for way, held in ways.items()}
        grown |= {way | {number}: held + alone + turn[number - 1 in way, True] for way, held in ways.items()}
        ways = _best(grown)
    return ways


def _best(ways: Mapping[Way, float]) -> dict[Way, float]:
    highest = max(ways.values())
    best = sorted(ways.items(), key=lambda one: -one[1])[:_MOST]
    return {WHOLE: ways[WHOLE]} | {way: held for way, held in best if held > highest - _WORTH}


# --------------------------------------------------------------------------- what a reading comes to


def comes_to(wishes: Sequence[Wish], words: Sequence[str]) -> list[str]:
    """By names, what tells of wishes whether they are meant."""
    acts = [wish.act.value for wish in wishes]
    of = "+".join(dict.fromkeys(acts)) + ("s" if len(acts) > 1 else "")
    return [
        f"of {of}",
        *(name for wish in wishes for name in _wish(wish)),
        *_times(wishes),
        *(f"said {of} {word}" for word in sorted({*words})),
    ]


def _wish(wish: Wish) -> Iterator[str]:
    act = wish.act.value
    yield f"one {act}"
    yield f"{act} {len(wish.when.times)} {len(wish.when.days)} {type(wish.when.only).__name__}"
    if wish.why is not None:
        yield f"why {wish.why.value}"
    if wish.act in (Act.CANCEL, Act.UPDATE, Act.PAUSE):
        which = wish.which
        yield f"{act} {wish.target is not None} {len(which.times)} {len(which.days)}"


def _times(wishes: Sequence[Wish]) -> Iterator[str]:
    minutes = sorted(
        at.hour * 60 + at.minute for wish in wishes if wish.act is Act.CREATE for at in wish.when.times
    )
    gap = min((after - before for before, after in pairwise(minutes)), default=None)
    if gap is not None:
        yield f"gap {next((close for close in _CLOSE if gap <= close), 'wide')}"
    yield from (f"hour {minute // 60}" for minute in minutes)
    if any(minute % 60 for minute in minutes):
        yield "not a full hour"
