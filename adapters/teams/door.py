"""The door of Teams: lets in what Bot Framework has signed, once and in order, and logs no body."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from adapters.teams.hosts import loopback
from adapters.teams.lanes import FullError, Lanes
from adapters.teams.once import Answer, Json, Once, identity
from adapters.teams.reading import LeftError, MalformedError, Receive, Scope, TooBigError, parse, read
from adapters.teams.settings import TeamsSettings
from adapters.teams.tokens import Claims, RefusedError, Validator, bearer

Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Take: TypeAlias = Callable[[Json, Claims], Awaitable[Answer]]

PATH = "/api/messages"
INVOKE_SECONDS = 4.0  # Teams waits five
TURN_SECONDS = 60.0  # after which a turn is given up, so that its conversation is not stuck for ever
MOST_INVOKES = 500
_LOG = logging.getLogger(__name__)


def _nothing(_: Json) -> Answer:
    return Answer(200, {})


@dataclass(slots=True)
class Door:
    """An ASGI app. `take` handles one activity; `excuse` answers an invoke that takes too long or fails."""

    validator: Validator
    take: Take
    once: Once
    settings: TeamsSettings
    excuse: Callable[[Json], Answer] = _nothing
    lanes: Lanes = field(default_factory=Lanes)
    invoke_seconds: float = INVOKE_SECONDS
    turn_seconds: float = TURN_SECONDS
    _invokes: dict[bytes, asyncio.Task[Answer]] = field(default_factory=dict, repr=False)
    _closing: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of the server."""
        if scope["type"] != "http":
            return
        if scope["path"] != PATH:
            await _say(send, Answer(404))
        elif scope["method"] != "POST":
            await _say(send, Answer(405))
        else:
            try:
                answer = await self._answer(scope, receive)
            except LeftError:
                return
            except Exception as error:  # noqa: BLE001 - the server would log it with its text
                _LOG.warning("a Teams request failed: %s", type(error).__name__)
                answer = Answer(500)
            await _say(send, answer)

    async def drain(self, seconds: float) -> int:
        """Let nothing more in and finish what is here; how many were left after so many seconds."""
        self._closing = True
        end = asyncio.get_running_loop().time() + seconds
        left = await self.lanes.drain(seconds)
        invokes = list(self._invokes.values())
        if invokes:
            _, late = await asyncio.wait(invokes, timeout=max(0.0, end - asyncio.get_running_loop().time()))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            left += len(late)
        return left

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            return await self._let_in(scope, await read(scope, receive))
        except TooBigError:
            return Answer(413)
        except TimeoutError:
            return Answer(408)
        except MalformedError:
            return Answer(400)
        except RefusedError as error:
            _LOG.info("a Teams request was refused: %s", error)
            return Answer(401, {"error": "unauthorized"})

    async def _let_in(self, scope: Scope, raw: bytes) -> Answer:
        """Cheap checks first: a body is read as JSON only behind a header that could hold a token."""
        header = _authorization(scope)
        if self.settings.insecure_dev:
            if not _from_here(scope):
                raise RefusedError("not local")
        elif bearer(header) is None:
            raise RefusedError("header")
        activity, start = parse(raw), asyncio.get_running_loop().time()
        claims = await self.validator.check(header, activity)
        if self._closing:
            return Answer(503, again=5)
        key = identity(activity, raw)
        if activity.get("type") == "invoke":
            spent = asyncio.get_running_loop().time() - start  # a look for a new signing key takes a while
            return await self._invoke(activity, claims, key, max(0.0, self.invoke_seconds - spent))
        return await self._message(activity, claims, key, len(raw))

    async def _message(self, activity: Json, claims: Claims, key: bytes, size: int) -> Answer:
        """Answered at once, handled in its turn; only expectReplies waits for what the coach says."""
        waits = activity.get("deliveryMode") == "expectReplies"
        if key and not self.once.new(key):
            return Answer(200, {"activities": []}) if waits else Answer(202)
        try:
            answered = self._queue(activity, claims, size)
        except FullError as error:
            self.once.forget(key)
            return Answer(429, again=2) if error.lane else Answer(503, again=5)
        if not waits:
            return Answer(202)
        await asyncio.wait({answered}, timeout=self.turn_seconds)
        return answered.result() if answered.done() else Answer(503, again=5)

    def _queue(self, activity: Json, claims: Claims, size: int) -> asyncio.Future[Answer]:
        """Put it behind what its conversation is still busy with. Raises FullError."""
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            answer = await self._turn(activity, claims) or Answer(500)
            if not answered.done():
                answered.set_result(answer)

        conversation = activity.get("conversation")
        lane = conversation.get("id") if isinstance(conversation, dict) else None
        self.lanes.put(lane if isinstance(lane, str) else "", work, size)
        return answered

    async def _invoke(self, activity: Json, claims: Claims, key: bytes, seconds: float) -> Answer:
        """Answered here and now. A repeat waits for the same answer; what takes too long goes on behind."""
        task = self._invokes.get(key) if key else None
        if task is None:
            if len(self._invokes) >= MOST_INVOKES:
                return Answer(503, again=2)
            if key and not self.once.new(key):
                return Answer(200, {})
            task = asyncio.create_task(self._invoked(activity, claims))
            name = key or str(id(task)).encode()
            self._invokes[name] = task
            task.add_done_callback(lambda _: self._invokes.pop(name, None))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done and not task.cancelled() else self.excuse(activity)

    async def _invoked(self, activity: Json, claims: Claims) -> Answer:
        return await self._turn(activity, claims) or self.excuse(activity)

    async def _turn(self, activity: Json, claims: Claims) -> Answer | None:
        """One turn; None where it failed. Never raises."""
        try:
            async with asyncio.timeout(self.turn_seconds):
                return await self.take(activity, claims)
        except Exception as error:  # noqa: BLE001 - its text may quote what somebody wrote
            _LOG.warning("a Teams activity could not be handled: %s", type(error).__name__)
            return None


def _authorization(scope: Scope) -> str | None:
    """The one Authorization header; None where there is none, or more than one."""
    found = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
    return found[0].decode("latin-1").strip(" \t") if len(found) == 1 else None


def _from_here(scope: Scope) -> bool:
    """Whether a program on this very machine calls: no browser page, nothing behind a proxy or tunnel."""
    client = scope.get("client")
    names = {name.lower() for name, _ in scope["headers"]}
    forwarded = any(name.startswith(b"x-forwarded") for name in names)
    return bool(client) and loopback(client[0]) and not forwarded and not names & {b"origin", b"forwarded"}


async def _say(send: Send, answer: Answer) -> None:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    if body:
        headers.append((b"content-type", b"application/json; charset=utf-8"))
    extra: Mapping[int, tuple[bytes, bytes]] = {
        401: (b"www-authenticate", b"Bearer"),
        405: (b"allow", b"POST"),
        408: (b"connection", b"close"),
        413: (b"connection", b"close"),
    }
    headers += [extra[answer.status]] if answer.status in extra else []
    headers += [(b"retry-after", str(answer.again).encode())] if answer.again else []
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
