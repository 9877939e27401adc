"""Looks whether a message of ours arrived, by its marker: nothing else there is read or kept."""

from enum import Enum
from typing import Any

from adapters.slack.calls import Called
from adapters.slack.manners import Manners

_SECONDS = 4.0
_MOST = 100  # messages; a conversation that went on longer than that leaves the question open
_BARRED = {"missing_scope", "not_allowed_token_type", "no_permission", "channel_not_found", "not_in_channel"}


class Sight(Enum):
    """What the look showed."""

    THERE = "there"
    NOT_THERE = "not there"
    BARRED = "barred"  # we may not look
    DARK = "dark"  # we could not look


def marked(body: dict[str, Any], marker: str) -> dict[str, Any]:
    """The body of a message with a marker, by which it is found again."""
    if marker and body["blocks"]:
        body["blocks"][0]["block_id"] = marker[:255]
    return body


async def look(
    manners: Manners, tenant: str, channel: str, marker: str, within: tuple[str, str] = ("", "")
) -> Sight:
    """Look in a channel, or `within` a thread and after a time there."""
    thread, since = within
    told: dict[str, Any] = {"channel": channel, "limit": _MOST}
    told |= {"ts": thread} if thread else {}
    told |= {"oldest": since} if since else {}
    method = "conversations.replies" if thread else "conversations.history"
    return _seen(await manners.call(tenant, method, _SECONDS, **told), marker)


def _seen(called: Called, marker: str) -> Sight:
    if not called.ok:
        return Sight.BARRED if called.error in _BARRED else Sight.DARK
    messages = called.data.get("messages")
    for message in messages if isinstance(messages, list) else ():
        blocks = message.get("blocks") if isinstance(message, dict) else None
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, dict) and block.get("block_id") == marker:
                return Sight.THERE
    return Sight.DARK if called.data.get("has_more") or not isinstance(messages, list) else Sight.NOT_THERE
