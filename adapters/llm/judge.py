"""The Judge port over a chat model: questions with ids, probabilities back, each with a quote."""

import math
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.llm.chat import Chat, Json, Question, UnreadableError
from adapters.llm.kept import Kept, key_of
from adapters.llm.rewriter import texts
from coaching.people import Person
from coaching.playbook.prompts import Prompt
from coaching.ports import Answered, Case, Outcome

_LONGEST = 1000
_OBJECT = {"type": "object", "additionalProperties": False}


def schema(names: Collection[str]) -> Json:
    """One answer for each question."""
    answer = {
        **_OBJECT,
        "required": ["id", "yes", "quote"],
        "properties": {
            "id": {"type": "string", "enum": list(names)},
            "yes": {"type": "number", "minimum": 0, "maximum": 1},
            "quote": {"type": "string"},
        },
    }
    answers = {"type": "array", "minItems": len(names), "maxItems": len(names), "items": answer}
    return {**_OBJECT, "required": ["answers"], "properties": {"answers": answers}}


def _drawn() -> str:
    return secrets.token_hex(4)


@dataclass(slots=True)
class ChatJudge:
    """Fills in coaching.ports.Judge."""

    chat: Chat
    prompt: Prompt
    drawn: Callable[[], str] = _drawn
    _kept: Kept[Outcome[Mapping[str, Answered]]] = field(init=False)

    def __post_init__(self) -> None:
        """What was answered lately."""
        self._kept = Kept(self.chat.clock)

    async def judge(
        self, case: Case, questions: Mapping[str, str], who: Person
    ) -> Outcome[Mapping[str, Answered]]:
        """Answers by the ids of the questions."""
        asked = "\n".join(f"{name}: {text}" for name, text in questions.items())
        key = key_of(self.prompt.id, self.chat.settings.model, case.draft, case.customer, asked)
        known = self._kept.get(key)
        if known is not None:
            return known
        shown = (*texts(case, self.drawn()), f"The questions:\n{asked}")
        question = Question("judge", self.prompt.text, shown, schema(questions))
        outcome = await self.chat.ask(question, who, lambda answer: read(answer, questions))
        if outcome.value is not None:
            self._kept.put(key, outcome)
        return outcome


def read(answer: Json, questions: Mapping[str, str]) -> Mapping[str, Answered]:
    """The answers. Raises UnreadableError unless there is one for each question."""
    rows = answer.get("answers")
    if not isinstance(rows, list):
        raise UnreadableError
    found = dict(_answer(row) for row in rows)
    if found.keys() != questions.keys():
        raise UnreadableError
    return found


def _answer(row: Any) -> tuple[str, Answered]:  # noqa: ANN401 - whatever a server sent
    match row:
        case {"id": str(name), "yes": int() | float() as yes, "quote": str(quote)} if _likely(yes, quote):
            return name, Answered(float(yes), quote)
        case _:
            raise UnreadableError


def _likely(yes: float, quote: str) -> bool:
    sound = not isinstance(yes, bool) and math.isfinite(yes) and 0 <= yes <= 1
    return sound and len(quote) <= _LONGEST
