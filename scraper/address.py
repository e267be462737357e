"""The address guard: names are resolved here, checked, and the checked address is the one connected to.

It sits after DNS and before TCP, so that a name which changes its mind between check and connection
(DNS rebinding) gains nothing. `ipaddress.is_global` is not enough: it lets multicast, 6to4, NAT64 and
IPv4-compatible addresses through. So the refused IPv4 networks are listed, of IPv6 only what is given out as
global unicast is open, and IPv4 inside IPv6 is unwrapped.
"""

from __future__ import annotations

import queue
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore

from scraper.deadline import Deadline
from scraper.errors import RefusedAddress, TooSlow, Unreachable, Word

Address = IPv4Address | IPv6Address
_NUMBERS = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)

_REFUSED: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT, cloud metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a public number that is a cloud's metadata service inside its machines
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
)
# All of IPv6 that is given out for the public internet. Outside it lie loopback and IPv4-compatible (::/96),
# translated (::ffff:0:0:0/96), local NAT64 (64:ff9b:1::/48), discard (100::/64), segment routing (5f00::/16),
# unique local (fc00::/7), link-local (fe80::/10), site-local (fec0::/10) and multicast (ff00::/8).
_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_LOW_HALVES = (
    ip_network("::/96"),  # IPv4-compatible
    ip_network("::ffff:0:0:0/96"),  # IPv4-translated
    ip_network("64:ff9b:1::/48"),  # local NAT64, as most write it
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # the third quarter of an address whose last is an IPv4 address


def refused(address: Address) -> bool:
    """Whether an address is none of the public internet's; IPv4 inside IPv6 counts as itself."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return True
        inner = embedded(address)
        # A translated address that leads to a public IPv4 is fine only where translators are the norm.
        if inner is not None and (refused(inner) or not _translated(address)):
            return True
        if inner is not None:
            return False
        if address not in _UNICAST:
            return True
    return any(address.version == network.version and address in network for network in _REFUSED)


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, translated, compatible, 6to4, Teredo, ISATAP or NAT64 one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    inside = address in _NAT64 or any(address in network for network in _LOW_HALVES)
    if inside or int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _translated(address: IPv6Address) -> bool:
    """Mapped and NAT64 addresses are ordinary ways to a public IPv4; the tunnels are not."""
    return address.ipv4_mapped is not None or address in _NAT64


_address = lru_cache(maxsize=1024)(ip_address)  # the same few are read at every fetch


@lru_cache(maxsize=1024)
def _without_dot(host: str) -> str:
    """An address may end in a dot, as names may; resolvers would take it for a name."""
    try:
        return str(ip_address(host.rstrip(".")))
    except ValueError:
        return host


def opened(hosts: Iterable[str]) -> frozenset[str]:
    """Private hosts that a setting opens, as "host" or "host:port" (tests, intranet), in one spelling."""
    return frozenset(name.lower() for name in hosts)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects httpcore to checked addresses only, all within one deadline.

    `allowed` are private hosts that are opened all the same, as `opened` gives them.
    """

    def __init__(self, deadline: Deadline, allowed: frozenset[str] = frozenset()) -> None:
        self._deadline = deadline
        self._allowed = allowed
        self._sockets = httpcore.SyncBackend()
        self.ended = False  # whether a server closed its connection; a protocol error then means "cut off"

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, connect to the first checked address that answers."""
        addresses = [_address(text) for text in self._resolve(_without_dot(host), port)]
        if not self._opened(host, port):
            addresses = [address for address in addresses if not refused(address)]
        if not addresses:
            raise RefusedAddress(
                f"{host} leads to an address that is not on the public internet; allow_hosts opens your own",
                host,
            )
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                wait = self._deadline.bound(timeout)
                stream = self._sockets.connect_tcp(str(address), port, wait, local_address, socket_options)
                return _TimedStream(stream, self._deadline, self._end)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        assert failure is not None  # noqa: S101  # the loop ran at least once
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: the web is not on this machine."""
        raise RefusedAddress("local sockets are never opened", path)

    def _end(self) -> None:
        self.ended = True

    def _opened(self, host: str, port: int) -> bool:
        name = host.lower()
        return name in self._allowed or f"{name}:{port}" in self._allowed

    def _resolve(self, host: str, port: int) -> list[str]:
        """All addresses of a name, in the system's order, within the deadline.

        `getaddrinfo` takes no timeout and may block for minutes, hence the thread that is left behind.
        """
        if _NUMBERS.fullmatch(host):
            return [host]  # nobody needs to be asked, and a thread costs half as much as the whole fetch
        answers: queue.Queue[list[str] | Exception] = queue.Queue()

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                answers.put([str(entry[4][0]) for entry in found])
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True, name="resolve").start()
        try:
            answer = answers.get(timeout=self._deadline.bound(None))
        except queue.Empty:
            raise TooSlow(f"the name {host} was not resolved in time", host) from None
        if isinstance(answer, Exception):
            raise Unreachable(
                f"the host's name {host} cannot be resolved: it does not exist, or there is no network",
                host,
                Word.DNS,
            ) from answer
        return list(dict.fromkeys(answer))


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait also ends at the deadline: a slow drip cannot outlast it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, ended: Callable[[], None]) -> None:
        self._inner = inner
        self._deadline = deadline
        self._ended = ended

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As httpcore's, bounded."""
        data = self._inner.read(max_bytes, self._deadline.bound(timeout))
        if not data:
            self._ended()
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As httpcore's, bounded."""
        self._inner.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        """As httpcore's."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore's, bounded."""
        wait = self._deadline.bound(timeout)
        secure = self._inner.start_tls(ssl_context, server_hostname, wait)
        return _TimedStream(secure, self._deadline, self._ended)

    def get_extra_info(self, info: str) -> Any:
        """As httpcore's."""
        return self._inner.get_extra_info(info)
