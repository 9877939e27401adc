"""What one person alone is offered on a card that everybody sees: their client asks for their view of it.

The card carries all that is needed to make that view, so nothing is kept for it; and nothing is kept
or logged of who asked for one, or when.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias, TypeGuard

from adapters.teams.cards import ADAPTIVE, card
from adapters.teams.fit import CARD, clean, plain, size
from adapters.teams.parts import KEPT, Json, part, text
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.values import Block, Choice, Heading, Note, Para, Reply

VERB = "teams.own"
_Carried: TypeAlias = Heading | Para | Note
_KINDS: Mapping[str, type[_Carried]] = MappingProxyType({"heading": Heading, "para": Para, "note": Note})
_NAMES = {kind: name for name, kind in _KINDS.items()}
_WHO = re.compile(r"29:[\w-]{1,250}")
_ACTION = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")
_MOST = 20  # blocks, or buttons
_MOST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Shared:
    """A card that everybody sees, and what it has besides for one person."""

    who: str  # Teams' own id of that person
    blocks: tuple[_Carried, ...]
    choices: tuple[Choice, ...]
    own: tuple[Choice, ...]

    def seen_by(self, reader: str, wording: Wording) -> Json:
        """The card as this reader sees it; only one person's client is ever told to ask for a view.

        Were others named, too, their clients would tell who is looking at the channel, and when.
        """
        buttons = self.choices + (self.own if reader == self.who else ())
        action = {"type": "Action.Execute", "verb": VERB, "data": {KEPT: self.carried()}}
        refresh = {"action": action, "userIds": [self.who]}
        return {**card((Reply(self.blocks, buttons),), wording), "refresh": refresh}

    def carried(self) -> Json:
        """All of it, for the card to bring back."""
        return {
            "who": self.who,
            "blocks": [_block_out(block) for block in self.blocks],
            "choices": [_choice_out(choice) for choice in self.choices],
            "own": [_choice_out(choice) for choice in self.own],
        }


def with_own(reply: Reply, number: str, wording: Wording) -> Json | None:
    """The card of this reply with a view for who has this id of Teams; None where that cannot be."""
    blocks = tuple(block for block in reply.blocks if _carriable(block))
    if reply.own is None or len(blocks) < len(reply.blocks):
        return None
    shared = Shared(number, blocks, reply.choices, reply.own.choices)
    # Their own view is the larger one; a card that had to be shortened has no room for what it would carry.
    fits = _read(shared.carried()) is not None and size(shared.seen_by(number, wording)) <= CARD
    return shared.seen_by("", wording) if fits else None


def asked(activity: Json) -> bool:
    """Whether a client asks for its person's view of a card."""
    action = part(part(activity, "value"), "action")
    return text(activity, "name") == "adaptiveCard/action" and text(action, "verb") == VERB


def view(activity: Json, wording: Wording) -> Json | None:
    """The answer to that. It is made anew of text and buttons of ours; None where it is no card of ours."""
    shared = _read(part(part(part(part(activity, "value"), "action"), "data"), KEPT))
    if shared is None:
        return None
    seen = shared.seen_by(text(part(activity, "from"), "id"), wording)
    return {"statusCode": 200, "type": ADAPTIVE, "value": seen} if size(seen) <= CARD else None


# --------------------------------------------------------------------------- what a card carries


def _carriable(block: Block) -> TypeGuard[_Carried]:
    return type(block) in _NAMES


def _block_out(block: _Carried) -> list[str | bool]:
    """Its kind, its text, and whether somebody wrote some of it: then it stays literal."""
    literal = any(isinstance(piece, Words) for piece in block.text)
    return [_NAMES[type(block)], clean(plain(block.text)), literal]


def _choice_out(choice: Choice) -> list[str]:
    return [clean(choice.label), choice.action, choice.value, choice.style]


def _read(kept: Json) -> Shared | None:
    """What a card of ours carried; None for anything else, such as more than any card of ours can hold."""
    if size(kept) > CARD:
        return None
    who, blocks = text(kept, "who"), [_block_in(each) for each in _listed(kept, "blocks")]
    choices = [_choice_in(each) for each in _listed(kept, "choices")]
    own = [_choice_in(each) for each in _listed(kept, "own")]
    sound = tuple(one for one in blocks if one is not None)
    buttons, theirs = (tuple(one for one in each if one is not None) for each in (choices, own))
    whole = len(sound) == len(blocks) and len(buttons) == len(choices) and len(theirs) == len(own)
    if not whole or not sound or not theirs or not _WHO.fullmatch(who):
        return None
    return Shared(who, sound, buttons, theirs)


def _listed(kept: Json, key: str) -> list[object]:
    """A list of bounded length; anything else counts as one thing that cannot be read."""
    found = kept.get(key)
    return found if isinstance(found, list) and len(found) <= _MOST else [None]


def _block_in(value: object) -> _Carried | None:
    match value:
        case [str(kind), str(said), bool(literal)] if kind in _KINDS and said.strip():
            return _KINDS[kind]((Words(said) if literal else said,))
        case _:
            return None


def _choice_in(value: object) -> Choice | None:
    match value:
        case [str(label), str(action), str(told), "plain" | "primary" | "danger" as style]:
            known = label.strip() and _ACTION.fullmatch(action) and len(told) <= _MOST_VALUE
            return Choice(label, action, told, style) if known else None
        case _:
            return None
