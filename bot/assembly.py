"""Builds the coach, its memory and the platforms; the only file that knows them all."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import Clock
from bot.courier import Courier
from bot.logs import trouble
from bot.settings import Settings
from coaching.coach import Coach, Rounds
from coaching.playbook.reader import Playbook, read
from coaching.ports import Post, Posted
from coaching.turn import Setup
from coaching.values import Letter
from storage.db import Database
from storage.memory import SqlMemory


def now() -> datetime:
    """The time, aware, in UTC: the only clock the product reads."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Posts:
    """One Post for all platforms: a letter goes out through the one its place belongs to."""

    by_platform: Mapping[str, Post]

    async def post(self, letter: Letter) -> Posted:
        """Send through the letter's platform; one that is switched off sends later."""
        post = self.by_platform.get(letter.to.platform)
        return Posted.LATER if post is None else await post.post(letter)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every way of running needs."""

    playbook: Playbook
    coach: Coach
    clock: Clock


def assemble(settings: Settings, database: Database, posts: Mapping[str, Post], *, demo: bool) -> Parts:
    """Put the parts together. Raises PlaybookError where the playbook has faults."""
    playbook = read()
    post = Posts(posts)
    setup = Setup(settings.contacts, settings.country, demo)
    rounds = Rounds(secrets.token_bytes(32))
    coach = Coach(playbook, SqlMemory(database), post, trouble, rounds, setup)
    return Parts(playbook, coach, Clock(Courier(database, coach, post, now)))
