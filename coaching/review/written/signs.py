"""What speaks for and against a sentence: how its words stand to the draft's and to the customer's."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from coaching.playbook.guarding import Guarding
from coaching.playbook.nearness import CLOSE, SAME
from coaching.review.written.claims import Claim, Sure, Who, claims
from coaching.review.written.parts import Part
from coaching.review.written.source import ITSELF, Source, Sources, weighty
from coaching.review.written.stems import Token, tokens
from coaching.review.written.turns import clauses

_CLASSES = ("light", "offer", "action", "feeling")
_LEVELS = {4: "draft", 3: "draft", 2: "close"}
_THEIRS = {4: "theirs", 3: "theirs", 2: "akin"}
_COMMON = ("rare", "rare", "rare", "seldom", "seldom", "seldom", "often", "often", "often", "often")
_BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|since|caused by|comes? from|as (?=the|a|it|we|our|your|there))\b"
)
_MANY, _HALF = 6, 0.5


def signs(made: Iterable[Part], said: str, known: Sources, guarding: Guarding) -> Mapping[str, float]:
    """Named numbers, for a linear model."""
    found: Counter[str] = Counter()
    every: list[str] = []
    for part in made:
        words = tokens(part.text, guarding)
        kind = part.kind.value
        heavy = weighty(words, guarding)
        every += heavy
        found[f"{kind} parts"] += 1
        for stem in heavy:
            found.update(_word(stem, kind, known, guarding))
        found.update(_shape(part, words, heavy, known, guarding))
        found.update(_claimed(part, words, known, guarding))
        found.update(_uneven(part, known, guarding))
    return _scaled(found, every, said, known, guarding)


def _word(stem: str, kind: str, known: Sources, guarding: Guarding) -> Iterable[str]:
    """Where one word comes from, and what kind of word it is."""
    drafted, theirs = known.draft.grade(stem, guarding), known.customer.grade(stem, guarding)
    level = _LEVELS.get(drafted) or _THEIRS.get(theirs) or ("near" if drafted or theirs else "new")
    family = next((name for name in _CLASSES if stem in guarding.words[name]), "other")
    yield f"{kind} {level}"
    if level not in ("draft", "close"):
        yield f"{kind} {level} {family}"
        if family == "other":
            yield f"{kind} {level} {_COMMON[guarding.near.common(stem)]}"
    if drafted < ITSELF and _opposed(stem, known.draft, guarding):
        yield f"{kind} opposed"
    if level == "new" and not guarding.near.of(stem):
        yield f"{kind} unheard"


def _opposed(stem: str, draft: Source, guarding: Guarding) -> bool:
    """Whether the draft says the opposite of a word."""
    pairs, others = guarding.against.get(stem, frozenset()), guarding.near.against(stem)
    return any(
        other in others or not pairs.isdisjoint(guarding.against.get(other, frozenset()))
        for other in draft.stems
    )


def _shape(
    part: Part, words: tuple[Token, ...], heavy: list[str], known: Sources, guarding: Guarding
) -> Iterable[str]:
    """What a part is about, and how it is put."""
    kind = part.kind.value
    feels = any(stem in guarding.words["evaluating"] for stem in heavy)
    about_them = any(token.text in ("you", "your") for token in words)
    about_us = any(token.text in ("we", "i", "our", "us", "my") for token in words)
    if feels:
        yield f"{kind} feels"
    if kind == "says":
        yield (
            "says " + ("you" if about_them else "") + (" we" if about_us else "") + (" felt" if feels else "")
        )
    if kind == "says":
        yield from (
            f"says {word}"
            for word in ("please", "if", "can", "will", "now", "already", "also")
            if f" {word} " in f" {part.text} "
        )
    because = _BECAUSE.search(part.text)
    if because:
        cause = weighty(tokens(part.text[because.end() :], guarding), guarding)
        held = sum(known.draft.grade(stem, guarding) >= CLOSE for stem in cause)
        yield f"{kind} cause " + ("drafted" if held == len(cause) else "partly" if held else "new")
    drafted = sum(known.draft.grade(stem, guarding) >= CLOSE for stem in heavy)
    if heavy and not drafted:
        yield f"{kind} nothing drafted"
    if len(heavy) > 1 and drafted == len(heavy):
        yield f"{kind} all drafted"
    told = known.draft.stems | (known.customer.stems if kind != "says" or feels else frozenset())
    yield from (f"{kind} when" for token in words if token.text in guarding.words["time"] - told)


def _uneven(part: Part, known: Sources, guarding: Guarding) -> Iterable[str]:
    """Whether a clause that nobody wrote hangs on one that the draft has."""
    if part.kind.value != "says":
        return
    shares = [
        sum(known.draft.grade(stem, guarding) >= CLOSE for stem in clause.heavy) / len(clause.heavy)
        for clause in clauses(part.text, guarding)
    ]
    if len(shares) > 1 and max(shares) == 1.0 and min(shares) <= _HALF:
        yield "says tail new" if min(shares) == 0.0 else "says tail half new"
    because = _BECAUSE.search(part.text)
    if because:
        cause = weighty(tokens(part.text[because.end() :], guarding), guarding)
        new = sum(known.draft.grade(stem, guarding) < CLOSE for stem in cause)
        yield from ["says cause new words"] * new


def _claimed(part: Part, words: tuple[Token, ...], known: Sources, guarding: Guarding) -> Iterable[str]:
    """How what is claimed stands to what the draft claims with the same words."""
    kind = part.kind.value
    made = [c for c in claims(words, guarding) if c.stem not in guarding.words["light"]]
    for claim in made:
        grounds = known.draft.of(claim.stem, CLOSE, guarding)
        if not grounds:
            continue
        deed = "deed" if claim.stem in guarding.words["action"] and not claim.thing else "word"
        exact = "same" if known.draft.grade(claim.stem, guarding) > SAME else "like"
        for name, fits in (
            ("denied", any(claim.denied == each.denied for each in grounds)),
            ("surer", any(not surer(claim, each) for each in grounds)),
            ("who", any(same(claim.who, each.who) for each in grounds)),
            ("free", any(part.depends or not each.depends for each in grounds)),
        ):
            if not fits:
                yield f"{kind} {name} {deed}" + (f" {exact}" if name == "denied" else "")
    for number in sorted({claim.clause for claim in made}):
        yield from _held(part, [c for c in made if c.clause == number], known, guarding)


def _held(part: Part, made: list[Claim], known: Sources, guarding: Guarding) -> Iterable[str]:
    """How a clause stands to the clause of the draft that it is most like."""
    kind = part.kind.value
    held: Counter[tuple[int, int]] = Counter()
    for claim in made:
        held.update({(each.sentence, each.clause) for each in known.draft.of(claim.stem, CLOSE, guarding)})
    if not held:
        yield f"{kind} clause alone"
        return
    place, count = held.most_common(1)[0]
    grounds = [
        each for some in known.draft.claims.values() for each in some if (each.sentence, each.clause) == place
    ]
    if count == len(made):
        yield f"{kind} clause whole"
    elif 2 * count < len(made):
        yield f"{kind} clause thin"
    for name, own, its in (
        ("denied", any(c.denied for c in made), any(c.denied for c in grounds)),
        (
            "maybe",
            any(c.sure is Sure.MAYBE or part.depends for c in made),
            any(c.sure is Sure.MAYBE for c in grounds),
        ),
        ("can", any(c.sure is Sure.CAN for c in made), any(c.sure is Sure.CAN for c in grounds)),
        ("will", any(c.vowed for c in made), any(c.vowed for c in grounds)),
        ("done", any(c.sure is Sure.DONE for c in made), any(c.sure is Sure.DONE for c in grounds)),
        ("us", any(c.who is Who.US for c in made), any(c.who is Who.US for c in grounds)),
        ("you", any(c.who is Who.YOU for c in made), any(c.who is Who.YOU for c in grounds)),
        ("depends", part.depends, any(c.depends for c in grounds)),
    ):
        if own != its:
            yield f"{kind} clause {name} {'more' if own else 'less'}"


def surer(said: Claim, known: Claim) -> bool:
    """Whether more is said than is known: done for not done, will for may."""
    if known.sure is Sure.MAYBE and said.sure.value > Sure.CAN.value:
        return True
    if known.sure is Sure.CAN and said.sure is Sure.WILL and said.who is not Who.YOU:
        return not (said.thing or known.thing)
    named = said.thing or known.thing
    return said.sure is Sure.DONE and known.sure is not Sure.DONE and not named


def same(said: Who, known: Who) -> bool:
    """Whether the same do it, as far as it is said."""
    if Who.PASSIVE in (said, known):
        return Who.YOU not in (said, known)
    return said is known


def _scaled(
    found: Counter[str], every: list[str], said: str, known: Sources, guarding: Guarding
) -> Mapping[str, float]:
    """All counts, none of them beyond measure, and how much of one sentence of the draft it all is."""
    signed: dict[str, float] = {name: min(count, _MANY) for name, count in found.items()}
    drafted = [stem for stem in every if known.draft.grade(stem, guarding) >= CLOSE]
    if drafted:
        signed["one place"] = _together(drafted, known.draft, guarding) / len(drafted)
        signed["covered"] = _covered(drafted, known.draft, guarding)
    if every:
        signed["share drafted"] = len(drafted) / len(every)
        signed["share new"] = found["says new"] / len(every)
        signed["all drafted"] = float(len(drafted) == len(every))
    loose = sum(
        found[f"says {level} other"] + found[f"says {level} action"] + found[f"says {level} offer"]
        for level in ("new", "near", "theirs", "akin")
    )
    signed["loose"] = min(loose, _MANY)
    signed["nothing loose"] = float(not loose)
    signed["only soft"] = float(not found["says parts"])
    signed["length"] = len(every) / 10
    pins = [t.text for t in tokens(said, guarding) if t.text[0].isdigit() or t.text in guarding.words["time"]]
    if pins and drafted:
        signed["pinned"] = min(_pinned(pin, drafted, known.draft, guarding) for pin in pins)
    signed["denied otherwise"] = float(_otherwise(said, drafted, known.draft, guarding))
    heard = tokens(said, guarding)
    if any(token.stem in guarding.words["negators"] for token in heard):
        signed["says no"] = 1.0
        if not known.draft.stems & guarding.words["negators"]:
            signed["no where draft has none"] = 1.0
    return signed


def _otherwise(said: str, drafted: list[str], draft: Source, guarding: Guarding) -> bool:
    """Whether it is denied where its likeness in the draft is not, or the other way round."""
    if not drafted:
        return False
    counts = [sum(_stands(stem, part, draft, guarding) for stem in drafted) for part in draft.heavy]
    like = draft.sentences[counts.index(max(counts))]
    own, its = (
        sum(t.stem in guarding.words["negators"] for t in tokens(text, guarding)) for text in (said, like)
    )
    return (own - its) % 2 == 1


def _pinned(pin: str, drafted: list[str], draft: Source, guarding: Guarding) -> float:
    """How much of it stands where a number or a time stands in the draft."""
    there = [draft.heavy[n] for n in draft.places.get(pin, frozenset()) if n < len(draft.heavy)]
    return max(
        (sum(_stands(stem, part, draft, guarding) for stem in drafted) / len(drafted) for part in there),
        default=0.0,
    )


def _together(drafted: list[str], draft: Source, guarding: Guarding) -> int:
    """How many of the words stand in one sentence of the draft."""
    return max(sum(_stands(stem, part, draft, guarding) for stem in drafted) for part in draft.heavy)


def _covered(drafted: list[str], draft: Source, guarding: Guarding) -> float:
    """How much of one sentence of the draft the words say again."""
    again = {
        other for stem in drafted for other, grade in draft.near(stem, guarding).items() if grade >= CLOSE
    }
    return max((len(again & part) / len(part) for part in draft.heavy if part), default=0.0)


def _stands(stem: str, part: frozenset[str], draft: Source, guarding: Guarding) -> bool:
    return any(other in part and grade >= CLOSE for other, grade in draft.near(stem, guarding).items())
