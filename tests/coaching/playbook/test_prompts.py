"""Prompts are data with a version and a hash; word lists are complete, or their faults are named."""

import pytest

from coaching.playbook.guarding import PATTERNS, WORDS, read_guarding
from coaching.playbook.prompts import read_prompts


def test_each_prompt_has_a_name_of_its_own(playbook):
    """Version and hash change with the text."""
    ids = {prompt.id for prompt in playbook.prompts.values()}
    assert len(ids) == 2
    assert all(prompt.text and "<!--" not in prompt.text for prompt in playbook.prompts.values())


@pytest.mark.parametrize("text", [None, "no version", "<!-- version: x. For nothing. -->\nText"])
def test_faults_are_named(text, tmp_path):
    """A file that is missing, and one without its first line."""
    if text is not None:
        for name in ("judge", "rewrite"):
            (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    faults = []
    assert read_prompts(tmp_path, faults) == {}
    assert [fault.partition(":")[0] for fault in faults] == ["prompts/judge.md", "prompts/rewrite.md"]


def test_word_lists_are_complete(tmp_path):
    """A list that is missing, empty or unknown is a fault by name; so is a model that is not there."""
    faults = []
    read_guarding({"words": {"light": [], "odd": ["x"]}, "groups": {"same": "x"}}, tmp_path, faults)
    assert len(faults) == len(WORDS) + len(PATTERNS) + 2
    assert "guards.toml: words: key 'odd' is unknown" in faults
