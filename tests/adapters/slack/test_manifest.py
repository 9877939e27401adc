"""The two manifests: what is asked for is what is used, every text fits, and a broken one is not printed."""

import copy
import io
import json
import re
from pathlib import Path

import pytest

from adapters.slack.incoming import read
from adapters.slack.manifest import Kind, manifest, scopes
from adapters.slack.manifest_faults import faults
from adapters.slack.settings import BEYOND_SEALED
from bot.__main__ import _parser
from bot.settings import SETTINGS
from bot.slack_command import run
from coaching.intent import UNKNOWN, meaning
from coaching.people import Person, Place
from coaching.sealed import Words
from coaching.values import Message, Said
from tests.adapters.slack.payloads import acted

PAGE = Path(__file__).parent.parent.parent.parent / "docs/slack.md"
URL = "https://coach.example"
AGENT, SEALED = Kind.AGENT, Kind.SEALED
MADE = {
    f"{kind.value} {how}": manifest(url, kind, oauth=oauth)
    for kind in Kind
    for how, url, oauth in (("socket", "", False), ("http", f"{URL}/", False), ("many", URL, True))
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_each_of_them_is_one_slack_takes(made):
    """No fault, and readable as JSON."""
    assert faults(made) == ()
    assert json.loads(json.dumps(made)) == made


def test_who_may_read_what():
    """Sealed: three scopes, none that reads. Agent: the private chat besides. Neither reads a channel."""
    assert set(scopes(SEALED)) == {"chat:write", "commands", "im:write"}
    assert set(scopes(AGENT)) == {*scopes(SEALED), "assistant:write", "im:history"}
    events = {kind: manifest(kind=kind)["settings"]["event_subscriptions"]["bot_events"] for kind in Kind}
    assert events[SEALED] == ["app_home_opened"]
    assert events[AGENT] == ["agent_session_stopped", "app_home_opened", "message.im"]
    assert "agent_view" not in manifest(kind=SEALED)["features"]
    assert manifest(kind=SEALED)["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert not any(made["oauth_config"]["scopes"].keys() - {"bot"} for made in MADE.values())


def test_many_workspaces():
    """People come back to our own address, tokens rotate, and an end is told."""
    made = MADE["sealed many"]
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert made["settings"]["token_rotation_enabled"]
    assert made["settings"]["event_subscriptions"]["bot_events"][1:] == ["app_uninstalled", "tokens_revoked"]


def test_with_and_without_an_address():
    """An address sets every request URL; without one it is Socket Mode and there is none."""
    for kind in Kind:
        socket, http = MADE[f"{kind.value} socket"], MADE[f"{kind.value} http"]
        assert "https" not in json.dumps(socket)
        assert socket["settings"]["socket_mode_enabled"]
        assert not http["settings"]["socket_mode_enabled"]
        urls = [
            http["settings"]["event_subscriptions"]["request_url"],
            http["settings"]["interactivity"]["request_url"],
            http["features"]["slash_commands"][0]["url"],
        ]
        assert urls == [f"{URL}/slack/events"] * 3


@pytest.mark.parametrize("shortcut", manifest()["features"]["shortcuts"], ids=lambda s: s["callback_id"])
def test_every_shortcut_is_heard(shortcut):
    """What the manifest offers is understood."""
    kind = "message_action" if shortcut["type"] == "message" else "shortcut"
    payload = acted(kind, callback_id=shortcut["callback_id"], message={"text": "x", "user": "U"})
    assert read(payload, None) is not None


@pytest.mark.parametrize(
    "prompt", manifest()["features"]["agent_view"]["suggested_prompts"], ids=lambda p: p["title"]
)
def test_every_suggested_prompt_is_understood(prompt, playbook):
    """Whoever taps one gets what it says, not a question back."""
    message = Message(
        "m", Person("slack", "T", "U"), Place("slack", "T", "U"), None, Said(Words(prompt["message"]))
    )
    assert meaning(message, playbook).name != UNKNOWN[1]


# --------------------------------------------------------------------------- planted faults


def put(path, value):
    """A change at one place of a manifest; None takes it away."""

    def change(made):
        *way, last = path.split(".")
        for key in way:
            made = made[int(key) if key.isdigit() else key]
        if value is None:
            del made[last]
        else:
            made[last] = value

    return change


BOT, EVENTS = "oauth_config.scopes.bot", "settings.event_subscriptions.bot_events"
ALL_EVENTS = ["agent_session_stopped", "app_home_opened", "message.im"]
PROMPT = {"title": "x", "message": "x"}
PLANTED = [
    (AGENT, "display_information.name", "x" * 36, "display_information.name"),
    (AGENT, "display_information.name", None, "name is missing"),
    (AGENT, "display_information.name", "   ", "display_information.name"),
    (AGENT, "display_information.description", "x" * 141, "1 to 140"),
    (AGENT, "display_information.background_color", "#123456789", "4 to 7"),
    (AGENT, "features.bot_user.display_name", "x" * 81, "1 to 80"),
    (AGENT, "features.agent_view.agent_description", "x" * 301, "1 to 300"),
    (AGENT, "features.agent_view.suggested_prompts", [PROMPT] * 5, "1 to 4 entries"),
    (AGENT, "features.agent_view.suggested_prompts", [{"title": "x", "message": ""}], "message"),
    (AGENT, "features.shortcuts.0.name", "x" * 25, "1 to 24"),
    (AGENT, "features.shortcuts.1.description", "x" * 151, "1 to 150"),
    (AGENT, "features.shortcuts.1.callback_id", "open_vent", "holds something twice"),
    (AGENT, "features.shortcuts", [], "1 to 10 entries"),
    (AGENT, "features.slash_commands.0.command", "/" + "x" * 32, "2 to 32"),
    (AGENT, "features.slash_commands.0.usage_hint", 5, "usage_hint must be a text"),
    (AGENT, "features.assistant_view", {}, "assistant_view is not used"),
    (AGENT, BOT, ["chat:write", "commands", "im:history", "im:write"], "assistant:write is missing"),
    (AGENT, BOT, [*scopes(AGENT), "channels:history"], "channels:history is asked for"),
    (AGENT, BOT, [*scopes(AGENT), "im:write"], "holds something twice"),
    (AGENT, "oauth_config.scopes.user", ["search:read"], "scopes.user is not used"),
    (AGENT, EVENTS, [*ALL_EVENTS, "message.channels"], "message.channels is not used"),
    (AGENT, EVENTS, [*ALL_EVENTS, "message.im"], "holds something twice"),
    (AGENT, EVENTS, ALL_EVENTS[:2], "can write in the Messages tab"),
    (AGENT, EVENTS, ALL_EVENTS[1:], "stop button"),
    (AGENT, EVENTS, ["agent_session_stopped", "message.im"], "Home tab"),
    (AGENT, EVENTS, [*ALL_EVENTS, "app_uninstalled"], "for many workspaces"),
    (AGENT, "settings.event_subscriptions.user_events", ["message.im"], "user_events is not used"),
    (AGENT, "settings.interactivity", {}, "interactivity must be on"),
    (AGENT, "settings.interactivity.request_url", URL, "left out with Socket Mode"),
    (AGENT, "settings.socket_mode_enabled", False, "must be an https address"),
    (AGENT, "settings.token_rotation_enabled", True, "only for an app with redirect_urls"),
    (AGENT, "oauth_config.redirect_urls", ["http://coach.example"], "must be an https address"),
    (SEALED, BOT, [*scopes(SEALED), "im:history"], "im:history is asked for"),
    (SEALED, EVENTS, ["app_home_opened", "message.im"], "im:history is missing, which message.im"),
    (SEALED, EVENTS, ["app_home_opened", "agent_session_stopped"], "assistant:write is missing"),
    (SEALED, "features.app_home.messages_tab_read_only_enabled", False, "can write in the Messages tab"),
    (SEALED, "features.agent_view", {}, "assistant:write is missing, which agent_view"),
]


@pytest.mark.parametrize(("kind", "path", "value", "told"), PLANTED)
def test_a_planted_fault_is_found(kind, path, value, told):
    """Each is named; the manifest without it has none."""
    made = copy.deepcopy(manifest(kind=kind))
    put(path, value)(made)
    assert any(told in fault for fault in faults(made)), faults(made)


def test_two_addresses():
    """All requests come to one door."""
    made = copy.deepcopy(MADE["agent http"])
    put("features.slash_commands.0.url", "https://elsewhere.example/")(made)
    assert faults(made) == ("the request addresses must all be the same",)


def command(*words):
    out, err = io.StringIO(), io.StringIO()
    code = run(_parser().parse_args(["slack", "manifest", *words]), out, err)
    return code, out.getvalue(), err.getvalue()


def test_the_command_prints_either_kind():
    """--sealed is short for --kind sealed; agent without either."""
    assert json.loads(command()[1]) == manifest()
    assert json.loads(command("--sealed")[1]) == manifest(kind=SEALED)
    code, printed, told = command("--kind", "sealed", "--url", URL, "--oauth")
    assert (code, json.loads(printed), told) == (0, MADE["sealed many"], "")


@pytest.mark.parametrize(
    "words", [("--url", "http://coach.example"), ("--url", "coach"), ("--oauth",), ("--url", f"{URL}/a b")]
)
def test_the_command_prints_no_broken_one(words):
    """One line says what is wrong, and nothing is printed."""
    code, printed, told = command(*words)
    assert (code, printed, told.count("\n")) == (2, "", 1)
    assert "https" in told


def test_what_needs_more_scopes_is_not_called_when_sealed():
    """The methods of the tier table that the sealed scopes do not cover."""
    assert {"conversations.history", "conversations.replies", "agents.sessions.setStatus"} == BEYOND_SEALED


# --------------------------------------------------------------------------- docs/slack.md


def test_the_page_for_administrators_is_true():
    """Its scopes and events are the manifest's, its settings and commands exist, its pictures are there."""
    page = PAGE.read_text(encoding="utf-8")
    made = manifest()
    rows = re.findall(r"^\| `([a-z]+(?::[a-z]+)?)` \| (yes|no) \|", page, re.MULTILINE)
    assert sorted(scope for scope, _ in rows) == sorted(scopes(AGENT))
    assert {scope for scope, sealed in rows if sealed == "yes"} == set(scopes(SEALED))
    for event in MADE["agent many"]["settings"]["event_subscriptions"]["bot_events"]:
        assert f"`{event}`" in page
    for shortcut in made["features"]["shortcuts"]:
        assert f'"{shortcut["name"]}"' in page
    known = {setting.name for setting in SETTINGS}
    assert set(re.findall(r"\b(?:SLACK|BREATHER)_[A-Z_]+", page)) <= known
    assert manifest("https://your-address", oauth=True)["oauth_config"]["redirect_urls"][0] in page
    assert manifest("https://your-address")["features"]["slash_commands"][0]["url"] in page
    for picture in re.findall(r"\]\((images/[^)]+)\)", page):
        assert 10_000 < (PAGE.parent / picture).stat().st_size < 200_000


@pytest.mark.parametrize("line", sorted(set(re.findall(r"breather [a-z]+[^`\n;]*", PAGE.read_text("utf-8")))))
def test_every_command_of_the_page_is_one(line):
    """The command line takes it as it stands there."""
    assert _parser().parse_args(line.split()[1:])
