"""G2 and G3 for one sentence: what it says must come from the draft, or, to take it up, from the customer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from coaching.playbook.guarding import Guarding
from coaching.playbook.nearness import CLOSE, SAME
from coaching.review.written import facts
from coaching.review.written.claims import Claim, Sure, Who, claims
from coaching.review.written.clean import level
from coaching.review.written.facts import Flaw
from coaching.review.written.parts import Kind, Part, parts
from coaching.review.written.signs import same, signs, surer
from coaching.review.written.source import Source, Sources, bare, sources, weighty
from coaching.review.written.stems import Token, like, plain, tokens
from coaching.review.written.turns import contrary

_KEPT = frozenset({"only", "unless", "if"})  # small words that a sentence cannot lose and say the same
_SPANS = frozenset({"day", "week", "month", "year", "hour", "minut"})  # stems
_TITLES = frozenset({"mr", "mrs", "ms", "dr"})

__all__ = ["Sources", "flaw", "sources"]


def flaw(sentence: str, known: Sources, guarding: Guarding) -> Flaw | None:
    """What is wrong with a sentence; nothing if it may be said as it stands."""
    if bare(sentence) in known.verbatim:
        return None
    found = facts.unreachable(sentence, known.written)
    if found is not None:
        return found
    said = plain(sentence)
    if any(pattern.search(said) for pattern in guarding.patterns["meta"]):
        return Flaw.SHAPE
    made = parts(said, known.customer.stems, guarding)
    return next((wrong for part in made for wrong in _part(part, known, guarding)), None) or _unsupported(
        sentence, made, known, guarding
    )


def _unsupported(sentence: str, made: list[Part], known: Sources, guarding: Guarding) -> Flaw | None:
    """Whether a sentence against which no rule speaks says what nobody wrote: by its weight."""
    if _nameless(sentence, known, guarding) or any(
        part.kind is not Kind.ASKS and contrary(part.text, known.draft, guarding) for part in made
    ):
        return Flaw.FACT
    if all(part.kind is not Kind.SAYS or _again(part, known.draft, guarding) for part in made):
        return None  # nothing is claimed, or in the draft's own words
    weight = guarding.weighing.of(signs(made, plain(sentence), known, guarding))
    return Flaw.FACT if weight >= guarding.weighing.limit else None


def _again(part: Part, draft: Source, guarding: Guarding) -> bool:
    """Whether it says one sentence of the draft again, or a part of it, in nearly the same words."""
    words = tokens(part.text, guarding)
    heavy = set(weighty(words, guarding)) - guarding.words["numbers"]
    turns = _turning(part.text, guarding)
    pins = {
        token.text for token in words if token.text[0].isdigit() or token.stem in guarding.words["numbers"]
    }
    made = [claim for claim in claims(words, guarding) if claim.stem in draft.claims]
    if not heavy or any(_otherwise(replace(c, depends=part.depends), draft.claims[c.stem]) for c in made):
        return False
    return any(
        heavy <= there
        and _turns_alike(turns, _turning(text, guarding), guarding)
        and all(_pinned(pin, text, guarding) for pin in pins)
        for there, text in zip(draft.heavy, draft.sentences, strict=True)
    )


def _turning(text: str, guarding: Guarding) -> set[str]:
    return set(re.findall(r"[a-z]+", text)) & guarding.words["turning"]


def _turns_alike(own: set[str], its: set[str], guarding: Guarding) -> bool:
    """Whether a sentence has no turn of its own, and denies as the other does."""
    kept = guarding.words["negators"] | _KEPT
    return own <= its and own & kept == its & kept


def _otherwise(claim: Claim, known: tuple[Claim, ...]) -> bool:
    """Whether a word is used otherwise than it is anywhere in the draft."""
    return not any(
        claim.denied == each.denied
        and not surer(claim, each)
        and (claim.who in (Who.OTHER, Who.PASSIVE) or same(claim.who, each.who))
        and (claim.depends or not each.depends)
        for each in known
    )


def _pinned(pin: str, text: str, guarding: Guarding) -> bool:
    """Whether a number stands in a text, in letters or figures."""
    own = {number.value for number in facts.numbers(tokens(pin, guarding), guarding)}
    return own <= {number.value for number in facts.numbers(tokens(text, guarding), guarding)}


def _nameless(sentence: str, known: Sources, guarding: Guarding) -> bool:
    """Whether it has a name that nobody wrote."""
    both = known.draft.stems | known.customer.stems | set(re.findall(r"[\w'’-]+", known.customer.plain))
    both |= set(re.findall(r"[\w'’-]+", level(known.written)))
    plain_words = guarding.words["function"] | guarding.words["light"] | _TITLES
    return any(
        not set(re.split(r"[^\w]+", name)) & both
        and guarding.stem(name) not in both
        and name not in plain_words
        and not name.startswith(("i'", "i’"))
        and name != "i"
        for name in facts.names(sentence)
    )


# --------------------------------------------------------------------------- what is no matter of weight


def _part(part: Part, known: Sources, guarding: Guarding) -> Iterator[Flaw]:
    words, kind = tokens(part.text, guarding), part.kind
    if kind is not Kind.TAKES_UP and _vowed(part.text, known.draft, guarding):
        yield Flaw.PROMISE
    heard = known.customer if kind is not Kind.SAYS or _feels(words, guarding) else None
    counted = facts.numbers(tokens(facts.uncounted(part.text), guarding), guarding)
    theirs = {number.value for number in heard.numbers} if heard else set()
    found = facts.miscounted([n for n in counted if n.value not in theirs], known.draft.numbers)
    if found is not None:
        yield found
    told = known.draft.stems | (heard.stems if heard else frozenset())
    if kind is Kind.TAKES_UP:
        told |= guarding.words["lasting"]
    yield from (Flaw.TIME for token in words if _timed(token, told, guarding))
    made = tuple(replace(claim, depends=part.depends) for claim in claims(words, guarding))
    for claim in made:
        wrong = _weighty(claim, made, kind, known, guarding)
        if wrong is not None:
            yield wrong


def _timed(token: Token, told: frozenset[str], guarding: Guarding) -> bool:
    """Whether it says when, and nobody wrote that."""
    says_when = token.text in guarding.words["time"] or token.stem in _SPANS
    return says_when and not like(token.stem, told, guarding)


def _feels(words: Iterable[Token], guarding: Guarding) -> bool:
    """Whether it says how something is for somebody."""
    return any(token.stem in guarding.words["evaluating"] for token in words)


def _vowed(text: str, draft: Source, guarding: Guarding) -> bool:
    """A promise, or news, in small words that the draft does not have; a yes or no that it does not say."""
    said, known = text.strip(" .!,;:-"), re.findall(r"[a-z]+", draft.plain)
    answers = {
        word for word in re.findall(r"[a-z]+", said)[:1] if word in ("yes", "no", "yep", "nope", "yeah")
    }
    if answers and re.match(r"[a-z]+,", said) and not answers & set(known):
        return True
    found = (match[0] for p in guarding.patterns["vows"] for match in p.finditer(said))
    return any(f" {words} " not in f" {' '.join(known)} " for words in found)


def _weighty(
    claim: Claim, made: tuple[Claim, ...], kind: Kind, known: Sources, guarding: Guarding
) -> Flaw | None:
    """What somebody is promised, given or asked for: only as the draft has it."""
    words = guarding.words
    if kind is Kind.ASKS and claim.stem in words["secret"] and claim.stem not in known.draft.stems:
        return Flaw.SECRET
    if claim.denied:
        return None  # no promise, whatever else it is
    if claim.stem in words["offer"]:
        return None if _given(claim, kind, known, guarding) else Flaw.OFFER
    if kind is Kind.ASKS and claim.who is Who.US and claim.stem in words["action"] and not claim.thing:
        return None if known.draft.grade(claim.stem, guarding) >= CLOSE else Flaw.OFFER
    by_none = claim.who is Who.PASSIVE and (claim.vowed or (claim.sure is Sure.DONE and not claim.depends))
    ours = claim.who is Who.US or by_none or (claim.who is Who.OTHER and claim.vowed)
    if kind is not Kind.SAYS or claim.thing or not ours or claim.stem not in words["action"]:
        return None
    return None if _done(claim, made, known, guarding) else Flaw.PROMISE


def _given(claim: Claim, kind: Kind, known: Sources, guarding: Guarding) -> bool:
    """Whether what is offered is offered in the draft, as surely; or is what the customer speaks of."""
    if (
        kind is Kind.TAKES_UP
        and claim.who is not Who.US
        and known.customer.grade(claim.stem, guarding) >= SAME
    ):
        return True
    there = [each for each in known.draft.of(claim.stem, SAME, guarding) if not each.denied]
    return any(kind is not Kind.SAYS or not surer(claim, each) for each in there)


def _done(claim: Claim, made: tuple[Claim, ...], known: Sources, guarding: Guarding) -> bool:
    """Whether what somebody does, or will do, is done so in the draft."""
    there = known.draft.of(claim.stem, CLOSE, guarding)
    if there:
        return any(
            not each.denied and not surer(claim, each) and (each.thing or each.who is not Who.YOU)
            for each in there
        )
    beside = [c for c in made if c is not claim and c.clause == claim.clause and c.sentence == claim.sentence]
    faint = claim.stem in guarding.words["faint"]
    return faint and any(
        each.stem in guarding.words["action"] and known.draft.grade(each.stem, guarding) >= SAME
        for each in beside
    )
