"""What a line of triage wishes for reminders: one object, or a list where there are several."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.lines import LineError
from coaching.people import Zone
from coaching.when import UnknownZoneError, understood, zone
from coaching.when.line import as_json

_ASKED = {"action": "clarify"}  # it is about reminders, and nobody can tell what is wanted


def scheduled(row: Mapping[str, object], text: str) -> dict[str, object] | list[dict[str, object]]:
    """By the line's own clock: `now`, local in `user_tz`; without them the clock of this machine, in UTC.

    Raises LineError for a zone or a time that cannot be read.
    """
    where = _where(row)
    lines = [as_json(wish) for wish in understood(text, _now(row, where), where)]
    return lines if len(lines) > 1 else lines[0] if lines else dict(_ASKED)


def _where(row: Mapping[str, object]) -> Zone:
    try:
        return zone(str(row.get("user_tz") or "UTC"))
    except UnknownZoneError:
        raise LineError("'user_tz' must be a time zone, such as Europe/Berlin") from None


def _now(row: Mapping[str, object], where: Zone) -> datetime:
    said = row.get("now")
    try:
        there = datetime.fromisoformat(str(said)) if said else datetime.now(UTC)
    except ValueError:
        raise LineError("'now' must be a local time, such as 2026-03-02T10:00") from None
    if there.tzinfo is not None:
        there = there.astimezone(ZoneInfo(where.name))
    return there.replace(tzinfo=None)
