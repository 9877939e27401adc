"""The app manifest: what a workspace administrator pastes into Slack to create the app."""

import json
from importlib.resources import files
from typing import Any

from adapters.slack.gate import PATH


def manifest(address: str = "") -> dict[str, Any]:
    """The "agent" manifest: people talk to the coach in its DM. Without an address it uses Socket Mode."""
    data: dict[str, Any] = json.loads((files("adapters.slack") / "manifest.json").read_text(encoding="utf-8"))
    if address:
        url = address.rstrip("/") + PATH
        settings = data["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = url
        settings["interactivity"]["request_url"] = url
        for command in data["features"]["slash_commands"]:
            command["url"] = url
    return data
