"""The whole product behind a Teams client nobody here wrote, with every activity signed and checked."""

import asyncio
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from tests.players.playground import ENABLE, MISSING, PEER, button, sent, teams, text_of

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}; enable with: {ENABLE}")

DRAFT = "As per our policy you have to wait. Calm down."
CUSTOMER = "My parcel is three weeks late and nobody answers."
VENTED = "heliotrope-canary: he shouted at me about a sticker"


async def test_a_day_with_breather(tmp_path):
    """Install, review, vent, tip, reminder, channel: each arrives; what is not signed does not."""
    async with teams(tmp_path) as peer:
        await installed(peer)
        await reviewed_in_the_chat(peer)
        await reviewed_from_the_compose_box(peer)
        await vented(peer)
        await tipped(peer)
        await reminded(peer, tmp_path)
        await mentioned(peer)
        await tipped_the_team(peer)
        await strangers_stay_outside(peer)
        assert len(peer.proxy.tokens) == 1, "the app's own token is fetched once and kept"
        assert {status for _, status in peer.proxy.passed} <= {200, 202, 401}
    left = b"".join(path.read_bytes() for path in (tmp_path / ".breather").iterdir())
    left += (tmp_path / "log").read_bytes()
    for words in (DRAFT, CUSTOMER, VENTED, "heliotrope"):
        assert words.encode() not in left


async def installed(peer):
    """Teams tells an installation twice; there is one hello."""
    await peer.install()
    await peer.shown("Hello, I am Breather")
    await peer.say("help", "What I can do")
    assert sum("Hello, I am Breather" in text_of(said) for _, said in peer.said) == 1


async def reviewed_in_the_chat(peer):
    _, said = await peer.say(f"Customer: {CUSTOMER} Me: {DRAFT}", "One thing to change")
    assert "policy" in text_of(said)
    assert said["feedbackLoopEnabled"]


async def reviewed_from_the_compose_box(peer):
    """The message extension: a dialog, its result, and the draft back in the compose box."""
    about = {"commandId": "reviewReply", "commandContext": "compose"}
    dialog = (await peer.invoke("composeExtension/fetchTask", about))["task"]["value"]
    data = sent(dialog["card"]["content"], {"customer": CUSTOMER, "draft": DRAFT})
    result = await peer.invoke("composeExtension/submitAction", {**about, "data": data})
    shown = result["task"]["value"]["card"]["content"]
    assert "One thing to change" in text_of(shown)
    put = button(shown, "Put it in my message")
    mended = {**put["data"], "filled": "I am sorry it is so late. I call the depot now."}
    inserted = await peer.invoke("composeExtension/submitAction", {**about, "data": mended})
    assert inserted["composeExtension"]["type"] == "result"


async def vented(peer):
    """A dialog and its steps; the Playground has no such button, so its custom activities carry them."""
    _, offer = await peer.say("vent", "Vent")
    opened = button(offer, "Open")
    screen = (await peer.raw("task/fetch", {"data": opened["data"]}))["task"]["value"]["card"]["content"]
    assert "I keep nothing and tell nobody" in text_of(screen)
    number = len(peer.said)
    answer = await peer.raw("task/submit", {"data": sent(screen, {"box": VENTED})})
    after = answer["task"]["value"]["card"]["content"]
    assert "hredded" in text_of(after)
    assert "heliotrope" not in text_of(after)
    assert len(peer.said) == number, "nothing of a vent is posted"


async def tipped(peer):
    """A button on a card, by Action.Execute; its answer is a new message."""
    where, said = await peer.say("give me a tip", "A plan for today")
    another, since = button(said, "Another tip"), len(peer.said)
    action = {"type": "Action.Execute", "verb": another["verb"], "data": another["data"]}
    answer = await peer.invoke(
        "adaptiveCard/action", {"action": action, "trigger": "manual"}, replyToId=said["messageId"]
    )
    assert answer["value"] == "My answer is in the chat."
    again = await peer.shown("A plan for today", since)
    assert again[0] == where


async def reminded(peer, folder):
    """A reminder that is set by words comes by itself when it falls due."""
    before = datetime.now(UTC) - timedelta(minutes=1)
    await peer.say(f"remind me every day at {before:%H:%M}, UTC", "every day")
    since = len(peer.said)
    with sqlite3.connect(folder / ".breather/breather.sqlite3", timeout=10) as kept:  # a day passes
        kept.execute("UPDATE subscription SET since = 0")
        kept.execute("UPDATE slot SET next_at = ?", (before.replace(second=0, microsecond=0).timestamp(),))
    kept.close()
    where, _ = await peer.shown("A plan for today", since)
    assert where == peer.chat


async def mentioned(peer):
    """In a channel the answer stands in the thread of the question."""
    where, _ = await peer.mention("tip", "A plan for today")
    assert where.startswith(peer.channel)


async def tipped_the_team(peer):
    """A tip for the channel: its announcement names who set it, as the client's own directory tells."""
    _, offer = await peer.mention("team", "Open")
    opened = await peer.raw("task/fetch", {"data": button(offer, "Open")["data"]}, peer.channel)
    screen = opened["task"]["value"]["card"]["content"]
    chosen = {"days": "1", "time": "09:00", "zone": "Europe/Berlin", "channel": peer.channel}
    since = len(peer.said)
    answer = await peer.raw("task/submit", {"data": sent(screen, chosen)}, peer.channel)
    where, announced = await peer.shown("daily tip about talking with customers", since)
    assert where == peer.channel
    assert f"Set by {peer.config['currentUser']['name']}." in text_of(announced)
    assert peer.config["currentUser"]["aadObjectId"] not in text_of(announced["attachments"])
    done = text_of(answer["task"]["value"]["card"])
    assert "It comes to this channel every Monday at 09:00" in done


async def strangers_stay_outside(peer):
    """No token, a wrong one, one for another bot: 401, and the coach says nothing."""
    activity = {**peer.proxy.activities[0], "type": "message", "id": "forged", "text": "give me a tip"}
    signer, number = peer.proxy.signer, len(peer.said)
    for header in ("", "Bearer abc", signer.header(activity, aud="another"), signer.header(activity, exp=1)):
        activity["id"] += "+"
        status, _ = await peer.proxy.send(activity, header)
        assert status == 401
    await peer.say("help", "What I can do")
    assert len(peer.said) == number + 1


async def test_the_coach_in_the_clients_own_page(tmp_path):
    """Chat, buttons and both message-extension dialogs in Chromium; pictures stay in pytest's folder."""
    async with teams(tmp_path) as peer:
        command = ("node", str(PEER / "look.mjs"), peer.url, str(tmp_path), shutil.which("chromium"))
        look = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told, _ = await asyncio.wait_for(look.communicate(), 100)
        assert look.returncode == 0, told.decode()
        assert {status for _, status in peer.proxy.passed} <= {200, 202}
    assert len(list(tmp_path.glob("*.png"))) == 13
