"""The app manifest, in two kinds: what a workspace administrator pastes into Slack to create the app."""

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from importlib.resources import files
from typing import Any

from adapters.slack.gate import PATH

Json = dict[str, Any]


class Kind(Enum):
    """What the app may be told."""

    AGENT = "agent"  # people talk to the coach in its chat
    SEALED = "sealed"  # it reads nothing but what it is handed: commands, windows, the one message


def manifest(address: str = "", kind: Kind = Kind.AGENT) -> Json:
    """The manifest of this kind. Without an address it uses Socket Mode."""
    data = merged(_data("manifest"), _data(f"manifest_{kind.value}"))
    if address:
        url = address.rstrip("/") + PATH
        settings = data["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = url
        settings["interactivity"]["request_url"] = url
        for command in data["features"]["slash_commands"]:
            command["url"] = url
    return data


def scopes(kind: Kind) -> tuple[str, ...]:
    """The bot scopes it asks for."""
    return tuple(manifest(kind=kind)["oauth_config"]["scopes"]["bot"])


def merged(one: Json, other: Mapping[str, Any]) -> Json:
    """Both in one: tables are joined, lists run on, anything else is the other's."""
    made = dict(one)
    for key, value in other.items():
        mine = made.get(key)
        if isinstance(mine, dict) and isinstance(value, Mapping):
            made[key] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, Iterable):
            made[key] = [*mine, *value]
        else:
            made[key] = value
    return made


def _data(name: str) -> Json:
    data: Json = json.loads((files("adapters.slack") / f"{name}.json").read_text(encoding="utf-8"))
    return data
