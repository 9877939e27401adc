"""Reviews a reply before it is sent: what it noticed with quotes, one thing to change, a repaired draft."""

import re
from collections.abc import Mapping, Sequence

from coaching import learning
from coaching.kept import Reviewed
from coaching.learned import Grade, Graded
from coaching.pasted import handed
from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.review import engine
from coaching.review.engine import Review
from coaching.review.fingerprints import is_template, repeats, reviewed
from coaching.review.verdicts import Outcome
from coaching.review.weigh import OneThing
from coaching.review.written import card
from coaching.sealed import Words
from coaching.text import Span
from coaching.turn import Known, Turn, Wish
from coaching.values import (
    Block,
    Choice,
    Command,
    Draft,
    Field,
    FieldValue,
    Form,
    Handed,
    Heading,
    Kind,
    Message,
    Note,
    Para,
    Quote,
    Reply,
    Said,
    Submitted,
    Tapped,
)

LIMIT = 10_000  # characters of a draft that are read
FIELD_LIMIT = 3000  # what a platform's text field takes
NOTICED = 3  # findings shown at most
SHORT = 280  # characters of a draft that is quoted whole
AROUND = 120  # characters of a sentence that are quoted on each side of what is meant
_STOP = re.compile(r"[.!?…][\"'”’)]{0,2}\s{1,4}|\n{1,4}")


def review(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Opens the form, or reviews what was given."""
    match message.content:
        case Handed(words=words, own=False):
            return Turn((form(playbook, customer=words),))
        case Handed(words=words):
            return _answer(words.reveal(), "", message, known, playbook)
        case Command(rest=words) | Said(words=words):
            return _typed(words, message, known, playbook)
        case Submitted(fields=fields):
            return _submitted(fields, message, known, playbook)
        case Tapped(action=card.ASK | card.YES | card.NO | card.STOP | card.BETTER) as tap:
            return card.consent(tap, known, playbook)
        case _:
            return Turn((form(playbook),))


def form(
    playbook: Playbook, customer: Words | None = None, draft: Words | None = None, problem: str = ""
) -> Form:
    """The form for a reply and, if wished, the message it answers. Given both, it asks whether they are."""
    label, say = playbook.wording.label, playbook.wording.say
    unsure = (Note(say("review.form.unsure")),) if customer is not None and draft is not None else ()
    return Form(
        "review.draft",
        label("review.title"),
        (*unsure, Note(say("review.form.intro"))),
        (
            Field(
                "customer",
                label("review.form.customer"),
                Kind.TEXT,
                text=_fitting(customer),
                hint=label("review.form.customer_hint"),
                optional=True,
                limit=FIELD_LIMIT,
            ),
            Field(
                "draft",
                label("review.form.draft"),
                Kind.TEXT,
                text=_fitting(draft),
                hint=label("review.form.draft_hint"),
                limit=FIELD_LIMIT,
                problem=problem,
            ),
        ),
        submit=label("review.submit"),
    )


def _fitting(words: Words | None) -> Words | None:
    return Words(words.reveal()[:FIELD_LIMIT]) if words is not None else None


def _typed(words: Words, message: Message, known: Known, playbook: Playbook) -> Turn:
    """A typed draft is reviewed; a customer's message alone opens the form with it."""
    parts = handed(words.reveal(), playbook.pasting)
    if parts.unsure:
        return Turn((form(playbook, Words(parts.customer), Words(parts.draft)),))
    if not parts.draft.strip():
        return Turn((form(playbook, customer=Words(parts.customer) if parts.customer.strip() else None),))
    return _answer(parts.draft, parts.customer, message, known, playbook)


def _submitted(fields: Mapping[str, FieldValue], message: Message, known: Known, playbook: Playbook) -> Turn:
    draft, customer = fields.get("draft"), fields.get("customer")
    theirs = customer if isinstance(customer, Words) else None
    if not isinstance(draft, Words) or not draft:
        problem = playbook.wording.label("review.form.draft_missing")
        return Turn((form(playbook, customer=theirs, problem=problem),))
    return _answer(draft.reveal(), theirs.reveal() if theirs else "", message, known, playbook)


def _answer(draft: str, customer: str, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The review, and the wish for better words where a model may help this person."""
    found = engine.review(cut(draft), cut(customer), playbook)
    say = playbook.wording.say
    again, end = Choice(playbook.wording.label("review.again"), "review.open"), card.ending(known, playbook)
    long = (Note(say("review.result.long")),) if len(draft) > LIMIT else ()
    if found.abstained is not None:
        return Turn((Reply((Para(say(f"review.abstained.{found.abstained.value}")), *long), (again, *end)),))
    before, kept = _before(draft, customer, message, known, playbook)
    found_of = _found(found, known, playbook)
    noted, facts = learning.told(found_of, playbook), (*kept, *found_of)
    long = (*before, *long)
    if found.one_thing is None:
        good = Para(say("review.result.good", seed=known.seed))
        return Turn((Reply((good, *long, *noted), (again, *end)),), facts)
    thing = found.one_thing
    why = Choice(playbook.wording.label("review.why_rule"), "tips.rule", thing.rule)
    shown = (*long, *_one_thing(found, thing, playbook), *_draft(found, playbook))
    if not known.preferences.less_words:
        shown = (*shown, *_standing(found, playbook), *_noticed(found, thing, playbook))
    follow = learning.offered(known, playbook)
    reply = Reply((*shown, *noted), (again, why, *follow, *card.offer(known, playbook), *end))
    wish = Wish(message.who, Words(found.draft), Words(cut(customer)))
    return Turn((reply,), facts, wish=wish if card.agreed(known) else None)


def _found(found: Review, known: Known, playbook: Playbook) -> tuple[Graded, ...]:
    """Which rules were there and which were missing; in a reply that is good to send nothing is missing."""
    grades = {Outcome.MET: Grade.MET, Outcome.MISSED: Grade.MISSED}
    outcomes = {name: grades[v.outcome] for name, v in found.verdicts.items() if v.outcome in grades}
    if found.one_thing is None:
        outcomes = {name: grade for name, grade in outcomes.items() if grade is Grade.MET}
    return learning.noted(outcomes, known, playbook)


def _before(
    draft: str, customer: str, message: Message, known: Known, playbook: Playbook
) -> tuple[tuple[Note, ...], tuple[Reviewed, ...]]:
    """Whether the reply is a template or was sent before, and what is kept so that this can be told again."""
    say = playbook.wording.say
    told = (Note(say("review.result.template")),) if is_template(cut(draft), playbook.templates) else ()
    if known.earlier is None:
        return told, ()
    now = reviewed(cut(draft), cut(customer), known.earlier.key)
    if not told and repeats(now, known.earlier, message.at):
        told = (Note(say("review.result.repeats")),)
    return told, (now,) if now.prints else ()


def cut(text: str) -> str:
    """At most LIMIT characters, ending with a whole sentence where there is one."""
    if len(text) <= LIMIT:
        return text
    end = max(text.rfind(stop, 0, LIMIT) for stop in (". ", "! ", "? ", "\n"))
    return text[: end + 1] if end > 0 else text[:LIMIT]


def _noticed(found: Review, thing: OneThing, playbook: Playbook) -> tuple[Block, ...]:
    """The heaviest findings that counted, apart from the one thing, each with the words it means."""
    quoted, said = {(s.start, s.end) for s in thing.spans}, {thing.say}
    blocks: list[Block] = []
    for finding in sorted(found.findings, key=lambda f: -f.check.weight):
        check, at = finding.check, (finding.span.start, finding.span.end)
        counted = any(found.verdicts[name].outcome is Outcome.MISSED for name in check.criteria)
        if check.kind is CheckKind.AVOID and counted and at not in quoted and check.say not in said:
            quoted.add(at)
            said.add(check.say)
            blocks += (Quote((Words(found.draft[at[0] : at[1]]),)), Para((check.say,)))
    heading = Heading(playbook.wording.say("review.result.noticed"))
    return (heading, *blocks[: 2 * NOTICED]) if blocks else ()


def _one_thing(found: Review, thing: OneThing, playbook: Playbook) -> tuple[Block, ...]:
    heading = Heading(playbook.wording.say("review.result.one_thing"))
    plan = Para(playbook.wording.say("review.result.plan", plan=thing.plan))
    return (heading, *_meant(found.draft, thing.spans), Para((thing.say,)), plan)


def _meant(draft: str, spans: Sequence[Span]) -> tuple[Quote, ...]:
    """The words that are meant, marked where they stand: in the whole of a short draft, else by sentence."""
    text, meant, at, end = list[str | Words](), set[int](), 0, 0
    for span in sorted(spans, key=lambda s: s.start)[:NOTICED]:
        if span.start < at:  # quoted already
            continue
        first, last = (0, len(draft)) if len(draft) <= SHORT else _around(draft, span)
        if first > end:
            text += [Words(draft[at:end].rstrip()), " … "] if text else ["… "]
            at = first
        text += [Words(draft[at : span.start]), Words(draft[span.start : span.end])]
        meant.add(len(text) - 1)
        at, end = span.end, max(last, span.end)
    text.append(Words(draft[at:end].rstrip()))
    return (Quote(tuple(text), frozenset(meant)),) if meant else ()


def _around(draft: str, span: Span) -> tuple[int, int]:
    """The sentence that words stand in, so much of it as helps to find them."""
    before = draft[max(0, span.start - AROUND) : span.start]
    after = draft[span.end : span.end + AROUND]
    starts, ends = list(_STOP.finditer(before)), _STOP.search(after)
    first = starts[-1].end() if starts else before.find(" ") + 1 if span.start > AROUND else 0
    last = ends.end() if ends else after.rfind(" ") if len(after) == AROUND else len(after)
    return span.start - len(before) + first, span.end + max(last, 0)


def _standing(found: Review, playbook: Playbook) -> tuple[Block, ...]:
    """What is there already and what is still open, in one calm line each; no more than counts most."""
    said, criteria = list[Note](), playbook.judging.criteria
    for outcome, key in ((Outcome.MET, "there"), (Outcome.MISSED, "open")):
        names = [name for name, verdict in found.verdicts.items() if verdict.outcome is outcome]
        heaviest = sorted(names, key=lambda name: -criteria[name].weight)[:NOTICED]
        if heaviest:
            what = ", ".join(criteria[name].short for name in names if name in heaviest)
            said.append(Note(playbook.wording.say(f"review.result.{key}", what=what)))
    return tuple(said)


def _draft(found: Review, playbook: Playbook) -> tuple[Block, ...]:
    if found.repaired == found.draft:
        return ()
    say, slots = playbook.wording.say, "[" in found.repaired
    blocks = (Heading(say("review.result.repaired")), Draft((Words(found.repaired),), open=slots))
    return (*blocks, Note(say("review.result.slots"))) if slots else blocks
