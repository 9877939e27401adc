"""A playbook whose models only just call something met, whatever they have learnt."""

from dataclasses import replace

from coaching.review import engine, fusion
from coaching.review.look import look
from coaching.review.verdicts import Outcome

DOUBTED = "I understand. Delivery takes 10 working days, as per our policy."


def doubting(playbook, customer, *names):
    """Of what is not missed in this draft, these criteria nearly are and no other is."""
    seen, heads = look(DOUBTED, customer, playbook), playbook.heads
    said = fusion.scores(seen, fusion.stretches(seen, heads), heads).missed
    missed = engine.review(DOUBTED, customer, playbook).verdicts
    tuned = {
        f"{name} missed": said[name] + (0.2 if name in names else 9.0)
        for name in said
        if name in names or missed[name].outcome is not Outcome.MISSED
    }
    return replace(playbook, heads=replace(heads, tuned={**heads.tuned, **tuned}))
