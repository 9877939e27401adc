"""The game: whose mood moves with what was found in each reply, what they say next, and how it ends."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from coaching.playbook.scenarios import LEVELS, Reaction, Scenario
from coaching.practice.acts import CALMS, HEATS, HURTS, WIDTH, Act, Acts, packed, unpacked

HOTTEST = 10  # here they go
SETTLES = 1  # at this heat, or below, it is over
COOLER = 4  # at this heat, or below, they leave in peace when time is up
REPLIES = 6  # more than that nobody reads
SEEDS = 1000
_STARTS = {1: 4, 2: 6, 3: 7}
_STEEPEST = {1: 3, 2: 3, 3: 2}  # degrees that one reply can calm at most
_FLOOR = 5  # kind words alone do not end abuse
_HOT = 6  # from here on the sharper half of the lines


class Outcome(Enum):
    """How a game ended."""

    SETTLED = "settled"
    CALMER = "calmer"  # time was up, and they had cooled
    LEFT = "left"
    CUT = "cut"  # the contact was ended with somebody who was only upset, or with an insult
    HELD = "held"  # a limit was set to abuse, and it was held
    ENDED = "ended"  # the contact was ended without a limit first
    ENDURED = "endured"  # abuse, and no limit to the end


GOOD = frozenset({Outcome.SETTLED, Outcome.CALMER, Outcome.HELD, Outcome.ENDED})


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the customer: what it is the answer to, and how hot they are. The opening has no acts."""

    line: str
    heat: int
    reaction: Reaction | None = None
    acts: Acts = frozenset()


@dataclass(frozen=True, slots=True)
class Game:
    """A game as far as it was played. It is the same for the same customer, level, seed and acts."""

    scenario: Scenario
    level: int
    seed: int
    turns: tuple[Turn, ...]
    outcome: Outcome | None = None

    @property
    def heat(self) -> int:
        """How hot they are now."""
        return self.turns[-1].heat

    @property
    def done(self) -> tuple[Acts, ...]:
        """The acts of each reply so far."""
        return tuple(turn.acts for turn in self.turns[1:])

    def ever(self, act: Act) -> bool:
        """Whether some reply did this."""
        return any(act in acts for acts in self.done)

    def state(self) -> str:
        """As it travels: names and letters of ours."""
        return f"{self.scenario.id}.{self.level}.{self.seed}.{''.join(map(packed, self.done))}"


def begin(scenario: Scenario, level: int, seed: int) -> Game:
    """The customer's first line."""
    heat = _STARTS[level] + (1 if scenario.abusive else 0)
    return Game(scenario, level, seed, (Turn(scenario.openings[level - 1], heat),))


def read_game(state: str, scenarios: Iterable[Scenario]) -> Game | None:
    """The game that a state stands for; None where it is not one of ours."""
    name, _, rest = state.partition(".")
    level, _, rest = rest.partition(".")
    seed, _, letters = rest.partition(".")
    scenario = next((one for one in scenarios if one.id == name), None)
    if scenario is None or level not in map(str, LEVELS) or not (seed.isdecimal() and seed.isascii()):
        return None
    replies = [unpacked(letters[at : at + WIDTH]) for at in range(0, len(letters), WIDTH)]
    if len(replies) > REPLIES or len(seed) > len(str(SEEDS)):
        return None
    game = begin(scenario, int(level), int(seed) % SEEDS)
    for acts in replies:
        if acts is None:
            return None
        game = reply(game, acts)
    return game


def back(game: Game, number: int) -> Game:
    """The game as it stood when their line of this number (1 is the first) had been said."""
    again = begin(game.scenario, game.level, game.seed)
    for acts in game.done[: number - 1]:
        again = reply(again, acts)
    return again


def reply(game: Game, acts: Acts) -> Game:
    """The game after one more reply. One that is over stays as it is."""
    if game.outcome is not None:
        return game
    heat = _heat(game, acts)
    outcome = _outcome(game, acts, heat)
    reaction = _reaction(game, acts, outcome)
    line = _line(game, reaction, heat) if reaction is not None else ""
    turn = Turn(line, heat, reaction, acts)
    return replace(game, turns=(*game.turns, turn), outcome=outcome)


def _heat(game: Game, acts: Acts) -> int:
    """Only what was found moves them: anything that helps never heats, anything that hurts never calms."""
    named = game.ever(Act.NAMED)
    hurt = acts - {Act.UNNAMED} if named else acts
    heats = max((weight for act, weight in HEATS.items() if act in hurt), default=0)
    slap = _wrong_limit(game, acts)
    heats += 1 if slap else 0
    if Act.INSULT in acts:
        return min(HOTTEST, game.heat + heats)
    calms = sum(weight for act, weight in CALMS.items() if act in acts)
    if named and Act.NAMED in acts:
        calms -= 1  # once is what counts
    if game.scenario.abusive and Act.LIMIT in acts:
        calms += 2
    moved = heats - calms if calms or Act.ASKED in acts else max(1, heats)
    heat = game.heat + max(moved, 1 if slap or HURTS & acts else -_STEEPEST[game.level])
    lowest = min(_FLOOR, game.heat) if _unbound(game, acts) else 0
    return min(HOTTEST, max(lowest, heat))


def _wrong_limit(game: Game, acts: Acts) -> bool:
    """Whether a limit was set to somebody who had crossed none."""
    return Act.LIMIT in acts and not game.scenario.abusive


def _unbound(game: Game, acts: Acts) -> bool:
    """Whether they go on with their abuse: no limit was set yet, or they take none."""
    if not game.scenario.abusive:
        return False
    return game.level == max(LEVELS) or not (game.ever(Act.LIMIT) or Act.LIMIT in acts)


def _outcome(game: Game, acts: Acts, heat: int) -> Outcome | None:
    last = len(game.turns) == REPLIES
    if game.scenario.abusive:
        return _outcome_of_abuse(game, acts, heat, last=last)
    if Act.END in acts:
        return Outcome.CUT
    if heat <= SETTLES and len(game.turns) > 1:
        return Outcome.SETTLED
    if heat >= HOTTEST or (last and heat > COOLER):
        return Outcome.LEFT
    return Outcome.CALMER if last else None


def _outcome_of_abuse(game: Game, acts: Acts, heat: int, *, last: bool) -> Outcome | None:
    """The limit is what counts, set or held; never beside an insult of one's own."""
    limited = game.ever(Act.LIMIT) or Act.LIMIT in acts
    if Act.END in acts:
        well = Outcome.HELD if limited else Outcome.ENDED
        return Outcome.CUT if Act.INSULT in acts else well
    if heat >= HOTTEST:
        return Outcome.LEFT
    if last or heat <= SETTLES:
        return Outcome.HELD if limited and Act.INSULT not in acts else Outcome.ENDURED
    return None


_HURT = (
    (Act.INSULT, Reaction.INSULTED),
    (Act.HUSHED, Reaction.HUSHED),
    (Act.STUNG, Reaction.STUNG),
    (Act.DEFENDED, Reaction.STUNG),
    (Act.WALL, Reaction.WALLED),
)


def _reaction(game: Game, acts: Acts, outcome: Outcome | None) -> Reaction | None:
    """What their next line is the answer to; None where nothing more is said."""
    match outcome:
        case Outcome.LEFT:
            return Reaction.LEFT
        case Outcome.SETTLED:
            return Reaction.SETTLED
        case Outcome.HELD if Act.END not in acts and not _unbound(game, acts):
            return Reaction.SETTLED
        case None:
            hurt = next((reaction for act, reaction in _HURT if act in acts), None)
            return hurt or _limited(game, acts) or _reached(game, acts)
        case _:
            return None


def _limited(game: Game, acts: Acts) -> Reaction | None:
    if _wrong_limit(game, acts):
        return Reaction.LIMITED
    if not game.scenario.abusive:
        return None
    if _unbound(game, acts):
        return Reaction.AGAIN if Act.LIMIT in acts or game.ever(Act.LIMIT) else Reaction.ABUSE
    return Reaction.BACKED if Act.LIMIT in acts else None


def _reached(game: Game, acts: Acts) -> Reaction:
    """What of the reply reached them."""
    named = Act.NAMED in acts or game.ever(Act.NAMED)
    if Act.WAY in acts:
        return Reaction.EASED if named else Reaction.HELPED
    if Act.ASKED in acts:
        return Reaction.ASKED
    return Reaction.NAMED if Act.NAMED in acts or (named and Act.ANSWERED in acts) else Reaction.FLAT


def _line(game: Game, reaction: Reaction, heat: int) -> str:
    """A line for this mood that was not said yet; where all were, never the one said last."""
    lines = game.scenario.lines[reaction]
    half = len(lines) // 2 if len(lines) > 2 else len(lines)
    cool, hot = lines[:half], lines[half:]
    first, second = (hot, cool) if heat >= _HOT else (cool, hot)
    turn = game.seed + len(game.turns)
    if reaction is Reaction.ASKED:
        turn = 0  # what they tell has an order
    ordered = [*_from(first, turn), *_from(second, turn)]  # two lines alone serve every mood
    said = [turn.line for turn in game.turns]
    return min(ordered, key=lambda line: _last_said(line, said))


def _from(lines: tuple[str, ...], start: int) -> list[str]:
    at = start % max(1, len(lines))
    return [*lines[at:], *lines[:at]]


def _last_said(line: str, said: list[str]) -> int:
    """How long ago: 0 is never, the last line of all has the highest number."""
    return max((number for number, one in enumerate(said, 1) if one == line), default=0)
