"""Posts what the coach says unasked: a tip into a private chat or a channel."""

from dataclasses import dataclass

from adapters.teams.cards import attached
from adapters.teams.engine import Outgoing
from adapters.teams.faults import ConnectorError, Fault
from adapters.teams.names import Names, Scene
from adapters.teams.own import with_own
from adapters.teams.parts import Json
from adapters.teams.references import ConversationState, Reference, References
from adapters.teams.wire import message
from coaching.people import Person, Room
from coaching.playbook.wording import Wording
from coaching.ports import Later, Posted
from coaching.values import Letter, Reply


@dataclass(slots=True)
class Sender:
    """The Post of Teams. Every letter is sent once; nothing is repeated here."""

    connector: Outgoing
    references: References
    wording: Wording
    names: Names

    async def post(self, letter: Letter) -> Posted | Later:
        """Send once. Never raises for what Teams answers."""
        channel = letter.to.room is Room.CHANNEL
        known = await self.references.find(letter.to)
        if known is None or (channel and known.kind == "personal"):
            return Posted.NOT_IN_CHANNEL if channel else Posted.GONE
        (said,) = await self.names.put((letter.reply,), Scene(known))
        try:
            made = await self._message(known, said, channel=channel)
            await self.connector.send(known, made, leave_by=letter.leave_by)
        except ConnectorError as error:
            if error.state is not ConversationState.ACTIVE:
                await self.references.mark(known, error.state)
            if channel and error.state is ConversationState.UNINSTALLED:
                return Posted.NOT_IN_CHANNEL
            return Later(max(error.retry_after, 1)) if error.fault is Fault.BUSY else error.posted
        return Posted.SENT

    async def _message(self, known: Reference, said: Reply, *, channel: bool) -> Json:
        """The message; where others read along, with what one person is offered besides, for them alone."""
        made = message(known, (said,), self.wording)
        if said.own is None or not channel:
            return made
        chat = await self.references.find(Person("teams", known.tenant, said.own.user))
        whole = with_own(said, chat.user_id if chat is not None else "", self.wording)
        return made if whole is None else {**made, "attachments": [attached(whole)]}
