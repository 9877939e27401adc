"""Trains the small models that hear danger no phrase has, the same bytes each time.

python -m tools.train_danger --data FOLDER [--check] [--out coaching/playbook/safety]

Needs the packages of lock/train.txt, and the public texts (DATA.md) in FOLDER, which stay there. --check
writes nothing: it says how much of each writer is heard by models that learnt from the others.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from coaching import safety
from coaching.playbook.care import Care, Danger, Voice
from coaching.playbook.heads import BITS, NONE
from coaching.playbook.reader import read
from coaching.safety.plain import plain
from coaching.safety.weigh import GATES, marks, windows
from tools.train_matrix import hashed, line, whole

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tools/corpus"
VENTS = ROOT / "tests/coaching/vents.toml"
SAFETY = ROOT / "coaching/playbook/safety"
STRENGTH = 6.0  # the inverse of how strongly weights are held down
WEIGHT = {0: 1.0, 1: 2.0}  # a danger missed is worse than a false alarm
SEEN = 2  # texts a mark has to be in, to be learnt
PUBLIC = "public"
PARTS = 4  # of the public texts: one is left alone
ALARMS = {"crisis": 0.0005, "abuse": 0.001, "insult": 0.001}  # public texts that may be taken for danger
ANGRY = {"angry_customer": 0.004, "anger": 0.025}  # the same, by models that did not see them
FOLDS = 3
OFTEN = 3  # times a line is learnt that the tests hold
WRITERS = (
    "safety",
    "safety-anger",
    "safety-self",
    "safety-others",
    "safety-abuse",
    "safety-more",
    "safety-blind",
    "safety-decided",
    "safety-hidden",
    "safety-abroad",
    "safety-plain",
    "safety-around",
    "safety-near",
    "safety-body",
    "safety-insults",
    "safety-contempt",
)
LICENCES = {"emotion.jsonl": "CC BY 4.0"}
COLD = frozenset({"anger", "annoyance", "disgust"})  # such texts may well be abuse


KINDS = ("crisis", "abuse")  # behind these gates one asks which danger it is
BOTH = frozenset({"crisis", "abuse"})
THEIRS = BOTH | {"insult"}


@dataclass(frozen=True)
class Line:
    """A text, what it tells of, and where it is from."""

    text: str
    danger: str  # "crisis" and "abuse" where only that much is known
    source: str
    level: str = ""
    gates: frozenset[str] = BOTH  # which of them it teaches


def rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(one) for one in file.read_text(encoding="utf-8").splitlines()]


def told(folder: Path) -> Iterator[Line]:
    """Lines written to be heard, or to sound like it."""
    for file in (*WRITERS, "angry"):
        for row in rows(folder / f"{file}.jsonl"):
            level = row.get("level", "")
            gates = THEIRS if level in ("pasted", "angry_customer", "anger") else BOTH
            yield Line(row["text"].removeprefix("> "), row["safety"], file, level, gates)
    kinds = {"crisis": "crisis", "abuse_report": "abuse"}
    for file in sorted(folder.glob("intents*.jsonl")):
        for row in rows(file):
            gates = frozenset({"crisis"}) if row["intent"] == "vent" else BOTH
            yield Line(row["text"], kinds.get(row["intent"], "none"), "intents", "", gates)


def proofs(care: Care) -> Iterator[Line]:
    """The examples in the rules, and the project's own vents."""
    for row in tomllib.loads(VENTS.read_text(encoding="utf-8"))["vent"]:
        yield from [Line(row["text"], row.get("danger", "none"), "rules")] * OFTEN
    for rule in care.rules:
        gates = THEIRS if Voice.THEIRS in rule.voices else BOTH
        yield from (Line(text, rule.danger.value, "rules", "", gates) for text in rule.flags)
    for file in sorted(SAFETY.glob("rules*.toml")):
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("rule", [])
        texts = [text for rule in found for text in rule["allows"]]
        yield from (Line(text, "none", "rules") for text in texts if harmless(text, care))


def harmless(text: str, care: Care) -> bool:
    return safety.listen(text, care) is Danger.NONE


def answers(folder: Path, care: Care) -> Iterator[Line]:
    """What customers wrote in the review's corpus, and what they were answered."""
    for file in (*sorted((folder / "train").glob("*.jsonl")), *sorted((folder / "tune").glob("*.jsonl"))):
        for row in rows(file):
            if row["customer"] and harmless(row["customer"], care):
                yield Line(row["customer"], "none", "corpus", "angry_customer", THEIRS)
            texts = [reply["text"] for reply in row["replies"]]  # type: ignore[index]
            yield from (Line(text, "none", "corpus") for text in texts if harmless(text, care))


def public(data: Path, care: Care) -> list[Line]:
    """Everyday talk, but for the part that is left alone."""
    felt = [row for row in rows(data / "emotion.jsonl") if row["sub"] == "train"]
    found = list[Line]()
    for place, row in enumerate(felt):
        if place % PARTS < PARTS - 1 and harmless(row["text"], care):
            gates = frozenset({"crisis"}) if COLD & {*row["label"]} else THEIRS
            found.append(Line(row["text"], "none", PUBLIC, "", gates))
    return found


class Seen:
    """Every piece of every line as numbers, once."""

    def __init__(self, lines: Sequence[Line], care: Care) -> None:
        pieces = [[sorted(marks(p)) for p in windows(plain(one.text, care.spelling))] for one in lines]
        x = hashed([piece for found in pieces for piece in found])
        often = np.asarray((x > 0).sum(axis=0)).ravel() >= SEEN
        self.x = csr_matrix(x.multiply(often))
        self.of = np.repeat(np.arange(len(lines)), [len(found) for found in pieces])
        self.lines = lines

    def best(self, score: np.ndarray, gate: str) -> np.ndarray:
        """One piece for each line, the most dangerous; all pieces of those where there is no danger."""
        order = np.lexsort((-score, self.of))
        first = np.zeros(len(score), dtype=bool)
        first[order[np.unique(self.of[order], return_index=True)[1]]] = True
        return first | ~self.so(gate)[self.of]

    def so(self, gate: str) -> np.ndarray:
        """Which lines tell of danger of this kind."""
        dangers = {gate, *(danger.value for danger in GATES[gate])}
        return np.array([one.danger in dangers for one in self.lines])

    def top(self, score: np.ndarray) -> np.ndarray:
        """The score of each line: that of its most dangerous piece."""
        found = np.full(len(self.lines), -np.inf)
        np.maximum.at(found, self.of, score)
        return found


Model = tuple[np.ndarray, float]


def scores(model: Model, seen: Seen) -> np.ndarray:
    return np.asarray(seen.x @ model[0]).ravel() + model[1]


def gate_model(seen: Seen, gate: str, teach: np.ndarray) -> Model:
    """Learns twice: from the first piece of a long text, then from the one that was most dangerous."""
    able = teach & np.array([gate in one.gates for one in seen.lines])
    so, score = seen.so(gate)[seen.of], -np.arange(len(seen.of), dtype=float)
    for _ in range(2):
        use = able[seen.of] & seen.best(score, gate)
        model = line(seen.x[use], so[use], WEIGHT, STRENGTH)
        score = scores(model, seen)
    return model


def kind_models(seen: Seen, gate: str, found: Model, teach: np.ndarray) -> dict[str, Model]:
    """Which danger it is, learnt from the lines where there is one."""
    names = [danger.value for danger in GATES[gate]]
    own = teach & np.array([one.danger in names and one.level != "pasted" for one in seen.lines])
    use = own[seen.of] & seen.best(scores(found, seen), gate)
    kinds = np.array([one.danger for one in seen.lines])[seen.of]
    return {name: line(seen.x[use], kinds[use] == name, strength=STRENGTH) for name in names}


def threshold(seen: Seen, gate: str) -> float:
    """So high that models which did not see them take few public texts and angry customers for danger."""
    unseen = np.zeros(len(seen.lines))
    for fold in range(FOLDS):
        mine = np.arange(len(seen.lines)) % FOLDS == fold
        unseen[mine] = seen.top(scores(gate_model(seen, gate, ~mine), seen))[mine]
    able = np.array([gate in one.gates and one.danger == "none" for one in seen.lines])
    kinds = np.array([one.level or one.source for one in seen.lines])
    shares = {PUBLIC: ALARMS[gate], **(ANGRY if gate != "crisis" else {})}
    highest = [np.quantile(unseen[able & (kinds == kind)], 1 - share) for kind, share in shares.items()]
    return round(float(max(highest)), 3)


def learners(seen: Seen, without: str = "") -> np.ndarray:
    return np.array([one.source != without for one in seen.lines])


def check(seen: Seen, care: Care) -> None:
    """Each writer by models that learnt from the others, with the thresholds that are shipped."""
    tuned = json.loads((SAFETY / "danger.json").read_text(encoding="utf-8"))["tuned"]
    print("| left out | gate | lines | rules | models | both | harmless | rules | both |")
    print("|---|---|---|---|---|---|---|---|---|")
    for writer in WRITERS:
        mine = np.array([one.source == writer for one in seen.lines])
        heard = [safety.listen(seen.lines[place].text, care) for place in np.flatnonzero(mine)]
        for gate in KINDS:
            dangers, so = GATES[gate], seen.so(gate)[mine]
            calm = np.array([one.danger == "none" for one in seen.lines])[mine]
            if so.sum() < 20:
                continue
            model = gate_model(seen, gate, learners(seen, writer))
            hit = seen.top(scores(model, seen))[mine] > tuned[gate]
            rule = np.array([danger in dangers for danger in heard])
            figures = [rule[so], hit[so], (hit | rule)[so]], [rule[calm], (hit | rule)[calm]]
            recall, alarms = ([f"{np.mean(one):.3f}" for one in part] for part in figures)
            cells = [writer, gate, str(so.sum()), *recall, str(calm.sum()), *alarms]
            print(f"| {' | '.join(cells)} |")


def write(out: Path, seen: Seen, data: Path) -> None:
    """Both files."""
    teach, found, tuned = learners(seen), dict[str, Model](), dict[str, float]()
    for gate in GATES:
        found[gate] = gate_model(seen, gate, teach)
        tuned[gate] = threshold(seen, gate)
        if gate in KINDS:
            found |= kind_models(seen, gate, found[gate], teach)
    heads = {name: whole(*model, 1 << BITS) for name, model in found.items()}
    weights = b"".join(head.weights.tobytes() for head in heads.values())
    own = "\n".join(f"{one.danger}\t{one.text}" for one in seen.lines if one.source != PUBLIC)
    digests = {name: sha256((data / name).read_bytes()).hexdigest() for name in LICENCES}
    manifest = {
        "sha256": sha256(weights).hexdigest(),
        "trained on": {
            "own lines": {"sha256": sha256(own.encode()).hexdigest(), "licence": "CC0"},
            **{name: {"sha256": digests[name], "licence": of} for name, of in LICENCES.items()},
        },
        "heads": {name: {"scale": head.scale, "bias": head.bias} for name, head in heads.items()},
        "bits": [],
        "tuned": tuned,
    }
    (out / "danger.bin").write_bytes(weights)
    (out / "danger.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{len(heads)} models, {len(weights):,} bytes, from {len(seen.lines):,} lines", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SAFETY)
    parser.add_argument("--check", action="store_true", help="measure writer by writer, write nothing")
    args = parser.parse_args()
    care = replace(read().care, models=NONE)  # so that what was learnt before teaches nothing
    folder = CORPUS / "triage"
    lines = [*told(folder), *proofs(care), *answers(CORPUS, care), *public(args.data, care)]
    seen = Seen(lines, care)
    if args.check:
        check(seen, care)
    else:
        write(args.out, seen, args.data)


if __name__ == "__main__":
    main()
