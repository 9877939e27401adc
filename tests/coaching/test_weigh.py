"""The models that hear danger no phrase has: their files, voices, long texts, what doubts them."""

import json
import random
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from coaching import safety
from coaching.playbook.care import Danger, Voice, read_models
from coaching.playbook.heads import BITS, NONE
from coaching.safety.plain import plain
from coaching.safety.weigh import GATES, marks, spoken_against, weighed, windows
from tests.players.books import PLAYBOOK

CARE = PLAYBOOK.care
SAFETY = Path(__file__).parents[2] / "coaching/playbook/safety"
CRY = "nobody would miss me and i keep thinking how quiet it would be if i was gone"
SLUR = "> what a dim little woman you are, Linda, and so is your mother"


def heard(text, voice=Voice.ANY, *, doubted=False):
    return set(weighed(plain(text, CARE.spelling), CARE.models, voice, doubted=doubted))


def test_the_weights_are_the_manifests():
    """One model for each gate and each danger behind it, small, with the checksum of its weights."""
    manifest = json.loads((SAFETY / "danger.json").read_text(encoding="utf-8"))
    weights = (SAFETY / "danger.bin").read_bytes()
    assert manifest["sha256"] == sha256(weights).hexdigest()
    names = {*GATES, *(danger.value for dangers in GATES.values() for danger in dangers)}
    assert set(manifest["heads"]) == names
    assert len(weights) == len(names) << BITS < 400_000


def test_models_that_cannot_be_read_are_a_fault(tmp_path):
    """A folder without them says so; so does one whose weights are others."""
    faults = []
    assert read_models(tmp_path, faults) is NONE
    (tmp_path / "danger.json").write_bytes((SAFETY / "danger.json").read_bytes())
    (tmp_path / "danger.bin").write_bytes(b"1")
    assert read_models(tmp_path, faults) is NONE
    assert ["models of danger" in fault for fault in faults] == [True, True]


def test_they_hear_what_no_phrase_has():
    """Without the models nothing is heard."""
    for text, danger in ((CRY, Danger.SELF), (SLUR, Danger.ABUSE_RECEIVED)):
        assert safety.listen(text, replace(CARE, models=NONE)) is Danger.NONE
        assert safety.listen(text, CARE) is danger


def test_whose_voice():
    """A customer's cry is somebody else's; an insult in one's own reply was not received."""
    assert safety.listen(f"> {CRY}", CARE) is Danger.OTHER_PERSON
    insult = SLUR.removeprefix("> ")
    assert heard(insult, Voice.THEIRS) == {Danger.ABUSE_RECEIVED}
    assert heard(insult, Voice.MINE) == set()


def test_a_short_cry_in_a_long_story_counts():
    """Pieces overlap, so that no sentence is lost between two."""
    story = "The parcel came late and she wrote again about the invoice. "
    assert heard(story * 8) == set()
    assert heard(story * 8 + CRY + ". " + story * 8) == {Danger.SELF}
    assert [len(piece) for piece in windows(["a"] * 90)] == [40, 40, 40, 30]


def test_doubt_asks_for_more():
    """Where a phrase says that it is something else, a faint sign is not enough."""
    clear = [text for text in (CRY, "i want to die", "i am going to end my life tonight") if heard(text)]
    assert len(clear) == 3
    assert any(not heard(text, doubted=True) for text in ("I'm not suicidal", "suicidal"))


@pytest.mark.parametrize("text", ["", ".", "\n", "x" * 500])
def test_nothing_says_nothing(text):
    """Whatever is typed, there is no crisis in no words."""
    assert heard(text) == set()


def test_marks_do_not_depend_on_the_run():
    """The same numbers in every process: words, two that stand together, two around one."""
    words = ["a", "b", "c"]
    assert len(marks(words)) == 6
    random.Random(0).shuffle(words)
    assert marks(["a"]) <= marks(words)


def test_a_long_complaint_about_a_thing_is_no_attack():
    """What else stands in a whole furious message takes a phrase back; no models, no short text, no doubt."""
    story = (
        "You've put a man who says vaccines have chips in them on the front page as 'Editor's pick'. "
        "I work in a children's ward. Who picks this stuff? I'm disgusted."
    )
    said = plain(story, CARE.spelling)
    assert spoken_against(said, CARE.models)
    assert not spoken_against(said, NONE)
    assert not spoken_against(said[:20], CARE.models)
    assert safety.listen(story, replace(CARE, models=NONE)) is Danger.ABUSE_RECEIVED
    assert safety.listen(story, CARE) is Danger.NONE
