"""A host that answers as badly as hosts can, in a process of its own, so that its bombs weigh on no test.

    python -m tests.hostile_host        prints the ports it listens on as JSON, ends with its standard input

The cases stand in `tests/scraper/hostile_cases.py`. The name in the Host header chooses the case: its first
label. What happens before a request is read needs ports of its own:

    plain    reads the request, then answers as the case wants
    secure   the same behind a certificate that nobody signed
    mute     accepts and says nothing, ever
    talk     accepts and talks HTTP without having been asked
    reset    accepts and breaks the connection
    closed   nobody listens
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Handler = Callable[[socket.socket], None]

# Made for these tests and for nothing else; it opens nothing.
CERTIFICATE = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/fayZbyVjozmg0R9
E3FsaOXfT8gEWUU4hSx7+kEe9KKhRANCAASLOV/Jtq8DBWE29lvg49Tq4D9BuWgk
98+Ro7d5549TfDhai4TfeoQNUATp7OE3bMGBuKHW7YDaDO1yNkWWzxNG
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBjDCCATGgAwIBAgIUbChBmovZVzDfv8DtQ6zAYi6wI14wCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPaG9zdGlsZS5leGFtcGxlMCAXDTI2MTEyMjEwMzYzMloYDzIx
MjYxMDI5MTAzNjMyWjAaMRgwFgYDVQQDDA9ob3N0aWxlLmV4YW1wbGUwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASLOV/Jtq8DBWE29lvg49Tq4D9BuWgk98+Ro7d5
549TfDhai4TfeoQNUATp7OE3bMGBuKHW7YDaDO1yNkWWzxNGo1MwUTAdBgNVHQ4E
FgQUBfCOs6NzG+ZrBo5NU22GXcCYl+wwHwYDVR0jBBgwFoAUBfCOs6NzG+ZrBo5N
U22GXcCYl+wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA8t8R
ecQIj8JsiIbgK036dhCakd/DDgCIOxkZKAoM1kcCIQCe0i5iZeQ19/CUdaDxL9Ls
1KIXRnRrC5TTa4eCsLxOPw==
-----END CERTIFICATE-----
"""


def reset(connection: socket.socket) -> None:
    """Break the connection so that the other side notices: no farewell, a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _mute(connection: socket.socket) -> None:
    time.sleep(30)


def _talk(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    time.sleep(1)


def _answering(secure: bool) -> Handler:
    from tests.scraper.hostile_cases import answer_to, prepare  # noqa: PLC0415  # not needed to start it

    prepare()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_text(CERTIFICATE)
        context.load_cert_chain(file)

    def handle(connection: socket.socket) -> None:
        if secure:
            connection = context.wrap_socket(connection, server_side=True)
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return
            request += piece
        path = request.split(b" ", 2)[1].decode()
        fields = dict(line.split(b": ", 1) for line in request.split(b"\r\n")[1:] if b": " in line)
        host = {name.lower(): value for name, value in fields.items()}[b"host"].decode()
        for piece in answer_to(host, path):
            if piece is None:
                reset(connection)
                return
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                connection.sendall(piece)
        if secure:
            connection.unwrap()

    return handle


def _serve(handle: Handler) -> int:
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)

    def guarded(connection: socket.socket) -> None:
        try:
            handle(connection)
        except OSError:
            return  # the client hung up: that is what most of the cases want
        finally:
            connection.close()

    def loop() -> None:
        while True:
            threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return int(listener.getsockname()[1])


def main() -> None:
    deaf = socket.socket()  # bound to the end and never listening, so that no test beside takes its port
    deaf.bind(("127.0.0.1", 0))
    closed = deaf.getsockname()[1]
    handlers = {
        "plain": _answering(False),
        "secure": _answering(True),
        "mute": _mute,
        "talk": _talk,
        "reset": reset,
    }
    ports = {name: _serve(handle) for name, handle in handlers.items()}
    print(json.dumps({**ports, "closed": closed}), flush=True)
    sys.stdin.read()
    deaf.close()


@contextmanager
def running() -> Iterator[dict[str, int]]:
    """The host in its process; gives its ports by name."""
    root = Path(__file__).parents[1]
    call = [sys.executable, "-m", "tests.hostile_host"]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    main()
