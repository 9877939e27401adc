"""breather review: plain text, JSON, JSON lines with bad ones among them, and a clean end."""

import argparse
import io
import json

import pytest

from bot.review_command import add_arguments, run


def parsed(*argv):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(argv)


class Input(io.TextIOWrapper):
    def __init__(self, data):
        super().__init__(io.BytesIO(data), encoding="utf-8")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def ran(data, *argv, stderr=None):
    out, err = io.StringIO(), stderr or io.StringIO()
    code = run(parsed(*argv), Input(data), out, err)
    return code, out.getvalue(), err.getvalue()


def lines(data, *argv):
    code, out, err = ran(data, "--jsonl", *argv)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


PARCEL = {
    "id": "1",
    "customer": "My parcel is three weeks late and nobody answers.",
    "reply": "As per our policy you have to wait. Calm down.",
}


def test_the_parcel():
    """R1 and R8 missed with exact quotes, and one thing to change."""
    (row,) = lines(json.dumps(PARCEL).encode())
    assert row["id"] == "1"
    for name in ("R1", "R8"):
        assert row["criteria"][name]["verdict"] == "missed"
        for span in row["criteria"][name]["spans"]:
            assert span["quote"] == PARCEL["reply"][span["start"] : span["end"]]
    assert row["criteria"]["R1"]["spans"]
    assert row["one_thing"]["if_then"]
    assert list(row) == ["id", "criteria", "one_thing", "repaired", "overall", "abstained"]
    assert list(row["criteria"]) == [f"R{n}" for n in range(1, 9)]


def test_bad_lines_are_named_and_the_rest_goes_on():
    """Each bad line yields an error with its id where it has one, in the same order; no text is echoed."""
    good = json.dumps(PARCEL).encode()
    bad = [b"secret", b"[1]", b'{"id": 7}', b'{"id": 8, "reply": 3}', b'{"id": "9", "reply": "\xff"}',
           b'{"id": 10, "reply": "a", "customer": 3}', b'{"id": 11, "reply": "a", "context": "x"}',
           b'{"id": 12, "reply": "a", "context": [{"role": "customer"}]}', b"[" * 100_000]  # fmt: skip
    rows = lines(b"\n".join([*bad, b"", good]) + b"\n")
    assert [row["id"] for row in rows] == [None, None, 7, 8, None, 10, 11, 12, None, "1"]
    assert all("error" in row for row in rows[:-1])
    assert "secret" not in json.dumps(rows)
    assert "error" not in rows[-1]


def test_context_wins_over_customer():
    """The customer's turns of the context are what is judged against; then "customer"; then --customer."""
    row = {"id": 1, "reply": "Sorry your lid is cracked.", "customer": "Thanks!"}
    context = [{"role": "agent", "text": "Hello"}, {"role": "customer", "text": "My lid is cracked."}]
    met, none, given = lines(
        b"\n".join(
            json.dumps(r).encode()
            for r in ({**row, "context": context}, row, {"id": 2, "reply": row["reply"]})
        ),
        "--customer",
        "My lid is cracked.",
    )
    assert met["criteria"]["R6"]["verdict"] == "met"
    assert none["criteria"]["R6"]["verdict"] == "not_applicable"
    assert given["criteria"]["R6"]["verdict"] == "met"


def test_signals():
    """Every score there is, as numbers from 0 to 1, only when asked for."""
    (row,) = lines(json.dumps(PARCEL).encode(), "--signals")
    assert row["signals"]["politeness"] < 0.5
    assert all(0 <= score <= 1 for score in row["signals"].values())
    assert "signals" not in lines(json.dumps(PARCEL).encode())[0]


def test_one_draft_as_text_and_as_json():
    """One draft from standard input: calm text, or JSON."""
    code, out, _ = ran(b"Calm down.\n", "--customer", "It broke.")
    assert code == 0
    assert "> Calm down" in out
    code, out, _ = ran(b"Calm down.\n", "--json", "--signals")
    assert code == 0
    assert {"criteria", "signals"} <= set(json.loads(out))


def test_a_file(tmp_path):
    """A draft from a file; a file that is not there is named in one line."""
    path = tmp_path / "draft.txt"
    path.write_bytes(b"Calm down. \xff")
    assert "> Calm down" in ran(b"", str(path))[1]
    code, out, err = ran(b"", str(tmp_path / "none.txt"))
    assert (code, out) == (1, "")
    assert err.startswith("breather review:")
    assert err.count("\n") == 1


def test_plain_text_input_without_bytes():
    """A stream that has only text works too, lone surrogates included."""
    out = io.StringIO()
    assert run(parsed(), io.StringIO("Calm down. \ud800"), out, io.StringIO()) == 0
    assert "> Calm down" in out.getvalue()


def test_progress_on_a_terminal_only():
    """Many lines show progress on a terminal, and wipe it."""
    many = (json.dumps(PARCEL).encode() + b"\n") * 60
    err = ran(many, "--jsonl", stderr=Terminal())[2]
    assert "reviewed 50 lines" in err
    assert err.endswith("\r")
    assert ran(many, "--jsonl")[2] == ""


def test_ctrl_c_ends_cleanly():
    """What was done is written; one line says it stopped."""

    class Stopped(io.StringIO):
        def write(self, text):
            if self.tell():
                raise KeyboardInterrupt
            return super().write(text)

    out, err = Stopped(), io.StringIO()
    data = (json.dumps(PARCEL).encode() + b"\n") * 3
    assert run(parsed("--jsonl"), Input(data), out, err) == 130
    assert err.getvalue().count("\n") == 1


@pytest.mark.parametrize("flag", ["--help"])
def test_help_shows_an_example(flag, capsys):
    """Help has an example."""
    with pytest.raises(SystemExit) as ended:
        parsed(flag)
    assert ended.value.code == 0
    assert "breather review --jsonl" in capsys.readouterr().out


def test_what_comes_out_is_always_json():
    """An id that JSON has no sign for is left out; a mark at the beginning of the file is no fault."""
    first = b'\xef\xbb\xbf{"id": "marked", "reply": "Calm down."}\n'
    code, out, _ = ran(first + b'{"id": NaN, "reply": "Calm down."}\n{"id": 1e999, "reply": 5}', "--jsonl")

    def refuse(sign):
        raise AssertionError(f"{sign} is not JSON")

    rows = [json.loads(line, parse_constant=refuse) for line in out.splitlines()]
    assert (code, [row["id"] for row in rows]) == (0, ["marked", None, None])
    assert "error" not in rows[0]


def test_an_input_that_was_closed_is_empty():
    """Whoever starts us without one gets the answer for nothing to review."""
    out = io.StringIO()
    assert run(parsed(), None, out, io.StringIO()) == 0
    assert "nothing to review" in out.getvalue()


def test_an_id_that_json_cannot_carry_is_left_out():
    """A number without an end would break whoever reads the line."""
    (row,) = lines(b'{"id": 1e999, "reply": "Calm down."}')
    assert row["id"] is None
    assert row["one_thing"]
