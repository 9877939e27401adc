"""Takes out of a text what tells who somebody is, before it leaves the machine, and puts it back afterwards.

Names and addresses in running text are not reliably found: no pattern can. The docs say so.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_URL = r"(?i:\b(?:https?|ftp)://[^\s<>\"']{1,2000}|\bwww\.[^\s<>\"']{3,500}|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|net|org|io|co|example|de|uk|eu|app|dev|info|biz|me|shop|ai|fr|nl|ch|at|us|ca)\b(?:/[^\s<>\"']{0,500})?)"
_EMAIL = r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_IBAN = (
    r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){2,8}(?:[ -]?[A-Z0-9]{1,3})?\b|\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b"
)
_CARD = r"\b\d(?:[ -]?\d){12,60}\b"
_IP = r"\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}(?![\w:])"
_ORDER = (
    r"(?i:\b(?:order|ticket|invoice|booking|reference|ref|case|customer|account|tracking|contract|policy|member(?:ship)?|reservation)"
    r"(?: ?(?:number|no\.?|id|code|nr\.?|ref))?\s{0,2}[:#]?\s{0,2})#?(?P<inner>(?=[A-Za-z0-9./_-]{0,30}\d)[A-Za-z0-9][A-Za-z0-9./_-]{1,30}[A-Za-z0-9])"  # noqa: E501 - a pattern
    r"|#(?P<hash>[A-Za-z0-9-]{0,20}\d[A-Za-z0-9-]{1,20})"
)
_CODE = r"\b(?=[A-Z0-9-]{0,20}\d)(?=[A-Z0-9-]{0,20}[A-Z])[A-Z0-9]{2,12}(?:-[A-Z0-9]{2,12}){0,4}\b"
_PHONE = r"(?<![\w.])\+?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{2,5}\)?){2,6}(?![\w])"
_LONG = r"\d[\d.,]{0,20}\d"
_HANDLE = r"(?<![\w@])@[A-Za-z0-9_.]{2,40}"
_GREETED = (
    r"(?im:^[ \t>]{0,4}(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hiya|morning)(?: (?:mr|mrs|ms|miss|dr)\.?)?[ ,]{1,2})"  # noqa: E501 - a pattern
    r"(?P<inner>(?:Mr\.? |Mrs\.? |Ms\.? |Miss |Dr\.? )?[A-Z][\w'’.-]{1,30}(?: [A-Z][\w'’.-]{1,30}){0,2})"
)
_SIGNED = (
    r"(?im:^[ \t]{0,4}(?:(?:kind|best|warm|many|with kind) (?:regards|wishes)|regards|best|cheers|thanks|thank you|yours(?: sincerely| truly| faithfully)?|sincerely|greetings)[,.! ]{0,3}\n?[ \t]{0,4})"  # noqa: E501 - a pattern
    r"(?P<inner>[A-Z][\w'’.-]{1,30}(?: [A-Z][\w'’.-]{1,30}){0,2})(?m:[ \t.,]{0,3}$)"
)
_CALLED = r"(?i:\b(?:my name is|i am called|this is|i'm|mr\.?|mrs\.?|ms\.?|miss|dr\.?) )(?P<inner>[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){0,2})"  # noqa: E501 - a pattern
_MARK = re.compile(r"⟦[A-Z]{2,8}_\d{1,3}⟧")
_RUNS, _BESIDE = {"IBAN", "CARD"}, 4  # several may stand side by side
_SIGNS = str.maketrans("", "", "⟦⟧")


@dataclass(slots=True)
class Marks:
    """What stands behind each mark; in memory, for one call."""

    behind: dict[str, str] = field(default_factory=dict, repr=False)
    _marks: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def of(self, kind: str, text: str) -> str:
        """The mark of a text: the same for the same."""
        known = self._marks.get((kind, text))
        if known is not None:
            return known
        mark = f"⟦{kind}_{sum(1 for each, _ in self._marks if each == kind) + 1}⟧"
        self._marks[kind, text] = mark
        self.behind[mark] = text
        return mark


def luhn(text: str) -> bool:
    """Whether digits end in the check digit of a payment card."""
    digits = [int(c) for c in text if c.isdecimal()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def mod97(text: str) -> bool:
    """Whether it adds up as an IBAN does."""
    plain = "".join(c for c in text if c.isalnum()).upper()
    return (
        plain.isascii()
        and 15 <= len(plain) <= 34
        and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
    )


def _always(text: str) -> bool:
    return bool(text)


def _five_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 5


def _dialled(text: str) -> bool:
    return 7 <= sum(c.isdigit() for c in text) <= 16


def _whole(text: str, holds: Callable[[str], bool]) -> str:
    """The longest run of groups in it that adds up: other numbers or words may stand beside it."""
    starts = [at for at in range(len(text)) if text[at].isalnum() and (at == 0 or not text[at - 1].isalnum())]
    ends = [at for at in range(len(text), 0, -1) if at == len(text) or not text[at].isalnum()]
    runs = (text[start:end] for start in starts for end in ends if end - start >= 13)
    return max((run for run in runs if holds(run)), key=len, default="")


def _address(text: str) -> bool:
    return ":" in text or all(int(part) <= 255 for part in text.split("."))


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("EMAIL", re.compile(_EMAIL), _always),
    ("URL", re.compile(_URL), _always),
    ("IBAN", re.compile(_IBAN), mod97),
    ("CARD", re.compile(_CARD), luhn),
    ("IP", re.compile(_IP), _address),
    ("ID", re.compile(_ORDER), _always),
    ("PHONE", re.compile(_PHONE), _dialled),
    ("ID", re.compile(_CODE), _always),
    ("NUMBER", re.compile(_LONG), _five_digits),
    ("HANDLE", re.compile(_HANDLE), _always),
    ("NAME", re.compile(_GREETED), _always),
    ("NAME", re.compile(_SIGNED), _always),
    ("NAME", re.compile(_CALLED), _always),
)


def redact(text: str, marks: Marks) -> str:
    """The text with marks in the place of what tells who somebody is."""
    text = text.translate(_SIGNS)  # nobody writes a mark of ours themselves
    for kind, pattern, holds in _KINDS:
        for _ in range(_BESIDE if kind in _RUNS else 1):
            text = _swapped(text, kind, pattern, holds, marks)
    return text


def named_again(text: str, marks: Marks) -> str:
    """Names found somewhere, found elsewhere too: inside a sentence, or the first name alone."""
    names = [name for mark, name in marks.behind.items() if mark.startswith("⟦NAME")]
    parts = {part for name in names for part in (name, *name.split()) if len(part) > 2 and part[-1] != "."}
    for part in sorted(parts, key=lambda each: (-len(each), each)):
        pattern = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)")
        text = _swapped(text, "NAME", pattern, _always, marks)
    return text


def _swapped(
    text: str, kind: str, pattern: re.Pattern[str], holds: Callable[[str], bool], marks: Marks
) -> str:
    """One kind; what is a mark already stays."""

    def mark(match: re.Match[str]) -> str:
        named = next((name for name, value in match.groupdict().items() if value), None)
        found, at = (match[named], match.start(named)) if named else (match[0], match.start())
        if kind == "URL":
            found = found.rstrip(".,;:!?)")
        if kind in _RUNS:
            run = _whole(found, holds)
            found, at = run, at + found.find(run)
        if not holds(found):
            return match[0]
        start = at - match.start()
        return match[0][:start] + marks.of(kind, found) + match[0][start + len(found) :]

    pieces, at = list[str](), 0
    for known in _MARK.finditer(text):
        pieces += [pattern.sub(mark, text[at : known.start()]), known[0]]
        at = known.end()
    return "".join([*pieces, pattern.sub(mark, text[at:])])


def restore(text: str, marks: Mapping[str, str]) -> str:
    """The text with what stood behind the marks."""
    return _MARK.sub(lambda match: marks.get(match[0], match[0]), text)


_LEAVES = re.compile(
    rf"(?:\n|(?<=[.!?] ))\s{{0,4}}(?:{_SIGNED}|(?P<alone>[A-Z][\w'’.-]{{1,30}}(?: [A-Z][\w'’.-]{{1,30}}){{0,2}}))\s{{0,4}}\Z"  # noqa: E501 - a pattern
)


def leaves_at(text: str) -> int:
    """Where a signature at the end of a text begins; its length where there is none."""
    match = _LEAVES.search(text)
    return match.start() if match else len(text)


def marks_in(text: str) -> list[str]:
    """All marks in a text, in order, ours or made up."""
    return _MARK.findall(text)
