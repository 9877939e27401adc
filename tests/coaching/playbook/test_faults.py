"""A playbook with faults is refused, with all of them at once, by file, check and key."""

import shutil
import tomllib
from pathlib import Path

import pytest

from coaching.playbook import reader
from coaching.playbook.judging import read_judging
from coaching.playbook.patterns import Pattern, unsound
from coaching.playbook.rules import CheckKind, Scope, read_rule
from coaching.playbook.tables import PlaybookError

ROOT = Path(reader.__file__).parent
RULE = """
title = "T"
source = "S"
idea = "I"
why = "W"
[[tip]]
id = 1
say = "Say."
plan = "If, then."
[[check]]
id = "c"
criterion = "R1"
kind = "avoid"
words = ["calm down"]
say = "Say."
plan = "If, then."
flags = ["Calm down."]
allows = ["It's calm."]
"""


def faults_of(text):
    faults = []
    rule = read_rule("A1", tomllib.loads(text), faults)
    faults.extend(unsound(pattern for check in rule.checks for pattern in check.patterns))
    return rule, faults


def test_a_sound_rule_has_no_fault():
    """A sound file gives its values, with the defaults filled in."""
    rule, faults = faults_of(RULE)
    assert faults == []
    check = rule.checks[0]
    assert (check.kind, check.scope, check.weight, check.repair) == (CheckKind.AVOID, Scope.SENTENCE, 1, "")
    assert check.criteria == ("R1",)
    assert rule.tips[0].id == "A1.1"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('why = "W"', "", "A1.toml: key 'why' is missing"),
        ('why = "W"', 'why = " "', "A1.toml: key 'why' must be a sentence"),
        ('why = "W"', 'why = "W"\nwhen = 1', "A1.toml: key 'when' is unknown"),
        ("[[tip]]", "[tip]", "A1.toml: 'tip' must be written as [[tip]]"),
        ("id = 1", 'id = "1"', "A1.toml: tip '1': key 'id' must be a whole number"),
        ('id = "c"', "", "A1.toml: check '?': key 'id' is missing"),
        ('"R1"', '"R9"', "A1.toml: check 'c': key 'criterion' 'R9' is not one of"),
        ('"avoid"', '"see"', "A1.toml: check 'c': key 'kind' 'see' is not one of"),
        ('kind = "avoid"', 'kind = "avoid"\nweight = 11', "key 'weight' must be a whole number from 1 to 10"),
        ('kind = "avoid"', 'kind = "avoid"\nweight = true', "key 'weight' must be a whole number"),
        ('kind = "avoid"', 'kind = "avoid"\nrepair = "magic"', "key 'repair' 'magic' is not one of"),
        ('kind = "avoid"', 'kind = "avoid"\nscope = "page"', "key 'scope' 'page' is not one of"),
        ('kind = "avoid"', 'kind = "avoid"\nalso = ["R9"]', "key 'also' 'R9' is not one of"),
        ('kind = "avoid"', 'kind = "avoid"\nwhen = "x"', "key 'when' must be a list of texts"),
        ('["Calm down."]', "[]", "A1.toml: check 'c': key 'flags' needs at least one line"),
        ('["calm down"]', '["calm.*"]', "key 'words': 'calm.*' repeats without a bound; write {0,n}"),
        ('["calm down"]', '["calm{2,}"]', "repeats without a bound"),
        ('["calm down"]', '["(calm"]', "check 'c': key 'words': '(calm' is not a pattern"),
        ('["calm down"]', "[3]", "check 'c': key 'words' must be a list of texts"),
        ('plan = "If, then."\nflags', "flags", "check 'c': key 'kind' 'avoid' needs 'say' and 'plan'"),
    ],
)  # fmt: skip
def test_a_fault_is_named(old, new, fault):
    """Each fault says which file, which check and which key."""
    assert old in RULE
    _, faults = faults_of(RULE.replace(old, new))
    assert any(fault in line for line in faults), faults


def test_twice_the_same_id():
    """Two checks or tips of one name are a fault."""
    body = RULE[RULE.index("[[tip]]") :]
    _, faults = faults_of(RULE + body)
    assert faults == ["A1.toml: tip 'A1.1' appears twice", "A1.toml: check 'c' appears twice"]


def test_what_ships_needs_no_trial_at_every_start():
    """A start compiles no pattern it does not use, so here all that ship are compiled."""
    reader.read_from(ROOT / "en", ROOT / "safety")


def test_a_pattern_that_cannot_be_compiled_is_a_fault_wherever_it_stands(tmp_path):
    """Checks, intents, lists, danger: a folder that nobody has tested is refused with each of them."""
    folder, safety = copied(tmp_path)
    broken = {
        folder / "rules" / "A1.toml": "words",
        folder / "practice" / "checks.toml": "unless",
        folder / "intents.toml": "alone",
        folder / "review.toml": "greeting",
        folder / "guards.toml": "courtesy",
        folder / "pasted.toml": "own",
        safety / "rules.toml": "words",
    }
    for file, key in broken.items():
        whole = file.read_text(encoding="utf-8")
        assert f"\n{key} = [" in whole
        file.write_text(whole.replace(f"\n{key} = [", f'\n{key} = ["(here", ', 1), encoding="utf-8")
    with pytest.raises(PlaybookError) as refused:
        reader.read_from(folder, safety)
    assert sum("'(here' is not a pattern" in fault for fault in refused.value.faults) == len(broken)


def test_all_faults_at_once():
    """Faults do not hide each other."""
    _, faults = faults_of(RULE.replace('"R1"', '"R9"').replace('"avoid"', '"see"').replace('why = "W"', ""))
    assert len(faults) == 3


def copied(tmp_path):
    shutil.copytree(ROOT / "en", tmp_path / "en")
    shutil.copytree(ROOT / "safety", tmp_path / "safety")
    return tmp_path / "en", tmp_path / "safety"


def test_a_whole_folder_lists_every_fault(tmp_path):
    """A missing rule, broken TOML and a wrong wording are told together, and nothing is used."""
    folder, safety = copied(tmp_path)
    (folder / "rules" / "A1.toml").unlink()
    (folder / "tips.toml").unlink()
    (folder / "rules" / "B1.toml").write_text("title = ", encoding="utf-8")
    (folder / "wording" / "review.toml").write_text("x = 3", encoding="utf-8")
    (folder / "criteria.toml").write_bytes(b"\xff")
    with pytest.raises(PlaybookError) as refused:
        reader.read_from(folder, safety)
    told = "\n".join(refused.value.faults)
    for part in (
        "A1.toml: the file is missing",
        "tips.toml: the file is missing",
        "B1.toml: cannot be read",
        "review.x",
        "criteria.toml: ",
    ):
        assert part in told
    assert all(fault in str(refused.value) for fault in refused.value.faults)


def test_a_missing_folder(tmp_path):
    """A folder that is not there is one clear fault among the others."""
    with pytest.raises(PlaybookError, match="wording/: the folder is missing"):
        reader.read_from(tmp_path / "none", ROOT / "safety")


def judged(criteria, lists):
    faults = []
    read_judging(criteria, lists, faults)
    return "\n".join(faults)


def data(name):
    return tomllib.loads((ROOT / "en" / f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c, _: c.update(R9={}), "criteria.toml: 'R9' is unknown"),
        (lambda c, _: c.pop("R3"), "criteria.toml: [R3] is missing"),
        (lambda c, _: c["R1"].pop("say"), "criteria.toml: R1: key 'say' must be a sentence"),
        (lambda c, _: c["R1"].update(rules=["C1"]), "R1: key 'rules' must list rules such as A1"),
        (lambda c, _: c["R2"].update(rules="A1"), "R2: key 'rules' must list rules such as A1"),
        (lambda c, _: c["R1"].update(weight=True), "criteria.toml: R1: key 'weight' must be a whole number"),
        (lambda c, _: c["R1"].update(x=1), "criteria.toml: R1: key 'x' is unknown"),
        (lambda _, r: r.pop("words"), "review.toml: [words] is missing"),
        (lambda _, r: r["words"].update(verbs="be"), "words: key 'verbs' must be a list of texts"),
        (lambda _, r: r["words"].update(x=["y"]), "review.toml: words: key 'x' is unknown"),
        (lambda _, r: r["patterns"].pop("stake"), "review.toml: patterns: key 'stake' is missing"),
        (lambda _, r: r["patterns"].update(stake=["a+"]), "repeats without a bound"),
        (lambda _, r: r["phrases"].pop("sorry"), "review.toml: phrases: key 'sorry' is missing"),
    ],
)  # fmt: skip
def test_a_fault_of_the_lists_is_named(change, fault):
    """criteria.toml and review.toml are held to their keys too."""
    criteria, lists = data("criteria"), data("review")
    assert judged(criteria, lists) == ""
    change(criteria, lists)
    assert fault in judged(criteria, lists)


@pytest.mark.parametrize(
    ("source", "letters"),
    [
        ("calm down", ("calm down",)),
        ("(?:i|we) already (?:told|said)", (" already ",)),
        ("calm|down", ("calm", "down")),
        (r"(calm down) \w{3}", ("calm down",)),
        ("you (?:calm|(?:sit|lie) down)", ("you ",)),
        ("(?:calm|keep (?:still|quiet)) a bit", (" a bit",)),
        ("(?:keep (?:still|quiet)|calm) a", ("calm", "keep ")),
        (r"calm \w{2,4} colou?r", ("calm ",)),
        (r"\.{3}", (".",)),
        (r"\w{3}|calm", ()),
        ("a[bcd]efg(?:hij)?k", ("efg",)),
    ],
)
def test_a_first_look_never_hides_a_match(source, letters):
    """The letters a pattern is first looked up by are in every match of it."""
    assert Pattern(source).needles == letters


def test_every_needle_is_in_every_match(playbook):
    """For every pattern of the playbook: what its examples match holds one of its needles."""
    for rule in playbook.rules.values():
        for check in rule.checks:
            for pattern in check.words:
                for text in check.flags:
                    for match in pattern.finditer(text.lower()):
                        assert not pattern.needles or any(some in match.group() for some in pattern.needles)
