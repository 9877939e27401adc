"""Checks an app manifest before anybody pastes it: lengths, scopes that are needed and no more, addresses."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

Json = Mapping[str, Any]

_ENDS = frozenset({"app_uninstalled", "tokens_revoked"})
_UNIQUE = (
    "features.shortcuts.callback_id",
    "features.slash_commands.command",
    "oauth_config.scopes.bot",
    "settings.event_subscriptions.bot_events",
)
_OTHERS = ("user", "bot_optional", "user_optional")  # scopes: a person's own token, or ones asked for later
_HTTPS = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?(/[\w./-]*)?", re.IGNORECASE)


def faults(made: Json) -> tuple[str, ...]:
    """Everything wrong with it, each in a line; none where Slack takes it and it asks for no more."""
    rules = tomllib.loads((files("adapters.slack") / "manifest_rules.toml").read_text(encoding="utf-8"))
    checks = (_lengths, _counts, _twice, _unused, _shown, _scopes, _addresses, _oauth)
    found = (fault for check in checks for fault in check(made, rules))
    return tuple(rules["says"][name].format(**slots) for name, slots in found)


Faults = Iterator[tuple[str, dict[str, Any]]]  # which sentence, and what it names


def _lengths(made: Json, rules: Json) -> Faults:
    for path, (least, most) in rules["lengths"].items():
        for text in _at(made, path):
            if not isinstance(text, str) or not least <= len(text.strip()) <= len(text) <= most:
                yield "length", {"path": path, "least": least, "most": most}
    if not list(_at(made, "display_information.name")):
        yield "missing", {"path": "display_information.name"}


def _counts(made: Json, rules: Json) -> Faults:
    for path, most in rules["counts"].items():
        for listed in _at(made, path, whole=True):
            if not 1 <= len(listed) <= most:
                yield "count", {"path": path, "most": most}


def _twice(made: Json, rules: Json) -> Faults:
    del rules
    for path in _UNIQUE:
        found = list(_at(made, path))
        if len(found) != len(set(found)):
            yield "twice", {"path": path}


def _unused(made: Json, rules: Json) -> Faults:
    """Features, events and kinds of scope that this app does nothing with."""
    for name in _part(made, "features").keys() - rules["needs"]["features"].keys():
        yield "unused", {"path": f"features.{name}"}
    for name in sorted(_events(made) - rules["needs"]["events"].keys()):
        yield "unused", {"path": f"the event {name}"}
    if _part(made, "settings", "event_subscriptions").get("user_events"):
        yield "unused", {"path": "settings.event_subscriptions.user_events"}
    for kind in _OTHERS:
        if _part(made, "oauth_config", "scopes").get(kind):
            yield "unused", {"path": f"oauth_config.scopes.{kind}"}


def _shown(made: Json, rules: Json) -> Faults:
    """What people see goes with what the app is told."""
    del rules
    features, tabs, events = _part(made, "features"), _part(made, "features", "app_home"), _events(made)
    written = tabs.get("messages_tab_enabled") and not tabs.get("messages_tab_read_only_enabled")
    if bool(written) != ("message.im" in events):
        yield "chat", {}
    if bool(tabs.get("home_tab_enabled")) != ("app_home_opened" in events):
        yield "home", {}
    if ("agent_view" in features) != ("agent_session_stopped" in events):
        yield "stop", {}
    if _part(made, "settings", "interactivity").get("is_enabled") is not True:
        yield "interactivity", {}


def _scopes(made: Json, rules: Json) -> Faults:
    """What is asked for is what is needed."""
    always, features, events = (rules["needs"][name] for name in ("always", "features", "events"))
    needs = [(scope, what) for what, scope in always.items()]
    needs += [(features[name], name) for name in features.keys() & _part(made, "features").keys()]
    needs += [(events[name], name) for name in events.keys() & _events(made)]
    needed, asked = {scope for scope, _ in needs if scope}, set(_at(made, "oauth_config.scopes.bot"))
    for scope in sorted(needed - asked):
        whom = ", ".join(sorted(what for one, what in needs if one == scope))
        yield "scope", {"scope": scope, "whom": whom}
    for scope in sorted(asked - needed):
        yield "too_much", {"scope": scope}


def _addresses(made: Json, rules: Json) -> Faults:
    """With Socket Mode there is none; without it each is there, is https, and is the same."""
    del rules
    socket_mode = _part(made, "settings").get("socket_mode_enabled") is True
    told = ("settings.event_subscriptions", "settings.interactivity", "features.slash_commands")
    urls: set[object] = set()
    for path in told:
        for place in _at(made, path):
            url = place.get("url" if path.startswith("features") else "request_url")
            urls |= {url} - {None}
            if socket_mode and url is not None:
                yield "no_address", {"path": path}
            elif not socket_mode and not _https(url):
                yield "address", {"path": path}
    if len(urls) > 1:
        yield "addresses", {}


def _oauth(made: Json, rules: Json) -> Faults:
    """Many workspaces: people come back to an address of ours, and an end is told."""
    del rules
    back = list(_at(made, "oauth_config.redirect_urls"))
    if any(not _https(url) for url in back):
        yield "address", {"path": "oauth_config.redirect_urls"}
    if len(_events(made) & _ENDS) != (len(_ENDS) if back else 0):
        yield "ends", {}
    if _part(made, "settings").get("token_rotation_enabled") and not back:
        yield "rotation", {}


def _https(url: object) -> bool:
    return isinstance(url, str) and len(url) <= 2500 and _HTTPS.fullmatch(url) is not None


def _events(made: Json) -> frozenset[str]:
    return frozenset(_at(made, "settings.event_subscriptions.bot_events"))


def _part(made: Json, *path: str) -> Json:
    found: object = next(_at(made, ".".join(path), whole=True), None)
    return found if isinstance(found, Mapping) else {}


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
