"""Draws the vent's table as docs/vent.md: python -m tools.draw_vent."""

from collections.abc import Callable
from pathlib import Path

from coaching.playbook.reader import read
from coaching.skills.vent.screens import CHIPS, LOOKS
from coaching.skills.vent.steps import ENDS, TABLE, Event, Screen

PAGE = Path(__file__).parent.parent / "docs" / "vent.md"
_HEAD = """# The vent space, screen by screen

Drawn from the table in `coaching/skills/vent/steps.py` by `python -m tools.draw_vent`; a test holds it
current.

A text lives for one request: it is sealed when it arrives, asked whether it tells of danger and whether it
is over by now, shredded, and the next screen is shown. The form's state carries the screen's name and one
flag (the help card was shown), never a word. **Get help now** leads from every screen to `help`; that arrow
is left out below.

```mermaid
stateDiagram-v2
"""


def page() -> str:
    """The whole page."""
    label = read().wording.label
    lines = []
    for (screen, event), then in TABLE.items():
        if event is Event.HELP and screen is not Screen.START:
            continue
        lines.append(f"    {_name(screen)} --> {_name(then)}: {_said(screen, event, label)}")
    buttons = "\n".join(f"- {label(f'vent.chip.{chip}')}" for chip in CHIPS)
    chips = "What fits? A person may tap one; it is never guessed and never kept:"
    return _HEAD + "\n".join(lines) + f"\n```\n\n{chips}\n\n{buttons}\n"


def _name(screen: Screen) -> str:
    return "[*]" if screen in ENDS | {Screen.START} else screen.value


_VERDICTS = {
    Event.FINE: "it is over by now",
    Event.ABUSE: "tells of abuse",
    Event.HARASSMENT: "tells of abuse at work",
    Event.CRISIS: "tells of a crisis",
    Event.WRONG: "told to do wrong",
    Event.OPEN: "opened",
    Event.OFTEN: "third time in an hour",
    Event.CLOSED: "vent is off",
    Event.CHIP: "one of the chips",
}


def _said(screen: Screen, event: Event, label: Callable[[str], str]) -> str:
    if event in _VERDICTS:
        return _VERDICTS[event]
    return label(LOOKS[screen].submit if event in {Event.NEXT, Event.SHRED} else f"vent.do.{event.value}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
