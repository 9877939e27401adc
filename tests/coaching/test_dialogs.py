"""Every dialog, played straight against the coach."""

import pytest

from tests.players.dialog import DIALOGS, play, read
from tests.players.straight import StraightPlayer


@pytest.mark.parametrize("path", DIALOGS, ids=lambda p: p.stem)
async def test_dialog(path, coach):
    dialog = read(path)
    await play(dialog, StraightPlayer(coach, channel=dialog.channel), coach)
