"""What the page sends becomes exactly one Message; the server's own field kinds decide what it is."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.web.forms import OpenForms
from adapters.web.incoming import FormGoneError, UnreadableError, read
from adapters.web.places import CHAT, HOME, TEAM, YOU
from coaching.people import Zone
from coaching.sealed import Sealed, Words
from coaching.values import (
    Command,
    Field,
    Form,
    Handed,
    Kind,
    Opened,
    Option,
    Said,
    Submitted,
    Tapped,
)
from tests.adapters.web.conftest import AT
from tests.players.stage import kinds_form

PAGE = {"id": "abcdef0123", "place": "chat", "zone": "Europe/Berlin"}


def heard(what, forms=None):
    return read(json.dumps(PAGE | what).encode(), forms or OpenForms(), AT)


def content(what, forms=None):
    return heard(what, forms).message.content


def test_a_line_becomes_a_message():
    """Who, where, when, what and the zone the browser names: all there, once."""
    message = heard({"do": "say", "text": "Hello"}).message
    assert (message.id, message.who, message.where, message.at) == ("web-abcdef0123", YOU, CHAT, AT)
    assert message.content == Said(Words("Hello"))
    assert message.zone_hint == Zone("Europe/Berlin")


def test_the_same_payload_has_the_same_id():
    """A request that is sent again can be told from a new one."""
    one, again = (heard({"do": "say", "text": "Hello"}).message for _ in range(2))
    other = heard({"id": "another-id", "do": "say", "text": "Hello"}).message
    assert one.id == again.id != other.id


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/review", ("review", "")),
        ("/coach review", ("review", "")),
        ("/coach", ("", "")),
        ("/", ("", "")),
        ("/Review As per our policy", ("review", "As per our policy")),
        ("/coach review As per\nour policy", ("review", "As per\nour policy")),
        ("/review\nDear customer", ("review", "Dear customer")),
        ("/coach  tip  A1", ("tip", "A1")),
        ("/coaching now", ("coaching", "now")),
    ],
)
def test_a_slash_makes_a_command(text, command):
    """With or without /coach, over one line or more."""
    name, rest = command
    assert content({"do": "say", "text": text}) == Command(name, Words(rest))


@pytest.mark.parametrize("place", [("chat", CHAT), ("home", HOME), ("team", TEAM)])
def test_every_pane_is_a_place(place):
    """The chat and the settings are private, the team channel is not."""
    name, where = place
    assert heard({"do": "say", "text": "x", "place": name}).message.where == where
    assert where.private == (name != "team")


def test_buttons_come_back_as_their_command():
    """Outside a form without a state; inside one with the form's."""
    forms = OpenForms()
    handle = forms.opened(Form("vent.out", "Vent", state="step 2"))
    outside = heard({"do": "tap", "action": "tips.rule", "value": "A1"})
    assert (outside.message.content, outside.in_dialog) == (Tapped("tips.rule", "A1"), False)
    inside = heard({"do": "tap", "action": "vent.skip", "form": handle}, forms)
    assert (inside.message.content, inside.in_dialog) == (Tapped("vent.skip", "", "step 2"), True)


def test_a_button_among_the_settings_is_answered_in_a_dialog():
    """The settings hold no chat that an answer could go to."""
    assert heard({"do": "tap", "action": "tips.rule", "place": "home"}).in_dialog
    assert not heard({"do": "open", "surface": "home", "place": "home"}).in_dialog


def test_surfaces_and_handed_messages():
    """What is opened and what is handed over arrives as it was said."""
    assert content({"do": "open", "surface": "chat"}) == Opened("chat")
    assert content({"do": "hand", "text": "Wait.", "own": True}) == Handed(Words("Wait."), own=True)
    assert content({"do": "hand", "text": "Wait.", "own": 1}) == Handed(Words("Wait."), own=False)


def test_every_kind_of_field_comes_back_as_its_kind():
    """Texts as Words, the sealed one as Sealed, everything to choose as Picked."""
    forms = OpenForms()
    handle = forms.opened(kinds_form())
    sent = {
        "line": "a line",
        "secret": "canary",
        "text": "two\nlines",
        "one": "monday",
        "long": "3",
        "many": ["monday", "friday"],
        "at": "08:30",
        "on": "2026-03-02",
        "zone": " Europe/Paris ",
        "channel": "team",
    }
    found = content({"do": "send", "form": handle, "fields": sent}, forms)
    assert isinstance(found, Submitted)
    assert (found.form, found.state) == ("kinds.all", "step 1")
    fields = dict(found.fields)
    secret = fields.pop("secret")
    assert isinstance(secret, Sealed)
    assert secret.ask(lambda text: text == "canary")
    assert fields == {
        "line": Words("a line"),
        "text": Words("two\nlines"),
        "one": ("monday",),
        "long": ("3",),
        "many": ("monday", "friday"),
        "at": ("08:30",),
        "on": ("2026-03-02",),
        "zone": ("Europe/Paris",),
        "channel": ("team",),
    }


def test_what_was_not_offered_is_left_out():
    """Unknown fields, unknown options, empty picks and values of the wrong sort never reach a skill."""
    forms = OpenForms()
    handle = forms.opened(kinds_form())
    sent = {"extra": "x", "one": "noday", "many": ["noday", 3], "at": "", "line": ["x"], "secret": {"a": 1}}
    found = content({"do": "send", "form": handle, "fields": sent}, forms)
    assert dict(found.fields) == {"many": ()}


@pytest.mark.parametrize(
    "more",
    [
        {"sealed": False},
        {"kind": "text"},
        {"state": "other", "fields": {"out": "canary", "draft": "canary"}},
        {"action": "review.open", "text": "canary"},
    ],
)
def test_a_sealed_field_is_sealed_whatever_the_page_says(more):
    """The kind of a field is the server's own knowledge, so a vent can't arrive as plain words."""
    forms = OpenForms()
    handle = forms.opened(Form("vent.out", "Vent", fields=(Field("out", "Say it", Kind.TEXT, sealed=True),)))
    found = content({"do": "send", "form": handle, "fields": {"out": "canary"}} | more, forms)
    assert [type(value) for value in found.fields.values()] == [Sealed]


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"do": "sing"},
        {"do": "send", "fields": {}},
        {"do": "say", "text": 3},
        {"do": "say", "text": None},
        {"do": "open", "surface": "cellar"},
        {"do": "say", "text": "x", "id": ""},
        {"do": "say", "text": "x", "id": "a b c d e f g"},
        {"do": "say", "text": "x", "id": "x" * 65},
        {"do": "say", "text": "x", "place": "elsewhere"},
    ],
)
def test_what_the_page_never_sends_is_refused(what):
    """An odd request is unreadable, and its refusal carries nothing of it."""
    with pytest.raises(UnreadableError) as refused:
        heard(what)
    assert refused.value.args == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe{}", b'{"id":"\xc3"}', b"[" * 60_000, b'{"do":"say","canary'],
)
def test_broken_bodies_are_refused_without_quoting_them(body):
    """Neither the refusal nor what led to it holds any of the body."""
    with pytest.raises(UnreadableError) as refused:
        read(body, OpenForms(), AT)
    assert refused.value.args == ()
    assert refused.value.__context__ is None


def test_fields_that_are_no_fields_are_refused():
    """A list is not a form's content."""
    forms = OpenForms()
    handle = forms.opened(kinds_form())
    with pytest.raises(UnreadableError):
        heard({"do": "send", "form": handle, "fields": ["x"]}, forms)


def test_a_form_of_another_start_is_gone():
    """Its fields can't be told apart any more, so nothing of it is read."""
    with pytest.raises(FormGoneError) as gone:
        heard({"do": "send", "form": "f9", "fields": {"out": "canary"}})
    assert gone.value.args == ()


def test_open_forms_are_bounded_and_hold_no_words():
    """The oldest make room; what a field was filled with is not kept."""
    forms = OpenForms(bound=2)
    first, second, third = (forms.opened(kinds_form()) for _ in range(3))
    assert forms.find(first) is None
    assert forms.find(second) == forms.find(third)
    assert forms.find(third).blocks == ()


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "x" * 5000])
def test_an_unknown_zone_is_no_hint(name):
    """A browser with an odd zone is answered all the same."""
    assert heard({"do": "say", "text": "x", "zone": name}).message.zone_hint is None


ODD = (
    st.sampled_from([None, True, 7, "", "x", "\ud800", "f1", "mon", [], ["mon"], ["mon", 3], {"a": "b"}])
    | st.text()
)
SENT = {
    "do": st.sampled_from(["say", "tap", "send", "open", "hand"]) | ODD,
    "place": st.sampled_from(["chat", "team", "home"]) | ODD,
    "id": st.just("abcdef0123") | ODD,
    "form": st.just("f1") | ODD,
    "fields": st.fixed_dictionaries({"out": ODD, "day": ODD}) | ODD,
    "text": ODD,
    "surface": ODD,
    "action": ODD,
}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=SENT))
def test_whatever_is_sent_is_a_message_or_a_refusal(what):
    """No payload gets past the two refusals, and a sealed field is never anything but Sealed."""
    forms = OpenForms()
    days = (Option("mon", "Monday"),)
    forms.opened(
        Form(
            "vent.out",
            "Vent",
            fields=(Field("out", "Say it", Kind.TEXT, sealed=True), Field("day", "Day", Kind.MANY, days)),
        )
    )
    try:
        found = read(json.dumps(what).encode(), forms, AT).message.content
    except (UnreadableError, FormGoneError):
        return
    if isinstance(found, Submitted):
        assert isinstance(found.fields.get("out", Sealed("")), Sealed)
        assert found.fields.get("day", ()) in ((), ("mon",), ("mon", "mon"))
