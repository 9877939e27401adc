"""tips: to be written."""

from coaching.playbook.reader import Playbook
from coaching.turn import Fact, Known, Turn
from coaching.values import Due, Letter, Message, Para, Reply


def tips(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Answer."""
    del message, known, playbook
    return Turn((Reply((Para(("tips",)),)),))


def letter(due: Due, known: Known, playbook: Playbook) -> tuple[Letter, tuple[Fact, ...]]:
    """The reminder, and what to remember of it."""
    del known, playbook
    return Letter(
        due.schedule.to,
        "A1",
        due.occurrence,
        Reply((Para(("tip",)),), only_you=due.schedule.to.private),
    ), ()
