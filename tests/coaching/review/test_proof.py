"""A company's playbook keeps the promises that ours keeps: each broken one is named."""

from dataclasses import replace

import pytest

from coaching.playbook.overlay import read_overlaid
from coaching.review.earned import variants
from coaching.review.proof import faults, good_replies

SOUND = """
[[check]]
id = "calls-client"
criterion = "R1"
kind = "avoid"
words = ["(?:our|valued) clients?"]
unless = ["law firm"]
say = "Say guest."
plan = "If I write client, then I write guest."
flags = ["Our client called.", "You are a valued client.", "Our clients called."]
allows = ["Our clients are a law firm."]
"""


@pytest.fixture
def proven(tmp_path, playbook):
    """The faults of a rule A1 laid over ours."""

    def prove(rule):
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / "A1.toml").write_text(rule, encoding="utf-8")
        return list(faults(read_overlaid(tmp_path, playbook), playbook))

    return prove


def test_a_sound_check_keeps_every_promise(proven):
    """Nothing to say about it; and ours is sound without one."""
    assert proven(SOUND) == []
    assert proven("") == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Our client called."', '"Our guest called."', "does not notice: Our guest called."),
        ("are a law firm", "are here", "should leave alone: Our clients are here."),
        (', "You are a valued client."', "", "no example needs 'valued' in '(?:our|valued) clients?'"),
        ('["(?:our|valued)', '["our pupil", "(?:our|valued)', "key 'words': no example needs 'our pupil'"),
        ('["law firm"]', '["law firm", "school"]', "key 'unless': no example needs 'school'"),
        ('["law firm"]', '["law (?:firm|office)"]', "no example needs 'office' in 'law (?:firm|office)'"),
        ('["(?:our', '["(?:our|valued) clients?", "(?:our', "key 'words': no example needs '(?:our|valued)"),
    ],
)
def test_a_broken_promise_is_named(proven, old, new, says):
    """By rule, check and what no example needs, or the example that does not hold."""
    assert old in SOUND
    found = proven(SOUND.replace(old, new))
    assert any(says in fault for fault in found), found
    assert all(fault.startswith("A1.toml: check 'calls-client': ") for fault in found)


def test_our_good_replies_stay_good(proven):
    """A check that finds fault with a reply of our shelf is named with the words and the reply."""
    reply = good_replies()[0]["reply"]
    found = proven(
        SOUND.replace("(?:our|valued) clients?", "a lid").replace("ur client", "ur client, a lid,")
    )
    assert any(f"flags “A lid” in a good reply: {reply}" in fault for fault in found), found


def test_a_good_reply_that_is_no_longer_good_enough_is_named(playbook):
    """Where more is asked of a reply, those of ours that give less are named."""
    heads = playbook.heads
    stern = replace(playbook, heads=replace(heads, tuned={**heads.tuned, "good": 101.0}))
    found = list(faults(stern, playbook))
    assert found
    assert all(fault.startswith("a good reply is no longer good to send: ") for fault in found)


def test_what_can_be_taken_out_of_an_unusual_pattern():
    """A bracket or a bar inside a set is a letter, and so is one behind a backslash."""
    assert list(variants("[^]|)]x[|]")) == []
    assert list(variants(r"\|\((?:a)?")) == [("a", r"\|\(")]


def test_what_leaves_no_pattern_behind_is_passed_over(proven):
    """“(?:our )??clients?” without its group would begin with a repeat: that is no word to take out."""
    lazy = SOUND.replace("(?:our|valued) clients?", "(?:our )??clients?").replace("You are a valued", "Our")
    assert not any("'our '" in fault for fault in proven(lazy))
