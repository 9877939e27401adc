"""Microsoft's clouds: each one's addresses as Microsoft names them, and everything that follows from them."""

import pytest

from adapters.teams.clouds import CLOUDS
from adapters.teams.credentials import credential
from adapters.teams.entra import Tokens
from adapters.teams.settings import AppType, TeamsSettings, TeamsSettingsError
from tests.players.bot_framework import APP, TokenServer

GOVERNMENT = {
    "openid_url": "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    "issuer": "https://api.botframework.us",
    "token_url": "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token",
    "audience": "https://api.botframework.us",
    "shared_tenant": "MicrosoftServices.onmicrosoft.us",
    "exchange": "api://AzureADTokenExchangeUSGov",
}
TABLE = {
    "public": {
        "openid_url": "https://login.botframework.com/v1/.well-known/openidconfiguration",
        "issuer": "https://api.botframework.com",
        "token_url": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "audience": "https://api.botframework.com",
        "shared_tenant": "botframework.com",
        "exchange": "api://AzureADTokenExchange",
        "hosts": ("smba.trafficmanager.net", ".botframework.com", ".infra.gcc.teams.microsoft.com"),
    },
    "usgov": GOVERNMENT | {"hosts": (".infra.gov.teams.microsoft.us",)},
    "dod": GOVERNMENT | {"hosts": (".infra.dod.teams.microsoft.us",)},
}


@pytest.mark.parametrize("name", TABLE)
def test_each_cloud_has_its_own_addresses(name):
    """Every value of the table, and no cloud beside it."""
    assert {key: getattr(CLOUDS[name], key) for key in TABLE["public"]} == TABLE[name]
    assert set(CLOUDS) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_the_settings_follow_the_cloud(name):
    """Keys, tokens and hosts come from it, unless an address is given; one over http is refused."""
    given = {"app_id": APP, "tenant_id": "t1", "app_password": "a-secret", "cloud": CLOUDS[name]}
    settings = TeamsSettings(**given).checked()
    assert (settings.keys_at, settings.tokens_at) == (TABLE[name]["openid_url"], TABLE[name]["token_url"])
    assert settings.hosts.cloud is CLOUDS[name]
    own = TeamsSettings(**given, openid_url="https://keys.example/", token_url="https://tokens.example/")
    assert (own.keys_at, own.tokens_at) == ("https://keys.example/", "https://tokens.example/")
    with pytest.raises(TeamsSettingsError, match="TEAMS_TOKEN_URL"):
        TeamsSettings(**given, token_url="http://tokens.example/").checked()


@pytest.fixture
async def server():
    made = await TokenServer().start()
    yield made
    await made.stop()


WAYS = {
    "secret": ({"app_password": "a-secret"}, "scope", "{audience}/.default", "t1"),
    "identity": ({"app_type": AppType.MANAGED_IDENTITY}, "resource", "{audience}", ""),
    "federated": (
        {"app_type": AppType.FEDERATED, "identity_client_id": "vouches"},
        "resource",
        "{exchange}",
        "",
    ),
    "older": ({"app_type": AppType.MULTI_TENANT, "app_password": "s"}, "scope", "{audience}/.default", None),
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("way", WAYS)
async def test_the_token_is_asked_for_in_the_clouds_own_words(way, name, server, session, clock):
    """Scope, resource or exchange, and the tenant of older registrations, in each way to ask."""
    given, key, says, tenant = WAYS[way]
    addresses = {
        "token_url": server.url + "/{tenant}/oauth2/v2.0/token",
        "identity_url": server.url + "/identity",
    }
    settings = TeamsSettings(app_id=APP, tenant_id="t1", cloud=CLOUDS[name], **addresses, **given)
    tokens = Tokens(credential(settings, clock), session, clock, settings.cloud.audience)
    await tokens.token()
    path, asked, _ = server.asked[0]
    assert asked[key] == says.format(**TABLE[name])
    if tenant != "":
        assert path == f"/{tenant or TABLE[name]['shared_tenant']}/oauth2/v2.0/token"
    await tokens.close()
