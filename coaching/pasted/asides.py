"""What is said to the coach about a draft, before it and after it, and the quotes around it."""

import re

from coaching.pasted.parts import lower
from coaching.playbook.pasting import Pasting

_LONG = 16  # words an aside has at most; longer is a letter
_NEAR = 800  # characters an announcement has at most, and a greeting is looked for in
_WRAPPED = (
    ('"', '"'),
    ("“", "”"),
    ("„", "“"),
    ("```", "```"),
    ("`", "`"),
    ("«", "»"),
    ("'", "'"),
    ("‘", "’"),
)
_END = re.compile(r"(?<=[.?!:])[ \t]{1,4}(?=\S)|\n{1,4}|[ \t]{1,3}(?:-{1,3}|–|—|>>|→|\||<-{1,2}|←)[ \t]{1,3}")
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»]{12,4000})[\"”“»]")
_COACH = re.compile(
    r"\A(?:(?:hi|hey|hello|ok|so|um|dear|yo)[ ,]{1,3}){0,3}"
    r"(?:coach|breather|bot|there|team|all)\b[ ,!.:-]{0,4}"
    r"|\A(?:(?:ok|so|um|and|also|please|pls|plz|kindly|just|quick)[ ,]{1,3}){1,3}"
)
_SIGNS = " \t\n-–—:|→<>*_\"'()[].,!?;¿¡🙏😅🙂😬🙈"
_TRIM = " \t\n-–—>:|→*_"


def is_aside(text: str, pasting: Pasting) -> bool:
    """Whether a text is said to the coach, and no part of a letter."""
    said = lower(text).strip(_SIGNS)
    plain = _COACH.sub("", said, count=1).strip(_SIGNS)
    if not plain or pasting.is_("asks_alone", said):
        return True
    if len(plain.split()) > _LONG or (pasting.begins("greeting", plain) and len(plain.split()) > 6):
        return False
    if _asks(plain, pasting):
        return True
    pieces = [piece.strip(_SIGNS) for piece in re.split(r"[,.;?!–—]| - ", plain)]
    greeted = len(pieces) > 1 and pasting.is_("greeting", pieces[0])
    rest = pieces[1:] if greeted else pieces
    if len(pieces) > 1 and all(not piece or _asks(piece, pasting) for piece in rest):
        return True
    return pasting.begins("asks", plain) and not pasting.has("not_asks", plain)


def _asks(plain: str, pasting: Pasting) -> bool:
    """Whether all of it is said to the coach."""
    if pasting.is_("asks", plain) or pasting.is_("asks_alone", plain):
        return True
    return pasting.is_("whole_asides", plain) and not pasting.has("not_asks", plain)


def asked_off(text: str, pasting: Pasting) -> str:
    """The draft without what is said about it before or after."""
    text = text.strip()
    wrapped = _quoted_alone(text, pasting)
    if wrapped:
        return wrapped
    return trailed_off(led_off(text, pasting), pasting)


def led_off(text: str, pasting: Pasting) -> str:
    """The text without what is said to the coach before it."""
    while (shorter := _led_off(text, pasting)) != text:
        text = shorter
    return text


def trailed_off(text: str, pasting: Pasting) -> str:
    """The draft without what is said about it behind it: lines of their own, or sentences."""
    text = text.strip()
    for end in reversed(list(_END.finditer(text))):  # found once: each cut leaves those before it
        if end.end() >= len(text):  # cut off with what stood behind it
            continue
        before, after = text[: end.start()].rstrip(" \t\n-–—|→<"), text[end.end() :]
        if not before.strip() or not is_aside(after, pasting):
            break  # no sentence that can mean nothing else
        text = before
    return text


def _led_off(text: str, pasting: Pasting) -> str:
    """One aside less at the beginning: up to a greeting, a colon, a line's or a sentence's end."""
    for end in _END.finditer(text[:_NEAR]):
        before, after = text[: end.start()], text[end.end() :].lstrip(_TRIM)
        if len(before.split()) > 40:
            break
        if not after:
            continue
        if is_aside(before, pasting) or _introduces(before, after, pasting, inline="\n" not in end.group()):
            return after
    return text


def _introduces(before: str, after: str, pasting: Pasting, *, inline: bool) -> bool:
    """Whether a text announces a draft that begins right after it."""
    plain, label = lower(before), before.rstrip().endswith(":")
    greeted = pasting.begins("greeting", lower(after[:_NEAR])) and not pasting.begins("greeting", plain)
    last = plain.rsplit("\n", 1)[-1].strip(" :*_-")
    told = pasting.has("asks", plain) or pasting.is_("own", last) or pasting.is_("asks_alone", last)
    if greeted and pasting.begins("told_of", plain):  # "the customer wants her money back. Hi Tess, ..."
        return True
    if greeted and inline and plain.endswith("?") and len(plain.split()) <= _LONG:
        return True  # "... of this reply? Hello Mrs Young, ..."
    return (label or greeted) and told and not pasting.has("not_asks", plain.rsplit("\n", 1)[-1])


def _quoted_alone(text: str, pasting: Pasting) -> str:
    """The one stretch in quotes that all the rest is said about."""
    found = list(_QUOTE.finditer(text))
    if len(found) != 1:
        return ""
    match = found[0]
    before, after = text[: match.start()].strip(_TRIM), text[match.end() :].strip(_TRIM + ".,!?")
    if before == "" and after == "":
        return match.group(1).strip()
    around = [piece for piece in (before, after) if piece]
    said = all(len(piece.split()) <= 25 for piece in around) and any(
        is_aside(piece, pasting) or pasting.has("asks", lower(piece)) or pasting.has("own", lower(piece))
        for piece in around
    )
    return match.group(1).strip() if said else ""


def unwrapped(text: str) -> str:
    """Without the quotes around all of it."""
    text = text.strip()
    for start, end in _WRAPPED:
        inner = text[len(start) : -len(end)]
        if len(text) > len(start) + len(end) and text.startswith(start) and text.endswith(end):
            return inner.strip() if start not in inner and end not in inner else text
    return text
