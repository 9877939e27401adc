"""What is kept on a yes: a customer's remark, a promise. In its own place alone, and nowhere after a no."""

import secrets
from dataclasses import dataclass, field

from bot.proof.alike import Rows
from bot.proof.canary import Search, search_for
from bot.proof.plays import Player
from bot.proof.stage import MODEL, Stage

_SCREEN = ("answers", "calls to Slack", "calls to Teams")  # the person sees what they are asked about
_DATABASE = "file breather.sqlite3"
_WHEN = {"day": "2036-03-05", "time": "15:00", "zone": "Europe/Berlin"}


def _word() -> str:
    """A word nobody else wrote."""
    return f"kestrel{secrets.token_hex(6).translate(str.maketrans('0123456789', 'ghjklmnpqr'))}"


@dataclass(frozen=True, slots=True)
class Noting:
    """A word for everything that is offered to be kept, and what became of it."""

    handed: str = field(default_factory=_word, repr=False)  # by the shortcut, and closed
    answered: str = field(default_factory=_word, repr=False)  # only an answer was wanted
    drafted: str = field(default_factory=_word, repr=False)  # a promise in a draft, offered
    typed: str = field(default_factory=_word, repr=False)  # typed into its form, without a time, and closed
    remark: str = field(default_factory=_word, repr=False)  # kept
    promise: str = field(default_factory=_word, repr=False)  # kept

    async def play(self, player: Player) -> None:
        """No in every way, then yes to both."""
        await player.hand(f"the {self.handed} button keeps crashing")
        await player.open(f"heard the {self.answered} button keeps crashing")
        await player.tap("remarks.answer", customer=f"the {self.answered} button")
        await player.open(f"heard the {self.remark} button keeps crashing")
        await player.fill(customer=f"the {self.remark} button keeps crashing", channel=player.channel)
        await player.open("review")
        await player.fill(draft=f"I will send you the {self.drafted} tomorrow at 3 pm.")
        await player.tap("promises.open")
        await player.fill(what=f"send the {self.typed}", day="2001-01-01", time="15:00", zone="Europe/Berlin")
        await player.fill(what=f"send the {self.promise}", **_WHEN)

    def found(self, stage: Stage, before: Rows, rows: Rows) -> list[str]:
        """Where any of it is and should not be; what was not asked about or not kept, and proves nothing."""
        refused = search_for(self.handed) | search_for(self.answered) | search_for(self.typed)
        drafted, promise, remark = (search_for(word) for word in (self.drafted, self.promise, self.remark))
        wrong = [f"{place} (after no)" for place in _places(stage, rows, refused)]
        own = (f"calls to {MODEL}",)  # which looks at drafts
        wrong += [f"{place} (after no)" for place in _places(stage, rows, drafted, own)]
        wrong += [f"{place} (a promise, unsealed)" for place in _places(stage, rows, promise)]
        wrong += [
            f"{place} (a remark)" for place in _places(stage, rows, remark, ("table remark", _DATABASE))
        ]
        asked = all(
            _on_screen(stage, search_for(word)) for word in (self.handed, self.answered, self.drafted)
        )
        wrong += [] if asked else ["no place, as nothing was asked about"]
        wrong += [] if remark.within(b"\n".join(rows["remark"])) else ["no place, as no remark was kept"]
        promised = len(rows["promise"]) > len(before["promise"])
        return wrong if promised else [*wrong, "no place, as no promise was kept"]


def _on_screen(stage: Stage, search: Search) -> bool:
    return any(place.startswith(_SCREEN) for place in stage.found(search))


def _places(stage: Stage, rows: Rows, search: Search, more: tuple[str, ...] = ()) -> list[str]:
    """Where it is, but on the person's own screen and where it may be."""
    there = stage.found(search)
    there += [f"table {name}" for name, held in rows.items() if search.within(b"\n".join(held))]
    return sorted({place for place in there if not place.startswith((*_SCREEN, *more))})
