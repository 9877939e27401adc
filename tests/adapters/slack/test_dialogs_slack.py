"""Every dialog, played through signed requests over HTTP; all that is sent is what Slack would take."""

import pytest

from adapters.slack.app import build_slack
from adapters.slack.settings import SlackSettings
from tests.adapters.slack.lint import lint_sent
from tests.players.dialog import DIALOGS, play, read
from tests.players.fast_forward import unhurried
from tests.players.serving import served
from tests.players.slack import SlackPlayer
from tests.players.slack_api import NOW, SECRET

PLAYED = [path for path in DIALOGS if not read(path).only or "slack" in read(path).only]
# Played by commands alone, with their own dialogs for what a command answers in another way: by a window at
# once, or with all there is for a word nobody knows.
SEALED = sorted((DIALOGS[0].parent / "sealed").glob("*.toml"))
OTHERWISE = {"schedules-words", "help-nonsense"}
BY_COMMAND = [path for path in PLAYED if not read(path).channel and path.stem not in OTHERWISE] + SEALED
# What is said otherwise where nothing that is typed is posted, and no message can be sent.
INSTEAD = {
    "keeps what is typed here": "is not posted",
    "put “review:” in front": "type /coach review",
    "I cannot delete it": "I cannot clear that",
}
COVERED = {"chat.postEphemeral", "chat.postMessage", "conversations.open"}  # by chat:write and im:write


def lint_all(api, player):
    """Everything the adapter sent while the dialog played."""
    for _, body, _ in api.calls:
        lint_sent(body)
    for body in (*api.responses, *player.answers):
        lint_sent(body)


@pytest.mark.parametrize("path", PLAYED, ids=lambda p: p.stem)
async def test_dialog(path, coach, gate, api, slack):
    """What is on the screen in Slack is what the dialog says."""
    dialog = read(path)
    coach.post = slack.post
    unhurried(slack.post.manners.pace)
    player = SlackPlayer(gate, api, dialog.channel, installed=slack.installed)
    await play(dialog, player, coach)
    lint_all(api, player)


@pytest.mark.parametrize("path", BY_COMMAND, ids=lambda p: p.stem)
async def test_dialog_in_a_sealed_install(path, coach, api):
    """The same by the command alone: no message is read, and no method needs more than three scopes."""
    dialog = read(path)
    settings = SlackSettings("xoxb-test", (SECRET,), api_url=f"{api.url}/api/", sealed=True)
    slack = build_slack(coach, settings, lambda: NOW)
    unhurried(slack.post.manners.pace)
    await slack.start()
    try:
        async with served(slack.asgi) as gate:
            coach.post = slack.post
            player = SlackPlayer(gate, api, installed=slack.installed, sealed=True)
            for turn in dialog.turns:
                turn["hears"] = [INSTEAD.get(words, words) for words in turn.get("hears", [])]
            await play(dialog, player, coach)
    finally:
        await slack.stop()
    lint_all(api, player)
    called = {method for method, _, _ in api.calls if not method.startswith("views.")}
    assert called <= COVERED
