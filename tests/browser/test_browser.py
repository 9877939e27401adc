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


async def test_the_page_in_a_browser(playbook, tmp_path):
    """By keyboard alone, by day, at night and at 360 px: no fault, nothing foreign, unnamed or pale."""
    inbox, stage, minutes = Inbox(), Stage(playbook), count()
    async with served(
        build(stage, inbox, "a token", lambda: START + timedelta(minutes=next(minutes))), inbox
    ) as address:
        play = await asyncio.create_subprocess_exec(
            "node", str(HERE / "play.mjs"), address, str(tmp_path), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asyncio.wait_for(play.communicate(), 120)
    assert play.returncode == 0, told.decode()
    assert len(list(tmp_path.glob("*.png"))) >= 40
    assert not stage.troubles
