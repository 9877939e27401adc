"""Settings are read once, and a wrong one is named with what to write instead."""

from pathlib import Path

import pytest

from bot.settings import SETTINGS, SettingsError, read_settings


def test_nothing_set_is_enough_for_the_demo():
    """An empty environment gives working defaults."""
    settings = read_settings({})
    assert settings.port == 3000
    assert settings.sqlite_path.name == "breather.sqlite3"
    assert settings.contacts == ()
    assert settings.slack_signing_secrets == ()


def test_values_are_read_and_trimmed():
    """Lists are split on their separators; blanks around a value do not matter."""
    settings = read_settings(
        {
            "PORT": " 8080 ",
            "BREATHER_CONTACTS": "Your lead; People team ;",
            "BREATHER_COUNTRY": "gb",
            "SLACK_SIGNING_SECRET": "old, new",
            "BREATHER_ADMINS": "U1, 2f0e",
            "DATABASE_URL": "postgres://somewhere/db",
        }
    )
    assert settings.port == 8080
    assert settings.contacts == ("Your lead", "People team")
    assert settings.country == "GB"
    assert settings.slack_signing_secrets == ("old", "new")
    assert settings.admins == {"U1", "2f0e"}
    assert settings.sqlite_path is None


def test_playbooks_are_named_after_their_folders(tmp_path, monkeypatch):
    """In small letters and in their order; a dot is the folder one stands in."""
    (tmp_path / "acme-north").mkdir()
    monkeypatch.chdir(tmp_path / "acme-north")
    found = read_settings({"BREATHER_PLAYBOOK": "./rules/Hotel-2/ ; . ;"}).playbooks
    assert list(found) == ["hotel-2", "acme-north"]
    assert found["hotel-2"] == Path("rules/Hotel-2")
    assert read_settings({}).playbooks == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "²"),
        ("BREATHER_COUNTRY", "Germany"),
        ("BREATHER_COUNTRY", "1A"),
        ("SLACK_SIGNING_SECRET", "a,b,c"),
        ("SLACK_SEALED", "yes"),
        ("BREATHER_PLAYBOOK", "playbooks/Our Rules"),
        ("BREATHER_PLAYBOOK", "/"),
        ("BREATHER_PLAYBOOK", "here/.."),
        ("BREATHER_PLAYBOOK", "x" * 33),
        ("BREATHER_PLAYBOOK", "one/acme; two/Acme/"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    """The error says which setting and what to write, and never repeats a secret."""
    with pytest.raises(SettingsError) as error:
        read_settings({name: value})
    assert name in str(error.value)
    assert "a,b,c" not in str(error.value)


def test_secrets_are_not_in_repr():
    """Printing the settings shows no secret, in whichever setting it stands."""
    environment = {s.name: f"secret-{s.name}" for s in SETTINGS if s.secret}
    shown = repr(read_settings({**environment, "DATABASE_URL": "postgres://u:secret-db@h/x"}))
    assert "secret-" not in shown


def test_with_many_workspaces_a_member_is_named_with_theirs():
    """An id of one workspace could be somebody else's in another; Teams' object ids are nobody else's."""
    many = {"SLACK_CLIENT_ID": "1.2"}
    with pytest.raises(SettingsError, match="T012ABC/U345DEF"):
        read_settings({**many, "BREATHER_ADMINS": "U0123456"})
    guid = "2f0e5a5c-0000-4000-8000-000000000001"
    assert read_settings({**many, "BREATHER_ADMINS": f"T1/U0123456,{guid}"}).admins == {"T1/U0123456", guid}
