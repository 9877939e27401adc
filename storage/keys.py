"""A key for each person: what they ask to keep is sealed with it, and forgetting them destroys it first.

The keys stand in `person_key`, each sealed for its row with the first of BREATHER_VAULT_KEYS. Where none is
set they stand there as they are: then whoever has the whole database can read what is kept, but not what was
forgotten.
"""

import os
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from storage.people import insert_into
from storage.tables import person_key as table
from storage.vault import KEY_BYTES, KeyGoneError, Vault, VaultError, sealer

_BARE = b"\x00"  # in front of a key that no vault has sealed; what one has begins otherwise
_BATCH = 200
_GONE = (
    "What somebody asked to keep was encrypted with a key that is not in BREATHER_VAULT_KEYS."
    " Add that key behind the newer one, with “,” between."
)
STRANGE = "What somebody asked to keep does not belong to its row, or was damaged, and cannot be read."


@dataclass(frozen=True, slots=True)
class Keys:
    """The persons' keys. `vault`: what seals them; None: nothing does."""

    vault: Vault | None = None

    def seal(self, connection: Connection, owner: int, text: str, belongs: str) -> bytes:
        """The ciphertext, for this person (`person.id`) and this place alone, such as "promise|words|7".

        The person's key is made if need be. Raises VaultError: nothing can be sealed here.
        """
        return sealer(self._key(connection, owner)).seal(text, _row(owner, belongs))

    def open(self, connection: Connection, owner: int, sealed: bytes, belongs: str) -> str:
        """The text again. Raises VaultError: the key is gone, or it belongs to another person or place."""
        kept = connection.execute(select(table.c.key).where(table.c.person_id == owner)).scalar()
        raw = None if kept is None else _unwrap(self.vault, owner, bytes(kept))
        try:
            if raw is not None:
                return sealer(raw).open(sealed, _row(owner, belongs))
        except VaultError:
            pass
        raise VaultError(STRANGE)

    def _key(self, connection: Connection, owner: int) -> bytes:
        wanted = select(table.c.key).where(table.c.person_id == owner)
        kept = connection.execute(wanted).scalar()
        if kept is None:
            drawn = _wrap(self.vault, owner, os.urandom(KEY_BYTES))
            statement = insert_into(connection, table).values(person_id=owner, key=drawn)
            connection.execute(statement.on_conflict_do_nothing())  # another process may have been quicker
            kept = connection.execute(wanted).scalar_one()
        return _unwrap(self.vault, owner, bytes(kept))


def forget(connection: Connection, owner: int) -> None:
    """Destroy a person's key: whatever it sealed, wherever a copy of that lies, stays closed."""
    connection.execute(delete(table).where(table.c.person_id == owner))


def rewrap(connection: Connection, vault: Vault, after: int) -> tuple[int, int]:
    """Seal the next batch of keys with the vault's first: the last row looked at (0: no more), how many."""
    batch = select(table).where(table.c.person_id > after).order_by(table.c.person_id).limit(_BATCH)
    rows = connection.execute(batch.with_for_update()).all()
    done = 0
    for row in rows:
        if not vault.fresh(bytes(row.key)):
            new = _wrap(vault, row.person_id, _unwrap(vault, row.person_id, bytes(row.key)))
            connection.execute(update(table).where(table.c.person_id == row.person_id).values(key=new))
            done += 1
    return (rows[-1].person_id if rows else 0), done


def _wrap(vault: Vault | None, owner: int, raw: bytes) -> bytes:
    return _BARE + raw if vault is None else vault.seal(raw.hex(), _row(owner, "person_key"))


def _unwrap(vault: Vault | None, owner: int, kept: bytes) -> bytes:
    if kept.startswith(_BARE):
        return kept[len(_BARE) :]
    told = STRANGE
    try:
        if vault is not None:
            return bytes.fromhex(vault.open(kept, _row(owner, "person_key")))
        told = _GONE
    except KeyGoneError:
        told = _GONE
    except VaultError:
        pass
    raise VaultError(told)


def _row(owner: int, belongs: str) -> str:
    return f"person|{owner}|{belongs}"
