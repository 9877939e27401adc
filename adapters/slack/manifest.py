"""The app manifest: what a workspace administrator pastes into Slack to create the app."""

import json
from importlib.resources import files
from typing import Any

from adapters.slack.gate import PATH
from adapters.slack.settings import REDIRECT

_ENDS = ("app_uninstalled", "tokens_revoked")  # told when the coach is taken away from a workspace


def manifest(address: str = "", *, oauth: bool = False) -> dict[str, Any]:
    """The "agent" manifest: people talk to the coach in its DM. Without an address it uses Socket Mode.

    With `oauth` it is for many workspaces: they install from a link at that address, and tokens rotate.
    """
    data: dict[str, Any] = json.loads((files("adapters.slack") / "manifest.json").read_text(encoding="utf-8"))
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
