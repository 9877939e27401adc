"""Names in place of Teams' ids in what the coach says: asked for at that moment, kept nowhere, no ping."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from adapters.teams.parts import Json, text
from adapters.teams.references import Reference, References
from coaching.people import Person, Place, Room
from coaching.picture import Picture
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.values import Block, Form, Points, Reply, Text

SECONDS = 1.5  # for all of them: a dialog must stand within four
MOST = 8  # asked for at once; whatever is beyond is said in words
_LONGEST = 80
_ID = re.compile(
    r"(?P<person>@(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:[\w-]{10,200})(?![\w-]))"
    r"|(?P<channel>#19:[\w.-]{1,150}@[a-z0-9]{1,20}(?:\.[a-z0-9]{1,20}){0,4})",
    re.IGNORECASE,
)
_LOG = logging.getLogger(__name__)

Named: TypeAlias = Mapping[str, str | Words]


class Directory(Protocol):
    """Knows what people and channels are called. Every method raises ConnectorError."""

    async def member(self, to: Reference, member_id: str) -> Json:
        """A member of a conversation."""
        ...

    async def channels(self, to: Reference) -> tuple[Json, ...]:
        """The channels of the team a channel belongs to."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """Who reads it, and where: empty where several people do, and where it is no channel."""

    reference: Reference
    reader: str = ""
    here: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Puts names into replies. Where Teams does not tell one, plain words stand in for it."""

    directory: Directory
    references: References
    wording: Wording

    async def put(self, said: tuple[Reply, ...], scene: Scene) -> tuple[Reply, ...]:
        """These replies with names."""
        named = await self._named(list(ids(block for reply in said for block in reply.blocks)), scene)
        return tuple(replace(one, blocks=_with(one.blocks, named)) for one in said) if named else said

    async def put_form(self, form: Form, scene: Scene) -> Form:
        """The same for a form."""
        named = await self._named(list(ids(form.blocks)), scene)
        return replace(form, blocks=_with(form.blocks, named)) if named else form

    async def _named(self, found: list[str], scene: Scene) -> Named:
        """A name for each id, or words for it; everything is asked for at the same time."""
        if not found:
            return {}
        named: dict[str, str | Words] = {one: stand_in(one, self.wording) for one in found}
        try:
            async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
                for one in list(named)[:MOST]:
                    group.create_task(self._ask(one, scene, named))
        except TimeoutError:
            _LOG.info("names: out of time")
        return named

    async def _ask(self, one: str, scene: Scene, named: dict[str, str | Words]) -> None:
        try:
            name = await (self._person if one.startswith("@") else self._channel)(one[1:], scene)
        except Exception as error:  # noqa: BLE001 - Teams or storage: what is said matters more than a name
            _LOG.info("a name was not told: %s", type(error).__name__)
            return
        if name:
            named[one] = name

    async def _person(self, user: str, scene: Scene) -> str | Words:
        if user == scene.reader:
            return self.wording.label("teams.you")
        if scene.reference.kind == "personal":
            return ""  # nobody else is in there
        there = scene.reference
        team = replace(there, conversation_id=there.team_id or there.conversation_id)
        chat = await self.references.find(Person("teams", there.tenant, user))
        number = chat.user_id if chat is not None else ""  # Teams' own id, else the directory's
        return _name(text(await self.directory.member(team, number or user), "name"))

    async def _channel(self, number: str, scene: Scene) -> str | Words:
        if number == scene.here:
            return self.wording.label("teams.here")
        tenant = scene.reference.tenant
        known = await self.references.find(Place("teams", tenant, number, Room.CHANNEL))
        if known is None or not known.team_id:
            return ""
        for each in await self.directory.channels(known):
            if text(each, "id") == number:
                # Teams gives the first channel of a team no name: every client has its own word for it.
                return _name(text(each, "name")) or self.wording.label("teams.general")
        return ""


def ids(blocks: Iterable[Block]) -> Iterable[str]:
    """The ids of people ("@...") and channels ("#...") in the coach's own sentences."""
    for block in blocks:
        for line in block.items if isinstance(block, Points) else (block.text,):
            for piece in line:
                if not isinstance(piece, Words):
                    yield from (match.group() for match in _ID.finditer(piece))


def stand_in(one: str, wording: Wording) -> str:
    """Words for an id whose name is not known."""
    return wording.label("teams.somebody" if one.startswith("@") else "teams.channel")


def worded(line: Text, wording: Wording) -> Text:
    """A text in which no id is left."""
    return _exchanged(line, lambda one: stand_in(one, wording))


def _with(blocks: tuple[Block, ...], named: Named) -> tuple[Block, ...]:
    return tuple(_renamed(block, named.__getitem__) for block in blocks)


def _renamed(block: Block, name: Callable[[str], str | Words]) -> Block:
    if isinstance(block, Points):
        return replace(block, items=tuple(_exchanged(item, name) for item in block.items))
    if isinstance(block, Picture):
        return block
    return replace(block, text=_exchanged(block.text, name))


def _exchanged(line: Text, name: Callable[[str], str | Words]) -> Text:
    """What people wrote stays, whatever it looks like."""
    made: list[str | Words] = []
    for piece in line:
        if isinstance(piece, Words):
            made.append(piece)
            continue
        at = 0
        for match in _ID.finditer(piece):
            made += [piece[at : match.start()], name(match.group())]
            at = match.end()
        made.append(piece[at:])
    return tuple(made)


def _name(told: str) -> str | Words:
    """A name as somebody gave it to themselves or to a channel: shown literally, whatever is in it."""
    name = " ".join(told.split())[:_LONGEST]
    return Words(name) if name else ""
