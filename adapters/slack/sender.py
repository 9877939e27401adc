"""Posts what the coach says unasked: a tip into a private chat or a channel."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.blocks import fallback, rendered
from adapters.slack.calls import NOT_INSTALLED, UNKNOWN, Called, Calls
from coaching.people import Place, Room
from coaching.playbook.wording import Wording
from coaching.ports import Posted
from coaching.values import Letter

_NOT_IN = {"not_in_channel", "channel_not_found"}
_GONE = {
    "user_not_found",
    "users_not_found",
    "user_not_visible",
    "user_disabled",
    "account_inactive",
    "is_archived",
    "cannot_dm_bot",
    "restricted_action",
    NOT_INSTALLED,
}
_MOST_KNOWN = 10_000  # private chats whose id is remembered


@dataclass(slots=True)
class Sender:
    """The Post of Slack. Every letter is sent once; nothing is repeated here."""

    calls: Calls
    wording: Wording
    _chats: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    async def post(self, letter: Letter) -> Posted:
        """Send once. Never raises for what Slack answers."""
        opened = await self.chat(letter.to)
        if not opened.ok:  # nothing was posted yet, so a lost answer is no reason for doubt
            return Posted.LATER if opened.error == UNKNOWN else _posted(opened, letter.to)
        body = said(rendered((letter.reply,), self.wording), fallback((letter.reply,)))
        if letter.marker and body["blocks"]:
            body["blocks"][0]["block_id"] = f"letter|{letter.marker}"[:255]
        called = await self.calls.call(
            letter.to.tenant, "chat.postMessage", channel=opened.data["channel"]["id"], **body
        )
        return _posted(called, letter.to)

    async def chat(self, to: Place) -> Called:
        """The channel behind a place; a person's private chat is opened by their id, and remembered."""
        if to.room is Room.CHANNEL or to.id.startswith("D"):
            return Called(data={"channel": {"id": to.id}})
        key = (to.tenant, to.id)
        if key not in self._chats:
            opened = await self.calls.call(to.tenant, "conversations.open", users=to.id)
            channel = opened.data.get("channel")
            if not opened.ok or not isinstance(channel, dict) or not isinstance(channel.get("id"), str):
                return opened if not opened.ok else Called("cannot_dm_bot")
            self._chats[key] = channel["id"]
            while len(self._chats) > _MOST_KNOWN:
                self._chats.popitem(last=False)
        return Called(data={"channel": {"id": self._chats[key]}})


def said(blocks: list[dict[str, Any]], text: str) -> dict[str, Any]:
    """The body of a message: words for notifications beside the blocks, no previews of links."""
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _posted(called: Called, to: Place) -> Posted:
    """What a call's outcome means for the letter: only a lost answer leaves it open whether it arrived."""
    if called.ok:
        return Posted.SENT
    if called.error == UNKNOWN:
        return Posted.UNKNOWN
    if called.error in _NOT_IN:
        return Posted.NOT_IN_CHANNEL if to.room is Room.CHANNEL else Posted.GONE
    return Posted.GONE if called.error in _GONE else Posted.LATER
