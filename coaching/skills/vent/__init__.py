"""The vent space: one box, shredded at once, then back to work; nothing of it is kept or passed on."""

from dataclasses import replace

from coaching import safety
from coaching.playbook.care import Care, Danger, Voice
from coaching.playbook.reader import Playbook
from coaching.sealed import Sealed, Words
from coaching.skills.vent.screens import Stage, notice, show
from coaching.skills.vent.steps import ENDS, Event, Screen, Step, step
from coaching.turn import Known, Turn
from coaching.values import Content, Message, Said, Submitted, Tapped

ENOUGH = 3  # the round within an hour at which a break or a person is offered instead

_CRISES = dict.fromkeys(safety.CRISIS, Event.CRISIS)
_EVENTS = {
    **_CRISES,
    Danger.ABUSE_RECEIVED: Event.ABUSE,
    Danger.HARASSMENT: Event.HARASSMENT,
    Danger.ILLEGAL_INSTRUCTION: Event.WRONG,
}
# Open even where the vent is off: help, and what somebody may do whom a customer has attacked.
_AS_IT_IS = frozenset(
    {
        Screen.HELP, Screen.HELD, Screen.PEOPLE, Screen.OFF, Screen.BOUNDARY, Screen.ENDING, Screen.HANDOVER,
        Screen.PREVIEW, Screen.REPORT, Screen.AFTER,
    }
)  # fmt: skip


def vent(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The next screen. A vent yields no fact and no wish: there is nothing to remember."""
    try:
        return _turn(message, known, playbook)
    finally:
        _shred(message.content)


def _turn(message: Message, known: Known, playbook: Playbook) -> Turn:
    stage = Stage(message, known, playbook)
    content = message.content
    if isinstance(content, Said):
        return Turn((notice(stage),))
    at, event = _where(content), _event(content)
    if isinstance(content, Submitted) and at.screen is Screen.OUT:
        stage, event = _heard(content, stage)
    elif isinstance(content, Submitted) and at.screen is Screen.HANDOVER:
        stage, event = _noted(content, stage)
    elif isinstance(content, Tapped) and event is Event.CHIP:
        stage = replace(stage, chip=content.value)
    there = Step(Screen.START, at.held) if event is Event.OPEN else at.then(event)
    if there.screen in ENDS:
        return Turn()
    if there.screen is Screen.START:
        there = replace(Step(Screen.START).then(_opening(known)), held=there.held)
    if not known.setup.vent_on and there.screen not in _AS_IT_IS:
        there = replace(there, screen=Screen.OFF)
    return Turn((show(there, stage),))


def _where(content: Content) -> Step:
    """The step a form was on; a command or a button outside a form starts anew."""
    if isinstance(content, Submitted):
        return step(content.state or content.form.removeprefix("vent."))
    if isinstance(content, Tapped):
        return step(content.state)
    return Step(Screen.START)


def _event(content: Content) -> Event:
    if isinstance(content, Submitted):
        return Event.NEXT
    names = {event.value: event for event in Event}
    return (
        names.get(content.action.removeprefix("vent."), Event.OPEN)
        if isinstance(content, Tapped)
        else Event.OPEN
    )


def _opening(known: Known) -> Event:
    if not known.setup.vent_on:
        return Event.CLOSED
    return Event.OFTEN if known.rounds >= ENOUGH else Event.OPEN


def _heard(content: Submitted, stage: Stage) -> tuple[Stage, Event]:
    """Ask the box for danger, then for "it is over"; nothing else is ever asked of it."""
    box, care = content.fields.get("box"), stage.playbook.care
    if not isinstance(box, Sealed):
        return replace(stage, empty=True), Event.SHRED
    danger = box.ask(lambda inside: safety.listen(inside, care))
    stage = replace(stage, danger=danger, shredded=True, empty=box.ask(_is_empty))
    if danger is not Danger.NONE:
        return stage, _EVENTS[danger]
    return stage, Event.FINE if _over(box, care) else Event.SHRED


def _is_empty(inside: str) -> bool:
    return not inside.strip()


def _over(box: Sealed, care: Care) -> bool:
    return box.ask(lambda inside: safety.settled(inside, care))


def _noted(content: Submitted, stage: Stage) -> tuple[Stage, Event]:
    """The hand-over note goes to its preview and nowhere else, unless it tells of a crisis."""
    note = {name: words for name, words in content.fields.items() if isinstance(words, Words)}
    danger = safety.listen_to(((words, Voice.ANY) for words in note.values()), stage.playbook.care)
    crisis = danger in safety.CRISIS
    return replace(stage, note=note, danger=danger), Event.CRISIS if crisis else Event.NEXT


def _shred(content: Content) -> None:
    if isinstance(content, Submitted):
        for value in content.fields.values():
            if isinstance(value, Sealed):
                value.shred()
