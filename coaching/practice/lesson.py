"""What a game taught: one thing that worked and one to try, each with the number of the reply."""

from dataclasses import dataclass
from itertools import pairwise

from coaching.practice.acts import HURTS, Act
from coaching.practice.game import GOOD, Game

_WORKED = (Act.NAMED, Act.WAY, Act.HEARD, Act.ANSWERED, Act.ASKED, Act.WARM, Act.MORE)
_TO_TRY = (
    Act.INSULT,
    Act.HUSHED,
    Act.STUNG,
    Act.DEFENDED,
    Act.WALL,
    Act.UNNAMED,
    Act.BRUSHED,
    Act.UNHEARD,
    Act.COLD,
)
# The criterion whose words say what to try.
CRITERIA = {
    Act.INSULT: "R1",
    Act.HUSHED: "R1",
    Act.STUNG: "R1",
    Act.DEFENDED: "R3",
    Act.WALL: "R8",
    Act.UNNAMED: "R6",
    Act.BRUSHED: "R7",
    Act.UNHEARD: "R2",
    Act.COLD: "R4",
    Act.WARM: "R4",
    Act.MORE: "R5",
}


# What is no lesson any more once it was made up for.
_MADE_UP = {
    Act.UNNAMED: frozenset({Act.NAMED}),
    Act.UNHEARD: frozenset({Act.WAY}),
    Act.BRUSHED: frozenset({Act.HEARD}),
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """An act, and the reply it is about (1 is the first); 0: about none of them, or all."""

    act: Act | None
    reply: int = 0


def worked(game: Game) -> Lesson:
    """What helped most, where they cooled most; None where nothing did."""
    if game.scenario.abusive and game.outcome in GOOD:
        act = Act.LIMIT if game.ever(Act.LIMIT) else Act.END
        return Lesson(act, _first(game, act))
    found = (Lesson(act, _coolest(game, act)) for act in _WORKED)
    return next((lesson for lesson in found if lesson.reply), Lesson(None))


def to_try(game: Game) -> Lesson:
    """What hurt most; where nothing did, what was never there; None where there is nothing to mend."""
    if game.ever(Act.INSULT):
        return Lesson(Act.INSULT, _first(game, Act.INSULT))
    if game.scenario.abusive:
        return Lesson(None if game.ever(Act.LIMIT) else Act.LIMIT)
    if game.ever(Act.END):
        return Lesson(Act.END, len(game.done))
    for act in _TO_TRY:
        if game.ever(act) and not any(map(game.ever, _MADE_UP.get(act, ()))):
            return Lesson(act, _first(game, act))
    if not game.ever(Act.WAY):
        return Lesson(Act.UNHEARD)
    return Lesson(next((act for act in (Act.MORE, Act.WARM) if not game.ever(act)), None))


def _first(game: Game, act: Act) -> int:
    return next(number for number, acts in enumerate(game.done, 1) if act in acts)


def _coolest(game: Game, act: Act) -> int:
    """Of the replies that did it and heated nothing, the one that cooled most; the first of equals, or 0."""
    falls = {
        number: turn.heat - before.heat
        for number, (before, turn) in enumerate(pairwise(game.turns), 1)
        if act in turn.acts and turn.heat <= before.heat and not HURTS & turn.acts
    }
    return min(falls, key=lambda number: (falls[number], number), default=0)
