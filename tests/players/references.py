"""References of plain dicts, for playing Teams without a database."""

from dataclasses import dataclass, field

from adapters.teams.references import ConversationState, Reference
from coaching.people import Person


@dataclass
class PlainReferences:
    kept: dict[tuple[str, str], Reference] = field(default_factory=dict)
    states: dict[tuple[str, str], ConversationState] = field(default_factory=dict)

    async def remember(self, reference):
        key = (reference.tenant, reference.conversation_id)
        self.kept[key], self.states[key] = reference, ConversationState.ACTIVE

    async def find(self, to):
        if not isinstance(to, Person):
            found = self._active((to.tenant, to.id))
            if found or not to.private:
                return found
        user = to.user if isinstance(to, Person) else to.id
        mine = [
            k for k, r in self.kept.items() if k[0] == to.tenant and r.kind == "personal" and r.user == user
        ]
        return next((found for key in reversed(mine) if (found := self._active(key))), None)

    def _active(self, key):
        return self.kept.get(key) if self.states.get(key) is ConversationState.ACTIVE else None

    async def mark(self, reference, state):
        key = (reference.tenant, reference.conversation_id)
        if key in self.kept:
            self.states[key] = state
