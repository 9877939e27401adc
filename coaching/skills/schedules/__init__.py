"""Reminders, team tips and settings: which screen a message wants."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.ports import Skill
from coaching.sealed import Words
from coaching.skills.schedules import lately, listing, mine, rest, settings, team, theme, words
from coaching.turn import Known, Turn
from coaching.values import Command, Message, Said, Submitted, Tapped
from coaching.when import Act

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
        "schedules.digest": team.ask_digest,
        "schedules.theme": theme.ask,
        "schedules.preview": theme.preview,
        "schedules.send": theme.send,
        "schedules.settings": settings.ask,
        "schedules.travel": settings.travel,
        "schedules.take": words.take,
        "schedules.rest": rest.take,
    }
)
_SENT: Mapping[str, Callable[[Submitted, Message, Known, Playbook], Turn]] = MappingProxyType(
    {
        "schedules.mine": mine.submit,
        "schedules.team": team.submit,
        "schedules.digest": team.submit,
        "schedules.theme": theme.submit,
        "schedules.settings": settings.submit,
    }
)
_TYPED: Mapping[str, Skill] = MappingProxyType(
    {"remind": mine.ask, "remind.list": listing.show, "team": team.ask, "settings": settings.ask}
)
_RESTS = (Act.PAUSE, Act.RESUME, Act.UPDATE)  # "I am on leave until Monday" is said of settings


def schedules(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Answer; whatever is not known here shows the list, which leads everywhere."""
    want = known.understood.name
    match message.content:
        case Tapped(action=name):
            answer = _TAPPED.get(name, listing.show)
        case Submitted(form=name) as sent if name in _SENT:
            return _SENT[name](sent, message, known, playbook)
        case Command(rest=typed) | Said(words=typed):
            return _typed(typed, want, message, known, playbook)
        case _:
            answer = listing.show
    return answer(message, known, playbook)


def _typed(typed: Words, want: str, message: Message, known: Known, playbook: Playbook) -> Turn:
    """What the words wish for; where they leave it open, the screen for what is wanted."""
    found = words.wishes(typed, message, known)
    acts = {wish.act for wish in found}
    carried_out = {
        "remind": bool(found),
        "remind.list": bool(found),
        "settings": bool(acts) and acts <= set(_RESTS),
        "team": bool(acts) and not acts & {Act.CREATE, Act.CLARIFY},
    }
    if carried_out.get(want, False):
        return words.answer(found, message, known, playbook)
    return _TYPED.get(want, listing.show)(message, known, playbook)
