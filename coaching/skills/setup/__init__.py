"""What an administrator sets for a whole workspace: settings, never people."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.ports import Skill
from coaching.skills.setup import lines, sheet
from coaching.turn import Known, Turn
from coaching.values import Message, Para, Reply, Submitted, Tapped

_TAPPED: Mapping[str, Skill] = MappingProxyType(
    {
        "setup.lines": lines.show,
        "setup.add": lines.add,
        "setup.checked": lines.checked,
        "setup.remove": lines.removed,
    }
)
_SENT: Mapping[str, Callable[[Submitted, Message, Known, Playbook], Turn]] = MappingProxyType(
    {"setup.sheet": sheet.submit, "setup.line": lines.submit}
)


def setup(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form, or the lines to call; to anybody but an administrator, whom to ask."""
    if not known.admin:
        return _for_administrators(message, playbook)
    match message.content:
        case Submitted(form=name) as sent if name in _SENT:
            return _SENT[name](sent, message, known, playbook)
        case Tapped(action=name):
            return _TAPPED.get(name, sheet.ask)(message, known, playbook)
        case _:
            return sheet.ask(message, known, playbook)


def _for_administrators(message: Message, playbook: Playbook) -> Turn:
    """Kindly: who may, and the id that whoever runs Breather needs to let this person do it."""
    wording = playbook.wording
    said = Para(wording.say("setup.only"))
    way = Para(wording.say(f"setup.become.{message.where.platform}", id=message.who.user))
    return Turn((Reply((said, way)),))
