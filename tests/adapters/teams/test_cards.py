"""Replies and forms as Teams shows them: within every limit, literal, unable to ping, and back again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams import cards
from adapters.teams.cards import CARD, card, fallback, finished
from adapters.teams.dialogs import dialog, inserted, shown
from adapters.teams.fields import read_fields
from adapters.teams.fit import JOINER, calm, cut, safe, size
from coaching.sealed import Sealed, Words
from coaching.values import (
    Choice,
    Draft,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Note,
    Option,
    Para,
    Points,
    Quote,
    Reply,
    Tapped,
)
from tests.adapters.teams.activities import tapped
from tests.adapters.teams.lint import lint_card, lint_task
from tests.players.books import PLAYBOOK
from tests.players.everything import form, reply
from tests.players.teams import KEPT, buttons, elements, filled, inputs, words

WORDING = PLAYBOOK.wording
HARD = [
    "<at>Everyone</at> @here @channel",
    "**bold** _it_ `code` ~no~ > quote &amp; <b>html</b> [link](https://evil.example)",
    "{{DATE(2026-03-02T08:00:00Z, SHORT)}} ${name} {{TIME(x)}}",
    "🙂" * 5000,
    "שלום עולם مرحبا \u202eevil\u202c",
    "a\x00b\ud800c\udfff\x07",
    "One sentence. " * 3000,
    "x" * 40_000,
    '"' * 20_000,
    " ",
    "",
    "\n\n\n",
    "1. one\n2. two\n- three\n# four",
    "see www.example.com or https://a.example or mail me@a.example",
]
text = st.text(st.characters(), max_size=300) | st.sampled_from(HARD)


# --------------------------------------------------------------------------- everything, whatever it holds


@settings(max_examples=40, deadline=None)
@given(text)
def test_any_text_makes_cards_that_teams_takes(typed):
    """Emoji, right-to-left, NUL, lone surrogates, markup, forty thousand letters: all fit."""
    made = reply(typed)
    lint_card(card((made,), WORDING))
    lint_card(card((made, made, made), WORDING))
    lint_task(shown((made,), WORDING, compose=True))
    lint_task(dialog(form(typed), WORDING, (made,), "19:abc@thread.tacv2"))
    lint_task(dialog(form(typed, problem="Mend it."), WORDING))


@settings(max_examples=150, deadline=None)
@given(text)
def test_nothing_a_person_wrote_is_read_as_markup(typed):
    """What people wrote stands in runs, which know no Markdown, links, mentions or date functions."""
    for element in elements(card((reply(typed),), WORDING)):
        if element["type"] == "TextBlock":
            assert element["text"] == "second" or safe(element["text"])
    told = fallback((reply(typed),)).lower()
    assert "<at" not in told
    assert "</at" not in told


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Co", "Cn"]), max_size=100))
def test_what_a_person_wrote_is_shown_as_they_wrote_it(typed):
    """Short text stands there letter by letter."""
    if typed.strip():
        (element,) = card((Reply((Para((Words(typed),)),)),), WORDING)["body"]
        assert [run["text"] for run in element["inlines"]] == [typed]


@pytest.mark.parametrize("line", ["Name what happened before you explain why.", "It’s 09:15 (or so)"])
def test_plain_sentences_are_plain_text(line):
    """The coach's own sentences need no runs."""
    assert safe(line)


@pytest.mark.parametrize(
    "line",
    ["*a*", "[a](b)", "a_b", "`x`", "a.example", "- a", " + a", "12. a", "{{DATE()}}", "www", "<at>", "~a~"],
)
def test_whatever_could_be_markup_is_not(line):
    """Each of these Markdown or the card's own functions would change."""
    assert not safe(line)


def test_calm():
    """Outside cards no mention survives."""
    assert calm("<at>All</at> </AT >") == f"<{JOINER}at>All<{JOINER}/at> <{JOINER}/AT >"


# --------------------------------------------------------------------------- fitting


@given(st.text(max_size=200), st.integers(24, 100))
def test_cut_fits(typed, limit):
    """Never longer than asked for."""
    assert len(cut(typed, limit)) <= limit


def test_cut_at_a_sentence():
    """Too long text ends at a sentence, else at a word, else where it must."""
    assert cut("One is here. Two is here. Three is long.", 30) == "One is here. Two is here. …"
    assert cut("wordsome wordsome wordsome", 22) == "wordsome wordsome …"
    assert cut("x" * 50, 24) == "x" * 22 + " …"
    assert cut("short", 24) == "short"


def test_a_long_text_gives_way_and_says_so():
    """At a sentence; the buttons stay."""
    long = Reply((Para(("One sentence. " * 4000,)),), (Choice("Press", "a.b"),))
    made = card((long,), WORDING)
    lint_card(made)
    shown_text = list(words(made))
    assert shown_text[0].endswith(". …")
    assert WORDING.label("teams.more") in shown_text
    assert [button["title"] for button in buttons(made)] == ["Press"]


def test_many_lines_give_way_from_the_end():
    """Lines too short to shorten go; inputs and buttons stay."""
    lines = [{"type": "TextBlock", "text": f"line {n} " + "y" * 60, "wrap": True} for n in range(400)]
    made = finished([*lines, {"type": "ActionSet", "actions": [{"type": "Action.Submit"}]}], WORDING)
    assert size(made) <= CARD + 200
    assert made["body"][0]["text"].startswith("line 0")
    assert made["body"][-2]["type"] == "ActionSet"


@pytest.mark.parametrize("line", ["x", "y" * 100])
def test_thousands_of_lines_give_way_at_once(line, monkeypatch):
    """What somebody pastes holds up nobody else: the card is not measured anew for each line that goes."""
    wholes = []

    def counted(value):
        wholes.append(value["type"] == "AdaptiveCard")
        return size(value)

    monkeypatch.setattr(cards, "size", counted)
    made = inserted(Words("\n".join([line] * (20_000 // len(line)))), WORDING)["composeExtension"]
    lint_card(made["attachments"][0]["content"])
    assert sum(wholes) < 20


def test_nothing_left_to_give_way():
    """Buttons alone are never dropped, however many: Teams then refuses the card and the person is told."""
    rows = [{"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "t" * 900}]}] * 40
    assert len(finished(rows, WORDING)["body"]) == 41 - 1


# --------------------------------------------------------------------------- blocks


def test_each_block_has_its_look():
    """Heading, paragraph, quotation, draft, list, small print, line with buttons."""
    own = ("Hello",)
    made = card(
        (Reply((Heading(own), Para(own), Quote(own), Draft(own), Points((own, own)), Note(own), Item(own))),),
        WORDING,
    )["body"]
    assert [element["type"] for element in made] == [
        "TextBlock",
        "TextBlock",
        "Container",
        "Container",
        "TextBlock",
        "TextBlock",
        "TextBlock",
        "TextBlock",
    ]
    assert made[0]["style"] == "heading"
    assert [made[2]["style"], made[3]["style"]] == ["emphasis", "accent"]
    assert made[4]["text"] == "• Hello"
    assert made[6]["isSubtle"] is True


def test_every_line_of_a_draft_stands_for_itself():
    """So that it is copied as it was written."""
    (held,) = card((Reply((Draft((Words("Hello Ana,\n\nit is *done*.\nBest"),)),)),), WORDING)["body"]
    assert [e["inlines"][0]["text"] for e in held["items"]] == ["Hello Ana,", "it is *done*.", "Best"]


def test_blank_blocks_are_left_out():
    """Nothing is shown for nothing."""
    blank = Reply(
        (Heading((" ",)), Para(("",)), Quote(("\n",)), Points((("",),)), Note(())), (Choice("A", "a.b"),)
    )
    assert [e["type"] for e in card((blank,), WORDING)["body"]] == ["ActionSet"]


def test_ids_of_teams_are_said_in_words():
    """A channel's and a person's id mean nothing to a reader; what people wrote stays."""
    note = Note(("Set by ", f"@{'0' * 8}-0000-4000-8000-{'a' * 12}", " in ", "#19:abc@thread.tacv2"))
    assert list(words(card((Reply((note,)),), WORDING))) == ["Set by a colleague in a channel of your team"]
    theirs = Reply((Note((Words("19:abc@thread.tacv2"),)),))
    assert list(words(card((theirs,), WORDING))) == ["19:abc@thread.tacv2"]


# --------------------------------------------------------------------------- buttons


def test_every_choice_comes_back_as_its_command():
    """Action and value survive, from a chat and from a dialog, also for two buttons of the same action."""
    wanted = [("tips.more", value) for value in ("one", "two", "A1", "A2")]
    chat = [tapped(b["data"]) for b in buttons(card((reply(),), WORDING))]
    assert [(t.action, t.value, t.state) for t in chat] == [(*pair, "") for pair in wanted]
    old = [tapped(b["fallback"]["data"]) for b in buttons(card((reply(),), WORDING))]
    assert old == chat
    inside = dialog(Form("vent.x", "X", (), (), reply().choices, state="s:1"), WORDING)
    made = [tapped(b["data"]) for b in buttons(inside["task"]["value"]["card"]["content"])]
    assert made == [Tapped("tips.more", "A1", "s:1"), Tapped("tips.more", "A2", "s:1")]


def test_styles():
    """Primary, danger and plain."""
    assert [b.get("style") for b in buttons(card((reply(),), WORDING))] == [
        None,
        "destructive",
        "positive",
        None,
    ]


def test_openers_ask_for_a_dialog_at_once():
    """One tap to the vent, the review, the settings and to help; anything else answers in the chat."""
    choices = tuple(Choice(a, a) for a in ("vent.open", "review.open", "vent.help", "schedules.settings"))
    made = buttons(card((Reply((), (*choices, Choice("Tip", "tips.next"))),), WORDING))
    assert [b["data"].get("msteams") for b in made] == [{"type": "task/fetch"}] * 4 + [None]


def test_many_buttons():
    """Nine buttons stand in three rows."""
    made = card((Reply((), tuple(Choice(f"n{n}", "a.b", str(n)) for n in range(9))),), WORDING)
    assert [len(element["actions"]) for element in made["body"]] == [4, 4, 1]
    lint_card(made)


# --------------------------------------------------------------------------- forms


def content(made):
    return made["task"]["value"]["card"]["content"]


def test_every_field_comes_back():
    """What a form is prefilled with is what is sent when nobody changes it; sealed text is sealed."""
    made = content(dialog(form("Some words"), WORDING, (), "C1"))
    fields = read_fields(filled(made, {"secret": "canary"}))
    assert isinstance(fields.pop("secret"), Sealed)
    assert fields == {
        "line": Words("Some words"),
        "text": Words("Some words"),
        "one": ("b",),
        "one_of_many": ("o3",),
        "several": ("a", "b"),
        "several_of_many": ("o1", "o29"),
        "at": ("09:00",),
        "day": ("2026-03-02",),
        "zone": ("Europe/Berlin",),
        "channel": ("C1",),
    }


def test_empty_fields_are_absent():
    """Nothing is sent for what was left empty."""
    assert read_fields(dict.fromkeys(filled(content(dialog(form(""), WORDING)), {}), "")) == {}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Mars/Base", "Mars/Base"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_city(typed, zone):
    """However it is written; what is no zone stays what was typed, for the coach to ask about."""
    assert read_fields({"open.zone.zone": typed}) == {"zone": (zone,)}


@pytest.mark.parametrize(
    ("typed", "channel"),
    [
        (
            "https://teams.microsoft.com/l/channel/19%3Aab-c%40thread.tacv2/x?groupId=1",
            "19:ab-c@thread.tacv2",
        ),
        ("19:ab@thread.tacv2", "19:ab@thread.tacv2"),
        ("C1", "C1"),
    ],
)
def test_a_channel_is_read_from_its_link(typed, channel):
    """The link that Teams copies, or the id in it."""
    assert read_fields({"open.channel.channel": typed}) == {"channel": (channel,)}


def test_the_channel_at_hand_is_the_option():
    """In a channel there is nothing to paste."""
    field = Field("channel", "Channel", Kind.CHANNEL)
    here = content(dialog(Form("a.b", "T", (), (field,)), WORDING, (), "19:a@thread.tacv2"))
    assert inputs(here)[0]["choices"] == [{"title": "This channel", "value": "19:a@thread.tacv2"}]
    assert inputs(content(dialog(Form("a.b", "T", (), (field,)), WORDING)))[0]["type"] == "Input.Text"


@pytest.mark.parametrize(
    "data",
    [
        {"x": "y"},
        {"open.text": "y"},
        {"open.text.a": 5},
        {"other.text.a": "y"},
        {"open.shape.a": "y"},
        {"": ""},
    ],
)
def test_what_is_no_field_of_ours_is_not_looked_at(data):
    """Ids somebody made up give nothing."""
    assert read_fields(data) == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_sealed_mark_seals_whatever_the_kind(kind):
    """Sealed is decided by the mark alone."""
    (value,) = read_fields({f"sealed.{kind.value}.a": "canary"}).values()
    assert isinstance(value, Sealed)


def test_a_problem_stands_at_its_field():
    """Below the input, and as what the client itself says."""
    field = Field("a", "A", Kind.TIME, hint="Like 09:15", problem="Pick a time.")
    made = content(dialog(Form("x.y", "T", (), (field,), submit="Go"), WORDING))
    assert inputs(made)[0]["errorMessage"] == "Pick a time."
    assert list(words(made)) == ["A", "Like 09:15", "Pick a time.", "Go"]


def test_few_options_stand_beside_each_other_and_many_in_a_menu():
    """Seven or fewer."""
    few = tuple(Option(str(n), str(n)) for n in range(7))
    for options, style in ((few, "expanded"), ((*few, Option("8", "8")), "compact")):
        field = Field("a", "A", Kind.ONE, options)
        assert inputs(content(dialog(Form("x.y", "T", (), (field,)), WORDING)))[0]["style"] == style


def test_a_form_without_title_or_submit():
    """The coach's name, and "Send" where there is something to fill in; a close button where it is named."""
    made = dialog(Form("x.y", " ", (), (Field("a", "A", Kind.LINE),), close="Not now"), WORDING)
    assert made["task"]["value"]["title"] == "Breather"
    assert [b["title"] for b in buttons(content(made))] == ["Send", "Not now"]
    nothing = dialog(Form("x.y", "T", (Para(("p",)),)), WORDING)
    assert buttons(content(nothing)) == []


# --------------------------------------------------------------------------- the compose box


def test_a_draft_can_be_put_into_the_compose_box():
    """The button carries the draft; without one, or a draft too long for a card, there is no button."""
    drafted = Reply((Draft((Words("Sorry, *Ana*."),)),))
    (button,) = buttons(content(shown((drafted,), WORDING, compose=True)))
    assert button["data"][KEPT]["draft"] == "Sorry, *Ana*."
    assert buttons(content(shown((drafted,), WORDING))) == []
    long = Reply((Draft((Words("x" * 7000),)),))
    assert buttons(content(shown((long,), WORDING, compose=True))) == []
    assert buttons(content(shown((Reply((Para(("p",)),)),), WORDING, compose=True))) == []


def test_what_is_put_into_the_compose_box():
    """The draft alone, letter by letter."""
    made = inserted(Words("Sorry, *Ana*."), WORDING)["composeExtension"]
    assert (made["type"], made["attachmentLayout"]) == ("result", "list")
    lint_card(made["attachments"][0]["content"])
    assert list(words(made["attachments"][0]["content"])) == ["Sorry, *Ana*."]


def test_the_fallback_is_short_plain_words():
    """For notifications; buttons alone are named."""
    assert fallback((Reply((Heading(("A",)), Points((("b\nc",),)))),)) == "A b c"
    assert fallback((Reply((), (Choice("One", "a.b"), Choice("Two", "a.b"))),)) == "One, Two"
    assert len(fallback((Reply((Para(("x " * 4000,)),)),))) <= 300
