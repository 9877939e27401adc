"""ask: how to handle something. The rule that fits, a tip of it, a plan, and the way to write the reply."""

from coaching.intent import fitting
from coaching.playbook.order import order
from coaching.playbook.reader import Playbook
from coaching.playbook.rules import Rule
from coaching.sealed import Words
from coaching.turn import Known, TipShown, Turn
from coaching.values import Choice, Command, Heading, Message, Note, Para, Reply, Said, Tapped


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The rule a question is about, or the one a button names; where none fits, the one that always helps."""
    match message.content:
        case Said(words=words) | Command(rest=words):
            rule = playbook.rules[fitting(words, playbook)]
        case Tapped(value=name) if name in playbook.rules:
            rule = playbook.rules[name]
        case _:
            rule = playbook.rules[fitting(Words(""), playbook)]
    return _told(rule, message, known, playbook)


def _told(rule: Rule, message: Message, known: Known, playbook: Playbook) -> Turn:
    """A tip of the rule that was not shown yet; when all were, the one shown longest ago."""
    who, say, label = message.who, playbook.wording.say, playbook.wording.label
    last = {tip: when for when, tip in enumerate(known.shown_tips)}
    in_order = order(f"{who.platform}\0{who.tenant}\0{who.user}", playbook)
    tip = min((tip for tip in in_order if tip in rule.tips), key=lambda tip: last.get(tip.id, -1))
    brief = known.preferences.less_words
    source = () if brief else (Note(say("ask.source", id=rule.id, source=rule.source)),)
    blocks = (
        *(() if brief else (Para(say("ask.lead", known.seed)),)),
        Heading((rule.title,)),
        Para((tip.say,)),
        Para(say("ask.plan", plan=tip.plan)),
        Para(say("ask.write")),
        *source,
    )
    choices = (
        Choice(label("ask.button.write"), "review.open", style="primary"),
        Choice(label("ask.button.about"), "tips.rule", rule.id),
        Choice(label("ask.button.all"), "tips.rules"),
    )
    return Turn((Reply(blocks, choices),), (TipShown(tip.id),))
