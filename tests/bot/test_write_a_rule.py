"""The example in docs/write-a-rule.md is a playbook that proves itself, word for word."""

import re
from pathlib import Path

import pytest

from bot.__main__ import main

PAGE = Path(__file__).parent.parent.parent / "docs" / "write-a-rule.md"


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The page's example as files, in a folder of their own."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^`([\w/.]+\.toml)`[^`]*?:\n\n```toml\n(.+?)```", text, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in found] == [
        "rules/B1.toml",
        "wording/help.toml",
        "tips.toml",
        "templates.toml",
    ]
    for name, body in found:
        (tmp_path / "acme" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "acme" / name).write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return text


def test_the_commands_on_the_page_say_what_it_shows(example, capsys):
    """Each command of the proof is run as printed; where the page shows an answer, it is that answer."""
    shown = re.search(r"Prove it:\n\n```console\n(.+?)```", example, re.DOTALL)[1]
    commands = [block.partition("\n") for block in shown.split("$ breather ")[1:]]
    assert len(commands) == 2
    for command, _, answer in commands:
        assert main(command.split()) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out == answer or not answer
    assert "Be a good host" in out
    assert "an umbrella" in out


def test_the_start_takes_the_setting_on_the_page(example, monkeypatch, capsys):
    """The doctor finds nothing to mend in it."""
    setting = re.search(r"^\$ BREATHER_PLAYBOOK=(\S+) breather demo", example, re.MULTILINE)[1]
    monkeypatch.setenv("BREATHER_PLAYBOOK", setting)
    assert main(["doctor"]) == 0
    out, _ = capsys.readouterr()
    assert "ok    playbook acme: 10 rules" in out
    assert "warn  playbook" not in out
