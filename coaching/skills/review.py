"""Reviews a reply before it is sent: what it noticed with quotes, one thing to change, a repaired draft."""

from collections.abc import Mapping
from dataclasses import replace

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.review import engine
from coaching.review.engine import Review
from coaching.review.typed import split_typed
from coaching.review.verdicts import Outcome
from coaching.review.weigh import OneThing
from coaching.review.written.rewriting import Written
from coaching.sealed import Words
from coaching.turn import Known, PreferencesSet, Turn, Wish
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
        case Tapped(action="review.model" | "review.model_yes" | "review.model_no" as action):
            return _model(action, known, playbook)
        case _:
            return Turn((form(playbook),))


def form(
    playbook: Playbook, customer: Words | None = None, draft: Words | None = None, problem: str = ""
) -> Form:
    """The form for a reply and, if wished, the message it answers."""
    label = playbook.wording.label
    return Form(
        "review.draft",
        label("review.title"),
        (Note(playbook.wording.say("review.form.intro")),),
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
    parts = split_typed(words.reveal(), playbook.judging)
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
    again = Choice(playbook.wording.label("review.again"), "review.open")
    long = (Note(say("review.result.long")),) if len(draft) > LIMIT else ()
    if found.abstained is not None:
        return Turn((Reply((Para(say(f"review.abstained.{found.abstained.value}")), *long), (again,)),))
    if found.one_thing is None:
        return Turn((Reply((Para(say("review.result.good", seed=known.seed)), *long), (again,)),))
    thing = found.one_thing
    why = Choice(playbook.wording.label("review.why_rule"), "tips.rule", thing.rule)
    noticed = () if known.preferences.less_words else _noticed(found, thing, playbook)
    blocks = (*long, *_one_thing(found, thing, playbook), *_draft(found, playbook), *noticed)
    if not known.model:
        return Turn((Reply(blocks, (again, why)),))
    if known.preferences.model or known.setup.demo:
        wish = Wish(message.who, Words(found.draft), Words(cut(customer)))
        return Turn((Reply(blocks, (again, why)),), wish=wish)
    model = Choice(playbook.wording.label("review.model.ask"), "review.model")
    return Turn((Reply(blocks, (again, why, model)),))


# --------------------------------------------------------------------------- a model's help


def _model(action: str, known: Known, playbook: Playbook) -> Turn:
    """Whether a model may be shown this person's drafts: asked, with where they would go, and kept."""
    say, label = playbook.wording.say, playbook.wording.label
    if not known.model:
        return Turn((Reply((Para(say("review.model.none")),)),))
    if action == "review.model":
        yes = Choice(label("review.model.yes"), "review.model_yes", "", "primary")
        no = Choice(label("review.model.no"), "review.model_no")
        blocks = (Heading(say("review.model.title")), Para(say("review.model.what", host=known.model)))
        return Turn((Reply((*blocks, Note(say("review.model.limits"))), (yes, no)),))
    wanted = action == "review.model_yes"
    fact = PreferencesSet(replace(known.preferences, model=wanted))
    said = say("review.model.on" if wanted else "review.model.off", host=known.model)
    off = (Choice(label("review.model.no"), "review.model_no"),) if wanted else ()
    again = Choice(label("review.again"), "review.open")
    return Turn((Reply((Para(said),), (again, *off)),), (fact,))


def waiting(reply: Reply, key: str, playbook: Playbook) -> Reply:
    """A review while a model looks for better words."""
    note = Note(playbook.wording.say("review.written.working"))
    stop = Choice(playbook.wording.label("review.written.stop"), "review.stop", key)
    return replace(reply, blocks=(*reply.blocks, note), choices=(*reply.choices, stop))


def reworded(reply: Reply, written: Written, playbook: Playbook) -> Reply:
    """A review with a model's words beside it, said to be a model's."""
    say = playbook.wording.say
    shown = (
        Heading(say("review.written.heading")),
        Draft((Words(written.text),), open=written.open),
        Note(say("review.written.label")),
    )
    at = next((i for i, block in enumerate(reply.blocks) if isinstance(block, Draft)), len(reply.blocks))
    at = max(at - 1, 0) if at < len(reply.blocks) else at  # before the repaired draft and its heading
    return replace(reply, blocks=(*reply.blocks[:at], *shown, *reply.blocks[at:]))


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
    said = dict.fromkeys(found.draft[s.start : s.end] for s in thing.spans)  # the same words are quoted once
    quotes = tuple(Quote((Words(words),)) for words in list(said)[:NOTICED])
    heading = Heading(playbook.wording.say("review.result.one_thing"))
    plan = Para(playbook.wording.say("review.result.plan", plan=thing.plan))
    return (heading, *quotes, Para((thing.say,)), plan)


def _draft(found: Review, playbook: Playbook) -> tuple[Block, ...]:
    if found.repaired == found.draft:
        return ()
    say, slots = playbook.wording.say, "[" in found.repaired
    blocks = (Heading(say("review.result.repaired")), Draft((Words(found.repaired),), open=slots))
    return (*blocks, Note(say("review.result.slots"))) if slots else blocks
