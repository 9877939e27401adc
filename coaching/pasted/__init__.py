"""Takes apart what people paste: the customer's message and their own draft, however both are marked."""

from dataclasses import replace

from coaching.pasted.asides import asked_off, is_aside, trailed_off, unwrapped
from coaching.pasted.blocks import in_blocks, narrated
from coaching.pasted.letters import forwarded, quoted, without_footer
from coaching.pasted.parts import NOTHING, Parts
from coaching.pasted.turns import labelled, spoken
from coaching.pasted.weighed import read
from coaching.playbook.pasting import Pasting

__all__ = ["Parts", "by_patterns", "handed", "split"]

_LONGEST = 10_000  # characters taken apart; more is a draft whole
_DOUBTED = 0.6  # how sure the model has to be where the patterns are not


def split(text: str, pasting: Pasting) -> Parts:
    """The parts, exactly as they were written. `unsure` where nobody could know whose words are whose.

    Patterns say what they make of it, and a small model weighs that with all else that tells.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > _LONGEST:
        return Parts("", text)
    ruled = by_patterns(text, pasting)
    reading = read(text, ruled, pasting) if ruled != NOTHING else None
    if reading is None or reading.parts == ruled:
        return ruled
    sure = _DOUBTED if ruled.unsure else pasting.weights.sure
    return reading.parts if reading.share >= sure else Parts("", "", unsure=True)


def handed(text: str, pasting: Pasting) -> Parts:
    """The same of what came with the wish for a review: a text with no second one beside it is the draft."""
    parts, ruled = split(text, pasting), by_patterns(text.replace("\r\n", "\n").strip(), pasting)
    if parts.draft or (parts.customer and ruled.customer):
        return parts
    return replace(ruled, unsure=parts.unsure and bool(ruled.customer and ruled.draft))


def by_patterns(text: str, pasting: Pasting) -> Parts:
    """What the patterns make of it, each kind of marks in its turn."""
    for way in (quoted, narrated, labelled, forwarded, spoken, in_blocks):
        found = way(text, pasting)
        if found is not None:
            return _clean(found, pasting)
    draft = asked_off(text, pasting)
    asked_only = any(map(str.isalnum, draft)) and is_aside(draft, pasting)
    return NOTHING if asked_only else Parts("", unwrapped(draft))


def _clean(found: Parts, pasting: Pasting) -> Parts:
    if found.unsure:
        return found
    customer = unwrapped(without_footer(found.customer, pasting))
    draft = unwrapped(trailed_off(found.draft, pasting))
    return Parts(customer, "" if is_aside(draft, pasting) else draft)
