"""What a person does with the canary: the vent's ways, what is typed beside it, and an ordinary form."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Protocol


class LostError(Exception):
    """The open form has no such field or button, so the text would go nowhere and prove nothing."""


class Player(Protocol):
    """One person on one platform, with a form open."""

    channel: str  # of a team, as this platform names it

    async def open(self, command: str) -> None:
        """Open a form by its command."""
        ...

    async def command(self, line: str) -> None:
        """Something behind the command."""
        ...

    async def say(self, text: str) -> None:
        """Type into the chat."""
        ...

    async def post(self, text: str) -> None:
        """The same, without waiting until it was handled."""
        ...

    async def hand(self, text: str) -> None:
        """A colleague's message: "A customer said this"."""
        ...

    async def fill(self, **values: str) -> None:
        """Fill in the open form and send it. Raises LostError."""
        ...

    async def tap(self, action: str, **values: str) -> None:
        """Tap a button of the open form; what is typed by then travels along. Raises LostError."""
        ...


Way = Callable[[Player, str], Awaitable[None]]


async def standard(player: Player, text: str) -> None:
    """The whole way, with the text in the box."""
    await player.open("vent")
    await player.fill(box=text)
    await player.tap("vent.chip")
    await player.fill()


async def express(player: Player, text: str) -> None:
    """The text is in the box, and "Just breathe" is tapped: what was typed travels along, unread."""
    await player.open("vent")
    await player.tap("vent.breathe", box=text)


async def danger(player: Player, text: str) -> None:
    """The safety check hears something; its card quotes nothing."""
    await player.open("vent")
    await player.fill(box=f"I want to kill myself. {text}")


async def typed(player: Player, text: str) -> None:
    """Into the chat, and behind the command: answered as no private place, and kept nowhere."""
    await player.say(f"I am so angry, {text}")
    await player.say(text)
    await player.command(f"vent {text}")


async def crossed(player: Player, text: str) -> None:
    """A note for a colleague is written by hand in the vent, and looked at."""
    await player.open("vent")
    await player.fill(box=f"he said he will come to my house and hurt me {text}")


async def ordinary(player: Player, text: str) -> None:
    """A form like any other, for comparing: a draft is looked at."""
    await player.open("review")
    await player.fill(draft=text)


async def _danger_drafted(player: Player, text: str) -> None:
    """In the reply that is to be looked at."""
    await player.open("review")
    await player.fill(draft=f"Calm down. I want to kill myself. {text}")


async def _danger_received(player: Player, text: str) -> None:
    """In what the customer wrote."""
    await player.open("review")
    await player.fill(draft=f"Calm down. It is late. {text}", customer=f"I want to kill myself. {text}")


async def _danger_behind(player: Player, text: str) -> None:
    """Behind the command, as some type a draft."""
    await player.command(f"review Calm down, I want to kill myself. {' '.join(text.split())}")


async def _danger_said(player: Player, text: str) -> None:
    """In the chat, with a reply that could be looked at."""
    await player.say(f"Can you check my reply: Calm down. I want to kill myself. {' '.join(text.split())}")


DANGERS: Mapping[str, Way] = MappingProxyType(
    {
        "drafted": _danger_drafted,
        "received": _danger_received,
        "behind": _danger_behind,
        "said": _danger_said,
    }
)
WAYS: Mapping[str, Way] = MappingProxyType(
    {"standard": standard, "express": express, "danger": danger, "abuse": crossed, "typed": typed}
)
