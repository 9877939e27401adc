"""When a rule has likely faded, by FSRS with its own parameters; the library is imported on first use."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from coaching.learned import Grade, Learned

if TYPE_CHECKING:
    from fsrs import Scheduler

_RATING = {Grade.MISSED: 1, Grade.AGAIN: 1, Grade.MET: 3, Grade.GOT_IT: 4}  # again, good, easy
_LONGEST = 120  # days: within a season every rule that was ever seen comes once more


@dataclass(slots=True)
class Fsrs:
    """A Spacing by whole days: without chance, and without the minutes between cards learnt at a desk."""

    _scheduler: "Scheduler | None" = field(default=None, repr=False)

    def after(self, before: Learned, grade: Grade, on: date) -> Learned:
        """What is kept of a rule once this was found on that day."""
        from fsrs import Card, Rating, State

        if self._scheduler is None:
            self._scheduler = _scheduler()
        at = _noon(on)
        known = before.on is not None and before.stability > 0
        card = Card(  # with all of it given, for else it asks the clock
            card_id=0,
            state=State.Review if known else State.Learning,
            step=None if known else 0,
            stability=before.stability if known else None,
            difficulty=before.difficulty if known else None,
            due=at,
            last_review=_noon(min(before.on or on, on)) if known else None,
        )
        card, _ = self._scheduler.review_card(card, Rating(_RATING[grade]), review_datetime=at)
        stability, difficulty = card.stability or 0.0, card.difficulty or 0.0
        return replace(
            before, last=grade, on=on, due=card.due.date(), stability=stability, difficulty=difficulty
        )


def _scheduler() -> "Scheduler":
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=_LONGEST, enable_fuzzing=False)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
