"""Teams put together: the real coach behind the real door, what leaks nowhere, and the engine's seams."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from botbuilder.schema import Activity
from botframework.connector.auth import ClaimsIdentity

from adapters.teams.app import build_teams
from adapters.teams.engine import _Verified
from adapters.teams.quiet import quiet
from adapters.teams.settings import TeamsSettings, TeamsSettingsError
from tests.adapters.teams.conftest import now
from tests.adapters.teams.lint import lint_message
from tests.players.teams import TeamsPlayer, inputs, words
from tests.players.teams_api import idle

CANARY = "kestrel-umbrella-4711"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def player(api, teams):
    return TeamsPlayer(api, lambda: idle(teams))


async def test_a_vent_leaves_no_trace(player, api, caplog):
    """Its text is in no answer, no message, no log; nothing is posted while it lasts."""
    caplog.set_level(logging.DEBUG)
    await player.say("hi")
    posted = len(api.connector.posted)
    screen = await player.tap("Vent privately")
    assert screen.form == "Vent"
    shown = [await player.fill({"box": f"{CANARY}, I am so angry"})]
    while player.dialog is not None:
        shown.append(await player.tap("Skip") if "Skip" in shown[-1].choices else await player.fill({}))
    assert len(api.connector.posted) == posted
    assert CANARY not in "".join(screen.text for screen in shown)
    assert CANARY not in json.dumps(api.proxy.answers)
    assert CANARY not in caplog.text


async def test_a_vent_typed_into_the_chat_gets_the_notice_and_the_button(player):
    """What keeps a chat, and one tap to the space that nobody keeps."""
    screen = await player.say("I hate this customer, he is such an idiot and I want to scream")
    assert "Teams" in screen.text
    assert (await player.tap("Vent privately")).form == "Vent"


async def test_the_vent_from_the_message_extension(player):
    """A dialog over the compose box; nothing is put into it."""
    assert (await player.extend("ventSpace")).form == "Vent"
    assert (await player.tap("Skip")).form == "Vent"
    assert player.inserted == []


async def test_a_reply_is_reviewed_in_the_compose_box_and_put_back(player):
    """From the empty form to the repaired draft in one's own message, without a word in any chat."""
    assert (await player.extend("reviewReply")).form == "Review a reply"
    screen = await player.fill({"draft": "As I already told you, your refund is being processed. Calm down."})
    assert "One thing to change" in screen.text
    (field,) = inputs(player.dialog["card"])
    assert "[" in field["value"]
    mended = re.sub(r"\[[^\]]*\]", "I check it with the bank today.", field["value"])
    await player.tap("Put it in my message", {"filled": mended})
    (card,) = player.inserted
    assert player.dialog is None
    assert "refund" in json.dumps(card)
    assert "with the bank today" in json.dumps(card)
    assert "[" not in "".join(words(card))
    assert player.api.connector.posted == []


async def test_somebody_elses_message_becomes_the_customers(player):
    """An empty draft, with the message as what is answered."""
    screen = await player.hand("Where is my parcel?", own=False)
    assert screen.form == "Review a reply"
    filled = {e["id"]: e.get("value", "") for e in player.dialog["card"]["body"] if "id" in e}
    assert filled == {"open.text.customer": "Where is my parcel?", "open.text.draft": ""}


async def test_every_message_of_a_talk_is_one_teams_takes(player, api):
    """A walk through the coach, each card linted."""
    for line in ("hi", "/help", "/tip", "/rules", "/privacy", "home", "/settings", "/review", "thanks"):
        await (player.command(line[1:]) if line.startswith("/") else player.say(line))
    assert len(api.connector.posted) == 9
    for _, activity, _ in api.connector.posted:
        lint_message(activity)


async def test_an_unsigned_activity_changes_nothing(api, teams):
    """401, and the coach hears nothing."""
    status, _ = await api.proxy.send(api.activity("message", text="hi"), header="Bearer no.such.token")
    assert status == 401
    await idle(teams)
    assert api.connector.posted == []


def test_settings_that_leave_a_door_open_are_refused(coach):
    """No app id, no development switch: off."""
    with pytest.raises(TeamsSettingsError, match="TEAMS_APP_ID"):
        build_teams(coach, TeamsSettings(), now)


async def test_the_development_switch_works_here_only(coach, api):
    """It builds on loopback, and nowhere else."""
    made = build_teams(coach, TeamsSettings(insecure_dev=True, listens_on="127.0.0.1"), now)
    await made.start()
    await made.stop()
    with pytest.raises(TeamsSettingsError):
        build_teams(coach, TeamsSettings(insecure_dev=True, listens_on="0.0.0.0"), now)


async def test_nothing_but_the_door_lets_an_activity_in():
    """The engine's own ways to authenticate end in a refusal."""
    closed = _Verified()
    with pytest.raises(PermissionError):
        await closed.authenticate_request(Activity(), "Bearer x")
    with pytest.raises(PermissionError):
        await closed.authenticate_streaming_request("Bearer x", "msteams")
    with pytest.raises(PermissionError):
        closed.create_connector_factory(ClaimsIdentity({}, True))
    assert await closed.create_user_token_client(ClaimsIdentity({}, True)) is None
    assert closed.get_originating_audience() == ""


@pytest.mark.parametrize("name", ["botbuilder.core", "botframework.connector", "msrest.serialization"])
def test_the_engines_loggers_say_nothing(name, caplog):
    """They would quote whole activities."""
    quiet()
    logging.getLogger(name).critical("canary")
    assert caplog.text == ""


@pytest.mark.parametrize("module", ["adapters.slack.app", "adapters.web.app", "bot.__main__"])
def test_other_platforms_import_nothing_of_botbuilder(module):
    """Starting Slack or the playground pays nothing for Teams."""
    code = f"import sys, {module}; print(*{{m.partition('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(done.stdout.split()) & {"botbuilder", "botframework", "msrest", "jwt"}
