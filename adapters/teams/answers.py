"""Gives the answers back the way the message came: as a message, for one person's eyes, or in a dialog."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.better import Better
from adapters.teams import own
from adapters.teams.cards import attached, body, empty, fallback, finished, rows
from adapters.teams.dialogs import dialog, inserted, shown, to_come_for, waiting
from adapters.teams.engine import Say
from adapters.teams.faults import ConnectorError
from adapters.teams.incoming import Inbound, Way
from adapters.teams.names import Names, Scene
from adapters.teams.parts import Json
from adapters.teams.private import OwnChat
from adapters.teams.waiting import Waiting
from adapters.teams.wire import message, targeted
from coaching.people import Room
from coaching.playbook.wording import Wording
from coaching.review.written.card import stopped
from coaching.values import Command, Content, Form, Heading, Para, Reply, Tapped

_LOG = logging.getLogger(__name__)
_SHOWN = "application/vnd.microsoft.activity.message"

Replies = tuple[Reply, ...]


@dataclass(slots=True)
class Answers:
    """Knows how to answer each way a message can come. Whatever Teams refuses, nothing is raised."""

    own_chat: OwnChat
    names: Names
    wording: Wording
    waiting: Waiting = field(default_factory=Waiting)
    better: Better = field(default_factory=Better)

    async def give(self, inbound: Inbound, replies: Sequence[Reply | Form], say: Say) -> Json | None:
        """Show these answers; what comes back is the body of the response to an invoke."""
        if inbound.way is not Way.DIALOG and stopped(inbound.message, replies):
            return self.taken("adaptiveCard/action") if inbound.invoke else None
        spoken = tuple(r for r in replies if isinstance(r, Reply) and not empty(r))
        public = tuple(r for r in spoken if self._open(inbound, r))
        form = next((r for r in reversed(replies) if isinstance(r, Form)), None)
        private = tuple(r for r in spoken if not self._open(inbound, r))
        private = (*private, *await self._publish(inbound, public, say))
        scene = Scene(inbound.reference, inbound.message.who.user, self._here(inbound))
        private = await self.names.put(private, scene)
        form = form and await self.names.put_form(form, scene)
        if inbound.way in (Way.DIALOG, Way.SENT):
            return self._dialog(inbound, private, form)
        said = await self._plainly(inbound, private, form, say)
        return self.taken("adaptiveCard/action", said=said) if inbound.invoke else None

    def taken(self, name: str, *, said: bool = True) -> Json:
        """The body of the response to an invoke that is answered in the chat, or not at all.

        Only the person who pressed the button sees it. It is never a card: the shared one stays as it is.
        """
        if name != "adaptiveCard/action":
            return {}
        line = self.wording.label("teams.answered" if said else "teams.unreached")
        return {"statusCode": 200, "type": _SHOWN, "value": line}

    def view(self, activity: Json) -> Json:
        """The body of the response to whoever asks for their view of a card."""
        return own.view(activity, self.wording) or self.taken("adaptiveCard/action")

    def reopen(self, inbound: Inbound) -> Form | None:
        """The form that waits behind the tapped button."""
        return self.waiting.get(inbound.key, inbound.message.who, inbound.message.at)

    async def expired(self, inbound: Inbound, say: Say) -> Json | None:
        """The form does not wait any more."""
        return await self.give(inbound, (self._line("teams.expired"),), say)

    def insert(self, inbound: Inbound) -> Json | None:
        """Put the draft into the compose box."""
        return None if inbound.draft is None else inserted(inbound.draft, self.wording)

    # ----------------------------------------------------------------------- dialogs

    def _dialog(self, inbound: Inbound, private: Replies, form: Form | None) -> Json | None:
        """The next dialog; none closes it. A dialog that was asked for is never left out."""
        private = to_come_for(private, self.wording)
        if form is not None:
            return dialog(form, self.wording, private, self._here(inbound))
        if not private and inbound.way is Way.DIALOG:
            private = (self._line("teams.done"),)
        return shown(private, self.wording, compose=inbound.compose) if private else None

    def _here(self, inbound: Inbound) -> str:
        where = inbound.message.where
        return where.id if where.room is Room.CHANNEL else ""

    # ----------------------------------------------------------------------- messages

    async def _plainly(self, inbound: Inbound, private: Replies, form: Form | None, say: Say) -> bool:
        """A message: in the person's own chat, or where others read along for this person's eyes only.

        Whether it was said: where neither is possible, it is said nowhere.
        """
        if not private and form is None:
            return True
        made = message(inbound.reference, private, self.wording)
        if form is not None:
            made = self._with_button(inbound, made, private, form)
        if inbound.reference.kind == "personal":
            number = await self._said(say, made)
            if number and form is None:
                self.better.expect(private, lambda now: self._updated(inbound, number, now))
            return number is not None
        if await self._say(say, targeted(made, inbound.sender)):
            return True
        return await self.own_chat.say(inbound, made)

    def _with_button(self, inbound: Inbound, made: Json, private: Replies, form: Form) -> Json:
        """The message with a button behind which the form waits: a chat cannot open a dialog by itself."""
        heard = inbound.message
        self.waiting.put(heard.id, heard.who, heard.at, form)
        lead = (Heading((form.title,)), Para(self.wording.say("teams.waiting")))
        asked = (*private, Reply(lead))
        button = waiting(self.wording, {"key": heard.id, **_asked_with(heard.content)})
        whole = finished([*body(asked, self.wording), *rows([button])], self.wording)
        return {**made, "summary": fallback(asked), "attachments": [attached(whole)]}

    async def _publish(self, inbound: Inbound, public: Replies, say: Say) -> Replies:
        """Say it where others read along; if that fails, a line for the person alone."""
        named = await self.names.put(public, Scene(inbound.reference))
        if not named or await self._say(say, message(inbound.reference, named, self.wording)):
            return ()
        return (self._line("teams.not_posted"),)

    async def _updated(self, inbound: Inbound, number: str, private: Replies) -> None:
        """In the place of a message."""
        made = message(inbound.reference, private, self.wording)
        try:
            await self.own_chat.connector.update(inbound.reference, number, made)
        except ConnectorError as error:
            _LOG.warning("a message in Teams could not be changed: %s", type(error).__name__)

    async def _say(self, say: Say, made: Json) -> bool:
        """Whether it was said."""
        return await self._said(say, made) is not None

    async def _said(self, say: Say, made: Json) -> str | None:
        """The id of what was said, as far as one was told; None where it was not said."""
        try:
            return await say(made)
        except ConnectorError as error:
            _LOG.warning("a message to Teams failed: %s", type(error).__name__)
            return None

    def _open(self, inbound: Inbound, reply: Reply) -> bool:
        """Whether others may see this reply, and there are others."""
        return not reply.only_you and inbound.message.where.room is Room.CHANNEL

    def _line(self, key: str) -> Reply:
        return Reply((Para(self.wording.say(key)),))


def _asked_with(content: Content) -> Json:
    """What a form was asked for with, for asking again after a restart; never with anybody's words."""
    match content:
        case Command(name=name, rest=rest) if not rest:
            return {"again": {"command": name}}
        case Tapped(action=action, value=value):
            return {"again": {"action": action, "value": value}}
        case _:
            return {}
