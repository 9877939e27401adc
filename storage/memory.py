"""What is remembered about people: fills in coaching.ports.Memory. Nobody is shown anybody else's rows."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from coaching.kept import Earlier, Past, Promise, Remark, Reviewed, Row
from coaching.learned import ChannelTold, Graded, RuleStands, ThemeSet, Unlearned, Week
from coaching.people import For, Person, Place
from coaching.ports import Spacing
from coaching.turn import (
    Fact,
    Forget,
    Heard,
    Known,
    Met,
    Preferences,
    PreferencesSet,
    PromiseEnded,
    PromiseKept,
    PromiseMoved,
    RemarkDropped,
    RemarkKept,
    RemarksFated,
    ScheduleDeleted,
    ScheduleMoved,
    SchedulePaused,
    ScheduleSet,
    SetupKept,
    TipShown,
)
from storage import (
    codes,
    conversations,
    history,
    installations,
    learned,
    leaving,
    people,
    promises,
    remarks,
    said,
    schedules,
    setups,
)
from storage import reviewed as replies
from storage.db import Database
from storage.keys import Keys
from storage.plain import plain
from storage.tables import (
    delivery,
    person,
    person_key,
    promise,
    reviewed,
    rule_learned,
    rule_week,
    slot,
    subscription,
    tip_shown,
)

_TIPS = select(tip_shown.c.tip).where(tip_shown.c.person_id == bindparam("owner")).order_by(tip_shown.c.id)

_PREFERENCES = (
    person.c.zone,
    person.c.less_words,
    person.c.quiet_from,
    person.c.quiet_until,
    person.c.days_off,
    person.c.away_until,
    person.c.model,
    person.c.repeats,
    person.c.learns,
    person.c.away_from,
)

_THEIRS = (
    Met,
    PreferencesSet,
    TipShown,
    ScheduleSet,
    Graded,
    RuleStands,
    Reviewed,
    PromiseKept,
)  # facts that make a row about a person

# How each table belongs to a person's row: what is shown as "my data". A test holds this to all tables.
_MINE: dict[str, Select[Any]] = {
    "person": select(person).where(person.c.id == bindparam("owner")),
    "person_key": select(person_key.c.person_id).where(person_key.c.person_id == bindparam("owner")),
    "tip_shown": select(tip_shown).where(tip_shown.c.person_id == bindparam("owner")),
    "rule_learned": select(rule_learned).where(rule_learned.c.person_id == bindparam("owner")),
    "rule_week": select(rule_week).where(rule_week.c.person_id == bindparam("owner")),
    "reviewed": select(reviewed).where(reviewed.c.person_id == bindparam("owner")),
    "subscription": select(subscription).where(subscription.c.person_id == bindparam("owner")),
    "slot": select(slot).where(
        slot.c.id.in_(select(subscription.c.slot_id).where(subscription.c.person_id == bindparam("owner")))
    ),
    "promise": select(promise).where(promise.c.person_id == bindparam("owner")),
    "delivery": select(delivery).where(
        delivery.c.subscription_id.in_(
            select(subscription.c.id).where(subscription.c.person_id == bindparam("owner"))
        )
    ),
}


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """A Memory in a database."""

    database: Database
    spacing: Spacing | None = None  # without it nothing ever fades, and tips come in turn
    keys: Keys = Keys()  # noqa: RUF009 - a value: what persons' keys are sealed with

    async def recall(self, who: Person, where: Place) -> Known:
        """What is known about this person, and the reminders of the channel they speak in."""
        return await self.database.transact(lambda connection: recall(connection, who, where))

    async def keep(
        self, who: Person, where: Place, facts: tuple[Fact, ...], at: datetime, *, known: bool = False
    ) -> None:
        """Remember all of these facts, or none; `known`: nothing about somebody who was erased meanwhile."""
        drawn = secrets.token_bytes(codes.DRAWN)

        def work(connection: Connection) -> None:
            needs_them = any(isinstance(fact, _THEIRS) for fact in facts)
            erased = known and needs_them and not people.held(connection, who)
            for fact in facts:
                if erased and isinstance(fact, _THEIRS):
                    continue
                if isinstance(fact, Graded):
                    learned.grade(connection, people.note(connection, who, at), fact, at.date(), self.spacing)
                elif isinstance(fact, PromiseKept | PromiseMoved | PromiseEnded):
                    promises.take(connection, self.keys, who, fact, at)
                elif isinstance(fact, RemarkKept):
                    remarks.keep(connection, fact, drawn[codes.LENGTH :], at)
                else:
                    keep(connection, who, where, fact, at)

        await self.database.transact(work)
        if any(isinstance(fact, Forget | PromiseEnded | RemarkDropped) for fact in facts):
            await self.database.scrub()

    async def rows(self, who: Person) -> tuple[Row, ...]:
        """Every stored value about this person."""
        return await self.database.transact(lambda connection: rows(connection, who, self.keys))

    async def code(self, who: Person, at: datetime) -> str:
        """A one-time code for this person."""
        drawn = secrets.token_bytes(codes.DRAWN)
        return await self.database.transact(lambda connection: codes.give(connection, who, drawn, at))

    async def earlier(self, who: Person, at: datetime) -> Earlier:
        """Fingerprints of what this person had reviewed, and the key they are made with."""
        return await self.database.transact(lambda connection: replies.earlier(connection, who, at))

    async def lately(self, who: Person, where: Place) -> tuple[Past, ...]:
        """What came lately of the reminders this person may see here."""
        return await self.database.transact(lambda connection: history.lately(connection, who, where))

    async def weeks(self, who: Person) -> tuple[Week, ...]:
        """How often each rule was found missing and there, week by week."""
        return await self.database.transact(lambda c: learned.weeks(c, people.number(c, who)))

    async def remarks(self, who: Person, where: Place) -> tuple[Remark, ...]:
        """What customers said, as this channel keeps it; `who` asks."""
        del who
        return await self.database.transact(lambda connection: remarks.of(connection, where))

    async def promises(self, who: Person) -> tuple[Promise, ...]:
        """What this person promised."""
        return await self.database.transact(lambda c: promises.of(c, self.keys, people.number(c, who)))


def recall(connection: Connection, who: Person, where: Place) -> Known:
    """What is known about a person."""
    found = people.find(connection, who)
    owner = found.id if found else 0
    reminders = tuple(schedules.schedule_of(row) for row in schedules.visible(connection, owner, where))
    aired = said.aired(connection, who, {one.to.id for one in reminders if one.audience is For.TEAM})
    setup = setups.find(connection, who)
    admin = installations.is_installer(connection, who.platform, who.tenant, who.user)
    if found is None:
        return Known(schedules=reminders, setup=setup, admin=admin, aired=aired)
    tips = tuple(connection.execute(_TIPS, {"owner": owner}).scalars())
    leaves = found.gone_on is not None or found.asked_on is not None
    return Known(
        found.met,
        people.preferences_of(found),
        reminders,
        tips,
        setup,
        admin=admin,
        learned=learned.known(connection, owner),
        aired=aired,
        heard_on=date.min if leaves else found.seen_on,
    )


def keep(connection: Connection, who: Person, where: Place, fact: Fact, at: datetime) -> None:  # noqa: C901, PLR0912, PLR0915 - one line a kind of fact
    """Remember one fact. A row about a person is made only where there is something to keep in it."""
    match fact:
        case Met():
            people.note(connection, who, at, met=True)
        case PreferencesSet(preferences=preferences):
            _keep_preferences(connection, who, preferences, at)
        case TipShown():
            learned.keep_tip(connection, people.note(connection, who, at), fact, at)
        case RuleStands():
            learned.stand(connection, people.note(connection, who, at), fact)
        case Unlearned():
            learned.forget(connection, people.number(connection, who))
        case Reviewed():
            replies.keep(connection, people.note(connection, who, at), fact, at)
        case ScheduleSet():
            schedules.add(connection, people.note(connection, who, at), fact, at)
        case ChannelTold():
            said.keep(connection, fact)
        case ScheduleMoved() | SchedulePaused() | ScheduleDeleted() | ThemeSet():
            _change_schedule(connection, who, where, fact, at)
        case SetupKept(setup=setup):
            setups.keep(connection, who, setup)
        case RemarkDropped():
            remarks.drop(connection, fact)
        case RemarksFated():
            remarks.settle(connection, fact, at)
        case Heard():
            leaving.heard(connection, who, at)
        case Forget():
            leaving.forget(connection, who)


def rows(connection: Connection, who: Person, keys: Keys) -> tuple[Row, ...]:
    """Every stored value about a person, table by table; what is sealed is opened."""
    owner = people.number(connection, who)
    elsewhere = {
        "teams_conversation": conversations.mine(who),
        "slack_installation": installations.mine(who),
        "code": codes.mine(who),
    }
    told: list[Row] = []
    for name, mine in {**_MINE, **elsewhere}.items():
        for found in connection.execute(mine, {"owner": owner}).mappings():
            row = dict(found)
            if name == "promise":
                row["words"] = promises.opened(connection, keys, owner, row["at_id"], row["words"])
            told += [
                Row(f"{name}.{column}", plain(str(column), value))
                for column, value in row.items()
                if value is not None
            ]
    return tuple(told)


def _keep_preferences(connection: Connection, who: Person, preferences: Preferences, at: datetime) -> None:
    owner = people.note(connection, who, at, **_columns(preferences))
    if not preferences.repeats:
        replies.forget(connection, owner)


def _change_schedule(
    connection: Connection,
    who: Person,
    where: Place,
    fact: schedules.Change,
    at: datetime,
) -> None:
    for row in schedules.visible(connection, people.number(connection, who), where, fact.id):
        schedules.change(connection, row, fact, at)


def _columns(preferences: Preferences) -> dict[str, object]:
    values = {column.name: getattr(preferences, column.name) for column in _PREFERENCES}
    zone = preferences.zone.name if preferences.zone else None
    return {**values, "zone": zone, "model": preferences.model or None}
