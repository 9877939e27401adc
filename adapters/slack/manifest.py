"""The app manifest: what a workspace administrator pastes into Slack to create the app."""

from typing import Any

from adapters.slack.gate import PATH
from adapters.slack.incoming import COMMAND, REVIEW_SHORTCUT, VENT_SHORTCUT

SCOPES = ("assistant:write", "chat:write", "commands", "im:history", "im:write")
EVENTS = ("app_home_opened", "message.im")


def manifest(address: str = "") -> dict[str, Any]:
    """The "agent" manifest: people talk to the coach in its DM. Without an address it uses Socket Mode."""
    url = address.rstrip("/") + PATH if address else ""
    at = {"url": url} if url else {}
    request = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Breather",
            "description": "A private coach for people who answer customers all day.",
            "background_color": "#2f5d62",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": "Reviews a reply before you send it, gives you a minute to let off"
                " steam, and a short tip a day. Only you see what it says to you.",
                "suggested_prompts": [
                    {"title": "Review my reply", "message": "review"},
                    {"title": "Give me a tip", "message": "Give me a tip"},
                    {"title": "Remind me every day", "message": "Remind me every weekday at 9"},
                ],
            },
            "bot_user": {"display_name": "Breather", "always_online": True},
            "shortcuts": [
                {
                    "name": "Review this reply",
                    "type": "message",
                    "callback_id": REVIEW_SHORTCUT,
                    "description": "A private look at a reply you wrote",
                },
                {
                    "name": "Review a draft",
                    "type": "global",
                    "callback_id": "open_review",
                    "description": "A private look before you send it",
                },
                {
                    "name": "Let off steam",
                    "type": "global",
                    "callback_id": VENT_SHORTCUT,
                    "description": "A minute for yourself; nothing is kept",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Review a reply, take a minute, get a tip",
                    "usage_hint": "review | vent | tip | rules | remind | team | privacy | help",
                    "should_escape": False,
                    **at,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
