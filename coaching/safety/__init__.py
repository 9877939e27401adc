"""Danger goes before everything else: it is heard by rules as data and answered with fixed texts."""

from coaching.safety.cards import card, footer, helplines, people
from coaching.safety.listen import ABUSE, CRISIS, listen, listen_to, settled

__all__ = ["ABUSE", "CRISIS", "card", "footer", "helplines", "listen", "listen_to", "people", "settled"]
