"""One call to a chat model: in its time, at its pace, with every failure as a value."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.llm.breaker import Breaker
from adapters.llm.pace import Hourly
from adapters.llm.settings import LlmSettings
from coaching.people import Person
from coaching.ports import Outcome, Why

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion

_LOG = logging.getLogger(__name__)
_REFUSED = {401, 403, 404}
_OVERLOADED = 429
_SICK = {Why.DEADLINE, Why.RATE_LIMITED, Why.TRANSPORT}  # what a breaker counts
_LONGEST = 20_000  # characters of an answer that are read

Json = Mapping[str, Any]
T = TypeVar("T")


class UnreadableError(Exception):
    """The answer is not what was asked for. Carries no part of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask: our instructions, what people wrote, and the shape of the answer."""

    name: str
    instructions: str
    texts: tuple[str, ...] = field(repr=False)
    schema: Json = field(repr=False)
    tokens: int = 700


@dataclass(slots=True)
class Chat:
    """One client per process, made when it is first needed. `clock` never goes back."""

    settings: LlmSettings
    clock: Callable[[], float]
    breaker: Breaker = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)  # by what became of it; no text, nobody's name
    _pace: Hourly = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _client: "AsyncOpenAI | None" = None

    def __post_init__(self) -> None:
        """Breaker, pace and places."""
        self.breaker = Breaker(self.clock)
        self._pace = Hourly(self.clock, self.settings.an_hour)
        self._places = asyncio.Semaphore(self.settings.at_once)

    async def ask(self, question: Question, who: Person, read: Callable[[Json], T]) -> Outcome[T]:
        """What the model answered, as `read` reads it (it raises UnreadableError). Never raises itself."""
        began = self.clock()
        found = await self._ask(question, who, read)
        outcome = Outcome(
            found.value, found.why, round(1000 * (self.clock() - began)), found.read, found.wrote
        )
        self.counts[f"{question.name}.{found.why.value}"] += 1
        self.counts["tokens.read"] += found.read
        self.counts["tokens.wrote"] += found.wrote
        return outcome

    async def _ask(self, question: Question, who: Person, read: Callable[[Json], T]) -> Outcome[T]:
        if self.breaker.is_shut:
            return Outcome(None, Why.REFUSED)
        if self._places.locked():
            return Outcome(None, Why.BUSY)
        if not self.breaker.enter():
            return Outcome(None, Why.BREAKER_OPEN)
        if not self._pace.may(who):
            self.breaker.leave(well=None)
            return Outcome(None, Why.OFTEN)
        found: Outcome[T] | None = None
        try:
            async with self._places:
                found = await self._in_time(question, read)
        finally:  # also where the person stopped it
            sick = found is not None and found.why in _SICK
            self.breaker.leave(well=None if found is None else not sick)
        if found.why is Why.REFUSED:
            self.breaker.shut()
            _LOG.error("the model's server refuses our key or the model: %s", question.name)
        return found

    async def _in_time(self, question: Question, read: Callable[[Json], T]) -> Outcome[T]:
        """Within the deadline, asked once more where the answer could not be read and half of it is left."""
        until = self.clock() + self.settings.seconds
        try:
            async with asyncio.timeout(self.settings.seconds):
                found = await self._once(question, read)
                if found.why is Why.SCHEMA and until - self.clock() > self.settings.seconds / 2:
                    found = await self._once(question, read)
                return found
        except TimeoutError:
            return Outcome(None, Why.DEADLINE)

    async def _once(self, question: Question, read: Callable[[Json], T]) -> Outcome[T]:
        try:
            answer = await self._opened().chat.completions.create(**_body(question, self.settings.model))
        except Exception as error:  # noqa: BLE001 - whatever the SDK or the network raises
            return Outcome(None, _why(error))
        try:
            return _read(answer, read)
        except Exception:  # noqa: BLE001 - a server may answer with anything
            return Outcome(None, Why.SCHEMA)

    def _opened(self) -> "AsyncOpenAI":
        if self._client is None:
            from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # noqa: PLC0415 - 39 MB, only when asked

            self._client = AsyncOpenAI(
                base_url=self.settings.base_url,
                api_key=self.settings.api_key or "none",
                max_retries=1,
                timeout=max(0.1, self.settings.seconds * 0.75),
                http_client=DefaultAsyncHttpxClient(follow_redirects=False),  # no other host is told anything
            )
        return self._client

    def load(self) -> None:
        """Load the client's package now, half a second's work, and not while somebody waits."""
        import openai  # noqa: F401, PLC0415 - 39 MB, only where a model is connected

    async def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.close()


def _body(question: Question, model: str) -> dict[str, Any]:
    """The same instructions first, whatever changes last: a server may keep what it knows already."""
    told = [{"role": "system", "content": question.instructions}]
    told += [{"role": "user", "content": text} for text in question.texts]
    shape = {"name": question.name, "strict": True, "schema": question.schema}
    return {
        "model": model,
        "messages": told,
        "response_format": {"type": "json_schema", "json_schema": shape},
        "max_completion_tokens": question.tokens,
        "temperature": 0.2,
        "seed": 7,
        "store": False,
    }


def _read(answer: "ChatCompletion", read: Callable[[Json], T]) -> Outcome[T]:
    usage = answer.usage
    spent = (_count(usage.prompt_tokens), _count(usage.completion_tokens)) if usage else (0, 0)
    choice = answer.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return Outcome(None, Why.REFUSAL, 0, *spent)
    if choice.finish_reason == "length":
        return Outcome(None, Why.LENGTH, 0, *spent)
    try:
        return Outcome(read(_object(choice.message.content)), Why.NONE, 0, *spent)
    except UnreadableError:
        return Outcome(None, Why.SCHEMA, 0, *spent)


def _count(number: object) -> int:
    return number if isinstance(number, int) and 0 <= number < 10**9 else 0


def _object(content: object) -> Json:
    """The JSON object in an answer, also where a model fences it."""
    if not isinstance(content, str) or len(content) > _LONGEST:
        raise UnreadableError
    try:
        found = json.loads(content[content.index("{") : content.rindex("}") + 1])
    except (ValueError, RecursionError):
        raise UnreadableError from None
    if not isinstance(found, dict):
        raise UnreadableError
    return found


def _why(error: Exception) -> Why:
    """The reason in one word; never the error's own text, which may quote what was sent."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        if status in _REFUSED:
            return Why.REFUSED
        return Why.RATE_LIMITED if status == _OVERLOADED else Why.TRANSPORT
    if isinstance(error, TimeoutError) or type(error).__name__ == "APITimeoutError":
        return Why.DEADLINE
    return (
        Why.SCHEMA if isinstance(error, ValueError | TypeError | AttributeError | KeyError) else Why.TRANSPORT
    )
