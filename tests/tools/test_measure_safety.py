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
    row = {"text": "Happy to help.", "context": "he said he would kill me"}
    assert main(["--harmless", file(tmp_path, "h.jsonl", row, {"text": "Done."})]) == 0
    assert "0 self-harm alarms, 1 of any kind, in 3 lines" in capsys.readouterr().out
    assert main(["--harmless", file(tmp_path, "i.jsonl", {"text": "I want to die"})]) == 1
