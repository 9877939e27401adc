"""Danger is heard by rules that prove themselves; the answers are fixed, short and name people."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import safety
from coaching.playbook.care import Danger, Voice
from coaching.playbook.heads import NONE
from coaching.safety.line import Line
from coaching.safety.plain import plain
from coaching.sealed import Words
from coaching.text import fold
from coaching.turn import Setup
from coaching.values import Note, Points
from tests.players.books import PLAYBOOK
from tests.players.straight import lines

CARE = PLAYBOOK.care
VENTS = tomllib.loads((Path(__file__).parent / "vents.toml").read_text(encoding="utf-8"))["vent"]
RULES = [pytest.param(rule, id=f"{number}-{rule.danger.value}") for number, rule in enumerate(CARE.rules, 1)]


def only(rule):
    return replace(CARE, rules=(rule,), models=NONE)


def voice_of(rule):
    return next(iter(rule.voices - {Voice.ANY}), Voice.ANY) if Voice.ANY not in rule.voices else Voice.ANY


def hears(rule, line):
    return safety.listen(line, only(rule), voice_of(rule)) is not Danger.NONE


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_flags_what_it_says(rule):
    """Every line of flags is heard as this danger."""
    heard = {line: safety.listen(line, only(rule), voice_of(rule)) for line in rule.flags}
    assert not {line: danger for line, danger in heard.items() if danger is not rule.danger}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_leaves_its_harmless_twins_alone(rule):
    """No line of allows is heard."""
    assert not [line for line in rule.allows if hears(rule, line)]


@pytest.mark.parametrize("rule", RULES)
def test_every_phrase_earns_its_place(rule):
    """Each phrase stands in a line that proves the rule; without a twin, a harmless line is heard."""
    said = [Line(plain(line, CARE.spelling)) for line in rule.flags]
    idle = [
        number for number, phrase in enumerate(rule.words, 1) if not any(line.has(phrase) for line in said)
    ]
    assert not idle or rule.told
    for key in ("unless", "calms"):
        for number, phrase in enumerate(getattr(rule, key), 1):
            less = replace(rule, **{key: tuple(p for p in getattr(rule, key) if p is not phrase)})
            assert rule.told or any(hears(less, line) for line in rule.allows), f"{key} {number}"


@pytest.mark.parametrize("rule", RULES)
def test_a_phrase_is_looked_for_wherever_it_stands(rule):
    """The index by words leaves nothing out: looking for every phrase everywhere hears the same."""
    everywhere = replace(rule, by_word={"": rule.words})
    for line in (*rule.flags, *rule.allows):
        assert hears(everywhere, line) is hears(rule, line)


def test_every_danger_has_a_rule():
    """None is left to luck."""
    assert {rule.danger for rule in CARE.rules} == set(Danger) - {Danger.NONE}


@pytest.mark.parametrize("vent", VENTS, ids=lambda v: v["text"][:40])
def test_the_vents(vent):
    """Each vent gets the verdict it needs, in lower and upper case, with straight and curly quotes."""
    expected = Danger(vent.get("danger", "none"))
    text = vent["text"]
    for shape in (text, text.upper(), text.replace("'", "’"), text.replace(" ", "  "), f"\n{text}\n"):
        assert safety.listen(shape, CARE) is expected
    assert safety.settled(text, CARE) is vent.get("over", False)


def test_there_are_enough_vents():
    """Sixty different ones at the least."""
    assert len({vent["text"] for vent in VENTS}) == len(VENTS) >= 60


@pytest.mark.parametrize(
    ("name", "hears"),
    [("settled", safety.settled), ("misheard", lambda line, care: safety.misheard(Words(line), care))],
)
def test_what_is_said_of_a_whole_text_proves_itself(name, hears):
    """It is over; it was misheard: whole texts only; sarcasm and other people's words are neither."""
    said = getattr(CARE, name)
    assert all(hears(line, CARE) for line in said.flags)
    assert not any(hears(line, CARE) for line in said.allows)
    for pattern in said.words:
        less = replace(CARE, **{name: replace(said, words=tuple(p for p in said.words if p is not pattern))})
        assert not all(hears(line, less) for line in said.flags), pattern.source


@pytest.mark.parametrize(
    ("danger", "ways"),
    [
        (Danger.MEDICAL, []),
        (Danger.SELF, ["meant.help"]),
        (Danger.OTHER_PERSON, ["review.open", "meant.help"]),
        (Danger.HARASSMENT, ["vent.hand", "vent.tell", "meant.help"]),
        (Danger.ABUSE_RECEIVED, ["vent.words", "vent.end", "vent.hand", "vent.tell", "meant.help"]),
    ],
)
def test_the_ways_on_from_a_card(danger, ways, playbook):
    """A medical emergency gets the number and nothing else; abuse gets four ways to act."""
    answer = safety.answer(danger, PEOPLE, playbook)
    assert [choice.action for choice in answer.choices] == ways
    assert answer.blocks == safety.card(danger, PEOPLE, playbook)


def test_one_no_repeats_the_help_in_full(playbook):
    """Sorry, then every line of the help card."""
    said = safety.misheard_card(PEOPLE, playbook)
    assert said.blocks[1:] == safety.card(Danger.NONE, PEOPLE, playbook)
    assert text_of(said.blocks).startswith("Sorry")


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I want to die. He said he would kill me.", Danger.SELF),
        ("I want to kill him, I am going to kill him. My boss told me to lie to them.", Danger.HARM_OTHERS),
        ("My boss told me to lie to the customer. She called me a slur.", Danger.ABUSE_RECEIVED),
        ("I can't breathe. I want to die.", Danger.MEDICAL),
        ("this queue kills me\nand I want\nto end my life", Danger.SELF),
        ("", Danger.NONE),
        ("   \n > \n", Danger.NONE),
    ],
)
def test_the_gravest_goes_first(text, danger):
    """Medical, self-harm, harm to others, abuse received, told to do wrong: in this order."""
    assert safety.listen(text, CARE) is danger


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I want to kill myself", Danger.OTHER_PERSON),
        ("I am going to kill myself tonight", Danger.OTHER_PERSON),
        ("I will kill you", Danger.ABUSE_RECEIVED),
        ("my boss harasses me", Danger.NONE),
        ("my boss told me to lie to you", Danger.NONE),
        ("I have chest pain", Danger.MEDICAL),
        ("you are an idiot", Danger.ABUSE_RECEIVED),
    ],
)
def test_the_customers_voice(text, danger):
    """Quoted lines, or a text that is theirs: the danger is the customer's, or comes from them."""
    assert safety.listen("> " + text, CARE) is danger
    assert safety.listen(f"  >{text}\nwhat do I say", CARE) is danger
    assert safety.listen(text, CARE, Voice.THEIRS) is danger


def test_a_persons_own_reply_was_not_received():
    """An insult in a draft is not abuse the writer received; a crisis in it still counts."""
    assert safety.listen("You are an idiot.", CARE, Voice.MINE) is Danger.NONE
    assert safety.listen("I want to end my life.", CARE, Voice.MINE) is Danger.SELF


def test_a_denial_takes_back_only_itself():
    """One "no" is no all-clear for the rest of the text."""
    assert safety.listen("I'm not suicidal", CARE) is Danger.NONE
    assert safety.listen("I'm not suicidal, I just want to die", CARE) is Danger.SELF


def test_several_texts_are_heard_together():
    """The gravest of all fields counts."""
    assert (
        safety.listen_to(((Words("12345"), Voice.ANY), (Words("I want to die"), Voice.ANY)), CARE)
        is Danger.SELF
    )
    assert safety.listen_to((), CARE) is Danger.NONE


@given(st.text(max_size=300), st.sampled_from(Voice))
def test_it_never_raises(text, voice):
    """Whatever is typed, there is a verdict."""
    assert isinstance(safety.listen(text, CARE, voice), Danger)
    assert isinstance(safety.settled(text, CARE), bool)


def test_hostile_length_is_bounded_work():
    """Forty thousand characters of near-misses still end in a verdict."""
    assert safety.listen("i want to he said they told me to wait " * 1000, CARE) in Danger


# --------------------------------------------------------------------------- cards

PEOPLE = Setup(contacts=("Robin (team lead)", "the staff helpline", "HR"), country="gb")


def text_of(blocks):
    return "\n".join(lines(blocks))


@pytest.mark.parametrize("danger", Danger)
@pytest.mark.parametrize("setup", [Setup(demo=True), Setup(demo=True, country="US"), PEOPLE])
def test_a_card_is_short_and_plain(danger, setup, playbook):
    """Under 120 words, no question, no exclamation mark, nothing left unfilled."""
    card = text_of(safety.card(danger, setup, playbook))
    assert 0 < len(card.split()) < 120
    assert not set(card) & set("?!{}")
    assert "emergency number" in card or danger is Danger.ILLEGAL_INSTRUCTION


def test_a_medical_card_says_the_number_and_nothing_else(playbook):
    """The emergency number stands in the first line, and there is no second."""
    (only_block,) = safety.card(Danger.MEDICAL, PEOPLE, playbook)
    assert "local emergency number" in text_of([only_block])


@pytest.mark.parametrize("danger", [Danger.SELF, Danger.SELF_EMERGENCY])
def test_self_harm_gets_people_and_lines(danger, playbook):
    """A person, the configured line, the worldwide list, somebody to call, and that nobody is alerted."""
    card = text_of(safety.card(danger, PEOPLE, playbook))
    for words in (
        "You deserve a person",
        "Samaritans: 116 123",
        "findahelpline.com",
        "Robin (team lead), the staff helpline or HR",
        "Please call me",
        "I alert nobody",
    ):
        assert words in card


def test_harm_to_others_is_refused_and_helped(playbook):
    """It says what it cannot do, and where help is."""
    card = text_of(safety.card(Danger.HARM_OTHERS, Setup(demo=True), playbook))
    assert card.startswith("I can't help with hurting anyone.")
    assert "your lead or a colleague you trust" in card


def test_abuse_is_believed_and_left_to_the_person(playbook):
    """Emergency first, as it may be a threat; no lines for the suicidal: evidence and who may hear of it."""
    for danger in safety.ABUSE:
        card = safety.card(danger, Setup(contacts=("Robin",)), playbook)
        first, second, *_ = text_of(card).splitlines()
        assert first == "If you are in danger now, call your local emergency number."
        assert second.startswith("I believe you.")
        assert "Robin" in text_of(card)
        assert not any(isinstance(block, Points) for block in card)


def test_told_to_do_wrong_is_not_alone(playbook):
    """Whom to ask; no law, no verdict."""
    card = text_of(safety.card(Danger.ILLEGAL_INSTRUCTION, Setup(demo=True), playbook))
    assert card.startswith("You do not have to decide this alone.")
    assert "speak-up" in card


def test_an_unknown_country_gets_the_list_of_all(playbook):
    """No line of a wrong country is ever shown."""
    for country in ("", "PH", "uk?"):
        card = text_of(safety.card(Danger.SELF, Setup(demo=True, country=country), playbook))
        assert "988" not in card
        assert "116 123" not in card
        assert "findahelpline.com" in card


def test_an_unchecked_line_says_so_and_a_checked_one_does_not(playbook):
    """Calmly, with the place where the current number is."""
    setup = Setup(demo=True, country="CA")
    notes = [b for b in safety.card(Danger.SELF, setup, playbook) if isinstance(b, Note)]
    assert "If 988 does not answer, 988.ca has the current number." in text_of(notes)
    rows = tuple(replace(row, verified_on="2026-01-31") for row in playbook.care.helplines)
    checked = replace(playbook, care=replace(playbook.care, helplines=rows))
    assert "double-checked" not in text_of(safety.card(Danger.SELF, setup, checked))


def test_the_footer_is_short_and_names_help(playbook):
    """With the country's number, or with the worldwide list."""
    assert "116 123" in text_of([safety.footer(PEOPLE, playbook)])
    assert "findahelpline.com" in text_of([safety.footer(Setup(contacts=("Robin",)), playbook)])


def test_every_text_is_said_by_some_card(playbook):
    """No unused sentence lies in the safety texts."""
    used = set()

    class Noting(dict):
        def __getitem__(self, key):
            used.add(key)
            return super().__getitem__(key)

    texts = replace(playbook.care.texts, lines=Noting(playbook.care.texts.lines))
    book = replace(playbook, care=replace(playbook.care, texts=texts))
    for setup in (Setup(demo=True), PEOPLE):
        safety.footer(setup, book)
        safety.misheard_card(setup, book)
        for danger in Danger:
            safety.card(danger, setup, book)
    assert used == set(playbook.care.texts.lines)


def test_a_harmless_twin_takes_back_what_it_overlaps_wherever_it_stands(playbook):
    """Among many harmless ones, the single one that is meant is still heard."""
    idiom = "This queue is killing me, I nearly killed myself laughing. "
    assert safety.listen(idiom * 50, playbook.care) is Danger.NONE
    assert safety.listen(idiom * 25 + "I want to kill myself. " + idiom * 25, playbook.care) is Danger.SELF


def test_a_text_without_end_is_heard_to_a_bound(playbook):
    """A megabyte would hold everybody else up; nobody types more than is listened to."""
    cry = "I want to kill myself."
    assert safety.listen("so it is. " * 6_000 + cry, playbook.care) is Danger.SELF
    assert safety.listen("so it is. " * 7_000 + cry, playbook.care) is Danger.NONE


def test_one_sign_never_becomes_a_phrase():
    """A ligature of a whole phrase is folded to a few letters, so that a text does not grow without bound."""
    assert len(fold("\ufdfa" * 100).text) <= 400
    assert fold("\ufb03").text == "ffi"
