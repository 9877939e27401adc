"""Workspaces never mix: what one is told is what it would be told if it were alone in the database."""

import asyncio
import functools
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from coaching.people import WORKDAYS, For, Person, Place, Room, Slot, Zone
from coaching.turn import (
    Forget,
    Met,
    Preferences,
    PreferencesSet,
    ScheduleDeleted,
    ScheduleMoved,
    SchedulePaused,
    ScheduleSet,
    Setup,
    SetupKept,
    TipShown,
)
from storage import codes, conversations, history, leaving, memory, mine, tenants
from storage.conversations import Conversation
from storage.db import open_database
from storage.keys import Keys
from storage.memory import StoredMemory
from tests.players.memory import PlainMemory

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
# The same ids everywhere: whoever forgets to ask for platform or tenant finds somebody else's.
SPACES = [("slack", "T1"), ("slack", "T2"), ("teams", "T1"), ("web", "T2")]
ZONES = dict(zip(SPACES, ("Africa/Nairobi", "Asia/Tokyo", "Europe/Berlin", "America/Lima"), strict=True))
USERS, ROOMS = ["U1", "U2"], ["D1", "D2", "C1"]

spaces, users, numbers = st.sampled_from(SPACES), st.sampled_from(USERS), st.integers(1, 8)
rooms = st.sampled_from(ROOMS)


def somebody(space, user):
    return Person(*space, user)


def place(space, room):
    return Place(*space, room, Room.CHANNEL if room == "C1" else Room.DIRECT)


def slot(space, hour):
    """A time in the zone that only this workspace uses."""
    return Slot(Zone(ZONES[space]), time(hour), WORKDAYS)


def at_once(told):
    """What a coroutine that waits for nothing gives."""
    try:
        told.send(None)
    except StopIteration as over:
        return over.value
    raise AssertionError


@dataclass
class Shelf:
    """Each workspace's own memory, and how many reminders there were in all."""

    plain: dict = field(default_factory=lambda: {space: PlainMemory() for space in SPACES})
    chats: dict = field(default_factory=dict)  # (tenant, user) -> conversation
    reminders: int = 0


class Workspaces(RuleBasedStateMachine):
    """People of several workspaces with the same ids do things; every look is that of a workspace alone."""

    def __init__(self, run):
        super().__init__()
        self.run, self.shelf = run, Shelf()

    def do(self, space, user, room, fact):
        who, where = somebody(space, user), place(space, room)
        plain = self.shelf.plain[space]
        if isinstance(fact, ScheduleSet):
            plain.last = self.shelf.reminders  # ids are counted over all workspaces
            self.shelf.reminders += 1
        at_once(plain.keep(who, where, (fact,), AT))
        self.run(lambda connection: StoredMemory(None).note(connection, (who, where), fact, (AT, b"drawn")))
        if isinstance(fact, Forget):
            self.shelf.chats.pop((who.tenant, who.user) if who.platform == "teams" else None, None)

    @rule(space=spaces, user=users, room=rooms, hour=st.integers(6, 20))
    def sets_a_reminder(self, space, user, room, hour):
        audience = For.TEAM if room == "C1" else For.ME
        self.do(space, user, room, ScheduleSet(audience, slot(space, hour), place(space, room)))

    @rule(space=spaces, user=users, room=rooms, number=numbers, what=st.integers(0, 2))
    def touches_a_reminder(self, space, user, room, number, what):
        """By a number that may be anybody's."""
        facts = (
            ScheduleDeleted(number),
            SchedulePaused(number, paused=True),
            ScheduleMoved(number, slot(space, 5)),
        )
        self.do(space, user, room, facts[what])

    @rule(space=spaces, user=users)
    def keeps_settings(self, space, user):
        for fact in (Met(), PreferencesSet(Preferences(Zone(ZONES[space]), less_words=True))):
            self.do(space, user, "D1", fact)
        self.do(space, user, "D1", TipShown(f"{space[0]}-{space[1]}-{user}"))

    @rule(space=spaces, user=users)
    def sets_up(self, space, user):
        self.do(space, user, "D1", SetupKept(Setup(contacts=(f"{space}",), country="DE")))

    @rule(space=spaces, user=users)
    def is_forgotten(self, space, user):
        self.do(space, user, "D1", Forget())

    @rule(space=spaces, user=users)
    def asks_for_a_code(self, space, user):
        """It opens their own data and nobody else's."""
        who, drawn = somebody(space, user), secrets.token_bytes(codes.DRAWN)
        told = self.run(lambda connection: codes.give(connection, who, drawn, AT))
        assert self.run(lambda connection: codes.spend(connection, told, AT)) == who

    @rule(space=spaces)
    def is_taken_away(self, space):
        """A workspace goes; with Slack everything of it."""
        self.run(lambda connection: tenants.erase(connection, *space))
        self.shelf.plain[space] = PlainMemory()

    @rule(tenant=st.sampled_from(["T1", "T2"]), user=users)
    def writes_in_teams(self, tenant, user):
        chat = Conversation(
            tenant, f"a:{tenant}{user}", "personal", "https://there/", "28:b", f"29:{user}", user
        )
        self.run(lambda connection: conversations.remember(connection, chat, AT))
        self.shelf.chats[tenant, user] = chat

    @rule(space=spaces, user=users)
    def leaves(self, space, user):
        """Their own reminders rest; nobody else's do."""
        who = somebody(space, user)
        self.run(lambda connection: leaving.left(connection, who, AT + timedelta(days=1)))
        plain = self.shelf.plain[space]
        for number, one in plain.schedules.items():
            if plain.owners[number] == who and one.audience is For.ME:
                plain._change(number, who, one.to, paused=True)

    @rule()
    def everybody_looks(self):
        """Everywhere in their own workspace."""
        for space in SPACES:
            for user in USERS:
                self._sees_its_own(space, user)
        for tenant in ("T1", "T2"):
            for user in USERS:
                found = self.run(
                    lambda c, t=tenant, u=user: conversations._find(c, conversations._chat_of(t, u))
                )
                assert found == self.shelf.chats.get((tenant, user))

    def _sees_its_own(self, space, user):
        who, plain = somebody(space, user), self.shelf.plain[space]
        rows = self.run(lambda connection: mine.rows(connection, who, Keys()))
        others = [zone for other, zone in ZONES.items() if other != space]
        assert not [row for row in rows if row.value in others]
        tips = {row.value for row in rows if row.what == "tip_shown.tip"}
        assert tips <= {f"{space[0]}-{space[1]}-{user}"}
        for room in ROOMS:
            where = place(space, room)
            told = self.run(lambda connection, at=where: memory.recall(connection, who, at))
            assert told == at_once(plain.recall(who, where))
            past = self.run(lambda connection, at=where: history.lately(connection, who, at))
            assert {one.schedule for one in past} <= {one.id for one in told.schedules}


def run_on(url, emptied):
    """Play it on a database that is emptied before each life."""
    with asyncio.Runner() as loop:

        class Life(Workspaces):
            def __init__(self):
                emptied()
                self.database = open_database(url)
                super().__init__(lambda work: loop.run(self.database.transact(work)))

            def teardown(self):
                self.everybody_looks()
                loop.run(self.database.close())

        lives = settings(max_examples=5, stateful_step_count=20, deadline=None, database=None)
        run_state_machine_as_test(Life, settings=lives)


def test_on_sqlite(sqlite_template, tmp_path):
    """In one file."""
    path = tmp_path / "shared.db"

    def emptied():
        for beside in tmp_path.glob("shared.db*"):
            beside.unlink()
        path.write_bytes(sqlite_template.read_bytes())

    run_on(f"sqlite:///{path}", emptied)


def test_on_postgresql(postgres):
    """On one server."""
    name = postgres.emptied()
    run_on(postgres.url(name), functools.partial(postgres.emptied))
