"""Who judges the replies: the review, a list of keywords, other makers' tools in their own processes."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CRITERIA
from coaching.review.engine import Review, review
from tools.bench_quality_figures import DECIDING, Said
from tools.bench_quality_peers import NOT_INSTALLED
from tools.corpus_rows import OUTCOMES, Row
from tools.ratios import ROOT

WRITE_GOOD = ROOT / "tools/write_good"
OFFENDS = 0.5  # alt-profanity-check's own border
SIGNS = {told: sign for sign, told in OUTCOMES.items()}

KEYWORDS = {
    "R1": ("stupid", "idiot", "calm down", "shut up", "ridiculous", "your fault"),
    "R2": ("help", "please", "?"),
    "R4": ("happy", "glad", "thank", "!", "please"),
    "R5": ("anything else", "let us know", "let me know"),
    "R6": ("sorry", "understand", "apologi", "frustrat"),
    "R7": ("feedback", "thank"),
    "R8": ("however", "instead", "alternative"),
}
UPSET = ("angry", "terrible", "worst", "bad service", "ridiculous", "!")
TROUBLE = ("problem", "issue", "broken", "not working", "error")
OPINION = ("feedback", "suggest", "should", "love", "hate")
LIMIT = ("policy", "unable", "cannot", "can't", "unfortunately", "not possible")


@dataclass(frozen=True)
class Peer:
    """Somebody to measure: `name` as in the table, `judge` as the process knows it."""

    name: str
    judge: str


OURS = Peer("Breather", "ours")
PEERS = (
    Peer("VADER", "vader"),
    Peer("TextBlob", "textblob"),
    Peer("alt-profanity-check", "profanity"),
    Peer("ConvoKit", "convokit"),
    Peer("write-good", "write-good"),
)


class MissingError(Exception):
    """Why a peer is left out."""


@dataclass
class Asked:
    """A judge that was started; `load_ms` is the CPU time that took."""

    peer: Peer
    process: subprocess.Popen[str]
    load_ms: float

    def ask(self, text: str, customer: str) -> dict[str, float]:
        """What it says, with its CPU time in milliseconds and the memory it holds by now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"text": text, "customer": customer}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def by_keywords(customer: str, reply: str) -> Mapping[str, str]:
    """What a list of words says: the words are there, or they are not."""
    theirs, ours = customer.lower(), reply.lower()
    has = {name: any(w in ours for w in words) for name, words in KEYWORDS.items()}
    called = {"R3": UPSET, "R6": TROUBLE, "R7": OPINION}
    calls = {name: any(w in theirs for w in words) for name, words in called.items()}
    calls["R8"] = any(w in ours for w in LIMIT)
    met = {**has, "R1": not has["R1"], "R3": not has["R1"]}
    return {
        name: "not_applicable" if not calls.get(name, True) else "met" if met[name] else "missed"
        for name in CRITERIA
    }


@contextmanager
def asked(peer: Peer, python: Path) -> Iterator[Asked]:
    """A judge in a process of its own. Raises MissingError with the reason where it cannot be started."""
    command = _command(peer, python)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        hello = process.stdout.readline()
        if not hello and process.wait() == NOT_INSTALLED:
            raise MissingError("its packages are not in the environment")
        assert hello, f"{peer.name} did not start"
        yield Asked(peer, process, json.loads(hello)["load_ms"])
        assert process.stdin is not None
        process.stdin.close()


def _command(peer: Peer, python: Path) -> list[str]:
    if peer.judge != "write-good":
        if not python.exists():
            raise MissingError(f"there is no {python}")
        return [str(python), "-W", "ignore", "-m", "tools.bench_quality_peers", peer.judge]
    node = shutil.which("node")
    if node is None:
        raise MissingError("there is no node")
    if not (WRITE_GOOD / "node_modules").exists():
        raise MissingError("npm ci was not run in tools/write_good")
    return [node, str(WRITE_GOOD / "judge.cjs")]


def by_review(row: Row, playbook: Playbook) -> Said:
    """What the review says."""
    return of_review(review(row.reply, row.customer, playbook))


def of_review(found: Review) -> Said:
    """A review in signs and places."""
    verdicts = {
        name: SIGNS[found.verdicts[name].outcome.value] if name in found.verdicts else "0"
        for name in CRITERIA
    }
    spans = {
        name: [(span.start, span.end) for span in verdict.spans] for name, verdict in found.verdicts.items()
    }
    return Said(
        verdicts,
        spans,
        found.overall,
        found.good,
        found.one_thing is not None,
        found.abstained is not None,
    )


def alarms(found: Said) -> list[str]:
    """The criteria on which somebody is blamed with a quote."""
    spans = found.spans or {}
    return [name for name in ("R1", "R3") if found.verdicts.get(name) == "-" and spans.get(name)]


def by_words(row: Row) -> Said:
    """What a list of keywords says; the more it finds met, the better."""
    verdicts = {name: SIGNS[told] for name, told in by_keywords(row.customer, row.reply).items()}
    signs = list(verdicts.values())
    met, missed = signs.count("+"), signs.count("-")
    clean = all(verdicts[name] != "-" for name in DECIDING)
    return Said(verdicts, None, met / (met + missed), clean, missed > 0)


def by_peer(judge: Asked, rows: Sequence[Row]) -> list[Said]:
    """What a peer can say: whether a reply offends, or how good it is."""
    told = [judge.ask(row.reply, row.customer)["said"] for row in rows]
    if judge.peer.judge == "profanity":
        return [Said({"R1": "-" if offends >= OFFENDS else "+"}) for offends in told]
    return [Said(grade=grade) for grade in told]
