"""Makes heads/near.txt: words near one another, from WordNet 3.0 and the vectors of all-MiniLM-L6-v2.

    python -m tools.near_words WORDNET_FOLDER MODEL.onnx TOKENIZER.json

The folder holds data.noun, index.noun and the like (Debian: wordnet-base). Needs onnxruntime and tokenizers,
which nothing else of the project does. Two words are kept where WordNet or their vectors bring them together.
"""

import json
import math
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coaching.playbook.guarding import Guarding
from coaching.playbook.reader import read

ROOT = Path(__file__).parent.parent
OUT = ROOT / "coaching" / "playbook" / "en" / "heads" / "near.txt"
SETS = Path("tests/sets/guards")
SENSES = {"v": 5, "n": 4, "a": 4, "r": 4}  # how many senses of a word are looked at
OFTEN = 12  # a word of the public sets
Senses = dict[str, list[tuple[str, int, str]]]


def stems(guarding: Guarding) -> dict[str, Counter[str]]:
    """The stems of the project's own texts and of the public sets, and the words each stands for."""
    own: Counter[str] = Counter()
    for path in [*ROOT.glob("tools/corpus/**/*.jsonl"), *(ROOT / SETS).glob("*.jsonl")]:
        own.update(re.findall(r"[a-z]+(?:'[a-z]+)?", path.read_text(encoding="utf-8").lower()))
    public: Counter[str] = Counter()
    for path in sorted(Path(os.environ.get("BREATHER_DATA", "/nowhere")).glob("*.jsonl")):
        if path.stem in ("emotion", "politeness", "agent_reply_raw"):
            public.update(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in (own + public).items():
        if (
            (own[word] > 1 or public[word] >= OFTEN)
            and len(word) > 2
            and "'" not in word
            and word not in guarding.words["function"]
        ):
            found[guarding.stem(word)][word] += count
    return found


def common(guarding: Guarding) -> Counter[str]:
    """In how many replies of the corpus a stem stands."""
    found: Counter[str] = Counter()
    for path in ROOT.glob("tools/corpus/t*/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            for reply in json.loads(line).get("replies", ()):
                found.update({guarding.stem(word) for word in re.findall(r"[a-z]+", reply["text"].lower())})
    return found


def vectors(words: list[str], model: str, tokenizer: str) -> np.ndarray:
    """One vector a word, of length one."""
    import onnxruntime
    from tokenizers import Tokenizer

    reads, session = Tokenizer.from_file(tokenizer), onnxruntime.InferenceSession(model)
    reads.no_padding()
    found = []
    for word in words:
        ids = np.array([reads.encode(word).ids], np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean = session.run(None, fed)[0][0].mean(0)
        found.append(mean / np.linalg.norm(mean))
    return np.array(found)


def wordnet(folder: Path) -> tuple[dict[str, tuple[list[str], list[tuple[str, str, str]]]], Senses]:
    """Sets of like words with what they point to, and the senses of each word in order."""
    sets, senses = {}, defaultdict(list)
    for name, kind in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                part = line.split(" | ")[0].split()
                count = int(part[3], 16)
                words = [part[4 + 2 * n].split("(")[0].lower() for n in range(count)]
                rest = part[5 + 2 * count :]
                points = [
                    (rest[n], rest[n + 2].replace("s", "a") + rest[n + 1], rest[n + 3])
                    for n in range(0, 4 * int(part[4 + 2 * count]), 4)
                ]
                sets[kind + part[0]] = (words, points)
        for line in (folder / f"index.{name}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                part = line.split()
                senses[part[0]] += [(kind, n, kind + at) for n, at in enumerate(part[6 + int(part[3]) :])]
    return sets, senses


def related(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Pairs of stems: 3 for one meaning, 2 for a meaning beside it, -1 for the opposite."""
    sets, senses = wordnet(folder)

    def rank(word: str, at: str) -> int:
        return next((n for _, n, other in senses[word] if other == at), 9)

    for word, some in senses.items():
        for kind, number, at in some:
            if number >= SENSES[kind] or not word.isalpha():
                continue
            words, points = sets[at]
            yield from ((word, w, 3) for w in words if rank(w, at) < SENSES[kind])
            for sign, to, ends in points:
                there, (own, other) = (
                    sets.get(to, ([], []))[0],
                    (int(end, 16) for end in (ends[:2], ends[2:])),
                )
                if sign in "!+" and own and words[own - 1] == word and there:
                    yield word, there[other - 1], -1 if sign == "!" else 3
                elif sign == "&" or (sign in "@~" and number < 2):
                    yield from ((word, w, 2) for w in there if rank(w, to) < 2)


def grade(bond: int, close: float) -> int:
    """How near two words are: by WordNet, where the vectors do not speak against it, or by these alone."""
    if (bond == 3 and close > 0.42) or (bond == 2 and close > 0.6) or close > 0.78:
        return 3
    if (bond == 3 and close > 0.28) or (bond == 2 and close > 0.45) or close > 0.64:
        return 2
    return int((bond > 0 and close > 0.3) or close > 0.55)


def main(folder: str, model: str, tokenizer: str) -> int:
    guarding = read().guarding
    words = stems(guarding)
    names = sorted(words)
    place = {name: n for n, name in enumerate(names)}
    seen = vectors([words[name].most_common(1)[0][0] for name in names], model, tokenizer)
    alike = seen @ seen.T
    bonds: dict[tuple[int, int], int] = {}
    for one, other, bond in related(Path(folder)):
        a, b = place.get(guarding.stem(one)), place.get(guarding.stem(other))
        if a is not None and b is not None and a != b:
            pair = (min(a, b), max(a, b))
            bonds[pair] = -1 if -1 in (bond, bonds.get(pair)) else max(bond, bonds.get(pair, 0))
    pairs = {(int(a), int(b)) for a, b in np.argwhere(np.triu(alike, 1) > 0.5)} | bonds.keys()
    near: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for a, b in sorted(pairs):
        bond = bonds.get((a, b), 0)
        column = 0 if bond < 0 else grade(bond, float(alike[a, b]))
        if column or bond < 0:
            near[a][column].append(names[b])
            near[b][column].append(names[a])
    heard = common(guarding)
    lines = [
        f"{name} {min(9, int(math.log2(1 + heard[name])))}"
        + ";".join(",".join(sorted(near[place[name]][column])) for column in (3, 2, 1, 0)).rstrip(";")
        for name in names
    ]
    OUT.write_text("\n".join(["", *lines, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
