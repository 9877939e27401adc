"""The corpus holds what its README promises."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from coaching.playbook import reader
from tools.corpus_rows import CORPUS, fingerprint, rows

PARTS = ("train", "tune", "test")
SHARED = 0.4  # of the 3-grams of the shorter text
LEAST = 8  # 3-grams, which ten words have


@pytest.fixture(scope="module")
def corpus():
    return {part: rows(part) for part in PARTS}


def test_there_is_enough_of_it(corpus):
    """Thousands of replies from dozens of industries."""
    assert sum(map(len, corpus.values())) >= 3000
    assert len({row.industry for part in corpus.values() for row in part}) >= 30


def test_every_quote_is_in_its_reply(corpus):
    """Word for word, and only where the criterion is in play."""
    for row in (row for part in corpus.values() for row in part):
        assert re.fullmatch(r"[+-][+0-]{2}[+-]{2}[+0-]{3}", row.verdicts), row.id
        assert 1 <= row.overall <= 5
        for name, quote in row.spans.items():
            assert quote in row.reply, (row.id, name)
            assert row.verdicts[int(name[1]) - 1] != "0", (row.id, name)


def test_the_weights_that_ship_were_learnt_from_it():
    """A text or label that changed asks for new weights: python -m tools.train_heads."""
    manifest = Path(reader.__file__).parent / "en/heads/manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    assert told["trained on"]["sha256 of the corpus"] == fingerprint()


def test_the_parts_share_no_scenario_and_the_test_part_no_industry(corpus):
    """What was learnt from is not what is measured on."""
    scenarios = {part: {row.scenario for row in found} for part, found in corpus.items()}
    assert not scenarios["train"] & scenarios["tune"]
    ids = Counter(row.id for part in corpus.values() for row in part)
    assert max(ids.values()) == 1
    learnt = {row.industry for part in ("train", "tune") for row in corpus[part]}
    assert not learnt & {row.industry for row in corpus["test"]}


def test_no_two_texts_are_alike(corpus):
    """Apart from siblings none shares more than two fifths of its word 3-grams with another."""
    texts = {(row.scenario, row.reply) for part in corpus.values() for row in part}
    texts |= {(row.scenario, row.customer) for part in corpus.values() for row in part}
    known = [(scenario, found) for scenario, text in sorted(texts) if len(found := _grams(text)) >= LEAST]
    where = defaultdict(list)
    for number, (_, found) in enumerate(known):
        for gram in found:
            where[gram].append(number)
    alike = []
    for number, (scenario, found) in enumerate(known):
        shared = Counter(other for gram in found for other in where[gram] if other > number)
        for other, count in shared.items():
            theirs, text = known[other]
            if theirs != scenario and count > SHARED * min(len(found), len(text)):
                alike.append((scenario, theirs))
    assert alike == []


def _grams(text):
    words = re.findall(r"[\w']+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def test_second_readings_are_of_replies_that_are_there(corpus):
    """A fifth of the least there must be, and all of the test part."""
    replies = {row.id: row for part in corpus.values() for row in part}
    lines = (CORPUS / "second_reading.jsonl").read_text(encoding="utf-8").splitlines()
    readings = [json.loads(line) for line in lines]
    assert {row.id for row in corpus["test"]} <= {reading["reply"] for reading in readings}
    assert len(readings) >= 600
    for reading in readings:
        for quote in reading["spans"].values():
            assert quote in replies[reading["reply"]].reply


def test_of_real_replies_there_are_labels_and_no_words():
    """Signs, places and a grade."""
    lines = (CORPUS / "real.jsonl").read_text(encoding="utf-8").splitlines()
    for line in map(json.loads, lines):
        assert line.keys() == {"k", "verdicts", "spans", "overall"}
        assert all(isinstance(place, int) for span in line["spans"].values() for place in span)
