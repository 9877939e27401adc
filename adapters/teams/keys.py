"""The public keys that Bot Framework signs with: fetched, kept, and looked for again when one is unknown."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from adapters.teams.hosts import safe
from adapters.teams.session import Session, body

SECONDS = 5  # one fetch
FRESH = 12 * 3600  # seconds after which the keys are looked at again, while the known ones go on serving
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the channels it may speak for; None where the list is not given."""

    public: RSAPublicKey
    endorsements: frozenset[str] | None
    told: tuple[str, str] = field(repr=False)  # modulus and exponent, as published


@dataclass(slots=True)
class Keys:
    """Finds a key by its id. One fetch at a time; the keys at hand serve on when the key server fails."""

    url: str
    session: Session
    now: Callable[[], datetime]
    cool_down: float = 5
    _keys: dict[str, Key] = field(default_factory=dict)
    _tried: float | None = None
    _flight: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key. One that is unknown is looked for at most once in a cool-down."""
        if kid not in self._keys:
            flight = self._refresh(self.cool_down)
            if flight is not None:
                await asyncio.wait({flight})
        else:
            self._refresh(FRESH)  # a known key answers at once
        return self._keys.get(kid)

    async def close(self) -> None:
        """Give up a fetch that is under way."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    def _refresh(self, at_most_every: float) -> asyncio.Task[None] | None:
        """The fetch under way, or a new one if the last is long enough ago."""
        if self._flight is not None:
            return self._flight
        now = self.now().timestamp()
        if self._tried is not None and abs(now - self._tried) < at_most_every:
            return None
        self._tried = now
        self._flight = asyncio.create_task(self._fetch())
        self._flight.add_done_callback(self._landed)
        return self._flight

    def _landed(self, _: asyncio.Task[None]) -> None:
        self._flight = None

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                document = await self._get(self.url)
                address = document.get("jwks_uri")
                listed = await self._get(address) if isinstance(address, str) and safe(address) else {}
        except Exception as error:  # noqa: BLE001 - network, JSON, a closed session: the known keys serve on
            _LOG.warning("the signing keys could not be fetched: %s", type(error).__name__)
            return
        found = read_keys(listed, self._keys)
        if found:
            self._keys = found
        else:
            _LOG.warning("no usable signing key")

    async def _get(self, url: str) -> dict[str, Any]:
        async with self.session().get(url, allow_redirects=False) as answer:
            answer.raise_for_status()
            document = json.loads(await body(answer))
        return document if isinstance(document, dict) else {}


def read_keys(document: dict[str, Any], known: dict[str, Key]) -> dict[str, Key]:
    """The RSA signing keys of a published list. A key that has not changed stays the same object."""
    listed = document.get("keys")
    found: dict[str, Key] = {}
    for entry in listed if isinstance(listed, list) else ():
        if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
            continue
        kid, told = entry.get("kid"), (entry.get("n"), entry.get("e"))
        if isinstance(kid, str) and kid and all(isinstance(part, str) for part in told):
            key = _key(entry, known.get(kid))
            if key is not None:
                found[kid] = key
    return found


def _key(entry: dict[str, Any], known: Key | None) -> Key | None:
    listed = entry.get("endorsements")
    if listed is not None and not isinstance(listed, list):
        return None
    endorsements = None if listed is None else frozenset(name for name in listed if isinstance(name, str))
    told = (entry["n"], entry["e"])
    if known is not None and (known.told, known.endorsements) == (told, endorsements):
        return known
    try:
        public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": told[0], "e": told[1]})
    except Exception:  # noqa: BLE001 - whatever a broken key makes the libraries raise
        return None
    if not isinstance(public, RSAPublicKey) or public.key_size < 2048:
        return None
    return Key(public, endorsements, told)
