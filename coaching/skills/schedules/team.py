"""A daily tip in a channel: set through the platform's own picker, and said there before it is kept."""

from coaching.people import For, Place, Room, Slot
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.skills.schedules.fields import (
    Asked,
    a_channel,
    fresh,
    picked,
    picked_up,
    read,
    slot_fields,
)
from coaching.skills.schedules.listing import (
    choices,
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
from coaching.when import heard, spoken, upcoming


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A team tip is always set in the form: the channel is chosen there, never taken from what was typed."""
    wording = playbook.wording
    declined = only_administrators(known, wording)
    if declined is not None:
        return declined
    if isinstance(message.content, Said):
        button = Choice(wording.label("schedules.ask.open_team"), "schedules.team", "", "primary")
        return Turn((Reply((Para(wording.say("schedules.ask.team")),), (button,)),))
    asked = picked_up(tapped(message), fresh(message, known))
    if isinstance(message.content, Command) and message.content.rest:
        asked = _understood(message.content.rest, asked, playbook)
    here = message.where.room is Room.CHANNEL and not message.where.everyone
    return Turn((_form(asked, message.where.id if here else "", wording),))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: said in the channel and kept, or shown again with what to mend."""
    wording = playbook.wording
    closed = only_administrators(known, wording)
    if closed is not None:
        return closed
    asked, channel = read(sent.fields), a_channel(picked(sent.fields, "channel"))
    if asked.slot is None or not channel:
        return Turn((_form(asked, channel, wording, checked=True),))
    to = Place(message.where.platform, message.where.tenant, channel, Room.CHANNEL)
    there = tuple(s for s in visible(message, known) if s.audience is For.TEAM and s.to.id == channel)
    declined = refusal(asked.slot, there, wording)
    if declined is not None:
        return Turn((Reply((Para(declined), *(item(s, wording) for s in there))),))
    return _announced(asked.slot, to, message, wording)


def _understood(rest: Words, asked: Asked, playbook: Playbook) -> Asked:
    said = heard(rest, playbook.tables.get("when", {}))
    return Asked(said.days or asked.days, said.at or asked.at, said.zone or asked.zone)


def _form(asked: Asked, channel: str, wording: Wording, *, checked: bool = False) -> Form:
    where = Field(
        "channel",
        wording.label("schedules.form.channel"),
        Kind.CHANNEL,
        picked=(channel,) if channel else (),
        hint=wording.label("schedules.form.channel_hint"),
        problem="" if channel or not checked else wording.label("schedules.problem.channel"),
    )
    return Form(
        "schedules.team",
        wording.label("schedules.form.team"),
        (Para(wording.say("schedules.form.team_intro")),),
        (where, *slot_fields(asked, wording, checked=checked)),
        submit=wording.label("schedules.form.set"),
    )


def _announced(slot: Slot, to: Place, message: Message, wording: Wording) -> Turn:
    """Said in the channel first; if that cannot arrive, nothing is kept and they read how to invite."""
    when, who = spoken(slot, wording), f"@{message.who.user}"
    first = next(iter(upcoming(slot, message.at, Preferences(), 1)))
    change = Choice(wording.label("schedules.list.change"), "schedules.change")
    letter = Letter(
        to,
        "A1",
        first[0],
        Reply(
            (
                Para(wording.say("schedules.team.announce", slot=when, who=who)),
                Para(wording.say("schedules.team.anyone")),
            ),
            (Choice(wording.label("schedules.team.stop"), "schedules.stop"),),
            only_you=False,
            own=Own(message.who.user, (change,)),
        ),
    )
    done = Reply(
        (
            Heading(wording.say("schedules.team.set")),
            Para(wording.say("schedules.team.where", channel=f"#{to.id}", slot=when)),
            *confirmed(slot, message, Preferences(), wording)[1:],
        ),
        choices(wording),
    )
    return Turn((done,), (ScheduleSet(For.TEAM, slot, to),), announce=_announce(letter, wording))


def _announce(letter: Letter, wording: Wording) -> Announce:
    """The letter, with what is answered where it did not arrive: nothing is set then."""
    again = (Choice(wording.label("schedules.team.again"), "schedules.team"),)
    failed, unsure = (
        Turn((Reply((Para(wording.say(f"schedules.team.{how}")),), again),)) for how in ("failed", "unsure")
    )
    return Announce(letter, Turn((_invite(letter.to, wording),)), failed, unsure)


def _invite(to: Place, wording: Wording) -> Reply:
    return Reply(
        (
            Para(wording.say("schedules.team.missing")),
            Para(wording.say(f"schedules.team.invite.{to.platform}")),
        ),
        (Choice(wording.label("schedules.team.again"), "schedules.team"),),
    )
