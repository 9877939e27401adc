"""What the Teams adapter needs to be told, and the checks that keep it closed when it was told too little."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from adapters.teams.clouds import PUBLIC, Cloud
from adapters.teams.hosts import Hosts, loopback, may_be_added, safe

IDENTITY = "http://169.254.169.254/metadata/identity/oauth2/token"  # the same on every machine in Azure


class TeamsSettingsError(ValueError):
    """Teams cannot be switched on; the message says what is missing and where to find it."""


class AppType(Enum):
    """How the app proves to Microsoft who it is, by the names that Azure uses."""

    SINGLE_TENANT = "SingleTenant"  # a client secret or a certificate
    MANAGED_IDENTITY = "UserAssignedMSI"
    FEDERATED = "FederatedCredentials"  # a managed identity vouches for the app
    MULTI_TENANT = "MultiTenant"  # older registrations only


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """One Teams app. Neither an app id nor the development switch: Teams is off."""

    app_id: str = ""
    app_type: AppType = AppType.SINGLE_TENANT
    tenant_id: str = ""
    app_password: str = field(default="", repr=False)
    certificate: Path | None = None  # a PEM file: the private key and the certificate
    identity_client_id: str = ""  # federated credentials: the managed identity that vouches
    allowed_tenants: frozenset[str] = frozenset()  # empty: any
    extra_issuers: frozenset[str] = frozenset()
    extra_hosts: frozenset[str] = frozenset()
    cloud: Cloud = PUBLIC
    openid_url: str = ""  # this and the next: empty for the cloud's own
    token_url: str = ""
    identity_url: str = IDENTITY
    identity_header: str = field(default="", repr=False)  # App Service and Container Apps give one
    key_cool_down: float = 5  # seconds between two looks for an unknown signing key
    insecure_dev: bool = False  # accept unsigned activities, on this very machine only
    listens_on: str = ""  # the address the server listens on

    @property
    def on(self) -> bool:
        """Whether anything asks for Teams; `checked` then says what is still missing."""
        return bool(self.app_id or self.app_password or self.certificate or self.insecure_dev)

    @property
    def hosts(self) -> Hosts:
        """Where answers may be sent."""
        return Hosts(self.extra_hosts, self.insecure_dev, self.cloud)

    @property
    def keys_at(self) -> str:
        """Where the signing keys are published."""
        return self.openid_url or self.cloud.openid_url

    @property
    def tokens_at(self) -> str:
        """Where the app gets its own token, with a place for the tenant."""
        return self.token_url or self.cloud.token_url

    def checked(self) -> "TeamsSettings":
        """These settings. Raises TeamsSettingsError when something is missing or would leave a door open."""
        _check_door(self)
        if self.app_id:
            _check_proof(self)
        _check_addresses(self)
        return self


def _check_door(settings: TeamsSettings) -> None:
    if settings.insecure_dev and settings.app_id:
        raise TeamsSettingsError(
            "TEAMS_INSECURE_DEV turns the checking of callers off, so it never goes with an app id."
            " Remove TEAMS_INSECURE_DEV, or TEAMS_APP_ID."
        )
    if settings.insecure_dev and not loopback(settings.listens_on):
        raise TeamsSettingsError(
            "TEAMS_INSECURE_DEV works on this computer only. Start with --host 127.0.0.1, or remove it."
        )
    if not settings.app_id and not settings.insecure_dev:
        raise TeamsSettingsError(
            "Teams is off: set TEAMS_APP_ID, the app's (client) id from the Azure Bot page, Configuration."
        )


def _check_proof(settings: TeamsSettings) -> None:
    """How the app proves who it is."""
    if not settings.tenant_id and settings.app_type is not AppType.MULTI_TENANT:
        raise TeamsSettingsError(
            "TEAMS_TENANT_ID is missing: the Directory (tenant) ID on the app registration's overview."
        )
    secret, certificate = bool(settings.app_password), settings.certificate is not None
    if settings.app_type in (AppType.SINGLE_TENANT, AppType.MULTI_TENANT):
        if secret == certificate:
            raise TeamsSettingsError(
                "Set either TEAMS_APP_PASSWORD (a client secret) or TEAMS_CERT_PATH (a PEM file with key and"
                " certificate), from the app registration, Certificates & secrets."
            )
    elif secret or certificate:
        raise TeamsSettingsError(
            "A managed identity needs no secret: remove TEAMS_APP_PASSWORD and TEAMS_CERT_PATH."
        )
    if settings.app_type is AppType.FEDERATED and not settings.identity_client_id:
        raise TeamsSettingsError(
            "TEAMS_IDENTITY_CLIENT_ID is missing: the client id of the managed identity that vouches for"
            " the app."
        )


def _check_addresses(settings: TeamsSettings) -> None:
    for name, url in (("TEAMS_OPENID_URL", settings.keys_at), ("TEAMS_TOKEN_URL", settings.tokens_at)):
        if not safe(url.replace("{tenant}", "tenant")):
            raise TeamsSettingsError(f"{name} must be an https address.")
    if not all(may_be_added(host) for host in settings.extra_hosts):
        raise TeamsSettingsError(
            "TEAMS_EXTRA_SERVICE_HOSTS takes exact host names such as relay.example.com, in small letters;"
            " several with commas between."
        )
    if not all(issuer.startswith("https://") for issuer in settings.extra_issuers):
        raise TeamsSettingsError("Every extra issuer must be an https address, exactly as in the token.")
