"""Numbers for Prometheus, in its text format: about all deliveries together, with no label for anybody."""

from collections import Counter
from dataclasses import dataclass, field

from coaching.ports import Later, Posted
from storage.figures import Queue

OUTCOMES = ("sent", "later", "skipped", "failed", "unknown")
TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(slots=True, eq=False)
class Tally:
    """What became of the letters that this process settled."""

    counts: Counter[str] = field(default_factory=Counter)

    def settled(self, outcome: Posted | Later | None) -> None:
        """One letter more; None: it was not wanted any more."""
        match outcome:
            case None:
                self.counts["skipped"] += 1
            case Posted.GONE | Posted.NOT_IN_CHANNEL:
                self.counts["failed"] += 1
            case Posted.SENT | Posted.UNKNOWN:
                self.counts[outcome.value] += 1
            case _:
                self.counts["later"] += 1

    def reaped(self, number: int) -> None:
        """Letters whose sender is gone: nobody knows of them."""
        self.counts["unknown"] += number


def exposition(standing: Queue | None, tally: Tally, *, well: bool = True) -> str:
    """The page; without what the database would have told where it does not answer (None).

    Where it answers and still refuses what is to be written, it is not `well`.
    """
    lines = _gauge("breather_ready", "1 while the database can be used.", int(well and standing is not None))
    if standing is not None:
        lines += _gauge("breather_letters_due", "Letters due and not sent yet.", standing.due)
        lines += _gauge(
            "breather_oldest_due_seconds",
            "How long the oldest of them has waited.",
            round(standing.oldest.total_seconds(), 3),
        )
        lines += _gauge("breather_letters_sending", "Letters on their way.", standing.sending)
    name = "breather_letters_total"
    lines += [f"# HELP {name} Letters this process settled since it started.", f"# TYPE {name} counter"]
    lines += [f'{name}{{outcome="{outcome}"}} {tally.counts[outcome]}' for outcome in OUTCOMES]
    return "\n".join(lines) + "\n"


def _gauge(name: str, what: str, value: float) -> list[str]:
    return [f"# HELP {name} {what}", f"# TYPE {name} gauge", f"{name} {value}"]
