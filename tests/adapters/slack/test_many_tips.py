"""Ten thousand tips in fifty workspaces, by a clock that jumps: no 429, and nobody waits longer for it."""

import asyncio
import heapq
import random
from datetime import date

import pytest

from adapters.slack.manners import Manners
from adapters.slack.pace import Pace
from adapters.slack.sender import Sender
from adapters.slack.tiers import read_tiers
from coaching.people import Place
from coaching.ports import Later, Posted
from coaching.values import Letter, Para, Reply
from tests.players.fast_forward import fast_forward
from tests.players.strict_slack import StrictSlack

WORKSPACES, PEOPLE, WIDTH = 50, 200, 20
LINE = Reply((Para(("A tip.",)),))


def place(number):
    return Place("slack", f"T{number // PEOPLE}", f"U{number}")


class Town:
    """Tips as the courier brings them, so many at a time, and people who write meanwhile."""

    def __init__(self, clock, playbook, **limits):
        self.clock, self.waits, self.back = clock, [], 0
        self.slack = StrictSlack(clock)
        self.slack.allowed.update(limits)
        self.manners = Manners(self.slack, Pace(read_tiers(), clock, asyncio.sleep))
        self.sender = Sender(self.manners, playbook.wording)
        self.due = []

    async def deliver(self):
        """What comes back as "later" waits its time, as in the ledger."""
        self.due = [(0.0, n) for n in range(WORKSPACES * PEOPLE)]  # all at nine
        flying = set()
        while self.due or flying:
            while self.due and self.due[0][0] <= self.clock() and len(flying) < WIDTH:
                flying.add(asyncio.ensure_future(self.carry(heapq.heappop(self.due)[1])))
            if len(flying) == WIDTH or not self.due:
                _, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(1)
                flying = {task for task in flying if not task.done()}

    async def carry(self, number):
        if wait := await self.sender.turn(place(number)):
            self.back += 1
            heapq.heappush(self.due, (self.clock() + wait, number))
            return
        outcome = await self.sender.post(Letter(place(number), "A1", date(2026, 3, 2), LINE, f"m{number}"))
        if isinstance(outcome, Later):
            self.back += 1
            heapq.heappush(self.due, (self.clock() + outcome.seconds, number))
        else:
            assert outcome is Posted.SENT

    async def write(self, tenant, seed):
        """Somebody of a workspace writes or opens a window every few seconds, now and then many at once."""
        chance = random.Random(seed)
        while True:
            await asyncio.sleep(chance.uniform(1, 6))
            await asyncio.gather(
                *(self.ask(tenant, chance.random()) for _ in range(chance.choice((1, 1, 4))))
            )

    async def ask(self, tenant, what):
        asked = self.clock()
        if what < 0.3:
            called = await self.manners.call(tenant, "views.open", 2.5)
        else:
            called = await self.manners.call(tenant, "chat.postMessage", 10, channel=f"D{what}")
        assert called.ok
        self.waits.append(self.clock() - asked - self.slack.latency)


def play(playbook, seconds, *, tips, known=False, **limits):
    async def main(clock):
        town = Town(clock, playbook, **limits)
        for number in range(WORKSPACES * PEOPLE if known else 0):
            town.sender.know(place(number), f"DU{number}")
        people = [asyncio.ensure_future(town.write(f"T{n}", n)) for n in range(WORKSPACES)]
        took = 0.0
        if tips:
            await town.deliver()
            took = clock()
        await asyncio.sleep(max(0.0, seconds - clock()))
        for task in people:
            task.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        return town, took

    return fast_forward(main)


def late(waits):
    return sorted(waits)[int(len(waits) * 0.99)]


@pytest.mark.parametrize(
    ("known", "most"), [(True, 90), (False, 360)], ids=["every other day", "the first day"]
)
def test_ten_thousand_tips(known, most, playbook):
    """Every tip once, not one 429, and the 99th of a hundred who write waits no longer than without tips.

    The first time a process writes to somebody it opens the chat, which Slack allows 50 times a minute.
    """
    town, took = play(playbook, 300, tips=True, known=known)
    alone, _ = play(playbook, 300, tips=False)
    sent = [n for (_, channel), n in town.slack.posts.items() if channel.startswith("DU")]
    assert (len(sent), set(sent)) == (WORKSPACES * PEOPLE, {1})
    assert not town.slack.refused
    assert late(town.waits) <= late(alone.waits) + 1e-6
    assert len(town.waits) > 3000
    assert town.back <= WORKSPACES * PEOPLE * 1.1  # hardly any is sent away twice
    assert took < most


@pytest.mark.parametrize("allowed", [120, 200])
def test_a_slack_that_allows_less_than_we_thought(allowed, playbook):
    """The first 429s are probing ones: a pause and a slower pace, then none."""
    town, _ = play(playbook, 300, tips=True, known=True, **{"chat.postMessage": allowed})
    assert sum(town.slack.posts.values()) >= WORKSPACES * PEOPLE
    assert 0 < sum(town.slack.refused.values()) <= 3 * WORKSPACES  # 200 tips each
