"""R23 and R13: which addresses are never connected to, and that the check stands where it must."""

# ruff: noqa: E501, S104  # a table of addresses, none of which is bound

from __future__ import annotations

import http.server
import socket
from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_address

import httpcore
import pytest

from scraper.address import embedded, refused
from scraper.client import Client
from scraper.errors import RefusedAddress, Unreachable
from tests.loopback import Site

REFUSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:0:8.8.8.8",
    "::2:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2002:7f00:1::",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:10.0.0.1",
    "2606:4700::5efe:8.8.8.8",
    "2620:4f:8000::1",
    "3ffe::1",
    "4000::1",
    "8000::1",
    "e000::1",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert refused(ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_open(text: str) -> None:
    assert not refused(ip_address(text))


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("64:ff9b::7f00:1", "127.0.0.1"),
        ("2002:7f00:1::", "127.0.0.1"),
        ("::127.0.0.1", "127.0.0.1"),
        ("::ffff:0:127.0.0.1", "127.0.0.1"),
        ("64:ff9b:1::127.0.0.1", "127.0.0.1"),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.1"),
        ("2606:4700::5efe:127.0.0.1", "127.0.0.1"),
        ("2606:4700::200:5efe:127.0.0.1", "127.0.0.1"),
        ("2606:4700::1", None),
    ],
)
def test_embedded(outer: str, inner: str | None) -> None:
    assert embedded(IPv6Address(outer)) == (ip_address(inner) if inner else None)


def test_loopback_is_refused_before_any_connection(site: Site, client_for: Callable[..., Client]) -> None:
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=()).get(f"{site.url}/")
    assert site.requests == []


# Ways to write a host that must never be reached; the names are what resolvers answer on many machines.
SPELLINGS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.000.000.001", "127.255.255.254",
    "2130706433", "017700000001", "0x7f000001", "0X7F.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "127.0x0.1",
    "0", "0.0.0.0", "0x0", "00", "0.0", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "１２７．０．０．１", "127.0.0.1%00", "127.0.0%2e1",
    "%31%32%37.0.0.1", "10.0.0.1", "10.1", "167772161", "0xa000001", "172.16.0.1", "172.31.255.255", "192.168.1.1", "3232235777",
    "100.64.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "168.63.129.16", "198.18.0.1",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.88.99.1",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[2001:db8::5efe:127.0.0.1]", "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[::1%lo]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[5f00::1]",
    "[3fff::1]", "[v1.x]", "[::1", "localhost", "LOCALHOST", "localhost.", "LocalHost.LocalDomain", "foo.localhost",
    "ip6-localhost", "metadata.google.internal", "loopback.example", "private.example", "mapped.example", "all-private.example",
    "ｌｏｃａｌｈｏｓｔ", "local\u00adhost", "loc\u200balhost",
]  # fmt: skip
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "foo.localhost": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "loopback.example": ["127.0.0.1"],
    "private.example": ["192.168.0.1"],
    "mapped.example": ["::ffff:192.168.0.1"],
    "all-private.example": ["10.0.0.1", "fd00::1", "fe80::1%1", "64:ff9b::10.0.0.1"],
}


def test_there_are_enough_spellings() -> None:
    assert len(set(SPELLINGS)) == len(SPELLINGS) >= 60


@pytest.mark.parametrize("host", SPELLINGS, ids=ascii)
def test_no_spelling_reaches_a_private_address(
    host: str, site: Site, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23, asked for directly, as a feed, and as an article, whose robots.txt comes first."""
    connected = _never_connecting(monkeypatch)
    _names(monkeypatch, NAMES)
    client = client_for(allow_hosts=())
    for fetch in (client.get, client.feed, client.article):
        with pytest.raises(RefusedAddress) as caught:
            fetch(f"http://{host}:{site.port}/")
        assert caught.value.kind == "refused address"
    assert connected == []


@pytest.mark.parametrize("host", SPELLINGS, ids=ascii)
def test_no_redirect_reaches_a_private_address(
    host: str, site: Site, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R13: every hop is checked like the first URL."""
    _names(monkeypatch, NAMES)
    target = f"http://{host}:{site.port}/inner".encode()

    def moved(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: " + target + b"\r\nContent-Length: 0\r\n\r\n")

    site.script("/away", moved)
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=("opened.example",)).get(f"http://opened.example:{site.port}/away")
    assert site.paths() == ["/away"]


def test_a_resolver_that_changes_its_answer_gains_nothing(
    site: Site, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23, DNS rebinding: a name is asked for once a fetch, and what was checked is connected to."""
    connected = _never_connecting(monkeypatch)
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1", "93.184.215.14"], ["::1"]])
    table = _Changing(answers)
    asked = _names(monkeypatch, table)
    client = client_for(allow_hosts=())
    for expected in (Unreachable, RefusedAddress, Unreachable, RefusedAddress):
        with pytest.raises(expected):
            client.get(f"http://two-faced.example:{site.port}/")
    assert asked == ["two-faced.example"] * 4
    assert connected == ["93.184.215.14"] * 2


class _Changing(dict[str, list[str]]):
    """Answers each question about any ".example" name with the next list."""

    def __init__(self, answers: Iterator[list[str]]) -> None:
        super().__init__()
        self._answers = answers

    def __contains__(self, name: object) -> bool:
        return str(name).endswith(".example")

    def __missing__(self, name: str) -> list[str]:
        return next(self._answers)


def _never_connecting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No connection is made; gives the addresses that one was asked to."""
    connected: list[str] = []

    def connect_tcp(self: object, host: str, *arguments: object, **options: object) -> object:
        connected.append(host)
        raise httpcore.ConnectError("nothing is connected in this test")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    return connected


def test_a_name_that_leads_to_loopback_is_refused(
    site: Site, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    _names(monkeypatch, {"harmless.example": ["127.0.0.1"]})
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=()).get(f"http://harmless.example:{site.port}/")
    assert site.requests == []


def test_the_checked_address_is_the_one_connected_to(
    site: Site, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for once: a second answer, to a second question, would never be checked."""
    asked = _names(monkeypatch, {"two-faced.example": ["127.0.0.1"]})
    site.page("/", "hello")
    client = client_for(allow_hosts=("two-faced.example",))
    assert client.get(f"http://two-faced.example:{site.port}/").body == b"hello"
    assert asked == ["two-faced.example"]


def test_a_redirect_to_a_private_address_is_refused(site: Site, client_for: Callable[..., Client]) -> None:
    site.redirect("/away", f"http://localhost:{site.port}/inner")
    with pytest.raises(RefusedAddress) as caught:
        client_for(allow_hosts=(f"127.0.0.1:{site.port}",)).get(f"{site.url}/away")
    assert site.paths() == ["/away"]
    assert "localhost" in caught.value.url


def test_a_private_host_is_opened_by_name_and_port_only(
    site: Site, client_for: Callable[..., Client]
) -> None:
    site.page("/", "hello")
    assert client_for(allow_hosts=(f"127.0.0.1:{site.port}",)).get(f"{site.url}/").status == 200
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=("127.0.0.1:1",)).get(f"{site.url}/")


def test_the_environment_names_no_proxy(site: Site, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.page("/", "hello")
    assert client.get(f"{site.url}/").body == b"hello"


def _names(monkeypatch: pytest.MonkeyPatch, table: dict[str, list[str]]) -> list[str]:
    """Answers for names without a name server; gives the list of names asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *arguments: object, **options: object) -> object:
        name = host.lower().rstrip(".")
        if name == "opened.example":
            name, found = host, ["127.0.0.1"]
        elif name in table:
            asked.append(host)
            found = table[name]
        else:
            return real(host, port, *arguments, **options)  # type: ignore[arg-type]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
