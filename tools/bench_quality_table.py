"""Prints the figures as tables: a line for each measure, a column for each judge, the goal beside."""

from collections.abc import Mapping, Sequence

from coaching.playbook.rules import CRITERIA
from tools.bench_quality_cost import Cost
from tools.bench_quality_figures import Figures

# What is measured: its name here, in the figures, and the goal.
MEASURES = (
    ("balanced accuracy of verdicts in play, mean of R1..R8", "balanced", 0.75),
    ("F1 of not applicable, mean", "not applicable", 0.75),
    ("F1 of not applicable, pooled", "not applicable, pooled", 0.75),
    ("good replies told “send it”", "good sent", 0.80),
    ("weak replies given one thing", "weak told", 0.95),
    ("overall grade, Spearman", "spearman", 0.75),
    ("better of two replies to the same customer", "pairs", 0.92),
    ("disrespect (R1 missed), recall", "R1 recall", 0.80),
    ("disrespect (R1 missed), precision", "R1 precision", 0.75),
    ("defensiveness (R3 missed), recall", "R3 recall", 0.70),
    ("defensiveness (R3 missed), precision", "R3 precision", 0.70),
    ("quoted spans, token F1", "token F1", 0.50),
    ("quoted spans, token F1, pooled", "token F1, pooled", None),
    ("words of a quote, median", "quote words", -12.0),  # negative: at most
    ("quotes not in the reply", "quotes not in the reply", 0.0),
)
COSTS = (("CPU ms, p50", "p50", 2.0), ("CPU ms, p95", "p95", 6.0), ("load, CPU ms", "load", 150.0))
MEMORY = ("memory, MB", "memory", 20.0)


def number(value: float | None) -> str:
    """As in a table: two digits, a dash where there is nothing."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value == int(value) and abs(value) > 1 else f"{value:.2f}"


def quality(judges: Mapping[str, Figures]) -> list[str]:
    """The measures of everybody; Breather's column comes first and is held against the goal."""
    lines = header(["measure", "goal", *judges])
    for told, name, goal in MEASURES:
        own = next(iter(judges.values()))[name]
        values = [number(figures.get(name)) for figures in judges.values()]
        lines.append(line([told, _goal(goal), values[0] + _holds(own, goal), *values[1:]]))
    return lines


def criteria(judges: Mapping[str, Figures]) -> list[str]:
    """Each criterion: balanced accuracy in play, and F1 of not applicable."""
    lines = header(["criterion", *(f"{name}, {what}" for name in judges for what in ("in play", "n/a F1"))])
    for name in CRITERIA:
        values = [
            number(figures.get(key))
            for figures in judges.values()
            for key in (f"{name} balanced", f"{name} not applicable")
        ]
        lines.append(line([name, *values]))
    return lines


def cost(found: Mapping[str, Cost]) -> list[str]:
    """What everybody costs."""
    lines = header(["cost", "goal", *found])
    for told, name, goal in (*COSTS, MEMORY):
        values = [number(round(getattr(one, name), 2)) for one in found.values()]
        own = getattr(next(iter(found.values())), name)
        lines.append(line([told, f"≤ {goal:.0f}", values[0] + _holds(own, -goal), *values[1:]]))
    return lines


def header(names: Sequence[str]) -> list[str]:
    """The first two lines of a table."""
    return [line(names), "|" + "---|" * len(names)]


def line(cells: Sequence[str]) -> str:
    """One of its lines."""
    return f"| {' | '.join(cells)} |"


def _goal(goal: float | None) -> str:
    if goal is None:
        return ""
    return f"≤ {-goal:.0f}" if goal < 0 else "0" if goal == 0 else f"≥ {goal:.2f}"


def _holds(value: float | None, goal: float | None) -> str:
    """A mark where the goal is missed."""
    if value is None or goal is None:
        return ""
    fine = value <= -goal if goal <= 0 else value >= goal
    return "" if fine else " (missed)"
