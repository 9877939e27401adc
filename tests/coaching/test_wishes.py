"""A model's help in the coach: the card at once, better words later or never, and only when asked for."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from coaching import wishes
from coaching.coach import Coach, Rounds
from coaching.people import Person, Place
from coaching.playbook.rules import CRITERIA
from coaching.ports import Answered, Outcome, Sentence, Why
from coaching.review import engine
from coaching.review.written.card import stopped
from coaching.sealed import Sealed, Words
from coaching.turn import Preferences, PreferencesSet, Setup, Wish
from coaching.values import Command, Draft, Form, Heading, Message, Note, Quote, Reply, Submitted, Tapped
from coaching.wishes import Model, Wishes, second, worded
from tests.conftest import Outbox
from tests.players.doubts import DOUBTED, doubting
from tests.players.memory import PlainMemory
from tests.players.straight import plain

DRAFT = "As I already said, delivery takes 10 working days. You need to wait."
CUSTOMER = "Where is my parcel? The party is tomorrow."
GOOD = (
    Sentence("acknowledge", "I am sorry the parcel is not there yet, with the party tomorrow.", CUSTOMER),
    Sentence("keep", "Delivery takes 10 working days.", "delivery takes 10 working days"),
)
WHO = Person("web", "local", "U1")
NUMBERS = count(1)


class Scripted:
    """A Rewriter that answers as told, and notes what it was shown."""

    def __init__(self, outcome=None, *, wait=False):
        self.outcome = Outcome(GOOD) if outcome is None else outcome
        self.cases, self.go = [], asyncio.Event()
        if not wait:
            self.go.set()

    async def rewrite(self, case, who):
        self.cases.append(case)
        await self.go.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.fixture
def with_model(playbook, troubles):
    def made(rewriter, setup=None):
        def trouble(where, error):
            troubles.append((where, type(error).__name__))

        names = (f"wish{n}" for n in count(1))
        under_way = Wishes(Model("model.example", True, rewriter), lambda: next(names), trouble)
        rounds = Rounds(b"salt")
        setup = Setup(demo=True) if setup is None else setup
        return Coach(playbook, PlainMemory(), Outbox(), trouble, rounds, setup, wishes=under_way)

    return made


def message(content, who=WHO):
    where = Place("web", "local", "D1")
    return Message(f"m{next(NUMBERS)}", who, where, datetime(2026, 3, 2, 8, tzinfo=UTC), content)


async def reviewed(coach, draft=DRAFT, customer=CUSTOMER, who=WHO):
    fields = {"draft": Words(draft), "customer": Words(customer)}
    (reply,) = await coach.hear(message(Submitted("review.draft", fields), who))
    return reply


def drafts(reply):
    return [plain(block.text) for block in reply.blocks if isinstance(block, Draft)]


def said(reply):
    return "\n".join(plain(block.text) for block in reply.blocks if hasattr(block, "text"))


def actions(reply):
    return {choice.action for choice in reply.choices}


async def test_the_card_comes_at_once_and_better_words_later(with_model):
    """Before the model has answered the review is there; afterwards only a model's words are called so."""
    rewriter = Scripted(wait=True)
    coach = with_model(rewriter)
    first = await reviewed(coach)
    assert first.later == "wish1"
    assert "review.stop" in actions(first)
    assert "A language model is looking for better words." in said(first)
    rewriter.go.set()
    better = await coach.better(first.later)
    assert better.later == ""
    assert "review.stop" not in actions(better)
    assert drafts(better)[-1] == f"{GOOD[0].text} {GOOD[1].text}"
    assert [plain(b.text) for b in better.blocks if isinstance(b, Heading)][-1] == "Better words"
    assert plain(better.blocks[-1].text).startswith("Worded by a language model")
    assert isinstance(better.blocks[-1], Note)
    assert said(better).count("language model") == 1
    assert await coach.better(first.later) is None


@pytest.mark.parametrize("why", [Why.DEADLINE, Why.SCHEMA, Why.BREAKER_OPEN, Why.OFTEN])
async def test_without_an_answer_the_review_stands(why, with_model):
    """Nothing alarming: the card as it would have been, to the letter."""
    coach = with_model(Scripted(Outcome(None, why)))
    first = await reviewed(coach)
    last = await coach.better(first.later)
    coach.wishes = None
    assert last == await reviewed(coach)


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Outcome(None, Why.DEADLINE), Why.DEADLINE),
        (Outcome((Sentence("close", "We will refund you."),)), Why.SHAPE),
        (Outcome(GOOD[:1]), Why.LOST),
        (Outcome((Sentence("keep", DRAFT, "delivery takes 10 working days"),)), Why.NOT_BETTER),
    ],
)
async def test_the_reason_is_told_to_who_runs_it(outcome, why, playbook):
    """The model's own, or the guards'."""
    model = Model("model.example", True, Scripted(outcome))
    found = engine.review(DRAFT, CUSTOMER, playbook)
    assert await worded(model, found, CUSTOMER, WHO, playbook) is why


async def test_words_that_do_not_pass_are_not_shown(with_model):
    """The guards decide: the card is as it was."""
    coach = with_model(Scripted(Outcome((Sentence("close", "We will refund you."),))))
    first = await reviewed(coach)
    last = await coach.better(first.later)
    assert "refund" not in said(last)
    assert drafts(last) == drafts(first)


class Judging:
    """A Judge that answers as told, and notes what it was asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    async def judge(self, case, questions, who):
        self.asked.append((case, questions))
        if not self.answers:
            return Outcome(None, Why.DEADLINE)
        return Outcome({name: Answered(*self.answers.get(name, (1.0, ""))) for name in questions})


def judging(judge, judges=frozenset(CRITERIA), rewriter=None):
    return Model("model.example", True, rewriter or Scripted(Outcome(None, Why.LENGTH)), judge, judges)


@pytest.mark.parametrize(
    ("answers", "criterion", "quote"),
    [
        ({"R2": (0.35, "")}, "R2", ""),
        ({"R1": (0.0, "as per our policy"), "R2": (0.0, "")}, "R1", "as per our policy"),
        (
            {"R1": (0.0, ""), "R2": (0.0, "I understand.")},
            "R2",
            "I understand.",
        ),  # nobody is blamed without words
        ({"R1": (0.0, "as per your policy"), "R2": (0.0, "invented")}, None, None),
        ({"R2": (0.36, "")}, None, None),  # it is unsure itself
        ({}, None, None),
    ],
)
async def test_what_a_judge_may_add(answers, criterion, quote, playbook):
    """One thing of what the review was unsure of; a quote has to stand in the draft."""
    judge, playbook = Judging(**answers), doubting(playbook, CUSTOMER, "R1", "R2")
    found = engine.review(DOUBTED, CUSTOMER, playbook)
    more = await second(judging(judge), found, CUSTOMER, WHO, playbook)
    assert (more and more.criterion, more and more.quote) == (criterion, quote)
    ((case, questions),) = judge.asked
    assert set(questions) == {"R1", "R2"}
    assert case.change == ""


async def test_a_judge_is_asked_what_it_was_measured_on_alone(playbook):
    """Not of what is missed, or sure, or cannot be judged, and never without having been measured."""
    judge, playbook = Judging(R2=(0.0, "")), doubting(playbook, CUSTOMER, "R1", "R2")
    found = engine.review(DOUBTED, CUSTOMER, playbook)
    assert (await second(judging(judge, {"R2", "R4"}), found, CUSTOMER, WHO, playbook)).criterion == "R2"
    assert set(judge.asked.pop()[1]) == {"R2"}
    for draft, model in (
        (DOUBTED, judging(judge, frozenset())),
        (DOUBTED, judging(None)),
        ("Hm.", judging(judge)),
    ):
        found = engine.review(draft, CUSTOMER, playbook)
        assert await second(model, found, CUSTOMER, WHO, playbook) is None
    assert judge.asked == []


async def test_what_a_judge_noticed_stands_below_the_review(with_model):
    """In our words, said to be a model's; of the review itself nothing is taken back."""
    coach = with_model(Scripted())
    coach.playbook = doubting(coach.playbook, CUSTOMER, "R1", "R2")
    coach.wishes.model = judging(Judging(R1=(0.1, "as per our policy")))
    first = await reviewed(coach, DOUBTED)
    card = await coach.better(first.later)
    more = card.blocks[-4:]
    assert [type(block) for block in more] == [Heading, Quote, type(more[2]), Note]
    assert plain(more[1].text) == "as per our policy"
    assert plain(more[2].text) == coach.playbook.judging.criteria["R1"].say
    assert plain(more[3].text).startswith("A language model noticed this.")
    coach.wishes = None
    assert (await reviewed(coach, DOUBTED)).blocks == card.blocks[:-4]


async def test_one_port_that_fails_takes_nothing_from_the_other(with_model, troubles):
    """The judge's word stands where the rewriter breaks."""
    coach = with_model(Scripted())
    coach.playbook = doubting(coach.playbook, CUSTOMER, "R1", "R2")
    coach.wishes.model = judging(Judging(R2=(0.1, "")), rewriter=Scripted(ValueError(DOUBTED)))
    card = await coach.better((await reviewed(coach, DOUBTED)).later)
    assert "A language model noticed this." in said(card)
    assert troubles == [("model", "ValueError")]
    troubles.clear()


async def test_a_fault_of_ours_is_told_by_its_kind_alone(with_model, troubles):
    """The card stands; the log gets a name."""
    coach = with_model(Scripted(ValueError(DRAFT)))
    first = await reviewed(coach)
    assert drafts(await coach.better(first.later)) == drafts(first)
    assert troubles == [("model", "ValueError")]
    troubles.clear()


async def test_a_review_that_fails_leaves_the_card(with_model, troubles, playbook):
    """The second look at a draft may break as any other: the card stands as it was."""
    coach, wish = with_model(Scripted()), Wish(WHO, Words(DRAFT), Words(CUSTOMER))
    shown = coach.wishes.begin(Reply(()), wish, replace(playbook, judging=None))
    assert await coach.better(shown.later) == Reply(())
    assert troubles == [("model", "AttributeError")]
    troubles.clear()


async def test_the_stop_button(with_model):
    """It ends the wish at once; the card is as it was. Nobody stops somebody else's."""
    coach = with_model(Scripted(wait=True))
    first = await reviewed(coach)
    other = replace(WHO, user="U2")
    answer, *_ = await coach.hear(message(Tapped("review.stop", first.later), other))
    assert said(answer).startswith("That has ended, or ends by itself")
    waiting = asyncio.ensure_future(coach.better(first.later))
    await asyncio.sleep(0)
    (card,) = await coach.hear(message(Tapped("review.stop", first.later)))
    assert await waiting == replace(card, later="")
    assert card.later == first.later  # so that it is known which card this is
    gone, *_ = await coach.hear(message(Tapped("review.stop", first.later)))
    assert said(gone) == said(answer)


async def test_at_the_end_all_wishes_end(with_model):
    """A process that stops leaves no task behind, whether one had begun or not."""
    coach = with_model(Scripted(wait=True))
    first = await reviewed(coach)
    await coach.wishes.drain()
    await coach.wishes.drain()
    assert await coach.better(first.later) is None


async def test_a_wish_that_had_not_begun_is_gone_without_a_word(with_model):
    """Stopped before its first step, there is no card to put anywhere: the one on the screen stays."""
    coach = with_model(Scripted(wait=True))
    first = await reviewed(coach)
    (wish,) = coach.wishes._tasks.values()
    wish.task.cancel()
    assert await coach.better(first.later) is None
    again = await reviewed(coach)
    (wish,) = coach.wishes._tasks.values()
    wish.task.cancel()
    assert await coach.wishes.heard(message(Tapped("review.stop", again.later))) is None


async def test_wishes_are_bounded(with_model, monkeypatch):
    """Beyond that the review comes without one; those that ended and were not asked for are let go."""
    monkeypatch.setattr("coaching.wishes._MOST", 2)
    rewriter = Scripted(wait=True)
    coach = with_model(rewriter)
    assert [bool((await reviewed(coach)).later) for _ in range(3)] == [True, True, False]
    monkeypatch.setattr("coaching.wishes._TAKEN", 1)
    rewriter.go.set()
    await asyncio.wait([wish.task for wish in coach.wishes._tasks.values()])
    assert (await reviewed(coach)).later
    assert len(coach.wishes._tasks) == 2
    await coach.wishes.drain()


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_card_nobody_comes_for_goes_by_itself(stopped, with_model, monkeypatch):
    """Nobody has to wish again for it to be gone: ten minutes after its end there is nothing left of it."""
    assert wishes._KEPT == 600
    monkeypatch.setattr(wishes, "_KEPT", 0.01)
    coach = with_model(Scripted(wait=stopped))
    first = await reviewed(coach)
    if stopped:
        await coach.hear(message(Tapped("review.stop", first.later)))
    async with asyncio.timeout(5):
        while coach.wishes._tasks:  # noqa: ASYNC110 - a timer is waited for
            await asyncio.sleep(0.01)
    assert await coach.better(first.later) is None


async def test_a_good_reply_is_not_sent_anywhere(with_model):
    """Neither is one that cannot be judged."""
    rewriter = Scripted()
    coach = with_model(rewriter)
    for draft in ("Hm.", ""):
        for reply in await coach.hear(message(Submitted("review.draft", {"draft": Words(draft)}))):
            assert not getattr(reply, "later", "")
    await asyncio.sleep(0)
    assert rewriter.cases == []


async def test_vents_and_dangers_never_reach_a_model(with_model):
    """The calls are counted: drafts with a danger in them, vents of every kind; then one review."""
    rewriter = Scripted()
    coach = with_model(rewriter)
    crisis = "I want to kill myself. As I already said, delivery takes 10 days. You need to wait."
    first = await reviewed(coach, draft=crisis)
    assert first.later == ""
    assert (await reviewed(coach, customer="I will kill myself tonight because of this.")).later == ""
    for content in (
        Command("vent", Words("They are all idiots and I hate them.")),
        Command("vent", Words("")),
        Tapped("vent.open"),
        Submitted("vent.write", {"out": Sealed("They are all idiots, calm down, as I already said")}),
        Submitted("vent.out", {"out": Sealed("You need to wait. That is not our fault.")}),
    ):
        await coach.hear(message(content))
    await asyncio.sleep(0.01)
    assert rewriter.cases == []
    reply = await reviewed(coach)
    await coach.better(reply.later)
    assert len(rewriter.cases) == 1


async def test_a_person_asks_for_a_models_help(with_model):
    """At work nothing is sent before they have seen where it goes and said yes; a no is kept as well."""
    rewriter = Scripted()
    coach = with_model(rewriter, Setup(contacts=("Ana",)))
    first = await reviewed(coach)
    assert first.later == ""
    assert "review.model" in actions(first)
    asked, *_ = await coach.hear(message(Tapped("review.model")))
    assert "model.example" in said(asked)
    assert actions(asked) == {"review.model_yes", "review.model_no"}
    (yes,) = (choice for choice in asked.choices if choice.action == "review.model_yes")
    (on, *_) = await coach.hear(message(Tapped(yes.action, yes.value)))
    assert "model.example" in said(on)
    assert "review.model_no" in actions(on)
    assert rewriter.cases == []
    second = await reviewed(coach)
    assert "review.model" not in actions(second)
    better = await coach.better(second.later)
    assert drafts(better)
    assert "review.model_no" in actions(better)
    assert len(rewriter.cases) == 1
    (off,) = await coach.hear(message(Tapped("review.model_no")))
    assert said(off) == "No model sees your replies."
    assert (await reviewed(coach)).later == ""
    assert (await reviewed(coach, who=replace(WHO, user="U2"))).later == ""
    assert len(rewriter.cases) == 1


async def consented(coach, host="model.example"):
    """Somebody at work who said yes to a model at this host."""
    wanted = PreferencesSet(Preferences(model=host))
    await coach.memory.keep(WHO, Place("web", "local", "D1"), (wanted,), datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("draft", [DRAFT, "Hm."])
async def test_a_yes_can_be_taken_back_under_any_review(with_model, draft):
    """Also where there was nothing to send; who never said yes is not asked to take it back."""
    coach = with_model(Scripted(), Setup(contacts=("Ana",)))
    assert "review.model_no" not in actions(await reviewed(coach, draft))
    await consented(coach)
    assert "review.model_no" in actions(await reviewed(coach, draft))
    await coach.wishes.drain()


async def test_a_yes_can_be_taken_back_in_my_data(with_model):
    """With the model connected, with another one, and with none; then the button is gone."""
    coach = with_model(Scripted(), Setup(contacts=("Ana",)))
    show = Command("privacy", Words(""))
    for host, connected in (("model.example", True), ("other.example", True), ("model.example", False)):
        await consented(coach, host)
        coach.wishes = coach.wishes if connected else None
        (page, *_) = await coach.hear(message(show))
        assert "review.model_no" in actions(page)
        (off,) = await coach.hear(message(Tapped("review.model_no")))
        assert said(off) == "No model sees your replies."
        (page,) = await coach.hear(message(show))
        assert "review.model_no" not in actions(page)


async def test_a_yes_holds_for_the_host_it_named_alone(with_model):
    """Another model is connected: nothing is sent to it, an old button asks anew, and a new yes names it."""
    rewriter = Scripted()
    coach = with_model(rewriter, Setup(contacts=("Ana",)))
    await consented(coach, "former.example")
    card = await reviewed(coach)
    assert card.later == ""
    assert "review.model" in actions(card)
    for value in ("former.example", ""):
        asked, *_ = await coach.hear(message(Tapped("review.model_yes", value)))
        assert "model.example" in said(asked)
        assert (asked.choices[0].action, asked.choices[0].value) == ("review.model_yes", "model.example")
        assert (await reviewed(coach)).later == ""
    (page,) = await coach.hear(message(Command("privacy", Words(""))))
    assert "It gets nothing of yours until you ask for it" in said(page)
    assert rewriter.cases == []
    await coach.hear(message(Tapped("review.model_yes", "model.example")))
    assert await coach.better((await reviewed(coach)).later)
    assert len(rewriter.cases) == 1


async def test_an_administrator_can_rule_it_out(with_model):
    """Then nobody is even asked."""
    coach = with_model(Scripted(), Setup(contacts=("Ana",)))
    coach.memory.setups["web", "local"] = Setup(model=False)
    assert "review.model" not in actions(await reviewed(coach))


async def test_without_a_model_nothing_is_offered(with_model, playbook):
    """An old button gets a kind answer; a key of a former process, too."""
    coach = with_model(Scripted())
    coach.wishes = None
    reply = await reviewed(coach)
    assert (reply.later, "review.model" in actions(reply)) == ("", False)
    (answer, *_) = await coach.hear(message(Tapped("review.model_yes")))
    assert said(answer).startswith("No language model is connected here.")
    assert await coach.better("wish1") is None
    stopped, *_ = await coach.hear(message(Tapped("review.stop", "wish1")))
    assert isinstance(stopped, Reply)


async def test_the_privacy_page_names_the_host(with_model):
    """Where drafts go, and whether mine do; a way to end it is told only where there is one."""
    page = message(Command("privacy", Words("")))
    (demo, *_) = await with_model(Scripted()).hear(page)
    assert "A language model at model.example helps to word replies on this page." in said(demo)
    assert "under any review" not in said(demo)
    assert "review.model_no" not in actions(demo)
    coach = with_model(Scripted(), Setup(contacts=("A",)))
    (before, *_) = await coach.hear(page)
    assert "It gets nothing of yours until you ask for it" in said(before)
    await coach.hear(message(Tapped("review.model_yes", "model.example")))
    (after, *_) = await coach.hear(message(Command("privacy", Words(""))))
    assert "A language model at model.example helps to word replies. It" in said(after)
    assert "under any review" in said(after)
    assert "review.model_no" in actions(after)


async def test_where_a_card_cannot_be_changed_it_is_asked_for(with_model, monkeypatch):
    """A dialog in Teams: the same card while it takes, the better one when it is there, then no more."""
    monkeypatch.setattr("coaching.wishes._PATIENCE", 0.05)
    rewriter = Scripted(wait=True)
    coach = with_model(rewriter)
    first = await reviewed(coach)
    tap = Tapped("review.better", first.later)
    assert await coach.hear(message(tap)) == (first,)
    rewriter.go.set()
    (card,) = await coach.hear(message(tap))
    assert drafts(card)[-1].startswith(GOOD[0].text)
    gone, *_ = await coach.hear(message(tap))
    assert said(gone) == "There are no better words this time. Your review stands."


async def test_a_form_is_no_card(with_model, playbook):
    """Beside a form nothing is begun; a wish for what needs no change ends as it began."""
    coach = with_model(Scripted())
    form = Form("review.draft", "Review")
    wish = Wish(WHO, Words("Thank you."), Words(""))
    assert coach.wishes.begin(form, wish, playbook) is form
    shown = coach.wishes.begin(Reply(()), wish, playbook)
    assert await coach.better(shown.later) == Reply(())


def test_which_stop_is_put_right_in_place():
    """The one whose card is known."""
    known, late = Reply((), later="w1"), Reply(())
    assert stopped(message(Tapped("review.stop", "w1")), (known,))
    assert not stopped(message(Tapped("review.stop", "w1")), (late,))
    assert not stopped(message(Tapped("review.open")), (known, Form("a.b", "c")))
