"""The coach's own tokens: all ways to prove who it is, one request for many callers, what an outage does."""

import asyncio
import base64
import logging
from datetime import timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from adapters.teams.credentials import credential
from adapters.teams.entra import EntraError, Tokens, Why, read_grant
from adapters.teams.session import ClosedError, Session
from adapters.teams.settings import AppType, TeamsSettings, TeamsSettingsError
from tests.players.bot_framework import APP, START, TokenServer, private_key, until

SECRET = "hunter2-hunter2"
SCOPE = "https://api.botframework.com/.default"
GRANT = '{"access_token": "t", "expires_in": %s}'


@pytest.fixture
async def server():
    made = await TokenServer().start()
    yield made
    await made.stop()


@pytest.fixture
async def make(server, session, clock):
    """Tokens for settings; closed at the end."""
    made = []

    def build(**changes):
        given = {
            "app_id": APP,
            "tenant_id": "t1",
            "app_password": SECRET,
            "token_url": server.url + "/{tenant}/oauth2/v2.0/token",
            "identity_url": server.url + "/identity",
        }
        settings = TeamsSettings(**given | changes).checked()
        made.append(Tokens(credential(settings, clock), session, clock))
        return made[-1]

    yield build
    for tokens in made:
        await tokens.close()


def pem_file(folder, key=None, certified=None, password=None):
    """A PEM file: a key and a certificate, which may belong to another."""
    key, certified = key or private_key("cert"), certified or private_key("cert")
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "coach")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(certified.public_key())
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=365))
        .sign(certified, hashes.SHA256())
    )
    sealing = BestAvailableEncryption(password) if password else NoEncryption()
    path = folder / "coach.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing) + made.public_bytes(Encoding.PEM)
    )
    return path, made


# --------------------------------------------------------------------------- the four ways


async def test_a_client_secret_is_posted_as_a_form(make, server):
    """To the tenant's own address, with the scope of the connector."""
    assert await make().token() == "token-1"
    path, form, _ = server.asked[0]
    assert path == "/t1/oauth2/v2.0/token"
    assert form == {
        "grant_type": "client_credentials",
        "client_id": APP,
        "scope": SCOPE,
        "client_secret": SECRET,
    }


async def test_an_older_registration_asks_the_shared_tenant(make, server):
    """MultiTenant apps live in botframework.com."""
    await make(app_type=AppType.MULTI_TENANT, tenant_id="").token()
    assert server.asked[0][0] == "/botframework.com/oauth2/v2.0/token"


async def test_a_certificate_signs_a_statement(make, server, tmp_path, clock):
    """It names the certificate by its SHA-256 thumbprint and holds for ten minutes."""
    path, certificate = pem_file(tmp_path)
    tokens = make(app_password="", certificate=path)
    await tokens.token()
    form = server.asked[0][1]
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in form
    signed = form["client_assertion"]
    head = jwt.get_unverified_header(signed)
    thumbprint = base64.urlsafe_b64decode(head["x5t#S256"] + "==")
    assert (head["alg"], thumbprint) == ("PS256", certificate.fingerprint(hashes.SHA256()))
    url = server.url + "/t1/oauth2/v2.0/token"
    told = jwt.decode(
        signed,
        certificate.public_key(),
        algorithms=["PS256"],
        audience=url,
        issuer=APP,
        subject=APP,
        options={"verify_exp": False, "verify_nbf": False, "require": ["jti"]},
    )
    assert (told["nbf"], told["exp"]) == (clock.stamp - 60, clock.stamp + 600)
    clock.move(3400)
    await tokens.token()
    await until(lambda: len(server.asked) == 2)
    assert server.asked[1][1]["client_assertion"] != signed


@pytest.mark.parametrize("case", ["missing", "no PEM", "another's certificate", "passphrase", "not RSA"])
async def test_a_certificate_that_cannot_be_used_is_told_at_the_start(case, make, tmp_path):
    """With the setting's name, and nothing of the file."""
    path = tmp_path / "none.pem"
    if case == "no PEM":
        path.write_text("hello")
    elif case == "another's certificate":
        path, _ = pem_file(tmp_path, certified=private_key("other"))
    elif case == "passphrase":
        path, _ = pem_file(tmp_path, password=b"x")
    elif case == "not RSA":
        path, _ = pem_file(tmp_path, key=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(TeamsSettingsError, match="TEAMS_CERT_PATH"):
        make(app_password="", certificate=path)


@pytest.mark.parametrize(
    ("header", "sent", "version"),
    [("", ("Metadata", "true"), "2018-02-01"), (SECRET, ("X-IDENTITY-HEADER", SECRET), "2019-08-01")],
    ids=["virtual machine", "App Service"],
)
async def test_a_managed_identity_asks_the_machine_it_runs_on(header, sent, version, make, server):
    """At the metadata address, or at App Service's own with its header; dates come as text there."""
    server.answers = [(200, f'{{"access_token": "mine", "expires_on": "{int(START.timestamp()) + 86400}"}}')]
    tokens = make(app_type=AppType.MANAGED_IDENTITY, app_password="", identity_header=header)
    assert await tokens.token() == "mine"
    path, query, headers = server.asked[0]
    assert (path, headers[sent[0]]) == ("/identity", sent[1])
    assert query == {"api-version": version, "resource": "https://api.botframework.com", "client_id": APP}


async def test_federated_credentials_trade_one_token_for_the_other(make, server):
    """The identity's token stands where a secret would be."""
    tokens = make(app_type=AppType.FEDERATED, app_password="", identity_client_id="identity")
    assert await tokens.token() == "token-2"
    (_, query, _), (path, form, _) = server.asked
    assert (query["resource"], query["client_id"]) == ("api://AzureADTokenExchange", "identity")
    assert (path, form["client_assertion"], form["client_id"]) == (
        "/t1/oauth2/v2.0/token",
        "token-1",
        APP,
    )


async def test_an_identity_that_is_not_there_is_named_for_federated_credentials(make, server):
    """The first of the two steps fails: the second is not tried."""
    server.answers = [(400, "{}")]
    tokens = make(app_type=AppType.FEDERATED, app_password="", identity_client_id="identity")
    with pytest.raises(EntraError, match="refused"):
        await tokens.token()
    assert len(server.asked) == 1


# --------------------------------------------------------------------------- kept, renewed, shared


async def test_fifty_callers_cause_one_request(make, server):
    """Single flight, per audience."""
    server.hold = asyncio.Event()
    tokens = make()
    callers = [asyncio.create_task(tokens.token()) for _ in range(50)]
    other = asyncio.create_task(tokens.token("https://other.example"))
    await until(lambda: len(server.asked) == 2)
    server.hold.set()
    assert len({await caller for caller in callers}) == 1
    assert await other != await callers[0]
    assert [form["scope"] for _, form, _ in server.asked] == [SCOPE, "https://other.example/.default"]


async def test_a_caller_who_leaves_does_not_take_the_token_along(make, server):
    """The others still get it."""
    server.hold = asyncio.Event()
    tokens = make()
    leaver, stayer = (asyncio.create_task(tokens.token()) for _ in range(2))
    await until(lambda: server.asked)
    leaver.cancel()
    server.hold.set()
    assert await stayer == "token-1"


async def test_a_token_is_kept_and_renewed_five_minutes_early_without_a_wait(make, server, clock):
    """The one that is still good is given out meanwhile."""
    tokens = make()
    await tokens.token()
    clock.move(3299)
    assert await tokens.token() == "token-1"
    assert len(server.asked) == 1
    clock.move(1)
    assert await tokens.token() == "token-1"
    await asyncio.gather(*tokens._flights.values())
    assert await tokens.token() == "token-2"
    assert len(server.asked) == 2


async def test_an_outage_uses_the_token_at_hand_until_it_ends(make, server, clock):
    """Then there is a typed error; nobody asks again within the cool-down; afterwards all is well."""
    tokens = make()
    await tokens.token()
    server.answers = [(503, "")] * 3
    clock.move(3400)
    assert await tokens.token() == "token-1"
    await asyncio.gather(*tokens._flights.values())
    assert await tokens.token() == "token-1"
    assert len(server.asked) == 2
    clock.move(200)
    with pytest.raises(EntraError) as told:
        await tokens.token()
    assert told.value.why is Why.UNREACHABLE
    with pytest.raises(EntraError):
        await tokens.token()
    assert len(server.asked) == 3
    clock.move(5)
    server.answers = []
    assert await tokens.token() == "token-4"


async def test_a_dropped_token_is_not_given_out_again(make, server):
    """The connector did not accept it."""
    tokens = make()
    tokens.drop(await tokens.token())
    assert await tokens.token() == "token-2"


FAILURES = {
    "refused": ((401, '{"error": "invalid_client", "error_description": "hunter2-hunter2"}'), Why.REFUSED),
    "bad request": ((400, "{}"), Why.REFUSED),
    "sent elsewhere": ((302, ""), Why.REFUSED),
    "too many": ((429, ""), Why.UNREACHABLE),
    "fault": ((500, "hunter2-hunter2"), Why.UNREACHABLE),
    "not JSON": ((200, "<html>hunter2-hunter2"), Why.UNREADABLE),
    "a list": ((200, "[]"), Why.UNREADABLE),
    "no token": ((200, '{"expires_in": 5}'), Why.UNREADABLE),
    "no end": ((200, '{"access_token": "t"}'), Why.UNREADABLE),
    "already over": ((200, GRANT % 0), Why.UNREADABLE),
    "an end that is no number": ((200, GRANT % '"soon"'), Why.UNREADABLE),
    "an end that is true": ((200, GRANT % "true"), Why.UNREADABLE),
    "a token with a line break": ((200, '{"access_token": "t\\nx", "expires_in": 9}'), Why.UNREADABLE),
    "deep": ((200, "[" * 100_000), Why.UNREADABLE),
}


@pytest.mark.parametrize(("answer", "why"), FAILURES.values(), ids=FAILURES)
async def test_a_failure_is_typed_and_says_no_secret(answer, why, make, server, caplog):
    """Neither the error, nor what it came from, nor the log holds what was sent or answered."""
    caplog.set_level(logging.DEBUG)
    server.answers = [answer]
    with pytest.raises(EntraError) as told:
        await make().token()
    assert (told.value.why, told.value.__cause__) == (why, None)
    assert SECRET not in caplog.text + repr(told.value) + repr(told.value.__context__)


async def test_a_server_that_is_not_there(make, server):
    """The same typed error."""
    tokens = make()
    await server.stop()
    with pytest.raises(EntraError, match="unreachable"):
        await tokens.token()


async def test_a_session_that_is_closed_is_a_failure_like_any_other(clock, caplog):
    """Whatever goes wrong inside comes out as the one error."""
    tokens = Tokens(credential(TeamsSettings(APP, app_password=SECRET), clock), Session(), clock)
    with pytest.raises(EntraError, match="unreadable"):
        await tokens.token()
    assert ClosedError.__name__ in caplog.text


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ('{"access_token": "t", "expires_in": 60}', 160),
        ('{"access_token": "t", "expires_in": "60"}', 160),
        ('{"access_token": "t", "expires_on": "170"}', 170),
        ('{"access_token": "t", "expires_in": 60, "expires_on": "170"}', 160),
    ],
)
def test_the_end_of_a_token_in_all_its_spellings(given, ends):
    """Entra and the managed identities each have their own."""
    assert read_grant(given.encode(), 100).ends == ends


def test_secrets_are_not_shown(clock):
    """Neither by a credential nor by what it asks."""
    settings = TeamsSettings(APP, tenant_id="t1", app_password=SECRET, identity_header=SECRET)
    made = credential(settings, clock)
    assert SECRET not in repr(made) + repr(asyncio.run(made("x", None)))
