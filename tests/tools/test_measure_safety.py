"""The measuring tool counts right and fails when a target is missed."""

import json

import pytest

from tools.measure_safety import main


def file(tmp_path, name, *rows):
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


GOOD = (
    {"text": "I want to die", "label": 1, "level": "ideation"},
    {"text": "fine", "label": 0, "level": "none"},
)
MISSED = ({"text": "nothing to hear", "label": 1, "level": "imminent"},)
ALARM = (*GOOD, {"text": "I want to die", "label": 0, "level": "none"})


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [(GOOD, 0, "crisis: 1/1 heard, 0/1 false"), (MISSED, 1, "TARGET MISSED"), (ALARM, 1, "1/2 false alarms")],
    ids=["good", "missed", "alarm"],
)
def test_crisis(rows, code, told, tmp_path, capsys):
    """Recall by level; one missed certain line or one alarm is a miss."""
    assert main(["--crisis", file(tmp_path, "c.jsonl", *rows)]) == code
    assert told in capsys.readouterr().out


def test_abuse_in_both_voices(tmp_path, capsys):
    """The customer's words, known as theirs or not."""
    path = file(tmp_path, "a.jsonl", {"text": "dumb immigrant", "label": 1}, {"text": "I'll sue", "label": 0})
    assert main(["--abuse", path]) == 0
    out = capsys.readouterr().out
    assert "abuse (theirs): 1/1 heard, 0/1 false" in out
    assert "abuse (any): 1/1 heard, 0/1 false" in out
    assert main(["--abuse", file(tmp_path, "b.jsonl", {"text": "dumb immigrant", "label": 0})]) == 1


def test_harmless_traffic(tmp_path, capsys):
    """Both sides of a conversation are counted."""
    row = {"text": "Happy to help.", "context": "he called me a whore"}
    assert main(["--harmless", file(tmp_path, "h.jsonl", row, {"text": "Done."})]) == 0
    assert "0 crisis alarms, 0 self-harm alarms, 1 of any kind, in 3 lines" in capsys.readouterr().out
    assert main(["--harmless", file(tmp_path, "i.jsonl", {"text": "I want to die"})]) == 1


SETS = (
    {"text": "I want to die", "safety": "self", "crisis": True, "level": "explicit"},
    {"text": "nothing to hear", "safety": "medical", "crisis": True, "level": "about_other"},
    {"text": "kill the process", "safety": "none", "crisis": False, "level": "idiom"},
    {"text": "she called me a whore", "safety": "abuse_received", "crisis": False, "level": "reported"},
    {"text": "your service is rubbish", "safety": "none", "crisis": False, "level": "anger"},
)
ANGRY = {"text": "I want my money back. Ridiculous.", "safety": "none", "level": "angry_customer"}


def test_a_folder_of_sets_makes_a_table(tmp_path, capsys):
    """One row a measure, recall by category, no text unless it is asked for."""
    file(tmp_path, "safety.jsonl", *SETS)
    file(tmp_path, "angry.jsonl", ANGRY)
    assert main(["--sets", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    for line in (
        "crisis, explicit and imminent: 1/1 (100.0%)",
        "crisis, all: 1/2 (50.0%)  TARGET MISSED",
        "crisis alarms on idioms and hard negatives: 0/1 (0.0%)",
        "abuse of the agent found: 1/1 (100.0%)",
        "mere anger flagged: 0/1 (0.0%)",
        "angry customer messages flagged: 0/1 (0.0%)",
        "medical about_other: 0/1 heard, 0 as exactly this",
        "cpu per message, p95",
    ):
        assert line in out
    assert "nothing to hear" not in out
    assert main(["--sets", str(tmp_path), "--show"]) == 1
    assert "medical about_other -> none: nothing to hear" in capsys.readouterr().out
