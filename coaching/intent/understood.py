"""What typed words mean: patterns that leave no doubt, else the models; and what else they could mean."""

from coaching.intent.marks import Marks, marks
from coaching.playbook.intents import Intent
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.text import fold
from coaching.turn import Understood

_FAINT = -1.0  # a score below this is no more than a guess
_BEGINNING, _END = 1500, 500  # characters looked at: what somebody wants stands at the beginning or the end
# What a button can stand for without the words themselves, so that a person can be asked which they meant.
_ASKED = frozenset(
    {
        "abuse_report",
        "ask",
        "delete_data",
        "feedback_log",
        "practice",
        "privacy_question",
        "review_request",
        "schedule",
        "tip_request",
        "vent",
    }
)


def understood(words: Words, playbook: Playbook) -> Understood:
    """What the words want; "unknown" where nothing fits."""
    text = words.reveal()
    if len(text) > _BEGINNING + _END:
        text = f"{text[:_BEGINNING]}\n{text[-_END:]}"
    folded = fold(text).text.strip()
    if not folded:
        return Understood()
    for intent in playbook.intents:
        if intent.decides(folded):
            return Understood(intent.skill, intent.name, intent.says)
    return _weighed(folded, marks(folded, text, playbook.hearing.alike), playbook)


def _weighed(folded: str, found: Marks, playbook: Playbook) -> Understood:
    scores = {says: _score(says, found, playbook) for says in playbook.hearing.heads.heads}
    first, second = sorted(scores, key=lambda says: -scores[says])[:2]
    if first == "unknown":
        return Understood()
    intent = _among([one for one in playbook.intents if one.says == first], folded)
    close = scores[first] - scores[second] < playbook.hearing.heads.tuned["close"]
    if close and scores[first] < _FAINT:  # it could be anything
        return Understood(says=first)
    other = second if close and {first, second} <= _ASKED else ""
    return Understood(intent.skill, intent.name, first, other)


def _score(says: str, found: Marks, playbook: Playbook) -> float:
    head = playbook.hearing.heads.heads[says]
    return head.of_text(found.words) + head.of_text(found.alike) + head.of_bits(found.shape) + head.bias


def _among(intents: list[Intent], folded: str) -> Intent:
    """The first that hears the text, else the last."""
    return next((intent for intent in intents if intent.hears(folded)), intents[-1])
