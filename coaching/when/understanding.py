"""What a message wishes for reminders: its likeliest reading, or a question back where that is unsure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import exp

from coaching.people import Zone
from coaching.sealed import Words
from coaching.when.clauses import taken, taken_for
from coaching.when.lexicon import lexicon
from coaching.when.mentions import around
from coaching.when.readings import ACTS, WHOLE, Learned, comes_to, learned, likely, without
from coaching.when.scanning import scan
from coaching.when.wishes import Act, When, Why, Wish

_Wishes = tuple[Wish, ...]
_KEPT = 0.2  # the share with which the whole sentence is followed where no other reading is sure


def heard(words: Words, now: datetime, zone: Zone) -> _Wishes:
    """The same as `understood`, of what somebody wrote to the coach."""
    return understood(words.reveal(), now, zone)


def understood(text: str, now: datetime, zone: Zone) -> _Wishes:
    """All that is wished for, in order; empty where nothing is about reminders.

    `now` is the clock on the person's wall, without a zone. What is missing, impossible or could be two
    things becomes one question (Act.CLARIFY); nothing is guessed.
    """
    return weighed(text, now, zone, learned())


def weighed(text: str, now: datetime, zone: Zone, model: Learned) -> _Wishes:
    """The same by this model."""
    sentence = scan(text, now, lexicon(), zone)
    sees = around(sentence)
    ways = likely(sees, model)
    made = [(held, taken(without(sentence, sees, way), zone)) for way, held in ways.items()]
    if len(made) == 1 and _plain(made[0][1]):
        return made[0][1]
    for way in dict.fromkeys((WHOLE, max(ways, key=lambda way: ways[way]))):
        made += [
            (ways[way] + model.of([f"for {act}"]), taken_for(act, without(sentence, sees, way), zone))
            for act in ACTS
        ]
    tells = {one: model.of(comes_to(one, sees.words)) for one in dict.fromkeys(one for _, one in made)}
    return _chosen([(held + tells[one], one) for held, one in made], model.sure)


def _chosen(made: Sequence[tuple[float, _Wishes]], sure: float) -> _Wishes:
    """The likeliest, if that is sure; the first is the one that leaves nothing out."""
    highest = max(score for score, _ in made)
    plain = {wishes: _plain(wishes) for _, wishes in made}
    shares: dict[_Wishes, float] = {}
    for score, wishes in made:
        shares[plain[wishes]] = shares.get(plain[wishes], 0.0) + exp(score - highest)
    best = max(shares, key=lambda key: shares[key])
    if best and shares[best] >= sure * sum(shares.values()):
        return max((one for one in made if plain[one[1]] == best), key=lambda one: one[0])[1]
    first = made[0][1]
    if not plain[first] or shares[plain[first]] >= _KEPT * sum(shares.values()):
        return first
    return (replace(first[0], act=Act.CLARIFY, why=Why.UNCLEAR, proposals=first),)


def _plain(wishes: _Wishes) -> _Wishes:
    """What would be done; nothing where it is asked."""
    if any(wish.act is Act.CLARIFY for wish in wishes):
        return ()
    return tuple(replace(wish, target=None, which=When()) for wish in wishes)
