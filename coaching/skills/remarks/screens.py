"""How it looks: what would be kept, what was heard before, the list of a channel, what became of it."""

from dataclasses import dataclass

from coaching.kept import Fate, Remark
from coaching.people import Place, Room
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.skills.remarks.kept import LIMIT, REASON, Group
from coaching.values import (
    Block,
    Choice,
    Draft,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Message,
    Note,
    Para,
    Points,
    Quote,
    Reply,
    Text,
)

SHOWN = 6  # groups in a list or a summary
_REFERENCE = 60  # characters of a ticket or customer number


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form to keep a remark is filled in with."""

    words: Words
    channel: str = ""
    here: bool = False  # in a team's channel: elsewhere its list is not shown
    reference: Words | None = None
    taken: bool = False  # something was taken out of the words
    sent: bool = False  # it was sent, and something has to be mended


def keep(asked: Asked, playbook: Playbook) -> Form:
    """Exactly what would be kept, to be changed; sending it is the yes."""
    say, label = playbook.wording.say, playbook.wording.label
    problem = label(f"remarks.problem.{'look' if asked.words else 'empty'}") if _mends(asked) else ""
    nowhere = asked.sent and not asked.channel
    fields = (
        Field(
            "customer",
            label("remarks.form.words"),
            Kind.TEXT,
            text=asked.words or None,
            hint=label("remarks.form.hint"),
            limit=LIMIT,
            problem=problem,
        ),
        Field(
            "channel",
            label("remarks.form.channel"),
            Kind.CHANNEL,
            picked=(asked.channel,) if asked.channel else (),
            hint=label("remarks.form.channel_hint"),
            problem=label("remarks.problem.channel") if nowhere else "",
        ),
        Field(
            "reference",
            label("remarks.form.reference"),
            Kind.LINE,
            text=asked.reference,
            hint=label("remarks.form.reference_hint"),
            optional=True,
            limit=_REFERENCE,
        ),
    )
    taken = (Note(say("remarks.form.taken")),) if asked.taken else ()
    heard = (Choice(label("remarks.list.show"), "remarks.list"),) if asked.here else ()
    return Form(
        "remarks.keep",
        label("remarks.title"),
        (Para(say("remarks.form.keeps")), *taken),
        fields,
        (
            Choice(label("remarks.form.answer"), "remarks.answer"),
            *heard,
        ),
        submit=label("remarks.form.yes"),
    )


def _mends(asked: Asked) -> bool:
    return asked.sent and (asked.taken or not asked.words or bool(asked.channel))


def kept(words: Words, same: tuple[Remark, ...], value: str, to: Place, playbook: Playbook) -> Reply:
    """It is kept: how often it was heard before, what became of it, and an answer for the customer."""
    say, label = playbook.wording.say, playbook.wording.label
    before = Group("", same) if same else None
    heard: tuple[Block, ...] = (Para(say("remarks.kept.first")),)
    if before is not None:
        heard = (Para(_counted(before, "remarks.kept.again", playbook.wording)), *_fate(before, playbook))
    return Reply(
        (
            Heading(say("remarks.kept.title")),
            Quote((words,)),
            Note(say("remarks.kept.where", channel=f"#{to.id}")),
            *heard,
            Para(say("remarks.customer")),
            Draft(thanks(before, playbook.wording)),
        ),
        (
            Choice(label("remarks.kept.drop"), "remarks.drop", value),
            Choice(label("remarks.digest.set"), "schedules.digest"),
        ),
    )


def answer(playbook: Playbook) -> Reply:
    """Nothing is kept: an answer for the customer, and whom to tell."""
    say = playbook.wording.say
    steps = tuple(say(f"remarks.{name}") for name in ("wanted", "stood", "often"))
    blocks = (
        Para(say("remarks.say")),
        Para(say("remarks.customer")),
        Draft(thanks(None, playbook.wording)),
        Para(say("remarks.tell")),
        Points(steps),
    )
    return Reply(blocks, (Choice(playbook.wording.label("remarks.write"), "review.open", style="primary"),))


def thanks(before: Group | None, wording: Wording) -> Text:
    """An acknowledgement that says only what is known: that others said it too, and what became of it."""
    if before is None:
        return wording.say("remarks.thank.first")
    match before.fate:
        case None:
            return wording.say("remarks.thank.again")
        case Fate.WONT:
            return wording.say("remarks.thank.wont", because=before.because)
        case fate:
            return wording.say(f"remarks.thank.{fate.value}")


def listed(found: tuple[Group, ...], message: Message, playbook: Playbook) -> Reply:
    """What was heard in this channel; elsewhere, where to ask for it."""
    say, label = playbook.wording.say, playbook.wording.label
    if message.where.room is not Room.CHANNEL:
        return Reply((Para(say("remarks.list.elsewhere")),))
    if not found:
        return Reply((Para(say("remarks.list.none")),))
    blocks = (Heading(say("remarks.list.title")), *lines(found[:SHOWN], playbook))
    return Reply(blocks, (Choice(label("remarks.digest.set"), "schedules.digest"),))


def lines(found: tuple[Group, ...], playbook: Playbook) -> tuple[Block, ...]:
    """Each group with what became of it, and the buttons that say so."""
    blocks: list[Block] = []
    for group in found:
        value = group.remarks[0].key
        choices = tuple(
            Choice(playbook.wording.label(f"remarks.do.{fate.value}"), f"remarks.{fate.value}", value)
            for fate in Fate
            if fate is not group.fate or fate is Fate.WONT
        )
        blocks += [Item(_counted(group, "remarks.list.line", playbook.wording), choices)]
        blocks += _fate(group, playbook)
    return tuple(blocks)


def why(key: str, playbook: Playbook, because: Words | None = None, *, sent: bool = False) -> Form:
    """Why something stays as it is, in words the customer may read."""
    label = playbook.wording.label
    problem = label(f"remarks.problem.{'look' if because else 'because'}") if sent else ""
    field = Field(
        "because",
        label("remarks.wont.because"),
        Kind.LINE,
        text=because or None,
        hint=label("remarks.wont.hint"),
        limit=REASON,
        problem=problem,
    )
    intro = (Para(playbook.wording.say("remarks.wont.intro")),)
    return Form(
        "remarks.wont",
        label("remarks.wont.title"),
        intro,
        (field,),
        submit=label("remarks.wont.yes"),
        state=key,
    )


def settled(group: Group, fate: Fate, because: Words | None, playbook: Playbook) -> tuple[Reply, ...]:
    """Said in the channel; and, for whoever set it, what the customers can be told."""
    say = playbook.wording.say
    reason = because or Words("")
    public = Para(say(f"remarks.settled.{fate.value}", example=group.example, because=reason))
    draft = Draft(say(f"remarks.thank.{fate.value}", because=reason))
    return (
        Reply((public,), only_you=False),
        Reply((Para(say("remarks.customer")), draft)),
    )


def _counted(group: Group, key: str, wording: Wording) -> Text:
    """How often, and from how many customers where that is known."""
    many, whom = len(group.remarks), group.customers
    slots = {"example": group.example, "times": wording.label(f"remarks.times.{min(many, 2)}", many=many)}
    ending = (" ", *wording.say(f"remarks.customers.{min(whom, 2)}", many=whom)) if whom else ()
    return (*wording.say(key, **slots), *ending)


def _fate(group: Group, playbook: Playbook) -> tuple[Block, ...]:
    if group.fate is None:
        return ()
    return (Note(playbook.wording.say(f"remarks.fate.{group.fate.value}", because=group.because)),)
