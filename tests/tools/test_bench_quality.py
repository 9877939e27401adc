"""The bench of the review counts as issue and documentation say, and tells where it cannot run."""

import json
import sys
from pathlib import Path

import pytest

from tests.players.books import PLAYBOOK
from tools import bench_quality, bench_quality_real
from tools.bench_quality_cost import texts
from tools.bench_quality_figures import Said, figures, spearman
from tools.bench_quality_judges import OURS, PEERS, MissingError, alarms, asked, by_review, by_words
from tools.corpus_rows import Row

REPLIES = ("Calm down, madam.", "I'm sorry, it goes out today.", "We will look at it.")


def row(number=1, verdicts="+" * 8, overall=4, scenario="s", **more):
    return Row(f"s:{number}", "shoes", scenario, "Where is it?", REPLIES[number], verdicts, more, overall, "")


def said(verdicts, **more):
    return Said({f"R{n}": sign for n, sign in enumerate(verdicts, 1)}, **more)


def test_a_verdict_out_of_play_is_wrong_where_the_reader_judges():
    """Met and missed count alike; not applicable is right only where the reader says so."""
    rows = [row(verdicts="++++++++"), row(verdicts="-+++++++"), row(verdicts="+0++++++")]
    found = figures(rows, [said("0+++++++"), said("-+++++++"), said("+0++++++")])
    assert found["R1 balanced"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["R2 balanced"] is None  # nobody missed it
    assert found["R2 not applicable"] == 1.0
    assert found["balanced"] is None
    assert (found["R1 recall"], found["R1 precision"]) == (1.0, 1.0)


def test_advice_is_measured_on_good_and_on_weak_replies():
    """A good reply has four of five and misses none of R1, R2, R3, R8; a weak one has two at most."""
    rows = [row(overall=4), row(overall=4, verdicts="+-++++++"), row(overall=2), row(overall=1)]
    found = figures(rows, [Said(good=True, one_thing=False)] * 3 + [Said(good=False, one_thing=True)])
    assert (found["good sent"], found["weak told"]) == (1.0, 0.5)


def test_pairs_are_of_one_customer_and_a_tie_is_wrong():
    """Three replies to one customer are three pairs; another customer's reply is in none of them."""
    rows = [row(overall=1), row(overall=3), row(overall=5), row(overall=5, scenario="another")]
    found = figures(rows, [Said(grade=grade) for grade in (1.0, 1.0, 2.0, 0.0)])
    assert found["pairs"] == pytest.approx(2 / 3)


def test_ranks_share_a_place_and_a_constant_says_nothing():
    """Spearman with ties, beside a value worked out by hand."""
    assert spearman([1, 2, 2, 4], [10, 20, 30, 40]) == pytest.approx(0.9487, abs=1e-4)
    assert spearman([1, 2, 3], [5, 5, 5]) is None


def test_quotes_are_held_against_the_readers():
    """Words shared with the reader's, where both come to the same verdict; and no quote outside the reply."""
    rows = [row(0, "-" + "+" * 7, R1="Calm down"), row(0, "+" * 8, R1="madam")]
    ours = [said("-" + "+" * 7, spans={"R1": [(0, 17)]}), said("-" + "+" * 7, spans={"R1": [(0, 99)]})]
    found = figures(rows, ours)
    assert found["token F1"] == pytest.approx(2 * 2 / (2 + 3))
    assert found["quotes not in the reply"] == 1
    assert figures(rows, [Said(), Said()])["token F1"] is None


def test_the_review_is_asked_as_people_ask_it():
    """Its signs, its grade, its quotes; and a blamed reply is an alarm only with words to show."""
    found = by_review(row(0), PLAYBOOK)
    assert found.verdicts["R1"] == "-"
    assert alarms(found)[0] == "R1"
    assert found.one_thing
    assert not found.good
    assert alarms(Said({"R1": "-"}, {"R1": []})) == []
    assert by_words(row(0)).verdicts["R1"] == "-"


def test_a_judge_in_its_own_process_says_what_it_costs():
    """The same protocol for everybody; here it is ours."""
    with asked(OURS, Path(sys.executable)) as judge:
        told = judge.ask("Calm down, madam.", "Where is it?")
    assert judge.load_ms > 0
    assert told["ms"] > 0


def test_who_is_not_installed_is_left_out_with_the_reason():
    """A clone without the peers' environment still prints its own figures."""
    with pytest.raises(MissingError, match="there is no"), asked(PEERS[0], Path("nowhere/python")):
        pass
    with pytest.raises(MissingError, match="packages"), asked(PEERS[0], Path(sys.executable)):
        pass


def test_the_clock_runs_over_texts_of_one_length():
    """600 letters each, made of the replies of the corpus in turn."""
    found = texts([row(0), row(1), row(2)], 5)
    assert [len(text) for text, _ in found] == [600] * 5
    assert found[0][0].startswith(f"{REPLIES[0]} {REPLIES[1]}")


def test_real_replies_meet_their_labels_by_id(tmp_path):
    """Labels quote by offsets, because the texts are not ours to pass on."""
    told = {"id": "raw-1", "text": "So sorry, Ana!", "context": "broken"}
    (tmp_path / bench_quality_real.RAW).write_text(json.dumps(told) + "\n")
    label = {"k": "raw-1", "verdicts": "++0++000", "spans": {"R4": [0, 8]}, "overall": 4, "fix": "More."}
    (tmp_path / "real.jsonl").write_text(json.dumps(label) + "\n")
    (found,) = bench_quality_real.labelled(tmp_path, tmp_path / "real.jsonl")
    assert (found.reply, found.spans, found.overall) == ("So sorry, Ana!", {"R4": "So sorry"}, 4)


@pytest.mark.parametrize("part", ["tune", "test"])
def test_the_table_from_start_to_end(part, tmp_path, capsys, monkeypatch):
    """Tables for what is there, a reason for what is not, and a line in the log for the part `test` alone."""
    (tmp_path / part).mkdir()
    replies = [
        {"text": text, "verdicts": "+" * 8, "spans": {}, "overall": grade, "fix": ""}
        for text, grade in zip(REPLIES, (1, 5, 3), strict=True)
    ]
    told = {"id": "shoes-1", "customer": "Where is it?", "replies": replies}
    (tmp_path / part / "shoes.jsonl").write_text(json.dumps(told) + "\n")
    label = {"verdicts": "-" + "+" * 7, "spans": {"R4": "it"}, "overall": 3, "fix": ""}
    second = [
        json.dumps({"reply": f"shoes-1:{number}", **label}) for number in range(3 if part == "test" else 2)
    ]
    (tmp_path / "second_reading.jsonl").write_text("\n".join(second))
    monkeypatch.delenv("BREATHER_DATA", raising=False)
    arguments = ["--part", part, "--corpus", str(tmp_path), "--texts", "12", "--starts", "1"]
    monkeypatch.setattr(sys, "argv", ["bench_quality", *arguments])
    assert bench_quality.main() == 0
    out = capsys.readouterr().out
    assert "| better of two replies to the same customer | ≥ 0.92 |" in out
    assert out.count("BREATHER_DATA does not name") == 2
    assert ("another reader" in out) == (part == "test")  # who read all of it
    assert "VADER is left out" in out
    log = tmp_path / bench_quality.RUNS
    assert log.exists() == (part == "test")
    if part == "test":
        assert json.loads(log.read_text())["figures"]["written"]["replies"] == 3
