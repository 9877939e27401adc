"""Labels and speakers: "Customer: ... Me: ...", chats with names and times, tickets written out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from coaching.pasted.asides import asked_off, is_aside
from coaching.pasted.labels import TIME, marks, role_of
from coaching.pasted.parts import Parts, lower
from coaching.playbook.pasting import Pasting

# A speaker and a time on a line, in either order, with what is said behind or below.
_SPEAKER = re.compile(
    rf"^[ \t]{{0,4}}(?:[\[(<]?{TIME}[\])>]?[ ,|–-]{{0,4}})?[<\[*]{{0,2}}([^\W\d][\w .'’&-]{{0,34}}?)"
    rf"[>\]*]{{0,2}}(?:[ ]?[(\[]([^()\[\]\n]{{1,40}})[)\]])?"
    rf"(?:[ ,|–-]{{1,4}}[\[(]?(?:at )?{TIME}[\])]?)?[ ]?(:|>|\||-|–|$|(?<=[\]>])(?=[ ]))[ \t]{{0,4}}"
)
_HAS_TIME = re.compile(TIME)


@dataclass(frozen=True, slots=True)
class _Turn:
    who: str  # "customer", "own", "nobody", or a name
    said: str


def labelled(text: str, pasting: Pasting) -> Parts | None:
    """What stands behind labels that say whose it is; None without any."""
    known = marks(text, pasting)
    if not known or _is_chat(text):
        return None
    first = text[: known[0].start].strip()
    ends = [*(mark.start for mark in known[1:]), len(text)]
    turns = [_Turn(mark.whose, text[mark.end : end].strip()) for mark, end in zip(known, ends, strict=True)]
    found = _of_labels(first, turns, pasting)
    if found is not None and not found.customer and len(turns) > 2:
        return spoken(text, pasting) or found  # "Dana: ...", "Clinic: ...", and so on
    return found


def _of_labels(first: str, turns: list[_Turn], pasting: Pasting) -> Parts | None:
    turns = _unnamed(turns)
    first = "\n".join(
        line for line in first.splitlines() if not pasting.is_("ticket", lower(line).strip())
    ).strip()
    theirs = [turn.said for turn in turns if turn.who == "customer" and turn.said]
    mine = [turn.said for turn in turns if turn.who == "own" and turn.said]
    if theirs and mine:
        if turns[-1].who == "own" and len(turns) > 2:
            return _last_word(turns)
        return Parts("\n".join(theirs), mine[-1])
    if mine:
        draft = mine[-1]
        if not first or is_aside(first, pasting) or pasting.has("asks", lower(first)):
            return Parts("", draft)
        return Parts(first, draft) if len(first.split()) > 2 else Parts("", draft)
    return _of_theirs(first, theirs, pasting) if theirs else None


def _of_theirs(first: str, theirs: list[str], pasting: Pasting) -> Parts:
    """A customer's label alone: the draft follows theirs, or it stands before it."""
    found, above = _after_customer(theirs, pasting), asked_off(first, pasting)
    if not found.draft and above and not is_aside(above, pasting):
        return Parts(found.customer, above)
    return found


def _unnamed(turns: list[_Turn]) -> list[_Turn]:
    """Without a name that a ticket gives before what was written."""
    named = [
        turn
        for turn, after in pairwise(turns)
        if turn.who == after.who == "customer"
        and len(turn.said.split()) < 4
        and turn.said[:1].isupper()
        and turn.said[-1:].isalpha()
    ]
    named += [
        turn
        for turn, after in pairwise(turns)
        if turn.who == after.who == "customer" and after.said and after.said in turn.said
    ]  # said once more
    return [turn for turn in turns if turn not in named]


def _after_customer(theirs: list[str], pasting: Pasting) -> Parts:
    """A customer's label alone: the reply may follow in a block of its own, or there is none."""
    blocks = re.split(r"\n[ \t]*\n", theirs[-1])
    for index in range(1, len(blocks)):
        plain = lower(blocks[index]).strip()
        rest = "\n\n".join(blocks[index:])
        before = "\n\n".join(blocks[:index])
        begins = pasting.begins("greeting", plain) or pasting.begins("thanked", plain)
        if begins or (index == len(blocks) - 1 and not is_aside(rest, pasting)):
            cut = theirs[-1].index(blocks[index], len(before))
            return Parts(theirs[-1][:cut].strip(), theirs[-1][cut:].strip())
    return Parts("\n".join(theirs), "")


# --------------------------------------------------------------------------- chats and tickets


def spoken(text: str, pasting: Pasting) -> Parts | None:
    """The last reply in a chat or a ticket, and what the customer said since the one before."""
    turns = list(_turns(text, pasting))
    names = {turn.who for turn in turns if turn.who != "nobody"}
    if len(turns) < 2 or len(names) < 2:
        return None
    turns = _merged(_owned([turn for turn in turns if turn.who != "nobody"]))
    return _last_word(turns) if {"own", "customer"} <= {turn.who for turn in turns} else None


def _last_word(turns: list[_Turn]) -> Parts:
    """Of turns whose speakers are known: the last of ours, and theirs between it and the one before."""
    last = max(index for index, turn in enumerate(turns) if turn.who == "own")
    before = [index for index in range(last) if turns[index].who == "own"]
    since = turns[before[-1] + 1 if before else 0 : last]
    return Parts("\n".join(turn.said for turn in since if turn.said), turns[last].said)


def _is_chat(text: str) -> bool:
    """Whether lines begin with times, so that names are speakers."""
    lines = [line for line in text.splitlines() if line.strip()]
    timed = sum(
        1
        for line in lines
        if (_HAS_TIME.search(lower(line[:48])) or line.lstrip().startswith("<"))
        and _SPEAKER.match(lower(line))
    )
    return timed >= 2


def _turns(text: str, pasting: Pasting) -> Iterator[_Turn]:
    """Each stretch between two lines that name a speaker. What stands before the first is left out."""
    who, said = "", list[str]()
    chat = _is_chat(text)
    for line in text.splitlines():
        plain = lower(line)
        match = _SPEAKER.match(plain)
        name = _speaker(match, plain, pasting, chat=chat) if match else ""
        if match and name:
            if who:
                yield _Turn(who, "\n".join(said).strip())
            who, said = name, [line[match.end() :]]
        elif who:
            said.append(line)
    if who:
        yield _Turn(who, "\n".join(said).strip())


def _speaker(match: re.Match[str], plain: str, pasting: Pasting, *, chat: bool) -> str:
    """Who speaks on a line, or nothing if nobody is named on it."""
    name, role, sign = match.group(1).strip(" -–"), (match.group(2) or "").strip(), match.group(3)
    timed = bool(_HAS_TIME.search(plain[: match.end()])) or plain.lstrip().startswith("<")
    if (chat and not timed) or (not timed and sign != ":") or len(name.split()) > 4:
        return ""
    if pasting.is_("head", name) or pasting.is_("nobody", name) or (role and pasting.is_("nobody", role)):
        return "nobody"
    return (role_of(role, pasting) if role else "") or role_of(name, pasting) or f"={name}"


def _owned(turns: list[_Turn]) -> list[_Turn]:
    """Names become ours or theirs: the one who is not theirs is ours; of two strangers the last is."""
    names = list(dict.fromkeys(turn.who for turn in turns if turn.who.startswith("=")))
    sides = {turn.who for turn in turns}
    if "own" in sides:
        known = dict.fromkeys(names, "customer")
    elif "customer" in sides:
        known = dict.fromkeys(names, "own")
    else:
        last = turns[-1].who
        known = {name: "own" if name == last else "customer" for name in names}
    return [_Turn(known.get(turn.who, turn.who), turn.said) for turn in turns]


def _merged(turns: list[_Turn]) -> list[_Turn]:
    """Neighbours of one side as one."""
    out: list[_Turn] = []
    for turn in turns:
        if out and out[-1].who == turn.who:
            out[-1] = _Turn(turn.who, f"{out[-1].said}\n{turn.said}")
        else:
            out.append(turn)
    return out
