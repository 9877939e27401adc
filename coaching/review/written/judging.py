"""What a model is asked where our review is unsure, and what of its answers may be added to a card."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CRITERIA
from coaching.ports import Answered
from coaching.review import fusion
from coaching.review.engine import Review
from coaching.review.look import Abstained, look
from coaching.review.verdicts import Outcome
from coaching.review.written.clean import clean
from coaching.review.written.redact import restore
from coaching.review.written.rewriting import Asked

_NO = 0.35  # this likely to be met, or less: above it a model is unsure itself


@dataclass(frozen=True, slots=True)
class Noticed:
    """A criterion that a model finds missed, and the words of the draft it means, if any."""

    criterion: str
    quote: str = field(repr=False)


def question(name: str, playbook: Playbook) -> str:
    """What is asked of a criterion, here and where it is measured how well a model answers."""
    return f"Is this so? {playbook.judging.criteria[name].met}"


def questions(found: Review, customer: str, may: Collection[str], playbook: Playbook) -> Mapping[str, str]:
    """The criteria a model may judge, of those that are met by our review, but not by much."""
    seen = look(found.draft, customer, playbook)
    if not may or isinstance(seen, Abstained):
        return {}
    nearly = fusion.nearly_missed(seen, playbook.heads)
    return {
        name: question(name, playbook)
        for name in CRITERIA
        if name in may and name in nearly and found.verdicts[name].outcome is Outcome.MET
    }


def noticed(answers: Mapping[str, Answered], ask: Asked, playbook: Playbook) -> Noticed | None:
    """The heaviest that a model finds missed; what it quotes has to stand in the draft, word for word."""
    weights = playbook.judging.criteria
    for name in sorted(answers, key=lambda each: -weights[each].weight):
        quote = restore(clean(answers[name].quote), ask.marks)
        quoted = quote in ask.body if quote else name not in fusion.BLAMING
        if answers[name].yes <= _NO and quoted:
            return Noticed(name, quote)
    return None
