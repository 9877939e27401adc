"""The whole product against local-slack: `breather serve` as a process, real skills and real storage."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.players.dialog import DIALOGS, play, read
from tests.players.local_slack import ALICE, BINARY, BOT, CHANNEL, INSTALL, product
from tests.players.odd_llm import OK, OddLlm, completion

pytestmark = pytest.mark.skipif(not BINARY.exists(), reason=f"local-slack is not installed: {INSTALL}")

CANARY = "kestrel-umbrella-4711"
MAIN = {  # the client cannot tap in a window, and where there is no door nothing signed can come in
    "events": ("review-weak", "vent-standard", "tips-for-one-rule", "schedules-mine"),
    "socket": ("vent-standard", "tips-for-one-rule"),
}
DRAFT = {"draft": "As per our policy you have to wait. Calm down."}
PASTED = (
    "Customer: Where is my parcel? The party is tomorrow.\n"
    "Me: As I already said, delivery takes 10 working days. You need to wait."
)
BETTER = OK["sentences"][0]["text"]
WORDS = {
    "": "What I can do",
    "help": "What I can do",
    "tip": "A plan for today",
    "rules": "Ten short rules",
    "reminders": "Your reminders",
    "privacy": "What I keep",
    "frobnicate": "Here is what I can do",
    "give me a tip": "A plan for today",
}
WINDOWS = {
    "review": "Review a reply",
    "vent": "Vent",
    "remind": "My daily tip",
    "team": "A daily tip for the team",
    "settings": "Settings",
}


@pytest.mark.parametrize("mode", ["events", "socket"])
async def test_every_word_and_the_main_dialogs(mode, tmp_path):
    """Commands, messages and windows of every skill, over HTTP and over Socket Mode, and a quiet log."""
    async with product(tmp_path, mode) as (player, log):
        for typed, shown in WORDS.items():
            screen = await player.command(typed)
            assert (shown in screen.text, screen.form, screen.public) == (True, None, False), typed
        for typed, title in WINDOWS.items():
            assert (await player.command(typed)).form == title
        for path in DIALOGS:
            if path.stem in MAIN[mode]:
                player.channel = read(path).channel
                await play(read(path), player)
        player.channel = False
        assert "Review a reply" in (await player.say("hello")).choices
        assert (await player.say("review")).form == "Review a reply"
        assert "One thing to change" in (await player.fill(DRAFT)).text
        assert "Rule of the day" in (await player.open("home")).text
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line.get("event") for line in told] == ["serving"], told


async def test_what_is_vented_leaves_no_trace(tmp_path):
    """Let out in the window: not in a file, a log, a call to Slack, or an answer to it."""
    async with product(tmp_path) as (player, _):
        assert (await player.command("vent")).form == "Vent"
        assert "hredded" in (await player.fill({"box": f"He shouted {CANARY} at me"})).text
        while (await player.fill({})).form is not None:
            pass
        async with player.peer.session.get(f"{player.peer.url}/_control/log") as answer:
            log = (await answer.json())["log"]
        files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(CANARY in str(entry) for entry in log if entry["direction"] == "to_bot")
    assert not [entry for entry in log if entry["direction"] == "from_bot" and CANARY in str(entry)]
    assert not [path for path, held in files.items() if CANARY.encode() in held]
    assert any(path.suffix == ".sqlite3" for path in files)


async def test_buttons_on_home_and_the_shortcut(tmp_path):
    """Settings from Home, an own reply reviewed, and somebody else's opened as the customer's words."""
    async with product(tmp_path) as (player, _):
        await player.command("tip")
        await player.open("home")
        assert (await player.tap("Settings")).form == "Settings"
        assert "Europe/Lisbon" in (await player.fill({"zone": "Europe/Lisbon"})).text
        assert "Europe/Lisbon" in (await player.open("home")).text
        assert "Calm down" in (await player.hand("You must wait. Calm down.", own=True)).text
        screen = await player.hand("Where is my parcel <!channel>", own=False)
        assert (screen.form, screen.fields) == ("Review a reply", ("What the customer wrote", "Your reply"))
        first, second = (block["element"] for block in player.modal["blocks"] if block["type"] == "input")
        assert first["initial_value"] == "Where is my parcel @channel"
        assert "initial_value" not in second


async def test_a_sealed_install(tmp_path):
    """Everything by command; a message that comes all the same is neither heard nor answered nor logged."""
    async with product(tmp_path, SLACK_SEALED="1") as (player, log):
        assert "in front of anything" in (await player.command("help")).text
        assert "not sure what you need" in (await player.command("Wo bleibt mein Paket")).text
        assert "A plan for today" in (await player.command("please give me a tip")).text
        assert (await player.command("remind me every weekday at 9")).form == "My daily tip"
        assert "is not posted" in (await player.command("I need to vent about this man")).text
        assert "Rule of the day" in (await player.open("home")).text
        assert (await player.say(f"Please review this: {CANARY}")).text == ""
        assert "One thing to change" in (await player.hand("You must wait. Calm down.", own=True)).text
        async with player.peer.session.get(f"{player.peer.url}/_control/log") as answer:
            sent = [entry for entry in (await answer.json())["log"] if entry["direction"] == "from_bot"]
        assert not [entry for entry in sent if CANARY in str(entry) or "assistant" in str(entry)]
        files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert not [path for path, held in files.items() if CANARY.encode() in held]
    assert [json.loads(line).get("event") for line in log.read_text().splitlines()] == ["serving"]


async def test_better_words_come_in_the_place_of_the_card(tmp_path):
    """After a yes: in the chat, in a private answer in a channel, and in a window."""
    pytest.importorskip("openai")
    async with OddLlm(completion(OK)) as server:
        model = {"BREATHER_LLM": "on", "BREATHER_LLM_MODEL": "m", "OPENAI_BASE_URL": server.url}
        async with product(tmp_path, **model) as (player, _):
            assert "Better words from a model" in (await player.say(f"review: {PASTED}")).choices
            assert server.asked == []
            await player.tap("Better words from a model")
            assert "From the next review on" in (await player.tap("Yes, from now on")).text
            assert "is looking for better words" in (await player.say(f"review: {PASTED}")).text
            await _changed(player, "messages", await player._chat())
            player.channel = True
            assert "is looking for better words" in (await player.command(f"review: {PASTED}")).text
            await _changed(player, "messages", CHANNEL)
            assert (await player.command("review")).form == "Review a reply"
            fields = dict(
                zip(("customer", "draft"), PASTED.removeprefix("Customer: ").split("\nMe: "), strict=True)
            )
            assert "is looking for better words" in (await player.fill(fields)).text
            await _changed(player, "modalStack", -1)
    assert len(server.asked) == 1  # the same words are not asked for again within ten minutes


async def _changed(player, of, where):
    """Wait until the client shows the better words there."""
    async with asyncio.timeout(10):
        while BETTER not in str((await player.peer.state())[of][where]):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


async def test_reminders_fall_due(tmp_path):
    """A reminder arrives in the chat, a team tip in its channel; anyone there stops it with its button."""
    ahead = (48 - datetime.now(UTC).second) % 60  # so that the next minute is near
    async with product(tmp_path, ahead=ahead) as (player, _):
        due = datetime.now(UTC) + timedelta(seconds=ahead + 60)
        assert "Your daily tip is set" in (await player.say(f"remind me every day at {due:%H:%M} UTC")).text
        slot = {"days": list("1234567"), "time": f"{due:%H:%M}", "zone": "UTC"}
        await player.command("team")
        screen = await player.fill({"channel": "C0NOWHERE", **slot})
        assert ("/invite @Breather" in screen.text, screen.public) == (True, False)
        await player.command("team")
        screen = await player.fill({"channel": CHANNEL, **slot})
        assert (f"Set by <@{ALICE}>" in screen.text, screen.public) == (True, True)
        assert f"<#{CHANNEL}>" in screen.text
        chat = await player._chat()
        async with asyncio.timeout(100):
            while [len(await _tips(player, place)) for place in (chat, CHANNEL)] != [1, 1]:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        screen = await player._look()
        assert {"Stop these tips", "Pause"} <= set(screen.choices)
        player.channel = True
        assert "is stopped" in (await player.tap("Stop these tips")).text
        assert "Team tip" not in (await player.command("reminders")).text


async def _tips(player, place):
    """What came unasked: to a person a tip with a plan, to a channel a question; neither was there before."""
    messages = (await player.peer.state())["messages"].get(place, [])
    marks = ("A plan for today", "A question for all of you")
    return [one for one in messages if one.get("user") == BOT and any(mark in one["text"] for mark in marks)]
