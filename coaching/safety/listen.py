"""Hears danger before any skill does, by rules as data; looks for no emotion."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

from coaching.playbook.care import Care, Danger, DangerRule, Settled, Voice
from coaching.safety.line import Line
from coaching.safety.plain import plain
from coaching.safety.weigh import spoken_against, weighed
from coaching.sealed import Words
from coaching.text import fold

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
_TOLD_OF = {Danger.SELF: Danger.OTHER_PERSON, Danger.SELF_EMERGENCY: Danger.OTHER_PERSON}
_GRAVITY = {danger: index for index, danger in enumerate(Danger)}
_LONGEST = 64_000  # characters listened to: more than anybody types, and it takes a second or two at most
_WORDS, _AGAIN = 300, 60  # words listened to at a time, and how many of them are heard again with the next
_QUOTED = re.compile(r"[ \t]{0,8}>")


def listen(text: str, care: Care, voice: Voice = Voice.ANY) -> Danger:
    """The gravest danger the text tells of, or NONE. Lines that start with ">" are the customer's voice."""
    lines = text[:_LONGEST].splitlines()
    quoted = "\n".join(_QUOTED.sub("", line, count=1) for line in lines if _QUOTED.match(line))
    own = "\n".join(line for line in lines if not _QUOTED.match(line))
    return _gravest({*_told(own, care, voice), *_told(quoted, care, Voice.THEIRS)})


def listen_to(told: Iterable[tuple[Words, Voice]], care: Care) -> Danger:
    """The gravest danger in several texts, each with whose voice it is."""
    return _gravest({listen(words.reveal(), care, voice) for words, voice in told})


def settled(text: str, care: Care) -> bool:
    """Whether the whole text says that it is over by now."""
    return _whole(text, care.settled)


def misheard(words: Words, care: Care) -> bool:
    """Whether the whole text says that the coach took something the wrong way."""
    return _whole(words.reveal()[:200], care.misheard)


def _whole(text: str, said: Settled) -> bool:
    flat = fold(text).text.replace("\n", " ").replace("  ", " ").strip(" .,!:;)(-")
    return any(pattern.fullmatch(flat) for pattern in said.words)


def _told(text: str, care: Care, voice: Voice) -> set[Danger]:
    if not text.strip():
        return set()
    words = plain(text, care.spelling)
    found = {danger for line in _pieces(words) for danger in _heard(line, care, voice)}
    if voice is Voice.ANY and not found.isdisjoint(ABUSE) and spoken_against(words, care.models):
        found -= ABUSE
    if found.isdisjoint(CRISIS):  # what a phrase is sure of, no model makes something else
        more = weighed(words, care.models, voice, doubted=bool(found))
        found |= {danger for danger in more if danger in CRISIS or not found - {Danger.NONE}}
    return {_FROM_THEM.get(danger, danger) for danger in found} if voice is Voice.THEIRS else found


def _pieces(words: list[str]) -> Iterator[Line]:
    """A text without end is heard piece by piece, so that the work stays in step with its length."""
    for start in range(0, max(1, len(words) - _AGAIN), _WORDS - _AGAIN):
        yield Line(words[start : start + _WORDS])


def _heard(line: Line, care: Care, voice: Voice) -> Iterator[Danger]:
    """The dangers that a phrase tells of; NONE where a harmless one took a crisis back."""
    theirs = None
    for rule in care.rules:
        if rule.voices and voice not in rule.voices:
            continue
        found = {span for phrase in rule.near(line.known) for span in line.spans(phrase)}
        places = _places(rule, line, found) if found else []
        if found and not places and rule.danger in CRISIS:
            yield Danger.NONE
        elif places and rule.danger in _TOLD_OF:
            theirs = _reported(line, care) if theirs is None else theirs
            yield from {_TOLD_OF[rule.danger] if theirs >> at & 1 else rule.danger for at in places}
        elif places:
            yield rule.danger


def _reported(line: Line, care: Care) -> int:
    """The places at which "I" is somebody else, whose words are told of."""
    places = 0
    for phrase in care.reported:
        places |= line.after(phrase, line.every)
    return places


def _places(rule: DangerRule, line: Line, found: set[tuple[int, int]]) -> list[int]:
    """Where the rule's phrases that were found begin, but for those that a harmless one reaches into."""
    if any(line.has(phrase) for phrase in rule.calms):
        return []
    harmless = sorted(span for phrase in rule.unless for span in line.spans(phrase))
    starts = [start for start, _ in harmless]
    ends = list(accumulate((end for _, end in harmless), max))  # the furthest end of all so far
    return [start for start, end in sorted(found) if _open(start, bisect_left(starts, end), ends)]


def _open(start: int, before: int, ends: list[int]) -> bool:
    """Whether none of the first `before` harmless stretches reaches over `start`."""
    return before == 0 or ends[before - 1] <= start


def _gravest(dangers: set[Danger]) -> Danger:
    return max(dangers, key=_GRAVITY.__getitem__, default=Danger.NONE)
