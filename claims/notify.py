"""Tells systemd how far a service is, as sd_notify(3) says: one datagram to the socket that it names."""

from __future__ import annotations

import os
import socket
import time


def notify(*states: str) -> None:
    """`READY=1`, `STATUS=…`, `STOPPING=1`. Does nothing where no service manager asked for it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address[:1] not in {"/", "@"}:
        return
    name = "\0" + address[1:] if address[0] == "@" else address  # Linux: a name that is no file
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        try:
            sender.sendto("\n".join(states).encode(), name)
        except OSError:
            return  # whoever wanted to know is gone: no reason to stop working


def reloading() -> None:
    """The configuration is being read again; `READY=1` ends it."""
    notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
