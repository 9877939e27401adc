"""The manifest: what is asked for is what is used, and every text fits."""

import json
import re
from pathlib import Path

import pytest

from adapters.slack.incoming import read
from adapters.slack.manifest import manifest
from bot.__main__ import _parser
from bot.settings import SETTINGS
from tests.adapters.slack.payloads import acted

PAGE = Path(__file__).parent.parent.parent.parent / "docs/slack.md"
KINDS = [
    manifest(),
    manifest("https://coach.example/"),
    manifest("https://coach.example/", oauth=True),
]
TAKEN_AWAY = ["app_uninstalled", "tokens_revoked"]


@pytest.mark.parametrize("made", KINDS)
def test_texts_fit(made):
    """Slack's lengths for names and descriptions."""
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    for command in features["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    json.dumps(made)


@pytest.mark.parametrize("made", KINDS)
def test_asks_for_no_more_than_it_uses(made):
    """Five bot scopes, none of which reads a channel; every event has its scope."""
    scopes = made["oauth_config"]["scopes"]
    assert scopes == {"bot": ["assistant:write", "chat:write", "commands", "im:history", "im:write"]}
    events = made["settings"]["event_subscriptions"]["bot_events"]
    many = "redirect_urls" in made["oauth_config"]
    assert events == ["app_home_opened", "message.im", *(TAKEN_AWAY if many else [])]


@pytest.mark.parametrize("shortcut", manifest()["features"]["shortcuts"], ids=lambda s: s["callback_id"])
def test_every_shortcut_is_heard(shortcut):
    """What the manifest offers is understood."""
    kind = "message_action" if shortcut["type"] == "message" else "shortcut"
    payload = acted(kind, callback_id=shortcut["callback_id"], message={"text": "x", "user": "U"})
    assert read(payload, None) is not None


def test_with_and_without_an_address():
    """An address sets every request URL; without one it is Socket Mode and there is none."""
    socket, http, _ = KINDS
    assert "https" not in json.dumps(socket)
    assert socket["settings"]["socket_mode_enabled"]
    assert not http["settings"]["socket_mode_enabled"]
    urls = [
        http["settings"]["event_subscriptions"]["request_url"],
        http["settings"]["interactivity"]["request_url"],
        http["features"]["slash_commands"][0]["url"],
    ]
    assert urls == ["https://coach.example/slack/events"] * 3


def test_for_many_workspaces():
    """People come back to our address, tokens rotate, a whole organisation may install it; HTTP as before."""
    _, http, many = KINDS
    assert many["oauth_config"]["redirect_urls"] == ["https://coach.example/slack/oauth_redirect"]
    assert many["settings"]["token_rotation_enabled"]
    assert many["settings"]["org_deploy_enabled"]
    assert many["features"] == http["features"]
    assert not http["settings"]["token_rotation_enabled"]


# --------------------------------------------------------------------------- docs/slack.md


def test_the_page_for_administrators_is_true():
    """Its scopes and events are the manifest's, its settings and commands exist, its pictures are there."""
    page = PAGE.read_text(encoding="utf-8")
    made = manifest()
    scopes = re.findall(r"^\| `([a-z]+(?::[a-z]+)?)` \|", page, re.MULTILINE)
    assert sorted(scopes) == made["oauth_config"]["scopes"]["bot"]
    for event in (*made["settings"]["event_subscriptions"]["bot_events"], *TAKEN_AWAY):
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
