"""Hears danger in whatever a message holds, before any skill does."""

from coaching import safety
from coaching.playbook.care import Danger, Voice
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.values import Command, Handed, Message, Said, Submitted


def danger_in(message: Message, playbook: Playbook) -> Danger:
    """The gravest danger in anything typed here; the vent asks its own forms, sealed or not."""
    match message.content:
        case Said(words=words) | Command(rest=words):
            texts = [(words, Voice.ANY)]
        case Handed(words=words, own=own, remark=remark):
            texts = [(words, Voice.MINE if own and not remark else Voice.THEIRS)]
        case Submitted(form=form, fields=fields) if not form.startswith("vent."):
            texts = [
                (value, Voice.THEIRS if name == "customer" else Voice.MINE)
                for name, value in fields.items()
                if isinstance(value, Words)
            ]
        case _:
            return Danger.NONE
    return safety.listen_to(texts, playbook.care)


def misheard(content: Said | Command, playbook: Playbook) -> str:
    """The skill that answers words which sound like a danger and may be none; "" for others."""
    words = content.words if isinstance(content, Said) else content.rest
    return "meant" if safety.misheard(words, playbook.care) else ""
