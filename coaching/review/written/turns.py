"""A clause beside the one of the draft that it is most like: whether it denies, doubts and counts as that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from coaching.playbook.guarding import Guarding
from coaching.review.written.stems import tokens

_ENDS = re.compile(
    r"[,;:()]| - |\b(?:but|so|because|and|although|while|whereas|as)\b"
    r"|(?=\b(?:if|unless|until|when|once)\b)"
)
# What somebody may do is no doubt, and neither is what is denied.
_NO_DOUBT = re.compile(
    r"\b(?:you|we|i|who|they|he|she|somebody|someone|anyone) (?:can|may)\b"
    r"|\b(?:could|can|may|might)(?= not\b)|(?<=\bnot )possibl[ey]\b"
)
_ASIDE = frozenset({"want", "wish", "hope", "try", "would", "should", "think"})  # of a person, not of a thing
_CAN, _LETTERS = frozenset({"can"}), frozenset("bcdefgh")
_LATER = frozenset({"will", "shall", "going"})
_DONE = frozenset({"has", "have", "had", "was", "were", "been"})
_FEW = 2  # words


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two turns of a text."""

    heavy: frozenset[str] = field(repr=False)
    doubts: frozenset[str] = field(repr=False)  # the words by which it says something less than surely
    denied: bool
    pins: frozenset[str] = field(repr=False)  # numbers and letters that name one of several
    later: bool  # it will be
    done: bool  # it has been


class Draft(Protocol):
    """What has clauses like another."""

    def like(self, clause: Clause, guarding: Guarding) -> Clause | None:
        """The one that has most of its words."""
        ...


def clauses(text: str, guarding: Guarding) -> Iterator[Clause]:
    """A plain text in clauses, without those that say nothing of weight."""
    words = guarding.words
    aside = words["function"] | words["light"] | words["time"] | words["hedges"] | words["negators"]
    doubting = words["hedges"] | {"can", "may", "might"}
    for piece in _ENDS.split(text):
        made = tokens(_NO_DOUBT.sub(" ", piece), guarding)
        small = frozenset(token.text for token in made) | frozenset(token.stem for token in made)
        heavy = frozenset(t.stem for t in made if t.word and t.text not in aside and t.stem not in aside)
        denials = sum(token.stem in words["negators"] for token in made)
        letters = frozenset(token.text for token in made if token.text in _LETTERS)
        pins = letters | frozenset(re.findall(r"\d+", piece))
        if heavy:
            later, done = bool(small & _LATER), bool(small & _DONE)
            yield Clause(heavy, small & doubting - _ASIDE, denials % 2 == 1, pins, later, done)


def contrary(said: str, draft: Draft, guarding: Guarding) -> bool:
    """Whether a clause is surer than its like in the draft, counts otherwise, or denies what that says."""
    made = tuple(clauses(said, guarding))
    doubts = frozenset[str]().union(*(clause.doubts for clause in made))
    for own in made:
        its = draft.like(own, guarding)
        if its is None or (len(own.heavy) < _FEW and own.heavy != its.heavy):
            continue
        if (its.doubts and not doubts) or (its.doubts - _CAN and not doubts - _CAN):
            return True
        if own.pins and its.pins and not own.pins <= its.pins:
            return True
        if own.done and its.later and not (own.later or its.done):
            return True
        again = own.heavy <= its.heavy and len(its.heavy - own.heavy) < _FEW
        if again and own.denied != its.denied:
            return True
    return False
