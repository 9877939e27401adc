"""In which order tips come: each person has an own, spread over the rules, always the same."""

import hashlib

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import Tip


def order(seed: str, playbook: Playbook) -> tuple[Tip, ...]:
    """All tips in an order of this seed's own, spread so that neighbours come from different rules."""
    placed = [
        ((place / len(rule.tips), _chance(seed, rule.id)), tip)
        for rule in playbook.rules.values()
        for place, tip in enumerate(sorted(rule.tips, key=lambda tip: _chance(seed, tip.id)))
    ]
    return tuple(tip for _, tip in sorted(placed, key=lambda pair: pair[0]))


def _chance(seed: str, name: str) -> bytes:
    return hashlib.blake2b(f"{seed}\0{name}".encode("utf-8", "replace"), digest_size=8).digest()
