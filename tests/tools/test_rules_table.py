"""docs/rules.md says what the playbook says."""

import subprocess
import sys
from pathlib import Path

from tools.rules_table import anchor, page, section

ROOT = Path(__file__).parent.parent.parent


def test_the_committed_page_is_up_to_date(playbook):
    """Nobody reads an old rule: the page is exactly what the tool prints today."""
    committed = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert committed == page(playbook), "run: python -m tools.rules_table > docs/rules.md"


def test_the_page_is_printed_by_the_documented_command(playbook):
    """The command in the page's own first lines makes the page."""
    made = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "tools.rules_table"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert made.stdout == page(playbook)
    assert "python -m tools.rules_table > docs/rules.md" in made.stdout


def test_every_rule_is_told_whole(playbook):
    """A section has title, idea, why, source and the number of tips; the overview links to it."""
    whole = page(playbook)
    for rule in playbook.rules.values():
        text = section(rule)
        for words in (rule.id, rule.title, rule.idea, rule.why, rule.source, f"{len(rule.tips)} tips"):
            assert words in text
        assert text in whole
        assert f"(#{anchor(rule)})" in whole
    assert f"| | all | {len(playbook.tips)} |" in whole


def test_an_anchor_is_made_as_code_hosts_make_it(playbook):
    """Lower case, no punctuation, hyphens for spaces."""
    assert anchor(playbook.rules["A3"]) == "a3-it-is-ok-to-vent-in-private"
