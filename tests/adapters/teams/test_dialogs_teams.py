"""Every dialog, played through signed activities over HTTP."""

import asyncio

import pytest

from tests.players.dialog import DIALOGS, play, read
from tests.players.teams import TeamsPlayer

PLAYED = [path for path in DIALOGS if not read(path).only or "teams" in read(path).only]


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, api, teams):
    """What is on the screen in Teams is what the dialog says."""
    dialog = read(path)
    await play(dialog, TeamsPlayer(api, lambda: idle(teams), dialog.channel))


async def idle(teams):
    """Until the door has nothing left in its queues."""
    while teams.asgi.lanes.waiting:
        await asyncio.sleep(0.002)
