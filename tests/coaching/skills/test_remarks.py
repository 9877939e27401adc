"""What customers keep saying: redacted and shown before it is kept, counted, and told without the teller."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.heard.alike import grouped
from coaching.kept import Fate, Remark
from coaching.people import Day, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.playbook.leanings import Leanings
from coaching.playbook.subjects import NONE, read_subjects, stems
from coaching.sealed import Words
from coaching.skills.remarks import about, remarks
from coaching.skills.remarks.digest import digest
from coaching.skills.remarks.kept import Group, clean, groups
from coaching.skills.remarks.screens import thanks
from coaching.skills.schedules import schedules
from coaching.turn import Known, RemarkKept, RemarksFated, Setup, TeamTips
from coaching.values import Due, Handed, Message, Opened, Reply, Submitted, Tapped

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HERE = Place("web", "local", "C1", Room.CHANNEL)
CRASHES = ("app crashes at start", "the app keeps crashing", "it closes itself, the app")


def message(content, where=HERE, number="m1"):
    return Message(number, Person("web", "local", "U1"), where, AT, content)


def remark(text, key, day=1, **more):
    return Remark(key, Words(text), date(2026, 3, day), **more)


def kept(*texts, **more):
    return tuple(remark(text, f"{number:02}", **more) for number, text in enumerate(texts))


def read_out(blocks):
    pieces = [piece for block in blocks for piece in getattr(block, "text", ())]
    return "".join(piece.reveal() if isinstance(piece, Words) else piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("write to ana@example.org", "write to [e-mail]"),
        ("see https://example.org/a?b=1", "see [link]"),
        ("pay to DE89 3704 0044 0532 0130 00", "pay to [account number]"),
        ("my card 4111 1111 1111 1111", "my card [card number]"),
        ("from 192.0.2.17", "from [address]"),
        ("order 1182-77 is late", "order [number] is late"),
        ("ring +44 1632 960441", "ring [phone number]"),
        ("I owe 123,456,789", "I owe [number]"),
        ("ask @ana_b", "ask [name]"),
        ("my name is Ana Reyes and Ana is cross", "my name is [name] and [name] is cross"),
        ("“Are these for children?”", "Are these for children?"),
    ],
)
def test_what_tells_who_somebody_is_is_named_by_its_kind(text, plain, playbook):
    """Nothing of it is left, and what is left is not changed by looking again."""
    said, taken = clean(text, playbook, 300)
    assert said == plain
    assert taken == ("[" in plain)
    assert clean(said, playbook, 300) == (said, False)


def test_kept_as_shown_or_not_at_all(playbook):
    """What has to be taken out is shown first; the second time it is the same text, and that is kept."""
    nowhere = remarks(message(Submitted("remarks.keep", {"customer": Words("too dear")})), Known(), playbook)
    assert nowhere.facts == ()
    assert nowhere.replies[0].fields[1].problem == playbook.wording.label("remarks.problem.channel")
    fields = {"customer": Words("too dear, says bob@example.org"), "channel": ("C1",)}
    first = remarks(message(Submitted("remarks.keep", fields)), Known(), playbook)
    assert first.facts == ()
    shown = first.replies[0].fields[0].text
    again = remarks(message(Submitted("remarks.keep", {**fields, "customer": shown})), Known(), playbook)
    (fact,) = again.facts
    assert isinstance(fact, RemarkKept)
    assert fact.words == shown == Words("too dear, says [e-mail]")
    assert fact.to == HERE
    assert fact.reference is None
    assert "U1" not in repr(fact)


def test_the_same_message_is_one_remark(playbook):
    """Its name comes from the message, so that what is sent again is not counted twice."""
    fields = {"customer": Words("too dear"), "channel": ("C1",), "reference": Words("T-1")}
    turns = [remarks(message(Submitted("remarks.keep", fields)), Known(), playbook) for _ in range(2)]
    assert turns[0].facts == turns[1].facts
    known = Known(remarks=(remark("too dear", turns[0].facts[0].key),))
    told = read_out(remarks(message(Submitted("remarks.keep", fields)), known, playbook).replies[0].blocks)
    assert "not heard this here before" in told
    other = remarks(message(Submitted("remarks.keep", fields), number="m2"), known, playbook)
    assert other.facts[0].key != turns[0].facts[0].key
    assert "Heard here once before" in read_out(other.replies[0].blocks)


def test_a_shortcut_opens_the_form(playbook):
    """With the customer's words in it, whoever wrote the message; anything unknown opens it empty."""
    turn = remarks(message(Handed(Words("too dear"), own=False, remark=True)), Known(), playbook)
    assert turn.replies[0].fields[0].text == Words("too dear")
    for content in (Opened("home"), Tapped("remarks.strange")):
        assert remarks(message(content), Known(), playbook).replies[0].fields[0].text is None


def test_where_it_belongs():
    """A button in a private chat carries its channel; in a channel nothing else counts."""
    direct = Place("web", "local", "D1")
    assert about(message(Tapped("remarks.drop", "k|C7"), direct)).id == "C7"
    assert about(message(Tapped("remarks.drop", "k|C7"))).id == "C1"
    assert about(message(Submitted("remarks.keep", {"channel": ("C2",)}), direct)).id == "C2"
    assert about(message(Submitted("remarks.keep", {}))).id == ""


def test_what_became_of_it_is_set_in_the_channel_only(playbook):
    """For the whole group; not from a private chat, and not for what is not kept."""
    known = Known(remarks=kept(*CRASHES, "too dear for me"))
    (fact,) = remarks(message(Tapped("remarks.fixed", "01")), known, playbook).facts
    assert fact == RemarksFated(("00", "01", "02"), HERE, Fate.FIXED)
    private = message(Tapped("remarks.fixed", "01|C1"), Place("web", "local", "D1"))
    assert remarks(private, known, playbook).facts == ()
    assert remarks(message(Tapped("remarks.told", "99")), known, playbook).facts == ()


def test_the_newest_fate_counts(playbook):
    """A group that was told and then fixed is fixed; one that joins later knows it too."""
    early = remark("app crashes", "b", fate=Fate.TOLD, fate_on=date(2026, 3, 3))
    late = remark("the app crashes", "a", fate=Fate.WONT, because=Words("old"), fate_on=date(2026, 3, 4))
    (group,) = groups((early, late, remark("the app keeps crashing", "c")), playbook)
    assert (group.fate, group.because) == (Fate.WONT, Words("old"))
    assert read_out([type("T", (), {"text": thanks(group, playbook.wording)})]).endswith("as it is: old")


def test_customers_are_counted_once():
    """As far as a reference was given; without one nobody knows."""
    found = (*kept("a", "b", customer="x"), remark("c", "9"), remark("d", "8", customer="y"))
    assert Group("", found).customers == 2


def due():
    slot = Slot(Zone("Europe/Berlin"), time(9), frozenset({Day.MON}))
    schedule = Schedule(1, For.DIGEST, slot, HERE, "U1")
    return Due(1, schedule, Person("web", "local", "U1"), date(2026, 3, 9))


def test_a_summary_is_of_what_was_heard_often(playbook):
    """Twice is not often; nobody is named, anybody may stop it, and it is for the channel."""
    assert digest(due(), Known(remarks=kept(*CRASHES[:2])), playbook) is None
    letter = digest(due(), Known(remarks=kept(*CRASHES)), playbook)
    assert letter.to == HERE
    assert not letter.reply.only_you
    assert "Heard 3 times" in read_out(letter.reply.blocks)
    assert "U1" not in read_out(letter.reply.blocks)


@pytest.mark.parametrize(("day", "told"), [(3, True), (1, False)])
def test_what_is_settled_is_told_for_a_week(day, told, playbook):
    """Then it is left out, until a customer says it again."""
    fated = date(2026, 3, day)
    old = tuple(
        Remark(one.key, one.words, fated - timedelta(days=30), "", Fate.FIXED, None, fated)
        for one in kept(*CRASHES)
    )
    assert (digest(due(), Known(remarks=old), playbook) is not None) == told
    assert digest(due(), Known(remarks=(*old, remark("app crashes", "z", day=8))), playbook) is not None


TEXTS = st.sampled_from(
    [*CRASHES, "blue teapot lid", "lid of the blue teapot", "teapot lid wanted", "xyzzy", "lid", "", "5 pm"]
)


@given(st.lists(TEXTS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_changes_nothing(playbook, texts, chance):
    """The same remarks in another order make the same groups."""
    found = kept(*texts)
    mixed = list(found)
    chance.shuffle(mixed)
    assert groups(tuple(mixed), playbook) == groups(found, playbook)


def test_words_in_common_where_there_is_no_subject(playbook):
    """Two shared words of few are enough, one is not; nothing is forced together."""
    texts = ["zebra giraffe", "giraffe zebra hippo", "hippo rhino", "zebra", ""]
    assert [these for _, these in grouped(texts, playbook.subjects)] == [(0, 1), (2,), (3,), (4,)]
    many = ["zebra giraffe"] * 60
    assert len(grouped(many, playbook.subjects)) == 60  # words that all have tell nothing


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It doesn't stop at 10:15", {"it", "doe", "not", "stop", "at", "clock"}),
        ("12 companies' boxes", {"num", "company", "box"}),
        ("never loving tightly stopped", {"never", "not", "lov", "tight", "stop"}),
        ("pick-up ⟦NAME_1⟧ [name]", {"pick-up", "pick", "up"}),
        ("classes is bus pressed", {"class", "is", "bus", "press"}),
    ],
)
def test_stems(text, found):
    """Endings, contractions, numbers and times of day; what was taken out says nothing."""
    assert stems(text) == found


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"more": 1}, "'more' is unknown"),
        ({}, "'empty' is a text"),
    ],
)
def test_faults_of_the_data_are_named(table, fault, tmp_path):
    """With the key, and without a crash."""
    faults = []
    read_subjects(table, tmp_path, faults)
    assert any(fault in one for one in faults)
    assert NONE.subject(NONE.heard("anything")) == ""


def test_how_words_lean_is_there_or_missed(tmp_path):
    """What cannot be read is named; and the remarks then have no subject."""
    faults = []
    found = read_subjects({"empty": "a", "words": {}}, tmp_path, faults)
    assert any("remarks.json: cannot be read" in one for one in faults)
    assert found.subject(found.heard("app crashes")) == ""


def test_the_first_of_equal_subjects_is_taken():
    """Whatever order the words came in; and a word that leans too little tells no subject."""
    leanings = Leanings({"crash": [7, 60, 2, 60], "lid": [3, 5]}, 10)
    assert leanings.subject(frozenset({"crash"})) == "2"
    assert leanings.subject(frozenset({"lid"})) == ""


def test_who_may_not_set_a_tip_may_not_set_a_summary(playbook):
    """It is for administrators where team tips are."""
    known = Known(setup=Setup(team_tips=TeamTips.ADMINISTRATORS))
    assert isinstance(schedules(message(Tapped("schedules.digest")), known, playbook).replies[0], Reply)
