"""What tells what a message wants: words that mean alike, and the small models that weigh them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from coaching.playbook.heads import NONE as NO_HEADS
from coaching.playbook.heads import Heads, HeadsError, read_heads

# A sign of a script that is written without spaces stands alone.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W\u3040-\u30ff\u4e00-\u9fff][\w'*@-]{0,39}|[?!.,;:]{1,8}|[^\w\s]"
)


def tokens(folded: str) -> list[str]:
    """Words and signs of folded text."""
    return _TOKEN.findall(folded)


@dataclass(frozen=True, slots=True, repr=False)
class Alike:
    """Groups of words that mean alike: by whole word or phrase, and by how they begin."""

    whole: Mapping[str, frozenset[str]]
    stems: Mapping[str, frozenset[str]]
    starts: frozenset[str]  # what a phrase begins with, so that nothing else is looked up

    def of(self, word: str) -> frozenset[str]:
        """The groups of a word or phrase."""
        found = [self.whole.get(word, frozenset())]
        found += [self.stems[word[:n]] for n in range(3, len(word) + 1) if word[:n] in self.stems]
        return frozenset[str]().union(*found)


@dataclass(frozen=True, slots=True, repr=False)
class Hearing:
    """Words that mean alike, and a model for each thing a message can want."""

    alike: Alike
    heads: Heads


NONE = Hearing(Alike({}, {}, frozenset()), NO_HEADS)  # for a playbook with faults


def read_hearing(table: Mapping[str, object], folder: Traversable, faults: list[str]) -> Hearing:
    """hearing.toml and the models in a folder; every fault is added with its file and key."""
    try:
        heads = read_heads(folder, "intents.json", "intents.bin")
    except (HeadsError, OSError, ValueError, KeyError) as error:
        faults.append(f"heads/: the models of intents cannot be read ({error})")
        heads = NO_HEADS
    return Hearing(read_alike(table.get("alike", {}), faults), heads)


def read_alike(groups: object, faults: list[str]) -> Alike:
    """The groups under [alike]."""
    whole: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for name, words in groups.items() if isinstance(groups, dict) else ():
        if not isinstance(words, list) or not all(_fit(word) for word in words):
            faults.append(f"hearing.toml: '{name}' must be a list of words, with a '*' at their end only")
            continue
        for word in words:
            place, plain = (stems, word[:-1]) if word.endswith("*") else (whole, " ".join(tokens(word)))
            place[plain] = place.get(plain, frozenset()) | {name}
    phrases = [plain.split() for plain in (*whole, *stems)]
    starts = {" ".join(phrase[:n]) for phrase in phrases for n in range(1, len(phrase))}
    return Alike(whole, stems, frozenset(starts))


def _fit(word: object) -> bool:
    return isinstance(word, str) and len(word.strip("* ")) > 0 and not word.startswith("*")
