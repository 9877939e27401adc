"""Every dialog, played through signed activities over HTTP."""

import pytest

from adapters.teams.references import Reference
from tests.players.dialog import DIALOGS, MONDAY, play, read
from tests.players.signing import TENANT
from tests.players.teams import CHANNEL, TeamsPlayer
from tests.players.teams_api import idle

PLAYED = [path for path in DIALOGS if not read(path).only or "teams" in read(path).only]


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, coach, api, teams):
    """What is on the screen in Teams is what the dialog says."""
    dialog = read(path)
    coach.post, teams.desk.now = teams.post, lambda: MONDAY
    await teams.desk.references.remember(
        Reference(TENANT, CHANNEL, "channel", api.connector.url, "28:breather")
    )
    await teams.desk.references.remember(
        Reference(TENANT, "a:U1", "personal", api.connector.url, "28:breather", "29:U1", "U1")
    )
    await play(dialog, TeamsPlayer(api, lambda: idle(teams), dialog.channel), coach)
