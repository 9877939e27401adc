"""One door for what people do: sizes, repeats, what goes into the chat and what into the dialog."""

import asyncio
import json
from datetime import timedelta

import pytest

from adapters.web.app import Playground, build
from adapters.web.forms import OpenForms
from adapters.web.incoming import read
from coaching.values import Form, Para, Reply, Said, Tapped
from tests.adapters.web.conftest import AT, TOKEN, Caller, Told
from tests.players.everything import form
from tests.players.stage import HELLO, kinds_form, vent
from tests.players.web import choices, said, tree

SAY = {"do": "say", "text": "Hello"}
PUBLIC = Reply((Para(("For everyone",)),), only_you=False)


async def open_form(caller, stage, form):
    stage.answers = (form,)
    answer = (await caller.do(SAY)).json()
    return next(n.attributes["data-form"] for n in tree(answer["dialog"]).all() if n.has("data-form"))


async def test_an_answer_goes_into_the_chat(caller, stage):
    """No dialog is touched."""
    stage.answers = (HELLO, PUBLIC)
    answer = (await caller.do(SAY)).json()
    assert [said(tree(html)).splitlines()[0] for html in answer["chat"]] == [
        HELLO.blocks[0].text[0],
        "For everyone",
    ]
    assert answer["dialog"] is None


async def test_a_form_opens_as_a_dialog(caller, stage):
    """An answer that comes with it goes into the chat."""
    stage.answers = (HELLO, kinds_form())
    answer = (await caller.do(SAY)).json()
    assert len(answer["chat"]) == 1
    assert next(tree(answer["dialog"]).all("h2")).text() == "Every kind"


@pytest.mark.parametrize("do", ["tap", "send"])
async def test_what_follows_a_form(do, caller, stage):
    """A form replaces it, a private answer takes its place; a public one and nothing close it."""
    what = {"do": do, "action": "a.b", "form": await open_form(caller, stage, kinds_form())}
    stage.answers = (vent("out"),)
    assert next(tree((await caller.do(what)).json()["dialog"]).all("h2")).text() == "Vent"
    stage.answers = (HELLO,)
    answer = (await caller.do(what)).json()
    assert answer["chat"] == []
    assert [b.text() for b in choices(tree(answer["dialog"]))] == [c.label for c in HELLO.choices]
    stage.answers = (PUBLIC,)
    answer = (await caller.do(what)).json()
    assert (len(answer["chat"]), answer["dialog"]) == (1, None)
    stage.answers = ()
    assert (await caller.do(what)).json() == {"chat": [], "dialog": None}


async def test_a_button_of_an_answer_in_a_dialog_has_no_state(caller, stage):
    """The form is done: its state does not go on, and what the button brings goes into the chat."""
    handle = await open_form(caller, stage, kinds_form())
    stage.answers = (HELLO,)
    answer = (await caller.do({"do": "send", "form": handle})).json()
    inner = next(n.attributes["data-form"] for n in tree(answer["dialog"]).all() if n.has("data-form"))
    after = (await caller.do({"do": "tap", "action": "review.open", "form": inner})).json()
    assert stage.heard[-1].content == Tapped("review.open")
    assert (len(after["chat"]), after["dialog"]) == (1, None)


async def test_a_form_that_is_gone_is_said_kindly(caller, stage):
    """Nothing reaches the coach; the person is told to open it again."""
    answer = await caller.do({"do": "send", "form": "f99", "fields": {"out": "canary"}})
    assert answer.status == 200
    assert "not open any more" in answer.json()["dialog"]
    assert "canary" not in answer.text
    assert stage.heard == []


async def test_sent_twice_is_handled_once(caller, stage):
    """The second request gets the first one's answer; a new one is heard anew."""
    stage.answers = (HELLO,)
    first = await caller.do(SAY | {"id": "the-same-1"})
    again = await caller.do(SAY | {"id": "the-same-1"})
    assert (first.json(), len(stage.heard)) == (again.json(), 1)
    await caller.do(SAY | {"id": "the-other-2"})
    assert len(stage.heard) == 2


async def test_sent_twice_at_once_is_handled_once(caller, stage):
    """Also while the first is still being answered."""
    gate = asyncio.Event()
    hear = stage.hear

    async def slowly(message):
        await gate.wait()
        return await hear(message)

    stage.hear = slowly
    both = [asyncio.create_task(caller.do(SAY | {"id": "the-same-1"})) for _ in range(2)]
    await asyncio.sleep(0)
    gate.set()
    first, again = await asyncio.gather(*both)
    assert (first.json(), len(stage.heard)) == (again.json(), 1)


async def test_answers_are_forgotten_after_a_minute(stage, inbox):
    """What is kept for repeats is kept briefly."""
    clock = [AT]
    caller = Caller(build(stage, inbox, TOKEN, lambda: clock[0]))
    for _ in range(2):
        await caller.do(SAY | {"id": "the-same-1"})
        clock[0] += timedelta(seconds=61)
    assert len(stage.heard) == 2


@pytest.mark.parametrize("chunks", [1, 9])
async def test_too_much_is_refused(chunks, caller, stage):
    """More than 64 KiB is not read to its end, with or without a length told in advance."""
    body = b"x" * (10 * 1024 * 1024)
    size = len(body) // chunks + 1
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    told = {"content-length": str(len(body))} if chunks == 1 else {}
    answer = await caller.call("POST", "/do", parts, headers=told)
    assert (answer.status, "too long" in answer.text) == (413, True)
    absurd = await caller.call("POST", "/do", b"{}", headers={"content-length": "9" * 5000})
    assert (absurd.status, stage.heard) == (413, [])


async def test_a_long_draft_still_fits(caller, stage):
    """Forty thousand characters arrive whole."""
    answer = await caller.do({"do": "say", "text": "word " * 8000})
    assert answer.status == 200
    assert len(stage.heard[0].content.words.reveal()) == 40_000


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xff", b"null", json.dumps({"id": "x" * 20}).encode()])
async def test_broken_bodies_get_a_sentence(body, caller, stage):
    """400, what to do, and nothing of the body."""
    answer = await caller.call("POST", "/do", body)
    assert (answer.status, "could not be read" in answer.text) == (400, True)
    assert stage.heard == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_only_json_is_taken(kind, caller):
    """What a foreign form could send without asking first is refused."""
    assert (await caller.do(SAY, headers={"content-type": kind})).status == 415


async def test_nobody_waiting_is_no_trouble(caller, stage):
    """A page that went away in the middle of sending leaves nothing behind."""
    app = caller.app
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"x-breather-token", TOKEN.encode())]
    scope = {"type": "http", "method": "POST", "path": "/do", "query_string": b"", "headers": headers}
    await app(scope | {"client": None, "root_path": "", "scheme": "http"}, receive, send)
    assert stage.heard == []


async def test_a_fault_of_ours_is_a_kind_sentence(caller, stage):
    """The person gets a sentence, the log the kind of error."""
    stage.answers = (Reply((Para((object(),)),)),)
    answer = await caller.do(SAY)
    assert answer.status == 200
    assert "my side, not yours" in answer.json()["dialog"]
    assert stage.troubles == [("web", "AttributeError")]


@pytest.mark.parametrize(
    "text",
    ["", " ", "😀" * 50, "שלום", "a\x00b", "\ud800", "<!channel> <@U1>", "<script>x</script>", "x" * 40_000],
)
async def test_odd_texts_are_heard_and_shown(text, caller, stage):
    """Whatever is typed arrives once and comes back as text."""

    async def echo(message):
        stage.heard.append(message)
        return (Reply((Para((message.content.words,)),)),)

    stage.hear = echo
    answer = (await caller.do({"do": "say", "text": text})).json()
    (message,) = stage.heard
    assert isinstance(message.content, Said)
    root = tree(answer["chat"][0])
    assert {n.tag for n in root.all()} == {"article", "p", "bdi"}


async def test_the_coach_may_close_what_it_opened(caller, stage):
    """A form without anything to send still comes back by its button."""
    handle = await open_form(caller, stage, Form("a.b", "Look", state="s"))
    await caller.do({"do": "tap", "action": "a.c", "form": handle})
    assert stage.heard[-1].content == Tapped("a.c", "", "s")


async def test_the_answers_remembered_are_bounded(playbook, inbox):
    """Ten taps or ten thousand within the minute: the same few answers are kept."""
    stage = Told(playbook)
    playground = Playground(stage, inbox, "token", lambda: AT)
    for number in range(500):
        body = {"id": f"request-{number}", "place": "chat", "do": "say", "text": "hi"}
        await playground._once(read(json.dumps(body).encode(), playground.forms, AT))
    assert len(playground._answers) <= 200
    assert len(stage.heard) == 500


def test_an_open_form_keeps_no_words():
    """What a field was prefilled with is not needed for reading it, and not kept."""
    forms = OpenForms()
    kept = forms.find(forms.opened(form("what somebody wrote")))
    assert all(spec.text is None for spec in kept.fields)
    assert kept.fields
