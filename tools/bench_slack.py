"""Prints what a signed /coach request costs: CPU of the server per request, and p50 at one request at a time.

python -m tools.bench_slack [--rounds 7] [--requests 300]

Three servers run side by side on this machine and take turns, so that a busy machine slows all of them:
`floor` is raw ASGI with the signature check and the parsing alone, `adapter` is the whole Slack adapter with
a coach that answers one line, `product` is Breather with its skills and SQLite. Trust the ratios.
"""

import argparse
import asyncio
import hashlib
import hmac
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn

from adapters.slack.app import build_slack
from adapters.slack.gate import PATH, Receive, Scope, Send
from adapters.slack.settings import SlackSettings
from bot import assembly
from bot.settings import read_settings
from bot.web import open_socket
from coaching.values import Para, Reply
from storage.db import open_database
from storage.migrate import migrate

SECRET = "a secret for measuring"
KINDS = ("floor", "adapter", "product")
SETTINGS = SlackSettings("xoxb-none", (SECRET,), api_url="http://127.0.0.1:9/api/")


# --------------------------------------------------------------------------- the servers


async def floor(scope: Scope, receive: Receive, send: Send) -> None:
    """As little as a Slack endpoint can do: read, verify, parse, answer."""
    body = (await receive())["body"]
    headers = dict(scope["headers"])
    signed = b"v0:" + headers[b"x-slack-request-timestamp"] + b":" + body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    good = hmac.compare_digest(b"v0=" + mac.encode(), headers[b"x-slack-signature"])
    answer = json.dumps({"text": dict(parse_qsl(body.decode()))["text"]}).encode()
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200 if good else 401, "headers": [length]})
    await send({"type": "http.response.body", "body": answer})


@dataclass(frozen=True)
class OneLine:
    """A coach that says one line, with the real playbook behind it for the adapter's own words."""

    playbook: Any

    async def hear(self, _: object) -> tuple[Reply, ...]:
        """One line, whatever was said."""
        return (Reply((Para(("Take a breath.",)),)),)


async def serve(kind: str, folder: str) -> None:
    """One server, with what it needs around it."""
    if kind == "floor":
        await listen(floor)
        return
    url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    migrate(url)
    house = assembly.build_house(read_settings({"DATABASE_URL": url}), open_database(url))
    coach: Any = OneLine(house.coach.playbook) if kind == "adapter" else house.coach
    slack = build_slack(coach, SETTINGS, assembly.now)
    await slack.start()
    await listen(slack.asgi)
    await slack.stop()
    await house.database.close()


async def listen(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
    """Serve until the input ends; each line of it is answered with the CPU time so far."""
    listener = open_socket("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=600)
    running = uvicorn.Server(config)
    print(listener.getsockname()[1], flush=True)

    def answer() -> None:
        for _ in sys.stdin:
            print(time.process_time(), flush=True)
        running.should_exit = True

    threading.Thread(target=answer, daemon=True).start()
    await running.serve(sockets=[listener])


# --------------------------------------------------------------------------- the client


@dataclass
class Server:
    """One server in a process of its own, and a connection to it."""

    process: subprocess.Popen[str]
    line: http.client.HTTPConnection
    sent: int = 0

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("cpu\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def ask(self) -> float:
        """One signed /coach help; the seconds until its answer was there."""
        self.sent += 1
        fields = {"command": "/coach", "text": "help", "user_id": "U01BENCH", "team_id": "T01BENCH"}
        fields |= {
            "channel_id": "D01BENCH",
            "trigger_id": str(self.sent),
            "response_url": "http://127.0.0.1:9/",
        }
        body, stamp = urlencode(fields).encode(), str(int(time.time()))
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.line.request("POST", PATH, body, headers)
        answer = self.line.getresponse()
        held = answer.read()
        spent = time.perf_counter() - start
        if answer.status != 200 or not held:
            raise SystemExit(f"the server answered {answer.status}")
        return spent


def started(kind: str, folder: str) -> Server:
    """A server that is warm."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.bench_slack", "--serve", kind, "--folder", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    made = Server(process, http.client.HTTPConnection("127.0.0.1", port))
    for _ in range(50):
        made.ask()
    return made


def measure(rounds: int, requests: int) -> dict[str, list[tuple[float, float]]]:
    """(CPU microseconds a request, p50 in milliseconds) of every round, the servers taking turns."""
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        servers = {kind: started(kind, str(_made(Path(folder) / kind))) for kind in KINDS}
        for _ in range(rounds):
            for kind, one in servers.items():
                before = one.cpu()
                times = [one.ask() for _ in range(requests)]
                found[kind].append(((one.cpu() - before) / requests * 1e6, statistics.median(times) * 1e3))
        for one in servers.values():
            one.line.close()
            one.process.communicate()
    return found


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve(args.serve, args.folder))
        return
    found = measure(args.rounds, args.requests)
    print(f"{'':10}{'CPU us':>8}{'x floor':>9}{'p50 ms':>8}   ({args.rounds} rounds of {args.requests})")
    for kind, rounds in found.items():
        cpu, p50 = (statistics.median(values) for values in zip(*rounds, strict=True))
        times = statistics.median(mine[0] / raw[0] for mine, raw in zip(rounds, found["floor"], strict=True))
        print(f"{kind:10}{cpu:8.0f}{times:9.2f}{p50:8.2f}")


if __name__ == "__main__":
    main()
