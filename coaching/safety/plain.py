"""What was typed as plain words: small letters, no accents, short forms written out, fillers left out."""

import re
import unicodedata

from coaching.playbook.phrases import Spelling
from coaching.safety.line import STOP
from coaching.text import fold

_LAUGH = "lol"  # the word for a smiling or a playful sign: food, games and fire among them
_PLAYFUL = (
    "\U0001f31e\U0001f32d-\U0001f37f\U0001f389\U0001f3a0-\U0001f3cf\U0001f525\U0001f600-\U0001f606\U0001f609-"
    "\U0001f60f\U0001f61c\U0001f61d\U0001f624\U0001f643\U0001f648\U0001f923\U0001f92a\U0001f973\U0001f480"
)
_TOKEN = re.compile(rf"[a-z0-9*]+(?:'[a-z]+)?|[.!?]+|\n[ \t]*\n|[{_PLAYFUL}]")
_SIGN = re.compile(r"(?<=[a-z])[0134@$](?=[a-z])")
_SIGNS = str.maketrans("0134@$", "oieaas")
_LONG = re.compile(r"([a-z])\1{2,}")
_SPACED = re.compile(r"(?<![\w'])(?:[a-z][ .-]){2,40}[a-z](?![\w'])")
_ENDS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_IS = frozenset({"he", "she", "it", "that", "there", "what", "who", "this", "here", "everyone", "everything"})


def plain(text: str, spelling: Spelling) -> list[str]:
    """The words of a text, with a stop before and behind every sentence."""
    words = [STOP]
    for token in _TOKEN.findall(_letters(text)):
        words += _sign(token) if token[0] in ".!?\n" or token[0] > "z" else _word(token, spelling)
    return [*words, STOP]


def _letters(text: str) -> str:
    """Small Latin letters: no accents, no signs in the place of letters, no letters set apart."""
    flat = fold(text).text
    if not flat.isascii():
        apart = unicodedata.normalize("NFKD", flat)
        flat = "".join(char for char in apart if not unicodedata.combining(char)).replace("ß", "ss")
    flat = _SIGN.sub(lambda sign: sign[0].translate(_SIGNS), flat)
    return _SPACED.sub(lambda letters: re.sub(r"[ .-]", "", letters[0]), flat)


def _sign(token: str) -> tuple[str, ...]:
    """A stop, a laugh, or nothing for the dots of somebody who pauses."""
    if token[0] > "z":
        return (_LAUGH,)
    return () if token.strip(".") == "" and len(token) > 1 else (STOP,)


def _word(token: str, spelling: Spelling) -> tuple[str, ...]:
    token = _LONG.sub(lambda run: run[1] if run[1] in "aeiouy" else run[1] * 2, token)
    if token in spelling.words:
        return spelling.plain(token)
    bare = token.strip("*")
    if "'" in bare and bare not in spelling.words:
        return tuple(word for part in _apart(bare) for word in spelling.plain(part))
    return spelling.plain(bare) if bare else ()


def _apart(token: str) -> tuple[str, ...]:
    """A word with an apostrophe, written out."""
    base, _, end = token.partition("'")
    if end == "t":
        return (base.removesuffix("n"), "not")
    if end == "s":
        return (base, "is") if base in _IS else (base,)
    return (base, _ENDS[end]) if end in _ENDS else (base + end,)
