"""The door: only this page, on this computer, of this start."""

import pytest

from tests.adapters.web.conftest import TOKEN

SAY = {"do": "say", "text": "canary"}
HOST, SITE, PAGE = "answers on this computer only", "from another site", "earlier start of Breather"


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"host": "evil.example"}, HOST),
        ({"host": "evil.example:8000"}, HOST),
        ({"host": "127.0.0.1.evil.example"}, HOST),
        ({"host": "localhost.evil.example"}, HOST),
        ({"host": "127.0.0.1@evil.example"}, HOST),
        ({"host": "192.168.0.7:8000"}, HOST),
        ({"host": "0.0.0.0:8000"}, HOST),
        ({"host": ""}, HOST),
        ({"host": "[::1"}, HOST),
        ({"host": None}, HOST),
        ({"origin": "https://evil.example"}, SITE),
        ({"origin": "null"}, SITE),
        ({"origin": "http://127.0.0.1:9999"}, SITE),
        ({"sec-fetch-site": "cross-site"}, SITE),
        ({"sec-fetch-site": "same-site"}, SITE),
        ({"x-breather-token": None}, PAGE),
        ({"x-breather-token": ""}, PAGE),
        ({"x-breather-token": TOKEN + "x"}, PAGE),
        ({"x-breather-token": "ünïcode"}, PAGE),
    ],
)
async def test_foreign_requests_are_refused(headers, sentence, caller, stage):
    """403 with a sentence that says what to do; the coach never hears of it."""
    answer = await caller.do(SAY, headers=headers)
    assert (answer.status, sentence in answer.text) == (403, True), answer.text
    assert "canary" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert stage.heard == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "localhost:8000"},
        {"host": "localhost"},
        {"host": "[::1]:8000"},
        {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
async def test_the_page_itself_is_let_in(headers, caller, stage):
    """Every name this computer has for itself."""
    answer = await caller.do(SAY, headers=headers)
    assert (answer.status, len(stage.heard)) == (200, 1)


@pytest.mark.parametrize("client", ["192.168.0.9", "10.0.0.1", "2001:db8::1"])
async def test_another_computer_is_refused(client, caller, stage):
    """Even if the server were bound to more than this machine."""
    answer = await caller.do(SAY, client=client)
    assert (answer.status, stage.heard) == (403, [])


async def test_reading_needs_no_token_but_letters_do(caller):
    """The page is where the token comes from; what the coach said unasked is for this page only."""
    bare = {"x-breather-token": None}
    assert (await caller.call("GET", "/", headers=bare)).status == 200
    refused = await caller.call("GET", "/letters?after=0", headers=bare)
    assert (refused.status, PAGE in refused.text) == (403, True)


@pytest.mark.parametrize("path", ["/", "/app.css", "/app.js"])
async def test_the_page_is_not_for_other_sites(path, caller):
    """A page of another site can neither frame, load nor link into it."""
    answer = await caller.call("GET", path, headers={"sec-fetch-site": "cross-site"})
    assert answer.status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/app.js", 200),
        ("GET", "/nothing", 404),
        ("GET", "/../app.py", 404),
        ("GET", "/do", 405),
        ("POST", "/", 405),
        ("DELETE", "/letters", 405),
    ],
)
async def test_every_answer_is_calm_and_closed(method, path, status, caller):
    """Plain sentences, never stored, with the strict policy; nothing odd leads to a trace."""
    answer = await caller.call(method, path)
    assert answer.status == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    if status > 400:
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.text.endswith(".")


async def test_only_requests_pass_the_door(caller, stage):
    """The server's own start-up goes through; a socket finds nothing to talk to."""
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await caller.app({"type": "websocket", "path": "/do", "headers": [], "query_string": b""}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert stage.heard == []
