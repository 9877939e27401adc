"""Finds what a message wants, and which skill answers it."""

from dataclasses import replace

from coaching.intent.fitting import fitting
from coaching.intent.understood import understood
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.turn import Understood
from coaching.values import Command, Handed, Message, Said, Submitted, Tapped

__all__ = [
    "COMMANDS",
    "UNKNOWN",
    "fitting",
    "meaning",
    "understood",
    "whole",
]

# Sub-words of the command, with the skill that answers and what is wanted of it.
COMMANDS = {
    "": ("help", "help"),
    "data": ("privacy", "privacy"),
    "delete": ("privacy", "privacy.delete"),
    "heard": ("remarks", "heard"),
    "help": ("help", "help"),
    "mine": ("mine", "mine"),
    "practice": ("practice", "practice"),
    "privacy": ("privacy", "privacy"),
    "promises": ("promises", "promises"),
    "remind": ("schedules", "remind"),
    "reminders": ("schedules", "remind.list"),
    "review": ("review", "review"),
    "rule": ("tips", "rules"),
    "rules": ("tips", "rules"),
    "settings": ("schedules", "settings"),
    "setup": ("setup", "setup"),
    "team": ("schedules", "team"),
    "tip": ("tips", "tip"),
    "tips": ("tips", "tip"),
    "vent": ("vent", "vent"),
}
EITHER = ("help", "either")
UNKNOWN = ("help", "unknown")


def whole(message: Message) -> Message:
    """The message with its command read right.

    A first word that is no sub-word belongs to the sentence; a sub-word by itself is a command.
    """
    content = message.content
    if isinstance(content, Said) and (alone := content.words.reveal().strip(" \n.!?").lower()):
        return replace(message, content=Command(alone, Words(""))) if alone in COMMANDS else message
    if not isinstance(content, Command):
        return message
    name = content.name.strip().lower()
    if name in COMMANDS:
        return replace(message, content=Command(name, content.rest))
    return replace(message, content=Command("", Words(f"{content.name} {content.rest.reveal()}")))


def meaning(message: Message, playbook: Playbook) -> Understood:
    """What a message wants: the models run here, once; "help" where nothing fits."""
    match message.content:
        case Tapped(action=name) | Submitted(form=name):
            return Understood(name.partition(".")[0])
        case Handed(remark=remark):
            return Understood("remarks" if remark else "review")
        case Command() | Said() as content:
            return _heard(content, playbook)
        case _:  # a surface was opened
            return Understood()


def _heard(content: Command | Said, playbook: Playbook) -> Understood:
    """An unknown command may be a sentence, so it is read as one."""
    if isinstance(content, Said):
        return _phrase(content.words, playbook)
    name = content.name.strip().lower()
    if name in COMMANDS and not (name in ("", "help") and content.rest):
        return Understood(*COMMANDS[name])
    found = _phrase(Words(f"{content.name} {content.rest.reveal()}"), playbook)
    helped = name == "help" and (found.skill, found.name) == UNKNOWN
    return Understood(*COMMANDS["help"]) if helped else found


def _phrase(words: Words, playbook: Playbook) -> Understood:
    """Where two meanings are close, "either" is asked by the skill that helps."""
    meant = understood(words, playbook)
    if not meant.other:
        return meant
    skill, name = EITHER
    return replace(meant, skill=skill, name=name, rule=fitting(words, playbook))
