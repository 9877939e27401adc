"""A sentence in parts: what takes something up, what asks, and what says something of its own."""

import re
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.guarding import Guarding

SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=[^\s.!?\"')\]]))+[.!?]*")
_TAIL = re.compile(
    r"(?:[,;:]| -|\bbut\b|\bso\b) (?:and |but |so )?"
    r"(?=(?:i|we|it|they|this|that|there|our|your|my|the|a|an|his|her|here) (?:[\w'-]+ ){0,5}?"
    r"(?:will|is|are|was|were|have|has|had|can|am|did|would)\b)"
)
_OPENS = (
    r"(?:could|can|would|will|do|does|did|have|has|is|are|was|were|what|when|where|which|who|how|may|shall"
    r"|should|why)\b"
)
_ASKS = re.compile(rf"^(?:and |so |but |please |if [^,]{{1,200}}, ?|to [^,]{{1,100}}, ?|just )?{_OPENS}")
_ASKS_LAST = re.compile(rf"(?:[,;:]| -|\band\b|\bso\b|\bbut\b) (?:and |so |but )?(?={_OPENS})")


class Kind(Enum):
    """What a part of a sentence does."""

    SAYS = "says"
    TAKES_UP = "takes_up"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence, what it does, and whether the sentence speaks of a condition."""

    text: str
    kind: Kind
    depends: bool


def parts(said: str, guarding: Guarding) -> list[Part]:
    """A sentence in parts; what is courteous alone is left out."""
    for pattern in guarding.patterns["courtesy"]:
        said = pattern.sub(_unless_it_goes_on, said)
    found: list[Part] = []
    for each in SENTENCE.findall(said):
        sentence = each.strip(" ,-")
        depends = any(word in guarding.words["conditions"] for word in re.findall(r"[a-z]+", sentence))
        some = _asked(sentence) if "?" in sentence else _told(sentence, guarding)
        found += [Part(text, kind, depends) for text, kind in some if any(map(str.isalnum, text))]
    return found


def _unless_it_goes_on(match: re.Match[str]) -> str:
    """Nothing, where the courtesy is all that is said; itself, where something hangs on it."""
    after = match.string[match.end() :].lstrip()
    return " " if not after or after[0] in ".,;:!?-" or after.startswith(("and ", "but ")) else match[0]


def _asked(sentence: str) -> list[tuple[str, Kind]]:
    if _ASKS.match(sentence):
        return [(sentence, Kind.ASKS)]
    last = next(iter(_ASKS_LAST.finditer(sentence)), None)
    if last is None:
        return [(sentence, Kind.SAYS)]
    return [(sentence[: last.start()], Kind.SAYS), (sentence[last.end() :], Kind.ASKS)]


def _told(sentence: str, guarding: Guarding) -> list[tuple[str, Kind]]:
    """A sentence that takes something up does so until it says something of its own."""
    found: list[tuple[str, Kind]] = []
    at = 0
    for cut in [*_TAIL.finditer(sentence), None]:
        part = sentence[at : cut.start() if cut else len(sentence)].strip(" ,;:-")
        heads = [match for p in guarding.patterns["acknowledges"] if (match := p.match(part))]
        head = max((match.end() for match in heads), default=0)
        takes_up = heads or any(p.search(part) for p in guarding.patterns["feels"])
        found.append((part[head:].strip(" ,;:-"), Kind.TAKES_UP if takes_up else Kind.SAYS))
        at = cut.end() if cut else at
    return found
