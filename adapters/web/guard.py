"""The door: this computer, this page, this start; anything else gets a plain refusal, its body unread."""

import hmac
import ipaddress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coaching.playbook.wording import Wording

TOKEN_HEADER = "x-breather-token"  # noqa: S105 - the header's name, not a secret

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI middleware: refuses what is not this page, and sets the headers of every answer."""

    app: ASGIApp
    wording: Wording
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 403 with a sentence that says what to do."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        problem = _problem(scope, self.token)
        if problem:
            refused = PlainTextResponse(self.wording.label(problem), HTTPStatus.FORBIDDEN)
            await refused(scope, receive, sealed)
            return
        await self.app(scope, receive, sealed)


def _problem(scope: Scope, token: str) -> str:
    """The key of the sentence that says why not; "" when nothing speaks against it."""
    headers = Headers(scope=scope)
    client = scope.get("client")
    if client is not None and not _loopback(client[0]):
        return "web.refused.host"
    if not _loopback(_hostname(f"//{headers.get('host', '')}")):
        return "web.refused.host"
    if _foreign(headers):
        return "web.refused.site"
    if scope["method"] == "POST" and not right_token(headers, token):
        return "web.refused.token"
    return ""


def right_token(headers: Headers, token: str) -> bool:
    """Whether the request carries the token of this start, compared in constant time."""
    sent = headers.get(TOKEN_HEADER, "")
    return hmac.compare_digest(sent.encode(), token.encode())


def _foreign(headers: Headers) -> bool:
    """Whether another site's page sent it, as the browser tells in Origin and Sec-Fetch-Site."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
