"""The safety folder reads whole, or says by file and key what is wrong with it."""

from hashlib import sha256
from importlib.resources import files

import pytest

from coaching.playbook.care import Danger, read_care
from tests.players.books import PLAYBOOK

ROW = {
    "country": "US",
    "name": "A line",
    "number": "988",
    "hours": "day and night",
    "source": "https://988lifeline.org",
    "verified_on": "",
}
RULE = {"danger": "self", "words": ["die"], "flags": ["die"], "allows": ["live"]}
SETTLED = {"words": ["fine now"], "flags": ["fine now"], "allows": ["fine"]}
TEXTS_SHA256 = "f30267593159dca9a1898abff2d27fbaf9d2a7d54f6ab612227a47a5697d4c7e"


WORDS = {
    "fillers": "so",
    "spelling": {"wanna": "want to"},
    "classes": {"end": ["die", "be dead"]},
    "me": {"i": "i"},
    "them": {"i": "he she"},
    "reported": ["<i> said"],
}


def faults_of(rules=(RULE,), lines=(ROW,), settled=SETTLED, texts=None, words=WORDS, **more):
    faults = []
    read_care(
        {
            "rules": {
                "rule": list(rules) if isinstance(rules, tuple) else rules,
                "settled": settled,
                "misheard": SETTLED,
            },
            "words": words,
            "texts": texts or {"a": "b"},
            "helplines": {"line": list(lines) if isinstance(lines, tuple) else lines},
            **more,
        },
        faults,
    )
    return faults


def without(row, key):
    return {k: v for k, v in row.items() if k != key}


def test_a_good_folder_has_no_faults():
    """The smallest whole folder reads."""
    assert faults_of() == []


def test_the_texts_are_what_somebody_read_aloud():
    """The fixed cards are locked: a change of one letter is deliberate, with a new checksum here."""
    texts = files("coaching.playbook") / "safety" / "texts.toml"
    assert sha256(texts.read_bytes()).hexdigest() == TEXTS_SHA256


def test_exactly_three_lines_ship_and_none_claims_to_be_checked():
    """US, Canada and the Samaritans, each with its source; the date is an administrator's to set."""
    lines = PLAYBOOK.care.helplines
    assert [(row.country, row.number) for row in lines] == [("US", "988"), ("CA", "988"), ("GB", "116 123")]
    assert all(row.source.startswith("https://") and row.hours and not row.verified_on for row in lines)


@pytest.mark.parametrize("key", sorted(ROW))
def test_a_line_lacking_a_key_is_refused(key):
    """A row without a source, or anything else, is named."""
    assert faults_of(lines=(without(ROW, key),)) == [f"helplines.toml: line 1: key '{key}' is missing"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ROW | {"source": " "}, "helplines.toml: line 1: key 'source' must be a quoted text"),
        (ROW | {"number": 988}, "helplines.toml: line 1: key 'number' must be a quoted text"),
        (ROW | {"phone": "1"}, "helplines.toml: line 1: key 'phone' is unknown"),
        (
            ROW | {"verified_on": "soon"},
            "helplines.toml: line 1: key 'verified_on' must be empty or a date like 2026-01-31",
        ),
    ],
)
def test_a_faulty_line_is_named(row, fault):
    """By number and key."""
    assert faults_of(lines=(row,)) == [fault]


def test_a_line_somebody_checked_reads():
    """A date is kept."""
    assert faults_of(lines=(ROW | {"verified_on": "2026-01-31"},)) == []


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (without(RULE, "flags"), "rules.toml: rule 1: key 'flags' is missing"),
        (RULE | {"mood": 1}, "rules.toml: rule 1: key 'mood' is unknown"),
        (RULE | {"allows": []}, "rules.toml: rule 1: key 'allows' must be a list of lines, at least one"),
        (RULE | {"flags": "a"}, "rules.toml: rule 1: key 'flags' must be a list of lines, at least one"),
        (
            RULE | {"voices": ["loud"]},
            "rules.toml: rule 1: key 'voices' must be a list of ['any', 'mine', 'theirs']",
        ),
        (
            RULE | {"voices": "any"},
            "rules.toml: rule 1: key 'voices' must be a list of ['any', 'mine', 'theirs']",
        ),
        (RULE | {"words": "a"}, "rules.toml: rule 1: key 'words' must be a list of texts"),
        (
            RULE | {"words": ["<nobody>"]},
            "rules.toml: rule 1: key 'words': '<nobody>' names the class <nobody>, which is not there",
        ),
        (RULE | {"others": []}, "rules.toml: rule 1: key 'others' must be a list of lines, at least one"),
    ],
)
def test_a_faulty_rule_is_named(rule, fault):
    """By number and key."""
    assert faults_of(rules=(rule,)) == [fault]


@pytest.mark.parametrize("danger", ["none", "anger", 3])
def test_a_rule_for_no_danger_is_refused(danger):
    """Only the dangers exist; an emotion is none."""
    (fault,) = faults_of(rules=(RULE | {"danger": danger},))
    assert fault.startswith(f"rules.toml: rule 1: key 'danger' {danger!r} is not one of")


def test_wrongly_written_tables_are_named():
    """[rule] instead of [[rule]], a list as [settled], unknown tables and files."""
    assert faults_of(rules={}) == ["rules.toml: 'rule' must be written as [[rule]]"]
    assert faults_of(lines=["x"]) == ["helplines.toml: 'line' must be written as [[line]]"]
    assert faults_of(settled=[]) == ["rules.toml: 'settled' must be written as [settled]"]
    assert faults_of(settled=SETTLED | {"x": 1}) == ["rules.toml: settled: key 'x' is unknown"]
    assert faults_of(moods={}) == ["moods.toml: this file is unknown here"]
    assert faults_of(helplines={"lines": []}) == ["helplines.toml: key 'lines' is unknown"]
    assert faults_of(texts={"a": 1}) == ["wording: key 'safety.a' must be a sentence or a list of sentences"]


def test_a_missing_file_is_named():
    """All four, at once."""
    faults = []
    read_care({}, faults)
    assert [f"{n}.toml: the file is missing" for n in ("words", "rules", "texts", "helplines")] == faults[:4]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (without(WORDS, "me"), "words.toml: key 'me' is missing"),
        (WORDS | {"moods": 1}, "words.toml: key 'moods' is unknown"),
        (WORDS | {"spelling": 1}, "words.toml: 'spelling' must be written as [spelling]"),
        (WORDS | {"reported": ["<x> said"]}, "words.toml: key 'reported': '<x> said' names the class <x>"),
        (WORDS | {"me": {"i": 1}}, "words.toml: me.i has a bracket"),
        (WORDS | {"me": {"i": ["("]}}, "words.toml: me.i has a bracket that is not closed"),
    ],
)
def test_faulty_words_are_named(words, fault):
    """By key and class."""
    assert faults_of(words=words)[0].startswith(fault)


def test_rules_may_lie_in_several_files():
    """Whatever begins with rules_ is read as well, and its faults say which file."""
    assert faults_of(rules_more={"rule": [RULE]}) == []
    assert faults_of(rules_more={"rule": [RULE | {"danger": "x"}]})[0].startswith(
        "rules_more.toml: rule 1: key"
    )


def test_a_rule_about_oneself_is_one_about_others_too():
    """The same phrases in the third person are a danger to somebody else."""
    tables = {
        "words": WORDS,
        "rules": {"rule": [RULE | {"words": ["<i> want to <end>"], "others": ["he wanna be dead"]}]},
    }
    mine, theirs = read_care(tables, []).rules
    assert (mine.danger, theirs.danger, theirs.told) == (Danger.SELF, Danger.OTHER_PERSON, True)
    assert theirs.words != mine.words


def test_the_dangers_stand_in_order_of_gravity():
    """Whoever takes the gravest of several by this order gets the right one."""
    assert [d.value for d in Danger] == [
        "none",
        "illegal_instruction",
        "abuse_received",
        "harassment",
        "harm_others",
        "other_person",
        "self",
        "self_emergency",
        "medical",
    ]
    assert not issubclass(Danger, str)
