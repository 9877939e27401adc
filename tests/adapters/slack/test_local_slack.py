"""Main dialogs through local-slack, over HTTP and over Socket Mode: a client that nobody here wrote."""

import re
from datetime import date
from itertools import groupby

import pytest

from coaching.people import Place, Room
from coaching.ports import Posted
from coaching.values import Command, Form, Letter, Note, Opened, Para, Reply, Said, Submitted
from tests.adapters.slack.lint import lint_view
from tests.players.dialog import DIALOGS, play, read
from tests.players.everything import Told, form, reply
from tests.players.local_slack import ALICE, BINARY, CHANNEL, INSTALL, TEAM, running

pytestmark = pytest.mark.skipif(not BINARY.exists(), reason=f"local-slack is not installed: {INSTALL}")

# What tells of a date, of a channel by its id, or waits for a tip needs a clock and channels of ours.
OURS = re.compile(r"2026|\"C1\"|^due = ", re.MULTILINE)
PLAYED = [
    path
    for path in DIALOGS
    if (not read(path).only or "slack" in read(path).only) and not OURS.search(path.read_text("utf-8"))
]
MAIN = [next(group) for _, group in groupby(PLAYED, key=lambda path: path.stem.partition("-")[0])]


class Scripted(Told):
    """Answers by kind: words to words, a form to a command, a next screen to a submit, a page to Home."""

    async def hear(self, message):
        await super().hear(message)
        match message.content:
            case Said() | Command(name="tip"):
                return (reply("All of it"),)
            case Command():
                return (form("A draft"),)
            case Submitted(form="review.everything"):
                return (form("A draft", problem="Please mend this"),) if len(self.heard) < 3 else (NEXT,)
            case Opened():
                return (reply("Your page"),)
            case _:
                return (Reply((Para(("Tapped.",)),)),)


NEXT = Form("review.next", "Next screen", (Para(("Well done.",)),), submit="Finish")


@pytest.mark.parametrize("mode", ["events", "socket"])
async def test_every_surface(mode, playbook, tmp_path):
    """Command, message, button, modal with a fault and its mending, Home: the same both ways."""
    coach = Scripted(playbook)
    async with running(coach, tmp_path, mode) as (player, _):
        screen = await player.command("review")
        assert (screen.form, len(screen.fields)) == ("Everything", 11)
        screen = await player.fill({"text": "too short"})
        assert "Please mend this" in screen.text
        screen = await player.fill({"text": "Mended <!channel> 🙂", "secret": "hush", "zone": "Asia/Tokyo"})
        assert screen.form == "Next screen"
        fields = coach.heard[-1].content.fields
        assert (fields["text"].reveal(), fields["zone"]) == ("Mended <!channel> 🙂", ("Asia/Tokyo",))
        assert "hush" not in repr(coach.heard)
        screen = await player.say("Calm & kind <b>")
        assert ("All of it" in screen.text, screen.public) == (True, False)
        assert coach.heard[-1].content.words.reveal() == "Calm & kind <b>"
        assert "Tapped." in (await player.tap("Press")).text
        assert "Your page" in (await player.open("home")).text
        assert len({heard.id for heard in coach.heard}) == len(coach.heard)


async def test_a_command_in_a_channel_is_private(playbook, tmp_path):
    """An ephemeral answer: in the channel, for one person."""
    async with running(Scripted(playbook), tmp_path) as (player, _):
        player.channel = True
        screen = await player.command("tip")
        assert ("All of it" in screen.text, screen.public) == (True, False)


async def test_a_reminder_arrives(playbook, tmp_path):
    """In the private chat and in the channel, as the client shows it."""
    async with running(Scripted(playbook), tmp_path) as (player, adapter):
        words = Reply((Para(("Name the problem first.",)), Note(("Set by ", ALICE))), only_you=False)
        for place in (Place("slack", TEAM, ALICE), Place("slack", TEAM, CHANNEL, Room.CHANNEL)):
            assert await adapter.post.post(Letter(place, "A1", date(2026, 3, 2), words, "m")) is Posted.SENT
        screen = await player._look()
        assert screen.text.count("Name the problem first.") == 2
        gone = Place("slack", TEAM, "C0GONE", Room.CHANNEL)
        assert await adapter.post.post(Letter(gone, "A1", date(2026, 3, 2), words)) is Posted.NOT_IN_CHANNEL


async def test_modals_that_local_slack_holds_are_ones_slack_takes(playbook, tmp_path):
    """What stands on its stack passes the lint."""
    async with running(Scripted(playbook), tmp_path) as (player, _):
        await player.command("review")
        view = {key: value for key, value in player.modal.items() if key in VIEW}
        lint_view(view)


VIEW = ("type", "callback_id", "title", "blocks", "private_metadata", "submit", "close")


@pytest.mark.parametrize("path", MAIN, ids=lambda p: p.stem)
async def test_main_dialog(path, coach, tmp_path):
    """The first dialog of every skill, with the real coach."""
    dialog = read(path)
    async with running(coach, tmp_path) as (player, adapter):
        coach.post, player.channel = adapter.post, dialog.channel
        await play(dialog, player, coach)
