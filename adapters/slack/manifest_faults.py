"""Checks an app manifest before anybody pastes it: lengths, scopes that are needed and no more, addresses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

Json = Mapping[str, Any]

# Where a text stands, and how long Slack lets it be.
LENGTHS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "display_information.name": (1, 35),
        "display_information.description": (1, 140),
        "display_information.background_color": (4, 7),
        "features.bot_user.display_name": (1, 80),
        "features.agent_view.agent_description": (1, 300),
        "features.agent_view.suggested_prompts.title": (1, 75),
        "features.agent_view.suggested_prompts.message": (1, 300),
        "features.shortcuts.name": (1, 24),
        "features.shortcuts.description": (1, 150),
        "features.shortcuts.callback_id": (1, 255),
        "features.slash_commands.command": (2, 32),
        "features.slash_commands.description": (1, 2000),
        "features.slash_commands.usage_hint": (1, 1000),
    }
)
COUNTS: Mapping[str, int] = MappingProxyType(
    {
        "features.agent_view.suggested_prompts": 4,
        "features.shortcuts": 10,
        "features.slash_commands": 50,
    }
)
# Every scope the app may ask for, and what for. A scope that nothing here needs is one too many.
ALWAYS: Mapping[str, str] = MappingProxyType(
    {"chat:write": "answers and tips", "im:write": "reminders in the private chat"}
)
FEATURES: Mapping[str, str] = MappingProxyType(
    {"slash_commands": "commands", "shortcuts": "commands", "agent_view": "assistant:write"}
)
EVENTS: Mapping[str, str] = MappingProxyType(  # "" needs none
    {
        "agent_session_stopped": "assistant:write",
        "app_home_opened": "",
        "app_uninstalled": "",
        "message.im": "im:history",
        "tokens_revoked": "",
    }
)
ENDS = frozenset({"app_uninstalled", "tokens_revoked"})
SHOWN = frozenset({"app_home", "agent_view", "bot_user", "shortcuts", "slash_commands"})
_HTTPS = re.compile(r"https://[a-z0-9.-]+(:\d+)?(/[\w./-]*)?", re.IGNORECASE)


def faults(made: Json) -> tuple[str, ...]:
    """Everything that is wrong with it, each in a line; empty where Slack takes it and it asks for no more."""
    checks = (_lengths, _counts, _twice, _features, _scopes, _events, _addresses, _oauth)
    return tuple(fault for check in checks for fault in check(made))


def _lengths(made: Json) -> Iterator[str]:
    for path, (least, most) in LENGTHS.items():
        for text in _at(made, path):
            if not isinstance(text, str) or not least <= len(text.strip()) <= len(text) <= most:
                yield f"{path} must be a text of {least} to {most} characters"
    if not list(_at(made, "display_information.name")):
        yield "display_information.name is missing"


def _counts(made: Json) -> Iterator[str]:
    for path, most in COUNTS.items():
        for listed in _at(made, path, whole=True):
            if not 1 <= len(listed) <= most:
                yield f"{path} takes 1 to {most} entries"


def _twice(made: Json) -> Iterator[str]:
    for path in ("features.shortcuts.callback_id", "features.slash_commands.command"):
        found = list(_at(made, path))
        if len(found) != len(set(found)):
            yield f"{path} must differ from entry to entry"


def _features(made: Json) -> Iterator[str]:
    """What people see goes with what the app is told."""
    features, events = made.get("features", {}), _bot_events(made)
    yield from (f"features.{name} is none that is used" for name in features if name not in SHOWN)
    tabs = features.get("app_home", {})
    open_chat = tabs.get("messages_tab_enabled") and not tabs.get("messages_tab_read_only_enabled")
    if bool(open_chat) != ("message.im" in events):
        yield "features.app_home: people can write in the Messages tab exactly where message.im is heard"
    if bool(tabs.get("home_tab_enabled")) != ("app_home_opened" in events):
        yield "features.app_home: the Home tab is on exactly where app_home_opened is heard"
    if ("agent_view" in features) != ("agent_session_stopped" in events):
        yield "features.agent_view: the stop button needs the event agent_session_stopped, and only it does"
    if features.get("shortcuts") and not made.get("settings", {}).get("interactivity", {}).get("is_enabled"):
        yield "settings.interactivity must be on for shortcuts, buttons and windows"


def _scopes(made: Json) -> Iterator[str]:
    """What is asked for is what is needed."""
    needs = {scope: {why} for scope, why in ALWAYS.items()}
    for name in FEATURES.keys() & made.get("features", {}).keys():
        needs.setdefault(FEATURES[name], set()).add(f"features.{name}")
    for name in EVENTS.keys() & set(_bot_events(made)):
        needs.setdefault(EVENTS[name], set()).add(f"the event {name}")
    needs.pop("", None)
    asked = made.get("oauth_config", {}).get("scopes", {})
    yield from (f"oauth_config.scopes.{kind} is not used" for kind in asked if kind != "bot" and asked[kind])
    bot = asked.get("bot", [])
    if len(bot) != len(set(bot)):
        yield "oauth_config.scopes.bot names a scope twice"
    for scope in sorted(needs.keys() - set(bot)):
        yield f"the scope {scope} is missing: {', '.join(sorted(needs[scope]))} needs it"
    for scope in sorted(set(bot) - needs.keys()):
        yield f"the scope {scope} is asked for, but nothing needs it"


def _events(made: Json) -> Iterator[str]:
    told = made.get("settings", {}).get("event_subscriptions", {})
    yield from (f"the event {name} is not one that is handled" for name in _bot_events(made) - EVENTS.keys())
    if len(told.get("bot_events", [])) != len(_bot_events(made)):
        yield "settings.event_subscriptions.bot_events names an event twice"
    if told.get("user_events"):
        yield "settings.event_subscriptions.user_events is not used: it would need a person's own token"


def _addresses(made: Json) -> Iterator[str]:
    """With Socket Mode there is none; without it each is there, is https, and is the same."""
    settings = made.get("settings", {})
    socket_mode = settings.get("socket_mode_enabled") is True
    found = {
        "settings.event_subscriptions.request_url": settings.get("event_subscriptions", {}).get("request_url"),
        "settings.interactivity.request_url": settings.get("interactivity", {}).get("request_url"),
    }
    commands = made.get("features", {}).get("slash_commands", [])
    found |= {f"features.slash_commands {c.get('command')} url": c.get("url") for c in commands}
    for name, url in found.items():
        if socket_mode and url is not None:
            yield f"{name} must be left out with Socket Mode"
        elif not socket_mode and not _https(url):
            yield f"{name} must be an https address"
    if len({url for url in found.values() if url}) > 1:
        yield "all request addresses must be the same"


def _oauth(made: Json) -> Iterator[str]:
    """Many workspaces: people come back to an address of ours, and an end is told."""
    urls = made.get("oauth_config", {}).get("redirect_urls", [])
    yield from (f"oauth_config.redirect_urls: {url} must be an https address" for url in urls if not _https(url))
    ends = _bot_events(made) & ENDS
    if bool(urls) != (ends == ENDS) or (ends and ends != ENDS):
        yield "an app for many workspaces has redirect_urls and hears app_uninstalled and tokens_revoked"
    if made.get("settings", {}).get("token_rotation_enabled") and not urls:
        yield "settings.token_rotation_enabled is for an app with redirect_urls only: one token cannot rotate"


def _https(url: object) -> bool:
    return isinstance(url, str) and len(url) <= 2500 and _HTTPS.fullmatch(url) is not None


def _bot_events(made: Json) -> frozenset[str]:
    return frozenset(made.get("settings", {}).get("event_subscriptions", {}).get("bot_events", []))


def _at(made: object, path: str, *, whole: bool = False) -> Iterator[Any]:
    """What stands at this path, in each entry of a list on the way; `whole` gives a last list as it is."""
    if not path:
        listed = not whole and isinstance(made, Sequence) and not isinstance(made, str)
        yield from made if listed else (made,)
        return
    for one in made if isinstance(made, list) else (made,):
        key, _, rest = path.partition(".")
        if isinstance(one, Mapping) and key in one:
            yield from _at(one[key], rest, whole=whole)
