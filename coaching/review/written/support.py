"""G2 and G3 for one sentence: what it says must come from the draft, or, to take it up, from the customer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coaching.playbook.guarding import Guarding
from coaching.review.written import facts
from coaching.review.written.claims import Claim, Sure, Who, claims
from coaching.review.written.clean import level
from coaching.review.written.facts import Flaw
from coaching.review.written.ground import Ground, follows, ground
from coaching.review.written.parts import SENTENCE, Kind, Part, parts
from coaching.review.written.stems import Token, like, plain, tokens

_GETS = frozenset({"get", "receiv"})
_FLIPPED = {Who.US: Who.YOU, Who.YOU: Who.US}


@dataclass(frozen=True, slots=True)
class Source:
    """One text that a sentence may rest on."""

    text: str
    words: tuple[Token, ...]
    ground: Ground
    stems: frozenset[str]
    numbers: tuple[facts.Number, ...]
    sentences: Mapping[str, frozenset[int]]  # by stem: in which sentences it stands


@dataclass(frozen=True, slots=True)
class Sources:
    """The draft, the customer's message, and the draft's sentences as they are."""

    draft: Source
    customer: Source
    verbatim: frozenset[str]


def sources(draft: str, customer: str, guarding: Guarding) -> Sources:
    """Everything a model's sentences are held against."""
    verbatim = frozenset(_bare(part[0]) for part in SENTENCE.finditer(draft))
    theirs = _source(customer, guarding)
    flipped = {
        stem: tuple(replace(claim, who=_FLIPPED.get(claim.who, claim.who)) for claim in some)
        for stem, some in theirs.ground.by_stem.items()
    }
    theirs = replace(theirs, ground=Ground(flipped, theirs.ground.stems))
    return Sources(_source(draft, guarding), theirs, verbatim)


def _bare(text: str) -> str:
    return level(text).strip(" .!?")


def _source(text: str, guarding: Guarding) -> Source:
    words = tokens(plain(text), guarding)
    places: dict[str, frozenset[int]] = {}
    number = 0
    for token in words:
        number += token.text in ".!?"
        places[token.stem] = places.get(token.stem, frozenset()) | {number}
    stems = frozenset(token.stem for token in words) | frozenset(token.text for token in words)
    return Source(text, words, ground(words, guarding), stems, facts.numbers(words, guarding), places)


def flaw(sentence: str, known: Sources, guarding: Guarding) -> Flaw | None:
    """What is wrong with a sentence; nothing if it may be said as it stands."""
    if _bare(sentence) in known.verbatim:
        return None
    found = facts.unreachable(sentence, known.draft.text)
    if found is not None:
        return found
    said = plain(sentence)
    if any(pattern.search(said) for pattern in guarding.patterns["meta"]):
        return Flaw.SHAPE
    found = _nameless(sentence, known, guarding)
    for part in parts(said, guarding):
        found = _part(part, known, guarding) or found
        if found is not None and found.grave:
            return found
    return found


def _nameless(sentence: str, known: Sources, guarding: Guarding) -> Flaw | None:
    """A name that nobody wrote."""
    both = known.draft.stems | known.customer.stems
    plain_words = guarding.words["function"] | guarding.words["light"]
    strange = [
        name
        for name in facts.names(sentence)
        if not set(re.split(r"[^\w]+", name)) & both
        and name not in plain_words
        and not name.startswith(("i'", "i’"))
        and name != "i"
    ]
    return Flaw.FACT if strange else None


# --------------------------------------------------------------------------- one part


def _part(part: Part, known: Sources, guarding: Guarding) -> Flaw | None:
    words, kind = tokens(part.text, guarding), part.kind
    if kind is not Kind.ASKS and _vowed(part.text, known.draft, guarding):
        return Flaw.PROMISE
    heard = known.customer if kind is not Kind.SAYS else None
    counted = (
        re.sub(r"\b(?:the|these|those|both|of) (?:one|two|three)\b", "", part.text)
        if kind is Kind.ASKS
        else ""
    )
    found = facts.miscounted(
        facts.numbers(tokens(counted, guarding) if counted else words, guarding),
        known.draft.numbers + (heard.numbers if heard else ()),
    )
    if found is not None:
        return found
    made = tuple(replace(claim, depends=part.depends) for claim in claims(words, guarding))
    flaws = [(claim, _word(claim, kind, known, guarding)) for claim in made]
    wrong = [
        found for claim, found in flaws if found is not None and not _beside(claim, flaws, known, guarding)
    ]
    wrong += [found for token in words if (found := _timed(token, known, heard, guarding)) is not None]
    if (
        not wrong
        and kind is Kind.SAYS
        and not (_theirs(made, known, guarding) and _together(made, words, known, guarding))
    ):
        return Flaw.FACT
    return next((found for found in wrong if found.grave), wrong[0] if wrong else None)


def _theirs(made: tuple[Claim, ...], known: Sources, guarding: Guarding) -> bool:
    """Whether some of it is the draft's, where anything of weight is said at all."""
    heavy = [claim.stem for claim in made if claim.stem not in guarding.words["light"]]
    return not heavy or any(like(stem, known.draft.stems, guarding) for stem in heavy)


def _beside(claim: Claim, flaws: list[tuple[Claim, Flaw | None]], known: Sources, guarding: Guarding) -> bool:
    """A word of the draft's that is used otherwise, beside others, most of which are used as they are there.

    "We don't send invoices" may follow "Invoices go out on Monday. We don't send them": it is the deed that
    counts. What the draft does not have, a promise and an offer are never let pass by this.
    """
    words = guarding.words
    deed = claim.stem in words["action"] and not claim.thing
    if deed or claim.stem in words["offer"]:
        return False
    near = [(c, found) for c, found in flaws if c.clause == claim.clause and c.sentence == claim.sentence]
    if claim.stem in _GETS:
        return (
            claim.who is Who.YOU
            and len(near) > 1
            and all(
                c is claim or (found is None and c.stem in known.draft.stems | words["light"])
                for c, found in near
            )
        )
    if claim.stem not in known.draft.stems or claim.stem in words["light"]:
        return False
    heavy = [found for c, found in near if c.stem in known.draft.stems and c.stem not in words["light"]]
    return 2 * sum(found is not None for found in heavy) <= len(heavy)


def _vowed(text: str, draft: Source, guarding: Guarding) -> bool:
    """A promise, or news, in small words that the draft does not have; a yes or no that it does not say."""
    said, known = text.strip(" .!,;:-"), plain(draft.text)
    answers = {
        word for word in re.findall(r"[a-z]+", said)[:1] if word in ("yes", "no", "yep", "nope", "yeah")
    }
    if answers and not answers & set(re.findall(r"[a-z]+", known)):
        return True
    found = (match[0] for p in guarding.patterns["vows"] for match in p.finditer(said))
    return any(f" {words} " not in f" {' '.join(re.findall(r'[a-z]+', known))} " for words in found)


def _timed(token: Token, known: Sources, heard: Source | None, guarding: Guarding) -> Flaw | None:
    if token.stem not in guarding.words["time"]:
        return None
    there = token.stem in known.draft.stems or (heard is not None and token.stem in heard.stems)
    return None if there else Flaw.TIME


def _word(claim: Claim, kind: Kind, known: Sources, guarding: Guarding) -> Flaw | None:
    """One word of weight: known from where it may be, and no more than what is known."""
    words = guarding.words
    if not claim.stem[0].isalpha() or claim.stem in words["time"] or claim.stem in words["numbers"]:
        return None
    ours = claim.who in (Who.US, Who.PASSIVE) and claim.stem in words["action"] and not claim.thing
    offered = claim.stem in words["offer"]
    missing = Flaw.OFFER if offered else Flaw.PROMISE if ours else Flaw.FACT
    weighty = ours or offered
    if kind is Kind.ASKS and claim.stem in words["secret"] and claim.stem not in known.draft.stems:
        return Flaw.SECRET
    from_them = kind is not Kind.SAYS and not (weighty and (claim.who is Who.US or kind is Kind.ASKS))
    if _held(claim, known.draft, kind, weighty, guarding) or (
        from_them and _heard(claim, known.customer, weighty, guarding)
    ):
        return None
    if like(claim.stem, known.draft.stems, guarding) and kind is Kind.SAYS:
        return missing
    if _harmless(claim, kind, ours, guarding):
        return None
    named = kind is Kind.SAYS and claim.thing and not offered
    return None if named and like(claim.stem, known.customer.stems, guarding) else missing


def _held(claim: Claim, by: Source, kind: Kind, weighty: bool, guarding: Guarding) -> bool:
    """Whether a word is known from a text, and used as it is there."""
    if not like(claim.stem, by.stems, guarding):
        return False
    if kind is not Kind.SAYS and not weighty:
        return True
    there = by.ground.of(claim.stem, guarding)
    acts = claim.stem in guarding.words["action"]
    return not there or follows(claim, there, weighty=weighty, acts=acts)


def _heard(claim: Claim, by: Source, weighty: bool, guarding: Guarding) -> bool:
    """Whether a word is the customer's; of what we do or give, whether they say it so."""
    if not like(claim.stem, by.stems, guarding):
        return False
    theirs = claim.who is Who.YOU and claim.sure is Sure.DONE and claim.stem not in guarding.words["feeling"]
    known = by.ground.of(claim.stem, guarding)
    return not (weighty or theirs) or follows(claim, known, weighty=False, acts=False)


def _harmless(claim: Claim, kind: Kind, ours: bool, guarding: Guarding) -> bool:
    words = guarding.words
    if claim.stem in words["light"]:
        told = claim.who in (Who.OTHER, Who.PASSIVE) and claim.sure is Sure.DONE  # news of somebody else
        vowed = claim.stem in words["promising"] and claim.who is Who.US
        return kind is Kind.TAKES_UP or not (vowed or (told and kind is Kind.SAYS))
    if ours:
        return False
    if kind is Kind.TAKES_UP:
        return claim.stem in words["feeling"]
    return kind is Kind.ASKS and claim.stem in words["asking"]


def _together(made: tuple[Claim, ...], words: tuple[Token, ...], known: Sources, guarding: Guarding) -> bool:
    """Whether what is said in one go is said so in the draft, for the most part, with its times."""
    at = known.draft.sentences
    pins = [t.stem for t in words if t.stem in guarding.words["time"] or t.text[0].isdigit()]
    light = guarding.words["light"] | guarding.words["time"]
    heavy = [c.stem for c in made if c.stem in at and c.stem not in light and c.stem[0].isalpha()]
    if any(
        heavy and 2 * max(sum(n in at[stem] for stem in heavy) for n in at[pin]) < len(heavy)
        for pin in pins
        if pin in at
    ):
        return False
    if len(heavy) < 3:
        return True
    best = max(sum(number in at[stem] for stem in heavy) for number in set().union(*(at[s] for s in heavy)))
    return best * 2 >= len(heavy)
