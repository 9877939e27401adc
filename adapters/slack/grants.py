"""Slack's answers to an exchange of tokens, read strictly: anything odd is no grant."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.tenants import Grant, Tokens

_ID = re.compile(r"[A-Z0-9]{2,32}")
_TOKEN = re.compile(r"[\x21-\x7e]{5,500}")
_SCOPES = re.compile(r"[a-z0-9.:_,-]{0,1024}")
_LONGEST = 366 * 24 * 3600  # seconds


def tokens_of(data: Mapping[str, Any], at: datetime) -> Tokens | None:
    """The bot token with what is needed to refresh it."""
    bot, refresh, seconds = (data.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    if data.get("token_type") != "bot" or not _fits(_TOKEN, bot):
        return None
    if refresh is None and seconds is None:
        return Tokens(str(bot))
    if not _fits(_TOKEN, refresh) or not isinstance(seconds, int) or not 0 < seconds < _LONGEST:
        return None
    return Tokens(str(bot), str(refresh), at + timedelta(seconds=seconds))


def granted(data: Mapping[str, Any], at: datetime) -> Grant | None:
    """The installation."""
    tokens, whole = tokens_of(data, at), data.get("is_enterprise_install") is True
    enterprise, team = _id(data.get("enterprise")), "" if whole else _id(data.get("team"))
    app, bot_user, scopes = (data.get(name) for name in ("app_id", "bot_user_id", "scope"))
    by = _id(data.get("authed_user"))
    named = bool(enterprise if whole else team) and _fits(_ID, app) and _fits(_ID, bot_user) and bool(by)
    if tokens is None or not named or not _fits(_SCOPES, scopes):
        return None
    return Grant(enterprise, team, str(app), str(bot_user), str(scopes), by, tokens)


def _id(part: object) -> str:
    found = part.get("id") if isinstance(part, dict) else None
    return str(found) if _fits(_ID, found) else ""


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
