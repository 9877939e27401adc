"""Plays a weekend by a clock that jumps, and prints what everybody sees of it, to be read line by line.

python -m tools.a_day

From a Friday to a Monday, with the night between in which Europe's clocks change: people in several zones set
reminders in words, move, pause, rest, leave and are forgotten; Slack is down for a while, the process is
stopped, and once it is cut off while a letter is on its way. Ends with 1 if a letter did not come when "Next
one" had said, or came twice on a date.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import assembly
from bot.house import House
from bot.settings import read_settings
from coaching.people import Person, Place, Room, Zone
from coaching.ports import Found, Later, Posted
from coaching.values import Letter, Message, Submitted, Tapped
from coaching.when import following
from storage.db import open_database
from storage.migrate import migrate
from tests.players.straight import StraightPlayer, lines

BEGIN, END = datetime(2026, 3, 27, 6, tzinfo=UTC), datetime(2026, 3, 30, 16, tzinfo=UTC)
STEP = timedelta(minutes=1)
HOMES = {
    "Ann": "Europe/Berlin",
    "Ben": "America/New_York",
    "Chi": "Europe/Berlin",
    "Dee": "Europe/London",
    "Eli": "Europe/Berlin",
    "Fay": "Europe/Lisbon",
    "Gus": "Europe/Berlin",
    "Hal": "Asia/Kolkata",
    "Ivy": "Europe/Berlin",
    "Joy": "Pacific/Auckland",
}
# When (in UTC), who, and what they do: words, "tap: a button", "fill: field=value; …"
DONE = """
27 06:05 Ann remind me every day at 9
27 06:06 Ben remind me every weekday at 8:30 New York time
27 06:07 Chi remind me every day at 2:30 Berlin time
27 06:07 Chi tap: every day at 02:30
27 06:08 Dee remind me every day at 8 London time
27 06:09 Eli remind me every day at 10 Berlin time
27 06:10 Fay remind me every day at 9 Lisbon time
27 06:11 Gus remind me every day at 9:30 Berlin time
27 06:12 Hal remind me every day at 17:00 Kolkata time
27 06:13 Joy remind me every weekday at 9 Auckland time
27 06:15 Ivy command: team
27 06:16 Ivy fill: days=1,2,3,4,5,6,7; time=11:00; zone=Europe/Berlin
27 10:00 Ann show my reminders
27 10:01 Ann tap: What came lately
27 11:35 Hal show my reminders
27 12:00 Dee pause my reminders
27 13:00 Gus command: settings
27 13:01 Gus fill: quiet_from=22:00; quiet_until=10:00
27 20:00 Fay command: settings
27 20:01 Fay fill: zone=Asia/Tokyo
27 20:02 Fay tap: Move them to Asia/Tokyo
28 09:30 Gus show my reminders
28 15:00 Dee resume my reminders
28 15:30 Chi command: settings
28 15:31 Chi fill: away_until=2026-03-30
28 16:00 Hal delete my data
28 16:01 Hal tap: Yes, delete it all
28 18:00 Ann show my reminders
28 20:00 Joy move my reminder to 9:30
29 11:30 Gus move my reminder to 10:15
29 13:00 Chi show my reminders
29 13:01 Ann show my reminders
29 13:02 Ann tap: What came lately
30 06:00 Joy cancel my reminder
30 07:05 Ann show my reminders
30 07:06 Ann tap: What came lately
30 09:00 Ivy command: team
30 15:01 Fay show my reminders
30 15:02 Eli show my reminders
30 15:03 Hal show my reminders
"""
DOWN = {  # the process is not there
    "stopped for an hour": (
        datetime(2026, 3, 28, 7, 30, tzinfo=UTC),
        datetime(2026, 3, 28, 8, 30, tzinfo=UTC),
    ),
    "stopped for six": (datetime(2026, 3, 29, 5, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC)),
}
OUT = (datetime(2026, 3, 27, 11, 25, tzinfo=UTC), datetime(2026, 3, 27, 11, 50, tzinfo=UTC))
GONE = {"Eli": datetime(2026, 3, 28, 9, tzinfo=UTC), "team": datetime(2026, 3, 29, 12, tzinfo=UTC)}
CUT = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)  # Ann's letter on Monday: taken, and nobody hears of it


@dataclass
class Clock:
    """What everything here takes for the time."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        return self.at


@dataclass
class Paper:
    """What is printed, and what was odd."""

    clock: Clock
    odd: int = 0

    def note(self, who: str, what: str) -> None:
        zone = HOMES.get(who, "Europe/Berlin")
        there = self.clock.at.astimezone(ZoneInfo(zone))
        print(f"{self.clock.at:%d %H:%M}  {there:%a %H:%M} {zone.rpartition('/')[2]:<9} {who:<5} {what}")

    def wrong(self, who: str, what: str) -> None:
        self.odd += 1
        self.note(who, f"!!! {what}")


@dataclass
class Office:
    """A platform that takes letters, is down for a while, and knows who is gone."""

    paper: Paper
    marks: dict[str, set[str]] = field(default_factory=dict)
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    promised: dict[int, datetime | None] = field(default_factory=dict)
    lost: bool = False

    async def post(self, letter: Letter) -> Posted | Later:
        who, now = letter.to.id.removeprefix("D-"), self.paper.clock.at
        if OUT[0] <= now < OUT[1]:
            self.paper.note(who, "    (Slack is down: later)")
            return Posted.LATER
        if who in GONE and now >= GONE[who]:
            self.paper.note(who, "    (is not there any more)")
            return Posted.GONE if letter.to.private else Posted.NOT_IN_CHANNEL
        self.marks.setdefault(letter.to.id, set()).add(letter.marker)
        self.came[who, f"{letter.occurrence}"] += bool(letter.marker)
        said = " / ".join(lines(letter.reply.blocks))
        self.paper.note(who, f"<== of {letter.occurrence:%a %d}: {said[:150]}")
        if letter.marker and self.came[who, f"{letter.occurrence}"] > 1:
            self.paper.wrong(who, "twice on a date")
        if who == "Ann" and not self.lost and now >= CUT:
            self.lost = True
            self.paper.note(who, "    (the process is cut off here, before it hears that it arrived)")
            raise ConnectionResetError
        return Posted.SENT

    async def find(self, to: Place, mark: str, since: datetime) -> Found:  # noqa: ARG002
        self.paper.note(to.id.removeprefix("D-"), "    (looked up whether it arrived)")
        return Found.THERE if mark in self.marks.get(to.id, ()) else Found.NOT_THERE


class Somebody(StraightPlayer):
    """One person in their private chat, or in a channel."""

    def __init__(
        self, house: House, name: str, paper: Paper
    ) -> None:  # not the player's own: it reads letters
        self.coach, self.ids, self.form, self.seen, self.letters, self.read = (
            house.coach,
            count(1),
            None,
            [],
            [],
            0,
        )
        self.who, self.name, self.paper = Person("web", "local", name), name, paper
        team = name == "Ivy"
        self.where = Place(
            "web", "local", "team" if team else f"D-{name}", Room.CHANNEL if team else Room.DIRECT
        )

    async def _hear(self, content: object, where: Place | None = None) -> object:
        zone = Zone(HOMES[self.name])
        said = Message(
            f"{self.name}-{next(self.ids)}", self.who, where or self.where, self.paper.clock.at, content, zone
        )
        replies = [(reply, said.where) for reply in await self.coach.hear(said)]
        if isinstance(content, Submitted | Tapped):
            self.form = None
        return self._screen(replies)

    async def do(self, what: str) -> None:
        """Do it, and print what is on the screen then."""
        self.paper.note(self.name, f"==> {what}")
        kind, _, rest = what.partition(": ")
        if kind == "tap":
            screen = await self.tap(rest)
        elif kind == "command":
            screen = await self.command(rest)
        elif kind == "fill":
            typed = dict(part.split("=") for part in rest.split("; "))
            screen = await self.fill({k: v.split(",") if "," in v else v for k, v in typed.items()})
        else:
            screen = await self.say(what)
        for line in screen.text.partition("\nHello, I am")[0].splitlines()[:9]:
            print(f"{'':>34} | {line}")
        if screen.choices:
            print(f"{'':>34} | [{'] ['.join(screen.choices[:8])}]")


async def promised(house: House, people: dict[str, Somebody]) -> dict[int, datetime | None]:
    """What "Next one" says of each reminder."""
    told = {}
    for one in people.values():
        memory = house.coach.memory
        known = await memory.recall(one.who, one.where)
        known = replace(known, lately=await memory.lately(one.who, one.where))
        told |= {s.id: following(s, house.courier.now(), known) for s in known.schedules}
    return told


@dataclass
class Weekend:
    """All of them, and where the clock stands."""

    house: House
    office: Office
    people: dict[str, Somebody]
    paper: Paper
    next_ones: dict[int, datetime | None] = field(default_factory=dict)
    down: str = ""

    async def minute(self) -> None:
        """What happens in one minute."""
        now = self.paper.clock.at
        down = next((why for why, (since, until) in DOWN.items() if since <= now < until), "")
        if down != self.down:
            self.paper.note("-", f"=== the process is {down}" if down else "=== the process runs again")
            self.down = down
        if not down:
            await self.deliver(now)
        for day, at, name, what in (line.split(" ", 3) for line in DONE.strip().splitlines()):
            if f"{now:%d %H:%M}" == f"{day} {at}":
                await self.people[name].do(what)
                self.next_ones = await promised(self.house, self.people)

    async def deliver(self, now: datetime) -> None:
        """Send what is due, and see whether what was to come has."""
        arrived = sum(self.office.came.values())
        await self.house.courier.deliver()
        await self.house.courier.landed()
        if now.minute % 5 == 0:
            await self.house.courier.reap()
            await self.house.courier.landed()
        if now.minute % 15 == 0 or sum(self.office.came.values()) != arrived:
            before, self.next_ones = self.next_ones, await promised(self.house, self.people)
            for number, at in before.items():
                if at and at < now and self.next_ones.get(number) == at:
                    self.paper.wrong("-", f"reminder {number} was to come at {at:%d %H:%M} UTC and did not")


async def weekend() -> int:
    paper = Paper(clock := Clock())
    assembly.now = clock.now
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'a_day.sqlite3'}"
        migrate(url)
        house = assembly.build_house(read_settings({"DATABASE_URL": url}), open_database(url), demo=True)
        office = house.posts["web"] = Office(paper)
        house.courier.monotonic = lambda: clock.at.timestamp()  # noqa: PLW0108 - it is another each time
        people = {name: Somebody(house, name, paper) for name in HOMES}
        everything = Weekend(house, office, people, paper)
        while clock.at < END:
            await everything.minute()
            clock.at += STEP
        print(f"\n{sum(office.came.values())} letters; odd: {paper.odd}")
        await house.stop()
    return int(bool(paper.odd))


if __name__ == "__main__":
    sys.exit(asyncio.run(weekend()))
