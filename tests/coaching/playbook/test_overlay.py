"""A company's playbook changes what it may, and is refused by name and reason where it may not."""

import os
import re

import pytest

from coaching.playbook.overlay import KEPT, changed, read_overlaid
from coaching.playbook.rules import CheckKind
from coaching.playbook.tables import PlaybookError

CHECK = """
[[check]]
id = "calls-client"
criterion = "R1"
kind = "avoid"
words = ["our client"]
say = "Say guest."
plan = "If I write client, then I write guest."
flags = ["Our client called."]
allows = ["Our guest called."]
"""


@pytest.fixture
def laid(tmp_path, playbook):
    """Writes files into a company's folder and reads it over ours."""

    def lay(**files):
        for name, text in files.items():
            path = tmp_path / "acme" / name.replace("__", "/").replace("_toml", ".toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read_overlaid(tmp_path / "acme", playbook)

    return lay


@pytest.fixture
def faults(laid):
    def told(**files):
        with pytest.raises(PlaybookError) as refused:
            laid(**files)
        return refused.value.faults

    return told


def test_an_empty_folder_changes_nothing(tmp_path, playbook):
    """Ours, whole: every file is optional."""
    assert read_overlaid(tmp_path, playbook) == playbook


def test_a_key_takes_the_place_of_ours_and_the_rest_stays(laid, playbook):
    """Only what is written changes: a title, one tip of ours, one tip more."""
    book = laid(
        rules__A1_toml="""
title = "As you would like it"
[[tip]]
id = 99
say = "New."
plan = "If new, then new."
[[tip]]
id = 2
say = "Changed."
"""
    )
    ours, theirs = playbook.rules["A1"], book.rules["A1"]
    assert (theirs.title, theirs.idea, theirs.checks) == ("As you would like it", ours.idea, ours.checks)
    assert [tip.id for tip in theirs.tips] == [*(tip.id for tip in ours.tips), "A1.99"]
    assert (theirs.tips[1].say, theirs.tips[1].plan) == ("Changed.", ours.tips[1].plan)
    assert book.rules["A2"] == playbook.rules["A2"]
    assert changed(book, playbook) == ()


def test_a_check_is_added_or_changed(laid, playbook):
    """A check of their own comes after ours; one of ours takes the keys they write."""
    book = laid(rules__A1_toml=CHECK + '[[check]]\nid = "threat"\nsay = "This sounds like a threat."\n')
    assert [check.id for check in changed(book, playbook)] == ["threat", "calls-client"]
    threat = next(c for c in book.rules["A1"].checks if c.id == "threat")
    assert threat.say == "This sounds like a threat."
    assert threat.words == next(c for c in playbook.rules["A1"].checks if c.id == "threat").words


def test_a_sentence_and_a_name_are_changed(laid, playbook):
    """Wording by key, with its variants; the other names of rules stay."""
    book = laid(
        wording__help_toml='\ufeff[talk]\nthanks = ["Gladly.", "A pleasure."]\n',
        tips_toml='[names]\nB1 = ["host rule"]\n',
    )
    assert book.wording.say("help.talk.thanks", 1) == ("A pleasure.",)
    assert book.wording.say("help.talk.bye") == playbook.wording.say("help.talk.bye")
    names = book.tables["tips"]["names"]
    assert names == {**playbook.tables["tips"]["names"], "B1": ["host rule"]}
    assert (book.care, book.judging, book.intents) == (playbook.care, playbook.judging, playbook.intents)


def test_a_companys_questions_to_its_teams(laid, playbook):
    """One of ours by its name, and one more; the others stay."""
    book = laid(team_toml='[B4]\nheard = "What now?"\nroadmap = "Which wish?"\n')
    ours, theirs = ({one.id: one.ask for one in b.questions} for b in (playbook, book))
    assert theirs == {**ours, "B4.heard": "What now?", "B4.roadmap": "Which wish?"}


def test_names_that_begin_with_a_dot_are_not_looked_at(laid, playbook):
    """A folder from a version control system or a mounted volume holds such names."""
    assert laid(**{".git__config": "x", "rules__.A1.toml.swp": "x"}) == playbook


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("README.md", "README.md: has no place"),
        ("intents_toml", "intents.toml: has no place in a company's playbook: it decides what Breather"),
        ("criteria_toml", "criteria.toml: has no place"),
        ("safety__rules_toml", "safety: has no place in a company's playbook: it is for people who are"),
        ("rules__C1_toml", "rules/C1.toml: has no place in a company's playbook: it is none of A1.toml, A2"),
        ("rules__A1_toml__x", "rules/A1.toml: has no place"),
        ("tips_toml__x", "tips.toml: has no place"),
        ("wording__other_toml", "wording/other.toml: has no place"),
        (
            "wording__safety_toml",
            "wording/safety.toml: has no place in a company's playbook: it is for people",
        ),
        ("rules", "rules: has no place"),
    ],
)
def test_what_does_not_belong_is_refused_by_name(faults, name, says):
    """A stranger is named, with a reason where there is one."""
    (fault,) = faults(**{name: "x = 1"})
    assert fault.startswith(says)


@pytest.mark.parametrize("kept", KEPT)
def test_safety_and_privacy_stay_ours(faults, playbook, kept):
    """Every key on the list is one of ours, and is refused by name with its reason."""
    keys = {**playbook.wording.lines, **playbook.care.texts.lines}
    held = [key for key in keys if key == kept or (kept.endswith(".") and key.startswith(kept))]
    assert held
    if kept == "safety.":
        return  # it has no wording file at all: refused as a file above
    part, _, rest = held[0].partition(".")
    (fault,) = faults(**{f"wording__{part}_toml": f'{rest} = "We read along."'})
    assert fault == f"wording/{part}.toml: key '{held[0]}' stays as it is: {KEPT[kept]}"


PROMISES = re.compile(
    r"\b(?:keep\w*|kept|stor(?:e|ed|ing)|saved|only you|you alone|nobody|no one|private|anyone|leaders?)\b",
    re.IGNORECASE,
)
HARMLESS = {  # they sound like it, and promise nothing
    "ask.write",  # the person's own reply
    "help.unsure.other",  # names the private space
    "help.unsure.slack_sealed",
    "review.result.slots",  # the person's own words
    "teams.fill",  # says what to fill in
    "teams.unreached",  # says where to go on
    "schedules.digest.announce",  # what customers keep saying
    "schedules.list.digest",
    "schedules.asks.rhythm",  # a rhythm that cannot be kept
    "schedules.settings.saved",  # settings, as asked for
    "web.title",
}


def test_no_promise_is_left_off_the_list(playbook):
    """A sentence that says what is kept or who sees it is on the list, or is known to promise nothing."""
    kept = tuple(f"{part.rstrip('.')}." for part in KEPT)
    free = {key: lines for key, lines in playbook.wording.lines.items() if not f"{key}.".startswith(kept)}
    assert {key for key, lines in free.items() if PROMISES.search(" ".join(lines))} <= HARMLESS
    assert free.keys() >= HARMLESS


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"wording__help_toml": 'x = "y"'}, "wording/help.toml: key 'help.x' is unknown"),
        ({"wording__help_toml": 'talk = "y"'}, "wording/help.toml: key 'help.talk' is unknown"),
        ({"wording__help_toml": "[hello]\ntitle = 3"}, "wording: key 'help.hello.title' must be a sentence"),
        ({"wording__help_toml": '[hello]\ntitle = "Hi {who}"'}, "needs no {slot}, and no other: Hi {who}"),
        (
            {"wording__help_toml": '[home]\nrule = ["{title}", "Rule"]'},
            "wording/help.toml: key 'help.home.rule' needs {title}, and no other: Rule",
        ),
        ({"wording__help_toml": "="}, "help.toml: cannot be read as TOML"),
        ({"wording__help_toml": "x = " + "[" * 5000}, "help.toml: cannot be read as TOML"),
        ({"wording__help_toml": "x = " + "9" * 5000}, "help.toml: cannot be read as TOML"),
        ({"rules__A1_toml": "x = 1"}, "A1.toml: key 'x' is unknown"),
        ({"rules__A1_toml": "tip = 3"}, "A1.toml: 'tip' must be written as [[tip]]"),
        ({"rules__A1_toml": "[[tip]]\nid = true"}, "A1.toml: tip True: key 'id' must be a whole number"),
        ({"rules__A1_toml": "[[tip]]\nid = 50"}, "A1.toml: tip 50: key 'say' is missing"),
        ({"rules__A1_toml": CHECK + CHECK}, "A1.toml: check 'calls-client' appears twice"),
        ({"rules__A1_toml": CHECK.replace("calls-client", "curt")}, "check 'curt': A1.toml has a check of"),
        ({"rules__A1_toml": CHECK + 'when = ["nothing"]'}, "key 'when': no check hears 'nothing'"),
        ({"rules__A1_toml": CHECK.replace("our client", "our .*")}, "'our .*' repeats without a bound"),
        ({"rules__A1_toml": CHECK.replace("our client", "our .{,}")}, "'our .{,}' repeats without a bound"),
        (
            {"rules__A1_toml": CHECK + 'unless = ["(?:a{0,30}){0,30}b"]'},
            "A1.toml: check 'calls-client': '(?:a{0,30}){0,30}b' can match in too many ways",
        ),
        ({"rules__A1_toml": CHECK.replace("our client", "a)|(?:b")}, "unbalanced parenthesis"),
        ({"rules__A1_toml": CHECK.replace("our client", "a{99999999999}")}, "is not a pattern"),
        ({"rules__A1_toml": CHECK.replace("our client", "(" * 3000 + ")" * 3000)}, "is not a pattern"),
        ({"team_toml": '[A1]\nmine = "Be kind."'}, "team.toml: key 'A1.mine' must be a question"),
        ({"team_toml": "A1 = 3"}, "team.toml: 'A1' must be written as [A1]"),
        ({"team_toml": '[C1]\nmine = "Why?"'}, "team.toml: 'C1' is none of the rules"),
        ({"templates_toml": "x = 1"}, "templates.toml: key 'x' is unknown"),
        ({"templates_toml": "texts = [1]"}, "templates.toml: key 'texts' must be a list of replies"),
        ({"templates_toml": f"texts = ['{'x' * 5001}']"}, "templates.toml: at most 500 replies of at most"),
        ({"tips_toml": 'x = ["y"]'}, "tips.toml: key 'x' is unknown"),
        ({"tips_toml": 'A1 = ["x"]'}, "tips.toml: key 'A1' is unknown"),
        ({"tips_toml": '[names]\nC1 = ["x"]'}, "tips.toml: key 'names.C1' is unknown"),
        ({"tips_toml": 'names = ["x"]'}, "tips.toml: key 'names' is unknown"),
        ({"tips_toml": 'tip = ["Tip!"]'}, "tips.toml: key 'tip' takes plain words"),
        ({"tips_toml": "[names]\nA1 = []"}, "key 'tips.names.A1' must be a sentence or a list"),
        ({"tips_toml": '[names]\nA1 = ["respect"]'}, "tips.toml: the name 'respect' belongs to two rules"),
    ],
)  # fmt: skip
def test_a_fault_is_named(faults, files, says):
    """Each fault says which file, which check and which key."""
    assert any(says in fault for fault in faults(**files)), faults(**files)


def test_all_faults_at_once(faults):
    """Faults of different files do not hide each other."""
    told = faults(
        notes_txt="x",
        rules__A1_toml="x = 1",
        rules__B5_toml='title = ""',
        wording__privacy_toml='[show]\ntitle = "All we know"',
        wording__help_toml='x = "y"',
        tips_toml="y = 'x'",
    )
    assert len(told) == 6


@pytest.mark.parametrize("missing", ["", "file"])
def test_a_folder_that_cannot_be_read(tmp_path, playbook, missing):
    """One that is not there, or is a file, is one clear fault."""
    (tmp_path / "file").touch()
    with pytest.raises(PlaybookError, match=r"the folder .* cannot be read"):
        read_overlaid(tmp_path / (missing or "nowhere"), playbook)


@pytest.mark.skipif(os.name == "nt", reason="needs a file that is no file")
def test_a_file_that_cannot_be_read(tmp_path, playbook, monkeypatch):
    """A file that the system will not give is named with the system's reason."""
    (tmp_path / "tips.toml").write_text("", encoding="utf-8")
    read_text = type(tmp_path).read_text

    def refused(self, *args, **kwargs):
        if self.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return read_text(self, *args, **kwargs)

    monkeypatch.setattr(type(tmp_path), "read_text", refused)
    with pytest.raises(PlaybookError, match=r"tips.toml: cannot be read \(Permission denied\)"):
        read_overlaid(tmp_path, playbook)


def test_a_check_of_theirs_may_wait_for_what_is_heard(laid, playbook):
    """A `when` that names one of our hearing checks is fine."""
    heard = next(c.id for r in playbook.rules.values() for c in r.checks if c.kind is CheckKind.HEARS)
    assert changed(laid(rules__A1_toml=CHECK + f'when = ["{heard}"]'), playbook)[0].when == (heard,)
