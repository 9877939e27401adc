"""The app manifest, in two kinds: what a workspace administrator pastes into Slack to create the app."""

import json
from collections.abc import Mapping
from enum import Enum
from importlib.resources import files
from typing import Any

from adapters.slack.gate import PATH
from adapters.slack.settings import REDIRECT

_ENDS = ("app_uninstalled", "tokens_revoked")  # told when the coach is taken away from a workspace

Json = dict[str, Any]


class Kind(Enum):
    """What the app may be told."""

    AGENT = "agent"  # people talk to the coach in its chat
    SEALED = "sealed"  # it reads nothing but what it is handed: commands, windows, the one message


def manifest(address: str = "", kind: Kind = Kind.AGENT, *, oauth: bool = False) -> Json:
    """The manifest of this kind. Without an address it uses Socket Mode.

    With `oauth` it is for many workspaces: they install from a link at that address, and tokens rotate.
    """
    data = _joined(_data("manifest"), _data(f"manifest_{kind.value}"))
    settings, root = data["settings"], address.rstrip("/")
    if address:
        url = root + PATH
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = url
        settings["interactivity"]["request_url"] = url
        for command in data["features"]["slash_commands"]:
            command["url"] = url
    if oauth:
        settings["event_subscriptions"]["bot_events"] += _ENDS
        settings["token_rotation_enabled"] = settings["org_deploy_enabled"] = True
        data["oauth_config"]["redirect_urls"] = [root + REDIRECT]
    return data


def scopes(kind: Kind) -> tuple[str, ...]:
    """The bot scopes it asks for."""
    return tuple(manifest(kind=kind)["oauth_config"]["scopes"]["bot"])


def _joined(one: Json, other: Mapping[str, Any]) -> Json:
    """Both in one: tables are joined, anything else is the other's."""
    made = dict(one)
    for key, value in other.items():
        mine = made.get(key)
        made[key] = _joined(mine, value) if isinstance(mine, dict) else value
    return made


def _data(name: str) -> Json:
    data: Json = json.loads((files("adapters.slack") / f"{name}.json").read_text(encoding="utf-8"))
    return data
