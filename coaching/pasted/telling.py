"""What tells whose a piece of pasted text is: its label, voice and signs, and those of its neighbours."""

import re
from collections.abc import Sequence
from itertools import pairwise

from coaching.pasted.asides import is_aside
from coaching.pasted.parts import Parts, lower
from coaching.pasted.pieces import Piece
from coaching.playbook.pasting import Pasting

_SIGNS = " \t\n-–—:|→<>*_\"'()[].,!?;#•👇⬇️↳`"
_TIME = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_WORD = re.compile(r"[^\W_][\w']{0,40}|[?!]{1,9}")
_KINDS = ("head", "nobody", "signoff", "footer", "contact", "parted", "ticket", "asks_alone", "asks")
_WHOLE = ("footer", "parted", "contact")  # these look at the signs around it, too
_SHORT = 7  # words of a piece whose every word counts
# What a neighbour is told of.
_NEAR = (
    *("lab=", "has-", "colon", "aside", "greets", "thanks", "is=", "quoted", "told", "no signs", "time"),
    *("ua", "v", "coach", "opens", "closes", "boxed", "len", "sep"),
)
_FAR = ("lab=", "colon", "greets", "quoted")
_KEY = ("sep", "greets", "lab=", "aside", "end", "v", "len")


def told(plain: str, found: Sequence[Piece], ruled: Sequence[str], pasting: Pasting) -> list[list[str]]:
    """The names of all that tells of each piece. `ruled`: whose the patterns say it is, if that is known."""
    own = [_own(plain, found, number, pasting) for number in range(len(found))]
    whole, out, label = _whole(own), list[list[str]](), "none"
    for number, names in enumerate(own):
        keys = [name for name in names if name.startswith(_KEY)]
        here = ["any", f"L:{label}", *names, *_near(own, number)]
        here += [f"{one}&{key}" for one in whole for key in keys if not key.startswith("end")]
        here += [f"L:{label}&{key}" for key in keys]
        behind = len(own) - 1 - number
        here += [f"at{min(4, number)}", f"left{min(3, behind)}", f"of{min(4, len(own).bit_length())}"]
        out.append([*here, *_ruled(ruled, number, keys)])
        label = _label(names) or label
    return out


def sides(plain: str, found: Sequence[Piece], parts: Parts) -> list[str]:
    """Whose each piece is, by these parts: C, the customer's, D, the draft, O, nobody's, U, unsure."""
    if parts.unsure:
        return ["U"] * len(found)
    spans = {"C": _spans(plain, parts.customer, last=False), "D": _spans(plain, parts.draft, last=True)}
    out = ["O"] * len(found)
    for number, piece in enumerate(found):
        middle = (piece.start + piece.end) / 2
        for name, where in spans.items():
            if any(start <= middle < end for start, end in where):
                out[number] = name
    return out


def _spans(plain: str, part: str, *, last: bool) -> list[tuple[int, int]]:
    """Where a part stands in the text; line by line where something stands between its lines."""
    at = plain.rfind(part) if last else plain.find(part)
    if not part or at >= 0:
        return [(at, at + len(part))] if part else []
    out, since = list[tuple[int, int]](), 0
    for line in filter(None, map(str.strip, part.split("\n"))):
        at = plain.find(line, since)
        if at >= 0:
            since = at + len(line)
            out.append((at, since))
    return out


def words(said: str) -> list[str]:
    """Words, and signs that ask or call out."""
    return _WORD.findall(lower(said))


def turns(found: Sequence[str]) -> set[str]:
    """Words and pairs, by which a voice is known."""
    return {*found, *(f"{a} {b}" for a, b in pairwise(found))}


def _own(plain: str, found: Sequence[Piece], number: int, pasting: Pasting) -> list[str]:
    """What tells of a piece by itself."""
    piece = found[number]
    said = plain[piece.start : piece.end]
    folded = lower(said)
    core, spoken = folded.strip(_SIGNS), words(said)
    behind = found[number + 1].gap if number + 1 < len(found) else "$"
    out = [*_kinds(core, folded, len(spoken), pasting), *_shape(said, core)]
    voice = sum(pasting.weights.voice.get(turn, 0) for turn in turns(spoken))
    balance = pasting.count("answering", folded) - pasting.count("upset", folded)
    out += [f"v{max(-4, min(4, round(voice / 120)))}", f"ua{max(-2, min(2, balance))}"]
    out += [f"len{min(5, len(spoken).bit_length())}", f"sep{_gap(piece.gap)}", f"nsep{_gap(behind)}"]
    if piece.depth:
        out.append(f"quoted{min(2, piece.depth)}")
    if spoken:
        out += [f"first={spoken[0]}", f"last={spoken[-1]}", f"two={' '.join(spoken[:2])}"]
    if len(spoken) <= _SHORT:
        out += [f"w={word}" for word in {*spoken}] + [f"s={stem}" for stem in {word[:4] for word in spoken}]
    return out


def _kinds(core: str, folded: str, many: int, pasting: Pasting) -> list[str]:
    """What the patterns know it as."""
    out = []
    label = next((side for side in ("own", "customer") if pasting.is_(side, core)), "")
    colon = folded.endswith((":", ":-", ":*", "："))
    if label:
        out += [f"lab={label}", f"lab={label}{'+colon' if colon else '-'}"]
    else:
        out += ["has-ours"] * (many <= _SHORT and pasting.has("ours", core))
        out += ["has-theirs"] * (many <= _SHORT and pasting.has("theirs", core))
    out += [f"is={kind}" for kind in _KINDS if pasting.is_(kind, folded if kind in _WHOLE else core)]
    begins = (("greeting", "greets"), ("thanked", "thanks"), ("told_of", "told"))
    out += [name for kind, name in begins if pasting.begins(kind, core)]
    out += ["colon"] * colon + ["aside"] * is_aside(folded, pasting)
    return out


def _shape(said: str, core: str) -> list[str]:
    """Its signs and capitals."""
    first, last = said[0], said[-1]
    letters = [char for char in said if char.isalpha()]
    flags = {
        "opens": first in "\"“„«'‘`",
        "closes": last in "\"”“»'’`",
        f"boxed{first}": first in "[(<{",
        "unboxed": last in "])>}",
        "CAPS": " " in core and sum(map(str.isupper, letters)) > 0.7 * max(1, len(letters)),
        "time": bool(_TIME.search(said)),
        "mail": "@" in said,
        "no signs": not any(map(str.isalnum, said)),
        "coach": "coach" in core or "breather" in core,
    }
    begins = "cap" if first.isupper() else "low" if first.isalpha() else "num" if first.isdigit() else "sign"
    ends = last if last in ".?!,:;" else "w" if last.isalnum() else "x"
    return [*(name for name, flag in flags.items() if flag), begins, f"end{ends}"]


def _gap(gap: str) -> str:
    """What kind of gap it is."""
    if gap in "^$" and gap:
        return gap
    if "\n" in gap:
        return "blank" if gap.count("\n") > 1 else "line"
    return gap.strip()[:1] or ("space" if gap else "none")


def _whole(own: Sequence[Sequence[str]]) -> list[str]:
    """What is so of the whole text."""
    there = {name for names in own for name in names}
    greeted = sum("greets" in names for names in own)
    blanks = sum("sepblank" in names for names in own)
    out = [f"G:greets{min(2, greeted)}", f"G:blank{min(2, blanks)}"]
    out += [f"G:{side}" for side in ("own", "customer") if f"lab={side}" in there]
    return out + ["G:quoted"] * any(name.startswith("quoted") for name in there)


def _near(own: Sequence[Sequence[str]], number: int) -> list[str]:
    out = [f"p:{name}" for name in own[number - 1] if name.startswith(_NEAR)] if number else ["p:^"]
    if number + 1 < len(own):
        out += [f"n:{name}" for name in own[number + 1] if name.startswith(_NEAR)]
    else:
        out.append("n:$")
    if number > 1:
        out += [f"pp:{name}" for name in own[number - 2] if name.startswith(_FAR)]
    return out


def _ruled(ruled: Sequence[str], number: int, keys: Sequence[str]) -> list[str]:
    if not ruled:
        return []
    here = ruled[number]
    before = ruled[number - 1] if number else "^"
    behind = ruled[number + 1] if number + 1 < len(ruled) else "$"
    return [f"R{here}", f"R{before}{here}", f"Rn{here}{behind}", *(f"R{here}&{key}" for key in keys)]


def _label(names: Sequence[str]) -> str:
    """Whose words follow this piece, where it says so."""
    if "is=head" in names or "is=parted" in names:
        return "head"
    return next((side for side in ("own", "customer") if f"lab={side}" in names), "")
