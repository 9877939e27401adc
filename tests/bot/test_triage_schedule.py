"""What `breather triage` says of reminders: by the line's own clock, and asked where nobody can tell."""

import io
import json

import pytest

from bot.__main__ import main


def triage(*rows, monkeypatch, capsys):
    text = "".join(json.dumps({"id": str(n), **row}) + "\n" for n, row in enumerate(rows))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["triage", "--jsonl"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_reminders_by_the_lines_own_clock(monkeypatch, capsys):
    """One object, a list for several, a question where nothing is clear, nothing for what is no reminder."""
    berlin = {"user_tz": "Europe/Berlin", "now": "2026-03-02T10:00"}
    found = triage(
        {"text": "remind me every weekday at 9", **berlin},
        {"text": "remind me every monday at 9 and every friday at 4pm", **berlin},
        {"text": "remind me tomorrow at 9am", "user_tz": "Asia/Tokyo", "now": "2026-03-02T10:00+01:00"},
        {"text": "remind me at 5", **berlin},
        {"text": "hello there"},
        monkeypatch=monkeypatch,
        capsys=capsys,
    )
    one, several, aware, asked, none = (line["schedule"] for line in found)
    assert (one["cron"], one["timezone"]) == ("0 9 * * MON-FRI", "Europe/Berlin")
    assert [wish["cron"] for wish in several] == ["0 9 * * MON", "0 16 * * FRI"]
    assert aware["run_at"] == "2026-03-03T09:00"
    assert asked["action"] == "clarify"
    assert none is None


def test_without_a_clock_it_is_this_machines(monkeypatch, capsys):
    """A rhythm needs no date; a wish that says nothing is asked."""
    (found,) = triage({"text": "weekdays at 9am"}, monkeypatch=monkeypatch, capsys=capsys)
    assert (found["schedule"]["cron"], found["schedule"]["timezone"]) == ("0 9 * * MON-FRI", "UTC")


@pytest.mark.parametrize(("bad", "says"), [({"user_tz": "Mars/Base"}, "user_tz"), ({"now": "soon"}, "now")])
def test_a_bad_clock_spoils_its_own_line(monkeypatch, capsys, bad, says):
    """The line says what to mend; the next one is answered."""
    good = {"text": "remind me every weekday at 9"}
    spoilt, fine = triage({**good, **bad}, good, monkeypatch=monkeypatch, capsys=capsys)
    assert says in spoilt["error"]
    assert fine["schedule"]["action"] == "create"
