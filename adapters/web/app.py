"""The playground as an ASGI app: the page and its files, one door for what people do, one for letters."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypedDict

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from adapters.web.forms import OpenForms
from adapters.web.guard import Guard, right_token
from adapters.web.inbox import Better, Inbox
from adapters.web.incoming import FormGoneError, Heard, UnreadableError, read
from adapters.web.places import pane
from adapters.web.render import answer_html, form_html, reply_html
from adapters.web.shell import PAGE, page_files
from coaching.coach import Coach
from coaching.people import Room
from coaching.playbook.wording import Wording
from coaching.review.written.card import stopped
from coaching.values import Form, Letter, Note, Reply

_CAP = 64 * 1024  # bytes of one request; the longest draft that makes sense fits several times
_DRAINED = 16 * 1024 * 1024  # bytes that are read and dropped, so that the sender sees why
_AGAIN = timedelta(seconds=60)  # a request sent again within this time is the same request
_REMEMBERED = 200  # answers at most: nobody taps faster, and each may hold a whole draft
_WAIT = 20.0  # seconds a page waits for a letter before it asks anew


class Answer(TypedDict):
    """What the page puts on the screen: pieces of chat, and the dialog that is open now (or none)."""

    chat: list[str]
    dialog: str | None


@dataclass(slots=True)
class Playground:
    """The coach, the letters, the open forms and the answers of the last minute."""

    coach: Coach
    inbox: Inbox
    token: str
    now: Callable[[], datetime]
    forms: OpenForms = field(default_factory=OpenForms)
    _answers: OrderedDict[str, tuple[datetime, asyncio.Future[Answer]]] = field(default_factory=OrderedDict)
    _waiting: set[asyncio.Future[None]] = field(default_factory=set)  # for better words

    async def do(self, request: Request) -> Response:
        """POST /do: one thing a person did → what to show."""
        body = await _body(request)
        if body is None:
            return self._plain("web.refused.large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return self._plain("web.refused.unreadable", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            heard = read(body, self.forms, self.now())
        except UnreadableError:
            return self._plain("web.refused.unreadable", HTTPStatus.BAD_REQUEST)
        except FormGoneError:
            return JSONResponse(self._sorry("web.refused.form"))
        except Exception as error:  # noqa: BLE001 - the server would log it with its text
            self.coach.trouble("web", error)
            return JSONResponse(self._sorry("common.sorry"))
        return JSONResponse(await self._once(heard))

    async def letters(self, request: Request) -> Response:
        """GET /letters?after=N: what the coach said unasked and the page has not shown yet."""
        if not right_token(request.headers, self.token):
            return self._plain("web.refused.token", HTTPStatus.FORBIDDEN)
        seen = request.query_params.get("after", "")
        if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
            return self._plain("web.refused.unreadable", HTTPStatus.BAD_REQUEST)
        found = await self.inbox.after(int(seen), _WAIT)
        wording = self.coach.playbook.wording
        return JSONResponse([{"number": number, **_news(each, wording)} for number, each in found])

    async def _once(self, heard: Heard) -> Answer:
        """The answer; for a request that came a moment ago, the same one, without asking the coach again."""
        at = heard.message.at
        while self._answers and (
            len(self._answers) >= _REMEMBERED or next(iter(self._answers.values()))[0] <= at - _AGAIN
        ):
            self._answers.popitem(last=False)
        known = self._answers.get(heard.message.id)
        if known is None:
            known = (at, asyncio.ensure_future(self._answer(heard)))
            self._answers[heard.message.id] = known
        return await asyncio.shield(known[1])

    async def _answer(self, heard: Heard) -> Answer:
        try:
            return self._shown(heard, await self.coach.hear(heard.message))
        except Exception as error:  # noqa: BLE001 - a person gets a sentence, the log gets the kind of error
            self.coach.trouble("web", error)
            return self._sorry("common.sorry")

    def _shown(self, heard: Heard, replies: tuple[Reply | Form, ...]) -> Answer:
        wording, channel = self.coach.playbook.wording, not heard.message.where.private
        forms = [reply for reply in replies if isinstance(reply, Form)]
        if stopped(heard.message, replies) and not heard.in_dialog:
            return {"chat": [], "dialog": None}  # the card itself is put right
        for reply in replies:
            if isinstance(reply, Reply) and reply.later:
                self._wait(reply.later)
        said = [reply for reply in replies if isinstance(reply, Reply)]
        inside = tuple(reply for reply in said if reply.only_you and heard.in_dialog and not forms)
        dialog = None
        if forms:
            dialog = form_html(forms[-1], self.forms.opened(forms[-1]), wording)
        elif inside:
            dialog = answer_html(inside, self.forms.answered(), wording)
        chat = [reply_html(reply, wording, channel=channel) for reply in said if reply not in inside]
        return {"chat": chat, "dialog": dialog}

    def _wait(self, key: str) -> None:
        """The card as it is in the end takes its place on the page."""

        async def better() -> None:
            card = await self.coach.better(key)
            if card is not None:
                self.inbox.replace(Better(key, card))

        task = asyncio.ensure_future(better())
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    def _sorry(self, key: str) -> Answer:
        wording = self.coach.playbook.wording
        sorry = Reply((Note(wording.say(key)),))
        return {"chat": [], "dialog": answer_html((sorry,), self.forms.answered(), wording)}

    def _plain(self, key: str, status: HTTPStatus) -> Response:
        return PlainTextResponse(self.coach.playbook.wording.label(key), status)


def _news(news: Letter | Better, wording: Wording) -> dict[str, str | None]:
    """A letter, or a card in the place of another, as the page shows it."""
    if isinstance(news, Better):
        return {"key": news.key, "html": reply_html(news.card, wording, channel=False)}
    return {
        "place": pane(news.to),
        "html": reply_html(news.reply, wording, channel=news.to.room is Room.CHANNEL),
    }


async def _body(request: Request) -> bytes | None:
    """The whole body; None when it is longer than the cap: then it is read to its end, and dropped.

    A sender who is hung up on in the middle would see a broken line instead of the answer.
    """
    claimed = request.headers.get("content-length", "")
    if claimed.isascii() and claimed.isdigit() and (len(claimed) > 9 or int(claimed) > _DRAINED):
        return None
    body, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= _CAP:
                body += chunk
            elif size > _DRAINED:
                break
    except ClientDisconnect:
        return b""  # nobody waits for the answer any more
    return bytes(body) if size <= _CAP else None


def build(coach: Coach, inbox: Inbox, token: str, now: Callable[[], datetime]) -> Starlette:
    """The app. `token` is drawn anew at every start; `now` gives aware UTC times."""
    wording = coach.playbook.wording
    playground = Playground(coach, inbox, token, now)
    files = page_files(wording, token)

    async def file(request: Request) -> Response:
        content, media = files[request.url.path.rsplit("/", 1)[-1] or PAGE]
        return Response(content, media_type=media)

    async def missing(request: Request, error: Exception) -> Response:
        del request, error
        return PlainTextResponse(wording.label("web.refused.missing"), HTTPStatus.NOT_FOUND)

    async def method(request: Request, error: Exception) -> Response:
        del request, error
        return PlainTextResponse(wording.label("web.refused.method"), HTTPStatus.METHOD_NOT_ALLOWED)

    return Starlette(
        routes=[
            Route("/", file),
            *(Route(f"/{name}", file) for name in files if name != PAGE),
            Route("/do", playground.do, methods=["POST"]),
            Route("/letters", playground.letters),
        ],
        middleware=[Middleware(Guard, wording=wording, token=token)],
        exception_handlers={HTTPStatus.NOT_FOUND: missing, HTTPStatus.METHOD_NOT_ALLOWED: method},
    )
