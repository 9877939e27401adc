"""The fixed answers to danger, with the people and lines to turn to, the same for everybody."""

from coaching.playbook.care import Danger, Helpline
from coaching.playbook.reader import Playbook
from coaching.safety.listen import ABUSE
from coaching.sealed import Words
from coaching.turn import Setup
from coaching.values import Block, Choice, Note, Para, Points, Reply, Text

# Cards whose first sentence names the emergency number already.
_NUMBER_FIRST = frozenset({Danger.SELF_EMERGENCY, Danger.OTHER_PERSON, Danger.HARM_OTHERS})


def card(danger: Danger, setup: Setup, playbook: Playbook) -> tuple[Block, ...]:
    """The fixed answer to a danger, with the people and lines to turn to. NONE: help was asked for."""
    texts, whom = playbook.care.texts, Words(people(setup, playbook))
    keys = [f"safety.{danger.value}.{part}" for part in ("first", "then")]
    said = [Para(texts.say(key, people=whom)) for key in keys if key in texts.lines]
    if danger is Danger.MEDICAL:
        return tuple(said)
    quiet = Note(texts.say("safety.quiet"))
    if danger in ABUSE:
        return (Para(texts.say("safety.danger_now")), *said, quiet)  # it may have been a threat
    if danger is Danger.ILLEGAL_INSTRUCTION:
        return (*said, quiet)
    lines = helplines(setup, playbook)
    unchecked = [
        Note(texts.say("safety.unchecked", number=row.number, source=_site(row)))
        for row in lines
        if not row.verified_on
    ]
    return (*said, Points(_points(danger, lines, whom, playbook)), *unchecked, quiet)


_DO = {
    Danger.ABUSE_RECEIVED: ("words", "end", "hand", "tell"),
    Danger.HARASSMENT: ("hand", "tell"),
    Danger.OTHER_PERSON: ("check",),
}


def answer(danger: Danger, setup: Setup, playbook: Playbook) -> Reply:
    """The card as the whole answer, with the ways on from it; to a medical emergency there is none."""
    if danger is Danger.MEDICAL:
        return Reply(card(danger, setup, playbook))
    label = playbook.wording.label
    ways = [
        Choice(label(f"vent.do.{way}"), "review.open" if way == "check" else f"vent.{way}")
        for way in _DO.get(danger, ())
    ]
    meant = Choice(label("vent.do.meant"), "meant.help")
    return Reply(card(danger, setup, playbook), (*ways, meant))


def misheard_card(setup: Setup, playbook: Playbook) -> Reply:
    """The answer to "you misunderstood": sorry, and the way to help once more, in full."""
    sorry = Para(playbook.care.texts.say("safety.meant"))
    return Reply((sorry, *card(Danger.NONE, setup, playbook)))


def _points(danger: Danger, lines: list[Helpline], whom: Words, playbook: Playbook) -> tuple[Text, ...]:
    say = playbook.care.texts.say
    points = [] if danger in _NUMBER_FIRST else [say("safety.emergency")]
    points += [
        say("safety.line", name=Words(row.name), number=Words(row.number), hours=Words(row.hours))
        for row in lines
    ]
    points.append(say("safety.elsewhere"))
    if danger is not Danger.OTHER_PERSON:
        points.append(say("safety.call_me", people=whom))
    return tuple(points)


def footer(setup: Setup, playbook: Playbook) -> Note:
    """The short line that stays on every screen after a crisis card."""
    texts, whom = playbook.care.texts, Words(people(setup, playbook))
    lines = helplines(setup, playbook)
    if lines:
        return Note(texts.say("safety.footer", number=Words(lines[0].number), people=whom))
    return Note(texts.say("safety.footer_elsewhere", people=whom))


def people(setup: Setup, playbook: Playbook) -> str:
    """The people to turn to, as the administrator words them; neutral ones where nobody is named."""
    texts = playbook.care.texts
    if not setup.contacts:
        return texts.label("safety.people")
    *most, last = setup.contacts
    return texts.label("safety.or", first=", ".join(most), last=last) if most else last


def helplines(setup: Setup, playbook: Playbook) -> list[Helpline]:
    """The lines to call in the workspace's country: ours, each as its administrator has it, then its own."""
    country = setup.country.strip().upper()
    own = {row.number: row for row in setup.lines if row.country == country}
    ours = [own.pop(row.number, row) for row in playbook.care.helplines if row.country == country]
    return [*ours, *own.values()]


def _site(row: Helpline) -> str:
    return row.source.removeprefix("https://").removeprefix("www.").partition("/")[0]
