"""privacy: to be written."""

from coaching.playbook.reader import Playbook
from coaching.turn import Known, Turn
from coaching.values import Message, Para, Reply


def privacy(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Answer."""
    del message, known, playbook
    return Turn((Reply((Para(("privacy",)),)),))
