"""One run for the proof: the coach in its process, its other ends, a person on each platform, one folder."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import assembly
from bot.proof import slack
from bot.proof.callers import Caller
from bot.proof.canary import Search
from bot.proof.peers import Peer, model_answer, slack_answer
from bot.proof.plays import Player
from bot.proof.process import Process
from bot.proof.web import WebPlayer

HOUSE = "bot.proof.house"
MODEL = "the model"


@dataclass(slots=True, eq=False)
class Stage:
    """Everything that runs, and everything that was seen."""

    process: Process
    peers: Mapping[str, Peer]
    callers: list[Caller] = field(default_factory=list)
    players: dict[str, Player] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where everything the coach writes lands."""
        return self.process.folder

    def caller(self) -> Caller:
        """A line to the coach, whose answers are searched too."""
        made = Caller(self.process.url)
        self.callers.append(made)
        return made

    async def metrics(self) -> bytes:
        """The page of figures."""
        return (await self.caller().call("/metrics")).body

    def found(self, search: Search, but: tuple[str, ...] = ()) -> list[str]:
        """The places that hold the text in any shape, each once."""
        places = [f"file {p.relative_to(self.folder)}" for p in self._files(but) if search.within_file(p)]
        for name, peer in self.peers.items():
            if search.within(b"\n".join(asked.raw for asked in peer.asked)):
                places.append(f"calls to {name}")
        if search.within(b"\n".join(got.body for caller in self.callers for got in caller.got)):
            places.append("answers")
        if search.within(b"".join(self.process.printed)):
            places.append("printed")
        return places

    def _files(self, but: tuple[str, ...]) -> list[Path]:
        return [p for p in sorted(self.folder.rglob("*")) if p.is_file() and p.name not in but]


@asynccontextmanager
async def staged(
    folder: Path, database_url: str, *, traced: bool = False, module: str = HOUSE
) -> AsyncIterator[Stage]:
    """A run on this database, which has its tables already; everything else goes into the folder."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    peers = {"Slack": Peer(slack_answer), MODEL: Peer(model_answer)}
    signer = None
    if assembly.teams_installed():
        from bot.proof import teams  # noqa: PLC0415 - only where Teams can run at all

        signer = teams.microsoft()
        peers["Teams"] = Peer(signer.answer)
    for peer in peers.values():
        await peer.start()
    process = Process(folder, environment(database_url, peers), traced=traced, module=module)
    stage = Stage(process, peers)
    try:
        await process.start()
        stage.players["playground"] = WebPlayer(stage.caller())
        stage.players["Slack"] = slack.SlackPlayer(stage.caller(), peers["Slack"])
        if signer is not None:
            stage.players["Teams"] = teams.TeamsPlayer(  # pyrefly: ignore
                stage.caller(), peers["Teams"], signer, process.settle
            )
        yield stage
    finally:
        await process.stop()
        for peer in peers.values():
            await peer.stop()


def environment(database_url: str, peers: Mapping[str, Peer]) -> dict[str, str]:
    """What the coach is told: its database and its other ends on this machine, a model's among them."""
    told = {
        "DATABASE_URL": database_url,
        "BREATHER_CONTACTS": "the proof",
        "SLACK_BOT_TOKEN": "xoxb-proof",
        "SLACK_SIGNING_SECRET": slack.SIGNING_SECRET,
        "SLACK_API_URL": f"{peers['Slack'].url}/api/",
        "BREATHER_LLM": "on",
        "BREATHER_LLM_MODEL": "the-proofs-own",
        "OPENAI_BASE_URL": f"{peers[MODEL].url}/v1",
        "OPENAI_API_KEY": "the-proofs-own",
    }
    if "Teams" in peers:
        from bot.proof import teams  # noqa: PLC0415 - only where Teams can run at all

        told |= teams.environment(peers["Teams"])
    return told
