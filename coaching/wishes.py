"""Better words that were wished for, under way: each ends with the card as it then is, whatever happens."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from coaching.people import Person
from coaching.playbook.reader import Playbook
from coaching.ports import Case, Judge, Rewriter, Trouble, Why
from coaching.review import engine
from coaching.review.engine import Review
from coaching.review.written.card import BETTER, STOP, judged, reworded, waiting
from coaching.review.written.judging import Noticed, noticed, questions
from coaching.review.written.rewriting import Written, asked, settled
from coaching.turn import Wish
from coaching.values import Form, Message, Reply, Tapped

_MOST = 500  # wishes that are remembered
_PATIENCE = 3.0  # seconds that somebody who asks for better words waits for them
_TAKEN = 20  # of those that ended, the ones that nobody came for yet
_KEPT = 600.0  # seconds that they wait for somebody


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is connected: where it is, whether what is private is taken out first, and its ports."""

    host: str
    redacts: bool
    rewriter: Rewriter
    judge: Judge | None = None
    judges: frozenset[str] = frozenset()  # the criteria it may be asked about


async def worded(
    model: Model, found: Review, customer: str, who: Person, playbook: Playbook
) -> Written | Why:
    """A reviewed draft through the model and the guards; or why its words stay as they are."""
    ask = asked(found, customer, playbook, redacts=model.redacts)
    if ask is None:
        return Why.SHAPE
    outcome = await model.rewriter.rewrite(ask.case, who)
    if outcome.value is None:
        return outcome.why
    return settled(ask, outcome.value, found, playbook)


async def second(
    model: Model, found: Review, customer: str, who: Person, playbook: Playbook
) -> Noticed | None:
    """What a model notices besides, of what our review is unsure of; mostly nothing is asked."""
    ask = asked(found, customer, playbook, redacts=model.redacts)
    unsure = questions(found, customer, model.judges, playbook)
    if ask is None or model.judge is None or not unsure:
        return None
    answers = (await model.judge.judge(Case(ask.case.draft, ask.case.customer), unsure, who)).value
    return None if answers is None else noticed(answers, ask, playbook)


@dataclass(frozen=True, slots=True)
class _Wish:
    """Whose it is, the work, and the card until then."""

    who: Person
    task: asyncio.Task[Reply]
    shown: Reply = field(repr=False)


@dataclass(slots=True)
class Wishes:
    """In memory only. Nothing of a wish outlives its card, and no failure is ever the person's to see."""

    model: Model
    named: Callable[[], str]  # a new name for each wish, which nobody can guess
    trouble: Trouble
    _tasks: OrderedDict[str, _Wish] = field(default_factory=OrderedDict, repr=False)

    def begin(self, reply: Reply | Form, wish: Wish, playbook: Playbook) -> Reply | Form:
        """The card, with a word that a model is at work. It is ready at once: nothing is waited for."""
        if isinstance(reply, Form):
            return reply
        self._forget()
        if len(self._tasks) >= _MOST:
            return reply
        key = self.named()
        task = asyncio.get_running_loop().create_task(self._card(reply, wish, playbook))
        shown = waiting(reply, key, playbook)
        self._tasks[key] = _Wish(wish.who, task, shown)
        task.add_done_callback(lambda _: self._ends(key))
        return shown

    async def better(self, key: str) -> Reply | None:
        """The card as it is in the end; None where this wish is not known (any more)."""
        known = self._tasks.get(key)
        if known is None:
            return None
        await asyncio.wait([known.task])
        self._tasks.pop(key, None)
        return None if known.task.cancelled() else known.task.result()

    async def heard(self, message: Message) -> Reply | None:
        """A button under a card of this person that a model is at work on; None for anything else."""
        tap = message.content
        if not isinstance(tap, Tapped) or tap.action not in (STOP, BETTER):
            return None
        known = self._tasks.get(tap.value)
        if known is None or known.who != message.who:
            return None
        if tap.action == STOP:
            known.task.cancel()
            await asyncio.wait([known.task])
        await asyncio.wait([known.task], timeout=_PATIENCE)
        if not known.task.done():
            return known.shown
        if tap.action == BETTER:
            del self._tasks[tap.value]
        if known.task.cancelled():
            return None
        card = known.task.result()
        return replace(card, later=tap.value) if tap.action == STOP else card

    def end(self) -> None:
        """End them all: the cards stand as they are, and whoever waits for one gets it."""
        for wish in self._tasks.values():
            wish.task.cancel()

    async def drain(self) -> None:
        """As `end`, and wait for it."""
        self.end()
        tasks = [wish.task for wish in self._tasks.values()]
        self._tasks.clear()
        if tasks:
            await asyncio.wait(tasks)

    def _ends(self, key: str) -> None:
        """Whoever does not come for it in time finds it gone, whether anybody wishes again or not."""
        asyncio.get_running_loop().call_later(_KEPT, self._tasks.pop, key, None)

    def _forget(self) -> None:
        ended = [key for key, wish in self._tasks.items() if wish.task.done()]
        for key in ended[:-_TAKEN]:
            del self._tasks[key]

    async def _card(self, reply: Reply, wish: Wish, playbook: Playbook) -> Reply:
        """The card with what a model has to say for it, or the one there was."""
        try:
            draft, customer = wish.draft.reveal(), wish.customer.reveal()
            found = engine.review(draft, customer, playbook)
            asks = (port(self.model, found, customer, wish.who, playbook) for port in (second, worded))
            came = await asyncio.gather(*asks, return_exceptions=True)
        except asyncio.CancelledError:
            return reply
        except Exception as error:  # noqa: BLE001 - the review stands; the log gets the kind of error
            self.trouble("model", error)
            return reply
        for each in came:
            if isinstance(each, BaseException):
                self.trouble("model", each)
            elif isinstance(each, Noticed):
                reply = judged(reply, each, playbook)
            elif isinstance(each, Written):
                reply = reworded(reply, each, playbook)
        return reply
