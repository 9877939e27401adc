"""practice: one line of an upset customer, to answer and have looked at."""

from coaching.playbook.reader import Playbook
from coaching.turn import Known, Turn
from coaching.values import Choice, Message, Note, Para, Quote, Reply, Tapped


def practice(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Today's customer, or the one after the one a button names."""
    lines, content = playbook.practice, message.content
    number = message.at.date().toordinal() + known.seed
    if isinstance(content, Tapped) and content.value.isdecimal():
        number = int(content.value[:9]) + 1
    number %= len(lines)
    say, label = playbook.wording.say, playbook.wording.label
    blocks = (Para(say("practice.lead", number)), Quote((lines[number],)), Note(say("practice.how")))
    choices = (
        Choice(label("practice.button.answer"), "review.practise", str(number), style="primary"),
        Choice(label("practice.button.another"), "practice.another", str(number)),
    )
    return Turn((Reply(blocks, choices),))
