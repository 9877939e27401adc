"""The practice as a skill: with the real review, with nothing kept, and with help going first."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product

import pytest

from coaching.people import Person, Place
from coaching.playbook.scenarios import LEVELS, Reaction
from coaching.playbook.wording import Wording
from coaching.practice.acts import Act
from coaching.practice.game import GOOD, HOTTEST, Outcome, begin, read_game, reply
from coaching.review.look import Abstained
from coaching.sealed import Words
from coaching.skills.practice import practice
from coaching.skills.practice.judge import judge
from coaching.skills.practice.screens import show
from coaching.turn import Known, Preferences
from coaching.values import Form, Message, Reply, Said, Submitted, Tapped

REPLIES = {
    "kind": "I am so sorry, that must be exhausting. I will look into it myself and call you by three today.",
    "named": "I can see how frustrating this is after such a long wait.",
    "way": "I can arrange that for you today and write to you as soon as it is done.",
    "asked": "Could you tell me the number, please?",
    "wall": "Unfortunately that is not possible, our policy does not allow it.",
    "blame": "You should have read the conditions before you ordered.",
    "canned": "Thank you for contacting us. We apologise for any inconvenience caused.",
    "hush": "Please calm down.",
    "insult": "You are an idiot.",
    "kind_insult": "I am so sorry, I will refund you today. You are an idiot, though.",
    "limit": "I want to help you. Please stop the insults, then I can look at it with you.",
    "end": "I am ending this chat now.",
    "short": "no",
}
KNOWN = Known()


def message(content, number="m1"):
    who, where = Person("web", "local", "U1"), Place("web", "local", "D1")
    return Message(number, who, where, datetime(2026, 3, 2, 8, tzinfo=UTC), content)


def shown(turn):
    (screen,) = turn.replies
    assert turn.facts == ()
    return screen


def send(state, text, playbook, known=KNOWN):
    return shown(
        practice(message(Submitted("practice.turn", {"reply1": Words(text)}, state)), known, playbook)
    )


@pytest.mark.parametrize("name", ["parcel", "bank", "clinic", "housing", "garage"])
@pytest.mark.parametrize("level", LEVELS)
def test_what_the_review_finds_moves_them(name, level, playbook):
    """Kind words cool and hard ones heat, as the real review reads them, and an insult most of all."""
    game = begin(playbook.scenarios.customers[name], level, 1)
    after = {kind: reply(game, judge(text, game, playbook)) for kind, text in REPLIES.items()}
    heat = {kind: then.heat for kind, then in after.items()}
    for kind in ("wall", "blame", "hush", "insult", "kind_insult"):
        assert heat[kind] > game.heat, kind
    assert heat["insult"] >= max(heat.values())
    assert heat["kind_insult"] == heat["insult"] == min(HOTTEST, game.heat + 4)
    assert after["wall"].turns[-1].reaction in {Reaction.WALLED, Reaction.ABUSE, Reaction.LEFT}
    if after["hush"].outcome is None:
        assert after["hush"].turns[-1].reaction is Reaction.HUSHED
    if game.scenario.abusive:
        assert after["end"].outcome is Outcome.ENDED
        assert heat["limit"] < heat["named"]
    else:
        assert heat["kind"] < game.heat
        assert heat["named"] < game.heat
        assert after["end"].outcome is Outcome.CUT
        assert after["limit"].turns[-1].reaction is Reaction.LIMITED


def test_thirty_games_with_the_real_review(playbook):
    """Whatever is replied, each ends, no line comes twice in a row, and no insult is rewarded."""
    customers = playbook.scenarios.customers
    for seed in range(30):
        chance = random.Random(seed)
        game = begin(customers[chance.choice(sorted(customers))], chance.choice(LEVELS), seed)
        for _ in range(20):
            kind = chance.choice(sorted(REPLIES))
            before, game = game, reply(game, judge(REPLIES[kind], game, playbook))
            assert game.turns[-1].line != before.turns[-1].line
            if "insult" in kind:
                assert game.heat > before.heat or game.heat == HOTTEST
                assert game.outcome not in GOOD
            if game.outcome is not None:
                break
        assert game.outcome is not None
        assert read_game(game.state(), customers.values()) == game


def test_the_same_reply_gives_the_same_screen(playbook):
    """A game is what its state says, and nothing else."""
    state = begin(playbook.scenarios.customers["shop"], 2, 5).state()
    assert send(state, REPLIES["kind"], playbook) == send(state, REPLIES["kind"], playbook)


def test_nothing_typed_travels(playbook):
    """Neither the screen nor its state holds a word of the reply."""
    state = begin(playbook.scenarios.customers["shop"], 2, 5).state()
    screen = send(state, "Quizzical zebras will refund you today, I promise.", playbook)
    assert isinstance(screen, Form)
    assert "zebra" not in repr(screen).lower()
    assert "zebra" not in screen.state.lower()
    assert len(screen.state) <= 60


def test_anybody_is_only_upset(playbook):
    """Who picks nobody gets somebody who crosses no line, by the message's own number."""
    met = set()
    for number in range(60):
        pick = message(
            Submitted("practice.pick", {"who": ("nobody we know",), "level": ("9",)}), f"m{number}"
        )
        screen = shown(practice(pick, Known(), playbook))
        game = read_game(screen.state, playbook.scenarios.customers.values())
        assert game is not None
        assert game.level == 1
        met.add(game.scenario.id)
    assert len(met) >= 8
    assert met <= set(playbook.scenarios.plain())


@pytest.mark.parametrize(
    "content",
    [
        Submitted("practice.turn", {}, "gone"),
        Tapped("practice.back", "gone"),
        Tapped("practice.end", ""),
        Tapped("practice.open"),
        Tapped("practice.of-old"),
        Said(Words("let us practise")),
    ],
)
def test_what_is_not_of_a_game_begins_anew(content, playbook):
    """An old button, a lost state, a word: whom would you like to practise with?"""
    screen = shown(practice(message(content), Known(), playbook))
    assert isinstance(screen, Form)
    assert screen.id == "practice.pick"


def test_who_wants_less_words_gets_less(playbook):
    """Their line and the box; not what moved them."""
    state = begin(playbook.scenarios.customers["shop"], 2, 5).state()
    short = send(state, REPLIES["kind"], playbook, Known(preferences=Preferences(less_words=True)))
    whole = send(state, REPLIES["kind"], playbook)
    assert len(short.blocks) == len(whole.blocks) - 1


def test_a_limit_needs_no_more_words(playbook):
    """Too short to review, and clear enough."""
    game = begin(playbook.scenarios.customers["garage"], 1, 1)
    assert judge("Stop swearing.", game, playbook) >= {Act.LIMIT}
    assert judge("Hm hm", game, playbook) is Abstained.TOO_SHORT


@dataclass(frozen=True)
class Noting(Wording):
    """Wording that notes what it is asked for."""

    asked: set = field(default_factory=set)

    def say(self, key, seed=0, **slots):
        self.asked.add(key)
        return super().say(key, seed, **slots)


def test_every_sentence_of_a_game(playbook):
    """Each mood, each move, each way to end and each lesson is said in some game."""
    wording = Noting(playbook.wording.lines)
    book = replace(playbook, wording=wording)
    for name, level, one, two in product(("parcel", "garage"), LEVELS, Act, Act):
        game = begin(playbook.scenarios.customers[name], level, 0)
        while game.outcome is None:
            assert isinstance(show(game, KNOWN, book), Form)
            game = reply(game, frozenset({one} if len(game.turns) % 2 else {one, two}))
        assert isinstance(show(game, KNOWN, book), Reply)
    calm = reply(begin(playbook.scenarios.customers["parcel"], 1, 0), frozenset({Act.NAMED, Act.WAY}))
    assert isinstance(show(calm, KNOWN, book), Form)
    parts = tuple(f"practice.{part}." for part in ("end", "mood", "moved", "plan", "try", "worked"))
    assert {key for key in wording.lines if key.startswith(parts)} - wording.asked == set()
