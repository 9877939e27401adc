"""First contact, the home page, small talk, and what exists when nothing else fits."""

from coaching.people import For, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.turn import Known, Met, Turn, Understood
from coaching.values import (
    Block,
    Choice,
    Command,
    Heading,
    Item,
    Message,
    Note,
    Opened,
    Para,
    Points,
    Reply,
    Said,
)
from coaching.when import local, settled, soonest, zone_of

_WORDS = (
    "review",
    "vent",
    "tip",
    "mine",
    "practice",
    "heard",
    "promises",
    "remind",
    "team",
    "settings",
    "privacy",
)


def help(message: Message, known: Known, playbook: Playbook) -> Turn:  # noqa: A001 - the skill's name
    """Greets, shows the home page, answers small talk; else says what exists."""
    match message.content:
        case Opened(surface="home"):
            return _home(message, known, playbook)
        case Opened(surface="tab") if known.met:
            return Turn()
        case Opened():
            return _greeting(message, known, playbook)
        case Command() | Said():
            return _typed(known.understood.name, message, known, playbook)
        case _:
            return Turn((_overview("button", message, playbook.wording),))


def hello(message: Message, known: Known, playbook: Playbook) -> Reply:
    """First contact: what it does, who sees what, its limits, and three buttons."""
    del known
    wording = playbook.wording
    return Reply(
        (
            Heading(wording.say("help.hello.title")),
            Para(wording.say("help.hello.what")),
            Points(
                (
                    wording.say("help.hello.see"),
                    wording.say(f"help.hello.keeps.{message.voice}"),
                    wording.say("help.hello.limits"),
                )
            ),
            Para(wording.say("help.hello.start")),
        ),
        _three(wording),
    )


def _greeting(message: Message, known: Known, playbook: Playbook) -> Turn:
    if not known.met:
        return Turn((hello(message, known, playbook),), (Met(),))
    said = Para(playbook.wording.say("help.chat.again", known.seed))
    return Turn((Reply((said,), _three(playbook.wording)),))


def _typed(want: str, message: Message, known: Known, playbook: Playbook) -> Turn:
    wording = playbook.wording
    match want:
        case "hello":
            return _greeting(message, known, playbook)
        case "thanks" | "bye" | "talk":
            three = _three(wording) if want == "talk" else ()
            return Turn((Reply((Para(wording.say(f"help.talk.{want}", known.seed)),), three),))
        case "injection":
            return Turn((Reply((Para(wording.say("help.injection.say")),), _three(wording)),))
        case "either":
            return Turn((_either(known.understood, playbook),))
        case "help":
            return Turn((_overview("", message, wording),))
        case _:
            return Turn((_unsure(message, wording),))


def _unsure(message: Message, wording: Wording) -> Reply:
    """Nothing was understood: a sentence gets a question back, a command what exists."""
    if isinstance(message.content, Said):
        return Reply((Para(wording.say(f"help.unsure.{message.voice}")),), _three(wording))
    return _overview("command", message, wording)


# Where a button goes that stands for one of two meanings.
_EITHER = {
    "abuse_report": "vent.open",
    "ask": "ask.rule",
    "delete_data": "privacy.delete",
    "feedback_log": "remarks.open",
    "practice": "practice.open",
    "privacy_question": "privacy.show",
    "review_request": "review.open",
    "schedule": "schedules.open",
    "tip_request": "tips.next",
    "vent": "vent.open",
}


def _either(asked: Understood, playbook: Playbook) -> Reply:
    """The two things it could mean, each with its button. A question goes on with the rule that fits it."""
    label = playbook.wording.label
    choices = tuple(
        Choice(label(f"help.either.{says}"), _EITHER[says], asked.rule if says == "ask" else "")
        for says in (asked.says, asked.other)
    )
    return Reply((Para(playbook.wording.say("help.either.lead")),), choices)


def _overview(unknown: str, message: Message, wording: Wording) -> Reply:
    """What exists; `unknown` says what was not understood, never repeating it: it may be private."""
    title = (
        Para(wording.say(f"help.unknown.{unknown}"))
        if unknown
        else Heading(wording.say("help.overview.title"))
    )
    return Reply(
        (
            title,
            Points(tuple(wording.say(f"help.overview.{word}") for word in _WORDS)),
            Note(wording.say(f"help.overview.how.{message.voice}")),
        ),
        (*_three(wording), *_growing(wording), *_more(wording)),
    )


def _home(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The person's own page: never a word they wrote. The first time, the introduction stands above it."""
    wording = playbook.wording
    own = [s for s in known.schedules if s.audience is For.ME and s.set_by == message.who.user]
    coming = soonest(own, message.at, known, wording)
    delete = Choice(wording.label("help.button.delete"), "privacy.delete")  # it asks before it does: no red
    to_set_up = (Choice(wording.label("help.button.setup"), "setup.open"),) if known.admin else ()
    page: tuple[Block, ...] = (
        *_rule_of_the_day(message, known, playbook),
        Item(wording.say("help.home.do"), (*_three(wording), *_growing(wording))),
        Para(wording.say("help.home.next", moment=coming) if coming else wording.say("help.home.none")),
        Heading(wording.say("help.home.settings")),
        Points(settled(known.preferences, wording)),
    )
    choices = (*_more(wording), delete, *to_set_up)
    if known.met:
        return Turn((Reply(page, choices),))
    return Turn((Reply((*hello(message, known, playbook).blocks, *page), choices),), (Met(),))


def _rule_of_the_day(message: Message, known: Known, playbook: Playbook) -> tuple[Block, ...]:
    """The tip whose turn it is on this local date, the same all day and the next one tomorrow."""
    day = local(message.at, zone_of(message, known) or Zone("UTC")).date().toordinal()
    tip = playbook.tips[day % len(playbook.tips)]
    rule = playbook.rules[tip.rule]
    title = playbook.wording.say("help.home.rule", title=rule.title)
    return Heading(title), Para((tip.say,)), Note((tip.plan,))


def _three(wording: Wording) -> tuple[Choice, ...]:
    return (
        Choice(wording.label("help.button.review"), "review.open", style="primary"),
        Choice(wording.label("help.button.vent"), "vent.open"),
        Choice(wording.label("help.button.tip"), "schedules.open"),
    )


def _growing(wording: Wording) -> tuple[Choice, ...]:
    """What makes somebody better at it."""
    return (
        Choice(wording.label("practice.title"), "practice.open"),
        Choice(wording.label("mine.title"), "mine.show"),
        Choice(wording.label("remarks.title"), "remarks.open"),
        Choice(wording.label("promises.title"), "promises.list"),
    )


def _more(wording: Wording) -> tuple[Choice, ...]:
    return (
        Choice(wording.label("help.button.settings"), "schedules.settings"),
        Choice(wording.label("help.button.reminders"), "schedules.list"),
        Choice(wording.label("help.button.data"), "privacy.show"),
    )
