"""What a text claims as ground for another: whether what is said is no more than what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from coaching.playbook.guarding import Guarding
from coaching.review.written.claims import Claim, Sure, Who, claims
from coaching.review.written.stems import Token, like


@dataclass(frozen=True, slots=True)
class Ground:
    """What a text claims, to hold another against."""

    by_stem: Mapping[str, tuple[Claim, ...]]
    stems: frozenset[str]
    _near: dict[str, tuple[Claim, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, stem: str, guarding: Guarding) -> tuple[Claim, ...]:
        """What is claimed with this word, or one that may stand for it."""
        if stem not in self._near:
            self._near[stem] = tuple(
                claim
                for other, some in self.by_stem.items()
                if other == stem or like(stem, frozenset({other}), guarding)
                for claim in some
            )
        return self._near[stem]


def ground(words: tuple[Token, ...], guarding: Guarding) -> Ground:
    """A text as ground for what is said about it."""
    by_stem: dict[str, tuple[Claim, ...]] = {}
    for claim in claims(words, guarding):
        by_stem[claim.stem] = (*by_stem.get(claim.stem, ()), claim)
    return Ground(by_stem, frozenset(by_stem))


def follows(said: Claim, known: tuple[Claim, ...], *, weighty: bool, acts: bool) -> bool:
    """Whether no more is said than is known: not denied otherwise, not surer, done by the same."""
    return any(_follows(said, each, weighty, acts) for each in known)


def _follows(said: Claim, known: Claim, weighty: bool, acts: bool) -> bool:
    if said.denied != known.denied:
        return False
    named = said.thing or known.thing
    if said.denied:
        return not weighty or named or _same(said.who, known.who)
    if known.sure is Sure.MAYBE and said.sure.value > Sure.CAN.value:
        return False
    if acts and not named and known.sure is Sure.CAN and said.sure is Sure.WILL and said.who is not Who.YOU:
        return False
    if said.sure is Sure.DONE and known.sure is not Sure.DONE and not named:
        return False
    return not weighty or _weighs(said, known)


def _weighs(said: Claim, known: Claim) -> bool:
    """For what somebody is promised or given: on the same condition, by the same, and no surer."""
    named = said.thing or known.thing
    if known.depends and not said.depends:
        return False
    if said.sure is Sure.MAYBE:
        return named or _same(said.who, known.who)
    if said.thing:
        return said.sure.value <= known.sure.value or known.sure.value >= Sure.WILL.value
    if known.thing or known.sure is Sure.DONE is not said.sure or said.sure.value > known.sure.value:
        return False
    return _same(said.who, known.who)


def _same(said: Who, known: Who) -> bool:
    if Who.PASSIVE in (said, known):
        return Who.YOU not in (said, known)
    return said is known
