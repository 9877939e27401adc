"""The weekly summary in a channel: what was heard three times or more, and what became of it."""

from datetime import date, timedelta

from coaching.playbook.reader import Playbook
from coaching.skills.remarks.kept import OFTEN, Group, groups
from coaching.skills.remarks.screens import SHOWN, lines
from coaching.turn import Known
from coaching.values import Choice, Due, Heading, Letter, Note, Para, Reply

_A_WEEK = timedelta(days=8)  # a summary that comes a day late leaves nothing out


def digest(due: Due, known: Known, playbook: Playbook) -> Letter | None:
    """The letter; None where nothing was heard so often, or nothing is new of what was settled."""
    say = playbook.wording.say
    found = tuple(group for group in groups(known.remarks, playbook) if _told(group, due.occurrence))
    if not found:
        return None
    stop = Choice(playbook.wording.label("remarks.digest.stop"), "schedules.stop", str(due.schedule.id))
    reply = Reply(
        (
            Heading(say("remarks.digest.title")),
            Para(say("remarks.digest.intro")),
            *lines(found[:SHOWN], playbook),
            Note(say("remarks.digest.keeps")),
        ),
        (stop,),
        only_you=False,
    )
    return Letter(due.schedule.to, "B4", due.occurrence, reply)


def _told(group: Group, today: date) -> bool:
    """Whether it belongs into a summary: often enough, and open, or settled or heard again this week."""
    if len(group.remarks) < OFTEN:
        return False
    last = group.last
    recent = [one.on for one in group.remarks] + ([last.fate_on] if last and last.fate_on else [])
    return last is None or max(recent) > today - _A_WEEK
