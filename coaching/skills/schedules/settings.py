"""How the coach should be for one person: time zone, fewer words, quiet hours, days off, leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from coaching.people import For, Slot, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.fields import (
    a_time,
    a_zone,
    days_field,
    picked,
    some_days,
    written,
)
from coaching.skills.schedules.listing import choices, swallowed, visible
from coaching.skills.schedules.rest import LONGEST
from coaching.turn import Known, Preferences, PreferencesSet, ScheduleMoved, Turn
from coaching.values import (
    Block,
    Choice,
    Field,
    FieldValue,
    Form,
    Heading,
    Kind,
    Message,
    Note,
    Option,
    Para,
    Points,
    Reply,
    Said,
    Submitted,
)
from coaching.when import local, settled, zone_of


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sent form while it is read, with what has to be mended so far, by field."""

    fields: Mapping[str, FieldValue]
    wording: Wording
    problems: dict[str, str] = field(default_factory=dict)

    def mend(self, name: str, problem: str) -> None:
        """Note what is wrong at a field."""
        self.problems[name] = self.wording.label(f"schedules.problem.{problem}")


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The settings as they are now, to be changed."""
    wording = playbook.wording
    if isinstance(message.content, Said):
        button = Choice(wording.label("schedules.ask.open_settings"), "schedules.settings", "", "primary")
        lines = Points(settled(known.preferences, wording))
        return Turn((Reply((Para(wording.say("schedules.ask.settings")), lines), (button,)),))
    now = known.preferences
    return Turn((_form(replace(now, zone=zone_of(message, known)), message, {}, wording),))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: kept, or shown again with what to mend."""
    wording = playbook.wording
    sheet = _Sheet(sent.fields, wording)
    wished = _wished(sheet, message, known)
    if sheet.problems:
        return Turn((_form(wished, message, sheet.problems, wording),))
    blocks: tuple[Block, ...] = (
        Heading(wording.say("schedules.settings.saved")),
        Points(settled(wished, wording)),
    )
    if swallowed(visible(message, known), message.at, replace(known, preferences=wished)):
        blocks = (*blocks, Note(wording.say("schedules.set.silent")))
    if wished.zone is None or not _elsewhere(message, known, wished.zone):
        return Turn((Reply(blocks, choices(wording)),), (PreferencesSet(wished),))
    note = Note(wording.say("schedules.settings.other_zone"))
    label = wording.label("schedules.settings.travel", zone=wished.zone.name)
    button = Choice(label, "schedules.travel")
    return Turn((Reply((*blocks, note), (button, *choices(wording))),), (PreferencesSet(wished),))


def travel(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The person's own reminders move to the zone of their settings."""
    wording, zone = playbook.wording, known.preferences.zone
    if zone is None:
        return ask(message, known, playbook)
    facts = tuple(
        ScheduleMoved(number, replace(slot, zone=zone)) for number, slot in _elsewhere(message, known, zone)
    )
    said = Para(wording.say("schedules.done.moved", zone=zone.name))
    return Turn((Reply((said,), choices(wording)),), facts)


def move_to(zone: Zone, message: Message, known: Known, playbook: Playbook) -> Turn:
    """A person says where they are now: their zone, and their own reminders with it."""
    there = replace(known, preferences=replace(known.preferences, zone=zone))
    moved = travel(message, there, playbook)
    return replace(moved, facts=(PreferencesSet(there.preferences), *moved.facts))


def _elsewhere(message: Message, known: Known, zone: Zone) -> tuple[tuple[int, Slot], ...]:
    """(id, slot) of the person's own reminders that follow another zone."""
    return tuple(
        (s.id, s.slot) for s in visible(message, known) if s.audience is For.ME and s.slot.zone != zone
    )


def _wished(sheet: _Sheet, message: Message, known: Known) -> Preferences:
    zone = _zone(sheet)
    start, end = _quiet(sheet)
    now, back = known.preferences, _back(sheet, _today(message, zone))
    return Preferences(
        zone,
        "less" in picked(sheet.fields, "less_words"),
        start,
        end,
        some_days(picked(sheet.fields, "days_off")),
        back,
        now.model,
        "repeats" in picked(sheet.fields, "less_words"),
        now.learns,
        now.away_from if back == now.away_until else None,
    )


def _optional_time(name: str, sheet: _Sheet) -> time | None:
    at = a_time(picked(sheet.fields, name))
    if at is None and any(picked(sheet.fields, name)):
        sheet.mend(name, "time")
    return at


def _quiet(sheet: _Sheet) -> tuple[time | None, time | None]:
    start, end = _optional_time("quiet_from", sheet), _optional_time("quiet_until", sheet)
    if (start is None) != (end is None) and not sheet.problems:
        sheet.mend("quiet_from" if start is None else "quiet_until", "quiet")
    return start, end


def _zone(sheet: _Sheet) -> Zone | None:
    zone = a_zone(picked(sheet.fields, "zone"))
    if zone is None and any(picked(sheet.fields, "zone")):
        sheet.mend("zone", "zone")
    return zone


def _back(sheet: _Sheet, today: date) -> date | None:
    text = "".join(picked(sheet.fields, "away_until"))
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        sheet.mend("away_until", "date")
        return None
    if not today < day <= today + LONGEST:
        sheet.mend("away_until", "leave")
    return day


def _form(now: Preferences, message: Message, problems: Mapping[str, str], wording: Wording) -> Form:
    today = _today(message, now.zone)
    away = now.away_until if now.away_until and now.away_until > today else None
    hint = wording.label("schedules.settings.quiet_hint")
    ways = {"less": now.less_words, "repeats": now.repeats}
    labels = {"less": "schedules.settings.fewer", "repeats": "schedules.settings.repeats"}
    return Form(
        "schedules.settings",
        wording.label("schedules.settings.title"),
        (Para(wording.say("schedules.settings.intro")),),
        (
            _field("zone", Kind.ZONE, (now.zone.name,) if now.zone else (), problems, wording),
            replace(
                _field("less_words", Kind.MANY, tuple(n for n, on in ways.items() if on), problems, wording),
                options=tuple(Option(name, wording.label(key)) for name, key in labels.items()),
                hint=wording.label("schedules.settings.repeats_hint"),
            ),
            _field("quiet_from", Kind.TIME, written(now.quiet_from), problems, wording),
            replace(_field("quiet_until", Kind.TIME, written(now.quiet_until), problems, wording), hint=hint),
            days_field("days_off", wording.label("schedules.settings.days_off"), now.days_off, wording),
            replace(
                _field("away_until", Kind.DATE, (away.isoformat(),) if away else (), problems, wording),
                hint=wording.label("schedules.settings.away_hint"),
            ),
        ),
        submit=wording.label("schedules.form.save"),
    )


def _field(
    name: str, kind: Kind, chosen: tuple[str, ...], problems: Mapping[str, str], wording: Wording
) -> Field:
    label = wording.label(f"schedules.settings.{name}")
    return Field(name, label, kind, picked=chosen, optional=True, problem=problems.get(name, ""))


def _today(message: Message, zone: Zone | None) -> date:
    return local(message.at, zone or Zone("UTC")).date()
