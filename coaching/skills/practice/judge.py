"""What the review finds in a reply, as the acts that move the game."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.practice.acts import Act, Acts
from coaching.practice.game import Game
from coaching.review import engine
from coaching.review.checks import Finding, find
from coaching.review.look import Abstained, Look, look
from coaching.review.verdicts import Outcome, Verdict
from coaching.review.voice import hear

_MET = MappingProxyType(
    {"R2": Act.ANSWERED, "R4": Act.WARM, "R5": Act.MORE, "R6": Act.NAMED, "R7": Act.HEARD}
)
_HALF = ("R2", "R6", "R7")  # what half a reply can do: the rules alone decide
_MISSED = MappingProxyType({"R2": Act.UNHEARD, "R6": Act.UNNAMED, "R7": Act.BRUSHED})
_HURTS = MappingProxyType({"R1": Act.STUNG, "R3": Act.DEFENDED})
_FOUND = MappingProxyType(
    {
        "insult": Act.INSULT,
        "threat": Act.INSULT,
        "hushing": Act.HUSHED,
        "hurrying": Act.HUSHED,
        "condescending": Act.HUSHED,
        "as-i-said": Act.HUSHED,
        "false-respect": Act.HUSHED,
        "asks": Act.ASKED,
        "another-way": Act.WAY,
        "offers": Act.WAY,
        "grants": Act.WAY,
        "says-yes": Act.WAY,
        "does-something": Act.WAY,
        "names-trouble": Act.NAMED,
        "curt": Act.COLD,
        "sets-limit": Act.LIMIT,
        "ends-contact": Act.END,
    }
)
# Of two that contradict each other, the one that goes.
_INSTEAD = (
    (Act.COLD, Act.ANSWERED),
    (Act.ANSWERED, Act.UNHEARD),
    (Act.ASKED, Act.UNHEARD),
    (Act.WAY, Act.UNHEARD),
    (Act.NAMED, Act.UNNAMED),
    (Act.HEARD, Act.BRUSHED),
)


def judge(text: str, game: Game, playbook: Playbook) -> Acts | Abstained:
    """The acts in a reply to what the customer said last, or why it cannot be judged."""
    own = find(hear(text, playbook.judging), playbook.scenarios.checks)
    seen = look(text, customer(game), playbook)
    if isinstance(seen, Abstained):
        limits = frozenset(_FOUND[f.check.id] for f in own if f.check.id in _FOUND) & {Act.LIMIT, Act.END}
        return limits or seen
    found = engine.review(text, customer(game), playbook)
    every = (*own, *found.findings)
    acts = {_FOUND[f.check.id] for f in every if f.check.id in _FOUND}
    acts |= {*_helped(found.verdicts, seen), *_missed(found.verdicts, seen), *_hurt(found.verdicts, every)}
    if _walled(found.verdicts, every):
        acts = acts - {Act.WAY} | {Act.WALL}
    for stays, goes in _INSTEAD:
        if stays in acts:
            acts.discard(goes)
    return frozenset(acts)


def customer(game: Game) -> str:
    """What the reply is read against: what it is about, and what was said last."""
    return "\n".join(dict.fromkeys((game.turns[0].line, game.turns[-1].line)))


def _is(verdicts: Mapping[str, Verdict], criterion: str, outcome: Outcome) -> bool:
    return criterion in verdicts and verdicts[criterion].outcome is outcome


def _helped(verdicts: Mapping[str, Verdict], seen: Look) -> Iterator[Act]:
    """What is met. To name their trouble, or to take up what they think, takes more than a stock phrase."""
    for name in ("R4", "R5"):
        if _is(verdicts, name, Outcome.MET):
            yield _MET[name]
    stock = any(f.check.id in ("canned", "stock-empathy") for f in seen.evidence.findings)
    for name in _HALF:
        met = _is(verdicts, name, Outcome.MET) or _is(seen.ruled, name, Outcome.MET)
        if met and not (stock and name != "R2"):
            yield _MET[name]
    if seen.evidence.of("R6", CheckKind.SHOWS):
        yield Act.NAMED


def _missed(verdicts: Mapping[str, Verdict], seen: Look) -> Iterator[Act]:
    for name, act in _MISSED.items():
        if _is(verdicts, name, Outcome.MISSED) and not _is(seen.ruled, name, Outcome.NOT_APPLICABLE):
            yield act
    if not _is(verdicts, "R6", Outcome.MET):
        yield Act.UNNAMED  # every customer here has a trouble


def _hurt(verdicts: Mapping[str, Verdict], every: tuple[Finding, ...]) -> Iterator[Act]:
    """What stings: words that a check knows, or a model's doubt where the customer is spoken of.

    A limit is no sting unless words of it are.
    """
    ids = {f.check.id for f in every}
    limit = bool(ids & {"sets-limit", "ends-contact"})
    for name, act in _HURTS.items():
        known = any(f.check.kind is CheckKind.AVOID and name in f.check.criteria for f in every)
        doubt = "speaks-of-them" in ids and not limit
        if _is(verdicts, name, Outcome.MISSED) and (known or doubt):
            yield act


def _walled(verdicts: Mapping[str, Verdict], every: tuple[Finding, ...]) -> bool:
    """A refusal in so many words, and no way beside it."""
    no = any(f.check.kind in (CheckKind.AVOID, CheckKind.LIMITS) and "R8" in f.check.criteria for f in every)
    way = any(f.check.kind is CheckKind.SHOWS and "R8" in f.check.criteria for f in every)
    return no and not way and _is(verdicts, "R8", Outcome.MISSED)
