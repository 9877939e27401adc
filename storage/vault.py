"""Secrets at rest: AES-256-GCM under a key from the environment; each ciphertext belongs to one row alone."""

import base64
import hashlib
import os
from binascii import Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_ID, _NONCE = 4, 12  # bytes
_VERSION = b"\x01"
_MOST_KEYS = 2
STRANGE = "A stored token does not belong to its row, or was damaged. Install the app there again."


class VaultError(Exception):
    """Secrets cannot be sealed or opened; the message says what to do and holds no secret."""


class KeyGoneError(VaultError):
    """It was sealed with a key that is not here."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals with the first key, opens with any. Where a secret belongs is authenticated with it."""

    first: bytes  # the id of the key that seals; an id tells nothing about its key
    _keys: "Mapping[bytes, AESGCM]" = field(repr=False)

    def seal(self, secret: str, belongs: str) -> bytes:
        """The ciphertext: version, key id, nonce, and the rest."""
        nonce = os.urandom(_NONCE)
        head = _VERSION + self.first
        return head + nonce + self._keys[self.first].encrypt(nonce, secret.encode(), head + belongs.encode())

    def open(self, sealed: bytes, belongs: str) -> str:
        """The secret again. Raises VaultError for a key we do not have and for another row's ciphertext."""
        head, nonce, rest = _parts(sealed)
        key, whole = self._keys.get(head[len(_VERSION) :]), len(nonce) == _NONCE and head.startswith(_VERSION)
        if key is None and whole:
            raise KeyGoneError(
                "A stored token was encrypted with a key that is not in BREATHER_VAULT_KEYS."
                " Add that key behind the newer one, with “,” between."
            )
        try:
            if key is not None and whole:
                return key.decrypt(nonce, rest, head + belongs.encode()).decode()
        except Exception:  # noqa: BLE001, S110 - whatever it was, it may quote what it could not open
            pass
        raise VaultError(STRANGE)

    def fresh(self, sealed: bytes) -> bool:
        """Whether it was sealed with the first key."""
        return _parts(sealed)[0] == _VERSION + self.first


def open_vault(keys: Sequence[str]) -> Vault:
    """A vault with these keys, as `new_key` prints them: one, or two while they are changed. VaultError."""
    if not keys or len(keys) > _MOST_KEYS:
        raise VaultError(
            "BREATHER_VAULT_KEYS takes one key, or two with “,” between while you change it."
            " Print one with: breather vault key"
        )
    return sealer(*(_read(key) for key in keys))


def sealer(*keys: bytes) -> Vault:
    """A vault with these keys as they are, 32 bytes each. VaultError: the package behind it is not there."""
    if not installed():
        raise VaultError(
            "What is encrypted needs one more package. Install it with: pip install cryptography"
        )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - only who has secrets

    return Vault(_id(keys[0]), {_id(key): AESGCM(key) for key in keys})


def installed() -> bool:
    """Whether the package behind the vault is there."""
    return find_spec("cryptography") is not None


def new_key() -> str:
    """A new key, as it stands in BREATHER_VAULT_KEYS."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _read(key: str) -> bytes:
    try:
        raw = base64.b64decode(key.strip(), altchars=b"-_", validate=True)
    except (ValueError, Error):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise VaultError(
            "A key in BREATHER_VAULT_KEYS is not one of ours: 44 characters, as `breather vault key` prints."
        )
    return raw


def _id(key: bytes) -> bytes:
    return hashlib.sha256(b"breather vault key id" + key).digest()[:_ID]


def _parts(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    head = len(_VERSION) + _ID
    return sealed[:head], sealed[head : head + _NONCE], sealed[head + _NONCE :]
