"""What came lately of the reminders a person may see: the date of each, and what became of it."""

from coaching.kept import Outcome, Past
from coaching.people import Schedule
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.listing import choices, named, seen
from coaching.turn import Known, Turn
from coaching.values import Block, Heading, Message, Note, Para, Points, Reply, Text
from coaching.when import on

_LINES = 10  # more than these nobody reads
_OVER = (Outcome.ARRIVED, Outcome.SKIPPED, Outcome.FAILED, Outcome.UNKNOWN)


def show(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The last ones in all, reminder by reminder."""
    wording = playbook.wording
    past = tuple(p for p in known.lately if p.outcome in _OVER)[:_LINES]
    blocks: list[Block] = [Heading(wording.say("schedules.lately.title"))]
    for schedule in seen(message, known):
        lines = tuple(_line(p, schedule, wording) for p in past if p.schedule == schedule.id)
        if lines:
            blocks += [Para(named(schedule, wording)), Points(lines)]
    if len(blocks) == 1:
        blocks.append(Para(wording.say("schedules.lately.none")))
    if any(p.outcome is Outcome.UNKNOWN for p in past):
        blocks.append(Note(wording.say("schedules.lately.why_unknown")))
    return Turn((Reply(tuple(blocks), choices(wording)),))


def _line(past: Past, schedule: Schedule, wording: Wording) -> Text:
    how = past.outcome.value
    if past.outcome is Outcome.SKIPPED and schedule.audience.shared:
        how = "skipped_team"
    return wording.say(f"schedules.lately.{how}", day=on(past.day, wording))
