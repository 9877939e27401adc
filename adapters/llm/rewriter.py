"""The Rewriter port over a chat model: asks for sentences, reads them strictly, keeps them a little while."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.llm.chat import Chat, Json, Question, UnreadableError
from adapters.llm.kept import Kept, key_of
from coaching.people import Person
from coaching.playbook.prompts import Prompt
from coaching.ports import Case, Outcome, Sentence

_KINDS = {"acknowledge", "keep", "question", "close"}
_MOST, _LONGEST = 12, 1000
_TEXT = {"type": "string"}
SCHEMA: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences"],
    "properties": {
        "sentences": {
            "type": "array",
            "maxItems": 10,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "text", "source"],
                "properties": {
                    "kind": {"type": "string", "enum": sorted(_KINDS)},
                    "text": _TEXT,
                    "source": _TEXT,
                },
            },
        }
    },
}


def _drawn() -> str:
    return secrets.token_hex(4)


@dataclass(slots=True)
class ChatRewriter:
    """Fills in coaching.ports.Rewriter."""

    chat: Chat
    prompt: Prompt
    drawn: Callable[[], str] = _drawn  # a marker nobody can guess, new for each call
    _kept: Kept[Outcome[tuple[Sentence, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        """What was answered lately."""
        self._kept = Kept(self.chat.clock)

    async def rewrite(self, case: Case, who: Person) -> Outcome[tuple[Sentence, ...]]:
        """The draft in other words."""
        key = key_of(self.prompt.id, self.chat.settings.model, case.draft, case.customer, case.change)
        known = self._kept.get(key)
        if known is not None:
            return known
        question = Question("rewrite", self.prompt.text, texts(case, self.drawn()), SCHEMA)
        outcome = await self.chat.ask(question, who, read)
        if outcome.value is not None:
            self._kept.put(key, outcome)
        return outcome


def texts(case: Case, marker: str) -> tuple[str, ...]:
    """What people wrote, each in a message of its own between markers."""
    told = [("customer", case.customer or "(not given)"), ("draft", case.draft)]
    shown = tuple(f"<<{name} {marker}>>\n{text}\n<<end {marker}>>" for name, text in told)
    return (*shown, f"To change: {case.change}") if case.change else shown


def read(answer: Json) -> tuple[Sentence, ...]:
    """The sentences of an answer. Raises UnreadableError for anything but what was asked for."""
    rows = answer.get("sentences")
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST:
        raise UnreadableError
    return tuple(_sentence(row) for row in rows)


def _sentence(row: Any) -> Sentence:  # noqa: ANN401 - whatever a server sent
    match row:
        case {
            "kind": ("acknowledge" | "keep" | "question" | "close") as kind,
            "text": str(text),
            "source": str(source),
        } if text.strip() and len(text) <= _LONGEST and len(source) <= _LONGEST:
            return Sentence(kind, text, source)
        case _:
            raise UnreadableError
