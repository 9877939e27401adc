"""Which rule the next tip is about, and why: what a person misses, spaced; verdicts, dates and counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from coaching.learned import Grade, Graded, Learned, Standing
from coaching.playbook.reader import Playbook
from coaching.turn import Known
from coaching.values import Choice, Note

WEEKS = 13  # a quarter, in the picture and in memory
KEPT = timedelta(days=366)  # what was found of a rule is forgotten then, where nothing new was
_TIPS = 3  # about one finding; then others have their turn
_SORE = (Grade.MISSED, Grade.AGAIN)


class Because(Enum):
    """Why a tip is about its rule."""

    PINNED = "pinned"
    MISSED = "missed"
    AGAIN = "again"  # they asked to be shown it again
    FADED = "faded"  # it went well, some time ago
    TURN = "turn"  # nothing speaks for another one


@dataclass(frozen=True, slots=True)
class Next:
    """The rule the next tip is about, "" for any that is not muted; and why."""

    rule: str = ""
    why: Because = Because.TURN
    on: date | None = None  # the day that speaks for it


def following(known: Known, today: date) -> Next:
    """The rule this person misses most, as far as that is known.

    The one they pinned; else of those that are due the one most likely forgotten. Not the same on two
    tips one after the other, and not for ever: after three tips others have their turn.
    """
    kept = known.learned
    pinned = next((one for one in kept if one.standing is Standing.PINNED), None)
    if pinned is not None:
        return Next(pinned.rule, Because.PINNED)
    before = known.shown_tips[-1].partition(".")[0] if known.shown_tips else ""
    due = [one for one in kept if _due(one, today) and one.rule != before]
    if not due:
        return Next()
    first = max(due, key=lambda one: (one.last in _SORE, _faded(one, today), one.rule))
    why = {Grade.MISSED: Because.MISSED, Grade.AGAIN: Because.AGAIN}.get(first.last or Grade.MET)
    return Next(first.rule, why or Because.FADED, first.on)


def muted(known: Known) -> frozenset[str]:
    """The rules they want no tips about."""
    return frozenset(one.rule for one in known.learned if one.standing is Standing.MUTED)


def _due(one: Learned, today: date) -> bool:
    fresh = one.standing is Standing.PLAIN and one.tips < _TIPS
    return fresh and one.due is not None and one.due <= today


def _faded(one: Learned, today: date) -> float:
    """How far it is forgotten: days since, for the days it lasts."""
    return (today - (one.on or today)).days / max(one.stability, 0.01)


def counts(before: Learned, grade: Grade, on: date) -> bool:
    """Whether this moves what is known of a rule: once a day, and a miss after a hit.

    Whoever reviews twenty replies in a day has not learnt it twenty times.
    """
    if before.on != on or before.last is None:
        return True
    return grade in _SORE and before.last not in _SORE


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def noted(outcomes: Mapping[str, Grade], known: Known, playbook: Playbook) -> tuple[Graded, ...]:
    """What is noted of each rule where its criteria came to that; nothing for who has not agreed.

    A rule of which anything was missing was missed.
    """
    if not known.preferences.learns:
        return ()
    found: dict[str, Grade] = {}
    for name, grade in outcomes.items():
        for rule in playbook.judging.criteria[name].rules:
            found[rule] = Grade.MISSED if Grade.MISSED in (grade, found.get(rule)) else grade
    return tuple(Graded(rule, grade) for rule, grade in sorted(found.items()))


def offered(known: Known, playbook: Playbook) -> tuple[Choice, ...]:
    """The way to what is noted; for who has not asked yet for tips that follow it, the question."""
    name = "show" if known.preferences.learns else "learn"
    return (Choice(playbook.wording.label(f"mine.{name}"), f"mine.{name}"),)


def stands(rule: str, standing: Standing, playbook: Playbook) -> tuple[Choice, ...]:
    """What can be done about a rule: pinned or muted, and back."""
    names = ("pin", "mute") if standing is Standing.PLAIN else ("plain",)
    return tuple(Choice(playbook.wording.label(f"mine.page.{name}"), f"mine.{name}", rule) for name in names)


def told(found: tuple[Graded, ...], playbook: Playbook) -> tuple[Note, ...]:
    """What was just noted, said where it was noted."""
    if not found:
        return ()
    missed, met = (sum(one.grade is grade for one in found) for grade in (Grade.MISSED, Grade.MET))
    return (Note(playbook.wording.say("mine.noted", missed=missed, met=met)),)
