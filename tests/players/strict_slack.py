"""Slack as its limits are enforced: so many calls of a method in any minute, else 429."""

import asyncio
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from itertools import count

from adapters.slack.calls import RATELIMITED, Called

ALLOWED = {"conversations.open": 50, "views.open": 100, "chat.postMessage": 525}  # in a minute and workspace
IN_CHANNEL = (4, 3.0)  # posts in so many seconds: one a second, short bursts allowed


@dataclass
class StrictSlack:
    """Stands where `Calls` stands. Every answer takes a moment."""

    clock: object
    latency: float = 0.15
    allowed: dict = field(default_factory=lambda: dict(ALLOWED))
    pause: float = 30.0  # the Retry-After of a 429
    posts: Counter = field(default_factory=Counter)  # (workspace, channel)
    refused: Counter = field(default_factory=Counter)  # method
    _calls: dict = field(default_factory=lambda: defaultdict(deque))
    _ids: count = field(default_factory=lambda: count(1))

    async def call(self, tenant, method, seconds, **body):
        await asyncio.sleep(self.latency)
        if not self._within((tenant, method), self.allowed[method], 60.0):
            return self._refuse(method)
        if method == "chat.postMessage":
            where = (tenant, body["channel"])
            if not self._within(where, *IN_CHANNEL):
                return self._refuse(method)
            self.posts[where] += 1
        return Called(data={"channel": {"id": f"D{body.get('users')}"}, "ts": str(next(self._ids))})

    def _within(self, key, most, span):
        calls, now = self._calls[key], self.clock()
        while calls and calls[0] <= now - span:
            calls.popleft()
        if len(calls) >= most:
            return False
        calls.append(now)
        return True

    def _refuse(self, method):
        self.refused[method] += 1
        return Called(RATELIMITED, wait=self.pause)
