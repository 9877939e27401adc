"""The rules a person misses: a page for them alone, pinned and muted rules, and what they say of a tip."""

from dataclasses import replace
from datetime import date, timedelta

from coaching import learning
from coaching.learned import Grade, Graded, RuleStands, Standing, Unlearned, Week
from coaching.picture import Bar, Picture, Strip
from coaching.playbook.reader import Playbook
from coaching.turn import Known, PreferencesSet, Turn
from coaching.values import Block, Choice, Heading, Item, Message, Note, Para, Reply, Tapped

_SAID = {"mine.got": Grade.GOT_IT, "mine.again": Grade.AGAIN}
_STANDS = {"mine.pin": Standing.PINNED, "mine.mute": Standing.MUTED, "mine.plain": Standing.PLAIN}


def mine(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The page; or what was tapped on it, or under a tip."""
    match message.content:
        case Tapped(action=action, value=rule) if action in _SAID and rule in playbook.rules:
            return _heard(rule, _SAID[action], playbook)
        case Tapped(action=action, value=rule) if action in _STANDS and rule in playbook.rules:
            return _stands(rule, _STANDS[action], known, playbook)
        case Tapped(action="mine.learn" | "mine.yes" | "mine.stop" | "mine.forget" as action):
            return _agreed(action, known, playbook)
        case _:
            return Turn((_page(message, known, playbook),))


def _agreed(action: str, known: Known, playbook: Playbook) -> Turn:
    """Whether anything is noted: explained first, then as they say."""
    say, label, now = playbook.wording.say, playbook.wording.label, known.preferences
    show, stop = Choice(label("mine.show"), "mine.show"), Choice(label("mine.stop"), "mine.stop")
    match action:
        case "mine.learn":
            yes = Choice(label("mine.yes"), "mine.yes", style="primary")
            blocks = (Heading(say("mine.title")), Para(say("mine.ask.what")), Note(say("mine.ask.keeps")))
            return Turn((Reply(blocks, (yes, show)),))
        case "mine.yes":
            fact = PreferencesSet(replace(now, learns=True))
            return Turn((Reply((Para(say("mine.ask.on")),), (show, stop)),), (fact,))
        case "mine.stop":
            fact = PreferencesSet(replace(now, learns=False))
            forget = Choice(label("mine.forget"), "mine.forget")
            return Turn((Reply((Para(say("mine.ask.off")),), (show, forget)),), (fact,))
    off = (PreferencesSet(replace(now, learns=False)),) if now.learns else ()
    return Turn((Reply((Para(say("mine.ask.gone")),), (show,)),), (Unlearned(), *off))


def _heard(rule: str, grade: Grade, playbook: Playbook) -> Turn:
    """What they say of a tip decides when its rule comes again."""
    say, label = playbook.wording.say, playbook.wording.label
    said = say("mine.done.got", id=rule) if grade is Grade.GOT_IT else say("mine.done.again")
    choices = (Choice(label("mine.tip"), "tips.next"), Choice(label("mine.show"), "mine.show"))
    return Turn((Reply((Para(said), Note(say("mine.done.keeps"))), choices),), (Graded(rule, grade),))


def _stands(rule: str, standing: Standing, known: Known, playbook: Playbook) -> Turn:
    """Pinned, muted or as before. One rule keeps its tips."""
    say, show = playbook.wording.say, Choice(playbook.wording.label("mine.show"), "mine.show")
    left = playbook.rules.keys() - learning.muted(known) - {rule}
    if standing is Standing.MUTED and not left:
        return Turn((Reply((Para(say("mine.done.last")),), (show,)),))
    said = Para(say(f"mine.done.{standing.value}", id=rule))
    return Turn((Reply((said,), (show,)),), (RuleStands(rule, standing),))


def _page(message: Message, known: Known, playbook: Playbook) -> Reply:
    """What is noted, as a small picture, and those rules with what can be done about each."""
    say, label, on = playbook.wording.say, playbook.wording.label, known.preferences.learns
    picture = _picture(known.weeks, message.at.date(), playbook)
    empty = (Note(say("mine.page.empty")),) if on and not picture else ()
    stands = {one.rule: one.standing for one in known.learned}
    there = stands.keys() | {week.rule for week in known.weeks}  # the others are not worth ten lines
    blocks: tuple[Block, ...] = (
        Heading(say("mine.title")),
        Para(say("mine.page.on" if on else "mine.page.off")),
        *picture,
        *empty,
        *(
            _line(rule, stands.get(rule, Standing.PLAIN), playbook)
            for rule in playbook.rules
            if rule in there
        ),
    )
    choices = (
        *(() if on else (Choice(label("mine.learn"), "mine.learn", style="primary"),)),
        Choice(label("mine.tip"), "tips.next"),
        Choice(label("mine.all"), "tips.rules"),
        *((Choice(label("mine.stop"), "mine.stop"),) if on else ()),
        *((Choice(label("mine.forget"), "mine.forget"),) if there else ()),
    )
    return Reply(blocks, choices)


def _line(rule: str, standing: Standing, playbook: Playbook) -> Item:
    key = "line" if standing is Standing.PLAIN else standing.value
    said = playbook.wording.say(f"mine.page.{key}", id=rule, title=playbook.rules[rule].title)
    return Item(said, learning.stands(rule, standing, playbook))


def _picture(weeks: tuple[Week, ...], today: date, playbook: Playbook) -> tuple[Block, ...]:
    """The last quarter, a row for each rule of which anything is noted."""
    this = learning.monday(today)
    mondays = [this - timedelta(weeks=ago) for ago in reversed(range(learning.WEEKS))]
    counted = {(week.rule, week.monday): Bar(week.met, week.missed) for week in weeks}
    rows = (Strip(rule, tuple(counted.get((rule, m), Bar()) for m in mondays)) for rule in playbook.rules)
    strips = tuple(row for row in rows if any(bar.full + bar.open for bar in row.bars))
    if not strips:
        return ()
    says = playbook.wording.label("mine.page.picture", weeks=learning.WEEKS)
    return Picture(strips, says), Note((says,))
