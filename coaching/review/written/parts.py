"""A sentence in parts: what takes something up, what asks, and what says something of its own."""

import re
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.guarding import Guarding
from coaching.playbook.nearness import CLOSE, kin

SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=[^\s.!?\"')\]]))+[.!?]*")
_TAIL = re.compile(
    r"(?:[,;:]| -|\bbut\b|\bso\b) (?:and |but |so )?"
    r"(?=(?:i|we|it|they|this|that|there|our|your|my|the|a|an|his|her|here) (?:[\w'-]+ ){0,5}?"
    r"(?:will|is|are|was|were|have|has|had|can|am|did|would)\b"
    r"|you (?:will|get|receive|can|may|are going)\b)"
)
_FEELS = re.compile(
    r"(?:[,;:]| -|\bbut\b|\bso\b|\band\b) (?:and |but |so |which is why )?"
    r"(?=(?:i|we) (?:can |do |really |completely |fully ){0,3}(?:understand|see|get|know|hear|appreciate"
    r"|imagine|am sorry|am so sorry|am very sorry|are sorry|hope|wish)\b)"
)
_LEADS = re.compile(r"(?:with|after|without|when|since|given|as|being|having) (?!(?:we|our|us)\b)")
_GRASPS = re.compile(
    r"\b(?:understand|see|hear|imagine|appreciate|know|reali[sz]e|get|hope|wish|happy|thank|thanks|accept)\b"
)
_OURS = re.compile(r"\b(?:we|us|our|not|will)\b")
_GIVEN = re.compile(
    r"\b(?:keep|have|get|month|free)\b.{0,60}\bfor (?:the|your) (?:trouble|hassle|inconvenience|wait)\b"
)
_CAUSE = re.compile(r"\b(?:because|due to|caused by)\b")
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


def parts(said: str, theirs: frozenset[str], guarding: Guarding) -> list[Part]:
    """A sentence in parts, without what is courteous alone; `theirs`: the stems of the customer's words."""
    for pattern in guarding.patterns["courtesy"]:
        said = pattern.sub(_unless_it_goes_on, said)
    found: list[Part] = []
    for each in SENTENCE.findall(said):
        sentence = each.strip(" ,-")
        depends = any(word in guarding.words["conditions"] for word in re.findall(r"[a-z]+", sentence))
        some = _asked(sentence) if "?" in sentence else _told(sentence, theirs, guarding)
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


def _told(sentence: str, theirs: frozenset[str], guarding: Guarding) -> list[tuple[str, Kind]]:
    """A sentence that takes something up does so until it says something of its own."""
    found: list[tuple[str, Kind]] = []
    at = 0
    cuts = sorted([*_TAIL.finditer(sentence), *_FEELS.finditer(sentence)], key=lambda match: match.start())
    for cut in [*(c for n, c in enumerate(cuts) if not n or c.start() >= cuts[n - 1].end()), None]:
        part = sentence[at : cut.start() if cut else len(sentence)].strip(" ,;:-")
        found.append(_one(part, theirs, guarding))
        at = cut.end() if cut else at
    for n, (text, kind) in enumerate(found[:-1]):
        if kind is Kind.SAYS and found[n + 1][1] is Kind.TAKES_UP and _LEADS.match(text):
            found[n] = (text, Kind.TAKES_UP if _theirs(text, theirs, 1, guarding) else kind)
    return found


def _one(part: str, theirs: frozenset[str], guarding: Guarding) -> tuple[str, Kind]:
    """What a stretch does; what it takes up is the customer's, but for a word."""
    heads = [match for p in guarding.patterns["acknowledges"] if (match := p.match(part))]
    rest = part[max((match.end() for match in heads), default=0) :].strip(" ,;:-")
    felt = heads or any(p.search(part) for p in guarding.patterns["feels"]) or _evaluates(part, guarding)
    if _GIVEN.search(part) or (_CAUSE.search(part) and not heads):
        return rest, Kind.SAYS
    told = any(p.match(part) for p in guarding.patterns["retells"]) and not _OURS.search(part)
    most = 3 if any(_GRASPS.search(match[0]) for match in heads) else 1
    takes_up = (felt and _theirs(rest, theirs, most, guarding)) or (
        told and _theirs(rest, theirs, 0, guarding)
    )
    return rest, Kind.TAKES_UP if takes_up else Kind.SAYS


def _theirs(text: str, theirs: frozenset[str], most: int, guarding: Guarding) -> bool:
    """Whether what is taken up is what they wrote or how it feels, but for so many words."""
    words, lists = set(re.findall(r"[a-z]+", text)), guarding.words
    if "our" in words:
        return False
    soft = lists["function"] | lists["light"] | lists["feeling"] | lists["evaluating"] | lists["time"]
    heavy = [stem for word in words if word not in soft and (stem := guarding.stem(word)) not in soft]
    strange = [stem for stem in heavy if stem not in theirs and not _akin(stem, theirs, guarding)]
    return len(strange) <= most or (most > 0 and 2 * len(strange) <= len(heavy))


def _akin(stem: str, theirs: frozenset[str], guarding: Guarding) -> bool:
    """Whether they used a word like it."""
    near = guarding.near.of(stem)
    return any(near.get(other, 0) >= CLOSE or kin(stem, other) for other in theirs)


def _evaluates(part: str, guarding: Guarding) -> bool:
    """Whether it says how something is for the customer, and nothing of what we do."""
    words = re.findall(r"[a-z]+", part)
    felt = any(guarding.stem(word) in guarding.words["evaluating"] for word in words)
    return felt and not {"we", "our", "us", "will"} & set(words)
