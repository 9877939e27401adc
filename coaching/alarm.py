"""Listens for danger in everything typed here, before any skill does; the card of help goes first."""

from dataclasses import replace

from coaching import safety
from coaching.playbook.care import Danger, Voice
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.values import Block, Command, Form, Handed, Message, Reply, Said, Submitted


def danger(message: Message, playbook: Playbook) -> Danger:
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
    """The skill for somebody who says that they were misunderstood; "" for anything else."""
    words = content.words if isinstance(content, Said) else content.rest
    return "meant" if safety.misheard(words, playbook.care) else ""


def with_card(replies: tuple[Reply | Form, ...], card: tuple[Block, ...]) -> tuple[Reply | Form, ...]:
    """The card stands first, in the same place as the answer; whatever was asked for goes on below it."""
    first, *rest = replies or (Reply(()),)
    return (replace(first, blocks=(*card, *first.blocks)), *rest)
