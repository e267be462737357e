"""The sections of the configuration about the digest, who gets it, and the server that takes the mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from claims.addresses import checked_address, checked_mailbox
from claims.section import Language, Section, Zone
from extractors.claim import Kind

if TYPE_CHECKING:
    from claims.digest.window import Recipient

# What a name to filter by may be: a quotation mark would end it in a query.
FilterName = Annotated[str, Field(min_length=1, max_length=100, pattern=r'^[^"„“”«»]*\w[^"„“”«»]*$')]


def is_local(host: str) -> bool:
    """Whether a mail server's name is this machine's own."""
    return host in {"localhost", "127.0.0.1", "::1"}


class RecipientSection(Section):
    """One `[[digest.recipients]]` entry: who gets the mail, and what of; no filter leaves everything."""

    address: str
    companies: tuple[FilterName, ...] = ()
    products: tuple[FilterName, ...] = ()
    kinds: tuple[Kind, ...] = ()
    lang: tuple[Language, ...] = ()
    language: Literal["de", "en"] | None = None

    @field_validator("address")
    @classmethod
    def _is_address(cls, address: str) -> str:
        return checked_address(address.strip())

    def recipient(self) -> Recipient:
        """The same as the digest's record."""
        from claims.digest.window import Recipient

        return Recipient(**self.model_dump())


class DigestSection(Section):
    """The mail of the week. `schedule` is a cron expression in `zone`, or empty: then it is sent by hand.

    `max_items`: new statements in it, half as many of what changed or falls due; fewer in a mail too large.
    `unsubscribe`: an address or https address that leads off the list; the sender's where there is none.
    """

    language: Literal["de", "en"] = "en"
    zone: Zone = "UTC"
    schedule: str = Field(default="", pattern=r"^\s*(?:\S+(?:\s+\S+){4}\s*)?$")
    max_items: int = Field(default=10, ge=1, le=100)
    unsubscribe: str = Field(default="", pattern=r"^(?:https://[!-~]+|(?:mailto:)?[^\s<>@]+@[^\s<>@]+|)$")
    recipients: tuple[RecipientSection, ...] = ()

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone that its days and its schedule count in."""
        return ZoneInfo(self.zone)


class MailSection(Section):
    """The mail server; none without `host`. `timeout`: seconds an answer. The password stands elsewhere."""

    host: str = Field(default="", pattern=r"^[A-Za-z0-9.:-]*$", max_length=253)
    port: int | None = Field(default=None, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""
    user: str = Field(default="", pattern=r"^[ -~]*$")
    password_env: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = Field(default=30.0, gt=0, le=600)

    @field_validator("sender")
    @classmethod
    def _is_mailbox(cls, sender: str) -> str:
        return checked_mailbox(sender) if sender else sender

    @field_validator("password_env")
    @classmethod
    def _is_variable(cls, name: str) -> str:
        if name and not (name.isascii() and name.isidentifier()):
            # Not shown: it may well be the password itself.
            raise ValueError("must be the name of an environment variable such as CLAIMS_MAIL_PASSWORD")
        return name

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("sender is missing: the address that mail comes from")
        if bool(self.password_env) + bool(self.password_file) != bool(self.user):
            raise ValueError("user goes with one of password_env and password_file, and neither without it")
        if self.user and self.security == "none" and not self.local:
            raise ValueError("security 'none' would send the password readable for all on the way")
        return self

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        return is_local(self.host)

    @property
    def port_used(self) -> int:
        """The port, the usual one of its kind where none is named."""
        return self.port or {"starttls": 587, "tls": 465}.get(self.security, 25)
