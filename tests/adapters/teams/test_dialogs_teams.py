"""Every dialog, played through signed activities over HTTP."""

import pytest

from tests.players.dialog import DIALOGS, play, read
from tests.players.teams import TeamsPlayer
from tests.players.teams_api import idle

PLAYED = [path for path in DIALOGS if not read(path).only or "teams" in read(path).only]


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, api, teams):
    """What is on the screen in Teams is what the dialog says."""
    dialog = read(path)
    await play(dialog, TeamsPlayer(api, lambda: idle(teams), dialog.channel))
