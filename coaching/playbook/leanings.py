"""How much each word leans towards each of the subjects that customers' remarks have."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from math import sqrt

FILE = "remarks.json"
_FEWEST = 1.5  # a remark of a single word is no surer than this lets it be


@dataclass(frozen=True, slots=True, repr=False)
class Leanings:
    """A word's line: subject, how much, subject, how much ... Subjects are numbers here."""

    words: Mapping[str, list[int]]
    limit: int  # from here on a remark has a subject

    def subject(self, heard: frozenset[str]) -> str:
        """The number of the subject that the words lean to most; of equals the first; "" if none is sure."""
        score: dict[int, int] = {}
        known = self.words.keys() & heard
        for word in known:
            line = iter(self.words[word])
            for subject, much in zip(line, line, strict=True):
                score[subject] = score.get(subject, 0) + much
        most = max(score.values(), default=0)
        if not most or most < self.limit * max(sqrt(len(known)), _FEWEST):
            return ""
        return str(min(subject for subject, much in score.items() if much == most))


def read_leanings(folder: Traversable, faults: list[str]) -> Leanings:
    """remarks.json in a folder; a fault is added if it cannot be read."""
    try:
        table = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Leanings(table["words"], table["limit"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        faults.append(f"{folder.name}/{FILE}: cannot be read ({error})")
        return Leanings({}, 1)
