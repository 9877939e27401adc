"""Promises kept: offered under a review, kept on yes, said the evening before and at the time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from hashlib import blake2b

from coaching.kept import Promise
from coaching.pasted import split
from coaching.people import Day, Place, Room, Slot, Zone
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.skills.promises import screens
from coaching.skills.promises.find import LONGEST, promised
from coaching.skills.promises.moments import moments
from coaching.turn import Known, PromiseEnded, PromiseKept, PromiseMoved, Turn
from coaching.values import Command, FieldValue, Handed, Message, Reply, Said, Submitted, Tapped
from coaching.when import UnknownZoneError, local, occurrences, upcoming, zone, zone_of

EVENING = time(18)
MOST = 30  # promises of one person


def promises(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The next screen; whatever is not known here shows what is kept."""
    match message.content:
        case Submitted(form="promises.keep", fields=fields, state=state):
            return _submitted(fields, state, message, known, playbook)
        case Tapped(action="promises.open", value=value):
            return _open(value, message, known, playbook)
        case Tapped(action="promises.done" | "promises.delete" as action, value=value):
            return _ended(_by(value, known), action.rpartition(".")[2], (message, known, playbook))
        case Tapped(action="promises.again", value=value):
            return _again(_by(value, known), message, known, playbook)
        case _:
            return Turn((screens.listed(message, known, playbook),))


def offered(turn: Turn, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The same turn; under the review of a reply that promises something, the offer to be reminded of it."""
    found = promised(_draft(message, playbook), playbook.promising)
    if found is None or not turn.replies or not isinstance(turn.replies[-1], Reply):
        return turn
    where = zone_of(message, known) or Zone("UTC")
    coming = moments(found.when, local(message.at, where).replace(tzinfo=None), where, playbook.promising)
    key = blake2b(message.id.encode("utf-8", "replace"), digest_size=6, person=b"promise").hexdigest()
    value = f"{key}|{screens.carried(coming)}"
    words = Words(found.phrase)
    last = screens.offer(turn.replies[-1], words, value, playbook)
    return replace(turn, replies=(*turn.replies[:-1], last), offers=((key, words),))


def _draft(message: Message, playbook: Playbook) -> str:
    """The reply that was reviewed."""
    match message.content:
        case Submitted(fields=fields):
            words = fields.get("draft")
            return words.reveal() if isinstance(words, Words) else ""
        case Handed(words=words, own=True):
            return words.reveal()
        case Said(words=words) | Command(rest=words):
            return split(words.reveal(), playbook.pasting).draft
        case _:
            return ""


def _open(value: str, message: Message, known: Known, playbook: Playbook) -> Turn:
    coming = _moments(value.partition("|")[2])
    asked = screens.Asked(known.offered or Words(""), coming, zone_of(message, known))
    return Turn((screens.keep(asked, playbook),))


def _submitted(
    fields: Mapping[str, FieldValue], state: str, message: Message, known: Known, playbook: Playbook
) -> Turn:
    """Kept as it was sent, or shown again with what to mend."""
    words = fields.get("what")
    said = words if isinstance(words, Words) else Words("")
    where = _zone(_one(fields, "zone")) or zone_of(message, known)
    picked = _picked(fields)
    slot = _slot(picked, where) if picked is not None and where is not None else None
    full = len(known.promises) >= MOST
    if not said or full or picked is None or where is None or slot is None or not _comes(slot, message.at):
        own = _one(fields, "day"), _one(fields, "time")
        asked = screens.Asked(said, _moments(state), where, own, sent=True, full=full)
        return Turn((screens.keep(asked, playbook),))
    text = Words(" ".join(said.reveal().split())[:LONGEST])
    fact = PromiseKept(text, slot, _eve(picked, where, message.at), _chat(message))
    return Turn((screens.kept(fact, message, known, playbook),), (fact,))


def _ended(one: Promise | None, how: str, told: tuple[Message, Known, Playbook]) -> Turn:
    if one is None:
        return Turn((screens.listed(*told, gone=True),))
    return Turn((screens.ended(how, told[2]),), (PromiseEnded(one.id),))


def _again(one: Promise | None, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The next day that is no day of rest, at the same time; not the evening before it."""
    if one is None:
        return Turn((screens.listed(message, known, playbook, gone=True),))
    today = local(message.at, one.slot.zone).date()
    coming = upcoming(Slot(one.slot.zone, one.slot.at, frozenset(Day)), message.at, known.preferences, 2)
    day = next((day for day, _ in coming if day > today), today + timedelta(days=1))
    slot = _slot(datetime.combine(day, one.slot.at), one.slot.zone)
    return Turn((screens.again(slot, message, playbook),), (PromiseMoved(one.id, slot),))


def _by(value: str, known: Known) -> Promise | None:
    return next((one for one in known.promises if str(one.id) == value), None)


def _slot(at: datetime, where: Zone) -> Slot:
    return Slot(where, at.time(), frozenset({Day(at.isoweekday())}), at.date())


def _eve(picked: datetime, where: Zone, now: datetime) -> Slot | None:
    """The evening before; None where that is over."""
    eve = _slot(datetime.combine(picked.date() - timedelta(days=1), EVENING), where)
    return eve if _comes(eve, now) else None


def _comes(slot: Slot, now: datetime) -> bool:
    return next(occurrences(slot, now), None) is not None


def _picked(fields: Mapping[str, FieldValue]) -> datetime | None:
    """The time that was chosen; a day or a time of one's own goes before its day or its time."""
    chosen, day, at = (_one(fields, name) for name in ("when", "day", "time"))
    on, _, usual = chosen.partition("T")
    return _moment(f"{day or on}T{at or usual}")


def _one(fields: Mapping[str, FieldValue], name: str) -> str:
    value = fields.get(name)
    return value[0] if isinstance(value, tuple) and value else ""


def _moments(text: str) -> tuple[datetime, ...]:
    """The times a button or a form carries."""
    return tuple(one for piece in text.split("|") if (one := _moment(piece)) is not None)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - on the wall clock of a zone
    except ValueError:
        return None


def _zone(text: str) -> Zone | None:
    try:
        return zone(text)
    except UnknownZoneError:
        return None


def _chat(message: Message) -> Place:
    """The person's private chat."""
    if message.where.room is Room.DIRECT:
        return replace(message.where, thread=None)
    return Place(message.who.platform, message.who.tenant, message.who.user)
