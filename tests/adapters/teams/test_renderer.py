"""Every card passes Microsoft's own renderer: no unknown element, no id twice, no empty choice."""

import json
import shutil
import subprocess
from datetime import date, time
from pathlib import Path

import pytest

from adapters.teams.cards import card
from adapters.teams.dialogs import dialog, inserted, shown
from adapters.teams.own import view, with_own
from coaching.people import Day, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.sealed import Words
from coaching.skills.tips import letter
from coaching.turn import Known
from coaching.values import Due
from tests.adapters.teams.activities import executed
from tests.players.everything import form, reply
from tests.players.teams import TeamsPlayer, buttons
from tests.players.teams_api import idle

PLACE = Place("teams", "t", "19:abc@thread.tacv2", Room.CHANNEL)
SLOT = Slot(Zone("Europe/Berlin"), time(9), frozenset({Day.MON}))
PEER = Path(__file__).parents[2] / "teams_peer"


@pytest.fixture(scope="module")
def faults():
    """What the renderer finds wrong with each of these cards."""
    if not (PEER / "node_modules/adaptivecards").is_dir() or shutil.which("node") is None:
        pytest.skip("npm ci in tests/teams_peer brings the renderer")

    def found(cards):
        done = subprocess.run(
            ["node", "cards.mjs"],
            input=json.dumps(cards),
            capture_output=True,
            text=True,
            cwd=PEER,
            check=True,
        )
        return json.loads(done.stdout)

    return found


def content(made):
    return made["task"]["value"]["card"]["content"]


def test_every_kind_of_block_and_field(faults, playbook):
    """In a chat, in a dialog, in the compose box; long and hard texts, too."""
    wording = playbook.wording
    cards = []
    for text in ("Some words", "*so* <at>bold</at> {{DATE(x)}}", "🙂 مرحبا\n\nnext", "One sentence. " * 4000):
        cards += [
            card((reply(text), reply(text)), wording),
            content(dialog(form(text, problem="Mend it."), wording, (reply(text),), "19:a@thread.tacv2")),
            content(dialog(form(text), wording)),
            content(shown((reply(text),), wording, compose=True)),
            inserted(Words(text), wording)["composeExtension"]["attachments"][0]["content"],
        ]
    assert faults(cards) == [[]] * len(cards)


def test_one_persons_view(faults, playbook):
    """The card that everybody sees, and the view of the one person it names."""
    due = Due(1, Schedule(7, For.TEAM, SLOT, PLACE, "U1"), Person("teams", "t", "U1"), date(2026, 3, 2))
    said = letter(due, Known(), playbook)[0].reply
    shared = with_own(said, "29:U1", playbook.wording)
    sent = executed({})
    sent["value"]["action"], sent["from"]["id"] = shared["refresh"]["action"], "29:U1"
    theirs = view(sent, playbook.wording)["value"]
    assert len(buttons(theirs)) == len(buttons(shared)) + 1
    assert faults([shared, theirs]) == [[], []]


async def test_every_card_of_a_talk(faults, api, teams):
    """What the real coach says and asks, over the real door."""
    player = TeamsPlayer(api, lambda: idle(teams))
    for line in ("", "help", "tip", "rules", "privacy", "reminders"):
        await player.command(line)
    for line in ("hi", "home", "remind me every weekday at 9 Berlin time", "my reminders"):
        await player.say(line)
    for line in ("remind", "team", "settings", "review", "vent"):
        await player.command(line)
    await player.tap("Skip")
    await player.hand("Calm down. As I already told you, it is sold out.", own=True)
    posted = [a["attachments"][0]["content"] for _, a, _ in api.connector.posted]
    dialogs = [content(body) for _, body in api.proxy.answers if body and "task" in body]
    assert len(posted) >= 14
    assert len(dialogs) >= 7
    assert faults(posted + dialogs) == [[]] * len(posted + dialogs)


def test_the_renderer_sees_faults(faults, playbook):
    """Planted ones: an unknown element, an id twice, an empty choice, a refresh that is none."""
    broken = content(dialog(form(), playbook.wording))
    broken["body"] += [
        {"type": "Nothing"},
        {"type": "Input.Text", "id": "open.text.text"},
        {"type": "Input.ChoiceSet", "id": "c", "choices": []},
    ]
    broken["refresh"] = {"action": {"type": "Action.Submit"}, "userIds": []}
    assert len(faults([broken])[0]) == 5
