"""The form of the setup: people to turn to, country, team tips, a model's help, the playbook."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.turn import Known, Setup, SetupKept, TeamTips, Turn
from coaching.values import (
    Choice,
    Field,
    FieldValue,
    Form,
    Heading,
    Kind,
    Message,
    Option,
    Para,
    Points,
    Reply,
    Said,
    Submitted,
    Text,
)

_MOST, _LONGEST = 5, 80  # people to turn to, and characters of each
_MEANT = {"UK": "GB"}  # what people write, and what the list of countries calls it


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it is filled in, right or wrong."""

    contacts: str
    country: str
    team_tips: str
    model: str
    playbook: str


def of(known: Known) -> Sheet:
    """The form for what is set now; where no playbook was chosen, the first is in use."""
    setup = known.setup
    return Sheet(
        "\n".join(setup.contacts),
        setup.country,
        setup.team_tips.value,
        "yes" if setup.model else "no",
        known.playbooks[0] if setup.playbook is None else setup.playbook,
    )


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form as it is set now; a typed message cannot open one by itself, so a button does."""
    wording = playbook.wording
    if isinstance(message.content, Said):
        button = Choice(wording.label("setup.open"), "setup.open", "", "primary")
        return Turn((Reply((Para(wording.say("setup.intro")),), (button,)),))
    return Turn((form(of(known), {}, known, wording),))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: kept, or shown again with what to mend."""
    del message
    wording, filled = playbook.wording, _filled(sent.fields, known)
    people = _people(filled.contacts)
    country = _country(filled.country)
    problems = _problems(people, country)
    if problems:
        return Turn((form(filled, problems, known, wording),))
    now, own = known.setup, known.own
    kept = replace(
        own,
        contacts=own.contacts if people == now.contacts else people,  # what was open stays open
        country=own.country if country == now.country else country,
        team_tips=TeamTips(filled.team_tips),
        model=filled.model == "yes",
        playbook=filled.playbook if len(known.playbooks) > 1 else own.playbook,
    )
    holds = replace(kept, contacts=people, country=country)
    said = (Heading(wording.say("setup.saved")), Points(told(holds, known, wording)))
    return Turn((Reply(said, _next(wording)),), (SetupKept(kept),))


def form(filled: Sheet, problems: Mapping[str, str], known: Known, wording: Wording) -> Form:
    """The form, as filled in so far, with what to mend at each field."""
    fields = (
        _text("contacts", Kind.TEXT, filled.contacts, problems, wording),
        replace(_text("country", Kind.LINE, filled.country, problems, wording), limit=20),
        _one("team_tips", filled.team_tips, tuple(who.value for who in TeamTips), wording),
        _one("model", filled.model, ("yes", "no"), wording),
    )
    if len(known.playbooks) > 1:
        fields = (*fields, _playbooks(filled.playbook, known.playbooks, wording))
    return Form(
        "setup.sheet",
        wording.label("setup.title"),
        (Para(wording.say("setup.intro")),),
        fields,
        (Choice(wording.label("setup.lines"), "setup.lines"),),
        submit=wording.label("setup.save"),
    )


def told(setup: Setup, known: Known, wording: Wording) -> tuple[Text, ...]:
    """What is set, a line each."""
    say = wording.say
    people = Words("; ".join(setup.contacts))
    lines = [
        say("setup.told.contacts", people=people) if setup.contacts else say("setup.told.nobody"),
        say("setup.told.country", country=setup.country) if setup.country else say("setup.told.nowhere"),
        say(f"setup.told.team_tips.{setup.team_tips.value}"),
        say("setup.told.model.yes" if setup.model else "setup.told.model.no"),
    ]
    if len(known.playbooks) > 1:
        lines.append(
            say("setup.told.playbook", name=_name(of(replace(known, setup=setup)).playbook, wording))
        )
    return tuple(lines)


def typed(fields: Mapping[str, FieldValue], name: str) -> str:
    """What was typed in a field: settings of a workspace, typed to be kept."""
    value = fields.get(name)
    return value.reveal().strip() if isinstance(value, Words) else ""


def _filled(fields: Mapping[str, FieldValue], known: Known) -> Sheet:
    """The sent form; a choice that is not one of those offered is as it was."""
    now = of(known)

    def one(name: str, offered: tuple[str, ...], otherwise: str) -> str:
        picked = fields.get(name)
        chosen = picked[0] if isinstance(picked, tuple) and picked else otherwise
        return chosen if chosen in offered else otherwise

    return Sheet(
        typed(fields, "contacts"),
        typed(fields, "country"),
        one("team_tips", tuple(who.value for who in TeamTips), now.team_tips),
        one("model", ("yes", "no"), now.model),
        _own(one("playbook", tuple(map(_shown, known.playbooks)), _shown(now.playbook))),
    )


def _people(text: str) -> tuple[str, ...]:
    """One a line, or with “;” between."""
    parts = text.replace(";", "\n").splitlines()
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def _country(text: str) -> str:
    code = text.upper()
    return _MEANT.get(code, code)


def _problems(people: tuple[str, ...], country: str) -> dict[str, str]:
    """What is wrong, by field, as the key of what to say."""
    found = {}
    readable = all(len(one) <= _LONGEST and one.isprintable() for one in people)
    if len(people) > _MOST or not readable:
        found["contacts"] = "setup.problem.contacts"
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        found["country"] = "setup.problem.country"
    return found


def _text(name: str, kind: Kind, text: str, problems: Mapping[str, str], wording: Wording) -> Field:
    problem = wording.label(problems[name]) if name in problems else ""
    hint = wording.label(f"setup.hint.{name}")
    label = wording.label(f"setup.field.{name}")
    return Field(name, label, kind, text=Words(text), hint=hint, optional=True, problem=problem)


def _one(name: str, picked: str, offered: tuple[str, ...], wording: Wording) -> Field:
    options = tuple(Option(each, wording.label(f"setup.option.{name}.{each}")) for each in offered)
    label, hint = wording.label(f"setup.field.{name}"), wording.label(f"setup.hint.{name}")
    return Field(name, label, Kind.ONE, options, (picked,), hint=hint)


def _playbooks(picked: str, names: tuple[str, ...], wording: Wording) -> Field:
    options = tuple(Option(_shown(name), _name(name, wording)) for name in names)
    label = wording.label("setup.field.playbook")
    return Field("playbook", label, Kind.ONE, options, (_shown(picked),))


def _shown(name: str | None) -> str:
    """A playbook's name as a form carries it: no option may be empty."""
    return name or "-"


def _own(shown: str) -> str:
    return "" if shown == "-" else shown


def _name(name: str, wording: Wording) -> str:
    return name or wording.label("setup.option.playbook")


def _next(wording: Wording) -> tuple[Choice, ...]:
    return (
        Choice(wording.label("setup.lines"), "setup.lines"),
        Choice(wording.label("setup.again"), "setup.open"),
    )
