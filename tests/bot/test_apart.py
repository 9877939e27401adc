"""One person's data never reaches another: two people in a workspace, and one with the same id in another."""

import json
import re
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlencode

import pytest

from adapters.slack.app import build_slack
from adapters.slack.settings import Installation, SlackSettings
from coaching.coach import Coach
from coaching.ports import Posted
from coaching.rounds import Rounds
from coaching.turn import Setup
from storage.db import open_database
from storage.memory import StoredMemory
from tests.players.serving import served
from tests.players.slack_api import NOW, SECRET, SlackApi, interactive, post

NUMBERS = count(1)
MINE = "Pacific/Chatham"  # only the first person's data holds this


def without_menus(value):
    """What came, without the menu of all time zones: what is picked in it stays."""
    if isinstance(value, dict):
        return {key: without_menus(part) for key, part in value.items() if key != "option_groups"}
    return [without_menus(part) for part in value] if isinstance(value, list | tuple) else value


class Everywhere:
    """Two workspaces, each with its own token."""

    async def find(self, tenant):
        return Installation(tenant, f"xoxb-{tenant}") if tenant in ("T1", "T2") else None


class Client:
    """Somebody in Slack who can send any payload that Slack would sign for them."""

    def __init__(self, url, api, user, team="T1"):
        self.url, self.api, self.user, self.team = url, api, user, team

    async def _sent(self, body, *, form=True):
        calls, responses = len(self.api.calls), len(self.api.responses)
        answer = await post(self.url, body, form=form)
        assert answer.status == 200
        out = [(method, sent, token) for method, sent, token in self.api.calls[calls:]]
        return json.dumps(without_menus([answer.json, out, self.api.responses[responses:]]))

    def _base(self):
        user = {"id": self.user, "team_id": self.team}
        return {"team": {"id": self.team}, "user": user, "trigger_id": f"t{next(NUMBERS)}"}

    async def command(self, text, channel=""):
        body = {"command": "/coach", "text": text, "user_id": self.user, "team_id": self.team}
        more = {"channel_id": channel or f"D{self.user}", "trigger_id": f"t{next(NUMBERS)}"}
        return await self._sent(urlencode(body | more).encode())

    async def tap(self, action, value="", channel="", view=None):
        button = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        where = {"view": view} if view else {"channel": {"id": channel or f"D{self.user}"}}
        payload = {"type": "block_actions", **self._base(), **where, "actions": [button]}
        return await self._sent(interactive(payload))

    async def submit(self, form, state, fields):
        kept = json.dumps({"form": form, "state": state})
        view = {"id": f"V{next(NUMBERS)}", "hash": "h", "type": "modal", "callback_id": form}
        view |= {"private_metadata": kept, "state": {"values": fields}}
        return await self._sent(interactive({"type": "view_submission", **self._base(), "view": view}))

    async def home(self):
        event = {"type": "app_home_opened", "user": self.user, "tab": "home"}
        return await self._event(event)

    async def say(self, text):
        event = {"type": "message", "channel_type": "im", "channel": f"D{self.user}", "user": self.user}
        return await self._event({**event, "text": text, "ts": f"{next(NUMBERS)}.1"})

    async def _event(self, event):
        payload = {"type": "event_callback", "team_id": self.team, "event_id": f"Ev{next(NUMBERS)}"}
        return await self._sent(json.dumps({**payload, "event": event}).encode(), form=False)


class Sent:
    """A Post whose letters always arrive."""

    async def post(self, letter):
        return Posted.SENT


@pytest.fixture
async def people(sqlite_url, playbook, troubles):
    """people(user, team) → a client; the house stands on one real file for all of them."""
    database, api = open_database(sqlite_url), await SlackApi().start()

    def trouble(where, error):
        troubles.append((where, repr(error)))

    coach = Coach(playbook, StoredMemory(database), Sent(), trouble, Rounds(b"salt"), Setup(("your lead",)))
    settings = SlackSettings("xoxb-T1", (SECRET,), api_url=f"{api.url}/api/")
    slack = build_slack(coach, settings, lambda: NOW, Everywhere())
    await slack.start()
    async with _closing(slack, api, database), served(slack.asgi) as url:
        yield lambda user, team="T1": Client(url, api, user, team)


@asynccontextmanager
async def _closing(slack, api, database):
    yield
    await slack.stop()
    await api.stop()
    await database.close()


def slot(zone=MINE):
    return {
        "field|schedules.mine|days": {"many": {"type": "checkboxes", "selected_options": [{"value": "3"}]}},
        "field|schedules.mine|time": {"time": {"type": "timepicker", "selected_time": "04:44"}},
        "field|schedules.mine|zone": {"zone": {"type": "static_select", "selected_option": {"value": zone}}},
    }


STRANGERS = [("U2", "T1"), ("U1", "T2"), ("U2", "T2")]


@pytest.mark.parametrize("who", STRANGERS, ids="-".join)
async def test_nobody_sees_anybody_elses_data(who, people):
    """Home, my data, the list, settings and every reminder's buttons show the person's own and no other's."""
    mine, theirs = people("U1"), people(*who)
    assert MINE in await mine.submit("schedules.mine", "", slot())
    assert MINE in await mine.command("data")
    assert "4:44" in await mine.command("reminders")
    assert '"initial_time": "04:44"' in await mine.tap("schedules.change", "1")
    shown = [await theirs.home(), *[await theirs.command(w) for w in ("data", "reminders", "settings")]]
    shown += [await theirs.say(text) for text in ("show my data", "my reminders")]
    for verb in ("change", "pause", "resume", "delete", "stop", "travel", "list", "open"):
        shown += [await theirs.tap(f"schedules.{verb}", "1", place) for place in ("", "C1", "DU1", "U1")]
    home = {"id": "VH", "type": "home", "private_metadata": json.dumps({"channel": "U1", "state": "1"})}
    shown += [await theirs.tap("schedules.change", "1", view=home)]
    shown += [await theirs.submit("schedules.mine", "1", slot("Europe/Berlin"))]
    shown += [await theirs.tap("privacy.erase", "1")]
    assert not [one for one in shown if "Chatham" in one or "4:44" in one]
    still = await mine.command("data")
    assert MINE in still
    assert "subscription.active: yes" in still


async def test_a_reminder_asked_for_in_a_channel_stays_private(people):
    """Set from a channel, it is shown to the person alone and goes to their own chat."""
    mine, theirs = people("U1"), people("U2")
    await mine.command(f"remind every wednesday at 04:44 {MINE}", channel="C1")
    await mine.tap("schedules.open", f"3|04:44|{MINE}", channel="C1")
    shown = await mine.submit("schedules.mine", "", slot())
    assert "chat.postMessage" not in shown
    data = await mine.command("data")
    assert "subscription.target: U1" in data
    assert "subscription.room: direct" in data
    for seen in (
        await theirs.command("reminders", channel="C1"),
        await theirs.tap("schedules.list", "", "C1"),
    ):
        assert "4:44" not in seen


async def test_a_waiting_form_opens_for_its_owner_only(people):
    """The button below an answer in the chat carries an id: another person's tap on it opens nothing."""
    mine, theirs = people("U1"), people("U2")
    said = await mine.say("review")
    key = re.search(r'"value": "([0-9a-f]{32})"', said)[1]
    assert '"views.open"' in await mine.tap("slack.open", key)
    for other in (theirs, people("U1", "T2")):
        assert '"views.open"' not in await other.tap("slack.open", key)


async def test_answers_leave_by_the_workspaces_own_token(people):
    """What a person in one workspace is told is never sent with the other one's token."""
    for team in ("T1", "T2"):
        sent = await people("U1", team).say("give me a tip")
        assert f"Bearer xoxb-{team}" in sent
        assert sent.count("Bearer") == sent.count(f"Bearer xoxb-{team}")
