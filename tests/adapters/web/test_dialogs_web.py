"""Every dialog, played through the playground's HTTP."""

import pytest

from adapters.web.inbox import Inbox
from tests.players.dialog import DIALOGS, play, read

PLAYED = [path for path in DIALOGS if not read(path).only or "web" in read(path).only]


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, coach, playing):
    """What is promised in a dialog holds in the playground."""
    dialog = read(path)
    inbox = Inbox()
    coach.post = inbox
    async with playing(coach, inbox, channel=dialog.channel) as player:
        await play(dialog, player)
