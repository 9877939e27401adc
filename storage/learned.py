"""What a person makes of the rules: verdicts, dates and counts, told to nobody but them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, select, update

from coaching.learned import Grade, Graded, Learned, RuleStands, Standing, Week
from coaching.learning import KEPT, WEEKS, counts, monday
from coaching.ports import Spacing
from coaching.turn import TipShown
from storage.people import insert_into
from storage.tables import rule_learned, rule_week, tip_shown

_OF = select(rule_learned).where(rule_learned.c.person_id == bindparam("owner")).order_by(rule_learned.c.rule)
_WEEKS = (
    select(rule_week)
    .where(rule_week.c.person_id == bindparam("owner"))
    .order_by(rule_week.c.monday, rule_week.c.rule)
)
_COUNTED = {Grade.MISSED: rule_week.c.missed, Grade.MET: rule_week.c.met}  # what a person says is no count


def known(connection: Connection, owner: int) -> tuple[Learned, ...]:
    """All that is kept of this person's rules."""
    return tuple(_learned(row) for row in connection.execute(_OF, {"owner": owner}))


def weeks(connection: Connection, owner: int) -> tuple[Week, ...]:
    """How often each was missing and there, oldest first."""
    found = connection.execute(_WEEKS, {"owner": owner})
    return tuple(Week(row.rule, row.monday, row.missed, row.met) for row in found)


def grade(connection: Connection, owner: int, fact: Graded, on: date, spacing: Spacing | None) -> None:
    """Something was found of a rule on this day: it is counted, and moves what is known once a day."""
    if fact.grade in _COUNTED:
        _count(connection, owner, fact, monday(on))
    before = _one(connection, owner, fact.rule) or Learned(fact.rule)
    if not counts(before, fact.grade, on):
        return
    after = replace(before, last=fact.grade, on=on, tips=0)
    if spacing is not None:
        spaced = spacing.after(before, fact.grade, on)
        after = replace(after, due=spaced.due, stability=spaced.stability, difficulty=spaced.difficulty)
    _keep(connection, owner, after)


def stand(connection: Connection, owner: int, fact: RuleStands) -> None:
    """Pinned, muted or neither; what was pinned before is not any more."""
    if fact.standing is Standing.PINNED:
        pinned = and_(rule_learned.c.person_id == owner, rule_learned.c.standing == Standing.PINNED.value)
        connection.execute(update(rule_learned).where(pinned).values(standing=Standing.PLAIN.value))
    before = _one(connection, owner, fact.rule) or Learned(fact.rule)
    _keep(connection, owner, replace(before, standing=fact.standing))


def keep_tip(connection: Connection, owner: int, fact: TipShown, at: datetime) -> None:
    """The newest tip stands last; a tip shown again moves there."""
    old = tip_shown.c.person_id == owner
    connection.execute(
        delete(tip_shown).where(old if fact.start_over else old & (tip_shown.c.tip == fact.tip))
    )
    connection.execute(insert(tip_shown).values(person_id=owner, tip=fact.tip, at=at))
    shown(connection, owner, fact.tip.partition(".")[0])


def shown(connection: Connection, owner: int, rule: str) -> None:
    """A tip of this rule was shown; noted only where something is kept of the rule."""
    mine = and_(rule_learned.c.person_id == owner, rule_learned.c.rule == rule)
    connection.execute(update(rule_learned).where(mine).values(tips=rule_learned.c.tips + 1))


def forget(connection: Connection, owner: int) -> None:
    """Erase it all."""
    connection.execute(delete(rule_learned).where(rule_learned.c.person_id == owner))
    connection.execute(delete(rule_week).where(rule_week.c.person_id == owner))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase weeks older than the picture, and what was found of a rule a year ago; how many rows."""
    oldest = monday(now.date()) - timedelta(weeks=WEEKS - 1)
    gone = connection.execute(delete(rule_week).where(rule_week.c.monday < oldest)).rowcount
    faded = and_(rule_learned.c.found_on < now.date() - KEPT)
    plain = and_(faded, rule_learned.c.standing == Standing.PLAIN.value)
    gone += connection.execute(delete(rule_learned).where(plain)).rowcount
    nothing = {"last": None, "found_on": None, "due_on": None, "stability": 0.0, "difficulty": 0.0}
    return gone + connection.execute(update(rule_learned).where(faded).values(**nothing)).rowcount


def _one(connection: Connection, owner: int, rule: str) -> Learned | None:
    row = connection.execute(_OF.where(rule_learned.c.rule == rule), {"owner": owner}).first()
    return None if row is None else _learned(row)


def _learned(row: Row[*tuple[Any, ...]]) -> Learned:
    return Learned(
        row.rule,
        Standing(row.standing),
        Grade(row.last) if row.last else None,
        row.found_on,
        row.due_on,
        row.stability,
        row.difficulty,
        row.tips,
    )


def _keep(connection: Connection, owner: int, one: Learned) -> None:
    values = {
        "standing": one.standing.value,
        "last": one.last.value if one.last else None,
        "found_on": one.on,
        "due_on": one.due,
        "stability": one.stability,
        "difficulty": one.difficulty,
        "tips": one.tips,
    }
    statement = insert_into(connection, rule_learned).values(person_id=owner, rule=one.rule, **values)
    key = [rule_learned.c.person_id, rule_learned.c.rule]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def _count(connection: Connection, owner: int, fact: Graded, week: date) -> None:
    column = _COUNTED[fact.grade]
    values = {"person_id": owner, "rule": fact.rule, "monday": week, column.name: 1}
    statement = insert_into(connection, rule_week).values(**values)
    key = [rule_week.c.person_id, rule_week.c.rule, rule_week.c.monday]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_={column.name: column + 1}))
