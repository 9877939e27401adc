"""Gives the answers back the way the message came: in the response, a modal, a message or the Home page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.better import Better
from adapters.slack.blocks import empty, fallback, rendered, with_feedback
from adapters.slack.calls import LATE, RATELIMITED, UNKNOWN, UNREACHABLE, Called
from adapters.slack.incoming import Inbound, Way
from adapters.slack.looking import Sight, look, marked
from adapters.slack.manners import Manners
from adapters.slack.once import DONE, Answer
from adapters.slack.sender import Sender, said
from adapters.slack.touched import Touched
from adapters.slack.views import home, modal, problems, same_but_problems, shown
from adapters.slack.waiting import Waiting
from coaching.people import Place, Room
from coaching.playbook.wording import Wording
from coaching.review.written.card import stopped
from coaching.values import Choice, Draft, Form, Heading, Para, Reply

_ACK = 2.5  # seconds a call may take while Slack waits for our response
_AGAIN = Answer(503, again=True)  # surely not answered: Slack's repeat, or the person's, shall be heard
_UNSURE = Answer(503)  # perhaps answered: a repeat shall look first
_NOT_IN = {"not_in_channel", "channel_not_found"}
_NOT_HERE = _NOT_IN | {"user_not_in_channel", "is_archived", "restricted_action"}

Replies = tuple[Reply, ...]


@dataclass(slots=True)
class Answers:
    """Knows how to answer each way a message can come. Whatever Slack refuses, nothing is raised."""

    manners: Manners
    sender: Sender
    wording: Wording
    agent_view: bool
    waiting: Waiting = field(default_factory=Waiting)
    better: Better = field(default_factory=Better)
    touched: Touched = field(default_factory=Touched)

    async def give(self, inbound: Inbound, replies: Sequence[Reply | Form]) -> Answer:
        """Show these answers; what comes back is the response to Slack's request."""
        if inbound.way is not Way.MODAL_TAP and stopped(inbound.message, replies):
            return DONE  # the card itself is put right
        self.touched.touch(inbound.view.get("id", ""))
        public = tuple(r for r in replies if isinstance(r, Reply) and self._open(inbound, r) and not empty(r))
        private = tuple(r for r in replies if isinstance(r, Reply) and not self._open(inbound, r))
        form = next((r for r in reversed(replies) if isinstance(r, Form)), None)
        private = (*private, *await self._publish(inbound, public))
        private = tuple(reply for reply in private if not empty(reply))
        match inbound.way:
            case Way.SLASH:
                return await self._slash(inbound, private, form)
            case Way.SUBMIT:
                return self._submit(inbound, private, form)
            case Way.MODAL_TAP:
                await self._modal_tap(inbound, private, form)
            case Way.HOME if inbound.trigger:
                await self._shortcut(inbound, private, form)  # a button there: the page itself stays
            case Way.SHORTCUT:
                await self._shortcut(inbound, private, form)
            case Way.TALK | Way.HOME | Way.TAP:
                return await self._plainly(inbound, private, form)
        return DONE

    async def there(self, inbound: Inbound) -> Sight:
        """Whether the answer to a message in the DM stands there, given by whomever."""
        if not inbound.channel:
            return Sight.BARRED
        where = inbound.thread if self._threaded(inbound) else ""
        tenant, channel = inbound.message.who.tenant, inbound.channel
        return await look(self.manners, tenant, channel, _mark(inbound), (where, inbound.said))

    async def reopen(self, inbound: Inbound, key: str) -> Answer:
        """A tap on our own button: the form that waits behind it."""
        message = inbound.message
        form = self.waiting.get(key, message.who, message.at)
        return await self.give(inbound, (form or self._line("slack.expired"),))

    # ----------------------------------------------------------------------- one for each way

    async def _slash(self, inbound: Inbound, private: Replies, form: Form | None) -> Answer:
        if form is not None:
            private = (*private, *await self._window(inbound, form))
        if not private:
            return DONE
        self.better.expect(private, lambda now: self._responded(inbound, now))
        return Answer(200, {"response_type": "ephemeral", **self._said(private)})

    async def _responded(self, inbound: Inbound, private: Replies) -> Called:
        """In the place of what only this person sees."""
        body = {"response_type": "ephemeral", "replace_original": True, **self._said(private)}
        return await self.manners.respond(inbound.response_url, body)

    def _submit(self, inbound: Inbound, private: Replies, form: Form | None) -> Answer:
        if form is not None:
            faults = problems(form)
            if faults and not private and same_but_problems(form, self.wording, inbound.view):
                return Answer(200, {"response_action": "errors", "errors": faults}, again=True)
            view = modal(form, self.wording, private, inbound.channel)
        elif private:
            view = shown(private, self.wording, inbound.channel)
            self._expect_in(inbound, inbound.view.get("id", ""), private)
        else:
            return DONE
        return Answer(200, {"response_action": "update", "view": view})

    def _expect_in(self, inbound: Inbound, view: str, private: Replies) -> None:
        """Better words for what a modal shows."""

        async def put(now: Replies) -> Called:
            made = shown(now, self.wording, inbound.channel)
            return await self.manners.call(
                inbound.message.who.tenant, "views.update", 5, view_id=view, view=made
            )

        self.better.expect(private, put, self.touched.rests(view))

    async def _modal_tap(self, inbound: Inbound, private: Replies, form: Form | None) -> None:
        """A tap cannot close a modal, so that nothing to say becomes a line that it is done."""
        if form is not None:
            view = modal(form, self.wording, private, inbound.channel)
        else:
            view = shown(private or (self._line("slack.done"),), self.wording, inbound.channel)
        handle = {"view_id": inbound.view.get("id")}
        if inbound.view.get("hash"):
            handle["hash"] = inbound.view["hash"]  # a second tap on the same view changes nothing
        await self._call(inbound, "views.update", view=view, **handle)

    async def _shortcut(self, inbound: Inbound, private: Replies, form: Form | None) -> None:
        if form is not None:
            view = modal(form, self.wording, private)
        elif private:
            view = shown(private, self.wording)
        else:
            return
        opened = await self._call(inbound, "views.open", trigger_id=inbound.trigger, view=view)
        if not opened.ok:
            await self._whisper(inbound, (self._line("slack.late"),))
        elif form is None:
            self._expect_in(inbound, str((opened.data.get("view") or {}).get("id", "")), private)

    async def _plainly(self, inbound: Inbound, private: Replies, form: Form | None) -> Answer:
        """Where there are messages: windows by a trigger if there is one, else behind a button."""
        if form is not None and inbound.trigger:
            private = (*private, *await self._window(inbound, form))
        elif form is not None:
            private = (*private, self._behind_a_button(inbound, form))
        if not private:
            return DONE
        if inbound.way is Way.HOME:
            view = home(private, self.wording)
            shown = await self._call(inbound, "views.publish", user_id=inbound.message.who.user, view=view)
            return _final(shown)
        if inbound.way is Way.TAP and (
            inbound.ephemeral or inbound.message.where.room is Room.CHANNEL or not inbound.channel
        ):
            return await self._whisper(inbound, private)
        return await self._message(inbound, private)

    # ----------------------------------------------------------------------- parts

    def _open(self, inbound: Inbound, reply: Reply) -> bool:
        """Whether others may see this reply, and there are others."""
        return not reply.only_you and inbound.message.where.room is Room.CHANNEL

    async def _publish(self, inbound: Inbound, public: Replies) -> Replies:
        """Say it in the channel; if that fails, a line for the person alone."""
        if not public:
            return ()
        thread = {"thread_ts": inbound.thread} if inbound.thread else {}
        where = inbound.message.where.id
        called = await self._call(inbound, "chat.postMessage", channel=where, **self._said(public), **thread)
        if called.ok:
            return ()
        return (self._line("slack.not_in_channel" if called.error in _NOT_IN else "slack.not_posted"),)

    async def _window(self, inbound: Inbound, form: Form) -> Replies:
        """Open a form; if Slack was too slow for it, a line that says so."""
        where = inbound.message.where
        view = modal(form, self.wording, (), where.id if where.room is Room.CHANNEL else "")
        opened = await self._call(inbound, "views.open", trigger_id=inbound.trigger, view=view)
        return () if opened.ok else (self._line("slack.late"),)

    def _behind_a_button(self, inbound: Inbound, form: Form) -> Reply:
        message = inbound.message
        self.waiting.put(message.id, message.who, message.at, form)
        choice = Choice(self.wording.label("slack.open"), "slack.open", message.id, "primary")
        return Reply((Heading((form.title,)),), (choice,))

    async def _message(self, inbound: Inbound, private: Replies) -> Answer:
        """A message in the person's own chat, in the thread it was said in, to be found by its mark."""
        where, channel = inbound.message.where, inbound.channel
        if not channel:
            opened = await self.sender.chat(where)
            if not opened.ok:
                return _final(opened)
            channel = opened.data["channel"]["id"]
        elif inbound.way is Way.TALK:
            self.sender.know(where, channel)
        thread = {"thread_ts": inbound.thread} if self._threaded(inbound) else {}
        body = marked(self._said(private), _mark(inbound))
        posted = await self._call(inbound, "chat.postMessage", channel=channel, **body, **thread)
        if posted.ok:
            self.better.expect(private, lambda now: self._updated(inbound, posted, now))
        if posted.error == UNKNOWN and inbound.way is Way.TALK:
            return DONE if await self.there(inbound) is Sight.THERE else _UNSURE
        return _UNSURE if posted.error == LATE else _final(posted)  # somebody else may have taken this on

    async def _updated(self, inbound: Inbound, posted: Called, private: Replies) -> Called:
        """In the place of a message."""
        where = {"channel": posted.data.get("channel"), "ts": posted.data.get("ts")}
        body = marked(self._said(private), _mark(inbound))
        return await self.manners.call(inbound.message.who.tenant, "chat.update", 5, **where, **body)

    def _threaded(self, inbound: Inbound) -> bool:
        return bool(inbound.thread) and (self.agent_view or not inbound.top)

    async def _whisper(self, inbound: Inbound, private: Replies) -> Answer:
        """To the person alone: by the response_url, else an ephemeral message, else in their own chat."""
        body = {"response_type": "ephemeral", "replace_original": False, **self._said(private)}
        responded = await self.manners.respond(inbound.response_url, body)
        if responded.ok or responded.error == UNKNOWN:
            return DONE
        where = inbound.message.where
        if where.room is not Room.CHANNEL:
            return await self._message(inbound, private)
        user = inbound.message.who.user
        said = self._said(private)
        called = await self._call(inbound, "chat.postEphemeral", channel=where.id, user=user, **said)
        if called.error in _NOT_HERE:
            return await self._message(_at_home(inbound), private)
        return _final(called)

    def _said(self, replies: Replies) -> dict[str, Any]:
        made = rendered(replies, self.wording)
        if any(isinstance(block, Draft) for reply in replies for block in reply.blocks):  # it is a review
            made = with_feedback(made, self.wording)
        return said(made, fallback(replies))

    def _line(self, key: str) -> Reply:
        return Reply((Para(self.wording.say(key)),))

    async def _call(self, inbound: Inbound, method: str, **body: Any) -> Called:  # noqa: ANN401 - Slack's own arguments
        seconds = 10 if inbound.way is Way.TALK else _ACK
        tenant, leave_by = inbound.message.who.tenant, inbound.until
        return await self.manners.call(tenant, method, seconds, leave_by=leave_by, **body)


def _at_home(inbound: Inbound) -> Inbound:
    """The same, to be answered in the person's own chat, where nobody reads along."""
    who = inbound.message.who
    message = replace(inbound.message, where=Place("slack", who.tenant, who.user))
    return replace(inbound, message=message, channel="", thread="")


def _mark(inbound: Inbound) -> str:
    """The same each time Slack repeats the event."""
    return f"answer|{inbound.message.id}"


def _final(called: Called) -> Answer:
    """Whether that was all, or this may come again: it was surely not said, and may be the next time."""
    return _AGAIN if called.error in (RATELIMITED, UNREACHABLE) else DONE
