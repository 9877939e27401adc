"""Phrases over words: what the safety rules are written in; each runs in linear time, by its make.

    die     this word            <want>   any phrase of a class    (a|b c)  one of these
    harm*   words that begin so  ~3       up to three words        .        a sentence begins or ends
    word?   or nothing           !<kin>   the next is none of it   _        any one word
    ..      anywhere further on

They are read as a text is: spelled as in plain text, without the words that are left out there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

_MOST = 30  # words that one gap may hold
_SIGN = re.compile(r"!?\(|\)\??|\||[^\s()|]+")
_WORD = re.compile(r"[a-z0-9']+\*?|\.")
_GAP = re.compile(r"~(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Some:
    """One of these words or phrases; none at all if it is optional."""

    words: frozenset[str]
    starts: tuple[str, ...] = ()  # beginnings of words
    phrases: "tuple[Phrase, ...]" = ()
    firsts: "Some | None" = None  # what every one of the phrases begins with, if that is known
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """So many words of one sentence, whatever they are; a negative `most` is any number of any."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Never:
    """The next word is none of these; it is not used up."""

    of: Some


@dataclass(frozen=True, slots=True)
class Spelling:
    """How words are made plain before anything is looked for in them."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as typed -> as looked for
    fillers: frozenset[str] = frozenset()  # words that change nothing

    def plain(self, word: str) -> tuple[str, ...]:
        """The words that stand for it in plain text; none for a filler."""
        return tuple(found for found in self.words.get(word, (word,)) if found not in self.fillers)


_GAPS = {"_": Gap(1, 1), "..": Gap(0, -1)}
Part: TypeAlias = Some | Gap | Never
Phrase: TypeAlias = tuple[Part, ...]
Classes: TypeAlias = Mapping[str, Some]


class PhraseError(ValueError):
    """A phrase cannot be read; the text says what is wrong with it."""


def either(ways: Iterable[Phrase]) -> Some:
    """One of these phrases: single words together in one set, so that looking for a hundred costs as one."""
    words, starts, phrases = set[str](), list[str](), list[Phrase]()
    for way in filter(None, ways):  # one that holds fillers only is none
        match way:
            case (Some(optional=False) as only,):
                words |= only.words
                starts += only.starts
                phrases += only.phrases
            case _:
                phrases.append(way)
    return Some(frozenset(words), tuple(starts), tuple(phrases), _firsts(phrases))


def _firsts(phrases: list[Phrase]) -> Some | None:
    words, starts = set[str](), list[str]()
    for first, *_ in phrases:
        if not isinstance(first, Some) or first.optional or (first.phrases and first.firsts is None):
            return None
        for one in (first, first.firsts or first):
            words |= one.words
            starts += one.starts
    return Some(frozenset(words), tuple(starts)) if phrases else None


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads phrases, each of them and each of their signs once, however often it comes."""

    classes: Classes
    spelling: Spelling
    known: dict[str, Phrase] = field(default_factory=dict, repr=False)  # what names no class

    def phrase(self, source: str) -> Phrase:
        """Read a phrase. Raises PhraseError."""
        if known := self.known.get(source):
            return known
        ways, close = self._ways(iter(_SIGN.findall(source)))
        if close or len(ways) != 1 or not ways[0]:
            raise PhraseError("has a bracket, or a |, that belongs to none, or nothing to look for")
        return self._kept(source, ways[0])

    def some(self, sources: Iterable[str]) -> Some:
        """A class of phrases. Raises PhraseError."""
        return either(map(self.phrase, sources))

    def _ways(self, signs: Iterator[str]) -> tuple[list[Phrase], str]:
        """The alternatives up to the bracket that closes them, and that bracket; "" where none does."""
        ways: list[list[Part]] = [[]]
        for sign in signs:
            if sign[0] == ")":
                return [tuple(way) for way in ways], sign
            if sign == "|":
                ways.append([])
            elif sign in ("(", "!("):
                inner, close = self._ways(signs)
                if not close:
                    raise PhraseError("has a bracket that is not closed")
                if any(inner):  # else it holds fillers only
                    ways[-1].append(_marked(either(inner), sign[0], close[-1]))
            else:
                ways[-1] += self._parts(sign)
        return [tuple(way) for way in ways], ""

    def _parts(self, sign: str) -> Phrase:
        known = self.known.get(sign)
        if known is None:
            known = self._kept(sign, tuple(_parts(sign, self.classes, self.spelling)))
        return known

    def _kept(self, source: str, read: Phrase) -> Phrase:
        if "<" not in source:
            self.known[source] = read
        return read


def _parts(sign: str, classes: Classes, spelling: Spelling) -> Iterator[Part]:
    if gap := _GAP.fullmatch(sign):
        if int(gap[1]) > _MOST:
            raise PhraseError(f"has a gap of more than {_MOST} words")
        yield Gap(0, int(gap[1]))
    elif sign in _GAPS:
        yield _GAPS[sign]
    else:
        name = sign.removeprefix("!").removesuffix("?")
        yield from _named(name, sign, classes, spelling)


def _named(name: str, sign: str, classes: Classes, spelling: Spelling) -> Iterator[Part]:
    if name[:1] == "<" and name[-1:] == ">":
        if name[1:-1] not in classes:
            raise PhraseError(f"names the class {name}, which is not there")
        yield _marked(classes[name[1:-1]], sign[0], sign[-1])
    elif not _WORD.fullmatch(name):
        raise PhraseError(f"has {sign!r}, which is no word")
    elif name[-1] == "*":
        yield _marked(Some(frozenset(), (name[:-1],)), sign[0], sign[-1])
    else:
        words = [Some(frozenset({word})) for word in spelling.plain(name)]
        if sign == name:
            yield from words
        elif words:
            yield _marked(either([tuple(words)]), sign[0], sign[-1])


def _marked(found: Some, before: str, behind: str) -> Part:
    if before == "!":
        if found.phrases:
            raise PhraseError("has a ! before phrases; it takes single words")
        return Never(found)
    if behind == "?":
        return replace(found, optional=True)
    return found


# --------------------------------------------------------------------------- where to look at all

_EVERYDAY = frozenset(
    {".", "am", "and", "be", "do", "have", "he", "i", "in", "is", "it", "me", "my", "not", "on", "to", "you"}
)


def by_word(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases under the words of which each needs one; under "" those of which nothing is known."""
    found: dict[str, list[Phrase]] = {}
    for way in phrases:
        for word in _needed(way):
            found.setdefault(word, []).append(way)
    return {word: tuple(ways) for word, ways in found.items()}


def _needed(way: Phrase) -> frozenset[str]:
    """Words of which every match of the phrase holds one, the rarest that can be had."""
    sets = [_words(part) for part in way if isinstance(part, Some) and not part.optional]
    return min(filter(None, sets), key=lambda words: (len(words & _EVERYDAY), len(words)), default=_ANY)


_ANY = frozenset({""})


def _words(part: Some) -> frozenset[str]:
    """What a match of this part begins with; empty if that cannot be listed."""
    if part.starts or (part.phrases and (part.firsts is None or part.firsts.starts)):
        return frozenset()
    return part.words | part.firsts.words if part.firsts else part.words
