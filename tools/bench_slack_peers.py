"""Stock Bolt apps for tools/bench_slack.py; runs in an environment of its own, not in ours.

python tools/bench_slack_peers.py NAME WORLD FOLDER   prints its own port; each as Bolt's samples have it
"""

import asyncio
import sys
import time
from pathlib import Path

SECRET = "a secret for measuring"
TEAMS = tuple(f"T{number:02}BENCH" for number in range(20))
PATH = "/slack/events"


def bolt(world, **more):
    """The app of Bolt's first page: one command, which answers in the acknowledgement."""
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    token = None if more else "xoxb-bench"
    client = AsyncWebClient(token=token, base_url=f"{world}/api/")
    app = AsyncApp(signing_secret=SECRET, client=client, **more)

    @app.command("/coach")
    async def coach(ack, command):
        await ack(command["text"])

    return app


async def serve_aiohttp(app):
    """What `app.start()` runs, without its access log."""
    from aiohttp import web

    async def cpu(_):
        return web.Response(text=str(time.process_time()))

    web_app = app.server(0, PATH).web_app
    web_app.router.add_get("/cpu", cpu)
    runner = web.AppRunner(web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def serve_asgi(app):
    """The ASGI adapter on uvicorn."""
    import uvicorn
    from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler

    bolt_asgi = AsyncSlackRequestHandler(app, path=PATH)

    async def asgi(scope, receive, send):
        if scope["path"] != "/cpu":
            await bolt_asgi(scope, receive, send)
            return
        body = str(time.process_time()).encode()
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(asgi, port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


async def workspaces(world, folder):
    """The app for many workspaces, with the SDK's own store."""
    from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
    from slack_sdk.oauth.installation_store import Installation
    from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
    from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(f"sqlite+aiosqlite:///{Path(folder) / 'stock.sqlite3'}")
    store = AsyncSQLAlchemyInstallationStore(client_id="1.1", engine=engine)
    await store.create_tables()
    for team in TEAMS:
        known = {"bot_token": f"xoxb-{team}", "bot_id": "B0BOT", "bot_user_id": "U0BOT", "user_id": "U1"}
        await store.async_save(Installation(app_id="A1", team_id=team, bot_scopes="commands", **known))
    states = AsyncSQLAlchemyOAuthStateStore(expiration_seconds=120, engine=engine)
    settings = AsyncOAuthSettings(client_id="1.1", client_secret="s", state_store=states)
    return bolt(world, installation_store=store, oauth_settings=settings)


def threads(world):
    """Sync Bolt in Flask, under gunicorn with one process and eight threads."""
    from flask import Flask, request
    from gunicorn.app.base import BaseApplication
    from slack_bolt import App
    from slack_bolt.adapter.flask import SlackRequestHandler
    from slack_sdk import WebClient

    app = App(signing_secret=SECRET, client=WebClient("xoxb-bench", base_url=f"{world}/api/"))
    flask, handler = Flask("bench"), SlackRequestHandler(app)

    @app.command("/coach")
    def coach(ack, command):
        ack(command["text"])

    @flask.post(PATH)
    def slack_events():
        return handler.handle(request)

    @flask.get("/cpu")
    def cpu():
        return str(time.process_time())

    class Gunicorn(BaseApplication):
        def load_config(self):
            told = {"bind": "127.0.0.1:0", "worker_class": "gthread", "workers": 1, "threads": 8}
            told |= {"loglevel": "error", "graceful_timeout": 1}
            for name, value in told.items():
                self.cfg.set(name, value)
            self.cfg.set("when_ready", ready)

        def load(self):
            return flask

    def ready(server):
        print(server.LISTENERS[0].sock.getsockname()[1], flush=True)

    Gunicorn().run()


async def main(name, world, folder):
    if name == "bolt-many":
        await serve_asgi(await workspaces(world, folder))
    elif name == "bolt-asgi":
        await serve_asgi(bolt(world))
    else:
        await serve_aiohttp(bolt(world))


if __name__ == "__main__":
    if sys.argv[1] == "bolt-sync":
        threads(sys.argv[2])
    else:
        asyncio.run(main(*sys.argv[1:]))
