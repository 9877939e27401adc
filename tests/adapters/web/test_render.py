"""Every block and field is shown, and nothing a person wrote is ever markup."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.web.render import answer_html, block_html, form_html, reply_html, shown
from coaching.picture import Bar, Picture, Strip
from coaching.sealed import Words
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
)
from tests.players.stage import HELLO, kinds_form
from tests.players.web import choices, filled, said, tree

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!channel> <@U123> <https://example.com|click>",
    "</textarea><script>x</script>",
    "</bdi></p><p hidden>",
    "&lt;b&gt; &amp; &#x3C;",
    "]]> --> <!--",
    "\u202eevil\u202c \u2066x\u2069",
    "a\u0000b\u0007c\u001b[31md\u0085e",
    "😀👩‍👩‍👧 עברית العربية",
]


def clean(text):
    return "".join(c for c in text if c in "\t\n" or not (ord(c) < 32 or 127 <= ord(c) < 160))


@pytest.fixture
def wording(playbook):
    return playbook.wording


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("block", [Heading, Para, Quote, Draft, Note, Item])
def test_words_are_text_in_every_block(text, block, wording):
    """Whatever was written is seen as it was written, and makes no element."""
    plain = tree(block_html(block((Words("safe"),)), wording))
    made = tree(block_html(block((Words(text),)), wording))
    assert clean(text) in made.text()
    assert [node.tag for node in made.all()] == [node.tag for node in plain.all()]
    assert [node.attributes for node in made.all()] == [node.attributes for node in plain.all()]


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_out_as_it_went_in(text):
    """For every text there is: one element around it, the same characters inside, no control characters."""
    words = Words(text)
    root = tree(shown((words,)))
    assert [node.tag for node in root.all()] == ["bdi"]
    assert root.text() == clean(words.reveal().replace("\r\n", "\n").replace("\r", "\n"))


@settings(deadline=None)
@given(line=st.text(max_size=80), area=st.text(max_size=80))
def test_any_text_keeps_its_place_in_a_form(line, area, playbook):
    """A prefilled field gives back exactly what it was given, and the form stays whole."""
    form = Form(
        "f",
        "Title",
        fields=(
            Field("line", "Line", Kind.LINE, text=Words(line)),
            Field("area", "Area", Kind.TEXT, text=Words(area)),
        ),
    )
    root = tree(form_html(form, "f1", playbook.wording))
    held = filled(root)
    normal = [clean(Words(t).reveal().replace("\r\n", "\n").replace("\r", "\n")) for t in (line, area)]
    assert [held["line"], held["area"]] == normal
    assert [n.tag for n in root.all("script", "img", "iframe", "a", "style")] == []


def test_a_mixed_text_reads_as_one_sentence(wording):
    """The coach's words and the person's stand in one line, the person's direction kept to itself."""
    html = block_html(Para(("You wrote “", Words("שלום <b>"), "”.")), wording)
    assert html == "<p>You wrote “<bdi>שלום &lt;b&gt;</bdi>”.</p>"
    assert said(tree(html)) == "You wrote “שלום <b>”."


def test_points_and_items(wording):
    """A list has its points; an item its own buttons."""
    points = tree(block_html(Points((("one",), ("two",))), wording))
    assert [li.text() for li in points.all("li")] == ["one", "two"]
    item = tree(block_html(Item(("Daily",), (Choice("Pause", "schedules.pause", "7"),)), wording))
    assert [(b.text(), b.attributes["data-action"], b.attributes["data-value"]) for b in choices(item)] == [
        ("Pause", "schedules.pause", "7")
    ]


def test_a_draft_can_be_copied(wording):
    """The draft stands alone, with its line ends and a button that copies it."""
    root = tree(block_html(Draft(("Dear customer,\n\nI am sorry.",)), wording))
    inner = next(n for n in root.all("div") if n.attributes["class"] == "draft-text")
    assert inner.text() == "Dear customer,\n\nI am sorry."
    assert [b.text() for b in root.all("button") if b.has("data-copy")] == ["Copy"]


def test_choices_carry_their_command_even_with_odd_signs(wording):
    """Action and value come back unchanged from the attributes."""
    reply = Reply((), (Choice('Say "<i>"', 'a."b"', "1'<&>", "danger"),))
    (button,) = choices(tree(reply_html(reply, wording, channel=False)))
    assert (button.text(), button.attributes["data-action"], button.attributes["data-value"]) == (
        'Say "<i>"',
        'a."b"',
        "1'<&>",
    )
    assert "danger" in button.attributes["class"]


@pytest.mark.parametrize(
    ("channel", "only_you", "public", "line"),
    [
        (True, True, False, "Only you can see this"),
        (True, False, True, "Everyone in #team can see this"),
        (False, False, False, None),
        (False, True, False, None),
    ],
)
def test_who_can_see_it_is_said_in_a_channel(channel, only_you, public, line, wording):
    """Public is only what was said to be, in a place others read."""
    root = tree(reply_html(replace(HELLO, only_you=only_you), wording, channel=channel))
    article = next(root.all("article"))
    assert article.has("data-public") is public
    seen = [n.text() for n in root.all("p") if n.attributes.get("class") == "seen"]
    assert seen == ([line] if line else [])


def test_every_field_kind_is_a_control_with_a_label(wording):
    """Every control has a name for the ear, and holds what was preselected."""
    root = tree(form_html(kinds_form(), "f1", wording))
    controls = list(root.all("input", "textarea", "select"))
    labelled = {n.attributes.get("for") for n in root.all("label")}
    for control in controls:
        inside = control.parent.tag == "label" and control.parent.text().strip()
        assert inside or control.attributes["id"] in labelled
    assert filled(root) == {
        "line": 'as "is" <b>',
        "secret": "",
        "text": "\nfirst\nsecond",
        "one": "tuesday",
        "long": "3",
        "many": ["monday", "friday"],
        "at": "08:30",
        "on": "2026-03-02",
        "zone": "",
        "channel": "",
    }
    types = {n.attributes["name"]: n.attributes.get("type", n.tag) for n in controls}
    assert types == {
        "line": "text",
        "secret": "text",
        "text": "textarea",
        "one": "radio",
        "long": "select",
        "many": "checkbox",
        "at": "time",
        "on": "date",
        "zone": "text",
        "channel": "select",
    }
    channel = next(n for n in root.all("select") if n.attributes["name"] == "channel")
    assert [o.attributes["value"] for o in channel.all("option")] == ["", "team"]
    assert [n.attributes["list"] for n in controls if n.has("list")] == ["zones"]


def test_what_to_mend_stands_at_the_field_and_is_read_with_it(wording):
    """A problem is tied to its control by id, and so is a hint."""
    form = Form(
        "f",
        "Title",
        fields=(
            Field("a", "A", Kind.LINE, hint="Short", problem="Too long"),
            Field("b", "B", Kind.MANY, (Option("1", "One"),), hint="Pick", problem="Pick one"),
            Field("c", "C", Kind.LINE),
        ),
        submit="Send",
    )
    root = tree(form_html(form, "f1", wording))
    by_id = {n.attributes["id"]: n.text() for n in root.all("p") if n.has("id")}
    described = [n.attributes["aria-describedby"].split() for n in root.all() if n.has("aria-describedby")]
    assert [[by_id[i] for i in ids] for ids in described] == [["Short", "Too long"], ["Pick", "Pick one"]]
    invalid = [n.attributes["name"] for n in root.all("input") if n.has("aria-invalid")]
    assert invalid == ["a", "b"]


def test_sealed_boxes_are_marked_and_nothing_is_completed(wording):
    """The page knows which text dissolves; no box offers what was typed before."""
    form = Form("f", "T", fields=(Field("a", "A", Kind.TEXT, sealed=True), Field("b", "B", Kind.TEXT)))
    boxes = list(tree(form_html(form, "f1", wording)).all("textarea"))
    assert [b.has("data-sealed") for b in boxes] == [True, False]
    assert {b.attributes["autocomplete"] for b in boxes} == {"off"}


def test_an_optional_radio_says_so_and_can_be_taken_back(wording):
    """Optional is part of the label where something else is not, and the page is told."""
    spec = Field("a", "What fits?", Kind.ONE, (Option("1", "One"),), optional=True)
    for others, label in ((), "What fits?"), ((Field("b", "B", Kind.LINE),), "What fits? optional"):
        root = tree(form_html(Form("f", "T", fields=(spec, *others)), "f1", wording))
        assert next(root.all("legend")).text() == label
        assert next(root.all("input")).has("data-loose")


def test_the_answers_to_one_question_stand_together(wording):
    """Feelings to pick from are not to be mixed up with the ways out; two alike are no question yet."""
    chips = tuple(Choice(name, "vent.chip", name) for name in "abc")
    ways = (Choice("Skip", "vent.skip"), Choice("Read", "tips.rule", "A1"), Choice("Read", "tips.rule", "A2"))
    rows = [
        [button.text() for button in row.all("button")]
        for row in tree(reply_html(Reply((), (*chips, *ways)), wording, channel=False)).all("div")
    ]
    assert rows == [["a", "b", "c"], ["Skip", "Read", "Read"]]


def test_the_one_person_here_is_called_you(wording):
    """The coach names whoever set a tip; in the playground that is you. What was written stays."""
    assert shown(("set by @you: daily",)) == "set by you: daily"
    assert "@you" in shown((Words("@you there"),))


@pytest.mark.parametrize(("submit", "close"), [("Send", "Not now"), ("", "")])
def test_the_foot_of_a_form(submit, close, wording):
    """There is always a way out; there is a way to send only where there is something to send."""
    root = tree(form_html(Form("f", "T", submit=submit, close=close), "f1", wording))
    assert [b.text() for b in root.all("button") if b.has("data-close")] == [close or "Close"]
    assert [b.text() for b in root.all("button") if b.has("data-send")] == ([submit] if submit else [])


def test_an_answer_in_a_dialog_takes_its_heading_as_title(wording):
    """With a heading it is the title; without one the dialog is named all the same."""
    with_heading = tree(answer_html((HELLO,), "f1", wording))
    assert next(with_heading.all("h2")).text() == HELLO.blocks[0].text[0]
    assert not list(with_heading.all("h3"))
    assert [b.text() for b in choices(with_heading)] == [c.label for c in HELLO.choices]
    without = tree(answer_html((Reply((Para(("Done.",)),)),), "f1", wording))
    assert next(without.all("h2")).text() == "Coach"


def test_a_picture_is_drawn_and_said(playbook):
    """Inline, filled as far as it was there, a dot where there is nothing; and in signs."""
    picture = Picture((Strip("A1", (Bar(), Bar(1, 1), Bar(2), Bar(0, 3))), Strip("<b>", ())), "Four weeks")
    html = block_html(picture, playbook.wording)
    assert "<title>Four weeks\nA1 ·◐●○\n&lt;b&gt; </title>" in html
    assert html.count("<circle") == 1
    assert re.findall(r'class="full" x="(\d+)" y="(\d+)" width="12" height="(\d+)"', html) == [
        ("50", "6", "6"),
        ("66", "0", "12"),
    ]
    assert html.count('class="open"') == 3
    assert 'viewBox="0 0 98 40"' in html
