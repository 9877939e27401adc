"""`breather playbook` proves what is installed and prints a rule as a person would want to read it."""

import argparse
import io
from dataclasses import replace

import pytest

from bot import playbook_command
from coaching.playbook.reader import PlaybookError
from coaching.review.examples import faults


def ran(action, rule=""):
    out, err = io.StringIO(), io.StringIO()
    code = playbook_command.run(argparse.Namespace(action=action, rule=rule), out, err)
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
    monkeypatch.setattr(playbook_command, "faults", lambda _: ("A1.toml: check 'x' is wrong",))
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
