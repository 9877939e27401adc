"""Breather in many Slack workspaces, as the program puts it together, but for its clock."""

import contextlib
import json
from dataclasses import dataclass

from sqlalchemy import select

from bot import assembly, web
from bot.house import House
from bot.settings import read_settings
from storage.db import open_database
from storage.tables import person
from storage.vault import new_key
from tests.players.serving import served
from tests.players.slack_api import CLIENT, NOW, SECRET, post

KEYS = (new_key(), new_key())


class Clock:
    def __init__(self):
        self.time = NOW

    def __call__(self):
        return self.time


def environment(url, api=None, **more):
    known = {"DATABASE_URL": url, "SLACK_CLIENT_ID": CLIENT[0], "SLACK_CLIENT_SECRET": CLIENT[1]}
    known |= {"SLACK_SIGNING_SECRET": SECRET, "BREATHER_VAULT_KEYS": KEYS[0]}
    return known | ({"SLACK_API_URL": f"{api.url}/api/"} if api else {}) | more


@dataclass
class Running:
    """A whole process but for its clock: its address, and its ticks by name."""

    address: str
    ticks: dict
    house: House
    clock: Clock
    app: object

    async def tick(self, name):
        await self.ticks[f"slack_{name}"]()

    async def say(self, payload):
        return await post(self.address, json.dumps(payload).encode(), form=False)

    async def people(self):
        """The tenants of everybody who is kept."""
        return await self.house.database.transact(
            lambda c: sorted(c.execute(select(person.c.tenant)).scalars())
        )


@contextlib.asynccontextmanager
async def process(url, api, clock, **more):
    settings = read_settings(environment(url, api, **more))
    made = assembly.build_house(settings, open_database(url))
    try:
        made.add(assembly.slack(made, settings, socket_mode=False))
        for platform in made.platforms:
            await platform.start()
        routes = [route for platform in made.platforms for route in platform.routes]

        async def ready():
            return ""

        app = web.application(routes, ready, contextlib.nullcontext)
        async with served(app) as address:
            yield Running(address, {tick.name: tick.run for tick in made.clock.ticks}, made, clock, app)
    finally:
        await made.stop()
