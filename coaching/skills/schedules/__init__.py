"""Reminders, team tips and settings: which screen a message wants."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from coaching.intent import wanted
from coaching.playbook.reader import Playbook
from coaching.ports import Skill
from coaching.skills.schedules import lately, listing, mine, settings, team
from coaching.turn import Known, Turn
from coaching.values import Command, Message, Said, Submitted, Tapped

_TAPPED: Mapping[str, Skill] = MappingProxyType(
    {
        "schedules.open": mine.open_form,
        "schedules.list": listing.show,
        "schedules.history": lately.show,
        "schedules.pause": listing.pause,
        "schedules.resume": listing.resume,
        "schedules.change": mine.change,
        "schedules.delete": listing.delete,
        "schedules.stop": listing.stop,
        "schedules.team": team.ask,
        "schedules.settings": settings.ask,
        "schedules.travel": settings.travel,
    }
)
_SENT: Mapping[str, Callable[[Submitted, Message, Known, Playbook], Turn]] = MappingProxyType(
    {"schedules.mine": mine.submit, "schedules.team": team.submit, "schedules.settings": settings.submit}
)
_TYPED: Mapping[str, Skill] = MappingProxyType(
    {"remind.list": listing.show, "team": team.ask, "settings": settings.ask}
)


def schedules(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Answer; whatever is not known here shows the list, which leads everywhere."""
    want = wanted(message, playbook)
    match message.content:
        case Tapped(action=name):
            answer = _TAPPED.get(name, listing.show)
        case Submitted(form=name) as sent if name in _SENT:
            return _SENT[name](sent, message, known, playbook)
        case Command(rest=typed) | Said(words=typed) if want == "remind":
            return mine.ask(typed, message, known, playbook)
        case _:
            answer = _TYPED.get(want, listing.show)
    return answer(message, known, playbook)
