"""Practice with an upset customer who is not there: the game travels with the form, and nothing is kept."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from coaching import learning, safety
from coaching.learned import Grade
from coaching.playbook.care import Voice
from coaching.playbook.reader import Playbook
from coaching.playbook.scenarios import LEVELS
from coaching.practice.acts import Act
from coaching.practice.game import SEEDS, Game, begin, read_game, reply
from coaching.practice.lesson import CRITERIA, to_try, worked
from coaching.review.look import Abstained
from coaching.sealed import Words
from coaching.skills.practice.judge import judge
from coaching.skills.practice.screens import ANYBODY, FIELD, held, pick, show
from coaching.turn import Known, Turn
from coaching.values import FieldValue, Form, Message, Submitted, Tapped

_SHOWED = {  # the criterion an act speaks for, where it worked
    **CRITERIA,
    Act.NAMED: "R6",
    Act.HEARD: "R7",
    Act.ANSWERED: "R2",
    Act.ASKED: "R2",
    Act.WAY: "R8",
    Act.LIMIT: "R3",
}


def practice(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The next screen of the game; whatever is not of a game shows whom to practise with."""
    match message.content:
        case Submitted(form="practice.pick", fields=fields):
            return Turn((show(_chosen(message, fields, playbook), known, playbook),))
        case Submitted(form="practice.turn", fields=fields, state=state):
            return _replied(_game(state, playbook), fields, known, playbook)
        case Tapped(action="practice.back" | "practice.end" as action, value=value):
            game = _game(value, playbook)
            if game is None:
                return Turn((pick(playbook),))
            if action == "practice.back":
                return Turn((show(game, known, playbook),))
            return _shown(reply(game, frozenset({Act.END})), known, playbook)
        case _:
            return Turn((pick(playbook),))


def _game(state: str, playbook: Playbook) -> Game | None:
    return read_game(state, playbook.scenarios.customers.values())


def _chosen(message: Message, fields: Mapping[str, FieldValue], playbook: Playbook) -> Game:
    """The customer and level that were picked; anybody who is only upset where nobody was."""
    seed = int.from_bytes(blake2b(message.id.encode("utf-8", "replace"), digest_size=4).digest()) % SEEDS
    known, plain = playbook.scenarios.customers, playbook.scenarios.plain()
    who, level = _picked(fields, "who", ANYBODY), _picked(fields, "level", "1")
    scenario = known[who] if who in known else known[plain[seed % len(plain)]]
    return begin(scenario, int(level) if level in map(str, LEVELS) else LEVELS[0], seed)


def _picked(fields: Mapping[str, FieldValue], name: str, otherwise: str) -> str:
    value = fields.get(name)
    return value[0] if isinstance(value, tuple) and value else otherwise


def _replied(game: Game | None, fields: Mapping[str, FieldValue], known: Known, playbook: Playbook) -> Turn:
    """What was typed is judged and let go; where it tells of a crisis, the customer says nothing."""
    if game is None:
        return Turn((pick(playbook),))
    typed = next((v for name, v in fields.items() if name.startswith(FIELD) and isinstance(v, Words)), None)
    if typed is None or not typed:
        return Turn((show(game, known, playbook, Abstained.EMPTY),))
    if safety.listen_to(((typed, Voice.MINE),), playbook.care) in safety.CRISIS:
        return Turn((held(game, playbook),))
    acts = judge(typed.reveal(), game, playbook)
    if isinstance(acts, Abstained):
        return Turn((show(game, known, playbook, acts),))
    return _shown(reply(game, acts), known, playbook)


def _shown(game: Game, known: Known, playbook: Playbook) -> Turn:
    """The next line; or the end, with what it showed of the rules for who wants that noted."""
    screen = show(game, known, playbook)
    if game.outcome is None or isinstance(screen, Form):
        return Turn((screen,))
    good, bad = worked(game).act, to_try(game).act
    outcomes = {_SHOWED[good]: Grade.MET} if good in _SHOWED else {}
    outcomes |= {CRITERIA[bad]: Grade.MISSED} if bad in CRITERIA else {}
    facts = learning.noted(outcomes, known, playbook)
    choices = (*screen.choices, *learning.offered(known, playbook))
    return Turn(
        (replace(screen, blocks=(*screen.blocks, *learning.told(facts, playbook)), choices=choices),), facts
    )
