"""Where Teams conversations live, so that the coach can speak first: addresses, never a text."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, false, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from coaching.people import Person
from storage import people, schedules
from storage.db import Database
from storage.people import Found, insert_into
from storage.tables import teams_conversation as table

ACTIVE, UNINSTALLED = "active", "uninstalled"
GRACE = timedelta(days=30)  # who took the coach away may come back this long and find everything as it was

_PLATFORM, _PERSONAL = "teams", "personal"
_ABOUT_ONE = ("user_id", "aad_object_id", "locale", "zone")  # kept of personal chats only
_SAME = (table.c.tenant_id, table.c.conversation_id)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One row, as the adapter's newest activity described it; empty is not known."""

    tenant_id: str
    conversation_id: str
    kind: str
    service_url: str
    bot_id: str
    user_id: str = ""
    aad_object_id: str = ""
    team_id: str = ""
    channel_id: str = ""
    locale: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class StoredConversations:
    """Conversations in a database."""

    database: Database
    now: Callable[[], datetime]

    async def remember(self, conversation: Conversation) -> None:
        """Keep it as it is now; whatever stood in the way before, it is active again."""
        await self.database.transact(lambda connection: remember(connection, conversation, self.now()))

    async def of_person(self, tenant: str, user: str) -> Conversation | None:
        """The active personal chat of a person, by either of their ids."""
        return await self.database.transact(lambda connection: _find(connection, _chat_of(tenant, user)))

    async def of_place(self, tenant: str, conversation_id: str) -> Conversation | None:
        """An active conversation, by its id."""
        which = and_(table.c.tenant_id == tenant, table.c.conversation_id == conversation_id)
        return await self.database.transact(lambda connection: _find(connection, which))

    async def mark(self, tenant: str, conversation_id: str, state: str) -> None:
        """Note why nothing can be written there, or that it can again."""
        await self.database.transact(
            lambda connection: mark(connection, (tenant, conversation_id), state, self.now())
        )


def remember(connection: Connection, conversation: Conversation, at: datetime) -> None:
    """Write what differs from what is kept; most activities find nothing to write."""
    values: dict[str, Any] = {name: value or None for name, value in asdict(conversation).items()}
    if conversation.kind != _PERSONAL:
        values |= dict.fromkeys(_ABOUT_ONE)
    values |= {"state": ACTIVE, "fail_count": 0, "seen_on": people.month(at)}
    same = and_(*(column == values[column.name] for column in _SAME))
    kept = connection.execute(select(table).where(same)).mappings().first()
    if kept is not None and all(kept[name] == value for name, value in values.items()):
        return
    statement = insert_into(connection, table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(_SAME), set_=values))


def mark(connection: Connection, where: tuple[str, str], state: str, at: datetime) -> None:
    """Set a state; what failed is counted, and the grace of who left begins."""
    values: dict[str, Any] = {"state": state, "fail_count": 0 if state == ACTIVE else table.c.fail_count + 1}
    if state == UNINSTALLED:
        values["seen_on"] = at.date()
    which = zip(_SAME, where, strict=True)
    connection.execute(update(table).where(*(column == value for column, value in which)).values(**values))


def mine(who: Person) -> Select[Any]:
    """The rows that are about a person: their personal chat. A channel's belongs to nobody."""
    return select(table).where(_of(who))


def forget(connection: Connection, who: Person) -> None:
    """Erase where a person can be written to; their next message makes it known again."""
    connection.execute(delete(table).where(_of(who)))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase what is kept of those who took the coach away and did not come back; how many conversations."""
    long_gone = and_(table.c.state == UNINSTALLED, table.c.seen_on < (now - GRACE).date())
    gone = connection.execute(select(table).where(long_gone)).all()
    for row in gone:
        if row.kind == _PERSONAL:
            _erase(connection, row)
    connection.execute(delete(table).where(table.c.id.in_([row.id for row in gone])))
    return len(gone)


def _erase(connection: Connection, row: Found) -> None:
    """Everything about the person of a chat, unless they have another one that is still in use."""
    users = [user for user in (row.aad_object_id, row.user_id) if user]
    if any(_find(connection, _chat_of(row.tenant_id, user)) for user in users):
        return
    for user in users:
        who = Person(_PLATFORM, row.tenant_id, user)
        schedules.forget(connection, people.number(connection, who))
        forget(connection, who)


def _chat_of(tenant: str, user: str) -> ColumnElement[bool]:
    theirs = or_(table.c.aad_object_id == user, table.c.user_id == user)
    return and_(table.c.tenant_id == tenant, table.c.kind == _PERSONAL, theirs)


def _of(who: Person) -> ColumnElement[bool]:
    """Somebody of another platform may have the same ids; nothing here is theirs."""
    return _chat_of(who.tenant, who.user) if who.platform == _PLATFORM else false()


def _find(connection: Connection, which: ColumnElement[bool]) -> Conversation | None:
    wanted = select(table).where(which, table.c.state == ACTIVE).order_by(table.c.seen_on, table.c.id)
    rows = connection.execute(wanted).mappings().all()
    if not rows:
        return None
    return Conversation(**{name: rows[-1][name] or "" for name in Conversation.__dataclass_fields__})
