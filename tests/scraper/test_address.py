"""R23: which addresses are never connected to, and that the check stands where it must."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

import pytest

from scraper.address import embedded, refused
from scraper.client import Client
from scraper.errors import RefusedAddress
from tests.loopback import Site

REFUSED = [
    "0.0.0.0",  # noqa: S104  # read, not bound
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
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
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
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
        ("2606:4700::1", None),
    ],
)
def test_embedded(outer: str, inner: str | None) -> None:
    assert embedded(IPv6Address(outer)) == (ip_address(inner) if inner else None)


def test_loopback_is_refused_before_any_connection(site: Site, client_for: Callable[..., Client]) -> None:
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=()).get(f"{site.url}/")
    assert site.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0"])
def test_odd_spellings_of_loopback_are_refused(
    host: str, site: Site, client_for: Callable[..., Client]
) -> None:
    with pytest.raises(RefusedAddress):
        client_for(allow_hosts=()).get(f"http://{host}:{site.port}/")
    assert site.requests == []


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
        if host not in table:
            return real(host, port, *arguments, **options)  # type: ignore[arg-type]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in table[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked
