"""tips: one thing to try, the ten rules to read, a reminder's words. No tip twice until all were shown."""

import re
from datetime import date
from itertools import groupby
from operator import attrgetter

from coaching import learning, themes
from coaching.learned import ChannelTold, Standing
from coaching.learning import Because, Next
from coaching.people import For, Person
from coaching.playbook.order import order
from coaching.playbook.reader import Playbook
from coaching.playbook.rules import Rule, Tip
from coaching.text import fold
from coaching.turn import Fact, Known, TipShown, Turn
from coaching.values import (
    Block,
    Choice,
    Command,
    Due,
    Heading,
    Item,
    Letter,
    Message,
    Note,
    Para,
    Reply,
    Said,
    Tapped,
)
from coaching.when import on


def tips(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A tip, a rule or the list of rules: whichever the message asks for."""
    match message.content:
        case Tapped() as tapped:
            return _tapped(tapped, message.who, known, playbook)
        case Command(name="tip" | "tips" | "rule" | "rules" as name, rest=rest):
            return _commanded(name, _plain(rest.reveal()), message.who, known, playbook)
        case Said(words=words) | Command(rest=words):
            return _said(_plain(words.reveal()), message.who, known, playbook)
        case _:
            return _rules("tips.list.unknown", playbook)


def letter(due: Due, known: Known, playbook: Playbook) -> tuple[Letter | None, tuple[Fact, ...]]:
    """The reminder, and what to remember of it. None: the team had its question today already."""
    schedule, label = due.schedule, playbook.wording.label
    value = str(schedule.id)
    if schedule.audience is For.TEAM:
        found = themes.question(schedule, due.occurrence, known.aired, playbook)
        if found is None:
            return None, ()
        told = ChannelTold(schedule.to, found.id, due.occurrence, schedule.id)
        return themes.posted(found, schedule, due.occurrence, playbook), (told,)
    upcoming = learning.following(known, due.occurrence)
    tip, fact = _chosen(upcoming, due.who, known, playbook)
    choices = (
        *_said_of(tip, playbook),
        Choice(label("tips.button.next"), "tips.next"),
        Choice(label("tips.button.pause"), "schedules.pause", value),
        Choice(label("tips.button.change"), "schedules.change", value),
    )
    less = known.preferences.less_words
    reply = Reply((*_shown(tip, playbook, less=less), *_why(upcoming, playbook, less=less)), choices)
    return Letter(schedule.to, tip.rule, due.occurrence, reply), (fact,)


# --------------------------------------------------------------------------- what was asked for


def _tapped(tapped: Tapped, who: Person, known: Known, playbook: Playbook) -> Turn:
    rule = playbook.rules.get(tapped.value)
    match tapped.action:
        case "tips.next" if rule is not None:
            return _next_of(rule, who, known, playbook)
        case "tips.next" if not tapped.value:
            return _next(who, known, playbook)
        case "tips.rule" if rule is not None:
            return _rule(rule, who, known, playbook)
        case "tips.rules":
            return _rules("tips.list.lead", playbook)
        case _:
            return _rules("tips.list.unknown", playbook)


def _commanded(name: str, rest: str, who: Person, known: Known, playbook: Playbook) -> Turn:
    """The commands "tip", "tip A1", "rules" and "rule A3"; a kind list when no rule has that name."""
    rule, reads = _named(rest, playbook), name in ("rule", "rules")
    if rule is not None:
        return (_rule if reads else _next_of)(rule, who, known, playbook)
    if reads:
        return _rules("tips.list.unknown" if rest else "tips.list.lead", playbook)
    if set(rest.split()) <= set(_phrases(playbook, "any")):
        return _next(who, known, playbook)
    return _rules("tips.list.unknown", playbook)


def _said(text: str, who: Person, known: Known, playbook: Playbook) -> Turn:
    """Free text: a tip (of the rule it names), the rule it names, or all of them."""
    rule, wants_tip = _named(text, playbook), _has(text, _phrases(playbook, "tip"))
    if rule is not None:
        return (_next_of if wants_tip else _rule)(rule, who, known, playbook)
    if not wants_tip and _has(text, _phrases(playbook, "rules")):
        return _rules("tips.list.lead", playbook)
    return _next(who, known, playbook)


def _named(text: str, playbook: Playbook) -> Rule | None:
    """The rule a text names: by "A1" first, then by its title or what people call it."""
    for rule in playbook.rules.values():
        if _has(text, (rule.id.lower(),)):
            return rule
    for rule in playbook.rules.values():
        if _has(text, (_plain(rule.title), *_phrases(playbook, "names", rule.id))):
            return rule
    return None


def _plain(text: str) -> str:
    """Lower-case words with single spaces; the first 300 characters say what is wanted."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text[:300]).text))


def _has(text: str, phrases: tuple[str, ...]) -> bool:
    return any(f" {phrase} " in f" {text} " for phrase in phrases)


def _phrases(playbook: Playbook, key: str, inner: str = "") -> tuple[str, ...]:
    found = playbook.tables["tips"][key]
    if isinstance(found, dict):
        found = found[inner]
    return tuple(found) if isinstance(found, list) else ()


# --------------------------------------------------------------------------- which tip


def _unshown(who: Person, known: Known, playbook: Playbook) -> tuple[Tip, TipShown]:
    """The next tip in this person's own order; from the start again when all were shown."""
    quiet = learning.muted(known)
    own = tuple(tip for tip in _own_order(who, playbook) if tip.rule not in quiet)
    fresh = [tip for tip in own if tip.id not in known.shown_tips]
    if fresh:
        return fresh[0], TipShown(fresh[0].id)
    again = next((tip for tip in own if tip.id != known.shown_tips[-1]), own[0])
    return again, TipShown(again.id, start_over=True)


def _chosen(upcoming: Next, who: Person, known: Known, playbook: Playbook) -> tuple[Tip, TipShown]:
    """A tip of the rule that is wanted most; of any where none is, or a company's playbook lacks it."""
    rule = playbook.rules.get(upcoming.rule)
    return _unshown(who, known, playbook) if rule is None else _unshown_of(rule, who, known, playbook)


def _unshown_of(rule: Rule, who: Person, known: Known, playbook: Playbook) -> tuple[Tip, TipShown]:
    """The next tip of one rule; when all of them were shown, the one shown longest ago."""
    last = {tip: when for when, tip in enumerate(known.shown_tips)}
    own = [tip for tip in _own_order(who, playbook) if tip in rule.tips]
    tip = min(own, key=lambda tip: last.get(tip.id, -1))
    return tip, TipShown(tip.id)


def _own_order(who: Person, playbook: Playbook) -> tuple[Tip, ...]:
    return order(f"{who.platform}\0{who.tenant}\0{who.user}", playbook)


# --------------------------------------------------------------------------- what is said


def _next(who: Person, known: Known, playbook: Playbook) -> Turn:
    tip, fact = _unshown(who, known, playbook)
    return _told(tip, fact, known, playbook)


def _next_of(rule: Rule, who: Person, known: Known, playbook: Playbook) -> Turn:
    tip, fact = _unshown_of(rule, who, known, playbook)
    return _told(tip, fact, known, playbook, rule.id)


def _told(tip: Tip, fact: TipShown, known: Known, playbook: Playbook, same: str = "") -> Turn:
    """One tip, and the way on: another (of the `same` rule, if one was asked for), its rule, all rules."""
    label = playbook.wording.label
    choices = (
        *_said_of(tip, playbook),
        Choice(label("tips.button.same" if same else "tips.button.next"), "tips.next", same),
        Choice(label("tips.button.about"), "tips.rule", tip.rule),
        Choice(label("tips.button.all"), "tips.rules"),
    )
    return Turn((Reply(_shown(tip, playbook, less=known.preferences.less_words), choices),), (fact,))


def _shown(tip: Tip, playbook: Playbook, *, less: bool = False) -> tuple[Block, ...]:
    """The tip and its plan; unless fewer words are wished for, with its rule and source."""
    if less:
        return Para((tip.say,)), Para((tip.plan,))
    rule, say = playbook.rules[tip.rule], playbook.wording.say
    return (
        Heading((rule.title,)),
        Para((tip.say,)),
        Para(say("tips.plan", plan=tip.plan)),
        Note(say("tips.source", id=rule.id, source=rule.source)),
    )


def _why(upcoming: Next, playbook: Playbook, *, less: bool) -> tuple[Block, ...]:
    """Why this tip today, in one line; that it is simply its turn is no news to who wants few words."""
    if upcoming.why is Because.TURN and less:
        return ()
    say = playbook.wording.say
    match upcoming:
        case Next(on=date() as day, why=Because.MISSED | Because.FADED as why):
            said = say(f"tips.why.{why.value}", day=on(day, playbook.wording))
        case Next(why=Because.PINNED, rule=rule):
            said = say("tips.why.pinned", id=rule)
        case _:
            said = say(f"tips.why.{upcoming.why.value}")
    return (Note(said),)


def _said_of(tip: Tip, playbook: Playbook) -> tuple[Choice, ...]:
    """What a person may say of a tip: it decides when its rule comes again."""
    label = playbook.wording.label
    return (
        Choice(label("tips.button.got"), "mine.got", tip.rule),
        Choice(label("tips.button.again"), "mine.again", tip.rule),
    )


def _rule(rule: Rule, who: Person, known: Known, playbook: Playbook) -> Turn:
    """One rule whole, with one of its tips."""
    tip, fact = _unshown_of(rule, who, known, playbook)
    standing = next((one.standing for one in known.learned if one.rule == rule.id), Standing.PLAIN)
    say, label = playbook.wording.say, playbook.wording.label
    blocks = (
        Heading(say("tips.rule.name", id=rule.id, title=rule.title)),
        Para((rule.idea,)),
        Para(say("tips.rule.why", why=rule.why)),
        Para(say("tips.rule.try", say=tip.say)),
        Para(say("tips.plan", plan=tip.plan)),
        Note(say("tips.rule.source", source=rule.source)),
    )
    choices = (
        Choice(label("tips.button.same"), "tips.next", rule.id),
        *learning.stands(rule.id, standing, playbook),
        Choice(label("tips.button.all"), "tips.rules"),
    )
    return Turn((Reply(blocks, choices),), (fact,))


def _rules(lead: str, playbook: Playbook) -> Turn:
    """All rules as short lines, grouped by the article they come from, each with a button to read it."""
    say, label = playbook.wording.say, playbook.wording.label
    blocks: list[Block] = [Para(say(lead))]
    for article, rules in groupby(playbook.rules.values(), key=attrgetter("article")):
        blocks.append(Heading((article,)))
        blocks += [
            Item(
                say("tips.list.line", id=rule.id, title=rule.title),
                (Choice(label("tips.button.read", id=rule.id), "tips.rule", rule.id),),
            )
            for rule in rules
        ]
    mine = Choice(label("tips.button.mine"), "mine.show")
    return Turn((Reply(tuple(blocks), (Choice(label("tips.button.any"), "tips.next"), mine)),))
