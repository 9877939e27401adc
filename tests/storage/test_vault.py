"""The vault: what is sealed opens with its keys only, in its own row only; no message holds a secret."""

import pytest

from storage import vault as rooms
from storage.vault import VaultError, new_key, open_vault

CANARY = "xoxb-canary-4711"
ONE, TWO, THREE = (new_key() for _ in range(3))


def test_sealed_and_opened():
    """The same secret twice gives two ciphertexts, none of which holds it."""
    vault = open_vault([ONE])
    first, second = (vault.seal(CANARY, "row|bot") for _ in range(2))
    assert first != second
    assert CANARY.encode() not in first
    assert [vault.open(sealed, "row|bot") for sealed in (first, second)] == [CANARY] * 2


def test_two_keys_during_a_change():
    """The first seals, both open; once the old one is gone, what it sealed is closed."""
    old, both, new = open_vault([ONE]), open_vault([TWO, ONE]), open_vault([TWO])
    before = old.seal(CANARY, "row")
    assert both.open(before, "row") == CANARY
    assert not both.fresh(before)
    after = both.seal(CANARY, "row")
    assert both.fresh(after)
    assert new.open(after, "row") == CANARY
    with pytest.raises(VaultError, match="Add that key"):
        new.open(before, "row")


@pytest.mark.parametrize("belongs", ["other", "row|refresh", "", "row|bot "])
def test_a_ciphertext_belongs_to_its_row(belongs):
    """Swapped between rows, or between the kinds of token, it is not opened."""
    vault = open_vault([ONE])
    with pytest.raises(VaultError, match="Install the app there again"):
        vault.open(vault.seal(CANARY, "row|bot"), belongs)


@pytest.mark.parametrize("at", [0, 3, 8, 20, -1])
def test_one_changed_bit(at):
    """Wherever it is, in head, nonce, text or tag: nothing is opened."""
    vault = open_vault([ONE])
    sealed = bytearray(vault.seal(CANARY, "row"))
    sealed[at] ^= 1
    with pytest.raises(VaultError):
        vault.open(bytes(sealed), "row")


@pytest.mark.parametrize("sealed", [b"", b"\x01", CANARY.encode()])
def test_what_is_no_ciphertext(sealed):
    """A token in clear in the table is refused, not used."""
    with pytest.raises(VaultError) as told:
        open_vault([ONE]).open(sealed, "row")
    assert CANARY not in str(told.value)


@pytest.mark.parametrize("keys", [[], [ONE, TWO, THREE], [CANARY], [ONE, "ü" * 44], [ONE[:-2]], [ONE, ""]])
def test_keys_that_are_none(keys):
    """The sentence says what to write and does not quote what was written."""
    with pytest.raises(VaultError, match="breather vault key") as told:
        open_vault(keys)
    assert not any(key and key in str(told.value) for key in keys)


def test_nothing_is_shown():
    """Neither keys nor secrets are in a repr, nor behind an error."""
    vault = open_vault([ONE, TWO])
    assert ONE not in repr(vault)
    assert "AESGCM" not in repr(vault)
    with pytest.raises(VaultError) as told:
        vault.open(vault.seal(CANARY, "row"), "other")
    assert (told.value.__cause__, told.value.__context__) == (None, None)


def test_without_the_package(monkeypatch):
    """It says what to install."""
    monkeypatch.setattr(rooms, "find_spec", lambda name: None)
    with pytest.raises(VaultError, match="pip install cryptography"):
        open_vault([ONE])
