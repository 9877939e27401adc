"""The courier: claims what fell due, asks the coach for the words, sends, and notes what became of it."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.clock import Tick
from bot.metrics import Tally
from bot.paced import paced
from coaching.people import Place
from coaching.ports import Found, Later, Looks, Post, Posted, Trouble
from coaching.values import Due, Letter
from storage import conversations, falling_due, leaving, ledger, orphans, promises, remarks
from storage.db import Database, StorageError
from storage.engine import Engine, Pump
from storage.falling_due import Fresh
from storage.forgotten import forgotten
from storage.ledger import Claim, Outcome
from storage.letter_key import letter_key_of
from storage.orphans import Among
from storage.together import Together

Remind: TypeAlias = Callable[[Due, datetime], Awaitable[Letter | None]]  # Coach.remind

_LEASE = timedelta(seconds=60)  # posts must give up well before it is over
_SWEEP = timedelta(seconds=2)  # how often letters are looked for whose sender is gone
_SETTLED = timedelta(seconds=0.5)  # what a process sent as it died has arrived by then, or never does
_A_LITTLE = 0.02  # seconds
_TOGETHER = 0.004  # seconds in which those that begin at a time have said so
_CLOCKS = timedelta(minutes=10)  # a platform's clock may be that much behind ours
_MOST_PARKED = 100  # workspaces a claim names; a letter for another one is claimed, and put back

_MEANS = {
    Found.THERE: Posted.SENT,
    Found.NOT_THERE: Later(0),
    Found.CANNOT_TELL: Posted.UNKNOWN,
}


@dataclass(slots=True, eq=False)
class Courier:
    """Delivers letters for the platforms it has a Post for. Several couriers may share a database."""

    database: Database
    remind: Remind
    posts: Mapping[str, Post]
    trouble: Trouble
    now: Callable[[], datetime]
    drawn: bytes  # makes the marker on a letter opaque, unless the database keeps such a key already
    width: int = 20  # letters on their way at a time
    lease: timedelta = _LEASE
    alone: bool = False  # no other process sends: what is on its way at the start belongs to a dead one
    engine: Engine = field(default_factory=Pump)
    monotonic: Callable[[], float] = time.monotonic
    tally: Tally = field(default_factory=Tally)
    _key: bytes = b""
    _flying: set[int] = field(default_factory=set)  # deliveries that are on their way from here
    _parked: dict[tuple[str, str], float] = field(default_factory=dict)  # (platform, tenant), until when
    _recovery: asyncio.Task[None] | None = None
    _begun: Together[int, Claim | None] = field(init=False)
    _standing: Together[Claim, bool] = field(init=False)
    _settled: Together[tuple[Claim, Outcome], bool] = field(init=False)

    def __post_init__(self) -> None:
        """Letters share transactions: what many need at the same moment is asked once."""
        self._begun = Together(
            self.database,
            lambda c, these: ledger.begin(c, these, self.now(), self.lease, tuple(self.posts)),
            _TOGETHER,
        )
        self._standing = Together(self.database, ledger.standing)
        self._settled = Together(self.database, lambda c, these: ledger.settle(c, these, self.now()))

    def ticks(self) -> tuple[Tick, ...]:
        """What the clock has to wake."""
        return (
            Tick("fall_due", timedelta(seconds=1), self.fall_due),
            Tick("deliver", timedelta(seconds=1), self.deliver),
            Tick("reap", min(_SWEEP, self.lease / 4), self.reap),
            Tick("tidy", timedelta(days=1), self.tidy),
        )

    async def fall_due(self) -> None:
        """Note what fell due."""
        while await self.database.transact(
            lambda c: falling_due.materialise(c, self.now(), self.engine.enqueue)
        ):
            pass

    async def deliver(self) -> None:
        """Note what fell due and set all of it on its way, `width` letters at a time."""
        await self.fall_due()
        await self.engine.run(self)

    async def landed(self, patience: float = 30.0) -> None:
        """Take no more letters, and wait until none is on its way: before the process ends."""
        if self._recovery is not None:
            self._recovery.cancel()
        await self.engine.stop(patience)
        await self._settled.idle()

    async def start(self) -> None:
        """Before the first letter: what a process that died had in hand need not wait for its lease."""
        if not self.alone:
            return
        try:
            wait = _settles()
            left = await self.database.transact(lambda c: orphans.abandon(c, self.now() + wait))
        except StorageError as error:  # they wait for the end of their leases, then
            self.trouble("courier.start", error)
            return
        if left:
            self._recovery = asyncio.get_running_loop().create_task(self._recover(wait))

    async def reap(self) -> None:
        """What a sender that is gone left behind is looked for, where that can be; else it is unknown."""
        flying = tuple(self._flying)  # a clock that was set forward must not take these from us
        seeing = tuple(name for name, post in self.posts.items() if isinstance(post, Looks))
        blind = tuple(name for name in self.posts if name not in seeing)
        while claims := await self.database.transact(
            lambda c: orphans.doubtful(c, self.now(), self.width, self.lease, Among(seeing, flying))
        ):
            await asyncio.gather(*(self._look(claim) for claim in claims))
        await self._settled.idle()
        lost = await self.database.transact(lambda c: orphans.reap(c, self.now(), Among(blind, flying)))
        self.tally.reaped(lost)

    async def tidy(self) -> None:
        """Drop old history and who left long ago, and empty the log that may still hold it."""
        for old in (ledger.tidy, conversations.tidy, promises.tidy, remarks.tidy):
            await self.database.transact(lambda c, tidy=old: tidy(c, self.now()))
        while await self.database.transact(lambda c: leaving.tidy(c, self.now())):
            pass
        await self.database.scrub()

    async def _recover(self, wait: timedelta) -> None:
        await asyncio.sleep(wait.total_seconds() + _A_LITTLE)
        try:
            await self.reap()
            await self.deliver()
        except StorageError as error:  # the ticks go on with it
            self.trouble("courier.start", error)

    # ------------------------------------------------------------------ for the engine

    async def take(self, most: int) -> Sequence[Claim]:
        """Claim what is due next; a workspace that wants nothing for a while is left out."""
        self._parked = {who: until for who, until in self._parked.items() if until > self.monotonic()}
        parked = tuple(self._parked)[-_MOST_PARKED:]
        return await self.database.transact(
            lambda c: ledger.claim(c, self.now(), most, self.lease, tuple(self.posts), parked=parked)
        )

    async def begin(self, delivery: int) -> Claim | None:
        """Claim this one, together with all that are asked for at the moment."""
        return await self._begun.ask(delivery)

    async def forgotten(self, since: timedelta, most: int) -> Sequence[Fresh]:
        """What an engine was to bring, and did not."""
        return await self.database.transact(
            lambda c: forgotten(c, self.now(), since, most, tuple(self.posts))
        )

    async def carry(self, claim: Claim, started: float) -> None:
        """Send it; what became of it is noted together with others, while the next letter is on its way."""
        self._flying.add(claim.due.delivery)
        try:
            outcome = await self._send(claim, started)
        finally:
            self._flying.discard(claim.due.delivery)
        if outcome is Posted.UNKNOWN and isinstance(self._post(claim), Looks):
            return  # it stays claimed, and is looked for when its lease is over
        self._settle(claim, outcome)

    # ------------------------------------------------------------------ one letter

    def _post(self, claim: Claim) -> Post:
        return self.posts[claim.due.schedule.to.platform]

    def _settle(self, claim: Claim, outcome: Outcome) -> None:
        number = claim.due.delivery
        self._flying.add(number)  # ours until it is noted

        def noted(answer: asyncio.Future[bool]) -> None:
            self._flying.discard(number)
            if (error := answer.exception()) is not None:
                self.trouble("courier.settle", error)  # it is looked into when the lease is over
            elif answer.result():
                self.tally.settled(outcome)

        self._settled.ask((claim, outcome)).add_done_callback(noted)

    async def _look(self, claim: Claim) -> None:
        """Whether a letter arrived whose sender never said so; if it surely did not, it is sent again."""
        post, to = self._post(claim), claim.due.schedule.to
        found = Found.CANNOT_TELL
        try:
            mark = marker(await self._kept(), claim.due)
            async with asyncio.timeout(self.lease.total_seconds() / 4):
                if isinstance(post, Looks):
                    found = await post.find(to, mark, claim.started_at - _CLOCKS)
        except Exception as error:  # noqa: BLE001 - told, and looked for again
            self.trouble("courier.look", error)
            found = Found.NOT_NOW
        if found is not Found.NOT_NOW:
            self._settle(claim, _MEANS[found])
        elif claim.started_at < self.now() - ledger.GRACE:  # it would come too late now anyway
            self._settle(claim, Posted.UNKNOWN)

    async def _send(self, claim: Claim, started: float) -> Outcome:
        """What became of it; None if it was not wanted. What fails before the post was certainly not sent."""
        try:
            if wait := await self._wait(claim):
                return Later(wait)
            letter = await self._letter(claim)
        except Exception as error:  # noqa: BLE001 - told, and tried again later
            self.trouble("courier.letter", error)
            return Posted.LATER
        if letter is None:
            return None
        left = self._left(claim, started)
        if left < 0:
            return Posted.LATER  # too long: somebody else may have given us up
        letter = replace(letter, leave_by=self.monotonic() + left)  # the post looks again, last of all
        try:
            async with asyncio.timeout(self.lease.total_seconds() / 4):
                posted = await self.posts[letter.to.platform].post(letter)
        except Exception as error:  # noqa: BLE001 - it may have arrived
            self.trouble("courier.post", error)
            return Posted.UNKNOWN
        if isinstance(posted, Later):
            self._park(letter.to, posted.seconds)
        return posted

    def _left(self, claim: Claim, started: float) -> float:
        """Within how many seconds it has to leave: half the lease after the claim, by either clock."""
        slept = max(self.monotonic() - started, (self.now() - claim.started_at).total_seconds())
        return self.lease.total_seconds() / 2 - slept

    def _park(self, to: Place, seconds: float) -> None:
        """The platform wants nothing for this workspace for a while; the others go on meanwhile."""
        whose, until = (to.platform, to.tenant), self.monotonic() + seconds
        self._parked[whose] = max(until, self._parked.pop(whose, until))

    async def _wait(self, claim: Claim) -> float:
        """For how long a claimed letter is put back: an engine may name one of a workspace that rests."""
        post, to = self._post(claim), claim.due.schedule.to
        rest = self._parked.get((to.platform, to.tenant), 0.0) - self.monotonic()
        if rest > 0:
            return rest
        return await post.turn(to) if paced(post) else 0.0

    async def _letter(self, claim: Claim) -> Letter | None:
        """The words, if the letter is still wanted when they are found."""
        letter = await self.remind(claim.due, self.now())
        mark = marker(await self._kept(), claim.due)
        if letter is None or not await self._standing.ask(claim):
            return None
        return replace(letter, marker=mark)

    async def _kept(self) -> bytes:
        """The key of the markers: the same after a new start and in every process."""
        self._key = self._key or await self.database.transact(lambda c: letter_key_of(c, self.drawn))
        return self._key


def _settles() -> timedelta:
    """How long to wait yet: whoever died did so before this process began, and has been dead while it ran."""
    return max(timedelta(0), _SETTLED - timedelta(seconds=time.process_time()))


def marker(secret: bytes, due: Due) -> str:
    """An opaque id of a delivery, the same each time: to find a letter again on its platform."""
    told = f"{due.delivery}:{due.schedule.id}:{due.occurrence}".encode()
    return hmac.new(secret, told, hashlib.sha256).hexdigest()[:32]
