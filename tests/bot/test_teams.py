"""Teams as the program puts it together: what it is told, and where its conversations are kept."""

import io
import json
import zipfile
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from adapters.teams.clouds import CLOUDS
from adapters.teams.references import LONGEST, ConversationState, Reference
from bot import doctor
from bot.settings import TEAMS_CLOUDS, SettingsError, read_settings
from bot.teams import KeptReferences, faults, known
from coaching.people import Person, Place, Room
from storage.conversations import StoredConversations
from storage.tables import teams_conversation as table

APP = "11111111-2222-3333-4444-555555555555"
GOOD = {"TEAMS_APP_ID": APP, "TEAMS_TENANT_ID": "T1", "TEAMS_APP_PASSWORD": "a-secret"}
CHAT = Reference(
    "T1", "a:ann", "personal", "https://there/", "28:bot", "29:ann", "aad-ann", zone="Asia/Tokyo"
)
CHANNEL = Reference("T1", "19:c", "channel", "https://there/", "28:bot", team_id="19:t", channel_id="19:c")


@pytest.fixture
def kept(database):
    return KeptReferences(StoredConversations(database, lambda: datetime(2026, 3, 2, 8, tzinfo=UTC)))


# --------------------------------------------------------------------------- conversations


async def test_a_chat_is_found_as_the_adapter_asks(kept):
    """By the person, by a private place of either id, by the conversation; a channel by its own alone."""
    await kept.remember(CHAT)
    await kept.remember(CHANNEL)
    for to in (
        Person("teams", "T1", "aad-ann"),
        Place("teams", "T1", "aad-ann"),
        Place("teams", "T1", "aad-ann", Room.HOME),
        Place("teams", "T1", "a:ann"),
    ):
        assert await kept.find(to) == CHAT
    assert await kept.find(Place("teams", "T1", "19:c", Room.CHANNEL)) == CHANNEL
    for to in (
        Place("teams", "T1", "aad-ann", Room.CHANNEL),
        Place("teams", "T1", "19:none", Room.CHANNEL),
        Person("teams", "T2", "aad-ann"),
        Place("teams", "T1", "nobody"),
    ):
        assert await kept.find(to) is None


@pytest.mark.parametrize("state", ConversationState)
async def test_every_state_is_kept(kept, state):
    """Only an active conversation is found; the next activity makes it active again."""
    await kept.remember(CHAT)
    await kept.mark(CHAT, state)
    found = await kept.find(Place("teams", "T1", "a:ann"))
    assert (found == CHAT) == (state is ConversationState.ACTIVE)
    await kept.remember(CHAT)
    assert await kept.find(Place("teams", "T1", "a:ann")) == CHAT


def test_storage_has_room_for_what_the_adapter_keeps():
    """The lengths the adapter looks at are the columns' own: no address is refused by a database."""
    columns = {name.removesuffix("_id") if name == "tenant_id" else name: c for name, c in table.c.items()}
    assert {name: columns[name].type.length for name in LONGEST} == LONGEST
    assert set(LONGEST) == {f.name for f in fields(Reference)} - {"kind"}


# --------------------------------------------------------------------------- settings


def test_nothing_told_is_off():
    """Teams is off, not open, and the adapter's own addresses stay."""
    told = read_settings({}).teams
    assert not told.on
    assert known(told, "127.0.0.1").keys_at.startswith("https://login.botframework.com/")


def test_what_is_told_arrives():
    """Each setting reaches the adapter under its own name."""
    more = {
        "TEAMS_APP_TYPE": "FederatedCredentials",
        "TEAMS_IDENTITY_CLIENT_ID": "vouches",
        "TEAMS_ALLOWED_TENANTS": "T1, T2",
        "TEAMS_EXTRA_ISSUERS": "https://issuer.example/",
        "TEAMS_EXTRA_SERVICE_HOSTS": "relay.example.com",
        "TEAMS_CLOUD": "dod",
        "TEAMS_OPENID_URL": "https://keys.example/",
        "TEAMS_TOKEN_URL": "https://tokens.example/",
        "TEAMS_CERT_PATH": "cert.pem",
        "IDENTITY_ENDPOINT": "http://127.0.0.1/identity",
        "IDENTITY_HEADER": "a-header",
    }
    made = known(read_settings({**GOOD, **more}).teams, "0.0.0.0")
    assert (made.app_id, made.tenant_id, made.app_password) == (APP, "T1", "a-secret")
    assert (made.app_type.value, made.identity_client_id) == ("FederatedCredentials", "vouches")
    assert made.allowed_tenants == {"T1", "T2"}
    assert (made.extra_issuers, made.extra_hosts) == ({"https://issuer.example/"}, {"relay.example.com"})
    assert made.cloud is CLOUDS["dod"]
    assert (made.keys_at, made.tokens_at) == ("https://keys.example/", "https://tokens.example/")
    assert (made.identity_url, made.identity_header) == ("http://127.0.0.1/identity", "a-header")
    assert (str(made.certificate), made.listens_on) == ("cert.pem", "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value"), [("TEAMS_APP_TYPE", "Secret"), ("TEAMS_CLOUD", "china"), ("TEAMS_INSECURE_DEV", "yes")]
)
def test_a_wrong_word_is_named(name, value):
    """The error says which setting and what to write."""
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_faults_name_what_to_mend():
    """Nothing for good settings; a missing certificate file and a missing tenant by name."""
    assert list(faults(read_settings(GOOD).teams)) == []
    wrong = {"TEAMS_APP_ID": APP, "TEAMS_CERT_PATH": "/nowhere/cert.pem"}
    told = " ".join(faults(read_settings(wrong).teams))
    assert "TEAMS_TENANT_ID" in told
    assert "TEAMS_CERT_PATH" in told


def test_the_clouds_that_can_be_named_are_those_the_adapter_knows():
    """One list for the person who sets it, one for the adapter: the same names."""
    assert tuple(CLOUDS) == TEAMS_CLOUDS


# --------------------------------------------------------------------------- the program


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "Teams: off"),
        (GOOD, "Teams: on (SingleTenant)"),
        ({"TEAMS_INSECURE_DEV": "1"}, "without checking who calls"),
        ({"TEAMS_APP_ID": APP}, "TEAMS_TENANT_ID"),
    ],
)
def test_the_doctor_looks_at_teams(more, says):
    """Off, on, open for development, or what is missing."""
    assert says in "\n".join(finding.says for finding in doctor._teams(read_settings(more)))


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (["serve"], {"TEAMS_APP_ID": APP}, "TEAMS_TENANT_ID"),
        (["serve"], {"TEAMS_APP_PASSWORD": "hush-hush"}, "TEAMS_APP_ID"),
        (["serve"], {**GOOD, "TEAMS_INSECURE_DEV": "1"}, "TEAMS_INSECURE_DEV"),
        (["serve", "--host", "0.0.0.0"], {"TEAMS_INSECURE_DEV": "1"}, "127.0.0.1"),
        (["teams", "package"], {}, "TEAMS_APP_ID"),
        (["teams", "package", "--website", "http://x"], GOOD, "https"),
        (["teams", "package", "--out", "no/such/folder.zip"], GOOD, "--out"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_done_says_why_in_one_line(breather, words, more, says):
    """No stack trace, no secret: one line with the remedy."""
    code, _, told = breather(*words, PORT="0", **more)
    assert code in (1, 2)
    assert says in told
    assert "hush-hush" not in told
    assert len(told.splitlines()) == 1


def test_the_package_is_written(breather, tmp_path):
    """A zip with the manifest for this app and both icons, and where to upload it."""
    words = (
        "teams",
        "package",
        "--out",
        "breather.zip",
        "--publisher",
        "Acme",
        "--website",
        "https://acme.example",
    )
    code, said, told = breather(*words, **GOOD)
    assert code == 0, told
    assert "Upload" in said
    with zipfile.ZipFile(io.BytesIO((tmp_path / "breather.zip").read_bytes())) as made:
        assert set(made.namelist()) == {"manifest.json", "color.png", "outline.png"}
        told = json.loads(made.read("manifest.json"))
    assert told["bots"][0]["botId"] == APP
    assert told["developer"]["name"] == "Acme"
    _, said, _ = breather("teams", "package", **GOOD)
    assert "example.com" in said  # nobody's own addresses were given
    assert (tmp_path / "breather-teams.zip").exists()
