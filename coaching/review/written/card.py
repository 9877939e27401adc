"""The review's card while a model is at work and after it; and whether a model may see somebody's drafts."""

from collections.abc import Sequence
from dataclasses import replace

from coaching.playbook.reader import Playbook
from coaching.review.written.judging import Noticed
from coaching.review.written.rewriting import Written
from coaching.sealed import Words
from coaching.turn import Known, PreferencesSet, Turn
from coaching.values import Choice, Draft, Form, Heading, Message, Note, Para, Quote, Reply, Tapped

ASK, YES, NO = "review.model", "review.model_yes", "review.model_no"
STOP = "review.stop"
BETTER = "review.better"  # where the card cannot be changed, the person asks for it


def agreed(known: Known) -> bool:
    """Whether the model that is connected now may help: a yes holds for the host it was said to."""
    return bool(known.model) and (known.preferences.model == known.model or known.setup.demo)


def offer(known: Known, playbook: Playbook) -> tuple[Choice, ...]:
    """The button for who has not asked for this model's help yet, where there is one."""
    there = known.model and not agreed(known)
    return (Choice(playbook.wording.label("review.model.ask"), ASK),) if there else ()


def ending(known: Known, playbook: Playbook) -> tuple[Choice, ...]:
    """The button that takes a yes back, for who said it."""
    return (Choice(playbook.wording.label("review.model.no"), NO),) if known.preferences.model else ()


def consent(tap: Tapped, known: Known, playbook: Playbook) -> Turn:
    """Whether a model may be shown this person's drafts: asked, with where they would go, and kept."""
    say, label, action = playbook.wording.say, playbook.wording.label, tap.action
    if action in (STOP, BETTER):  # it has ended already, or another process of ours is at it
        said = say("review.written.stopped" if action == STOP else "review.written.none")
        return Turn((Reply((Para(said),)),))
    again = Choice(label("review.again"), "review.open")
    if action == NO:  # heard even where no model is connected (any more)
        fact = PreferencesSet(replace(known.preferences, model=""))
        return Turn((Reply((Para(say("review.model.off")),), (again,)),), (fact,))
    if not known.model:
        return Turn((Reply((Para(say("review.model.none")),)),))
    no = Choice(label("review.model.no"), NO)
    if action == ASK or tap.value != known.model:  # a yes to another host is no yes to this one
        yes = Choice(label("review.model.yes"), YES, known.model, "primary")
        blocks = (Heading(say("review.model.title")), Para(say("review.model.what", host=known.model)))
        return Turn((Reply((*blocks, Note(say("review.model.limits"))), (yes, no)),))
    fact = PreferencesSet(replace(known.preferences, model=known.model))
    return Turn((Reply((Para(say("review.model.on", host=known.model)),), (again, no)),), (fact,))


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


def judged(reply: Reply, found: Noticed, playbook: Playbook) -> Reply:
    """A review with what a model noticed besides, in our words; nothing of the review is taken back."""
    say = playbook.wording.say
    quote = (Quote((Words(found.quote),)),) if found.quote else ()
    shown = (Para((playbook.judging.criteria[found.criterion].say,)), Note(say("review.judged.label")))
    return replace(reply, blocks=(*reply.blocks, Heading(say("review.judged.heading")), *quote, *shown))


def stopped(message: Message, replies: Sequence[Reply | Form]) -> bool:
    """Whether a stop button was pressed, and its card is put right where it stands."""
    tap = message.content
    pressed = isinstance(tap, Tapped) and tap.action == STOP
    return pressed and any(isinstance(reply, Reply) and reply.later for reply in replies)
