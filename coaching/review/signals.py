"""Rule scores from 0 to 1 for every check and a few groups of them, so that they can be measured."""

from collections.abc import Mapping

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.review.engine import Review

# Which checks speak for a signal, and which against it.
_GROUPS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "politeness": (
        frozenset({"warm", "asks", "thanks-for-feedback", "finds-out"}),
        frozenset({"blame", "insult", "as-i-said", "condescending", "hushing", "hurrying", "false-respect"}),
    ),
    "warmth": (frozenset({"warm", "names-it", "keeps-in-touch"}), frozenset({"curt", "sulks", "insult"})),
    "blame": (frozenset({"blame", "guesses-fault", "defends", "argues"}), frozenset()),
    "abuse": (frozenset({"insult", "threat"}), frozenset()),
    "unsafe": (frozenset({"insult", "threat", "hushing", "condescending", "sulks", "blame"}), frozenset()),
}


def signals(found: Review, playbook: Playbook) -> Mapping[str, float]:
    """Groups first, then "check.<id>" for each check of the reply: 1.0 where it fired."""
    fired = {finding.check.id for finding in found.findings}
    scores = {name: _score(fired, *group) for name, group in _GROUPS.items()}
    for rule in playbook.rules.values():
        for check in rule.checks:
            if check.kind is not CheckKind.HEARS:
                scores[f"check.{check.id}"] = float(check.id in fired)
    return scores


def _score(fired: set[str], for_it: frozenset[str], against: frozenset[str]) -> float:
    """Half where nothing speaks either way and both could; each check moves it by half of what is left."""
    score = 0.5 if against else 0.0
    for _ in fired & for_it:
        score += (1.0 - score) / 2
    for _ in fired & against:
        score /= 2
    return round(score, 4)
