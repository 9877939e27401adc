"""G2: the hard facts of a text, and which of a sentence's are not among those it may have them from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.guarding import Guarding
from coaching.review.written import redact
from coaching.review.written.clean import clean, level
from coaching.review.written.stems import Token

_REACHED = re.compile(
    "|".join(  # noqa: FLY002 - a line a kind
        (
            r"(?i:\b(?:https?|ftp|mailto|tel|javascript|data):[^\s<>\"']{1,500})",
            r"(?i:\bwww\.[^\s<>\"']{2,300})",
            r"[\w.+%'-]{1,64}@[\w.-]{1,200}",
            r"(?<![\w@])@[A-Za-z0-9_.-]{2,60}",
            r"(?i:\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,12}\b(?:/[^\s<>\"']{0,300})?)",
            r"(?i:\b[a-z0-9-]{2,63} ?[(\[]?dot[)\]]? ?(?:com|net|org|io|co|example|info)\b)",
            r"<[^>\n]{1,200}>|\]\(|#[A-Za-z][\w-]{1,40}",
        )
    )
)
_DIALLED = re.compile(r"(?<![\w.])\+?\(?\d[\d ()./-]{5,22}\d(?!\w)")
_VALUES = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100", "thousand": "1000",
    "dozen": "12",
}  # fmt: skip
_BOUNDS = {
    "least": "min", "minimum": "min", "over": "min", "more": "min", "most": "max", "up": "max", "less": "max",
    "under": "max", "maximum": "max", "max": "max", "within": "max", "after": "after",
    "before": "by", "by": "by", "until": "by", "from": "from", "between": "range", "at": "at",
}  # fmt: skip
_MONEY = frozenset("€$£%")
_LOOSE = frozenset({"", "max", "at", "by"})
_UPPER, _LOWER = frozenset({"max", "by"}), frozenset({"min", "after", "from"})
_UNCOUNTED = re.compile(
    r"\b(?:the|these|those|both|of|you|no) (?:one|two|three)\b|\b(?:one|two) of (?:the|us|you|those|these)\b"
    r"|\bone (?:to|day|thing|time)\b"
)
_NAME = re.compile(r"(?<![.!?:\"'(\[\n] )(?<!^)\b[A-Z][\w'’-]{1,30}")


class Flaw(Enum):
    """Why a sentence is not said as it stands."""

    LINK = "link"
    CONTACT = "contact"
    AMOUNT = "amount"
    PROMISE = "promise"
    OFFER = "offer"
    TIME = "time"
    SECRET = "secret"  # noqa: S105 - a kind of flaw
    SHAPE = "shape"
    FACT = "fact"

    @property
    def grave(self) -> bool:
        """What is never shown, not even to be checked."""
        return self is not Flaw.FACT


@dataclass(frozen=True, slots=True)
class Number:
    """A number, what it counts, and whether it is a bound."""

    value: str
    unit: str
    bound: str


def reached(text: str) -> frozenset[str]:
    """Every link, address, handle and number to dial in a text."""
    seen = clean(text)
    links = {match[0].rstrip(".,;:!?)") for match in _REACHED.finditer(seen)}
    dialled = {"".join(c for c in m[0] if c.isdigit()) for m in _DIALLED.finditer(seen)}
    marks = set(redact.marks_in(seen))
    return frozenset({level(link) for link in links} | {d for d in dialled if len(d) >= 7} | marks)


def unreachable(sentence: str, draft: str) -> Flaw | None:
    """A link or contact that the draft does not have."""
    strange = reached(sentence) - reached(draft)
    if not strange:
        return None
    return Flaw.CONTACT if any(each.isdigit() or "@" in each for each in strange) else Flaw.LINK


def numbers(words: tuple[Token, ...], guarding: Guarding) -> tuple[Number, ...]:
    """All numbers of a text."""
    return tuple(_numbers(_apart(words), guarding))


def _apart(words: tuple[Token, ...]) -> list[str]:
    """Texts of the tokens; "3-5" as three."""
    apart: list[str] = []
    for token in words:
        both = re.fullmatch(r"(\d{1,3})-(\d{1,3})", token.text)
        apart += [both[1], "to", both[2]] if both else [token.text]
    return apart


def _numbers(words: list[str], guarding: Guarding) -> Iterator[Number]:
    counted = guarding.words["numbers"]
    for at, word in enumerate(words):
        unit = _unit(words, at, guarding)
        single = word in ("one", "a", "an") and words[at + 1 : at + 2] == [unit[1]] and unit[0] != ""
        if not (word[0].isdigit() or word in counted or single):
            continue
        if word in ("a", "an") and not set(words[max(0, at - 2) : at]) & {
            "in",
            "within",
            "for",
            "by",
            "after",
        }:
            continue
        bound = (
            "range"
            if _ranges(words, at)
            else next((_BOUNDS[w] for w in reversed(words[max(0, at - 3) : at]) if w in _BOUNDS), "")
        )
        value = "1" if single else _VALUES.get(word, re.sub(r"(?:st|nd|rd|th)$", "", word.rstrip(".,:")))
        yield Number(value, unit[0], bound)


def _ranges(words: list[str], at: int) -> bool:
    """Whether it is one end of "3 to 5"."""
    before, after = words[max(0, at - 2) : at], words[at + 1 : at + 3]
    ends = [pair for pair in (before[::-1], after) if len(pair) == 2]
    return any(to == "to" and (end[0].isdigit() or end in _VALUES) for to, end in ends)


def _unit(words: list[str], at: int, guarding: Guarding) -> tuple[str, str]:
    """What a number counts, as a stem and as it stands there."""
    if at and words[at - 1] in _MONEY:
        return words[at - 1], words[at - 1]
    for word in words[at + 1 : at + 5]:
        stem = guarding.stem(word) if word[0].isalpha() else word
        if stem in guarding.words["units"]:
            return stem, word
    return "", ""


def miscounted(said: Iterable[Number], known: Iterable[Number]) -> Flaw | None:
    """A number that is not known as it is said."""
    for number in said:
        if not any(_counts(number, each) for each in known):
            money = number.unit in _MONEY | {
                "euro",
                "eur",
                "dollar",
                "usd",
                "pound",
                "gbp",
                "percent",
                "cent",
            }
            return Flaw.AMOUNT if money else Flaw.TIME if number.unit else Flaw.FACT
    return None


def _counts(said: Number, known: Number) -> bool:
    same = said.value == known.value and (said.unit == known.unit or not said.unit)
    bounds = {said.bound, known.bound}
    return same and (len(bounds) == 1 or any(bounds <= some for some in (_LOOSE, _UPPER, _LOWER)))


def uncounted(text: str) -> str:
    """A text without the numbers that count nothing: "the two of you"."""
    return _UNCOUNTED.sub(" ", text)


def names(text: str) -> frozenset[str]:
    """Words with a capital inside a sentence."""
    return frozenset(level(match[0]) for match in _NAME.finditer(clean(text)))
