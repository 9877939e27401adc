"""breather triage --jsonl: what each message wants, what danger it tells of, and what is pasted in it."""

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from bot.lines import answer_each, input_bytes, text_of
from bot.triage_schedule import scheduled
from coaching import safety
from coaching.intent import understood
from coaching.pasted import split
from coaching.playbook.care import Danger
from coaching.playbook.reader import Playbook, read
from coaching.sealed import Words

_TOLD = frozenset({"feedback_log", "small_talk", "tip_request", "unknown", "vent"})  # of somebody who tells
EXAMPLE = """example:
  breather triage --jsonl messages.jsonl > wants.jsonl
a line in: {"id": "1", "text": "weekdays at 9", "user_tz": "Europe/Berlin", "now": "2026-03-02T10:00"}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `breather triage` understands."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLE
    parser.add_argument("file", nargs="?", metavar="FILE", help="the messages; standard input if left out")
    parser.add_argument("--jsonl", action="store_true", required=True, help='{"id", "text"} on each line')


def run(args: argparse.Namespace, stdin: TextIO | None, stdout: TextIO, stderr: TextIO) -> int:
    """Say it of each line. 0: done, 1: could not, 130: stopped by Ctrl-C."""
    playbook = read()
    try:
        with Path(args.file).open("rb") if args.file else nullcontext(input_bytes(stdin)) as source:
            return answer_each(source, lambda row: triage(row, playbook), "heard", stdout, stderr)
    except BrokenPipeError:  # whoever read it has enough of it
        raise
    except OSError as error:
        print(f"breather triage: {args.file or 'input'}: {error.strerror or 'cannot be read'}", file=stderr)
        return 1
    except KeyboardInterrupt:
        print("breather triage: stopped. What was heard so far is written.", file=stderr)
        return 130


def triage(row: Mapping[str, object], playbook: Playbook) -> dict[str, object]:
    """What one message wants. Raises LineError for a line without a text."""
    text = text_of(row, "text")
    danger = safety.listen(text, playbook.care)
    crisis = danger in safety.CRISIS
    says = understood(Words(text), playbook).says
    return {
        "intent": _intent(says, danger),
        "crisis": crisis,
        "safety": danger.value,
        "schedule": scheduled(row, text) if says == "schedule" else None,
        "review": _pasted(text, playbook) if says == "review_request" else None,
    }


def _intent(says: str, danger: Danger) -> str:
    """What goes before what the models heard, as in the coach: danger, then an attack on the person."""
    if danger in safety.CRISIS and says != "review_request":
        return "crisis"
    return "abuse_report" if danger in safety.ABUSE and says in _TOLD else says


def _pasted(text: str, playbook: Playbook) -> dict[str, object]:
    found = split(text, playbook.pasting)
    if found.unsure:
        return {"unsure": True}
    return {"customer": found.customer or None, "draft": found.draft or None}
