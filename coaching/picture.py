"""A small picture of counts over time, as values: an adapter draws it where the platform shows pictures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time: how many of both kinds it had; neither where nothing was counted."""

    full: int = 0
    open: int = 0

    @property
    def share(self) -> float:
        """How much of it is full, from 0 to 1; 0 where there is nothing."""
        return self.full / (self.full + self.open) if self.full + self.open else 0.0

    @property
    def sign(self) -> str:
        """The same as one sign of text."""
        if not self.full + self.open:
            return "·"
        return "●" if not self.open else "◐" if self.full else "○"


@dataclass(frozen=True, slots=True)
class Strip:
    """One row: its name, and its bars from the oldest to the newest."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows, and what is said to whoever cannot see them. Nothing in it is anybody's words."""

    strips: tuple[Strip, ...]
    says: str

    @property
    def text(self) -> tuple[str, ...]:
        """The picture as lines of signs, where no picture can be shown."""
        rows = (f"{strip.label} {''.join(bar.sign for bar in strip.bars)}" for strip in self.strips)
        return ("\n".join(rows),)
