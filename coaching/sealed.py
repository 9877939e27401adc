"""Text a person wrote, in two wrappers: Sealed cannot be kept at all, Words is masked unless revealed."""

from collections.abc import Callable
from enum import Enum
from typing import NoReturn, TypeVar, final

Verdict = TypeVar("Verdict", bound=int | Enum)  # a bool is an int

_MASK = "<sealed>"
_WORDS_MASK = "<words>"


class SealedError(Exception):
    """A step on sealed text failed; only the kind of failure is told."""


def _refuse(*_args: object, **_kwargs: object) -> NoReturn:
    raise TypeError("sealed text is not copied, compared, iterated or serialised")


def _is_verdict(answer: object) -> bool:
    """Whether an answer is too small to carry words: a bool, an int of 32 bits, or a plain Enum member."""
    if type(answer) in (bool, int):
        return isinstance(answer, int) and -(2**31) <= answer < 2**31
    return isinstance(answer, Enum) and not isinstance(answer, str | bytes | int)


@final
class Sealed:
    """What a person let out in the vent space: it answers one question with a verdict, then it is gone.

    Only an adapter makes one, from the payload of a form. It cannot be printed, logged, stored,
    pickled, copied or compared. CPython cannot wipe strings: `shred` empties our own buffer only.
    """

    __slots__ = ("_bytes",)
    _bytes: bytearray

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_bytes", bytearray(text.encode("utf-8", "replace")))

    def __repr__(self) -> str:
        return _MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _MASK

    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse
    __iter__ = __len__ = __eq__ = __ne__ = __hash__ = __bytes__ = __bool__ = _refuse
    __add__ = __radd__ = __mod__ = __contains__ = __getitem__ = __setattr__ = __delattr__ = _refuse

    def ask(self, question: Callable[[str], Verdict]) -> Verdict:
        """Put one question to the text; the answer is a bool, an int or a plain Enum member.

        Raises SealedError, fresh and without the inner traceback, when the question fails
        or answers with anything that could carry words.
        """
        problem: str | None = None
        verdict: Verdict | None = None
        try:
            verdict = question(self._bytes.decode("utf-8"))
            if not _is_verdict(verdict):
                problem, verdict = "it answered with something other than a verdict", None
        except BaseException as error:  # noqa: BLE001 - whatever went wrong, its text must not leave
            problem = type(error).__name__
        if problem is not None or verdict is None:  # outside the except block: no context, no inner frames
            raise SealedError(f"a step on sealed text failed: {problem}")
        return verdict

    def shred(self) -> None:
        """Overwrite and drop the text; asking afterwards sees an empty string."""
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes.clear()


@final
class Words:
    """Any other text a person wrote: masked in repr, str and format, not picklable, read by `reveal` only.

    Lone surrogates become U+FFFD and NUL is dropped, so that every platform and database can carry it.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        if not text.isascii():
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        object.__setattr__(self, "_text", text.replace("\x00", ""))

    def reveal(self) -> str:
        """The plain text. A test holds the list of modules that may call this."""
        return self._text

    def __repr__(self) -> str:
        return _WORDS_MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _WORDS_MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text.strip())

    __reduce__ = __reduce_ex__ = __getstate__ = __iter__ = __setattr__ = __delattr__ = _refuse
