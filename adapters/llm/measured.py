"""What a model may judge: what `make eval-llm` measured it to judge as people do, by its result file."""

import json
from collections.abc import Mapping
from pathlib import Path

KAPPA, FLIPS = 0.60, 0.03  # at least this agreement; at most this share of verdicts that a name changes
LEAST = 100  # verdicts, and pairs of names, that it was measured on


class MeasuredError(Exception):
    """The file gives no model anything to judge; the message says why."""


def trusted(file: Path, model: str, prompt: str) -> frozenset[str]:
    """The criteria this model may judge with this prompt. Raises MeasuredError."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        of, prompts = found["model"], found["prompts"]
        may = frozenset(name for name, of_it in found["judge"].items() if passes(of_it))
    except OSError:
        raise MeasuredError(f"{file} cannot be read.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MeasuredError(f"{file} is no result of make eval-llm.") from None
    if of != model:
        raise MeasuredError(f"{file} tells of the model {of}, and the one in use is {model}.")
    if prompt not in prompts:
        raise MeasuredError(f"{file} tells of other instructions than those in use.")
    return may


def passes(measured: Mapping[str, object]) -> bool:
    """Whether figures are good enough, and of enough."""
    kappa, flips = float(str(measured["kappa"])), float(str(measured["flips"]))
    least = min(int(str(measured["n"])), int(str(measured["swapped"])))
    return kappa >= KAPPA and flips <= FLIPS and least >= LEAST
