"""Sealed text answers with a verdict and nothing else; Words are masked unless revealed."""

import copy
import json
import logging
import operator
import pickle
import traceback
from enum import Enum, IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.sealed import Sealed, SealedError, Words

SECRET = "canary-7f3a9 she called me names"


class Verdict(Enum):
    YES = "yes"


class Loud(StrEnum):
    YES = "yes"


class Numbered(IntEnum):
    ONE = 1


REFUSED = {
    "iter": iter,
    "list": list,
    "len": len,
    "bool": bool,
    "bytes": bytes,
    "hash": hash,
    "eq": lambda s: s == SECRET,
    "ne": lambda s: s != SECRET,
    "eq itself": lambda s: s == s,  # noqa: PLR0124
    "add": lambda s: s + "",
    "radd": lambda s: "" + s,
    "percent": lambda s: s % (),
    "contains": lambda s: "c" in s,
    "getitem": operator.itemgetter(0),
    "setattr": lambda s: setattr(s, "_bytes", b""),
    "setattr new": lambda s: setattr(s, "note", "x"),
    "delattr": lambda s: delattr(s, "_bytes"),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "reduce": lambda s: s.__reduce__(),
    "getstate": lambda s: s.__getstate__(),
    "json": json.dumps,
    "less": lambda s: s < SECRET,
    "dict key": lambda s: {s: 1},
    "slice": lambda s: s[0:3],
    "int": int,
    "float": float,
    "index": operator.index,
    "memoryview": memoryview,
}


@pytest.mark.parametrize("operation", REFUSED.values(), ids=REFUSED)
def test_every_other_operation_is_refused_without_the_text(operation):
    """Whatever is tried, it fails with a TypeError that does not quote."""
    with pytest.raises(TypeError) as caught:
        operation(Sealed(SECRET))
    assert "canary" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_never_pickled(protocol):
    """No job store, queue or cache can take it."""
    with pytest.raises(TypeError):
        pickle.dumps(Sealed(SECRET), protocol)


def test_it_has_no_dict():
    """Debuggers and loggers that walk __dict__ find none."""
    with pytest.raises(TypeError):
        vars(Sealed(SECRET))


PRINTS = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": "{}".format,
    "format repr": "{!r:>20}".format,
    "format wide": "{0:>40}".format,
    "fstring": lambda s: f"{s:x}",
}


@pytest.mark.parametrize("printed", PRINTS.values(), ids=PRINTS)
def test_it_prints_as_a_mask(printed):
    """Every way to print it shows the mask."""
    assert printed(Sealed(SECRET)).strip() == "<sealed>"


def test_it_logs_as_a_mask(caplog):
    """A log line made of it says nothing, nor does json with default=str."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("x").debug("%s %r", Sealed(SECRET), {"vent": Sealed(SECRET)})
    assert "canary" not in caplog.text
    assert "<sealed>" in caplog.text
    assert json.dumps({"a": Sealed(SECRET)}, default=str) == '{"a": "<sealed>"}'


@pytest.mark.parametrize("answer", [True, False, 0, 1, -5, 2**31 - 1, -(2**31), Verdict.YES], ids=repr)
def test_a_verdict_comes_back_as_it_is(answer):
    """A bool, a small int and a plain Enum member are verdicts."""
    assert Sealed(SECRET).ask(lambda _: answer) is answer or answer == 2**31 - 1 or answer == -(2**31)


@pytest.mark.parametrize(
    "answer",
    [None, "yes", b"yes", 1.0, [], (), {}, Loud.YES, Numbered.ONE, 2**31, -(2**31) - 1, Words("x")],
    ids=lambda answer: f"{type(answer).__name__} {len(repr(answer))}",
)
def test_anything_that_could_carry_words_is_no_verdict(answer):
    """Strings, containers, str enums and large ints do not get out."""
    with pytest.raises(SealedError, match="something other than a verdict"):
        Sealed(SECRET).ask(lambda _: answer)


def test_the_text_itself_does_not_get_out():
    """Not as it is, and not packed into a number."""
    for question in (str, str.encode, lambda inside: int.from_bytes(inside.encode(), "big")):
        with pytest.raises(SealedError) as caught:
            Sealed(SECRET).ask(question)
        assert "canary" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failing_question_tells_only_its_kind(error):
    """No message, no cause, no context and no inner frame of the failure leaves."""

    def question(inside):
        raise error(inside)

    with pytest.raises(SealedError) as caught:
        Sealed(SECRET).ask(question)
    told = caught.value
    assert error.__name__ in str(told)
    assert told.__context__ is None
    assert told.__cause__ is None
    shown = traceback.TracebackException.from_exception(told, capture_locals=True)
    assert "canary" not in "".join(shown.format())


def test_after_the_shredder_nothing_is_left():
    """The buffer is empty, and shredding twice is fine."""
    sealed = Sealed(SECRET)
    sealed.shred()
    sealed.shred()
    assert sealed.ask(lambda inside: inside == "")


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_sealed(text):
    """NUL, lone surrogates, right-to-left: it seals, answers and shreds."""
    sealed = Sealed(text)
    assert sealed.ask(lambda inside: len(inside) == len(text))
    sealed.shred()
    assert sealed.ask(lambda inside: not inside)


def test_surrogates_and_nul_by_name():
    """A lone surrogate becomes a question mark; NUL stays inside."""
    assert Sealed("a\ud800b").ask(lambda inside: inside == "a?b")
    assert Sealed("a\x00b").ask(lambda inside: inside == "a\x00b")


# --------------------------------------------------------------------------- words


def test_words_are_masked_and_revealed():
    """Printing masks; reveal gives the text."""
    words = Words(SECRET)
    assert (repr(words), str(words), f"{words:>10}", "%s" % words) == ("<words>",) * 4  # noqa: UP031
    assert words.reveal() == SECRET


def test_words_compare_hash_and_are_truthy_when_there_is_something():
    """Equal texts are equal values; blanks count as nothing."""
    assert Words("a") == Words("a")
    assert Words("a") != Words("b")
    assert Words("a") != "a"
    assert len({Words("a"), Words("a")}) == 1
    assert Words("a")
    assert not Words(" \n")


def test_words_carry_no_surrogates_and_no_nul():
    """Every platform and database can take them; emoji stay whole."""
    assert Words("a\ud83d b\x00").reveal() == "a\ufffd b"
    assert Words("\x00plain").reveal() == "plain"
    assert Words("😤 é").reveal() == "😤 é"


@pytest.mark.parametrize(
    "operation",
    [
        iter,
        pickle.dumps,
        copy.deepcopy,
        copy.copy,
        lambda w: setattr(w, "_text", ""),
        lambda w: delattr(w, "_text"),
        len,
        lambda w: w + "",
    ],
    ids=["iter", "pickle", "deepcopy", "copy", "set", "delete", "len", "add"],
)
def test_words_are_not_copied_pickled_or_changed(operation):
    """They travel as the value they are."""
    with pytest.raises(TypeError):
        operation(Words(SECRET))
