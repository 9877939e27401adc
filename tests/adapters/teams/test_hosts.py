"""Where the coach's own token may go: nothing but the listed hosts, however an address is written."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.teams.clouds import CLOUDS, PUBLIC
from adapters.teams.hosts import Hosts, loopback, may_be_added, safe

HOSTS, DEVELOPMENT = Hosts(), Hosts(development=True)
EXACT, *SUFFIXES = PUBLIC.hosts

GOOD = [
    "https://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net/amer/11111111-2222-3333-4444-555555555555/",
    "https://smba.trafficmanager.net",
    "https://smba.trafficmanager.net:443/emea",
    "https://europe.botframework.com/",
    "https://a.b.botframework.com",
    "https://x.infra.gcc.teams.microsoft.com/",
]
OF_CLOUDS = {
    "public": ["https://smba.trafficmanager.net/emea/", "https://smba.infra.gcc.teams.microsoft.com/gcc"],
    "usgov": ["https://smba.infra.gov.teams.microsoft.us/gcch/"],
    "dod": ["https://smba.infra.dod.teams.microsoft.us/dod/"],
}
BAD = [
    "",
    "https://",
    "http://smba.trafficmanager.net/emea/",
    "HTTPS://smba.trafficmanager.net/",
    "ftp://smba.trafficmanager.net/",
    "//smba.trafficmanager.net/",
    "smba.trafficmanager.net",
    "https:smba.trafficmanager.net",
    "https:///smba.trafficmanager.net",
    "https://smba.trafficmanager.net.evil.com/",
    "https://evil-smba.trafficmanager.net/",
    "https://evil.smba.trafficmanager.net/",
    "https://evil.trafficmanager.net/",
    "https://trafficmanager.net/",
    "https://botframework.com/",
    "https://evil-botframework.com/",
    "https://evilbotframework.com/",
    "https://.botframework.com/",
    "https://x..botframework.com/",
    "https://-x.botframework.com/",
    "https://x_y.botframework.com/",
    "https://x.botframework.com.evil.com/",
    "https://x.botframework.com@evil.com/",
    "https://evil.com/x.botframework.com",
    "https://evil.com?x.botframework.com",
    "https://evil.com#x.botframework.com",
    "https://evil.com\\x.botframework.com/",
    "https://x.botframework.com\\@evil.com/",
    "https://user@smba.trafficmanager.net/",
    "https://user:pass@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net@evil.com/",
    "https://smba.trafficmanager.net:8443/",
    "https://smba.trafficmanager.net:80/",
    "https://smba.trafficmanager.net:0443/",
    "https://smba.trafficmanager.net:/",
    "https://smba.trafficmanager.net:443@evil.com/",
    "https://smba.trafficmanager.net./",
    "https://x.botframework.com./",
    "https://SMBA.trafficmanager.net/",
    "https://smba.trafficmanager.net/emea/?x=1",
    "https://smba.trafficmanager.net/emea/#x",
    "https://smba.trafficmanager.net/%2e%2e/",
    "https://smba.trafficmanager.net/../x",
    "https://smba.trafficmanager.net/./x",
    "https://smba.trafficmanager.net/emea/ ",
    " https://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/\n",
    "https://smba.trafficmanager.net\n",
    "https://smba.trafficmanager.net\t/",
    "https://smba.trafficmanager.net\x00/",
    "https://smba。trafficmanager。net/",
    "https://ѕmba.trafficmanager.net/",
    "https://x.botframework.cоm/",
    "https://x.botframeworK.com/",
    "https://smba.trafficmanager.net／evil",
    "https://127.0.0.1/",
    "http://localhost:3978/",
    "http://127.0.0.1:3978/",
    "https://smba.trafficmanager.net/" + "a" * 1000,
]


@pytest.mark.parametrize("url", GOOD)
def test_the_hosts_of_bot_framework_are_allowed(url):
    """As the connector names itself in its activities."""
    assert HOSTS.allows(url)
    assert not DEVELOPMENT.allows(url)  # unsigned callers get no answer sent elsewhere


@pytest.mark.parametrize("url", BAD)
def test_everything_else_is_not(url):
    """However near it looks."""
    assert not HOSTS.allows(url)


PIECES = st.sampled_from([
    "https://", "http://", "//", "smba.trafficmanager.net", "botframework.com", ".botframework.com", "x",
    "evil.com", "@", ":", "443", ":443", "/", "\\", "?", "#", ".", "..", "-", "%2e", "%00", "。", "／", "K",
    "ſ", "İ", " ", "\t", "\n", "localhost", "127.0.0.1", "[::1]", "user:pass@", "XN--", "é",
])  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map("".join)))
@example("https://smba.trafficmanager.net")
def test_whatever_is_allowed_reads_the_same_to_everybody(url):
    """What passes is https, on a listed host, on its usual port, without user, query, fragment or escape."""
    if not HOSTS.allows(url):
        return
    parts = urlsplit(url)
    assert url.isascii()
    assert parts.scheme == "https"
    assert parts.hostname == EXACT or parts.hostname.endswith(tuple(SUFFIXES))
    assert parts.port in (None, 443)
    assert (parts.username, parts.password, parts.query, parts.fragment) == (None, None, "", "")
    assert not set(url) & set("@\\%?# \t\n")


@given(st.text("abc.-:@/\\%é。 ", max_size=12), st.text("abc.-:@/\\%é。 ", max_size=12))
def test_nothing_around_a_good_host_makes_another_host_good(before, after):
    """Text in front of it or behind it keeps the host what it says, or is refused."""
    for name in ("smba.trafficmanager.net", "x.botframework.com"):
        url = f"https://{before}{name}{after}"
        if HOSTS.allows(url):
            host = urlsplit(url).hostname
            assert host == EXACT or host.endswith(".botframework.com")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:56150/_connector",
        "http://127.0.0.1:3978",
        "http://127.255.0.9/",
        "http://[::1]:3978/x",
        "https://localhost/",
    ],
)
def test_this_machine_is_allowed_with_the_development_switch_only(url):
    """The Playground's connector is here."""
    assert DEVELOPMENT.allows(url)
    assert not HOSTS.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost.evil.com/",
        "http://127.0.0.1.evil.com/",
        "http://127.0.0.1@evil.com/",
        "http://evil.com:127/",
        "http://128.0.0.1/",
        "http://127.0.0.256/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://2130706433/",
        "http://[::2]/",
        "http://[::1%25lo]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
    ],
)
def test_nothing_but_this_machine_is_allowed_with_it(url):
    """An address that only looks like this machine is not."""
    assert not DEVELOPMENT.allows(url)


@pytest.mark.parametrize("name", CLOUDS)
@pytest.mark.parametrize(("of", "urls"), OF_CLOUDS.items())
def test_each_cloud_answers_to_its_own_hosts(name, of, urls):
    """The token of one cloud is not shown to another."""
    assert {Hosts(cloud=CLOUDS[name]).allows(url) for url in urls} == {name == of}


def test_further_hosts_are_exact():
    """A host that a setting names, over https; a port of this machine, over http."""
    hosts = Hosts(frozenset({"relay.example.com", "127.0.0.1:56150"}))
    assert hosts.allows("https://relay.example.com/x")
    assert hosts.allows("http://127.0.0.1:56150/_connector")
    for url in (
        "http://relay.example.com/x",
        "https://x.relay.example.com/",
        "https://relay.example.com:8443/",
        "http://127.0.0.1:56151/",
        "http://127.0.0.1/",
        "http://localhost:56150/",
    ):
        assert not hosts.allows(url)


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        ("relay.example.com", True),
        ("127.0.0.1:56150", True),
        ("localhost:1", True),
        ("[::1]:5", True),
        ("localhost", False),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("10.0.0.1:80", False),
        ("relay.example.com:443", False),
        ("*.example.com", False),
        (".example.com", False),
        ("https://relay.example.com", False),
        ("Relay.example.com", False),
        ("relay", False),
        ("", False),
        ("x" * 60 + ".com" * 60, False),
    ],
)
def test_what_the_setting_may_name(entry, good):
    """Exact hosts, and ports of this machine."""
    assert may_be_added(entry) is good


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://login.botframework.com/v1/.well-known/openidconfiguration", True),
        ("http://127.0.0.1:4000/keys", True),
        ("http://login.botframework.com/v1/keys", False),
        ("https://user@login.botframework.com/", False),
        ("file:///etc/passwd", False),
        ("x" * 2000, False),
    ],
)
def test_keys_come_over_https_or_from_this_machine(url, good):
    """Never over a line that anybody on the way could write into."""
    assert safe(url) is good


def test_loopback_is_decided_without_a_name_server():
    """By the address as it is written."""
    assert all(map(loopback, ("127.0.0.1", "localhost", "::1", "[::1]")))
    assert not any(map(loopback, ("", "0.0.0.0", "::", "localhost.", "127.0.0.1.example.com", "testclient")))
