"""Echo bots of other makers for tools/bench_teams.py; runs in an environment of its own, not in ours.

python tools/bench_peers.py NAME WORLD   NAME: stock, agents or sdk; WORLD: the bench; prints its own port
Without the packages of that peer it says so and ends with 3.
"""

import asyncio
import sys
import time

from aiohttp import web

APP_ID = "11111111-2222-3333-4444-555555555555"


def stock(world: str) -> web.Application:
    """The CloudAdapter of botbuilder with its own token check.

    The token it sends comes from a stub: the real way costs two blocking calls to Entra a turn more.
    """
    from botbuilder.core import ActivityHandler
    from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
    from botframework.connector.auth import AppCredentials, ServiceClientCredentialsFactory

    class Token(AppCredentials):
        def get_access_token(self, force_refresh=False):
            return "a-token"

    class Stub(ServiceClientCredentialsFactory):
        async def is_valid_app_id(self, app_id):
            return app_id == APP_ID

        async def is_authentication_disabled(self):
            return False

        async def create_credentials(self, *_, **__):
            return Token()

    class Configuration:
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = f"{world}/openid"
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = "https://api.botframework.com"
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com/.default"
        TO_CHANNEL_FROM_BOT_LOGIN_URL = "https://login.invalid"
        OAUTH_URL = "https://token.invalid"

    class Echo(ActivityHandler):
        async def on_message_activity(self, turn_context):
            await turn_context.send_activity(turn_context.activity.text)

    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration, credentials_factory=Stub()))
    bot = Echo()

    async def messages(request):
        return await adapter.process(request, bot)

    app = web.Application()
    app.router.add_post("/messages", messages)
    return app


def agents(world: str) -> web.Application:
    """Microsoft 365 Agents SDK on aiohttp with its own token check; the token it sends comes from a stub."""
    from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
    from microsoft_agents.hosting.core import ActivityHandler
    from microsoft_agents.hosting.core.authorization import (
        AgentAuthConfiguration,
        AnonymousTokenProvider,
        _entra_issuers,
    )

    _entra_issuers.BOTFRAMEWORK_JWKS_URIS["https://api.botframework.com"] = f"{world}/keys"
    configuration = AgentAuthConfiguration(client_id=APP_ID, tenant_id="T1")

    class Token(AnonymousTokenProvider):
        async def get_access_token(self, *_, **__):
            return "a-token"

    class Connections:
        def one(self, *_):
            return Token()

        get_connection = get_default_connection = one
        get_token_provider = get_token_provider_from_activity = one

        def get_default_connection_configuration(self):
            return configuration

    class Echo(ActivityHandler):
        async def on_message_activity(self, turn_context):
            await turn_context.send_activity(turn_context.activity.text)

    adapter, bot = CloudAdapter(connection_manager=Connections()), Echo()

    async def messages(request):
        return await adapter.process(request, bot)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = configuration
    app.router.add_post("/messages", messages)
    return app


async def on_aiohttp(bot: web.Application) -> None:
    """Serve a bot that is made for aiohttp."""
    app = web.Application()
    app.add_subapp("/api", bot)

    async def cpu(_):
        return web.Response(text=str(time.process_time()))

    app.router.add_get("/cpu", cpu)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def sdk(world: str) -> None:
    """Microsoft Teams SDK on its own FastAPI server with its own token check; its token comes from a stub."""
    import dataclasses

    import jwt
    import uvicorn
    from fastapi.responses import PlainTextResponse
    from microsoft_teams.api.auth.cloud_environment import PUBLIC
    from microsoft_teams.apps import App
    from microsoft_teams.apps.http import FastAPIAdapter

    cloud = dataclasses.replace(
        PUBLIC, openid_metadata_url=f"{world}/openidconfiguration"
    )  # keys: {world}/keys
    token = jwt.encode({"exp": int(time.time()) + 86400}, "k" * 32, "HS256")
    adapter = FastAPIAdapter()
    bot = App(
        client_id=APP_ID,
        tenant_id="T1",
        token=lambda *_: token,
        cloud=cloud,
        http_server_adapter=adapter,
    )

    @bot.on_message
    async def echo(ctx):
        await ctx.send(ctx.activity.text)

    async def cpu():
        return PlainTextResponse(str(time.process_time()))

    await bot.initialize()
    adapter.app.get("/cpu")(cpu)
    server = uvicorn.Server(uvicorn.Config(adapter.app, port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


PEERS = {
    "stock": lambda world: on_aiohttp(stock(world)),
    "agents": lambda world: on_aiohttp(agents(world)),
    "sdk": sdk,
}


if __name__ == "__main__":
    try:
        asyncio.run(PEERS[sys.argv[1]](sys.argv[2]))
    except ModuleNotFoundError as missing:
        print(f"{sys.argv[1]} needs {missing.name}, see lock/peers.txt", file=sys.stderr)
        sys.exit(3)
