"""The words for times, read from playbook/en/when.toml once, and the sentence cut into them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from coaching.people import Day
from coaching.playbook.tables import table
from coaching.when.instants import zones

LONGEST = 500  # characters; no time takes more to say
_WORDS_AT_MOST = 6  # of a phrase
_KINDS = ("acts", "units", "parts", "relative", "clocks", "numbers", "ordinals", "months", "feasts")
_FUZZY_FROM = 6  # letters: shorter words are too like others

_TOKEN = re.compile(
    r"<#[a-z0-9]{1,20}(?:\|[^>\s]{0,80})?>|#[\w-]{1,80}|<@[^>\s]{1,40}>|@[a-z][\w.-]{0,40}"
    r"|(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific)/[a-z_/+-]{1,40}"
    r"|(?:utc|gmt) ?[+-] ?\d{1,2}(?::?\d{2})?"
    r"|\d{1,2}[.,]5(?= ?h(?:ours?|rs?)?\b)"
    r"|2(?:day|moro|morrow|mrw|nite|night)\b|12noon\b"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.[1-9]\.(?=\s|,|$)|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}/\d{1,2}(?![/\d])"
    r"|\d{1,2}(?:[:.]|h(?=\d))\d{2}(?!\d)|\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}h\b|\d+"
    r"|[ap]\.m\b\.?|l\.a\b\.?|->|=>|[^\W\d_]+(?:'[^\W\d_]+)?|\n|\S"
)
# The hyphen of a time that is spelt: "two-fifty", "oh-six-forty-five"; "nine-five" is from nine to five.
_SPELT = re.compile(
    r"(?<=\boh)-(?=[a-z])|(?<=[a-z])-(?=(?:oh|fifteen|twenty|thirty|forty|fifty)\b)"
    r"|(?<=\btwenty)-(?=[a-z])|(?<=\bthirty)-(?=[a-z])|(?<=\bforty)-(?=[a-z])|(?<=\bfifty)-(?=[a-z])"
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or phrase with what it is: `kind` (see SIGNS), its value, and how it was written."""

    kind: str
    value: Any
    text: str
    start: int  # in the folded text
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases with their kinds and values; words close to one are taken for it."""

    phrases: Mapping[str, tuple[str, Any]]
    near: Mapping[str, str]  # a word with one letter left out → the word
    not_meant: frozenset[str]  # words of their own, however near
    after_a_time: frozenset[str]
    several: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The one that ships with Breather."""
    return lexicon_of(table(files("coaching.playbook") / "en" / "when.toml", []))


def lexicon_of(data: Mapping[str, Any]) -> Lexicon:
    """A lexicon from the tables of when.toml; a phrase of several kinds is of the one that stands last."""
    places = data["places"]
    phrases = _cities(frozenset(places["never"]))
    for kind, words in data["words"].items():
        phrases |= {word: (kind, word) for word in words}
    for kind in _KINDS:
        for value, words in data[kind].items():
            phrases |= {word: (kind, int(value) if value.isdigit() else value) for word in words}
    phrases |= {
        f"{no} {act}": ("acts", "cancel") for no in data["negated"]["by"] for act in data["acts"]["create"]
    }
    phrases |= _days(data["days"])
    for value, words in data["groups"].items():
        phrases |= {word: ("group", frozenset(Day[name] for name in value.split())) for word in words}
    for value, words in data["zones"].items():
        phrases |= dict.fromkeys(words, ("zone", (value,)))
    never = frozenset(data["places"]["not_meant"])
    near = {cut: word for word in _fuzzy(phrases) for cut in _cuts(word)}
    after = frozenset(places["only_after_a_time"])
    return Lexicon(phrases, near, never, after, frozenset(places["several"]))


def _cities(never: frozenset[str]) -> dict[str, tuple[str, Any]]:
    """Zones by full name and by city; a city that several share has them all."""
    found: dict[str, tuple[str, Any]] = {}
    for name in zones():
        plain = name.lower().replace("_", " ")
        for key in {name.lower(), plain.rpartition("/")[2]} - never:
            others = found[key][1] if key in found else ()
            found[key] = ("zone", (*others, name))
    return found


def _days(named: Mapping[str, list[str]]) -> dict[str, tuple[str, Any]]:
    """Days of the week, and said of several: "Mondays". "Thurs" is one Thursday."""
    found: dict[str, tuple[str, Any]] = {}
    for value, words in named.items():
        found |= {f"{word}s": ("day", (Day[value], True)) for word in words}
        found |= {f"{word}'s": ("day", (Day[value], False)) for word in words}
    for value, words in named.items():
        found |= dict.fromkeys(words, ("day", (Day[value], False)))
    return found


def atoms(folded: str, words: Lexicon) -> tuple[Atom, ...]:
    """A folded sentence as atoms; what no phrase holds is a "word"."""
    found = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(_SPELT.sub(" ", folded))]
    made: list[Atom] = []
    index = 0
    while index < len(found):
        atom, taken = _phrase(found, index, words)
        made.append(atom)
        index += taken
    return tuple(made)


def _phrase(found: list[tuple[str, int, int]], index: int, words: Lexicon) -> tuple[Atom, int]:
    first, start, end = found[index]
    for length in range(min(_WORDS_AT_MOST, len(found) - index), 0, -1):
        phrase = " ".join(token for token, _, _ in found[index : index + length])
        known = words.phrases.get(phrase)
        if known is not None:
            return Atom(*known, phrase, start, found[index + length - 1][2]), length
    return Atom(*_written(first, words), first, start, end), 1


def _written(token: str, words: Lexicon) -> tuple[str, Any]:
    """What a token is by the way it is written."""
    if token.isdigit():
        return "number", int(token[:9])
    if token[0] == "#" and len(token) > 1:
        return "channel", token
    if token.startswith("<#"):
        return "channel", "#" + (token[2:-1].partition("|")[2] or token[2:-1])
    for kind, pattern in _SHAPES:
        if pattern.fullmatch(token):
            return kind, token
    if len(token) >= _FUZZY_FROM and (meant := _nearest(token, words)):
        return words.phrases[meant]
    return "word", token


_SHAPES = (
    ("halves", re.compile(r"\d{1,2}[.,]5")),
    ("mention", re.compile(r"<@.*>|@.+")),
    ("ordinals", re.compile(r"\d{1,2}(?:st|nd|rd|th)")),
    ("clock", re.compile(r"\d{1,2}(?:[:.h]\d{2}|h)")),
    ("offset", re.compile(r"(?:utc|gmt) ?[+-] ?\d{1,2}(?::?\d{2})?")),
    ("date", re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.[1-9]\.|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?")),
    ("nowhere", re.compile(r"[a-z]+/.+")),
)


def _fuzzy(phrases: Mapping[str, tuple[str, Any]]) -> list[str]:
    """The words that may be misspelt: names of days, parts of the day, and what is asked for."""
    may = {"day", "group", "relative", "parts", "what"}
    also = {"cancel", "remind", "reschedule", "resume", "unpause"}
    return [
        word
        for word, (kind, _) in phrases.items()
        if (kind in may or word in also) and len(word) >= _FUZZY_FROM and word.isalpha()
    ]


def _cuts(word: str) -> set[str]:
    return {word, *(word[:n] + word[n + 1 :] for n in range(1, len(word)))}


def _nearest(token: str, words: Lexicon) -> str:
    """The word this one was meant to be, if one letter is too many, missing, wrong or swapped; or ""."""
    for cut in sorted(_cuts(token)):
        meant = words.near.get(cut, "")
        if meant and abs(len(meant) - len(token)) <= 1 and token not in words.not_meant:
            return meant
    return ""
