"""How the practice looks: whom to practise with, their line and the box for a reply, and the end."""

from coaching.playbook.reader import Playbook
from coaching.playbook.scenarios import LEVELS
from coaching.practice.acts import Act
from coaching.practice.game import HOTTEST, Game, Outcome, back
from coaching.practice.lesson import CRITERIA, Lesson, to_try, worked
from coaching.review.look import Abstained
from coaching.turn import Known
from coaching.values import (
    Block,
    Choice,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Note,
    Option,
    Para,
    Quote,
    Reply,
)

FIELD = "reply"  # and the number of the line it answers, so that no platform carries text over
ANYBODY = "anybody"
_LIMIT = 3000
_MOODS = (1, 3, 4, 6, HOTTEST)  # the hottest of each, from calm to furious


def pick(playbook: Playbook) -> Form:
    """Whom to practise with, and how hard they make it."""
    say, label = playbook.wording.say, playbook.wording.label
    customers = [Option(ANYBODY, label("practice.pick.anybody"))]
    for one in playbook.scenarios.customers.values():
        key = "practice.pick.abusive" if one.abusive else "practice.pick.customer"
        customers.append(Option(one.id, label(key, who=one.who, title=one.title, industry=one.industry)))
    levels = tuple(Option(str(level), label(f"practice.level.{level}")) for level in LEVELS)
    return Form(
        "practice.pick",
        label("practice.title"),
        (Para(say("practice.pick.intro")), Note(say("practice.pick.keeps"))),
        (
            Field("who", label("practice.pick.who"), Kind.ONE, tuple(customers), (ANYBODY,)),
            Field("level", label("practice.pick.level"), Kind.ONE, levels, ("1",)),
        ),
        submit=label("practice.pick.submit"),
    )


def show(game: Game, known: Known, playbook: Playbook, problem: Abstained | None = None) -> Form | Reply:
    """The customer's line and a box for the reply; or how it ended."""
    if game.outcome is not None:
        return _end(game, playbook)
    label = playbook.wording.label
    field = Field(
        f"{FIELD}{len(game.turns)}",
        label("practice.turn.reply"),
        Kind.TEXT,
        hint=label("practice.turn.hint"),
        limit=_LIMIT,
        problem=label(f"practice.turn.{problem.value}") if problem is not None else "",
    )
    return Form(
        "practice.turn",
        label("practice.title"),
        (*_situation(game, known, playbook), *_line(game, playbook)),
        (field,),
        (
            *_one_back(game, playbook),
            Choice(label("practice.do.end"), "practice.end", game.state()),
            Choice(label("practice.do.another"), "practice.open"),
        ),
        submit=label("practice.turn.submit"),
        state=game.state(),
    )


def held(game: Game, playbook: Playbook) -> Reply:
    """Somebody needs help: the game waits, below the card."""
    say, label = playbook.wording.say, playbook.wording.label
    resume = Choice(label("practice.do.resume"), "practice.back", game.state())
    return Reply((Note(say("practice.held")),), (resume,))


def _situation(game: Game, known: Known, playbook: Playbook) -> tuple[Block, ...]:
    """What it is about; after the first reply, what that did."""
    say, reaction = playbook.wording.say, game.turns[-1].reaction
    can = Note(say("practice.turn.can", can=game.scenario.can))
    if reaction is None:
        return Para((game.scenario.case,)), can
    if known.preferences.less_words:
        return (can,)
    return Para(say(f"practice.moved.{reaction.value}", who=game.scenario.who)), can


def _line(game: Game, playbook: Playbook) -> tuple[Block, ...]:
    """Who speaks, in which mood, and what they say."""
    full = next(number for number, hottest in enumerate(_MOODS, 1) if game.heat <= hottest)
    mood = playbook.wording.label(f"practice.mood.{full}")
    scale = "●" * full + "○" * (len(_MOODS) - full)
    head = playbook.wording.say("practice.turn.who", who=game.scenario.who, mood=mood, scale=scale)
    return Heading(head), Quote((game.turns[-1].line,))


def _one_back(game: Game, playbook: Playbook) -> tuple[Choice, ...]:
    if len(game.turns) == 1:
        return ()
    before = back(game, len(game.turns) - 1)
    return (Choice(playbook.wording.label("practice.do.undo"), "practice.back", before.state()),)


def _end(game: Game, playbook: Playbook) -> Reply:
    """How it ended, one thing that worked, one to try with its if-then, and every line to go back to."""
    say, label, outcome = playbook.wording.say, playbook.wording.label, game.outcome or Outcome.LEFT
    last, who = game.turns[-1], game.scenario.who
    said = (Quote((last.line,)),) if last.line else ()
    again = begin_again(game)
    return Reply(
        (
            Heading(say("practice.end.title")),
            *said,
            Para(say(f"practice.end.{outcome.value}", who=who)),
            Para(_worked(worked(game), playbook)),
            *_to_try(to_try(game), playbook),
            *(_to_go_back_to(game, playbook)),
        ),
        (
            Choice(label("practice.do.again", who=who), "practice.back", again),
            Choice(label("practice.do.another"), "practice.open"),
        ),
    )


def begin_again(game: Game) -> str:
    """The state of the same game before any reply."""
    return back(game, 1).state()


def _worked(lesson: Lesson, playbook: Playbook) -> tuple[str, ...]:
    name = "nothing" if lesson.act is None else lesson.act.name.lower()
    return (playbook.wording.label(f"practice.worked.{name}", number=lesson.reply),)


def _to_try(lesson: Lesson, playbook: Playbook) -> tuple[Block, ...]:
    """What to try, in the words of its criterion where it has one, and the plan that goes with it."""
    say, act = playbook.wording.say, lesson.act
    if act in CRITERIA:
        criterion = playbook.judging.criteria[CRITERIA[act]]
        key = "practice.try.in_reply" if lesson.reply else "practice.try.any"
        what, plan = say(key, number=lesson.reply, what=criterion.say), criterion.plan
    else:
        name = {Act.LIMIT: "limit", Act.END: "end"}.get(act, "harder") if act else "harder"
        what = say(f"practice.try.{name}")
        plan = playbook.wording.label(f"practice.plan.{name}")
    return Para(what), Para(say("practice.try.plan", plan=plan))


def _to_go_back_to(game: Game, playbook: Playbook) -> tuple[Block, ...]:
    say, label = playbook.wording.say, playbook.wording.label
    items = [
        Item(
            say("practice.end.line", number=number, line=turn.line),
            (Choice(label("practice.do.back", number=number), "practice.back", back(game, number).state()),),
        )
        for number, turn in enumerate(game.turns[:-1], 1)
    ]
    return Heading(say("practice.end.lines")), *items
