"""Hears danger that no phrase has: small models over the words of a text and their neighbours."""

from binascii import crc32
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from coaching.playbook.danger import Danger, Voice
from coaching.playbook.heads import BITS, Heads
from coaching.safety.line import STOP

# A gate says whether there is danger of this kind at all; the models behind it say which.
GATES = {
    "crisis": (
        Danger.SELF,
        Danger.SELF_EMERGENCY,
        Danger.OTHER_PERSON,
        Danger.HARM_OTHERS,
        Danger.MEDICAL,
    ),
    "abuse": (Danger.ABUSE_RECEIVED, Danger.HARASSMENT),
    "insult": (Danger.ABUSE_RECEIVED,),  # in the words of those who attack
}
_IN = {
    Voice.ANY: ("crisis", "abuse"),
    Voice.MINE: ("crisis",),  # an insult in one's own reply was not received
    Voice.THEIRS: ("crisis", "insult"),
}
_MASK = (1 << BITS) - 1
_WORDS, _STEP = 40, 20  # words weighed at a time, so that a short cry in a long story counts
# An angry customer's whole message: of unseen writers one attack in thirteen is lost below that score, and
# seven false alarms in ten. Of a crisis as many would be lost as saved, so there phrases stand.
_LONG, _CALM = 26, -2.5
_BEGIN = 5  # letters that tell what a long word is about
_DOUBT = 1.5  # how much surer a model has to be, where the phrases say that it is something else


def weighed(words: Sequence[str], models: Heads, voice: Voice, *, doubted: bool = False) -> Iterator[Danger]:
    """What the models hear in plain words, at most one danger of each gate."""
    pieces = [marks(piece) for piece in windows(words)] if models.heads else []
    for gate in _IN[voice] if pieces else ():
        score, found = max(((_score(gate, piece, models), piece) for piece in pieces), key=itemgetter(0))
        if score > models.tuned[gate] + _DOUBT * doubted:
            yield max(GATES[gate], key=lambda danger: _score(danger.value, found, models))


def spoken_against(words: Sequence[str], models: Heads) -> bool:
    """Whether all else in a long text speaks against an attack, whatever phrase was found in it."""
    if len(words) <= _LONG or not models.heads:
        return False
    return max(_score("abuse", marks(piece), models) for piece in windows(words)) < _CALM


def windows(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """A short text whole; a long one piece by piece, each overlapping the next."""
    for start in range(0, max(1, len(words) - _STEP), _STEP):
        yield words[start : start + _WORDS]


def marks(words: Sequence[str]) -> frozenset[int]:
    """Every word, how long ones begin, every two that stand together or around one, by number of weight."""
    names = {f"w{word}" for word in words if word != STOP}
    names.update(f"s{word[:_BEGIN]}" for word in words if len(word) > _BEGIN)
    names.update(f"b{a} {b}" for a, b in pairwise(words))
    names.update(f"k{a} {b}" for a, b in zip(words, words[2:], strict=False))
    return frozenset(crc32(name.encode()) & _MASK for name in names)


def _score(name: str, piece: frozenset[int], models: Heads) -> float:
    head = models.heads[name]
    return head.of_text(piece) + head.bias
