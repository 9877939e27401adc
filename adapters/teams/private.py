"""The way to one person alone where others read along and Teams shows it to nobody only: their own chat."""

import logging
from dataclasses import dataclass

from adapters.teams.engine import Outgoing
from adapters.teams.faults import ConnectorError
from adapters.teams.incoming import Inbound
from adapters.teams.parts import Json
from adapters.teams.references import ConversationState, Reference, References, keepable
from coaching.values import Tapped

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnChat:
    """Finds a person's own chat with the coach, or opens it."""

    connector: Outgoing
    references: References

    async def say(self, inbound: Inbound, made: Json) -> bool:
        """Whether it was said there. It can be said nowhere else: others would read it."""
        chat = await self.references.find(inbound.message.who)
        opened = chat is None
        try:
            if chat is None:
                chat = await self._open(inbound)
            made = {**made, "from": {"id": chat.bot_id}, "conversation": {"id": chat.conversation_id}}
            await self.connector.send(chat, made)
        except ConnectorError as error:
            _LOG.warning("an answer for one person did not arrive: %s", error.fault.value)
            if chat is not None and error.state is not ConversationState.ACTIVE:
                await self.references.mark(chat, error.state)
            return False
        if opened:
            await self._keep(chat, inbound)
        return True

    async def _keep(self, chat: Reference, inbound: Inbound) -> None:
        """For the next time, and for reminders; not for who has just asked to be forgotten."""
        content = inbound.message.content
        if not keepable(chat) or (isinstance(content, Tapped) and content.action == "privacy.erase"):
            return
        try:
            await self.references.remember(chat)
        except Exception as error:  # noqa: BLE001 - it was said
            _LOG.warning("a Teams conversation could not be remembered: %s", type(error).__name__)

    async def _open(self, inbound: Inbound) -> Reference:
        """The chat between this person and the coach: always the same one, however often it is opened.

        Raises ConnectorError, as where the person has not got the app.
        """
        there, who = inbound.reference, inbound.message.who
        parameters = {
            "bot": {"id": there.bot_id},
            "members": [{"id": inbound.sender}],
            "isGroup": False,
            "tenantId": there.tenant,
            "channelData": {"tenant": {"id": there.tenant}},
        }
        number = await self.connector.create(there, parameters)
        zone = inbound.message.zone_hint
        return Reference(
            there.tenant,
            number,
            "personal",
            there.service_url,
            there.bot_id,
            inbound.sender,
            who.user if who.user != inbound.sender else "",
            locale=there.locale,
            zone=zone.name if zone else "",
        )
