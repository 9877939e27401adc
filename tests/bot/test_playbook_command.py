"""`breather playbook` proves what is installed and prints a rule as a person would want to read it."""

import argparse
import io
from dataclasses import replace

import pytest

from bot import playbook_command
from coaching.playbook.tables import PlaybookError
from coaching.review.examples import faults


def ran(action, rule="", path=""):
    out, err = io.StringIO(), io.StringIO()
    code = playbook_command.run(argparse.Namespace(action=action, rule=rule, path=str(path)), out, err)
    return code, out.getvalue(), err.getvalue()


def test_the_shipped_playbook_proves_itself():
    """Every example of every check holds."""
    code, out, err = ran("check")
    assert (code, err) == (0, "")
    assert out.startswith("10 rules, ")


def test_an_example_that_does_not_hold_is_named(playbook):
    """A check that misses its own example, fires on a harmless one or has none is listed by rule and id."""
    rule = playbook.rules["A1"]
    first, second, third = rule.checks[:3]
    bent = (
        replace(first, flags=("Enjoy the sun.",)),
        replace(second, allows=second.flags),
        replace(third, allows=()),
    )
    found = faults(replace(playbook, rules={"A1": replace(rule, checks=bent)}))
    assert any("does not notice: Enjoy the sun." in fault for fault in found)
    assert any("should leave alone" in fault for fault in found)
    assert f"A1.toml: check '{third.id}': 'allows' has no example" in found


def test_faults_are_printed_and_counted(monkeypatch):
    """One line a fault on standard error, and exit code 1."""
    monkeypatch.setattr(playbook_command, "faults", lambda *_: ("A1.toml: check 'x' is wrong",))
    code, out, err = ran("check")
    assert (code, out) == (1, "")
    assert err == "A1.toml: check 'x' is wrong\n"


def test_a_playbook_that_cannot_be_read_lists_its_faults(monkeypatch):
    """The reader's faults are shown as they are."""

    def broken():
        raise PlaybookError(["A1.toml: key 'why' is missing"])

    monkeypatch.setattr(playbook_command, "read", broken)
    code, _, err = ran("show", "A1")
    assert code == 1
    assert "A1.toml: key 'why' is missing" in err


@pytest.mark.parametrize("name", ["a2", "B5"])
def test_a_rule_is_printed_whole(playbook, name):
    """Title, source and every tip with its plan; capital letters do not matter."""
    code, out, _ = ran("show", name)
    rule = playbook.rules[name.upper()]
    assert code == 0
    assert rule.title in out
    assert all(tip.plan in out for tip in rule.tips)


@pytest.mark.parametrize("name", ["", "C9"])
def test_an_unknown_rule_names_those_that_exist(name):
    """Wrong use: exit code 2 and the ten names."""
    code, out, err = ran("show", name)
    assert (code, out) == (2, "")
    assert "A1, A2" in err


# --------------------------------------------------------------------------- a company's own


@pytest.fixture
def acme(tmp_path):
    """A company's playbook with a rule of another title."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "A1.toml").write_text('title = "As a guest would like it"', encoding="utf-8")
    return tmp_path


def test_a_companys_playbook_is_proven(acme):
    """What is their own is counted, and every promise is held."""
    (acme / "rules" / "A2.toml").write_text('[[tip]]\nid = 1\nsay = "Ask."\n', encoding="utf-8")
    code, out, err = ran("check", path=acme)
    assert (code, err) == (0, "")
    assert out.startswith("Of your own: checks 0, tips 1, sentences 0. Every example holds")


def test_a_broken_promise_is_told(acme):
    """A check that no longer matches its examples: each on a line of its own, exit code 1."""
    (acme / "rules" / "A1.toml").write_text(
        '[[check]]\nid = "threat"\nwords = ["final notice"]\n', encoding="utf-8"
    )
    code, out, err = ran("check", path=acme)
    assert (code, out) == (1, "")
    assert "A1.toml: check 'threat': does not notice: " in err


@pytest.mark.parametrize("action", ["check", "show"])
def test_a_companys_playbook_with_faults_is_not_used(acme, action):
    """Neither proven nor shown: all faults, exit code 1."""
    (acme / "intents.toml").touch()
    (acme / "notes.txt").touch()
    code, out, err = ran(action, "A1", acme)
    assert (code, out) == (1, "")
    assert "intents.toml: has no place" in err
    assert "notes.txt: has no place" in err


def test_a_rule_of_a_companys_playbook_is_shown(acme):
    """With what they changed."""
    code, out, _ = ran("show", "a1", acme)
    assert code == 0
    assert out.startswith("A1  As a guest would like it\n")


@pytest.mark.parametrize("action", ["check", "show"])
def test_no_such_folder(tmp_path, action):
    """Wrong use: exit code 2 and one line."""
    code, out, err = ran(action, "A1", tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert err == f"breather: there is no folder {tmp_path / 'nowhere'}\n"
