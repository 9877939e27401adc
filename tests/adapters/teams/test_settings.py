"""The settings of Teams: closed unless told otherwise, and a clear sentence for what is missing."""

from pathlib import Path

import pytest

from adapters.teams.settings import AppType, TeamsSettings, TeamsSettingsError

SECRET = "hunter2-hunter2"
FINE = {"app_id": "app", "tenant_id": "t1", "app_password": SECRET}

COMPLETE = {
    "secret": FINE,
    "certificate": {"app_id": "app", "tenant_id": "t1", "certificate": Path("x.pem")},
    "managed identity": {"app_id": "app", "tenant_id": "t1", "app_type": AppType.MANAGED_IDENTITY},
    "federated": {
        "app_id": "app",
        "tenant_id": "t1",
        "app_type": AppType.FEDERATED,
        "identity_client_id": "identity",
    },
    "older": {"app_id": "app", "app_password": SECRET, "app_type": AppType.MULTI_TENANT},
    "development": {"insecure_dev": True, "listens_on": "127.0.0.1"},
    "keys and tokens of this machine": FINE
    | {"openid_url": "http://127.0.0.1:1/openid", "token_url": "http://localhost:1/{tenant}/token"},
    "one more host": FINE | {"extra_hosts": frozenset({"relay.example.com", "127.0.0.1:56150"})},
}


@pytest.mark.parametrize("given", COMPLETE.values(), ids=COMPLETE)
def test_what_is_complete_is_on(given):
    """Each way to run the app."""
    settings = TeamsSettings(**given)
    assert settings.checked() is settings
    assert settings.on


WRONG = {
    "nothing": ({}, "Teams is off", False),
    "an open door to everybody": ({"listens_on": "0.0.0.0"}, "Teams is off", False),
    "a secret alone": ({"app_password": SECRET}, "TEAMS_APP_ID", True),
    "a certificate alone": ({"certificate": Path("x")}, "TEAMS_APP_ID", True),
    "the switch with an app id": (
        FINE | {"insecure_dev": True, "listens_on": "127.0.0.1"},
        "never goes with an app id",
        True,
    ),
    "the switch, nobody knows where": ({"insecure_dev": True}, "this computer only", True),
    "the switch on all interfaces": (
        {"insecure_dev": True, "listens_on": "0.0.0.0"},
        "this computer only",
        True,
    ),
    "the switch on a host": ({"insecure_dev": True, "listens_on": "10.0.0.5"}, "this computer only", True),
    "no tenant": ({"app_id": "app", "app_password": SECRET}, "TEAMS_TENANT_ID", True),
    "no proof": ({"app_id": "app", "tenant_id": "t1"}, "TEAMS_APP_PASSWORD", True),
    "two proofs": (FINE | {"certificate": Path("x.pem")}, "either TEAMS_APP_PASSWORD", True),
    "a secret for an identity": (FINE | {"app_type": AppType.MANAGED_IDENTITY}, "needs no secret", True),
    "nobody to vouch": (
        {"app_id": "app", "tenant_id": "t1", "app_type": AppType.FEDERATED},
        "TEAMS_IDENTITY_CLIENT_ID",
        True,
    ),
    "keys over http": (FINE | {"openid_url": "http://login.example/keys"}, "TEAMS_OPENID_URL", True),
    "tokens over http": (FINE | {"token_url": "http://login.example/{tenant}"}, "TEAMS_TOKEN_URL", True),
    "any host at all": (
        FINE | {"extra_hosts": frozenset({"*.example.com"})},
        "TEAMS_EXTRA_SERVICE_HOSTS",
        True,
    ),
    "an issuer without https": (FINE | {"extra_issuers": frozenset({"sts"})}, "extra issuer", True),
}


@pytest.mark.parametrize(("given", "said", "on"), WRONG.values(), ids=WRONG)
def test_what_is_missing_or_open_is_refused_with_a_sentence(given, said, on):
    """The message names the setting and never a secret; nothing at all means off."""
    settings = TeamsSettings(**given)
    with pytest.raises(TeamsSettingsError, match=said) as refused:
        settings.checked()
    assert settings.on is on
    assert SECRET not in str(refused.value)


def test_secrets_are_not_shown():
    """Neither the client secret nor the identity's header is in a repr."""
    assert SECRET not in repr(TeamsSettings(**FINE, identity_header=SECRET))


def test_the_allow_list_follows_the_settings():
    """Extra hosts with an app; this machine alone with the switch."""
    assert TeamsSettings(**FINE, extra_hosts=frozenset({"relay.example.com"})).hosts.allows(
        "https://relay.example.com/"
    )
    assert not TeamsSettings(**FINE).hosts.allows("http://127.0.0.1:5/")
    assert TeamsSettings(insecure_dev=True).hosts.allows("http://127.0.0.1:5/")
