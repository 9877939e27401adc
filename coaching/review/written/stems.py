"""A sentence as words with their stems: folded, contractions written out, punctuation kept as breaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coaching.playbook.guarding import Guarding
from coaching.review.written.clean import level

_TOKEN = re.compile(
    r"[a-zà-öø-ÿ]+(?:'[a-z]+)?|\d[\d.,:/-]*\d(?:st|nd|rd|th)?\b|\d[\d.,:/-]*\d|\d(?:st|nd|rd|th)\b|\d|[€$£%]|[.!?](?=[\s.!?\"')\]]|$)|[;:,()\[\]\"-]"
)
_SHORT = (
    ("won't", "will not"), ("can't", "cannot"), ("shan't", "shall not"), ("let's", "let us"),
    ("ain't", "is not"),
)  # fmt: skip
_ENDINGS = (
    ("n't", " not"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"),
)  # fmt: skip
_IS = re.compile(r"\b(it|that|there|here|what|who|he|she|where|how|this)'s\b")
_ONCE = re.compile(r"\bas soon as (?!possible|i can|we can)|\bthe moment (?=you|we|i|it|they)")
_SHORTENED = {
    "min": "minute", "sec": "second", "hr": "hour", "mon": "monday", "tue": "tuesday", "tues": "tuesday",
    "wed": "wednesday", "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday", "jan": "january", "feb": "february", "aug": "august",
    "sep": "september", "sept": "september", "oct": "october", "nov": "november", "dec": "december",
}  # fmt: skip


def _longer(match: re.Match[str]) -> str:
    """A shortened word in full, with the number before it, if there is one."""
    number = match.string[match.start() : match.start("short")].strip()
    return f"{number} {_SHORTENED[match['short']]}".strip()


_SAID_OTHERWISE = (
    (re.compile(r"\bin case (?!of)|\bprovided (?:that )?|\bas long as "), "if "),
    (re.compile(r"\b(?:look|sound)(s?) (?:as though|as if|like)\b"), r"seem\1"),
    (re.compile(r"\bhalf an hour\b"), "30 minutes"),
    (re.compile(r"(\d) ?h\b"), r"\1 hours"),
    (re.compile(r"\bat (?:the moment|present)\b|\bas yet\b"), " "),
    (re.compile(r"\bmon-wed\b"), "monday to wednesday"),
    (re.compile(r"\bno\. ?(?=\d)"), "number "),
    (re.compile(r"\bp\. ?(?=\d)"), "page "),
    (re.compile(r"(?:\d ?|\b)(?P<short>min|sec|hr)s?\b(?!\.\d)"), _longer),
    (re.compile(r"\b(?P<short>mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b(?=[ .,;:?)/-]|$)"), _longer),
    (re.compile(r"\b(?P<short>jan|feb|aug|sept?|oct|nov|dec)\b"), _longer),
    (re.compile(r"\btonight\b"), "this evening"),
    (
        re.compile(r"\bcan offer(?: you)? (?=\d|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"),
        "have ",
    ),
    (
        re.compile(
            r"\bfree of charge\b|\b(?:at|for) no (?:extra |additional )?(?:cost|charge)\b|\bwithout charge\b"
        ),
        "free",
    ),
    (
        re.compile(r"\b(?:there is|there will be) no (?:charge|cost)(?: for)?\b|(?<=, )no charge\b"),
        "it is free",
    ),
    (re.compile(r"\bfree to (?=[a-z])"), "able to "),
)
_HOURS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
_HALF_PAST = re.compile(rf"\bhalf past ({'|'.join(_HOURS)}|\d{{1,2}})\b")
_CLOCK = re.compile(
    rf"(?<![\d:.,])({'|'.join(_HOURS)}|\d{{1,2}})(?::(\d\d))?"
    r"( ?(?:a\.?m|p\.?m)\b\.?| o'clock| (?:o'clock )?in the (?:morning|afternoon|evening))?(?![\d:])"
)
_OWNS = re.compile(r"([a-zà-öø-ÿ])'s?(?![a-z])")
BREAKS = frozenset('.!?;:,()[]"-')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a break, and what it has in common with its other forms."""

    text: str
    stem: str

    @property
    def word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[0].isalpha()


def _clocks(text: str) -> str:
    """Times of day in one way: "6 pm", "six in the evening" and "18:00" as 18; "half past seven" as 7:30."""
    text = _HALF_PAST.sub(lambda m: f"{_HOURS.get(m[1], m[1])}:30", text)
    return _CLOCK.sub(_clock, text)


def _clock(match: re.Match[str]) -> str:
    hour, minute, part = _HOURS.get(match[1], match[1]), match[2] or "00", match[3] or ""
    value = int(hour)
    part = part.strip(" .")
    if not part and not match[2]:
        return match[0]
    if part.startswith("p") or part.endswith(("noon", "evening")):
        value = value % 12 + 12
    return f"{value}" if minute == "00" else f"{value}:{minute}"


def plain(text: str) -> str:
    """Small, straight quotes, contractions written out."""
    text = level(text)
    text = _ONCE.sub("once ", text)
    for pattern, instead in _SAID_OTHERWISE:
        text = pattern.sub(instead, text)
    text = _clocks(text)
    for short, long in _SHORT:
        text = re.sub(rf"\b{short}\b", long, text)
    for ending, long in _ENDINGS:
        text = re.sub(rf"{ending}\b", long, text)
    return _OWNS.sub(r"\1", _IS.sub(r"\1 is", text))


def tokens(text: str, guarding: Guarding) -> tuple[Token, ...]:
    """The words and breaks of a plain text."""
    return tuple(_tokens(text, guarding))


def _tokens(text: str, guarding: Guarding) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        word = match[0]
        yield Token(word, guarding.stem(word) if word[0].isalpha() else word)


def like(stem: str, others: frozenset[str], guarding: Guarding) -> bool:
    """Whether a stem, or a word that may stand for it, is among others."""
    if stem in others:
        return True
    mine = guarding.groups.get(stem, frozenset())
    return bool(mine) and any(
        not mine.isdisjoint(guarding.groups.get(other, frozenset())) for other in others
    )
