"""Somebody says that the coach took them the wrong way: it says sorry, and where help is, in full."""

from coaching import safety
from coaching.playbook.reader import Playbook
from coaching.turn import Known, Turn
from coaching.values import Message


def meant(_: Message, known: Known, playbook: Playbook) -> Turn:
    """One "no" is no all-clear, and nothing is kept of it: help is said once more."""
    return Turn((safety.misheard_card(known.setup, playbook),))
