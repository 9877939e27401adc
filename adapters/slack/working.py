"""While an answer takes long: Slack shows that the coach is at it, and the stop button ends it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.asides import Stopped
from adapters.slack.incoming import Inbound, Way
from adapters.slack.manners import Manners
from coaching.people import Person
from coaching.playbook.wording import Wording
from coaching.values import Form, Para, Reply

PATIENCE = 1.0  # seconds; an answer that comes sooner needs no status, and costs no call


@dataclass(slots=True, eq=False)
class _Run:
    """One answer under way."""

    inbound: Inbound
    task: asyncio.Task[Any]
    told: asyncio.Task[None] | None = None  # Slack was told that it takes a while
    stopped: bool = False


@dataclass(slots=True)
class Working:
    """Watches answers in Slack's agent view. Elsewhere nobody waits without a window of their own."""

    manners: Manners
    wording: Wording
    agent_view: bool
    patience: float = PATIENCE
    _runs: dict[Person, set[_Run]] = field(default_factory=dict)

    async def watch(
        self, inbound: Inbound, work: Coroutine[Any, Any, tuple[Reply | Form, ...]]
    ) -> tuple[Reply | Form, ...]:
        """What `work` answers, or one line if the person stops it."""
        task = asyncio.current_task()
        if not self.agent_view or inbound.way is not Way.TALK or not inbound.thread or task is None:
            return await work
        run, who = _Run(inbound, task), inbound.message.who
        self._runs.setdefault(who, set()).add(run)
        alarm = asyncio.get_running_loop().call_later(self.patience, self._long, run)
        try:
            return await work
        except asyncio.CancelledError:
            if not run.stopped or task.uncancel():
                raise
            return (Reply((Para(self.wording.say("slack.stopped")),)),)
        finally:
            alarm.cancel()
            self._forget(who, run)
            if run.told is not None:
                await run.told
                await self._status(who, inbound.channel, inbound.thread, "active")

    async def stop(self, pressed: Stopped) -> None:
        """End what runs for this person there. Where nothing does, the status alone is put right."""
        here = [run for run in self._runs.get(pressed.who, ()) if run.inbound.thread == pressed.thread]
        for run in here:
            run.stopped = True
            run.task.cancel()
        if not here and self.agent_view and pressed.channel and pressed.thread:
            await self._status(pressed.who, pressed.channel, pressed.thread, "active")

    def _long(self, run: _Run) -> None:
        inbound = run.inbound
        told = self._status(inbound.message.who, inbound.channel, inbound.thread, "processing")
        run.told = asyncio.get_running_loop().create_task(told)

    async def _status(self, who: Person, channel: str, thread: str, status: str) -> None:
        where = {"channel_id": channel, "thread_ts": thread}
        await self.manners.call(who.tenant, "agents.sessions.setStatus", 2, status=status, **where)

    def _forget(self, who: Person, run: _Run) -> None:
        runs = self._runs[who]
        runs.discard(run)
        if not runs:
            del self._runs[who]
