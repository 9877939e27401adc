"""The four ways an app proves who it is to Microsoft Entra."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from adapters.teams.entra import Ask, Asking, Credential
from adapters.teams.settings import AppType, TeamsSettings, TeamsSettingsError

_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def credential(settings: TeamsSettings, now: Callable[[], datetime]) -> Credential:
    """How this app asks for its token. Raises TeamsSettingsError for a certificate that cannot be used."""
    tenant = settings.tenant_id
    if settings.app_type is AppType.MULTI_TENANT:
        tenant = settings.cloud.shared_tenant
    url = settings.tokens_at.replace("{tenant}", tenant)
    if settings.app_type is AppType.MANAGED_IDENTITY:
        return Identity(settings.identity_url, settings.app_id, settings.identity_header)
    if settings.app_type is AppType.FEDERATED:
        identity = Identity(settings.identity_url, settings.identity_client_id, settings.identity_header)
        return Federated(url, settings.app_id, identity, settings.cloud.exchange)
    if settings.certificate is not None:
        key, thumbprint = read_certificate(settings.certificate)
        return Certificate(url, settings.app_id, key, thumbprint, now)
    return Secret(url, settings.app_id, settings.app_password)


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret."""

    url: str
    app_id: str
    secret: str = field(repr=False)

    async def __call__(self, audience: str, _: Ask) -> Asking:
        """The request for a token."""
        return Asking(self.url, {**_form(self.app_id, audience), "client_secret": self.secret})


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate: each request carries a statement signed with its key."""

    url: str
    app_id: str
    key: RSAPrivateKey = field(repr=False)
    thumbprint: str
    now: Callable[[], datetime]

    async def __call__(self, audience: str, _: Ask) -> Asking:
        """The request for a token."""
        at = int(self.now().timestamp())
        told = {
            "aud": self.url,
            "iss": self.app_id,
            "sub": self.app_id,
            "jti": str(uuid.uuid4()),
            "nbf": at - 60,
            "exp": at + 600,
        }
        signed = jwt.encode(told, self.key, algorithm="PS256", headers={"x5t#S256": self.thumbprint})
        return Asking(self.url, {**_form(self.app_id, audience), **_assertion(signed)})


@dataclass(frozen=True, slots=True)
class Identity:
    """A user-assigned managed identity, at the machine's metadata address or at App Service's own."""

    url: str
    client_id: str
    header: str = field(repr=False)

    async def __call__(self, audience: str, _: Ask) -> Asking:
        """The request for a token."""
        version = "2019-08-01" if self.header else "2018-02-01"
        query = {"api-version": version, "resource": audience, "client_id": self.client_id}
        headers = {"X-IDENTITY-HEADER": self.header} if self.header else {"Metadata": "true"}
        return Asking(self.url, query=query, headers=headers)


@dataclass(frozen=True, slots=True)
class Federated:
    """Federated credentials: the token of a managed identity stands for the app's secret."""

    url: str
    app_id: str
    identity: Identity
    exchange: str

    async def __call__(self, audience: str, ask: Ask) -> Asking:
        """The request for a token."""
        vouching = await ask(await self.identity(self.exchange, ask))
        return Asking(self.url, {**_form(self.app_id, audience), **_assertion(vouching.token)})


def read_certificate(path: Path) -> tuple[RSAPrivateKey, str]:
    """The key and the thumbprint in a PEM file. Raises TeamsSettingsError."""
    key: object = None
    thumbprint = ""
    try:
        raw = path.read_bytes()
        key = load_pem_private_key(raw, password=None)
        found = x509.load_pem_x509_certificate(raw)
        thumbprint = base64.urlsafe_b64encode(found.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
        fits = isinstance(key, RSAPrivateKey) and key.public_key() == found.public_key()
    except (OSError, ValueError, TypeError):
        fits = False
    if not fits or not isinstance(key, RSAPrivateKey):
        raise TeamsSettingsError(
            "The file at TEAMS_CERT_PATH cannot be used. It is a PEM file with an RSA private key without a"
            " passphrase and the certificate that belongs to it."
        )
    return key, thumbprint


def _form(app_id: str, audience: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "client_id": app_id, "scope": f"{audience}/.default"}


def _assertion(token: str) -> dict[str, str]:
    return {"client_assertion_type": _BEARER, "client_assertion": token}
