"""Where the coach may send its own token: an allow-list of Bot Framework's hosts, read strictly."""

import re
from dataclasses import dataclass

from adapters.teams.clouds import PUBLIC, Cloud

_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(_NAME)
# No user, no query, no fragment, no escapes: what we read is what any other reader of the address reads.
_URL = re.compile(rf"(https?)://({_NAME}|localhost|\[::1\])(?::([1-9][0-9]{{0,4}}))?((?:/[A-Za-z0-9._~-]*)*)")
_LOOPBACK = re.compile(r"localhost|\[?::1\]?|127(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}")
_LOOPBACK_PORT = re.compile(r"(.+):([1-9][0-9]{0,4})")
_LONGEST = 1000


def loopback(host: str) -> bool:
    """Whether a host is this very machine, by an address or name that no name server decides about."""
    return _LOOPBACK.fullmatch(host) is not None


def safe(url: str) -> bool:
    """Whether keys and tokens may be fetched from here: over https, or from this very machine."""
    found = _URL.fullmatch(url) if len(url) <= _LONGEST else None
    return found is not None and (found[1] == "https" or loopback(found[2]))


def may_be_added(entry: str) -> bool:
    """Whether the setting for further hosts may name this: an exact host, or a port of this machine."""
    with_port = _LOOPBACK_PORT.fullmatch(entry)
    if with_port is not None:
        return loopback(with_port[1])
    return len(entry) <= 253 and _HOST.fullmatch(entry) is not None and not entry[-1].isdigit()


@dataclass(frozen=True, slots=True)
class Hosts:
    """The allow-list: the hosts of one cloud.

    `extra`: further exact hosts, or "127.0.0.1:port". `development`: this machine only.
    """

    extra: frozenset[str] = frozenset()
    development: bool = False
    cloud: Cloud = PUBLIC

    def allows(self, url: str) -> bool:
        """Whether the token may be sent to this address."""
        found = _URL.fullmatch(url) if len(url) <= _LONGEST else None
        if found is None or any(part in (".", "..") for part in found[4].split("/")):
            return False
        scheme, host, port = found[1], found[2], found[3]
        if loopback(host):
            return self.development or f"{host}:{port}" in self.extra
        listed = host in self.extra or any(_fits(host, known) for known in self.cloud.hosts)
        return not self.development and scheme == "https" and port in (None, "443") and listed


def _fits(host: str, known: str) -> bool:
    return host.endswith(known) if known.startswith(".") else host == known
