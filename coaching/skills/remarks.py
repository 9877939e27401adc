"""remarks: what customers keep saying. An answer to send them, and what to tell whom."""

from coaching.playbook.reader import Playbook
from coaching.turn import Known, Turn
from coaching.values import Choice, Draft, Message, Note, Para, Points, Reply


def remarks(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The same for every remark: nothing of it is kept."""
    del message
    say = playbook.wording.say
    steps = tuple(say(f"remarks.{name}") for name in ("wanted", "stood", "often"))
    blocks = (
        Para(say("remarks.say")),
        Para(say("remarks.customer")),
        Draft(say("remarks.thank")),
        Para(say("remarks.tell")),
        Points(steps),
    )
    kept = () if known.preferences.less_words else (Note(say("remarks.kept")),)
    write = Choice(playbook.wording.label("remarks.write"), "review.open", style="primary")
    return Turn((Reply((*blocks, *kept), (write,)),))
