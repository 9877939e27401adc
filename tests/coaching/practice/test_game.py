"""The game as a machine: it ends, is the same each time, moves with what was found, and rewards no insult."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.playbook.scenarios import LEVELS, Reaction
from coaching.practice.acts import CALMS, HEATS, Act, packed, unpacked
from coaching.practice.game import GOOD, HOTTEST, REPLIES, SEEDS, Outcome, back, begin, read_game, reply
from coaching.practice.lesson import to_try, worked
from tests.players.books import PLAYBOOK

CUSTOMERS = PLAYBOOK.scenarios.customers
ABUSIVE = [name for name, one in CUSTOMERS.items() if one.abusive]
PLAIN = [name for name, one in CUSTOMERS.items() if not one.abusive]

acts = st.frozensets(st.sampled_from(sorted(Act, key=lambda act: act.value)))
names = st.sampled_from(sorted(CUSTOMERS))
levels = st.sampled_from(LEVELS)
seeds = st.integers(0, SEEDS - 1)


def played(name, level, seed, replies):
    game = begin(CUSTOMERS[name], level, seed)
    for acts in replies:
        game = reply(game, acts)
    return game


def one_game(chance):
    """A game with replies by chance; insults and limits in some."""
    game = begin(CUSTOMERS[chance.choice(sorted(CUSTOMERS))], chance.choice(LEVELS), chance.randrange(SEEDS))
    likely = chance.random()
    while game.outcome is None:
        game = reply(game, frozenset(act for act in Act if chance.random() < likely * 0.5))
    return game


def holds(game):
    """What holds for every whole game."""
    assert 2 <= len(game.turns) <= REPLIES + 1
    said = [turn.line for turn in game.turns]
    assert all(a != b for a, b in pairwise(said) if b)
    assert all(line or game.outcome for line in said)
    for before, turn in pairwise(game.turns):
        assert 0 <= turn.heat <= HOTTEST
        if Act.INSULT in turn.acts:
            assert turn.heat >= min(HOTTEST, before.heat + 4)
    assert game.outcome not in GOOD or Act.INSULT not in game.turns[-1].acts
    assert read_game(game.state(), CUSTOMERS.values()) == game
    assert len(game.state()) <= 60
    assert worked(game).reply <= len(game.done)
    assert to_try(game).reply <= len(game.done)


def test_a_thousand_games_by_chance():
    """Each ends, says no line twice in a row, and travels whole in a state of sixty characters."""
    for seed in range(1000):
        holds(one_game(random.Random(seed)))


@given(names, levels, seeds, st.lists(acts, max_size=REPLIES))
def test_the_same_gives_the_same(name, level, seed, replies):
    """A game is nothing but its customer, level, seed and acts."""
    assert played(name, level, seed, replies) == played(name, level, seed, list(replies))


games = st.builds(played, names, levels, seeds, st.lists(acts, max_size=REPLIES))


@given(games, acts, acts)
def test_the_mood_is_monotone_in_the_findings(game, some, more):
    """One thing more that helps never leaves them hotter; one thing more that hurts never cooler."""
    if game.outcome is not None:
        return
    helps = frozenset(CALMS) | ({Act.LIMIT} if game.scenario.abusive else frozenset())
    hurts = frozenset(HEATS) | (frozenset() if game.scenario.abusive else {Act.LIMIT})
    heat = reply(game, some).heat
    assert reply(game, some | (more & helps)).heat <= heat
    assert reply(game, some | (more & hurts)).heat >= heat


@given(games, acts)
def test_an_insult_is_never_rewarded(game, beside):
    """Whatever stands beside it, they are hotter for it, and no game is won with it."""
    if game.outcome is not None:
        return
    then = reply(game, beside | {Act.INSULT})
    assert then.heat > game.heat or then.heat == HOTTEST
    assert then.outcome not in GOOD
    assert then.turns[-1].reaction not in {Reaction.EASED, Reaction.NAMED, Reaction.SETTLED, Reaction.BACKED}
    assert worked(then).act not in {Act.LIMIT, Act.END} or then.outcome is None
    assert to_try(then).act is Act.INSULT


@given(names, levels, seeds, st.lists(acts, min_size=1, max_size=REPLIES), st.integers(1, REPLIES + 1))
def test_back_to_any_line(name, level, seed, replies, number):
    """From there it is as if nothing after it had been said; another reply goes another way."""
    game = played(name, level, seed, replies)
    number = min(number, len(game.turns))
    again = back(game, number)
    assert again.turns == game.turns[:number]
    assert back(game, 1) == begin(CUSTOMERS[name], level, seed)


@given(acts)
def test_acts_travel_in_three_letters(some):
    """What is packed comes back."""
    assert len(packed(some)) == 3
    assert unpacked(packed(some)) == some


@pytest.mark.parametrize(
    "state",
    [
        *("", "x", "parcel", "parcel.1", "parcel.4.1.", "parcel.0.1.", "parcel.1.x.", "parcel.1.٣."),
        *("nobody.1.1.", "parcel.1.1.AA", "parcel.1.1.AA!", "parcel.1.1." + "AAB" * 7),
        *("parcel.1.99999.", "..." * 9),
    ],
)
def test_a_state_that_is_not_ours(state):
    """Anything else than our own letters is no game."""
    assert read_game(state, CUSTOMERS.values()) is None


@given(st.text(max_size=70))
def test_any_state_is_read_or_refused(text):
    """Whatever comes back, nothing is raised."""
    game = read_game(text, CUSTOMERS.values())
    assert game is None or game.scenario.id == text.partition(".")[0]


NAMED, WAY = frozenset({Act.NAMED}), frozenset({Act.WAY, Act.ANSWERED})
BOTH = NAMED | WAY | {Act.WARM}
WALL = frozenset({Act.WALL, Act.UNNAMED})


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("level", LEVELS)
def test_naming_the_trouble_calms_and_a_wall_heats(name, level):
    """With every customer, at every level."""
    start = begin(CUSTOMERS[name], level, 7)
    assert reply(start, NAMED).heat < start.heat
    assert reply(start, NAMED).turns[-1].reaction is Reaction.NAMED
    assert reply(start, WALL).heat > start.heat
    assert reply(start, WALL | BOTH).heat > start.heat
    assert played(name, level, 7, [BOTH] * REPLIES).outcome is Outcome.SETTLED
    assert played(name, level, 7, [WALL] * REPLIES).outcome is Outcome.LEFT
    assert played(name, level, 7, [frozenset({Act.END})]).outcome is Outcome.CUT


@pytest.mark.parametrize(
    ("acts", "reaction"),
    [
        (frozenset(), Reaction.FLAT),
        ({Act.INSULT, Act.NAMED}, Reaction.INSULTED),
        ({Act.STUNG, Act.WAY}, Reaction.STUNG),
        ({Act.DEFENDED}, Reaction.STUNG),
        ({Act.HUSHED, Act.STUNG}, Reaction.HUSHED),
        ({Act.WALL}, Reaction.WALLED),
        ({Act.LIMIT}, Reaction.LIMITED),
        ({Act.ASKED}, Reaction.ASKED),
        ({Act.WAY}, Reaction.HELPED),
        ({Act.NAMED, Act.ASKED, Act.WAY}, Reaction.EASED),
    ],
)
def test_what_they_react_to(acts, reaction):
    """The gravest first; a way that is offered before a question."""
    then = reply(begin(CUSTOMERS["parcel"], 1, 0), frozenset(acts))
    assert then.turns[-1].reaction is reaction
    assert then.turns[-1].line in CUSTOMERS["parcel"].lines[reaction]


def test_what_was_named_stays_named():
    """Once is enough: later a way is all they wait for, and an answer keeps them waiting for one."""
    named = reply(begin(CUSTOMERS["parcel"], 3, 0), NAMED)
    assert reply(named, WAY).turns[-1].reaction is Reaction.EASED
    assert reply(named, frozenset({Act.ANSWERED})).turns[-1].reaction is Reaction.NAMED
    assert reply(named, WAY | {Act.UNNAMED}).heat == reply(named, WAY).heat
    assert named.heat - reply(named, NAMED).heat == 1


def test_time_is_up():
    """After the last reply they leave in peace if they have cooled, else upset."""
    asked = frozenset({Act.ASKED})
    assert played("parcel", 1, 0, [asked] * REPLIES).outcome is Outcome.CALMER
    assert played("parcel", 2, 0, [asked] * REPLIES).outcome is Outcome.LEFT


LIMIT, END = frozenset({Act.LIMIT}), frozenset({Act.END})


@pytest.mark.parametrize("name", ABUSIVE)
def test_with_abuse_the_limit_wins(name):
    """Kindness alone never ends it; a limit does, and so does an end."""
    for level in LEVELS:
        kind = played(name, level, 3, [BOTH] * REPLIES)
        assert kind.outcome is Outcome.ENDURED
        assert kind.heat >= 4
        assert {turn.reaction for turn in kind.turns[1:-1]} == {Reaction.ABUSE}
        assert to_try(kind).act is Act.LIMIT
        assert played(name, level, 3, [END]).outcome is Outcome.ENDED
        assert played(name, level, 3, [BOTH, LIMIT, END]).outcome is Outcome.HELD
        assert played(name, level, 3, [LIMIT, END | {Act.INSULT}]).outcome is Outcome.CUT
        assert played(name, level, 3, [LIMIT] * REPLIES).outcome is Outcome.HELD
        assert played(name, level, 3, [WALL] * REPLIES).outcome is Outcome.LEFT
    taken = played(name, 1, 3, [LIMIT, frozenset({Act.ASKED}), BOTH])
    assert [turn.reaction for turn in taken.turns[1:]] == [Reaction.BACKED, Reaction.ASKED, Reaction.SETTLED]
    assert taken.outcome is Outcome.HELD
    assert worked(taken).act is Act.LIMIT
    assert to_try(taken).act is None
    over = played(name, 3, 3, [LIMIT, BOTH])
    assert [turn.reaction for turn in over.turns[1:]] == [Reaction.AGAIN, Reaction.AGAIN]


@pytest.mark.parametrize(
    ("replies", "good", "open_"),
    [
        ([{Act.UNNAMED}, {Act.NAMED}, {Act.END}], (Act.NAMED, 2), (Act.END, 3)),
        ([{Act.STUNG}] * 3, (None, 0), (Act.STUNG, 1)),
        ([{Act.UNNAMED, Act.WAY}, {Act.WALL}, {Act.NAMED}], (Act.NAMED, 3), (Act.WALL, 2)),
        ([{Act.UNNAMED, Act.WAY}, {Act.NAMED, Act.WAY}], (Act.NAMED, 2), (Act.MORE, 0)),
        ([{Act.UNNAMED, Act.WAY, Act.MORE}, {Act.NAMED, Act.WAY}], (Act.NAMED, 2), (Act.WARM, 0)),
        ([{Act.WARM, Act.WAY, Act.MORE}, {Act.NAMED, Act.WAY}], (Act.NAMED, 2), (None, 0)),
        ([{Act.UNNAMED, Act.WAY}, {Act.UNNAMED, Act.WAY}], (Act.WAY, 1), (Act.UNNAMED, 1)),
        ([{Act.NAMED, Act.UNHEARD}, {Act.NAMED, Act.WARM}], (Act.NAMED, 2), (Act.UNHEARD, 1)),
        ([{Act.NAMED}, {Act.NAMED, Act.WARM}], (Act.NAMED, 1), (Act.UNHEARD, 0)),
    ],
)
def test_one_thing_that_worked_and_one_to_try(replies, good, open_):
    """What helped most, where it did most; what hurt most, else what was never there."""
    game = played("parcel", 1, 0, map(frozenset, replies))
    assert (worked(game).act, worked(game).reply) == good
    assert (to_try(game).act, to_try(game).reply) == open_


def test_where_all_lines_are_said_the_oldest_comes_back():
    """Never the one that was said last."""
    few = replace(CUSTOMERS["parcel"], lines={**CUSTOMERS["parcel"].lines, Reaction.ASKED: ("One.", "Two.")})
    game = begin(few, 1, 0)
    for _ in range(5):
        game = reply(game, frozenset({Act.ASKED}))
    assert [turn.line for turn in game.turns[1:]] == ["One.", "Two.", "One.", "Two.", "One."]


def test_a_game_that_is_over_stays_as_it_is():
    """Nothing that is said afterwards counts."""
    over = played("parcel", 1, 0, [END])
    assert reply(over, BOTH) is over
