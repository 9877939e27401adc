"""A daily tip or a weekly summary in a channel: set through the platform's own picker, said there first."""

from dataclasses import replace

from coaching.people import Day, For, Place, Room, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.skills.schedules import theme
from coaching.skills.schedules.fields import (
    Asked,
    a_channel,
    carried,
    fresh,
    picked,
    picked_up,
    read,
    slot_fields,
)
from coaching.skills.schedules.listing import (
    choices,
    comes,
    item,
    only_administrators,
    refusal,
    tapped,
    visible,
)
from coaching.skills.schedules.mine import confirmed
from coaching.turn import Announce, Known, Preferences, ScheduleSet, Turn
from coaching.values import (
    Choice,
    Command,
    Field,
    Form,
    Heading,
    Kind,
    Letter,
    Message,
    Own,
    Para,
    Reply,
    Said,
    Submitted,
)
from coaching.when import heard, local, rhythm, spoken, upcoming, zone_of


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A team tip is always set in the form: the channel is chosen there, never taken from what was typed."""
    wording = playbook.wording
    declined = closed(known, wording)
    if declined is not None:
        return declined
    if isinstance(message.content, Said):
        button = Choice(wording.label("schedules.ask.open_team"), "schedules.team", "", "primary")
        return Turn((Reply((Para(wording.say("schedules.ask.team")),), (button,)),))
    asked = picked_up(tapped(message), fresh(message, known))
    if isinstance(message.content, Command) and message.content.rest:
        asked = _understood(message.content.rest, asked, message, known)
    here = message.where.room is Room.CHANNEL and not message.where.everyone
    return Turn((_themed(_form(asked, message.where.id if here else "", wording), "", playbook),))


def ask_digest(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The summary of what customers keep saying: once a week, in a channel."""
    wording = playbook.wording
    declined = closed(known, wording)
    if declined is not None:
        return declined
    asked = replace(fresh(message, known), days=frozenset({Day.MON}))
    here = message.where.room is Room.CHANNEL and not message.where.everyone
    return Turn((_form(asked, message.where.id if here else "", wording, For.DIGEST),))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: said in the channel and kept, or shown again with what to mend."""
    wording = playbook.wording
    declined = closed(known, wording)
    if declined is not None:
        return declined
    what = For.DIGEST if sent.form == "schedules.digest" else For.TEAM
    kept = picked_up(sent.state, Asked())
    asked, channel = read(sent.fields, kept), a_channel(picked(sent.fields, "channel"))
    rule = theme.chosen(sent, playbook)
    if asked.slot is None or not channel:
        form = _form(asked, channel, wording, what, checked=True)
        return Turn((_themed(form, rule, playbook) if what is For.TEAM else form,))
    to = Place(message.where.platform, message.where.tenant, channel, Room.CHANNEL)
    there = tuple(s for s in visible(message, known) if s.audience is what and s.to.id == channel)
    if not comes(asked.slot, message):
        return Turn((Reply((Para(wording.say("schedules.asks.past")),), choices(wording)),))
    declined = refusal(asked.slot, tuple(s.slot for s in there), message.at, wording)
    if declined is not None:
        return Turn((Reply((Para(declined), *(item(s, wording) for s in there))),))
    return _announced(ScheduleSet(what, asked.slot, to, rule), message, wording)


def closed(known: Known, wording: Wording) -> Turn | None:
    """What is said to somebody who may not set a tip for a channel; None to whoever may."""
    return only_administrators(known, wording)


def _understood(rest: Words, asked: Asked, message: Message, known: Known) -> Asked:
    """Days, time and zone as far as they were said, for the form."""
    where = zone_of(message, known) or Zone("UTC")
    for wish in heard(rest, local(message.at, where).replace(tzinfo=None), where):
        when = wish.when
        times = when.times or (asked.at,)
        return Asked(when.days or asked.days, times[0], when.zone or asked.zone, when.only)
    return asked


def _themed(form: Form, rule: str, playbook: Playbook) -> Form:
    """A tip has a theme besides."""
    return replace(form, fields=(*form.fields, theme.field(rule, playbook)))


def _form(
    asked: Asked, channel: str, wording: Wording, what: For = For.TEAM, *, checked: bool = False
) -> Form:
    where = Field(
        "channel",
        wording.label("schedules.form.channel"),
        Kind.CHANNEL,
        picked=(channel,) if channel else (),
        hint=wording.label("schedules.form.channel_hint"),
        problem="" if channel or not checked else wording.label("schedules.problem.channel"),
    )
    stays = ()
    if asked.only is not None:
        stays = (Para(wording.say("schedules.form.stays", days=rhythm(asked.days, asked.only, wording))),)
    return Form(
        f"schedules.{what.value}",
        wording.label(f"schedules.form.{what.value}"),
        (Para(wording.say(f"schedules.form.{what.value}_intro")), *stays),
        (where, *slot_fields(asked, wording, checked=checked)),
        submit=wording.label("schedules.form.set"),
        state=carried(Asked(asked.days, only=asked.only)) if asked.only else "",
    )


def _announced(fact: ScheduleSet, message: Message, wording: Wording) -> Turn:
    """Said in the channel first; if that cannot arrive, nothing is kept and they read how to invite."""
    slot, to, what = fact.slot, fact.to, fact.audience.value
    when, who = spoken(slot, wording), f"@{message.who.user}"
    first = next(iter(upcoming(slot, message.at, Preferences(), 1)))
    change = Choice(wording.label("schedules.list.change"), "schedules.change")
    letter = Letter(
        to,
        "A1",
        first[0],
        Reply(
            (
                Para(wording.say(f"schedules.{what}.announce", slot=when, who=who)),
                Para(wording.say("schedules.team.anyone")),
            ),
            (Choice(wording.label(f"schedules.{what}.stop"), "schedules.stop"),),
            only_you=False,
            own=Own(message.who.user, (change,)),
        ),
    )
    done = Reply(
        (
            Heading(wording.say(f"schedules.{what}.set")),
            Para(wording.say(f"schedules.{what}.where", channel=f"#{to.id}", slot=when)),
            *confirmed(slot, message, Preferences(), wording)[1:],
        ),
        choices(wording),
    )
    return Turn((done,), (fact,), announce=_announce(letter, fact.audience, wording))


def _announce(letter: Letter, what: For, wording: Wording) -> Announce:
    """The letter, with what is answered where it did not arrive: nothing is set then."""
    again = (Choice(wording.label("schedules.team.again"), f"schedules.{what.value}"),)
    failed, unsure = (
        Turn((Reply((Para(wording.say(f"schedules.team.{how}")),), again),)) for how in ("failed", "unsure")
    )
    return Announce(letter, Turn((_invite(letter.to, what, wording),)), failed, unsure)


def _invite(to: Place, what: For, wording: Wording) -> Reply:
    return Reply(
        (
            Para(wording.say("schedules.team.missing")),
            Para(wording.say(f"schedules.team.invite.{to.platform}")),
        ),
        (Choice(wording.label("schedules.team.again"), f"schedules.{what.value}"),),
    )
