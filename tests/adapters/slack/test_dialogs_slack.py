"""Every dialog, played through signed requests over HTTP."""

import pytest

from tests.players.dialog import DIALOGS, play, read
from tests.players.slack import SlackPlayer

PLAYED = [path for path in DIALOGS if not read(path).only or "slack" in read(path).only]


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, coach, gate, api, slack):
    """What is on the screen in Slack is what the dialog says."""
    dialog = read(path)
    coach.post = slack.post
    player = SlackPlayer(gate, api, dialog.channel, installed=slack.installed)
    await play(dialog, player, coach)
