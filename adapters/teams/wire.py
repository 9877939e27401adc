"""Activities for and from the turn engine: what goes over the wire stays a plain dict on its way through."""

from dataclasses import replace
from typing import Any

from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from adapters.teams.cards import attached, card, fallback
from adapters.teams.parts import Json, part, text
from adapters.teams.references import Reference
from coaching.playbook.wording import Wording
from coaching.values import Draft, Reply


class RawActivity(Activity):
    """An outgoing activity whose dict is sent as it is: the engine's own models drop newer keys."""

    _attribute_map = {"additional_properties": {"key": "", "type": "{object}"}}  # noqa: RUF012 - the library's way

    def __init__(self, raw: Json) -> None:
        super().__init__(type=text(raw, "type"))
        self.additional_properties = raw

    def __deepcopy__(self, memo: Any) -> "RawActivity":  # noqa: ANN401 - the signature of the copy protocol
        return RawActivity(self.additional_properties)


class HeardActivity(Activity):
    """An incoming activity: what the engine steers by, and the dict it came as. No text is copied."""

    def __init__(self, raw: Json) -> None:
        invoke = text(raw, "type") == "invoke"
        super().__init__(
            type=text(raw, "type"),
            id=text(raw, "id"),
            name=text(raw, "name"),
            channel_id=text(raw, "channelId"),
            service_url=text(raw, "serviceUrl"),
            conversation=ConversationAccount(id=text(part(raw, "conversation"), "id")),
            from_property=ChannelAccount(id=text(part(raw, "from"), "id")),
            recipient=ChannelAccount(id=text(part(raw, "recipient"), "id")),
            delivery_mode=None if invoke else text(raw, "deliveryMode"),
        )
        self.raw = raw


def message(reference: Reference, replies: tuple[Reply, ...], wording: Wording) -> Json:
    """Replies as one message. A review carries Teams' own feedback buttons, in private chats."""
    made: Json = {
        "type": "message",
        "from": {"id": reference.bot_id},
        "conversation": {"id": reference.conversation_id},
        "summary": fallback(replies),
        "attachments": [attached(card(replies, wording))],
    }
    reviewed = any(isinstance(block, Draft) for reply in replies for block in reply.blocks)
    if reviewed and reference.kind == "personal":
        made["channelData"] = {"feedbackLoop": {"type": "default"}}
    return made


def targeted(made: Json, sender: str) -> Json:
    """The same message for one person's eyes in a conversation of many."""
    return {**made, "recipient": {"id": sender, "isTargeted": True}}


def is_targeted(made: Json) -> bool:
    """Whether a message is for one person's eyes."""
    return part(made, "recipient").get("isTargeted") is True


def in_thread(reference: Reference, thread: str) -> Reference:
    """The reference of a thread in a channel: its id is the conversation's with the message's."""
    return replace(reference, conversation_id=thread) if thread else reference
