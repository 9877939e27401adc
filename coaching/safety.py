"""Hears danger before any skill does, by rules as data; answers with fixed texts and looks for no emotion."""

from coaching.playbook.care import Care, Danger
from coaching.playbook.reader import Playbook
from coaching.turn import Setup
from coaching.values import Block


def listen(text: str, care: Care) -> Danger:
    """The gravest danger the text tells of, or NONE. Offline, no state, nothing is kept."""
    del text, care
    return Danger.NONE


def card(danger: Danger, setup: Setup, playbook: Playbook) -> tuple[Block, ...]:
    """The fixed answer to a danger, with the people and lines to turn to."""
    del danger, setup, playbook
    return ()
