"""Posts what the coach says unasked: a tip into a private chat or a channel."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.slack.blocks import fallback, rendered
from adapters.slack.calls import RATELIMITED, UNKNOWN, UNREACHABLE, Called
from adapters.slack.looking import Sight, look, marked
from adapters.slack.manners import Lane, Manners
from coaching.people import Place, Room
from coaching.playbook.wording import Wording
from coaching.ports import Found, Later, Posted
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
}
_PASSING = {UNKNOWN, UNREACHABLE, RATELIMITED}  # what Slack may answer otherwise a minute later
_FOUND = {Sight.THERE: Found.THERE, Sight.NOT_THERE: Found.NOT_THERE, Sight.BARRED: Found.CANNOT_TELL}
_MOST_KNOWN = 100_000  # private chats whose id is remembered


_SECONDS, _ACK = 7.0, 2.5  # for a tip, which nobody waits for; for what is said while somebody waits


@dataclass(slots=True)
class Sender:
    """The Post of Slack. Every letter is sent once; if in doubt whether it arrived, Slack is asked."""

    manners: Manners
    wording: Wording
    _chats: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    async def turn(self, to: Place) -> float:
        """Take the turn of a tip for this place: 0, or the seconds after which to ask again."""
        pace, channel = self.manners.pace, self._known(to)
        wheres = [(to.tenant, "chat.postMessage", channel)]
        if not channel:
            wheres.append((to.tenant, "conversations.open", ""))
        return pace.tip(*wheres)

    async def post(self, letter: Letter) -> Posted | Later:
        """Send once. Never raises for what Slack answers. What bears a marker is a tip, whose turn it is."""
        lane = Lane.TIP if letter.marker else Lane.NOW
        opened = await self.chat(letter.to, lane)
        if not opened.ok:  # nothing was posted yet, so a lost answer is no reason for doubt
            return Posted.LATER if opened.error == UNKNOWN else await self._meant(opened, letter.to)
        channel = opened.data["channel"]["id"]
        mark = _mark(letter.marker)
        body = marked(said(rendered((letter.reply,), self.wording), fallback((letter.reply,))), mark)
        seconds = _SECONDS if letter.marker else _ACK
        called = await self.manners.call(
            letter.to.tenant, "chat.postMessage", seconds, lane, letter.leave_by, channel=channel, **body
        )
        if called.error == UNKNOWN and mark and letter.to.private:  # channels we may not read
            seen = await look(self.manners, letter.to.tenant, channel, mark)
            return Posted.SENT if seen is Sight.THERE else Posted.UNKNOWN
        return await self._meant(called, letter.to)

    async def _meant(self, called: Called, to: Place) -> Posted | Later:
        """What the outcome means. A dead account may be our own, and then nobody has left."""
        if called.error == "account_inactive" and not (await self.manners.call(to.tenant, "auth.test")).ok:
            return Posted.LATER
        return _posted(called, to)

    async def find(self, to: Place, marker: str, since: datetime) -> Found:
        """Look for a letter in a private chat; channels we may not read."""
        if not to.private:
            return Found.CANNOT_TELL
        opened = await self.chat(to)
        if not opened.ok:
            return Found.NOT_NOW if opened.error in _PASSING else Found.CANNOT_TELL
        within = ("", f"{since.timestamp():.6f}")
        channel = opened.data["channel"]["id"]
        seen = await look(self.manners, to.tenant, channel, _mark(marker), within)
        return _FOUND.get(seen, Found.NOT_NOW)

    async def chat(self, to: Place, lane: Lane = Lane.NOW) -> Called:
        """The channel behind a place; a person's private chat is opened by their id, and remembered."""
        known = self._known(to)
        if not known:
            opened = await self.manners.call(to.tenant, "conversations.open", _ACK, lane, users=to.id)
            channel = opened.data.get("channel")
            if not opened.ok or not isinstance(channel, dict) or not isinstance(channel.get("id"), str):
                return opened if not opened.ok else Called("cannot_dm_bot")
            known = channel["id"]
            self.know(to, known)
        return Called(data={"channel": {"id": known}})

    def _known(self, to: Place) -> str:
        if to.room is Room.CHANNEL or to.id.startswith("D"):
            return to.id
        return self._chats.get((to.tenant, to.id), "")

    def know(self, to: Place, channel: str) -> None:
        """Remember the channel of a private chat, so that it need not be opened for a tip."""
        if to.private and to.room is Room.DIRECT and channel.startswith("D"):
            self._chats[(to.tenant, to.id)] = channel
            while len(self._chats) > _MOST_KNOWN:
                self._chats.popitem(last=False)


def said(blocks: list[dict[str, Any]], text: str) -> dict[str, Any]:
    """The body of a message: words for notifications beside the blocks, no previews of links."""
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _mark(marker: str) -> str:
    """How a letter's marker stands in the message."""
    return f"letter|{marker}" if marker else ""


def _posted(called: Called, to: Place) -> Posted | Later:
    """What a call's outcome means for the letter: only a lost answer leaves it open whether it arrived."""
    if called.ok:
        return Posted.SENT
    if called.error == UNKNOWN:
        return Posted.UNKNOWN
    if called.error == RATELIMITED:
        return Later(called.wait)
    if called.error in _NOT_IN:
        return Posted.NOT_IN_CHANNEL if to.room is Room.CHANNEL else Posted.GONE
    return Posted.GONE if called.error in _GONE else Posted.LATER
