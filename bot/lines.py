"""One object a line in, one answer out for each, in the same order; a bad line spoils only itself."""

import io
import json
from collections.abc import Callable, Mapping
from typing import BinaryIO, TextIO

STEP = 50  # lines between two signs of progress


class LineError(ValueError):
    """A line of input cannot be read; the text says what to mend, never what it held."""


def input_bytes(stdin: TextIO | None) -> BinaryIO:
    """Standard input as bytes, so that a line that is not UTF-8 spoils only itself."""
    if stdin is None:  # closed by whoever started us
        return io.BytesIO()
    raw = getattr(stdin, "buffer", None)
    return raw if raw is not None else io.BytesIO(stdin.read().encode("utf-8", "surrogatepass"))


def answer_each(
    source: BinaryIO,
    answer: Callable[[Mapping[str, object]], Mapping[str, object]],
    done: str,
    stdout: TextIO,
    stderr: TextIO,
) -> int:
    """One object out for each line in; on a terminal it says how many are `done` ("reviewed")."""
    shows = stderr.isatty()
    for number, line in enumerate(source, 1):
        if line.strip():
            write(_answered(line, answer), stdout)
        if shows and number % STEP == 0:
            print(f"\r{done} {number} lines", end="", file=stderr, flush=True)
    if shows:
        print("\r" + " " * 40 + "\r", end="", file=stderr, flush=True)
    return 0


def write(value: Mapping[str, object], stdout: TextIO) -> None:
    """One line of ASCII JSON: whatever was typed, it can be written and read back."""
    print(json.dumps(value), file=stdout, flush=True)


def text_of(row: Mapping[str, object], key: str) -> str:
    """The text under a key. Raises LineError where there is none."""
    value = row.get(key)
    if not isinstance(value, str):
        raise LineError(f"'{key}' must be a text")
    return value


def _answered(
    line: bytes, answer: Callable[[Mapping[str, object]], Mapping[str, object]]
) -> dict[str, object]:
    row: Mapping[str, object] = {}
    try:
        row = _row(line)
        return {"id": _id(row), **answer(row)}
    except LineError as error:
        return {"id": _id(row), "error": str(error)}
    except Exception:  # noqa: BLE001 - a fault of ours: what it says may hold the text, so none of it is told
        return {"id": _id(row), "error": "this line could not be answered"}


def _id(row: Mapping[str, object]) -> object:
    """The line's id as it came; nothing where JSON cannot carry it back, such as a number without an end."""
    try:
        json.dumps(row.get("id"), allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return row.get("id")


def _row(line: bytes) -> Mapping[str, object]:
    try:
        row = json.loads(line.decode("utf-8-sig"))  # a first line may begin with a mark
    except UnicodeDecodeError:
        raise LineError("this line is not UTF-8") from None
    except (ValueError, RecursionError):
        raise LineError("this line is not JSON") from None
    if not isinstance(row, dict):
        raise LineError('this line must be an object such as {"id": "1", "reply": "..."}')
    return row
