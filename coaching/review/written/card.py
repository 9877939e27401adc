"""The review's card while a model is at work and after it; and whether a model may see somebody's drafts."""

from collections.abc import Sequence
from dataclasses import replace

from coaching.playbook.reader import Playbook
from coaching.review.written.rewriting import Written
from coaching.sealed import Words
from coaching.turn import Known, PreferencesSet, Turn
from coaching.values import Choice, Draft, Form, Heading, Message, Note, Para, Reply, Tapped

ASK, YES, NO = "review.model", "review.model_yes", "review.model_no"
STOP = "review.stop"
BETTER = "review.better"  # where the card cannot be changed, the person asks for it


def offer(playbook: Playbook) -> Choice:
    """The button for who has not asked for a model's help yet."""
    return Choice(playbook.wording.label("review.model.ask"), ASK)


def consent(action: str, known: Known, playbook: Playbook) -> Turn:
    """Whether a model may be shown this person's drafts: asked, with where they would go, and kept."""
    say, label = playbook.wording.say, playbook.wording.label
    if action in (STOP, BETTER):  # too late: it has ended already
        said = say("review.written.stopped" if action == STOP else "review.written.none")
        return Turn((Reply((Para(said),)),))
    if not known.model:
        return Turn((Reply((Para(say("review.model.none")),)),))
    no, again = Choice(label("review.model.no"), NO), Choice(label("review.again"), "review.open")
    if action == ASK:
        yes = Choice(label("review.model.yes"), YES, "", "primary")
        blocks = (Heading(say("review.model.title")), Para(say("review.model.what", host=known.model)))
        return Turn((Reply((*blocks, Note(say("review.model.limits"))), (yes, no)),))
    wanted = action == YES
    fact = PreferencesSet(replace(known.preferences, model=wanted))
    said = Para(say("review.model.on" if wanted else "review.model.off", host=known.model))
    return Turn((Reply((said,), (again, no) if wanted else (again,)),), (fact,))


def waiting(reply: Reply, key: str, playbook: Playbook) -> Reply:
    """A review while a model looks for better words."""
    note = Note(playbook.wording.say("review.written.working"))
    stop = Choice(playbook.wording.label("review.written.stop"), STOP, key)
    return replace(reply, blocks=(*reply.blocks, note), choices=(*reply.choices, stop), later=key)


def reworded(reply: Reply, written: Written, playbook: Playbook) -> Reply:
    """A review with a model's words below it, said to be a model's."""
    say = playbook.wording.say
    shown = (
        Heading(say("review.written.heading")),
        Draft((Words(written.text),), open=written.open),
        Note(say("review.written.label")),
    )
    return replace(reply, blocks=(*reply.blocks, *shown))


def stopped(message: Message, replies: Sequence[Reply | Form]) -> bool:
    """Whether a stop button was pressed, and its card is put right where it stands."""
    tap = message.content
    pressed = isinstance(tap, Tapped) and tap.action == STOP
    return pressed and any(isinstance(reply, Reply) and reply.later for reply in replies)
