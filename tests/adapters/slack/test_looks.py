"""What we send, as a browser shows it in local-slack; the pictures lie in pytest's --basetemp folder."""

import asyncio
import shutil
from html import unescape
from pathlib import Path

import pytest

from tests.players.local_slack import BINARY, INSTALL, PEER, running
from tests.players.slack import DATE

CHROMIUM = shutil.which("chromium")
READY = BINARY.exists() and (PEER / "node_modules/playwright-core").exists() and CHROMIUM is not None
pytestmark = pytest.mark.skipif(not READY, reason=f"needs Debian's chromium, node and: {INSTALL}")


async def look(player, place, picture):
    """A picture of one place, and the text that stands on it."""
    process = await asyncio.create_subprocess_exec(
        *("node", PEER / "look.mjs", player.peer.url, place, picture, CHROMIUM),
        stdout=asyncio.subprocess.PIPE,
    )
    shown, _ = await process.communicate()
    assert process.returncode == 0
    return DATE.sub(r"\1", shown.decode())  # where Slack shows an instant, this client shows the sign for it


async def shown(player, does):
    """What somebody does to see it, and the screen they then have."""
    match does:
        case "practice":
            await player.command("practice")
            return await player.fill({"who": "energy", "level": "1"})
        case "remark":
            return await player.command("heard the app keeps crashing")
        case "promise":
            await player.command("review I am sorry about the wait. I'll get back to you tomorrow.")
            await player.tap("Remind me of it")
            return await player.fill({"day": "2036-03-05", "time": "15:00", "zone": "Europe/Berlin"})
        case "home":
            await player.command("remind")
            slot = {"days": ["1", "2", "3", "4", "5"], "time": "09:00", "zone": "Europe/Berlin"}
            assert "Your daily tip is set" in (await player.fill(slot)).text
            await player._close()
            return await player.open("home")
        case _:
            return await player.command(does)


@pytest.mark.parametrize("does", ["vent", "review", "home", "setup", "practice", "remark", "promise"])
async def test_a_person_can_see_it(does, coach, tmp_path):
    """Every line of the modal, the answer or the Home page is on the screen."""
    async with running(coach, tmp_path) as (player, _):
        player.channel = True
        screen = await shown(player, does)
        picture = tmp_path / f"{does}.png"
        page = await look(player, "breather" if does == "home" else "support", picture)
        if does == "home":  # looking at it has opened it once more
            screen = await player.open("home")
    lines = [unescape(line).strip().lstrip("> ") for line in screen.text.splitlines() if line.strip()]
    assert lines
    hidden = [line for line in lines if line not in page]
    assert not hidden, f"not on the screen: {hidden}"
    assert Path(picture).stat().st_size > 10_000
