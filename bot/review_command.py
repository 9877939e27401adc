"""breather review: reviews a draft from a file or standard input, or many of them as JSON lines."""

import argparse
import io
import json
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.settings import LlmValues
from coaching.playbook.reader import Playbook, read
from coaching.ports import Why
from coaching.review.engine import Review, review
from coaching.review.result import as_json, as_text
from coaching.review.signals import signals

EXAMPLE = """example:
  echo "As I already told you, it is sold out." | breather review --customer "Is the blue one back?"
  breather review --jsonl drafts.jsonl > verdicts.jsonl"""
_OFF = "needs BREATHER_LLM=on and BREATHER_LLM_MODEL: see docs/llm.md"
_ALONE = "reviews one draft, as text: leave --json and --jsonl out"
STEP = 50  # lines between two signs of progress


class LineError(ValueError):
    """A line of input cannot be reviewed; the text says what to mend, never what it held."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `breather review` understands."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLE
    parser.add_argument("file", nargs="?", metavar="FILE", help="the draft; standard input if left out")
    parser.add_argument("--customer", default="", metavar="TEXT", help="what the customer wrote")
    parser.add_argument("--jsonl", action="store_true", help='many: {"id", "reply", "customer"} on each line')
    parser.add_argument("--json", action="store_true", help="the result of one draft as JSON")
    parser.add_argument("--llm", action="store_true", help="ask the language model that is set up, too")
    parser.add_argument("--signals", action="store_true", help="add every score there is, for measuring")


def run(
    args: argparse.Namespace,
    stdin: TextIO | None,
    stdout: TextIO,
    stderr: TextIO,
    values: LlmValues | None = None,
) -> int:
    """Review, and say in one line why it could not be done. 0: done, 1: could not, 130: stopped by Ctrl-C."""
    try:
        with Path(args.file).open("rb") if args.file else nullcontext(_bytes(stdin)) as source:
            if args.llm:
                return _with_model(source, args, stdout, stderr, values)
            return _run(source, args, stdout, stderr)
    except BrokenPipeError:  # whoever read the verdicts has enough of them
        raise
    except OSError as error:
        print(f"breather review: {args.file or 'input'}: {error.strerror or 'cannot be read'}", file=stderr)
        return 1
    except KeyboardInterrupt:
        print("breather review: stopped. What was reviewed so far is written.", file=stderr)
        return 130


def _run(source: BinaryIO, args: argparse.Namespace, stdout: TextIO, stderr: TextIO) -> int:
    playbook = read()
    if args.jsonl:
        return _many(source, playbook, args, stdout, stderr)
    found = review(source.read().decode("utf-8-sig", "replace").strip(), args.customer, playbook)
    if args.json:
        _write(_object(found, playbook, args.signals), stdout)
    else:
        print(as_text(found, playbook), file=stdout)
    return 0


def _with_model(
    source: BinaryIO, args: argparse.Namespace, stdout: TextIO, stderr: TextIO, values: LlmValues | None
) -> int:
    """The review, and a model's words below it. That there are none is said on the side, in one line."""
    if args.jsonl or args.json or values is None or not values.on:
        print(f"breather review: --llm {_OFF if values is None or not values.on else _ALONE}", file=stderr)
        return 2
    from bot.model import reworded  # noqa: PLC0415 - only for who has one

    playbook = read()
    found = review(source.read().decode("utf-8-sig", "replace").strip(), args.customer, playbook)
    print(as_text(found, playbook), file=stdout, flush=True)
    if found.one_thing is None:
        return 0
    written = reworded(values, found, args.customer, playbook)
    if isinstance(written, Why):
        print(f"(no better words from the model: {written.value})", file=stderr)
        return 0
    label = playbook.wording.label
    print(
        f"\n{label('review.written.heading')}:\n{written.text}\n{label('review.written.label')}", file=stdout
    )
    return 0


def _bytes(stdin: TextIO | None) -> BinaryIO:
    """Standard input as bytes, so that a line that is not UTF-8 spoils only itself."""
    if stdin is None:  # closed by whoever started us
        return io.BytesIO()
    raw = getattr(stdin, "buffer", None)
    return raw if raw is not None else io.BytesIO(stdin.read().encode("utf-8", "surrogatepass"))


def _many(
    source: BinaryIO, playbook: Playbook, args: argparse.Namespace, stdout: TextIO, stderr: TextIO
) -> int:
    """One object out for each line in, in the same order; a bad line is named and the rest goes on."""
    shows = stderr.isatty()
    for number, line in enumerate(source, 1):
        if line.strip():
            _write(_line(line, playbook, args), stdout)
        if shows and number % STEP == 0:
            print(f"\rreviewed {number} lines", end="", file=stderr, flush=True)
    if shows:
        print("\r" + " " * 40 + "\r", end="", file=stderr, flush=True)
    return 0


def _line(line: bytes, playbook: Playbook, args: argparse.Namespace) -> dict[str, object]:
    row: Mapping[str, object] = {}
    try:
        row = _row(line)
        reply, customer = _text(row, "reply"), _customer(row, args.customer)
    except LineError as error:
        return {"id": _id(row), "error": str(error)}
    return {"id": _id(row), **_object(review(reply, customer, playbook), playbook, args.signals)}


def _id(row: Mapping[str, object]) -> object:
    """The line's id as it came; nothing where JSON cannot carry it back, such as a number without an end."""
    try:
        json.dumps(row.get("id"), allow_nan=False)
    except ValueError:
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


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str):
        raise LineError(f"'{key}' must be a text")
    return value


def _customer(row: Mapping[str, object], otherwise: str) -> str:
    """What the customer wrote: the context's customer turns, if there is a context."""
    context = row.get("context")
    if context is None:
        return otherwise if row.get("customer") is None else _text(row, "customer")
    if not isinstance(context, list) or not all(isinstance(turn, dict) for turn in context):
        raise LineError('\'context\' must be a list of {"role": ..., "text": ...}')
    turns = [_text(turn, "text") for turn in context if turn.get("role") == "customer"]
    return "\n".join(turns)


def _object(found: Review, playbook: Playbook, with_signals: bool) -> dict[str, object]:
    result = as_json(found, playbook)
    return {**result, "signals": dict(signals(found, playbook))} if with_signals else result


def _write(value: Mapping[str, object], stdout: TextIO) -> None:
    """One line of ASCII JSON: whatever was typed, it can be written and read back."""
    print(json.dumps(value), file=stdout, flush=True)
