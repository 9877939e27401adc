"""Small linear models over features of a text: int8 weights in one file, with a manifest beside it."""

import json
import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources.abc import Traversable
from itertools import accumulate, pairwise
from sys import byteorder
from types import MappingProxyType

BITS = 15  # of a feature's number
BIT = 0.3  # what a bit counts
_LANE = 4  # bytes in which no sum of weights can run over
_ABOVE = 128  # makes a weight of 8 bits a number from zero on
_UNSIGNED = bytes((byte + _ABOVE) % 256 for byte in range(256))


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


@dataclass(slots=True, unsafe_hash=True, repr=False)  # in a log line it would be a hundred pages long
class Heads:
    """All models, by name; `bits` says where the weights of each bit stand.

    What all of them say of a text is found in one go: for each feature the weights of all models stand side
    by side in one whole number, and a sum of such numbers is all their sums.
    """

    heads: Mapping[str, Head]
    bits: Mapping[str, int]
    tuned: Mapping[str, float]  # numbers that were chosen on the tuning part
    _rows: list[int] = field(default_factory=list, init=False, repr=False, compare=False)  # when first needed

    def places(self, bits: Collection[str]) -> list[int]:
        """Where the weights of these bits stand; one that no training text had says nothing."""
        return [self.bits[name] for name in bits if name in self.bits]

    def says(
        self,
        names: Collection[str],
        reply: Collection[int],
        customer: Collection[int] = (),
        bits: Collection[int] = (),
    ) -> Mapping[str, float]:
        """What these models say of a reply to a customer."""
        texts = [(1 / math.sqrt(max(1, len(one))), self._sums(one)) for one in (reply, customer)]
        flags = self._sums(bits)
        return {
            name: head.scale * (sum(share * sums[at] for share, sums in texts) + BIT * flags[at]) + head.bias
            for at, (name, head) in enumerate(self.heads.items())
            if name in names
        }

    def tokens(
        self, names: Collection[str], near: Sequence[int], ends: Sequence[int]
    ) -> Mapping[str, Sequence[float]]:
        """How much each token belongs to what these models look for.

        `near` are the features of all tokens in a row, `ends` where those of each end.
        """
        sums = list(accumulate(self._of(near), initial=0))
        starts = (0, *ends)
        each = b"".join(self._bytes(sums[end] - sums[start]) for start, end in pairwise(starts))
        lanes, many = memoryview(each).cast("I"), len(self.heads)
        above = [_ABOVE * (end - start) for start, end in pairwise(starts)]
        return {
            name: _scaled(head, lanes[at::many], above)
            for at, (name, head) in enumerate(self.heads.items())
            if name in names
        }

    def _sums(self, features: Collection[int]) -> Sequence[int]:
        """The sum of each model's weights of these features."""
        lanes = memoryview(self._bytes(sum(self._of(features)))).cast("I")
        return [lane - _ABOVE * len(features) for lane in lanes]

    def _bytes(self, row: int) -> bytes:
        return row.to_bytes(_LANE * len(self.heads), byteorder)

    def _of(self, features: Iterable[int]) -> Iterator[int]:
        """For each feature the weights of all models, each above zero and in a lane of its own."""
        self._rows = self._rows or self._side_by_side()
        return map(self._rows.__getitem__, features)

    def _side_by_side(self) -> list[int]:
        every = [head.weights.tobytes().translate(_UNSIGNED) for head in self.heads.values()]
        rows = bytearray(_LANE * sum(map(len, every)))
        lowest = 0 if byteorder == "little" else _LANE - 1
        for at, weights in enumerate(every):
            rows[_LANE * at + lowest :: _LANE * len(every)] = weights
        wide, view = _LANE * len(every), memoryview(rows)
        return [int.from_bytes(view[at : at + wide], byteorder) for at in range(0, len(rows), wide or 1)]


def _scaled(head: Head, lanes: Iterable[int], above: Iterable[int]) -> list[float]:
    scale, bias = head.scale, head.bias
    return [scale * (lane - much) + bias for lane, much in zip(lanes, above, strict=True)]


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
