"""breather review: reviews a draft from a file or standard input, or many of them as JSON lines."""

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO

from bot.lines import LineError, answer_each, input_bytes, text_of, write
from bot.settings import LlmValues
from coaching.playbook.care import Danger, Voice
from coaching.playbook.reader import read
from coaching.playbook.reviewing import Reviewing, read_for_review
from coaching.ports import Why
from coaching.review.engine import Review, review
from coaching.review.result import as_json, as_text
from coaching.review.signals import signals
from coaching.safety import listen_to
from coaching.sealed import Words

EXAMPLE = """example:
  echo "As I already told you, it is sold out." | breather review --customer "Is the blue one back?"
  breather review --jsonl drafts.jsonl > verdicts.jsonl"""
_OFF = "needs BREATHER_LLM=on and BREATHER_LLM_MODEL: see docs/llm.md"
_ALONE = "reviews one draft, as text: leave --json and --jsonl out"


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
        with Path(args.file).open("rb") if args.file else nullcontext(input_bytes(stdin)) as source:
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
    playbook = read_for_review()
    if args.jsonl:
        return answer_each(source, lambda row: _line(row, playbook, args), "reviewed", stdout, stderr)
    found = review(source.read().decode("utf-8-sig", "replace").strip(), args.customer, playbook)
    if args.json:
        write(_object(found, playbook, args.signals), stdout)
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
    from bot.model import helped  # noqa: PLC0415 - only for who has one

    playbook = read()
    found = review(source.read().decode("utf-8-sig", "replace").strip(), args.customer, playbook)
    print(as_text(found, playbook), file=stdout, flush=True)
    told = ((Words(found.draft), Voice.MINE), (Words(args.customer), Voice.THEIRS))
    if found.one_thing is None or listen_to(told, playbook.care) is not Danger.NONE:
        return 0  # where somebody is in danger no model is asked
    noticed, written = helped(values, found, args.customer, playbook)
    label = playbook.wording.label
    if noticed is not None:
        quote, say = (
            f"> {noticed.quote}\n" * bool(noticed.quote),
            playbook.judging.criteria[noticed.criterion].say,
        )
        print(
            f"\n{label('review.judged.heading')}:\n{quote}{say}\n{label('review.judged.label')}", file=stdout
        )
    if isinstance(written, Why):
        print(f"(no better words from the model: {written.value})", file=stderr)
        return 0
    print(
        f"\n{label('review.written.heading')}:\n{written.text}\n{label('review.written.label')}", file=stdout
    )
    return 0


def _line(row: Mapping[str, object], playbook: Reviewing, args: argparse.Namespace) -> dict[str, object]:
    reply, customer = text_of(row, "reply"), _customer(row, args.customer)
    return _object(review(reply, customer, playbook), playbook, args.signals)


def _customer(row: Mapping[str, object], otherwise: str) -> str:
    """What the customer wrote: the context's customer turns, if there is a context."""
    context = row.get("context")
    if context is None:
        return otherwise if row.get("customer") is None else text_of(row, "customer")
    if not isinstance(context, list) or not all(isinstance(turn, dict) for turn in context):
        raise LineError('\'context\' must be a list of {"role": ..., "text": ...}')
    turns = [text_of(turn, "text") for turn in context if turn.get("role") == "customer"]
    return "\n".join(turns)


def _object(found: Review, playbook: Reviewing, with_signals: bool) -> dict[str, object]:
    result = as_json(found, playbook)
    return {**result, "signals": dict(signals(found, playbook))} if with_signals else result
