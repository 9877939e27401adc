"""Times of day as they are said: "9am", "half past nine", "quarter to five", "14:30", "noon", a bare 9."""

import re
from dataclasses import dataclass
from datetime import time

from coaching.when.lexicon import Atom
from coaching.when.signs import MOVES, Sentence, Shape, shape


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was said. `half` is "a", "p", "24" where it was said so, "" where it may be either."""

    hour: int
    minute: int = 0
    half: str = ""

    @property
    def real(self) -> bool:
        """Whether a clock can show it."""
        most = 12 if self.half in ("a", "p") else 23
        least = 1 if self.half in ("a", "p") else 0
        return least <= self.hour <= most and 0 <= self.minute <= 59


def at(clock: Clock) -> time:
    """The time of a clock that is real and says which half of the day it means."""
    if clock.half in ("a", "p"):
        return time(clock.hour % 12 + (12 if clock.half == "p" else 0), clock.minute)
    return time(clock.hour, clock.minute)


def _half(atoms: tuple[Atom, ...], last: int) -> str:
    """Such as "a" or "p" if the last atom says so."""
    return atoms[last].value if atoms[last].kind == "parts" and atoms[last].value in ("a", "p") else ""


def _made(hour: int, minute: int, text: str, half: str) -> Clock:
    if half and hour > 12 and hour <= 23:  # "16:00 pm" says the same twice
        half = "24" if half == "p" else "!"
    if half == "":
        half = "24" if hour > 12 or hour == 0 or text.startswith("0") else ""
    return Clock(hour, minute, half)


def _written(s: Sentence, first: int, last: int) -> Clock | None:
    atom, half = s.atoms[first], _half(s.atoms, last)
    if last > first and not half:
        return None
    hour, _, minute = re.split(r"([:.h])", atom.value)
    if atom.kind == "clocks":
        return Clock(int(hour), int(minute), "24")
    made = _made(int(hour), int(minute or 0), atom.text, half)
    return (
        made if minute else Clock(made.hour, made.minute, "24")
    )  # "9h" is written so by people with 24 hours


def _plain(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "9 am", "nine thirty pm"."""
    half = _half(s.atoms, last)
    numbers = [atom.value for atom in s.atoms[first:last]]
    if not half:
        return None
    if len(numbers) == 1 and numbers[0] >= 100:
        hour, minute = divmod(numbers[0], 100)
        return _made(hour, minute, s.atoms[first].text, half)
    return _made(numbers[0], _minutes(numbers[1:]), "", half) if _minutes(numbers[1:]) >= 0 else None


def _minutes(numbers: list[int]) -> int:
    """Such as "thirty", "twenty five", "oh five"; -1 for what is no number of minutes."""
    match numbers:
        case []:
            return 0
        case [0, ones] if 0 < ones < 10:
            return ones
        case [tens, ones] if tens in (20, 30, 40, 50) and 0 < ones < 10:
            return tens + ones
        case [minutes] if 10 <= minutes <= 59:
            return minutes
    return -1


def _spoken(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "nine thirty", "nine o'clock"; two numbers in figures are no time."""
    atoms = [atom for atom in s.atoms[first : last + 1] if atom.kind in ("number", "numbers")]
    minutes = _minutes([atom.value for atom in atoms[1:]])
    hour = atoms[0].value
    if (
        minutes < 0
        or hour > 24
        or (len(atoms) > 1 and atoms[1].kind == "number" and not _spaced(s, first, last))
    ):
        return None
    return _made(hour, minutes, "", "")


def _spaced(s: Sentence, first: int, last: int) -> bool:
    """Such as "at 9 30", "9 30 every day"."""
    return s.signs[first : last + 1] == "nn" and bool(
        re.match("[egdy]", s.after(last)) or s.before(first).endswith("@")
    )


def _sharp(s: Sentence, first: int, last: int) -> Clock | None:
    atom, word = s.atoms[first], s.atoms[last]
    if atom.value >= 100:
        return _four(s, first, first)
    return (
        Clock(atom.value, 0, "24")
        if word.text in ("hrs", "h", "uhr")
        else _made(atom.value, 0, atom.text, "")
    )


def _oh(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "oh six forty five"."""
    numbers = [atom.value for atom in s.atoms[first : last + 1]]
    minutes = _minutes(numbers[2:])
    return Clock(numbers[1], minutes, "24") if numbers[0] == 0 and minutes >= 0 else None


def _and_a_half(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "8 and half of the morning"; "2 and a half hours" is a length."""
    hour, half = s.atoms[first].value, _half(s.atoms, last)
    return _made(hour, 30, "", half) if 1 <= hour <= 12 and not s.after(last).startswith("U") else None


def _four(s: Sentence, first: int, _last: int) -> Clock | None:
    """Such as "0900", "1630"; a year is none."""
    text = s.atoms[first].text
    if s.atoms[first].kind != "number" or len(text) not in (3, 4):
        return None
    if 2020 <= int(text) <= 2035 and not s.before(first).endswith("@"):  # a year
        return None
    hour, minute = divmod(int(text), 100)
    if len(text) == 3:
        return _made(hour, minute, "", "") if re.search("[@dgye,&-]$", s.before(first)) else None
    return Clock(hour, minute, "24") if text[0] == "0" or hour > 12 else _made(hour, minute, text, "")


def _hours_sharp(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "1700 hours"."""
    return _four(s, first, first) if s.atoms[last].value == "hour" else None


def _hundred(s: Sentence, first: int, last: int) -> Clock:
    numbers = [atom.value for atom in s.atoms[first : last + 1] if atom.kind in ("number", "numbers")]
    return Clock(numbers[-1], 0, "24")


def _half_past(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "half past nine", and British "half nine"."""
    number = next(a for a in s.atoms[first : last + 1] if a.kind in ("number", "numbers"))
    if s.signs[last] == "p" and not _half(s.atoms, last):
        return None
    return _made(number.value, 30, "", _half(s.atoms, last)) if 1 <= number.value <= 12 else None


def _to_the_hour(s: Sentence, first: int, minutes: Atom) -> bool:
    """Such as "at 10 to 9", where no range can be meant."""
    return (
        minutes.value in (5, 10, 20, 25)
        and s.before(first).endswith("@")
        and not re.search("eT?n?U|Y", s.signs)
    )


def _to_or_past(s: Sentence, first: int, last: int) -> Clock | None:
    """Such as "quarter to five", "ten past nine"; "9 to 5" is a range."""
    atoms = s.atoms[first : last + 1]
    numbers = [a for a in atoms if a.kind in ("number", "numbers", "quarter", "clocks", "clock")]
    way = next(a.kind for a in atoms if a.kind in ("past", "to", "through", "before", "of"))
    counted = any(a.kind == "units" for a in atoms) or _to_the_hour(s, first, numbers[0])
    if numbers[0].kind == "number" and not counted:
        return None
    if s.signs[last] == "p" and not _half(s.atoms, last):
        return None
    if numbers[0].kind != "quarter" and re.search("F$", s.before(first)):
        return None
    minutes = 15 if numbers[0].kind == "quarter" else sum(a.value for a in numbers[:-1])
    hour = _full_hour(numbers[-1])
    exact = "24" if numbers[-1].kind == "clocks" else ""
    if not 0 < minutes < 60 or not 0 <= hour <= 23:
        return None
    if way != "past":
        hour, minutes = hour - 1 if hour > (0 if exact else 1) else (23 if exact else 12), 60 - minutes
    half = _half(s.atoms, last)
    return Clock(hour, minutes, exact) if exact else _made(hour, minutes, "", half)


def _full_hour(atom: Atom) -> int:
    """Such as 9 of "nine", "noon", "9:00"; -1 for what is no full hour."""
    if atom.kind not in ("clock", "clocks"):
        return atom.value
    hour, _, minute = re.split(r"([:.h])", atom.value)
    return -1 if int(minute or 0) else int(hour)


_TAKEN = "[U*P%]"


def _bare(s: Sentence, first: int, _last: int) -> Clock | None:
    """A number that stands where only an hour can."""
    atom = s.atoms[first]
    if re.match(_TAKEN, s.after(first)) and not _hours(s, first):
        return None
    if atom.text == "one" and not s.before(first).endswith("@") and not re.match("i?p", s.after(first)):
        return None
    if atom.kind == "number" and len(atom.text) > 2:
        return None
    if not (_placed(s, first) or _listed(s, first) or _in_range(s, first) or _named(s, first)):
        return None
    return _made(atom.value, 0, atom.text, "") if atom.value <= 59 else None


def _hours(s: Sentence, first: int) -> bool:
    """Such as "at 14 hours"."""
    return s.before(first).endswith("@") and s.atoms[first + 1].text in ("hrs", "hours", "hr")


def _placed(s: Sentence, first: int) -> bool:
    before, behind = s.before(first), s.after(first)
    if before.endswith("a"):
        return s.atoms[first - 1].value in MOVES
    if before.endswith("R"):
        return not re.match("[~NU*]", behind)
    hit = re.search(r"(?:@T?|[dgyKc]p?[,\-;]?|p,?|F|V|v|u|X|&@|M|Z|Q)$", before)
    if hit:
        return not (behind.startswith("N") and not before.endswith("@"))
    return bool(re.match(r",?[gyeM]|,?o?d|p|,?i?z|o[gdy]|[Vv]|,?@|\|", behind)) and not re.search(
        "[eDl]$", before
    )


def _listed(s: Sentence, first: int) -> bool:
    """The next of several: "9, 12 and 3"."""
    times = [piece for piece in s.pieces[-4:] if piece.kind == "time"]
    if not times:
        return False
    between = s.signs[times[-1].last + 1 : first]
    return bool(re.fullmatch(r"(?:[,&|]|&@|,&|t|-|u|>){1,2}[@T]?", between))


def _in_range(s: Sentence, first: int) -> bool:
    """The first of two: "9-5", "9 to 5", "from 9 to 5", "9 and 4pm"."""
    return bool(re.match(r"[-tu,&|]{1,2}@?(?:n(?![U*PN])|c)", s.after(first))) and not re.search(
        "[eDlJ]$", s.before(first)
    )


def _named(s: Sentence, first: int) -> bool:
    """Such as "the 9 one", "my 10 reminder", "to 10"."""
    before, behind = s.before(first), s.after(first)
    named = before.endswith("T") and behind.startswith("N") and s.atoms[first].value > 5
    return named or (before.endswith("t") and not re.match("[~N]", behind))


SHAPES: tuple[Shape, ...] = (
    shape("time", "cp", _written),
    shape("time", "c", _written),
    shape("time", "nn?n?p", _plain),
    shape("time", "hk?np", _half_past),
    shape("time", "hk?n", _half_past),
    shape("time", "T?qU?[ktuBf]np", _to_or_past),
    shape("time", "T?qU?[ktuBf][nc]", _to_or_past),
    shape("time", "nn?U?[ktuB]np", _to_or_past),
    shape("time", "nn?U?[ktuB][nc]", _to_or_past),
    shape("time", "n&T?hp?", _and_a_half),
    shape("time", "n?nH", _hundred),
    shape("time", "nU", _hours_sharp),
    shape("time", "nnnn?", _oh),
    shape("time", "nO", _sharp),
    shape("time", "nnn?O?", _spoken),
    shape("time", "nO?", _four),
    shape("time", "n", _bare),
)
