"""The pasted texts tools/train_splits.py learns from: as written, with other words in them, and halves."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from coaching.pasted import by_patterns
from coaching.pasted.parts import Parts
from coaching.pasted.pieces import Piece, pieces, unmarked
from coaching.pasted.telling import sides, told
from coaching.pasted.weighed import joined
from coaching.playbook.pasting import Pasting
from tools.corpus_rows import CORPUS
from tools.corpus_rows import rows as replies

AGAIN = 2  # times each text is learnt from with other people's words in it
REPLIES = 60  # that are learnt from with nothing around them
TUNED = ("splits_a", "splits_b")  # writers whose texts the patterns were made from: there they are too good


@dataclass(frozen=True)
class Text:
    """One pasted text, its pieces, what tells of each, and whose each is."""

    writer: str
    row: dict[str, object]
    plain: str
    pieces: list[Piece]
    names: list[list[str]]
    tags: list[str]

    @property
    def parts(self) -> Parts:
        return wanted(self.row)


def wanted(row: dict[str, object]) -> Parts:
    review = row["review"]
    assert isinstance(review, dict)
    if review.get("unsure"):
        return Parts("", "", unsure=True)
    return Parts(review.get("customer") or "", review["draft"] or "")


def spoken() -> tuple[list[str], list[str]]:
    """What customers write, and what is answered."""
    found = [row for part in ("train", "tune") for row in replies(part)]
    angry = (CORPUS / "triage/angry.jsonl").read_text(encoding="utf-8").splitlines()
    theirs = [*dict.fromkeys(row.customer for row in found), *(json.loads(line)["text"] for line in angry)]
    return theirs, [row.reply for row in found if row.id.endswith((":0", ":1"))]


def taken(writer: str, row: dict[str, object], pasting: Pasting, *, ruled: bool) -> Text:
    """A text with what tells of its pieces; `ruled`: what the patterns make of it, too."""
    text = str(row["text"]).replace("\r\n", "\n").strip()
    plain, depths = unmarked(text)
    found = pieces(plain, depths, pasting)
    said = by_patterns(text, pasting)
    bare = Parts(unmarked(said.customer)[0], unmarked(said.draft)[0], said.unsure)
    rules = sides(plain, found, bare) if ruled else []
    return Text(
        writer, row, plain, found, told(plain, found, rules, pasting), _tags(plain, found, wanted(row))
    )


def _tags(plain: str, found: Sequence[Piece], parts: Parts) -> list[str]:
    whose = sides(plain, found, parts)
    if whose[0] == "U":
        return whose
    return [
        side if side == "O" else f"{'I' if number and whose[number - 1] == side else 'B'}{side}"
        for number, side in enumerate(whose)
    ]


def texts(pasting: Pasting) -> list[Text]:
    """All writers' texts."""
    out = []
    for file in sorted((CORPUS / "triage").glob("splits_*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for row in rows:
            if file.stem not in TUNED:
                out.append(taken(file.stem, row, pasting, ruled=True))
            out.append(taken(file.stem, row, pasting, ruled=False))
    return out


def reworded(found: Sequence[Text], pasting: Pasting) -> list[Text]:
    """The texts with other customers' and other answers' words in the places of theirs."""
    theirs, ours = spoken()
    pick, out = random.Random(7), list[Text]()  # the same each time
    theirs, ours = [one for one in theirs if len(one) < 400], [one for one in ours if len(one) < 500]
    seen = dict.fromkeys((text.writer, str(text.row["id"])) for text in found)
    rows = {(text.writer, str(text.row["id"])): text.row for text in found}
    for writer, name in seen:
        for _ in range(AGAIN):
            row = _reworded(rows[writer, name], pick.choice(theirs), pick.choice(ours))
            if row is not None:
                made = taken(writer, row, pasting, ruled=False)
                if joined(made.plain, made.pieces, made.tags) == wanted(row):
                    out.append(made)
    return out


def _reworded(row: dict[str, object], theirs: str, ours: str) -> dict[str, object] | None:
    text, parts = str(row["text"]), wanted(row)
    if parts.unsure or ">" in text or text.count(parts.draft) != 1 or text.count(parts.customer or text) != 1:
        return None
    both = {parts.draft: ours, **({parts.customer: theirs} if parts.customer else {})}
    new = {old: " ".join(one.split()) if "\n" not in old else one for old, one in both.items()}
    for old in sorted(both, key=text.index, reverse=True):
        at = text.index(old)
        text = text[:at] + new[old] + text[at + len(old) :]
    review = {"customer": new.get(parts.customer), "draft": new[parts.draft]}
    return {"id": row["id"], "text": text, "review": review}


def alone(found: Sequence[Text], pasting: Pasting) -> list[Text]:
    """Replies with nothing around them, and the customer's side of the texts that say whose it is."""
    rows = [{"text": one, "review": {"draft": one}} for one in spoken()[1][::20][:REPLIES]]
    out = [taken("replies", {"id": f"reply-{n}", **row}, pasting, ruled=False) for n, row in enumerate(rows)]
    for text in found:
        last = max((n for n, tag in enumerate(text.tags) if tag in ("BC", "IC")), default=-1)
        said = {name for names in text.names[: last + 1] for name in names}
        if last < 0 or not said & {"lab=customer", "quoted1", "is=head"} or "BD" in text.tags[:last]:
            continue
        lines = str(text.row["text"]).strip().split("\n")
        whole = "\n".join(lines[: text.plain.count("\n", 0, text.pieces[last].end) + 1])
        if unmarked(whole)[0].endswith(text.plain[text.pieces[last].start : text.pieces[last].end]):
            row = {
                "id": f"{text.row['id']}-half",
                "text": whole,
                "review": {"customer": text.parts.customer, "draft": ""},
            }
            out.append(taken(text.writer, row, pasting, ruled=False))
    return out
