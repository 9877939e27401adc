"""Hears danger before any skill does, by rules as data; answers with fixed texts and looks for no emotion."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from coaching.playbook.care import Care, Danger, DangerRule, Helpline, Voice
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.text import fold
from coaching.turn import Setup
from coaching.values import Block, Note, Para, Points, Text

CRISIS = frozenset(
    {Danger.SELF, Danger.SELF_EMERGENCY, Danger.OTHER_PERSON, Danger.HARM_OTHERS, Danger.MEDICAL}
)
ABUSE = frozenset({Danger.ABUSE_RECEIVED, Danger.HARASSMENT})

# What a danger means for the person when it is the customer who says "I".
_FROM_THEM = {
    Danger.SELF: Danger.OTHER_PERSON,
    Danger.SELF_EMERGENCY: Danger.OTHER_PERSON,
    Danger.HARM_OTHERS: Danger.ABUSE_RECEIVED,
    Danger.HARASSMENT: Danger.ABUSE_RECEIVED,
    Danger.ILLEGAL_INSTRUCTION: Danger.NONE,
}
_GRAVITY = {danger: index for index, danger in enumerate(Danger)}
_LONGEST = 64_000  # characters listened to: more than anybody types, and it takes a second at most
_QUOTED = re.compile(r"[ \t]{0,8}>")


def listen(text: str, care: Care, voice: Voice = Voice.ANY) -> Danger:
    """The gravest danger the text tells of, or NONE. Lines that start with ">" are the customer's voice."""
    lines = text[:_LONGEST].splitlines()
    quoted = "\n".join(_QUOTED.sub("", line, count=1) for line in lines if _QUOTED.match(line))
    plain = "\n".join(line for line in lines if not _QUOTED.match(line))
    return _gravest({*_told(plain, care, voice), *_told(quoted, care, Voice.THEIRS)})


def listen_to(told: Iterable[tuple[Words, Voice]], care: Care) -> Danger:
    """The gravest danger in several texts, each with whose voice it is."""
    return _gravest({listen(words.reveal(), care, voice) for words, voice in told})


def settled(text: str, care: Care) -> bool:
    """Whether the whole text says that it is over by now."""
    plain = _flat(text).strip(" .,!:;)(-")
    return any(pattern.fullmatch(plain) for pattern in care.settled.words)


def _told(text: str, care: Care, voice: Voice) -> set[Danger]:
    flat = _flat(text)
    if not flat.strip():
        return set()
    found = {
        rule.danger
        for rule in care.rules
        if not (rule.received and voice is Voice.MINE) and _matches(rule, flat)
    }
    return {_FROM_THEM.get(danger, danger) for danger in found} if voice is Voice.THEIRS else found


def _flat(text: str) -> str:
    return fold(text).text.replace("\n", " ").replace("  ", " ")


def _matches(rule: DangerRule, text: str) -> bool:
    found = [match.span() for pattern in rule.words for match in pattern.finditer(text)]
    if not found:
        return False
    harmless = sorted(match.span() for pattern in rule.unless for match in pattern.finditer(text))
    starts = [start for start, _ in harmless]
    ends = list(accumulate((end for _, end in harmless), max))  # the furthest end of all so far
    return any(_open(start, bisect_left(starts, end), ends) for start, end in found)


def _open(start: int, before: int, ends: list[int]) -> bool:
    """Whether none of the first `before` harmless stretches reaches over `start`."""
    return before == 0 or ends[before - 1] <= start


def _gravest(dangers: set[Danger]) -> Danger:
    return max(dangers, key=_GRAVITY.__getitem__, default=Danger.NONE)


# --------------------------------------------------------------------------- what is said


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
        return (*said, Note(texts.say("safety.danger_now")), quiet)
    if danger is Danger.ILLEGAL_INSTRUCTION:
        return (*said, quiet)
    lines = helplines(setup, playbook)
    unchecked = [
        Note(texts.say("safety.unchecked", number=row.number, source=_site(row)))
        for row in lines
        if not row.verified_on
    ]
    return (*said, Points(_points(danger, lines, whom, playbook)), *unchecked, quiet)


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
