"""A newcomer's game, remark and promise as Teams draws them; the pictures lie in pytest's --basetemp."""

import asyncio
import json
import shutil

import pytest

from tests.players.playground import ENABLE, MISSING, PEER
from tests.players.teams import CHANNEL, TeamsPlayer
from tests.players.teams_api import idle

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}; enable with: {ENABLE}")

GAME = (
    "As per our policy you have to pay. Calm down.",
    "I am sorry, a bill three times as high is a shock. I can check the reading with you now.",
    "That must be hard to plan with. I have stopped the payment, and I send the new bill by Friday.",
)


async def test_a_person_can_see_it(coach, api, teams, tmp_path):
    """Every line of every card is in its picture."""
    player = TeamsPlayer(api, lambda: idle(teams))
    cards = {}

    def look(name):
        posted = api.connector.posted[-1][1]["attachments"][0]["content"]
        cards[name] = player.dialog["card"] if player.dialog else posted

    await played(player, look)
    await noted(player, look)
    await promised(player, look)
    await player.open("home")
    look("home")
    await player.say("my rules")
    look("rules")
    for name, shown in (await drawn(cards, tmp_path)).items():
        hidden = [
            line for line in lines(cards[name]) if " ".join(line.split()) not in " ".join(shown.split())
        ]
        assert not hidden, f"{name}: not in the picture: {hidden}"
        assert (tmp_path / f"{name}.png").stat().st_size > 3_000


async def played(player, look):
    await player.command("practice")
    look("practice-pick")
    screen = await player.fill({"who": "energy", "level": "1"})
    for number, words in enumerate(GAME, 1):
        if screen.form is None:
            break
        look(f"practice-{number}")
        screen = await player.fill({f"reply{number}": words})
    assert "What worked" in screen.text
    look("practice-end")


async def noted(player, look):
    await player.hand("The app keeps crashing. Write to ana@example.org", own=False, remark=True)
    look("remark")
    await player.fill({"channel": CHANNEL})
    look("remark-kept")


async def promised(player, look):
    await player.say("review: I am sorry about the wait. I'll get back to you tomorrow.")
    look("promise-offered")
    await player.tap("Remind me of it")
    look("promise")
    await player.fill({"day": "2036-03-05", "time": "15:00", "zone": "Europe/Berlin"})
    look("promise-kept")
    await player.say("my promises")
    look("promises")


async def drawn(cards, folder):
    """The text of each picture."""
    process = await asyncio.create_subprocess_exec(
        *("node", PEER / "draw.mjs", folder, shutil.which("chromium")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate(json.dumps(cards).encode())
    assert process.returncode == 0
    return json.loads(told)


def lines(value):
    """Every text a card shows."""
    if isinstance(value, list):
        for part in value:
            yield from lines(part)
    elif isinstance(value, dict):
        yield from (value[key] for key in ("text", "title", "label") if isinstance(value.get(key), str))
        yield from lines(
            [part for name, part in value.items() if name not in ("data", "fallback", "msteams")]
        )
