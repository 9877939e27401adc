"""Finds what a message wants, and which skill answers it."""

from dataclasses import replace

from coaching.intent.fitting import fitting
from coaching.intent.understood import UNKNOWN, Understood, understood
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.values import Command, Handed, Message, Said, Submitted, Tapped

__all__ = [
    "COMMANDS",
    "UNKNOWN",
    "Understood",
    "fitting",
    "meanings",
    "skill_for",
    "understood",
    "wanted",
    "whole",
]

# Sub-words of the command, with the skill that answers and what is wanted of it.
COMMANDS = {
    "": ("help", "help"),
    "data": ("privacy", "privacy"),
    "delete": ("privacy", "privacy.delete"),
    "help": ("help", "help"),
    "mine": ("mine", "mine"),
    "practice": ("practice", "practice"),
    "privacy": ("privacy", "privacy"),
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


def whole(message: Message) -> Message:
    """The message with its command read right: a first word that is no sub-word belongs to the sentence."""
    content = message.content
    if not isinstance(content, Command):
        return message
    name = content.name.strip().lower()
    if name in COMMANDS:
        return replace(message, content=Command(name, content.rest))
    return replace(message, content=Command("", Words(f"{content.name} {content.rest.reveal()}")))


def skill_for(message: Message, playbook: Playbook) -> str:
    """The name of the skill; "help" where nothing fits."""
    match message.content:
        case Tapped(action=name) | Submitted(form=name):
            return name.partition(".")[0]
        case Handed():
            return "review"
        case Command() | Said() as content:
            return _heard(content, playbook)[0]
        case _:  # a surface was opened
            return "help"


def wanted(message: Message, playbook: Playbook) -> str:
    """The name of what was typed or commanded ("remind.list", "hello"); "unknown" where nothing fits."""
    match message.content:
        case Command() | Said() as content:
            return _heard(content, playbook)[1]
        case _:
            return UNKNOWN[1]


def meanings(message: Message, playbook: Playbook) -> tuple[tuple[str, str], ...]:
    """What a message with two close meanings could be, the nearer first, each with a rule that fits."""
    match message.content:
        case Command() | Said() as content:
            words = content.words if isinstance(content, Said) else _typed(content)
            meant = understood(words, playbook)
            rule = fitting(words, playbook)
            return (meant.says, rule), (meant.other, rule)
        case _:
            return ()


def _heard(content: Command | Said, playbook: Playbook) -> tuple[str, str]:
    """(skill, what is wanted). An unknown command may be a sentence, so it is read as one."""
    if isinstance(content, Said):
        return _phrase(content.words, playbook)
    name = content.name.strip().lower()
    if name in COMMANDS and not (name in ("", "help") and content.rest):
        return COMMANDS[name]
    found = _phrase(_typed(content), playbook)
    return COMMANDS["help"] if name == "help" and found == UNKNOWN else found


def _typed(content: Command) -> Words:
    return Words(f"{content.name} {content.rest.reveal()}")


def _phrase(words: Words, playbook: Playbook) -> tuple[str, str]:
    """(skill, what is wanted); where two meanings are close, "either" is asked by the skill that helps."""
    meant = understood(words, playbook)
    return EITHER if meant.other else (meant.skill, meant.name)
