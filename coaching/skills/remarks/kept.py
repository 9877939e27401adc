"""What is kept of a remark: the words without what tells who somebody is; and which of them say the same."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from coaching.heard.alike import grouped
from coaching.kept import Fate, Remark
from coaching.playbook.reader import Playbook
from coaching.review.written.redact import Marks, named_again, redact
from coaching.sealed import Words
from coaching.values import Message

LIMIT = 300  # characters of a remark
REASON = 160  # ... and of why something stays as it is
OFTEN = 3  # heard so often, it is told the team
_MARK = re.compile(r"⟦([A-Z]{2,8})_\d{1,3}⟧")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Group:
    """Remarks that say the same, oldest first."""

    subject: str  # "" where they only share words
    remarks: tuple[Remark, ...]

    @property
    def customers(self) -> int:
        """Distinct customers, as far as they are known."""
        return len({one.customer for one in self.remarks if one.customer})

    @property
    def example(self) -> Words:
        """The shortest of them that is no fragment; of equals the first by its letters."""
        return min((one.words for one in self.remarks), key=_readable)

    @property
    def last(self) -> Remark | None:
        """The one that tells what became of them: the newest fate."""
        told = [one for one in self.remarks if one.fate is not None and one.fate_on is not None]
        return max(told, key=lambda one: (str(one.fate_on), one.key), default=None)

    @property
    def fate(self) -> Fate | None:
        """What became of them."""
        return self.last.fate if self.last else None

    @property
    def because(self) -> Words:
        """Why they stay as they are."""
        return (self.last.because if self.last else None) or Words("")


def _readable(words: Words) -> tuple[bool, int, str]:
    text = words.reveal()
    return len(text.split()) < OFTEN, len(text), text


def clean(text: str, playbook: Playbook, limit: int) -> tuple[str, bool]:
    """The text as it would be kept, and whether something that tells who somebody is was taken out."""
    marks = Marks()
    plain = _SPACES.sub(" ", text[: 2 * limit]).strip().strip('"“”')
    told = named_again(redact(plain, marks), marks)
    said = _MARK.sub(lambda match: playbook.wording.label(f"remarks.mark.{match[1].lower()}"), told)
    return said[:limit].strip(), bool(marks.behind)


def groups(remarks: tuple[Remark, ...], playbook: Playbook) -> tuple[Group, ...]:
    """The groups, those heard most often first; the same whatever order the remarks came in."""
    ordered = sorted(remarks, key=lambda one: one.key)
    found = grouped([one.words.reveal() for one in ordered], playbook.subjects)
    made = [Group(subject, _by_day(ordered[number] for number in these)) for subject, these in found]
    return tuple(sorted(made, key=lambda group: (-len(group.remarks), group.remarks[0].key)))


def _by_day(remarks: object) -> tuple[Remark, ...]:
    return tuple(sorted(remarks, key=lambda one: (one.on, one.key)))  # pyrefly: ignore


def group_of(said: str, remarks: tuple[Remark, ...], playbook: Playbook) -> tuple[Remark, ...]:
    """Which of the remarks say the same as a new one."""
    ordered = sorted(remarks, key=lambda one: one.key)
    found = grouped([*(one.words.reveal() for one in ordered), said], playbook.subjects)
    mine = next(these for _, these in found if len(ordered) in these)
    return tuple(ordered[number] for number in mine if number < len(ordered))


def key_of(message: Message) -> str:
    """An opaque name for a new remark: the same for the same message, and nothing of who sent it."""
    return blake2b(message.id.encode("utf-8", "replace"), digest_size=8, person=b"remark").hexdigest()
