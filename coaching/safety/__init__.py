"""Danger goes before everything else: it is heard by rules as data and answered with fixed texts."""

from coaching.safety.cards import answer, card, footer, helplines, misheard_card, people
from coaching.safety.listen import ABUSE, CRISIS, listen, listen_to, misheard, settled

__all__ = [
    "ABUSE",
    "CRISIS",
    "answer",
    "card",
    "footer",
    "helplines",
    "listen",
    "listen_to",
    "misheard",
    "misheard_card",
    "people",
    "settled",
]
