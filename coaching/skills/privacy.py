"""My data: every stored value, what is never kept, and deleting it all after one question."""

from coaching.kept import Row
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.review.written.card import agreed, ending
from coaching.turn import Forget, Known, Turn
from coaching.values import Block, Choice, Heading, Message, Note, Para, Points, Reply, Tapped, Text

_KEPT = ("settings", "schedules", "tips", "rules", "month")
_NOT_KEPT = ("vent", "drafts", "mood")


def privacy(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Show by default; delete only after the question was answered."""
    wording = playbook.wording
    match message.content:
        case Tapped(action="privacy.erase"):
            blocks = (Para(wording.say("privacy.delete.done")), _platform(message, wording))
            return Turn((Reply(blocks),), (Forget(),))
        case Tapped(action="privacy.code"):
            return Turn((_coded(message, known, wording),))
        case Tapped(action="privacy.stay"):
            return Turn((Reply((Para(wording.say("privacy.stay.done")),)),))
        case Tapped(action="privacy.delete"):
            return Turn((_question(message, wording),))
        case _ if known.understood.name == "privacy.delete":
            return Turn((_question(message, wording),))
        case _:
            return Turn((_shown(message, known, playbook),))


def stay(playbook: Playbook) -> Reply:
    """The question for somebody who was silent for a year. Whatever they answer, they are there."""
    say, label = playbook.wording.say, playbook.wording.label
    return Reply(
        (Heading(say("privacy.stay.title")), Para(say("privacy.stay.what"))),
        (
            Choice(label("privacy.stay.yes"), "privacy.stay"),
            Choice(label("privacy.delete.ask"), "privacy.delete", style="danger"),
        ),
    )


def _shown(message: Message, known: Known, playbook: Playbook) -> Reply:
    wording = playbook.wording
    rows: tuple[Block, ...] = (Para(wording.say("privacy.show.none")),)
    if known.rows:
        rows = (Para(wording.say("privacy.show.intro")), Points(_entries(known.rows, wording)))
    return Reply(
        (
            Heading(wording.say("privacy.show.title")),
            Para(wording.say("privacy.show.kept_title")),
            Points(tuple(wording.say(f"privacy.show.kept_{name}") for name in _KEPT)),
            Para(wording.say("privacy.show.not_title")),
            Points(tuple(wording.say(f"privacy.show.not_{name}") for name in _NOT_KEPT)),
            *_model(known, wording),
            Para(wording.say("privacy.show.view")),
            *rows,
            _platform(message, wording),
        ),
        (
            Choice(wording.label("privacy.delete.ask"), "privacy.delete", style="danger"),
            *((Choice(wording.label("privacy.code.ask"), "privacy.code"),) if known.rows else ()),
            *ending(known, playbook),
        ),
    )


def _coded(message: Message, known: Known, wording: Wording) -> Reply:
    """The code by itself, and what it is good for."""
    return Reply(
        (
            Heading(wording.say("privacy.code.title")),
            Para(wording.say("privacy.code.shown", code=known.code)),
            Para(wording.say("privacy.code.what")),
            _platform(message, wording),
        )
    )


def _model(known: Known, wording: Wording) -> tuple[Block, ...]:
    """Where drafts go, if they go anywhere."""
    if not known.model:
        return ()
    said = known.preferences.model == known.model  # in the demo nobody has to say so, or can take it back
    key = "model_off" if not agreed(known) else "model_on" if said else "model_here"
    return (Para(wording.say(f"privacy.show.{key}", host=known.model)),)


def _entries(rows: tuple[Row, ...], wording: Wording) -> tuple[Text, ...]:
    """Every stored value as it is named in the database, one line for each entry (it begins with its id)."""
    lines: list[Text] = []
    for row in rows:
        said = wording.say("privacy.show.row", what=row.what, value=row.value)
        if lines and not row.what.endswith(".id"):
            lines[-1] = (*lines[-1], "; ", *said)
        else:
            lines.append(said)
    return tuple(lines)


def _question(message: Message, wording: Wording) -> Reply:
    return Reply(
        (
            Heading(wording.say("privacy.delete.title")),
            Para(wording.say("privacy.delete.what")),
            _platform(message, wording),
        ),
        (
            Choice(wording.label("privacy.delete.yes"), "privacy.erase", style="danger"),
            Choice(wording.label("privacy.delete.no"), "privacy.show"),
        ),
    )


def _platform(message: Message, wording: Wording) -> Note:
    """What the platform itself keeps, which no deleting of ours can change."""
    return Note(wording.say(f"privacy.platform.{message.voice}"))
