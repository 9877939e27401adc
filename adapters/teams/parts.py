"""Reads parts of an activity without trusting its shape, and a message's HTML as plain text."""

from html import unescape
from html.parser import HTMLParser
from typing import Any, TypeAlias

from adapters.teams.references import ConversationKind, Reference
from coaching.people import Zone
from coaching.when import UnknownZoneError, zone

Json: TypeAlias = dict[str, Any]

KEPT = "breather"  # under this name a button carries ids of ours
FILLED = "filled"  # the field in which the slots of a draft are filled in

_KINDS: dict[str, ConversationKind] = {"personal": "personal", "channel": "channel", "groupChat": "group"}
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote", "pre"})
_MOST = 100_000  # characters of a message that are looked at


def part(value: Json, key: str) -> Json:
    """A nested object, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def text(value: Json, key: str) -> str:
    """A string, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def entities(activity: Json, kind: str) -> list[Json]:
    """The entities of one type: mentions, what the client tells of itself."""
    found = activity.get("entities")
    listed = found if isinstance(found, list) else []
    return [entity for entity in listed if isinstance(entity, dict) and entity.get("type") == kind]


def tenant_of(activity: Json) -> str:
    """The organisation an activity comes from."""
    told = text(part(part(activity, "channelData"), "tenant"), "id")
    return told or text(part(activity, "conversation"), "tenantId")


def user_of(activity: Json) -> str:
    """The id of who acted: the directory's, which is the same in every conversation, else Teams' own."""
    who = part(activity, "from")
    return text(who, "aadObjectId") or text(who, "id")


def kind_of(activity: Json) -> ConversationKind:
    """What kind of conversation it is; one that does not say so and is no group is a personal chat.

    Teams calls a chat of two people "personal", too (the message extension works there): its id, unlike
    that of a chat with the coach, begins like a channel's. There somebody reads along.
    """
    conversation = part(activity, "conversation")
    told = _KINDS.get(text(conversation, "conversationType"))
    if told == "personal" and text(conversation, "id").startswith("19:"):
        return "group"
    return told or ("group" if conversation.get("isGroup") is True else "personal")


def zone_of(activity: Json) -> Zone | None:
    """The person's time zone, as their client tells it."""
    told = [text(info, "timezone") for info in entities(activity, "clientInfo")]
    for name in (*told, text(activity, "localTimezone")):
        try:
            return zone(name)
        except UnknownZoneError:
            continue
    return None


def reference_of(activity: Json) -> Reference | None:
    """Where this conversation lives; None where it does not say."""
    conversation, data = part(activity, "conversation"), part(activity, "channelData")
    number, url = text(conversation, "id").partition(";")[0], text(activity, "serviceUrl")
    if not number or not url:
        return None
    kind, client = kind_of(activity), zone_of(activity)
    alone = kind == "personal"
    return Reference(
        tenant_of(activity),
        number,
        kind,
        url,
        text(part(activity, "recipient"), "id"),
        text(part(activity, "from"), "id") if alone else "",
        text(part(activity, "from"), "aadObjectId") if alone else "",
        text(part(data, "team"), "id"),
        text(part(data, "channel"), "id") or (number if kind == "channel" else ""),
        text(activity, "locale"),
        client.name if client else "",
    )


def spoken(activity: Json) -> str:
    """What was typed, without the mention of the coach; other mentions stay as @Name."""
    said = text(activity, "text")[:_MOST]
    coach = text(part(activity, "recipient"), "id")
    for mention in entities(activity, "mention"):
        marked, who = text(mention, "text"), part(mention, "mentioned")
        if marked:
            other = "@" + text(who, "name") if text(who, "id") != coach else ""
            said = said.replace(marked, other)
    if text(activity, "textFormat") == "xml":
        said = unescape(said)
    return said.replace("\xa0", " ").replace("&nbsp;", " ").strip()


class _Plain(HTMLParser):
    """Collects the text of a message; paragraphs and lines end where they are seen to end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A line break, or a mention."""
        del attrs
        self.pieces.append("\n" if tag == "br" else "@" if tag == "at" else "")

    def handle_endtag(self, tag: str) -> None:
        """The end of a paragraph."""
        self.pieces.append("\n" if tag in _BREAKS and tag != "br" else "")


def handed(payload: Json) -> str:
    """The text of a message that was handed over."""
    body = part(payload, "body")
    content = text(body, "content")[:_MOST]
    if text(body, "contentType") != "html":
        return content.strip()
    reader = _Plain()
    reader.feed(content)
    reader.close()
    return "".join(reader.pieces).replace("\xa0", " ").strip()
