"""What models of public data say of a text: they order what anybody would order alike, and are read late."""

import os
import subprocess
import sys

import pytest

from coaching.playbook.heads import HeadsError, read_heads
from coaching.review.engine import review
from coaching.review.signals import signals
from coaching.review.tone import TONES, listen, public, tones
from tests.players.books import PLAYBOOK

THANKS = "Thank you so much for telling us, I really appreciate it! Would you mind sending a photo?"
RUDE = "why did you do that. did you even read the page? stop wasting my time"


@pytest.mark.parametrize(
    ("tone", "more", "less"),
    [
        ("politeness", THANKS, RUDE),
        ("warmth", "I love it, what a wonderful idea!", "This is awful and I hate it."),
        ("coldness", "This is awful and I hate it.", "I love it, what a wonderful idea!"),
        ("remorse", "I'm so sorry, I regret this.", "It goes out on Monday."),
        ("gratitude", "Thanks a lot!", "It goes out on Monday."),
        ("curiosity", "I wonder how that works?", "It goes out on Monday."),
        ("abuse", "You are a stupid robot, shut up", "Please tell me the time"),
        ("unsafe", "shut up, you are dumb", "I hope you feel better soon."),
    ],
)
def test_a_tone_orders_two_texts(tone, more, less):
    """Clear cases of each tone come out the right way round, from 0 to 1."""
    high, low = tones(more, PLAYBOOK), tones(less, PLAYBOOK)
    assert 0 <= low[tone] < high[tone] <= 1
    assert tuple(high) == TONES


def test_a_sentence_opening_counts_beside_the_word():
    """“Please” at the start is another feature than in the middle."""
    assert listen("Please wait.", PLAYBOOK).words > listen("please", PLAYBOOK).words
    assert listen("Wait please.", PLAYBOOK).words != listen("Please wait.", PLAYBOOK).words
    assert "text greets" in listen("Hello Ana,\nwait.", PLAYBOOK).bits
    assert "text begins small" in listen("wait.", PLAYBOOK).bits
    assert listen("... ?", PLAYBOOK).bits


def test_abuse_needs_a_rule():
    """However a model takes a text, without a rule that fired abuse and blame stay below a half."""
    angry = review("this damn thing is shit and hell and crap", "", PLAYBOOK)
    assert signals(angry, PLAYBOOK)["abuse"] <= 0.5
    assert signals(review("You are an idiot.", "", PLAYBOOK), PLAYBOOK)["abuse"] > 0.5
    assert signals(review("", "", PLAYBOOK), PLAYBOOK)["blame"] <= 0.5


def test_no_review_pays_for_the_models_of_tone():
    """They are not read until a tone is asked for."""
    code = (
        "from coaching.playbook.reader import read\n"
        "from coaching.review.engine import review\n"
        "import sys\n"
        "review('We will look at it.', 'Where is it?', read())\n"
        "assert 'coaching.review.tone' not in sys.modules\n"
        "from coaching.review.tone import public\n"
        "assert public.cache_info().currsize == 0\n"
    )
    path = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": path})


def test_other_weights_than_the_manifests_are_refused(tmp_path):
    """A file that was changed is named."""
    (tmp_path / "public.json").write_text('{"sha256": "0", "heads": {}, "bits": [], "tuned": {}}')
    (tmp_path / "public.bin").write_bytes(b"1")
    with pytest.raises(HeadsError, match=r"public\.bin"):
        read_heads(tmp_path, "public.json", "public.bin")
    assert set(public().heads) == set(TONES)
