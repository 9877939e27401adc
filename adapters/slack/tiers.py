"""Slack's limits as data: how often each method may be called, and what may safely be called twice."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_OTHERS = "T2"


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` calls at once and `minute` more in each minute; tips leave `reserve` of the burst alone."""

    burst: int
    minute: float
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class Method:
    """What is to be known of one method."""

    limit: Limit
    channel: Limit | None = None  # where each channel has a limit of its own
    again: bool = False  # twice does no harm


@dataclass(frozen=True, slots=True)
class Tiers:
    """Every method by its name; one that is not listed is treated with care."""

    methods: Mapping[str, Method]
    others: Method

    def of(self, name: str) -> Method:
        """What is known of this method."""
        return self.methods.get(name, self.others)


def read_tiers(text: str = "") -> Tiers:
    """The table beside this file, or another of its form."""
    told = tomllib.loads(text or (files("adapters.slack") / "tiers.toml").read_text(encoding="utf-8"))
    limits = {name: Limit(**limit) for name, limit in told["tiers"].items()}

    def method(row: Mapping[str, Any]) -> Method:
        own = limits["channel"] if row.get("channel") else None
        return Method(limits[row["tier"]], own, row.get("again", False))

    return Tiers({name: method(row) for name, row in told["methods"].items()}, Method(limits[_OTHERS]))
