"""Microsoft's clouds that Teams runs in: where each publishes its keys, gives tokens and takes answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of them. A token of one is worth nothing in another."""

    openid_url: str  # where the keys are published that activities are signed with
    issuer: str  # who signs them
    token_url: str  # where the app gets its own token ...
    audience: str  # ... for the connector
    shared_tenant: str  # the tenant of older registrations
    exchange: str  # the audience of a managed identity that vouches for the app
    hosts: tuple[str, ...]  # where answers may go: exact names, and endings that begin with a dot


PUBLIC = Cloud(
    openid_url="https://login.botframework.com/v1/.well-known/openidconfiguration",
    issuer="https://api.botframework.com",
    token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
    audience="https://api.botframework.com",
    shared_tenant="botframework.com",
    exchange="api://AzureADTokenExchange",
    # Not *.trafficmanager.net: anybody can register a name there. GCC is a part of the public cloud.
    hosts=("smba.trafficmanager.net", ".botframework.com", ".infra.gcc.teams.microsoft.com"),
)


def _government(host: str) -> Cloud:
    """Both clouds of the government of the United States share everything but where answers go."""
    return Cloud(
        openid_url="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        issuer="https://api.botframework.us",
        token_url="https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token",  # noqa: S106 - an address
        audience="https://api.botframework.us",
        shared_tenant="MicrosoftServices.onmicrosoft.us",
        exchange="api://AzureADTokenExchangeUSGov",
        hosts=(host,),
    )


CLOUDS: Mapping[str, Cloud] = MappingProxyType(
    {
        "public": PUBLIC,
        "usgov": _government(".infra.gov.teams.microsoft.us"),  # GCC High
        "dod": _government(".infra.dod.teams.microsoft.us"),
    }
)
