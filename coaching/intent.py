"""Which skill does this message want?"""

from coaching.playbook.reader import Playbook
from coaching.values import Command, Handed, Message, Opened, Said, Submitted, Tapped

COMMANDS = {
    "help": "help",
    "review": "review",
    "vent": "vent",
    "tip": "tips",
    "rules": "tips",
    "remind": "schedules",
    "team": "schedules",
    "settings": "schedules",
    "privacy": "privacy",
}


def skill_for(message: Message, playbook: Playbook) -> str:
    """The name of the skill; "help" where nothing fits."""
    match message.content:
        case Tapped(action=name) | Submitted(form=name):
            return name.partition(".")[0]
        case Handed():
            return "review"
        case Command(name=name) if name in COMMANDS:
            return COMMANDS[name]
        case Command() | Opened() | Said():
            return "help"
