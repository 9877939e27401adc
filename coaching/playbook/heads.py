"""Small linear models over features of a text: int8 weights in one file, with a manifest beside it."""

import json
import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources.abc import Traversable
from itertools import accumulate
from types import MappingProxyType

BITS = 15  # of a feature's number
BIT = 0.3  # what a bit counts


class HeadsError(Exception):
    """The weights are not those that their manifest names."""


@dataclass(frozen=True, slots=True, repr=False)  # a log line that names one would be a hundred pages long
class Head:
    """One model. Above zero it says yes."""

    weights: "array[int]"
    scale: float
    bias: float

    def of_text(self, features: Collection[int]) -> float:
        """What the features of a text add, a long one no more than a short one."""
        if not features:
            return 0.0
        return self.scale * sum(map(self.weights.__getitem__, features)) / math.sqrt(len(features))

    def of_bits(self, bits: Collection[int]) -> float:
        """What the bits add."""
        return self.scale * BIT * sum(map(self.weights.__getitem__, bits))

    def of_tokens(self, near: Iterable[int], ends: Iterable[int]) -> Iterator[float]:
        """How much each token belongs to what is looked for: all features in a row, and where each ends."""
        sums = list(accumulate(map(self.weights.__getitem__, near), initial=0))
        start = 0
        for end in ends:
            yield self.scale * (sums[end] - start) + self.bias
            start = sums[end]


@dataclass(frozen=True, slots=True)
class Heads:
    """All models, by name; `bits` says where the weights of each bit stand."""

    heads: Mapping[str, Head]
    bits: Mapping[str, int]
    tuned: Mapping[str, float]  # numbers that were chosen on the tuning part

    def places(self, bits: Collection[str]) -> list[int]:
        """Where the weights of these bits stand; one that no training text had says nothing."""
        return [self.bits[name] for name in bits if name in self.bits]

    def score(
        self, name: str, reply: Collection[int], customer: Collection[int], bits: Collection[int]
    ) -> float:
        """What a model says of a reply to a customer."""
        head = self.heads[name]
        return head.of_text(reply) + head.of_text(customer) + head.of_bits(bits) + head.bias


def share(score: float) -> float:
    """A score as a share, from 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def read_heads(folder: Traversable, named: str = "manifest.json", held: str = "weights.bin") -> Heads:
    """The models in a folder. Raises HeadsError where the weights are not the manifest's."""
    manifest = json.loads((folder / named).read_text(encoding="utf-8"))
    weights = (folder / held).read_bytes()
    if sha256(weights).hexdigest() != manifest["sha256"]:
        raise HeadsError(f"{held} is not the file that {named} names: install Breather again")
    names: list[str] = manifest["bits"]
    size = (1 << BITS) + len(names)
    heads = {}
    for index, (name, row) in enumerate(manifest["heads"].items()):
        own = array("b", weights[index * size : (index + 1) * size])
        heads[name] = Head(own, row["scale"], row["bias"])
    bits = {name: (1 << BITS) + place for place, name in enumerate(names)}
    return Heads(MappingProxyType(heads), MappingProxyType(bits), MappingProxyType(manifest["tuned"]))


NONE = Heads({}, {}, {})  # for a playbook with faults
