"""The small models: the same text has the same numbers, weights are those of their manifest, and nobody is
blamed without words that can be quoted."""

import json
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.playbook import reader
from coaching.playbook.heads import Head, Heads, HeadsError, read_heads
from coaching.playbook.reader import read_from
from coaching.playbook.tables import PlaybookError
from coaching.review import fusion
from coaching.review.bits import bits
from coaching.review.engine import review
from coaching.review.features import features
from coaching.review.look import look
from coaching.review.verdicts import Outcome
from coaching.review.windows import by_sentence, windows
from coaching.text import Span
from tests.players.books import PLAYBOOK

ROOT = Path(reader.__file__).parent
HEADS = ROOT / "en" / "heads"


def of(text, space=""):
    return features(text, [Span(0, len(text))], space)


def said(head, found):
    """What one model says of each token."""
    return Heads({"one": head}, {}, {}).tokens({"one"}, found.near, found.ends)["one"]


def test_the_same_words_have_the_same_numbers():
    """Whenever and wherever they are read; a customer's are apart from the reply's."""
    assert of("where is my lamp?") == of("where is my lamp?")
    assert of("where is my lamp?").all != of("where is my lamp?", "c").all
    assert len(of("lamp lamp lamp").ends) == 3


def test_only_the_stretches_that_are_asked_for_are_read():
    """What is quoted below a reply has no part in it."""
    text = "it is here. you idiots"
    assert features(text, [Span(0, 11)]).all == of("it is here.").all


def test_a_text_without_words_has_no_features():
    """And no model has anything to say of it."""
    nothing = of("")
    assert (nothing.at, nothing.near, nothing.ends, nothing.all) == ((), (), (), frozenset())
    assert PLAYBOOK.heads.heads["R1 missed"].of_text(nothing.all) == 0.0


def test_the_weights_are_small_and_their_manifests():
    """Under two megabytes; a file that was changed is refused."""
    weights = (HEADS / "weights.bin").read_bytes()
    manifest = json.loads((HEADS / "manifest.json").read_text(encoding="utf-8"))
    assert len(weights) < 2_000_000
    assert sha256(weights).hexdigest() == manifest["sha256"]
    assert len(weights) == len(manifest["heads"]) * ((1 << 15) + len(manifest["bits"]))


def test_other_weights_than_the_manifests_are_refused(tmp_path):
    """With the remedy, and as a fault of the playbook."""
    shutil.copytree(ROOT / "en", tmp_path / "en")
    weights = tmp_path / "en" / "heads" / "weights.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(HeadsError, match="install Breather again"):
        read_heads(tmp_path / "en" / "heads")
    with pytest.raises(PlaybookError, match="heads/: the models cannot be read"):
        read_from(tmp_path / "en", ROOT / "safety")
    shutil.rmtree(tmp_path / "en" / "heads")
    with pytest.raises(PlaybookError, match="heads/"):
        read_from(tmp_path / "en", ROOT / "safety")


@settings(max_examples=30)
@given(
    st.sets(st.integers(0, (1 << 15) - 1), max_size=600),
    st.sets(st.sampled_from(sorted(PLAYBOOK.heads.bits))),
)
def test_what_all_models_say_at_once_is_what_each_says(features, flags):
    """The sums of weights side by side are those of every model alone, to the last one."""
    heads = PLAYBOOK.heads
    at_once = heads.says(heads.heads, features, {1, 2}, heads.places(flags))
    for name, head in heads.heads.items():
        alone = head.of_text(features) + head.of_text({1, 2}) + head.of_bits(heads.places(flags)) + head.bias
        assert at_once[name] == pytest.approx(alone)
    near, ends = tuple(features), tuple(range(1, len(features) + 1))
    tokens = heads.tokens({"overall"}, near, ends)["overall"]
    head = heads.heads["overall"]
    assert tokens == [head.scale * head.weights[feature] + head.bias for feature in near]


def stretch(head, text):
    """The stretch that speaks most for one model."""
    return windows({"it": said(head, of(text))}, of(text), text)["it"]


@settings(max_examples=60)
@given(st.text(st.sampled_from("abc don't know .,!? \n"), max_size=200))
def test_a_window_is_a_stretch_of_one_sentence(text):
    """Never across its end, never longer than a person would quote."""
    best = stretch(PLAYBOOK.heads.heads["quote R1-"], text)
    if best is not None:
        piece = text[best.span.start : best.span.end]
        assert best.score > 0
        assert not re.search(r"\w[.!?]+ *\w", piece)
        assert len(of(piece).at) <= 16


def test_a_window_takes_the_whole_clause():
    """Where a good part of it speaks; and of a long one only that part."""
    text = "well, it is your own fault, really."
    head = Head(PLAYBOOK.heads.heads["quote R1-"].weights, 0.0, -1.0)
    assert stretch(head, text) is None
    loud = replace(head, bias=1.0)
    assert text[slice(*_ends(stretch(loud, text)))] == "well, it is your own fault, really"
    long = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
    assert len(long[slice(*_ends(stretch(loud, long)))].split()) == 14


def _ends(found):
    return found.span.start, found.span.end


def test_a_heavy_finding_is_outvoted_only_by_a_model_that_is_sure(playbook):
    """“As I said” may be kind: doubt is not enough to let it pass."""
    for bias, outcome in ((0.0, Outcome.MISSED), (-99.0, Outcome.MET)):
        found = review("As I said, it is on its way.", "Where is it?", _says(playbook, "R1 missed", bias))
        assert found.verdicts["R1"].outcome is outcome


def test_a_grave_finding_is_never_told_to_be_sent(playbook):
    """An insult, a threat, blame or “calm down” beside the kindest words: no model outvotes these rules."""
    kind = _says(playbook, "R1 missed", -99.0)
    grave = [c for rule in playbook.rules.values() for c in rule.checks if c.weight >= fusion.GRAVE]
    assert len(grave) >= 4
    for check in grave:
        draft = f"{check.flags[0]} I'm so sorry about this. I'll look into it now and write to you by four."
        verdict = review(draft, "Where is it?", kind).verdicts[check.criterion]
        assert (verdict.outcome, verdict.check) == (Outcome.MISSED, check)


def test_nobody_is_blamed_without_words_to_quote(playbook):
    """A model that suspects an insult and cannot say where is not believed."""
    sure = _says(playbook, "R1 missed", 99.0)
    mute = _says(sure, "quote R1-", -99.0)
    assert (
        review("It is on its way, here by noon.", "Where is it?", mute).verdicts["R1"].outcome is Outcome.MET
    )
    told = replace(_says(sure, "quote R1-", 9.0))
    found = review("It is on its way, here by noon.", "Where is it?", told).verdicts["R1"]
    assert (found.outcome, bool(found.spans)) == (Outcome.MISSED, True)


def test_one_sentence_that_stings_is_enough(playbook):
    """Each is heard by itself, without the greeting, so that kind ones beside it hide nothing."""
    found = look("Hi Ana, it is on its way. You people never read your mail.", "Where is it?", playbook)
    each = by_sentence(found.reply, found.evidence.reply.sentences)
    kind, sharp = (playbook.heads.says(["sentence R1"], one)["sentence R1"] for one in each)
    assert fusion.stinging(found, playbook.heads)["R1"] == sharp > kind
    assert set().union(*each) < set(found.reply.near)


def test_without_a_customer_only_the_draft_speaks(playbook):
    """Anger, trouble and feedback are not guessed from a reply alone."""
    sure = _says(_says(_says(playbook, "R3 applies", 99.0), "R6 applies", 99.0), "R7 applies", 99.0)
    outcomes = {n: v.outcome for n, v in review("It is on its way, here by noon.", "", sure).verdicts.items()}
    assert {outcomes[name] for name in ("R3", "R6", "R7")} == {Outcome.NOT_APPLICABLE}


def test_a_friendly_word_beside_an_insult_is_no_smile(playbook):
    """R4 falls with R1."""
    warm = _says(_says(playbook, "R4 missed", -99.0), "R1 missed", 99.0)
    found = review("Calm down, happy to help, it comes by noon.", "Where is it?", warm)
    assert found.verdicts["R4"].outcome is Outcome.MISSED


def _says(playbook, name, bias):
    heads = playbook.heads
    return replace(
        playbook, heads=replace(heads, heads={**heads.heads, name: replace(heads.heads[name], bias=bias)})
    )


def test_the_grade_is_between_nought_and_a_hundred(playbook):
    """Whatever the models say."""
    for bias in (-999.0, 999.0):
        found = review("It is on its way, here by noon.", "Where is it?", _says(playbook, "overall", bias))
        assert found.overall in (0.0, 100.0)


def test_what_the_models_are_told(playbook):
    """Shapes, findings and what is shared, by name."""
    seen = look("hi, Restart the lamp 😀!", "MY LAMP HUMS?! I restarted it.", playbook)
    names = bits(seen.evidence, seen.customer, seen.ruled, {"R1-": None})
    assert {"reply begins small", "reply emoji", "reply ! 1", "customer ? 1", "repeats a step"} <= names
    assert "customer shouts" in bits(
        seen.evidence, look("It hums here.", "MY LAMP HUMS", playbook).customer, seen.ruled, {}
    )
    assert "no customer" in bits(
        look("It is on its way.", "", playbook).evidence, seen.customer, seen.ruled, {}
    )
    assert {"R1", "R4", "R5"} == fusion.ALWAYS
