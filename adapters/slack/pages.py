"""The pages a person sees while installing: calm, without a script, and kept by no browser."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from starlette.responses import HTMLResponse

_ROOM = files("adapters.slack")


def page(title: str, parts: Sequence[str], status: int = 200) -> HTMLResponse:
    """A page of ready HTML parts under an escaped title."""
    style = (_ROOM / "install.css").read_text(encoding="utf-8")
    frame = Template((_ROOM / "install.html").read_text(encoding="utf-8"))
    text = frame.substitute(title=escape(title), style=style, body="\n".join(parts))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return HTMLResponse(text, status, headers=_headers(digest))


def para(text: str, kind: str = "") -> str:
    """A paragraph."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def points(texts: Sequence[str]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def button(label: str, url: str) -> str:
    """A link that looks like one. The address is ours or Slack's, never a visitor's."""
    return f'<p><a class="button" href="{escape(url)}">{escape(label)}</a></p>'


def _headers(style: str) -> dict[str, str]:
    only = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; "
    return {
        "content-security-policy": only + "frame-ancestors 'none'",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
    }
