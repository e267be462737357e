"""The section of the configuration about what happens by itself."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from claims.section import Section, Zone


class DaemonSection(Section):
    """What happens by itself beside rounds and digests. `zone` is also the one of all times that are logged.

    `pause`: the fewest seconds between two rounds. `backups`: how many daily copies are kept, 0 for none.
    `listen`: where /healthz and /metrics answer, such as "127.0.0.1:9464"; nowhere without.
    """

    zone: Zone = "UTC"
    pause: float = Field(default=60.0, ge=0.1, le=86_400)
    housekeeping: str = Field(default="03:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    backups: int = Field(default=7, ge=0, le=1000)
    backup_path: Path = Path("backups")
    listen: str = ""
    listen_beyond_loopback: bool = False

    @field_validator("listen")
    @classmethod
    def _is_address(cls, listen: str) -> str:
        host, _, port = listen.rpartition(":")
        if listen and not (host and port.isascii() and port.isdigit() and int(port) < 65_536):
            raise ValueError(f"should be an address and a port, such as '127.0.0.1:9464', not {listen!r}")
        return listen

    @model_validator(mode="after")
    def _stays_inside(self) -> Self:
        host = self.listen.rpartition(":")[0].strip("[]")
        if self.listen and not _is_loopback(host) and not self.listen_beyond_loopback:
            raise ValueError(
                f"listen names {host!r}, which other machines may reach: use 127.0.0.1, or set "
                "listen_beyond_loopback = true"
            )
        return self


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
