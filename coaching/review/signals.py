"""Scores from 0 to 1 of what a reply sounds like and of every check, so that they can be measured."""

from collections.abc import Mapping
from types import MappingProxyType

from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import CheckKind
from coaching.review.engine import Review
from coaching.review.tone import tones

# Which checks speak for a signal, and which against it.
_GROUPS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "politeness": (
            frozenset(),  # its model knows the checks
            frozenset(
                {"blame", "insult", "as-i-said", "condescending", "hushing", "hurrying", "false-respect"}
            ),
        ),
        "warmth": (
            frozenset({"warm", "names-it", "keeps-in-touch"}),
            frozenset({"curt", "sulks", "insult", "hushing", "as-i-said", "condescending", "blame"}),
        ),
        "blame": (frozenset({"blame", "guesses-fault", "defends", "argues"}), frozenset()),
        "abuse": (frozenset({"insult", "threat"}), frozenset()),
        "unsafe": (
            frozenset({"insult", "threat", "hushing", "condescending", "sulks", "blame"}),
            frozenset(),
        ),
    }
)


def signals(found: Review, playbook: Reviewing) -> Mapping[str, float]:
    """Tones first, then "check.<id>" for each check of the reply: 1.0 where it fired."""
    fired = {finding.check.id for finding in found.findings}
    scores = dict(_sounds(found.draft, playbook))
    scores |= {name: _moved(scores[name], fired, *group) for name, group in _GROUPS.items()}
    for rule in playbook.rules.values():
        for check in rule.checks:
            if check.kind is not CheckKind.HEARS:
                scores[f"check.{check.id}"] = float(check.id in fired)
    return scores


def _sounds(draft: str, playbook: Reviewing) -> Mapping[str, float]:
    """What the models say; blame and abuse stay below a half until a rule speaks."""
    said = tones(draft, playbook)
    return {**said, "abuse": said["abuse"] / 2, "blame": (1.0 - said["politeness"]) / 2}


def _moved(score: float, fired: set[str], for_it: frozenset[str], against: frozenset[str]) -> float:
    """Each check moves a score by half of what is left."""
    for _ in fired & for_it:
        score += (1.0 - score) / 2
    for _ in fired & against:
        score /= 2
    return round(score, 4)
