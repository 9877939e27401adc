"""Every dialog, played through the playground's HTTP."""

import pytest

from adapters.web.inbox import Inbox
from coaching.ports import Posted
from tests.players.dialog import DIALOGS, play, read

PLAYED = [path for path in DIALOGS if not read(path).only or "web" in read(path).only]


class Counted:
    """The playground's post, which also counts what it took."""

    def __init__(self, inbox):
        self.inbox, self.count = inbox, 0

    async def post(self, letter):
        posted = await self.inbox.post(letter)
        self.count += posted is Posted.SENT
        return posted


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, coach, playing):
    """What is promised in a dialog holds in the playground."""
    dialog = read(path)
    inbox = Inbox()
    coach.post = Counted(inbox)
    async with playing(coach, inbox, channel=dialog.channel, letters=coach.post) as player:
        await play(dialog, player, coach)
