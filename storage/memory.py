"""What is remembered about people: fills in coaching.ports.Memory. Nobody is shown anybody else's rows."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

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
    history,
    installations,
    learned,
    leaving,
    mine,
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
from storage.tables import (
    person,
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
    PromiseKept,
)  # facts that make a row about a person


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
            erased = known and needs_them and people.held(connection, who) is None
            for fact in facts:
                if not (erased and isinstance(fact, _THEIRS)):
                    self.note(connection, (who, where), fact, (at, drawn))

        await self.database.transact(work)
        if any(isinstance(fact, Forget | PromiseEnded | RemarkDropped) for fact in facts):
            await self.database.scrub(keys=any(isinstance(fact, Forget) for fact in facts))

    async def rows(self, who: Person) -> tuple[Row, ...]:
        """Every stored value about this person."""
        return await self.database.transact(lambda connection: mine.rows(connection, who, self.keys))

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

    def note(  # noqa: C901, PLR0912, PLR0915 - one line a kind of fact
        self, connection: Connection, whose: tuple[Person, Place], fact: Fact, when: tuple[datetime, bytes]
    ) -> None:
        """Remember one fact. A row about a person is made only where there is something to keep in it."""
        (who, where), (at, drawn) = whose, when
        match fact:
            case Met():
                people.note(connection, who, at, met=True)
            case PreferencesSet(preferences=preferences):
                _keep_preferences(connection, who, preferences, at)
            case TipShown():
                learned.keep_tip(connection, people.note(connection, who, at), fact, at)
            case Graded():
                learned.grade(connection, people.note(connection, who, at), fact, at.date(), self.spacing)
            case RuleStands():
                learned.stand(connection, people.note(connection, who, at), fact)
            case Unlearned():
                learned.forget(connection, people.number(connection, who))
            case Reviewed():
                _keep_prints(connection, who, fact, at)
            case ScheduleSet():
                schedules.add(connection, people.note(connection, who, at), fact, at)
            case ChannelTold():
                said.keep(connection, fact)
            case ScheduleMoved() | SchedulePaused() | ScheduleDeleted() | ThemeSet():
                _change_schedule(connection, who, where, fact, at)
            case PromiseKept() | PromiseMoved() | PromiseEnded():
                promises.take(connection, self.keys, who, fact, at)
            case SetupKept(setup=setup):
                setups.keep(connection, who, setup)
            case RemarkKept():
                remarks.keep(connection, fact, drawn[codes.LENGTH :], at)
            case RemarkDropped():
                remarks.drop(connection, fact)
            case RemarksFated():
                remarks.settle(connection, fact, at)
            case Heard():
                leaving.heard(connection, who, at)
            case Forget():
                leaving.forget(connection, who)


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


def _keep_preferences(connection: Connection, who: Person, preferences: Preferences, at: datetime) -> None:
    owner = people.note(connection, who, at, **_columns(preferences))
    if not preferences.repeats:
        replies.forget(connection, owner)


def _keep_prints(connection: Connection, who: Person, fact: Reviewed, at: datetime) -> None:
    """Where they still want it: they may have unticked it while the reply was looked at."""
    found = people.held(connection, who)
    if found is not None and found.repeats:
        replies.keep(connection, found.id, fact, at)


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
