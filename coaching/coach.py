"""The one door: hear(message) gives the replies, remind(due) gives the words of a reminder."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from weakref import WeakValueDictionary

from coaching import alarm, intent, safety
from coaching.offers import Offers
from coaching.people import For, Person, Place, Zone
from coaching.playbook.care import Danger
from coaching.playbook.reader import Playbook
from coaching.ports import Memory, Post, Posted, Skill, Trouble
from coaching.rounds import Rounds
from coaching.sealed import Sealed
from coaching.skills.ask import ask
from coaching.skills.help import hello
from coaching.skills.help import help as help_
from coaching.skills.meant import meant
from coaching.skills.mine import mine
from coaching.skills.practice import practice
from coaching.skills.privacy import privacy, stay
from coaching.skills.promises import offered, promises
from coaching.skills.promises.screens import line
from coaching.skills.remarks import about, remarks
from coaching.skills.remarks.digest import digest
from coaching.skills.review import review
from coaching.skills.schedules import schedules
from coaching.skills.setup import setup
from coaching.skills.tips import letter, tips
from coaching.skills.vent import vent
from coaching.turn import Fact, Forget, Heard, Known, Met, Setup, Turn
from coaching.values import (
    Command,
    Due,
    Form,
    Letter,
    Message,
    Para,
    Reply,
    Said,
    Submitted,
    Tapped,
)
from coaching.when import local, resting
from coaching.wishes import Wishes

SKILLS: Mapping[str, Skill] = MappingProxyType(
    {
        "ask": ask,
        "help": help_,
        "meant": meant,
        "mine": mine,
        "practice": practice,
        "privacy": privacy,
        "promises": promises,
        "remarks": remarks,
        "review": review,
        "schedules": schedules,
        "setup": setup,
        "tips": tips,
        "vent": vent,
    }
)

_TELL_OF_REMINDERS = ("help", "schedules")
_BY_DAY = range(9, 17)  # the hours at which somebody may be asked whether to stay


@dataclass(slots=True)
class Coach:
    """Hears what people say and speaks when a reminder is due."""

    playbook: Playbook
    memory: Memory
    post: Post
    trouble: Trouble
    rounds: Rounds
    setup: Setup = Setup()  # the installation's; a workspace's own goes before it
    admins: frozenset[str] = frozenset()  # who may set up: "id", or "tenant/id" where there are several
    playbooks: Mapping[str, Playbook] = field(default_factory=dict)  # further ones to choose from, by name
    wishes: Wishes | None = None  # where a language model is connected
    offers: Offers = field(default_factory=Offers)
    _turns: WeakValueDictionary[Person, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def hear(self, message: Message) -> tuple[Reply | Form, ...]:
        """The answers to a message, in order. Never raises: a fault of ours becomes a kind sentence.

        One message of a person at a time: what the second is told already holds what the first left.
        """
        turn, danger = self._turns.setdefault(message.who, asyncio.Lock()), Danger.NONE
        try:
            async with turn:
                message = intent.whole(message)
                danger = alarm.danger(message, self.playbook)  # before memory is asked: it may fail
                return await self._hear(message, danger)
        except Exception as error:  # noqa: BLE001 - a person gets an answer, the log gets the kind of error
            self.trouble("hear", error)
            return (self._sorry(message, danger),)
        finally:
            _shred(message)

    def _sorry(self, message: Message, danger: Danger) -> Reply:
        """What is said where something of ours failed. Whoever needs help gets it all the same."""
        sorry = Para(self.playbook.wording.say("common.sorry"))
        if danger is Danger.NONE:
            venting = isinstance(message.content, Submitted) and message.content.form.startswith("vent.")
            return Reply((sorry, safety.footer(self.setup, self.playbook)) if venting else (sorry,))
        card = safety.card(danger, self.setup, self.playbook)
        return Reply(card if isinstance(message.content, Said | Command) else (*card, sorry))

    async def _hear(self, message: Message, danger: Danger) -> tuple[Reply | Form, ...]:
        if self.wishes is not None and (card := await self.wishes.heard(message)) is not None:
            return (card,)
        known = await self._known(message.who, message.where)
        replies, facts = await self._answer(message, known, danger)
        noted = (Heard(),) if _worth_noting(known, message.at) else ()
        if noted or facts:  # once, for all there is: somebody waits for it
            here, there = known.heard_on is not None, message.where
            try:
                await self.memory.keep(message.who, there, (*noted, *facts), message.at, known=here)
            except Exception as error:
                if facts:  # what was asked for was not done
                    raise
                self.trouble("keep", error)
        return replies

    async def _answer(
        self, message: Message, known: Known, danger: Danger
    ) -> tuple[tuple[Reply | Form, ...], tuple[Fact, ...]]:
        """What is said, and what has to be remembered before it is."""
        playbook = self._playbook(known)
        understood = intent.meaning(message, playbook)
        name, known = understood.skill, replace(known, understood=understood)
        if isinstance(message.content, Said | Command) and name != "review":
            if danger is Danger.NONE and (name, understood.name) == ("vent", "abuse"):
                danger = Danger.ABUSE_RECEIVED
            if danger is not Danger.NONE:
                return (safety.answer(danger, known.setup, playbook),), ()
            name = alarm.misheard(message.content, playbook) or name
        turn = SKILLS.get(name, help_)(message, await self._told(name, message, known), playbook)
        turn = await self._announced(turn)
        if name == "review" and danger is Danger.NONE:
            turn = self._offered(turn, message, known)
        replies, facts = turn.replies, turn.facts
        if self.wishes is not None and turn.wish is not None and danger is Danger.NONE:
            replies = tuple(self.wishes.begin(reply, turn.wish, playbook) for reply in replies)
        if danger is not Danger.NONE:
            replies = alarm.with_card(replies, safety.card(danger, known.setup, playbook))
        elif _first_contact(message, known, turn):
            replies, facts = (*replies, hello(message, known, playbook)), (*facts, Met())
        return replies, facts

    def _offered(self, turn: Turn, message: Message, known: Known) -> Turn:
        """With the offer to be reminded of what a reply promises."""
        turn = offered(turn, message, known, self._playbook(known))
        for key, words in turn.offers:
            self.offers.hold(message.who, key, words, message.at)
        return turn

    async def better(self, key: str) -> Reply | None:
        """The reply that takes the place of one with this `later`, with better words or as it was."""
        return None if self.wishes is None else await self.wishes.better(key)

    async def _known(self, who: Person, where: Place) -> Known:
        """What memory tells, and what the process knows besides."""
        known = await self.memory.recall(who, where)
        setup = known.setup.over(self.setup)
        books = tuple(self.playbooks) or ("",)
        admin = setup.demo or self._admin(who, known)
        model = self.wishes.model.host if self.wishes is not None and setup.model else ""
        return replace(known, setup=setup, own=known.setup, admin=admin, playbooks=books, model=model)

    def _admin(self, who: Person, known: Known) -> bool:
        """Whether this person may set up: who is named for their tenant; where nobody is, who installed."""
        here = {
            name.rpartition("/")[2] for name in self.admins if name.rpartition("/")[0] in ("", who.tenant)
        }
        return who.user in here if here else known.admin

    def _playbook(self, known: Known) -> Playbook:
        """The one the workspace has chosen; the installation's own where it has not, or it is gone."""
        chosen = known.setup.playbook
        return self.playbook if chosen is None else self.playbooks.get(chosen, self.playbook)

    async def _told(self, name: str, message: Message, known: Known) -> Known:
        """What only some skills are told: everything stored, what came lately, rounds and a seed (vent)."""
        if name == "privacy":
            asked = isinstance(message.content, Tapped) and message.content.action == "privacy.code"
            code = await self.memory.code(message.who, message.at) if asked else ""
            return replace(known, rows=await self.memory.rows(message.who), code=code)
        if name == "mine":
            return replace(known, weeks=await self.memory.weeks(message.who))
        if name == "review" and known.preferences.repeats:
            known = replace(known, earlier=await self.memory.earlier(message.who, message.at))
        if name == "remarks":
            return replace(known, remarks=await self.memory.remarks(message.who, about(message)))
        if name == "promises":
            value = message.content.value if isinstance(message.content, Tapped) else ""
            held = self.offers.held(message.who, value.partition("|")[0], message.at)
            return replace(known, promises=await self.memory.promises(message.who), offered=held)
        if name in _TELL_OF_REMINDERS and known.schedules:
            known = replace(known, lately=await self.memory.lately(message.who, message.where))
        opened = isinstance(message.content, Command) or (
            isinstance(message.content, Tapped) and message.content.action.endswith(".open")
        )
        rounds, seed = self.rounds.count(message.who, message.at, opened=opened and name == "vent")
        return replace(known, rounds=rounds, seed=seed)

    async def _announced(self, turn: Turn) -> Turn:
        if turn.announce is None:
            return turn
        match await self.post.post(turn.announce.letter):
            case Posted.SENT:
                return turn
            case Posted.NOT_IN_CHANNEL:
                return turn.announce.uninvited
            case Posted.UNKNOWN:
                return turn.announce.unsure
            case _:
                return turn.announce.failed

    async def remind(self, due: Due, at: datetime) -> Letter | None:
        """The words of a reminder that has fallen due; None if the person rests now."""
        known = await self._known(due.who, due.schedule.to)
        if due.schedule.to.private and resting(known.preferences, at, due.schedule.slot.zone):
            return None
        if due.schedule.audience is For.DIGEST:
            kept = await self.memory.remarks(due.who, due.schedule.to)
            return digest(due, replace(known, remarks=kept), self._playbook(known))
        if due.schedule.audience is For.PROMISE:
            return line(due, at, await self.memory.promises(due.who), self._playbook(known))
        words, facts = letter(due, known, self._playbook(known))
        if facts:
            await self.memory.keep(due.who, due.schedule.to, facts, at, known=True)  # whose reminder it is
        return words

    async def ask_to_stay(self, who: Person, to: Place, at: datetime) -> Letter | None:
        """The question for somebody silent for a year; None at night and while they rest."""
        known = await self._known(who, to)
        zones = (known.preferences.zone, *(s.slot.zone for s in known.schedules if s.to.private))
        where = next((zone for zone in zones if zone is not None), Zone("UTC"))
        if local(at, where).hour not in _BY_DAY or resting(known.preferences, at, where):
            return None
        return Letter(to, "", at.date(), stay(self._playbook(known)))


def _worth_noting(known: Known, at: datetime) -> bool:
    """Whether memory should know that they are there: once a month, and when they come back."""
    heard = known.heard_on
    return heard is not None and (heard.year, heard.month) != (at.year, at.month)


def _shred(message: Message) -> None:
    """Whatever became of it, sealed text does not outlive the turn it came with."""
    if isinstance(message.content, Submitted):
        for value in message.content.fields.values():
            if isinstance(value, Sealed):
                value.shred()


def _first_contact(message: Message, known: Known, turn: Turn) -> bool:
    """Whether to introduce the coach now: once, in private, after an answer, never over a form.

    Not if the skill did so itself, and not to somebody who has just asked to be forgotten.
    """
    in_form = isinstance(message.content, Submitted) or (
        isinstance(message.content, Tapped) and message.content.state != ""
    )
    answered = bool(turn.replies) and not any(isinstance(reply, Form) for reply in turn.replies)
    settled = known.met or any(isinstance(fact, Met | Forget) for fact in turn.facts)
    return not settled and message.where.private and answered and not in_form
