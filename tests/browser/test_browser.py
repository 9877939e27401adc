"""The page in a real browser, by keyboard; the screenshots stay in pytest's temporary folder."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from adapters.web.app import build
from adapters.web.inbox import Inbox
from tests.players.stage import Stage
from tests.players.web import served

HERE = Path(__file__).parent
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MISSING = [
    name
    for name, there in (
        ("node", shutil.which("node")),
        ("chromium", Path("/usr/bin/chromium").exists()),
        ("playwright-core", (HERE / "node_modules" / "playwright-core").is_dir()),
    )
    if not there
]
ENABLE = "apt-get install -y nodejs npm chromium && npm ci --ignore-scripts --prefix tests/browser"

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}; enable with: {ENABLE}")


async def played(coach, inbox, parts, folder):
    steps = count()  # between two vents more than an hour passes
    app = build(coach, inbox, "a token", lambda: START + timedelta(minutes=20 * next(steps)))
    async with served(app, inbox) as address:
        play = await asyncio.create_subprocess_exec(
            "node", str(HERE / "play.mjs"), address, str(folder), parts, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asyncio.wait_for(play.communicate(), 120)
    assert play.returncode == 0, told.decode()
    return sorted(path.stem for path in folder.glob("*.png"))


async def test_the_coach_in_a_browser(coach, tmp_path):
    """By keyboard, by day, at night, at 360 px: no fault, nothing foreign, unnamed, pale or too wide."""
    coach.post = Inbox()
    shots = await played(
        coach, coach.post, "chat,vent,review,reminders,team,settings,practice,growing,said", tmp_path
    )
    assert {
        "chat",
        "vent-1",
        "vent-shredding",
        "review-result",
        "settings",
        "dark-chat",
        "narrow-chat",
        "narrow-said",
        "practice-4",
        "heard-2",
        "narrow-promises",
        "mine",
    } <= set(shots)


async def test_every_kind_of_field_in_a_browser(playbook, tmp_path):
    """The same for every kind of field; a text that is too long says so."""
    shots = await played(Stage(playbook), Inbox(), "kinds", tmp_path)
    assert {"kinds", "dark-kinds-end", "narrow-kinds-end"} <= set(shots)
