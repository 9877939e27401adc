"""help: to be written."""

from coaching.playbook.reader import Playbook
from coaching.turn import Known, Turn
from coaching.values import Message, Para, Reply


def help(message: Message, known: Known, playbook: Playbook) -> Turn:  # noqa: A001 - the skill's name
    """Answer."""
    return Turn((Reply((Para(("help",)),)),))


def hello(message: Message, known: Known, playbook: Playbook) -> Reply:
    """First contact."""
    return Reply((Para(("hello",)),))
