"""Replies and forms as Slack shows them: within every limit, escaped, unable to ping, and back again."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import fallback, rendered, tapped
from adapters.slack.fit import cut, escaped, marked, size, split
from adapters.slack.views import home, modal, problems, same_but_problems, shown
from coaching.sealed import Words
from coaching.values import (
    Choice,
    Draft,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Moment,
    Note,
    Option,
    Para,
    Points,
    Quote,
    Reply,
)
from coaching.when import zones
from tests.adapters.slack.lint import lint_blocks, lint_message, lint_view
from tests.players.books import PLAYBOOK
from tests.players.everything import form, reply
from tests.players.slack import buttons, words

HARD = [
    "<!channel> <!here> <@U123> <#C1|x> @here @channel @everyone",
    "**bold** _it_ `code` ~no~ > quote &amp; <b>html</b>",
    "🙂" * 5000,
    "שלום עולם مرحبا \u202eevil\u202c",
    "a\x00b\ud800c\udfff",
    "One sentence. " * 3000,
    "x" * 40_000,
    " ",
    "",
    "\n\n\n",
    ":smile: :) https://a.example",
]
text = st.text(st.characters(), max_size=300) | st.sampled_from(HARD)


# --------------------------------------------------------------------------- everything, whatever it holds


@settings(max_examples=30, deadline=None)
@given(text)
def test_any_text_makes_blocks_that_slack_takes(playbook_wording, typed):
    """Emoji, right-to-left, NUL, lone surrogates, control sequences, forty thousand letters: all fit."""
    wording = playbook_wording
    made = reply(typed)
    lint_blocks(rendered((made,), wording), 50)
    lint_view(home((made,), wording))
    lint_view(shown((made, made), wording))
    lint_view(modal(form(typed), wording, (made,), "C1"))
    json.dumps(rendered((made,), wording)).encode()


@pytest.fixture(scope="module")
def playbook_wording():
    return PLAYBOOK.wording


@settings(max_examples=100, deadline=None)
@given(text)
def test_nothing_a_person_wrote_can_ping(playbook_wording, typed):
    """Markup and the fallback are escaped; all else is text that Slack does not interpret."""
    for block in rendered((reply(typed),), playbook_wording):
        if block["type"] == "section" and block["text"]["type"] == "mrkdwn":
            assert block["text"]["verbatim"]
            assert "<" not in block["text"]["text"]
            assert not any(ping in block["text"]["text"] for ping in ("@here", "@channel", "@everyone"))
    told = fallback((reply(typed),))
    assert "<" not in told
    assert ">" not in told
    assert not any(ping in told for ping in ("@here", "@channel", "@everyone", "@Here"))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=100))
def test_what_a_person_wrote_is_shown_as_they_wrote_it(playbook_wording, typed):
    """Short text stands there letter by letter."""
    if typed.strip():
        assert typed.strip("\n") in "".join(
            words(rendered((Reply((Para((Words(typed),)),)),), playbook_wording))
        )


# --------------------------------------------------------------------------- fitting


@given(st.text(max_size=200), st.integers(24, 100))
def test_cut_and_split_fit(typed, limit):
    """Every piece fits; splitting loses no letter."""
    assert size(cut(typed, limit)) <= limit
    pieces = split(typed, limit)
    assert all(size(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(typed.split())


def test_cut_at_a_sentence():
    """Too long text ends at a sentence, else at a word, else where it must."""
    assert cut("One is here. Two is here. Three is long.", 30) == "One is here. Two is here. …"
    assert cut("wordsome wordsome wordsome", 22) == "wordsome wordsome …"
    assert cut("x" * 50, 24) == "x" * 22 + " …"
    assert cut("🙂" * 20, 24) == "🙂" * 11 + " …"
    assert cut("short", 24) == "short"


def test_split_at_a_sentence():
    """Pieces end where sentences do."""
    assert split("One is here. Two is here. Three.", 26) == ["One is here. Two is here.", " Three."]
    assert split("line one\nline two is long", 18) == ["line one", "line two is long"]


def test_a_pair_of_units_is_counted_as_two():
    """Slack may count an emoji as two."""
    assert (size("ab"), size("🙂")) == (2, 2)


def test_escaped():
    """The three signs of mrkdwn, and words that would ping."""
    assert escaped("<!here> & @here") == "&lt;!here&gt; &amp; @\u2060here"
    assert escaped("me@channel.example") == "me@\u2060channel.example"


# --------------------------------------------------------------------------- blocks


def test_each_block_has_its_look(playbook_wording):
    """Heading, paragraph, quotation, draft, list, small print, line with buttons."""
    made = rendered((reply("Hello"),), playbook_wording)
    kinds = [
        "header",
        "section",
        "section",
        "rich_text",
        "section",
        "section",
        "context",
        "rich_text",
        "section",
    ]
    assert [block["type"] for block in made] == [*kinds, "actions", "divider", "actions"]
    assert made[2]["text"]["text"] == "> Hello"
    (quote,) = made[3]["elements"]
    assert [(run["text"], "style" in run) for run in quote["elements"]] == [
        ("Before ", False),
        ("Hello", True),
        (" after", False),
    ]
    assert made[4]["text"]["text"] == "> Hello"
    assert made[5]["text"]["text"] == "• Hello\n• second"


@pytest.mark.parametrize(
    "typed", ["*so* bold", "_so_ thin", "`code`", ":smile:", "@here", "&" * 2000, "a ``` b"]
)
def test_a_quotation_and_a_draft_keep_every_letter(playbook_wording, typed):
    """Where markup would change a letter, rich text shows it as it is."""
    made = Reply((Quote((Words(typed),)), Draft((Words(typed),)), Points(((Words(typed),),))))
    quote, draft, points = rendered((made,), playbook_wording)
    for block in (quote, draft):
        assert block["elements"][0]["elements"][0]["text"] == typed
    (rich,) = points["elements"]
    assert rich["type"] == "rich_text_list"
    assert rich["elements"][0]["elements"][0]["text"] == cut(typed, 1000)


def test_an_underline_inside_a_word_is_no_markup(playbook_wording):
    """Slack leaves it alone, so that a list of such words can stay a plain list."""
    (made,) = rendered((Reply((Points((("person.less_words: no",),)),)),), playbook_wording)
    assert made["text"] == {"type": "mrkdwn", "text": "• person.less_words: no", "verbatim": True}


def test_every_choice_comes_back_as_its_command(playbook_wording):
    """Action and value survive, also for two buttons of the same action."""
    made = list(buttons(rendered((reply(),), playbook_wording)))
    assert [(tapped(b["action_id"]), b["value"]) for b in made] == [
        ("tips.more", "one"),
        ("tips.more", "two"),
        ("tips.more", "A1"),
        ("tips.more", "A2"),
    ]
    assert [b.get("style") for b in made] == [None, None, "primary", None]
    assert tapped("made elsewhere") == "made elsewhere"


def test_the_same_reply_has_the_same_ids(playbook_wording):
    """Stable ids, so that a button works on whichever process hears it."""
    assert rendered((reply(),), playbook_wording) == rendered((reply(),), playbook_wording)


def test_too_many_blocks_keep_their_buttons(playbook_wording):
    """Text gives way, the buttons stay, and a line says that there is more."""
    long = Reply(tuple(Para((f"line {n}",)) for n in range(80)), (Choice("Press", "a.b"),))
    made = rendered((long,), playbook_wording)
    lint_blocks(made, 50)
    assert len(made) == 50
    assert [b["text"]["text"] for b in buttons(made)] == ["Press"]
    assert playbook_wording.label("slack.more") in list(words(made))


def test_many_buttons(playbook_wording):
    """Thirty of one action stand in two rows, apart from the others, which share one; ids never clash."""
    picks = tuple(Choice(f"n{n}", "a.b", str(n)) for n in range(30))
    others = tuple(Choice(f"o{n}", f"c.{n}") for n in range(6))
    made = rendered((Reply((), (*picks, *others)),), playbook_wording)
    assert [len(block["elements"]) for block in made] == [25, 5, 6]
    lint_blocks(made, 50)


def test_a_long_list_is_split_between_its_lines(playbook_wording):
    """No line is torn, and each piece fits."""
    lines = tuple((f"{n} " + "word " * 100,) for n in range(20))
    made = rendered((Reply((Points(lines),)),), playbook_wording)
    shown = "\n".join(words(made)).split("\n")
    assert (len(made), len(shown)) == (4, 20)
    lint_blocks(made, 50)


def test_buttons_in_a_list_are_calm(playbook_wording):
    """Delete beside every line is not red."""
    line = Item(("Every day",), (Choice("Delete", "a.b", "1", "danger"),))
    made = list(buttons(rendered((Reply((line,)),), playbook_wording)))
    assert [button.get("style") for button in made] == [None]


def test_an_answer_in_a_window_has_its_heading_for_a_title(playbook_wording):
    """Said once, at the top; a long heading stays below the product's name."""
    short = Reply((Heading(("One thing to change",)), Para(("Name it first.",))))
    view = shown((short,), playbook_wording)
    assert (view["title"]["text"], len(view["blocks"])) == ("One thing to change", 1)
    long = Reply((Heading(("A heading that is too long for a title",)), Para(("Name it first.",))))
    view = shown((long,), playbook_wording)
    assert (view["title"]["text"], len(view["blocks"])) == ("Breather", 2)
    alone = shown((Reply((Heading(("Saved",)),)),), playbook_wording)
    assert len(alone["blocks"]) == 1


def test_a_members_id_in_small_print_is_shown_as_the_member(playbook_wording):
    """ "Set by U01ALICE" names the person; what people wrote never does."""
    note = Reply((Note(("Set by ", "U01ALICE", ", <!here> ", Words("U01BOBBY"))),))
    (block,) = rendered((note,), playbook_wording)
    assert block["elements"][0]["text"] == "Set by <@U01ALICE>, &lt;!here&gt; U01BOBBY"
    lint_blocks([block], 50)


def test_whom_the_coach_names_is_shown_by_name(playbook_wording):
    """ "#C01SUPPORT" and "@U01ALICE" of ours become names, in notifications too; in Words never."""
    line = ("Team tip in ", "#C01SUPPORT", ", set by @U01ALICE: ", Words("#C01SUPPORT @U01ALICE <!here>"))
    named = Reply((Para(line), Item(line), Heading(line)))
    para, item, heading = rendered((named,), playbook_wording)
    told = "Team tip in <#C01SUPPORT>, set by <@U01ALICE>: #C01SUPPORT @U01ALICE &lt;!here&gt;"
    assert para["text"] == item["text"] == {"type": "mrkdwn", "text": told, "verbatim": True}
    assert "#C01SUPPORT" in heading["text"]["text"]
    assert fallback((named,)) == "\n".join([told] * 3)
    lint_blocks([para, item, heading], 50)


def test_a_name_beside_markup_stays_an_id(playbook_wording):
    """Where a letter somebody typed would change, or there is too much of it, all of it is plain text."""
    for typed in ("*calm* down", "calm " * 1000):
        blocks = rendered((Reply((Para(("@U01ALICE ", Words(typed))),)),), playbook_wording)
        assert {block["text"]["type"] for block in blocks} == {"plain_text"}


def test_blank_blocks_are_left_out(playbook_wording):
    """Nothing to say, no block; the fallback then names the buttons."""
    blank = Reply(
        (Heading((" ",)), Para(("",)), Note(("",)), Points(((" ",),)), Item(("",))), (Choice("Go", "a.b"),)
    )
    assert [block["type"] for block in rendered((blank,), playbook_wording)] == ["actions"]
    assert fallback((blank,)) == "Go"


# --------------------------------------------------------------------------- views


def test_every_kind_of_field_has_its_element(playbook_wording):
    """Eleven fields, eight kinds, and menus where there are too many options for buttons."""
    made = modal(form(), playbook_wording)
    inputs = [block["element"]["type"] for block in made["blocks"] if block["type"] == "input"]
    assert inputs == [
        "plain_text_input",
        "plain_text_input",
        "plain_text_input",
        "radio_buttons",
        "static_select",
        "checkboxes",
        "multi_static_select",
        "timepicker",
        "datepicker",
        "static_select",
        "conversations_select",
    ]
    assert (made["submit"]["text"], made["close"]["text"]) == ("Send it", "Not now")


def test_empty_fields_have_no_preset(playbook_wording):
    """Nothing picked, nothing prefilled: no initial value of any kind."""
    kinds = tuple(Field(k.value, k.value, k, (Option("a", "A"),)) for k in Kind)
    made = modal(Form("a.b", "Empty", fields=kinds), playbook_wording)
    lint_view(made)
    assert '"initial' not in json.dumps(made)
    assert made["submit"]["text"] == playbook_wording.label("slack.send")
    assert "close" not in made


def test_every_zone_is_offered(playbook_wording):
    """All zones, in groups by region of at most a hundred."""
    (block,) = modal(Form("a.b", "Zone", fields=(Field("z", "Zone", Kind.ZONE),)), playbook_wording)["blocks"]
    offered = [o["value"] for group in block["element"]["option_groups"] for o in group["options"]]
    assert sorted(offered) == sorted(zones())
    labels = [group["label"]["text"] for group in block["element"]["option_groups"]]
    assert len(labels) == len(set(labels))


def test_a_channel_is_never_preselected_unasked(playbook_wording):
    """The platform's own picker, with channels only, and nothing chosen."""
    (block,) = modal(Form("a.b", "C", fields=(Field("c", "Channel", Kind.CHANNEL),)), playbook_wording)[
        "blocks"
    ]
    assert block["element"]["filter"]["include"] == ["public", "private"]
    assert "default_to_current_conversation" not in block["element"]


def test_what_a_modal_carries_holds_no_words(playbook_wording):
    """private_metadata: the form's id, its state and a channel, nothing a person wrote."""
    made = modal(form("kestrel"), playbook_wording, channel="C1")
    assert json.loads(made["private_metadata"]) == {
        "form": "review.everything",
        "state": "step:2",
        "channel": "C1",
    }


def test_long_titles_and_labels_fit(playbook_wording):
    """Twenty-four letters for titles, seventy-five for buttons."""
    long = "A title that goes on and on. And on."
    made = modal(
        Form("a.b", long, choices=(Choice(long * 5, "a.b"),), submit=long, close=long), playbook_wording
    )
    lint_view(made)
    assert modal(Form("a.b", " "), playbook_wording)["title"]["text"] == "Breather"


def test_problems_are_told_at_the_field(playbook_wording):
    """By block_id for Slack's own way; below the field when the form is shown anew."""
    made = form(problem="Please write a little more")
    assert problems(made) == {"field|review.everything|text": "Please write a little more"}
    shown_again = modal(made, playbook_wording)
    at = [block.get("block_id") for block in shown_again["blocks"]].index("field|review.everything|text")
    assert list(words(shown_again["blocks"][at + 1])) == ["Please write a little more"]


def test_only_problems_are_new(playbook_wording):
    """The open view counts as the same whatever Slack added to it, and as another once a word differs."""
    made = form(problem="Please mend")
    seen = modal(form(), playbook_wording, channel="C1")
    seen["blocks"][0]["text"]["verbatim"] = False
    assert same_but_problems(made, playbook_wording, seen)
    assert not same_but_problems(form(problem="Please mend", state="other"), playbook_wording, seen)
    assert not same_but_problems(form("Danger card", problem="Please mend"), playbook_wording, seen)


# --------------------------------------------------------------------------- instants

THEN = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)  # a minute before the clocks change in Berlin
SIGN = "<!date^1774745940^{date_short_pretty} at {time}|Sunday 01:59, Berlin time>"


def test_an_instant_is_shown_on_the_readers_own_clock(playbook):
    """Wherever a sentence may hold one; the words remain for who cannot show it, and beside the blocks."""
    then = Moment("Sunday 01:59, Berlin time", THEN)
    reply = Reply((Para(("Next reminder ", then)), Points((("One",), (then,))), Note((then,))))
    para, points, note = rendered((reply,), playbook.wording)
    assert para["text"] == {"type": "mrkdwn", "text": f"Next reminder {SIGN}", "verbatim": True}
    assert points["text"]["text"] == f"• One\n• {SIGN}"
    assert note["elements"][0]["text"] == SIGN
    lint_message({"blocks": [para, points, note], "text": fallback((reply,))})


def test_an_instant_beside_signs_of_markup_stays_words(playbook):
    """No letter of a text changes, so that *this* is shown as it is and the instant by its words."""
    then = Moment("Sunday 01:59, Berlin time", THEN)
    para, _ = rendered((Reply((Para(("A *star* and ", then)), Points((("*", then),)))),), playbook.wording)
    assert para["text"] == {
        "type": "plain_text",
        "text": "A *star* and Sunday 01:59, Berlin time",
        "emoji": False,
    }


@pytest.mark.parametrize("words", ["a|b", "<!here>", "a > b", "a & b"])
def test_the_words_of_an_instant_cannot_end_its_sign(words):
    """A zone with an odd name, from a company's own wording, pings nobody."""
    made = marked((Moment(words, THEN),))
    assert (made.count("|"), made.count("<"), made.count(">"), made.endswith(">")) == (1, 1, 1, True)


def test_what_a_person_wrote_is_never_an_instant():
    """Their own sign for one is shown as they typed it."""
    assert marked((Words(SIGN),)).startswith("&lt;!date^")
