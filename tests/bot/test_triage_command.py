"""breather triage: what each line wants, with bad lines among them, and a clean end."""

import argparse
import io
import json

import pytest

from bot import triage_command
from bot.triage_command import add_arguments, run


def ran(data, *argv):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    code = run(parser.parse_args(["--jsonl", *argv]), stdin, out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def said(text, **more):
    code, (row,), err = ran(json.dumps({"id": "1", "text": text, **more}).encode())
    assert (code, err) == (0, "")
    return row


def test_one_object_a_line():
    """All keys, in order; what does not apply is null."""
    row = said("how do I say no to a refund after 60 days?")
    assert list(row) == ["id", "intent", "crisis", "safety", "schedule", "review"]
    assert row["intent"] == "ask"
    assert (row["crisis"], row["safety"], row["schedule"], row["review"]) == (False, "none", None, None)


def test_a_draft_is_taken_apart():
    """Customer and draft exactly; unsure where nobody can tell."""
    row = said("Customer: It broke.\nMe: A new one leaves today.")
    assert row["review"] == {"customer": "It broke.", "draft": "A new one leaves today."}
    assert said("review: Monday at ten.\n\nTuesday at eleven.")["review"] == {"unsure": True}


def test_a_schedule_is_spelled_out():
    """In the zone of the person."""
    row = said("remind me every weekday at 9", user_tz="Europe/Berlin", now="2026-03-02T10:00")
    assert row["intent"] == "schedule"
    assert (row["schedule"]["cron"], row["schedule"]["timezone"]) == ("0 9 * * MON-FRI", "Europe/Berlin")


def test_a_crisis_goes_first():
    """Danger is the intent, whatever else is said."""
    row = said("I want to kill myself")
    assert (row["intent"], row["crisis"], row["safety"]) == ("crisis", True, "self")


def test_an_attack_that_is_told_is_one():
    """A story of an attack on the person is that, and no vent."""
    row = said("what a day, he said he knows where I live and will come for me")
    assert (row["intent"], row["safety"]) == ("abuse_report", "abuse_received")


def test_bad_lines_and_files(tmp_path, monkeypatch):
    """A bad line is named and the rest goes on; a missing file and Ctrl-C end in one sentence."""
    code, rows, _ = ran(b'{"id": 1}\n{"id": 2, "text": "thanks"}\n')
    assert code == 0
    assert "'text' must be a text" in rows[0]["error"]
    assert rows[1]["intent"] == "small_talk"
    (tmp_path / "in.jsonl").write_text('{"id": 3, "text": "help"}\n', encoding="utf-8")
    assert ran(b"", str(tmp_path / "in.jsonl"))[1][0]["intent"] == "help"
    code, _, err = ran(b"", str(tmp_path / "no.jsonl"))
    assert (code, err.count("\n")) == (1, 1)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(triage_command, "answer_each", interrupted)
    assert ran(b"")[0] == 130

    def gone(*_):
        raise BrokenPipeError

    monkeypatch.setattr(triage_command, "answer_each", gone)
    with pytest.raises(BrokenPipeError):
        ran(b"")


def test_a_fault_of_ours_spoils_its_own_line_only(monkeypatch):
    """Whatever it is, the line is named, the next one is answered, and nothing of the text is told."""
    heard = triage_command.understood

    def faulty(words, playbook):
        if "parcel" in words.reveal():
            raise RuntimeError(words.reveal())
        return heard(words, playbook)

    monkeypatch.setattr(triage_command, "understood", faulty)
    code, rows, err = ran(b'{"id": 1, "text": "my parcel"}\n{"id": 2, "text": "thanks"}\n')
    assert (code, err) == (0, "")
    assert rows[0] == {"id": 1, "error": "this line could not be answered"}
    assert rows[1]["intent"] == "small_talk"
