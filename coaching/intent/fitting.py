"""Which rule a question is about, by its words (asking.toml)."""

from collections.abc import Mapping

from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.text import fold

_READ = 600  # characters of a question that are read


def fitting(words: Words, playbook: Playbook) -> str:
    """The name of the rule whose words the question has most of."""
    text = " ".join(fold(words.reveal()[:_READ]).text.replace("-", " ").split())
    spaced = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in text)
    asked = f" {' '.join(spaced.split())} "
    hits = {name: sum(_has(asked, word) for word in found) for name, found in _fits(playbook).items()}
    best = max(hits, key=hits.__getitem__)  # of equals the first
    return best if hits[best] else str(playbook.tables["asking"]["otherwise"])


def _has(asked: str, word: str) -> bool:
    plain = word.replace("-", " ")
    return f" {plain[:-1]}" in asked if plain.endswith("*") else f" {plain} " in asked


def _fits(playbook: Playbook) -> Mapping[str, list[str]]:
    found = playbook.tables["asking"]["fits"]
    return found if isinstance(found, dict) else {}
