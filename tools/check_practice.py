"""Plays the practice by chance and holds it to its promises; or prints whole games, to be read."""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from coaching.playbook.reader import Playbook, read
from coaching.playbook.scenarios import LEVELS, Scenario
from coaching.practice.acts import Act, Acts
from coaching.practice.game import GOOD, HOTTEST, REPLIES, SEEDS, Game, begin, read_game, reply
from coaching.practice.lesson import to_try, worked
from coaching.skills.practice.judge import judge

# How people answer, from good to bad; {first} and {second} are what the customer can be offered.
STYLES = {
    "careful": (
        "I am so sorry, that must be exhausting after such a long time.",
        "I can {first}. Would that help you?",
        "I will stay on it myself, and write to you by five with how it stands.",
    ),
    "quick": ("I can {first}.", "Or would you rather that I {second}?", "Done. I have put it in for you."),
    "asking": (
        "Could you tell me the number, please?",
        "Thank you. I can see how frustrating this is for you.",
        "Let me {first}, and I will call you as soon as it is settled.",
    ),
    "learning": (
        "Unfortunately that is not possible, our policy does not allow it.",
        "You are right, that was no help. That must be awful, and I am sorry.",
        "What I can do: {first}, today. I will write to you once it is done.",
        "I will look after it until it is settled, and you can reach me here.",
    ),
    "stock": (
        "Thank you for contacting us. We apologise for any inconvenience caused.",
        "Your request is important to us. Please be patient.",
        "A colleague will get back to you.",
    ),
    "cold": ("That is what the conditions say.", "I can {first}.", "It is as I said."),
    "hushing": ("Please calm down.", "There is no need to be upset.", "You are upset, but calm down."),
    "blaming": ("You should have told us earlier.", "That was your decision.", "We did nothing wrong here."),
    "hurt": ("That is a silly question.", "I am sorry. I can {first}.", "You are an idiot."),
    "kind only": ("I am so sorry to hear that.", "That sounds really hard.", "I feel for you, I really do."),
    "firm": (
        "I want to help you. Please stop the insults, then I can {first}.",
        "Thank you. That must be frustrating, and I can {first} today.",
        "I am ending this chat now.",
    ),
    "gone": ("I am ending this chat now.",),
}  # fmt: skip


def answers(style: str, scenario: Scenario) -> Iterator[str]:
    """The replies of a style, over and over."""
    first, second, *_ = [part.strip(" .").removeprefix("or ") for part in scenario.can.split(", ")]
    while True:
        for line in STYLES[style]:
            yield line.format(first=first, second=second)


def whole(style: str, start: Game, playbook: Playbook) -> Iterator[tuple[str, Game]]:
    """Each reply and the game after it, until it is over."""
    game, lines = start, answers(style, start.scenario)
    while game.outcome is None:
        line = next(lines)
        found = judge(line, game, playbook)
        game = reply(game, found if isinstance(found, frozenset) else frozenset())
        yield line, game


def printed(style: str, start: Game, playbook: Playbook) -> Iterator[str]:
    """A game as one reads it."""
    scenario = start.scenario
    yield f"\n=== {scenario.who}, {scenario.title}, level {start.level}, answered in the style: {style}"
    yield f"    ({scenario.case} You can {scenario.can})"
    yield f"{start.heat:>2}  {scenario.who}: {start.turns[0].line}"
    game = start
    for line, now in whole(style, start, playbook):
        game, turn = now, now.turns[-1]
        yield f"      you: {line}"
        yield f"      [{', '.join(sorted(act.name.lower() for act in turn.acts))}]"
        yield f"{turn.heat:>2}  {scenario.who} ({turn.reaction.value if turn.reaction else '-'}): {turn.line}"
    good, open_ = worked(game), to_try(game)
    names = [lesson.act.name.lower() if lesson.act else "-" for lesson in (good, open_)]
    outcome = game.outcome.value if game.outcome else "-"
    yield f"    -> {outcome}; worked: {names[0]} in {good.reply}; to try: {names[1]} in {open_.reply}"


def wrong(game: Game, customers: Sequence[Scenario]) -> Iterator[str]:
    """What a whole game breaks of what is promised."""
    if game.outcome is None or len(game.turns) > REPLIES + 1:
        yield "does not end"
    if any(a.line == b.line for a, b in pairwise(game.turns)):
        yield "says a line twice in a row"
    for before, turn in pairwise(game.turns):
        if Act.INSULT in turn.acts and turn.heat <= before.heat < HOTTEST:
            yield "calms after an insult"
    if game.outcome in GOOD and Act.INSULT in game.turns[-1].acts:
        yield "is won with an insult"
    if read_game(game.state(), customers) != game:
        yield "does not travel"


def by_chance(chance: random.Random, customers: Sequence[Scenario]) -> Game:
    """A game with findings by chance."""
    game = begin(chance.choice(customers), chance.choice(LEVELS), chance.randrange(SEEDS))
    likely = chance.random() / 2
    while game.outcome is None:
        game = reply(game, frozenset(act for act in Act if chance.random() < likely))
    return game


def by_review(chance: random.Random, customers: Sequence[Scenario], playbook: Playbook) -> Game:
    """A game with replies by chance, as the real review reads them."""
    game = begin(chance.choice(customers), chance.choice(LEVELS), chance.randrange(SEEDS))
    lines = [
        line
        for style in STYLES
        for line, _ in zip(answers(style, game.scenario), STYLES[style], strict=False)
    ]

    for _ in range(REPLIES):
        if game.outcome is None:
            game = reply(game, _judged(chance.choice(lines), _Seen(game, playbook)))
    return game


class _Seen:
    """A game, the same as another where the review sees the same of it."""

    def __init__(self, game: Game, playbook: Playbook) -> None:
        self.game, self.playbook = game, playbook
        self.key = (game.turns[0].line, game.turns[-1].line)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Seen) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


@cache
def _judged(line: str, seen: _Seen) -> Acts:
    found = judge(line, seen.game, seen.playbook)
    return found if isinstance(found, frozenset) else frozenset()


def main() -> int:
    """Play, count and tell; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=10_000, help="with findings by chance")
    parser.add_argument("--real", type=int, default=300, help="with replies, read by the real review")
    parser.add_argument("--print", type=int, default=0, help="print so many whole games and stop")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    playbook, chance = read(), random.Random(asked.seed)
    customers = list(playbook.scenarios.customers.values())
    if asked.print:
        for number in range(asked.print):
            style = list(STYLES)[(number + asked.seed) % len(STYLES)]
            scenario = customers[(number * 7 + asked.seed) % len(customers)]
            start = begin(scenario, LEVELS[(number + asked.seed) % len(LEVELS)], chance.randrange(SEEDS))
            print("\n".join(printed(style, start, playbook)))
        return 0
    broken = False
    for name, count in (("findings by chance", asked.games), ("the real review", asked.real)):
        real = name != "findings by chance"
        games = [
            by_review(chance, customers, playbook) if real else by_chance(chance, customers)
            for _ in range(count)
        ]
        faults = Counter(fault for game in games for fault in wrong(game, customers))
        ends = Counter(game.outcome.value if game.outcome else "-" for game in games)
        turns = sum(len(game.turns) - 1 for game in games) / max(1, count)
        print(
            f"{count} games, {name}: {turns:.1f} replies each; {dict(ends.most_common())};"
            f" faults {dict(faults)}"
        )
        broken = broken or bool(faults)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
