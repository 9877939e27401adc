"""Where Teams conversations live: what is needed to write into one unasked, and what storage keeps of it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias

from coaching.people import Person, Place

ConversationKind: TypeAlias = Literal["personal", "channel", "group"]

# Characters that are kept of each part: what storage has room for, and far more than Teams sends.
LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "tenant": 255,
        "conversation_id": 512,
        "service_url": 512,
        "bot_id": 255,
        "user_id": 255,
        "aad_object_id": 255,
        "team_id": 255,
        "channel_id": 255,
        "locale": 64,
        "zone": 64,
    }
)


class ConversationState(Enum):
    """Whether the coach may write into a conversation, as the connector's answers tell."""

    ACTIVE = "active"
    BLOCKED = "blocked"  # the person blocked the coach: stop, keep what they set
    UNINSTALLED = "uninstalled"  # the coach is not there any more
    PAUSED = "paused"  # switched off for the whole tenant by its administrator


@dataclass(frozen=True, slots=True)
class Reference:
    """One conversation, as its newest activity described it: an address, never a text.

    `user_id` is Teams' own id of the person ("29:..."); `aad_object_id` the one that stays the same
    in every conversation and is the `Person.user`. Both are empty for a channel or a group.
    """

    tenant: str
    conversation_id: str  # without ";messageid=...": the conversation, not a thread in it
    kind: ConversationKind
    service_url: str
    bot_id: str
    user_id: str = ""
    aad_object_id: str = ""
    team_id: str = ""
    channel_id: str = ""
    locale: str = ""
    zone: str = ""

    @property
    def user(self) -> str:
        """The `Person.user` of the person in a personal chat; empty elsewhere."""
        return self.aad_object_id or self.user_id


def keepable(reference: Reference) -> bool:
    """Whether it can be remembered: an address that is too long, or no readable line, is answered only."""
    parts = [(getattr(reference, name), most) for name, most in LONGEST.items()]
    return all(len(value) <= most and value.isprintable() for value, most in parts)


class References(Protocol):
    """Keeps where conversations live; filled in by storage. It never sees a word anybody wrote."""

    async def remember(self, reference: Reference) -> None:
        """Keep it, over what is kept of the same tenant and conversation; it is ACTIVE from now on."""
        ...

    async def find(self, to: Person | Place) -> Reference | None:
        """A person's personal chat, or the conversation behind a place; None unless it is ACTIVE.

        A private place carries the person's `user` or the conversation's id; both are found. A channel
        place carries the conversation's id.
        """
        ...

    async def mark(self, reference: Reference, state: ConversationState) -> None:
        """Set the state of a conversation; one that is not known stays unknown."""
        ...


@dataclass(slots=True)
class InMemory:
    """References that last as long as the process; bounded, the oldest go first."""

    bound: int = 10_000
    _kept: OrderedDict[tuple[str, str], Reference] = field(default_factory=OrderedDict)

    async def remember(self, reference: Reference) -> None:
        """Keep it as the newest."""
        key = (reference.tenant, reference.conversation_id)
        self._kept.pop(key, None)
        self._kept[key] = reference
        while len(self._kept) > self.bound:
            self._kept.popitem(last=False)

    async def find(self, to: Person | Place) -> Reference | None:
        """By the conversation's id, else the newest personal chat of the person."""
        if isinstance(to, Place):
            found = self._kept.get((to.tenant, to.id))
            if found is not None or not to.private:
                return found
        user = to.user if isinstance(to, Person) else to.id
        mine = (r for r in reversed(self._kept.values()) if r.kind == "personal" and r.tenant == to.tenant)
        return next((reference for reference in mine if reference.user == user), None)

    async def mark(self, reference: Reference, state: ConversationState) -> None:
        """One that is not active is not kept: the next activity in it brings it back."""
        if state is not ConversationState.ACTIVE:
            self._kept.pop((reference.tenant, reference.conversation_id), None)
