"""A language model's help, where it is switched on: its settings, its parts, and how its absence is told."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.measured import MeasuredError, trusted
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import OPENAI, LlmSettings, LlmSettingsError
from bot.settings import LlmValues, SettingsError
from coaching.people import Person
from coaching.playbook.prompts import read_prompts
from coaching.playbook.reader import Playbook
from coaching.ports import Trouble, Why
from coaching.review.engine import Review
from coaching.review.written.judging import Noticed
from coaching.review.written.rewriting import Written
from coaching.wishes import Model, Wishes, second, worded

_NEEDS = "A model's help needs one more package. Install it with: pip install 'breather[llm]'"
_HERE = Person("terminal", "local", "you")


@dataclass(frozen=True, slots=True)
class Connected:
    """The model and what waits for it."""

    chat: Chat
    wishes: Wishes

    async def stop(self) -> None:
        """End what is under way; the cards stand as they are."""
        await self.wishes.drain()
        await self.chat.close()


def known(values: LlmValues) -> LlmSettings:
    """The adapter's settings."""
    return LlmSettings(
        values.model,
        values.base_url or OPENAI,
        values.api_key,
        values.redact,
        values.seconds,
    )


def fault(values: LlmValues) -> str:
    """What must be mended before a model can help; nothing where it can."""
    if not find_spec("openai"):
        return _NEEDS
    try:
        known(values).checked()
        judges(values)
    except LlmSettingsError as error:
        return str(error)
    except MeasuredError as error:
        return f"BREATHER_LLM_JUDGE: {error} Measure the model again with: make eval-llm"
    return ""


def judges(values: LlmValues) -> frozenset[str]:
    """The criteria it may judge: none, unless it was measured. Raises MeasuredError."""
    if values.judge is None:
        return frozenset()
    prompts = read_prompts(files("coaching.playbook") / "en" / "prompts", [])
    return trusted(values.judge, values.model, prompts["judge"].id)


def connect(
    values: LlmValues, playbook: Playbook, trouble: Trouble, clock: Callable[[], float] = time.monotonic
) -> Connected:
    """The model these settings name. Raises SettingsError for what is missing."""
    if wrong := fault(values):
        raise SettingsError(wrong)
    settings, may = known(values), judges(values)
    if may:  # each review may ask twice
        settings = replace(settings, at_once=2 * settings.at_once, an_hour=2 * settings.an_hour)
    chat, prompts = Chat(settings, clock), playbook.prompts
    chat.load()
    rewriter, judge = ChatRewriter(chat, prompts["rewrite"]), ChatJudge(chat, prompts["judge"])
    model = Model(settings.host, settings.redacts, rewriter, judge, may)
    return Connected(chat, Wishes(model, lambda: secrets.token_urlsafe(12), trouble))


def helped(
    values: LlmValues, found: Review, customer: str, playbook: Playbook
) -> tuple[Noticed | None, Written | Why]:
    """What the model notices besides, if it may judge, and its words, for the command line.

    Raises SettingsError.
    """

    def told(where: str, error: BaseException) -> None:
        del where, error

    async def once() -> tuple[Noticed | None, Written | Why]:
        connected = connect(values, playbook, told)
        given = (connected.wishes.model, found, customer, _HERE, playbook)
        try:
            return await asyncio.gather(second(*given), worded(*given))
        finally:
            await connected.stop()

    return asyncio.run(once())
