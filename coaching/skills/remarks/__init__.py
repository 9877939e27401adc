"""What customers keep saying: noted for the team after a look at what is kept, and what became of it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from coaching.kept import Fate
from coaching.people import Place, Room
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.skills.remarks import screens
from coaching.skills.remarks.kept import LIMIT, REASON, clean, group_of, groups, key_of
from coaching.turn import Known, RemarkDropped, RemarkKept, RemarksFated, Turn
from coaching.values import Command, FieldValue, Handed, Message, Para, Reply, Said, Submitted, Tapped

_CUSTOMERS_WORDS = "customer"  # the field: safety reads it as somebody else's words
_FATES = MappingProxyType({f"remarks.{fate.value}": fate for fate in Fate})


def remarks(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The next screen; whatever is not known here shows the form."""
    match message.content:
        case Said() | Command() if known.understood.name == "remarks.list":
            return _list(message, known, playbook)
        case Handed(words=words) | Command(rest=words) | Said(words=words):
            return Turn((_form(words, message, playbook),))
        case Submitted(form="remarks.keep", fields=fields):
            return _submitted(fields, message, known, playbook)
        case Submitted(form="remarks.wont", fields=fields, state=state):
            return _declined(fields, state, message, known, playbook)
        case Tapped() as tapped:
            return _tapped(tapped, message, known, playbook)
        case _:
            return Turn((_form(Words(""), message, playbook),))


def _tapped(tapped: Tapped, message: Message, known: Known, playbook: Playbook) -> Turn:
    match tapped.action:
        case "remarks.list":
            return _list(message, known, playbook)
        case "remarks.answer":
            return Turn((screens.answer(playbook),))
        case "remarks.drop":
            return _dropped(tapped.value, message, playbook)
        case "remarks.wont":
            return Turn((screens.why(tapped.value, playbook),))
        case action if action in _FATES:
            return _settled(tapped.value, _FATES[action], None, (message, known, playbook))
        case _:
            return Turn((_form(Words(""), message, playbook),))


def _list(message: Message, known: Known, playbook: Playbook) -> Turn:
    return Turn((screens.listed(groups(known.remarks, playbook), message, playbook),))


def about(message: Message) -> Place:
    """The channel whose remarks a message is about: the one it names, else where it was said."""
    channel = message.where.id
    match message.content:
        case Submitted(form="remarks.keep", fields=fields):
            picked = fields.get("channel")
            channel = picked[0] if isinstance(picked, tuple) and picked else ""
        case Tapped(value=value) if "|" in value and message.where.room is not Room.CHANNEL:
            channel = value.partition("|")[2]
    return replace(message.where, id=channel, room=Room.CHANNEL, thread=None)


def _form(words: Words, message: Message, playbook: Playbook) -> screens.Form:
    here = message.where.room is Room.CHANNEL
    said, taken = clean(words.reveal(), playbook, LIMIT)
    channel = message.where.id if here and not message.where.everyone else ""
    return screens.keep(screens.Asked(Words(said), channel, here, taken=taken), playbook)


def _submitted(fields: Mapping[str, FieldValue], message: Message, known: Known, playbook: Playbook) -> Turn:
    """Kept only as it was shown: where something has to be taken out, it is shown again."""
    given, reference, to = fields.get(_CUSTOMERS_WORDS), fields.get("reference"), about(message)
    written = given.reveal() if isinstance(given, Words) else ""
    said, taken = clean(written, playbook, LIMIT)
    number = reference if isinstance(reference, Words) and reference else None
    here = message.where.room is Room.CHANNEL
    asked = screens.Asked(Words(said), to.id, here, number, taken, sent=True)
    if not said or not to.id or said != written.strip():
        return Turn((screens.keep(asked, playbook),))
    same = group_of(said, known.remarks, playbook)
    key = key_of(message)
    if any(one.key == key for one in known.remarks):
        same = tuple(one for one in same if one.key != key)
    done = screens.kept(Words(said), same, f"{key}|{to.id}", to, playbook)
    return Turn((done,), (RemarkKept(key, Words(said), to, number),))


def _dropped(value: str, message: Message, playbook: Playbook) -> Turn:
    said = Para(playbook.wording.say("remarks.dropped"))
    return Turn((Reply((said,)),), (RemarkDropped(value.partition("|")[0], about(message)),))


def _declined(
    fields: Mapping[str, FieldValue], key: str, message: Message, known: Known, playbook: Playbook
) -> Turn:
    given = fields.get("because")
    written = given.reveal() if isinstance(given, Words) else ""
    said, _ = clean(written, playbook, REASON)
    if not said or said != written.strip():
        return Turn((screens.why(key, playbook, Words(said), sent=True),))
    return _settled(key, Fate.WONT, Words(said), (message, known, playbook))


def _settled(key: str, fate: Fate, because: Words | None, told: tuple[Message, Known, Playbook]) -> Turn:
    """Set for the whole group, and said in the channel."""
    message, known, playbook = told
    found = next((g for g in groups(known.remarks, playbook) if any(r.key == key for r in g.remarks)), None)
    if found is None or message.where.room is not Room.CHANNEL:
        return Turn((Reply((Para(playbook.wording.say("remarks.gone")),)),))
    keys = tuple(one.key for one in found.remarks)
    replies = screens.settled(found, fate, because, playbook)
    return Turn(replies, (RemarksFated(keys, about(message), fate, because),))
