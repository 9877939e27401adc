"""A team tip's theme; the question that comes next, seen first by one person, and sent by hand."""

from datetime import date

from coaching import themes
from coaching.learned import ChannelTold, ThemeSet
from coaching.people import For, Schedule
from coaching.playbook.questions import Question
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.fields import picked
from coaching.skills.schedules.listing import by_id, choices, gone, only_administrators, tapped
from coaching.turn import Announce, Known, Turn
from coaching.values import Choice, Field, Form, Kind, Message, Note, Option, Para, Reply, Submitted
from coaching.when import local, occurrences

WEEK = "week"  # another one each week


def field(theme: str, playbook: Playbook) -> Field:
    """Which rule is asked about."""
    label = playbook.wording.label
    rules = tuple(
        Option(rule.id, label("schedules.theme.rule", id=rule.id, title=rule.title))
        for rule in playbook.rules.values()
    )
    return Field(
        "theme",
        label("schedules.theme.field"),
        Kind.ONE,
        (Option(WEEK, label("schedules.theme.week")), *rules),
        (theme if theme in playbook.rules else WEEK,),
        hint=label("schedules.theme.hint"),
        optional=True,
    )


def chosen(sent: Submitted, playbook: Playbook) -> str:
    """The rule that was picked; "" for another one each week."""
    return next((rule for rule in picked(sent.fields, "theme") if rule in playbook.rules), "")


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form for the theme."""
    schedule = _team(tapped(message), message, known)
    if schedule is None:
        return gone(message, known, playbook)
    label = playbook.wording.label
    form = Form(
        "schedules.theme",
        label("schedules.theme.title"),
        fields=(field(schedule.theme, playbook),),
        submit=label("schedules.form.save"),
        state=str(schedule.id),
    )
    return only_administrators(known, playbook.wording) or Turn((form,))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent."""
    schedule = _team(sent.state, message, known)
    if schedule is None:
        return gone(message, known, playbook)
    wording, rule = playbook.wording, chosen(sent, playbook)
    said = wording.say("schedules.theme.turning")
    if rule:
        said = wording.say("schedules.theme.kept", title=playbook.rules[rule].title)
    kept = Turn((Reply((Para(said),), _ways(schedule, wording)),), (ThemeSet(schedule.id, rule),))
    return only_administrators(known, wording) or kept


def preview(message: Message, known: Known, playbook: Playbook) -> Turn:
    """What comes next, for one person only, with a button to send it now."""
    schedule = _team(tapped(message), message, known)
    if schedule is None:
        return gone(message, known, playbook)
    wording, channel = playbook.wording, f"#{schedule.to.id}"
    found = themes.fresh(schedule, _next_day(schedule, message), known.aired, playbook)
    if found is None:
        return Turn((Reply((Para(wording.say("schedules.theme.none")),), choices(wording)),))
    send = Choice(wording.label("schedules.theme.send"), "schedules.send", f"{schedule.id}|{found.id}")
    lead = Note(wording.say("schedules.theme.next", channel=channel))
    theme = Choice(wording.label("schedules.theme.choose"), "schedules.theme", str(schedule.id))
    return Turn((Reply((lead, *themes.shown(found, playbook)), (send, theme)),))


def send(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The question is asked in the channel now, in the place of today's: never two by day."""
    number, _, tip = tapped(message).partition("|")
    schedule = _team(number, message, known)
    if schedule is None:
        return gone(message, known, playbook)
    wording = playbook.wording
    closed, today = only_administrators(known, wording), _today(schedule, message)
    if closed is not None:
        return closed
    there = [one for one in known.aired if one.channel == schedule.to.id]
    if any(one.on == today for one in there):
        said = wording.say("schedules.theme.today", channel=f"#{schedule.to.id}")
        return Turn((Reply((Para(said),), choices(wording)),))
    seen = next((one for one in playbook.questions if one.id == tip), None)
    unheard = seen is not None and all(abs(today - one.on) >= themes.AGAIN for one in there if one.tip == tip)
    found = seen if unheard else themes.fresh(schedule, today, there, playbook)
    if found is None:
        return Turn((Reply((Para(wording.say("schedules.theme.none")),), choices(wording)),))
    return _sent(found, schedule, today, playbook)


def _sent(found: Question, schedule: Schedule, today: date, playbook: Playbook) -> Turn:
    """Said in the channel; kept where it arrived, and where nobody knows."""
    say, to = playbook.wording.say, schedule.to
    again = _ways(schedule, playbook.wording)
    fact = ChannelTold(to, found.id, today)
    invite = (Para(say("schedules.theme.missing")), Para(say(f"schedules.team.invite.{to.platform}")))
    done = Reply((Para(say("schedules.theme.sent", channel=f"#{to.id}")),), choices(playbook.wording))
    return Turn(
        (done,),
        (fact,),
        announce=Announce(
            themes.posted(found, schedule, today, playbook),
            Turn((Reply(invite, again),)),
            Turn((Reply((Para(say("schedules.theme.failed")),), again),)),
            Turn((Reply((Para(say("schedules.theme.unsure")),)),), (fact,)),
        ),
    )


def _team(number: str, message: Message, known: Known) -> Schedule | None:
    """The team's reminder of this number, if this person may see it."""
    found = by_id(number, message, known)
    return found if found is not None and found.audience is For.TEAM else None


def _ways(schedule: Schedule, wording: Wording) -> tuple[Choice, ...]:
    preview_ = Choice(wording.label("schedules.theme.preview"), "schedules.preview", str(schedule.id))
    return (preview_, *choices(wording)[:1])


def _today(schedule: Schedule, message: Message) -> date:
    return local(message.at, schedule.slot.zone).date()


def _next_day(schedule: Schedule, message: Message) -> date:
    """The local date it comes on next."""
    coming = occurrences(schedule.slot, message.at)
    return next((day for day, _ in coming), _today(schedule, message))
