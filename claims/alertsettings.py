"""What an `[[alerts]]` entry of the configuration may hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from claims.section import Section


class AlertSection(Section):
    """One `[[alerts]]` entry. `timeout`: seconds for one delivery; `most`: messages a round."""

    # Part of headers and keys, so nothing but letters, digits, - and _.
    name: str = Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")
    search: str = Field(min_length=1, max_length=2_000)
    enabled: bool = True
    mail: tuple[str, ...] = ()
    webhook: str = ""
    secret_env: str = ""
    secret_file: Path | None = None
    private: bool = False
    command: tuple[str, ...] = ()
    timeout: float = Field(default=10.0, gt=0, le=300)
    most: int = Field(default=20, ge=1, le=500)

    @field_validator("search")
    @classmethod
    def _is_search(cls, search: str) -> str:
        from db.alerts import check_search
        from db.errors import BadQuery

        try:
            check_search(search)
        except BadQuery as error:
            raise ValueError(f"cannot be searched for: {error}") from None
        return search

    @field_validator("mail", mode="before")
    @classmethod
    def _one_or_more(cls, mail: Any) -> Any:
        return (mail,) if isinstance(mail, str) else mail

    @field_validator("mail")
    @classmethod
    def _are_addresses(cls, mail: tuple[str, ...]) -> tuple[str, ...]:
        for address in mail:
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{address!r} is no mail address")
        return tuple(dict.fromkeys(mail))

    @field_validator("webhook")
    @classmethod
    def _is_open_to_posts(cls, url: str) -> str:
        from scraper.errors import RefusedAddress
        from scraper.posting import check_address

        try:
            return check_address(url) if url else url
        except RefusedAddress as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if not (self.mail or self.webhook or self.command):
            raise ValueError("goes nowhere: give mail, webhook or command")
        if self.webhook and bool(self.secret_env) == bool(self.secret_file):
            raise ValueError("a webhook's messages are signed: give secret_env or secret_file, one of them")
        if self.command and not self.command[0]:
            raise ValueError("command names no program")
        return self


_ADDRESS = re.compile(r"[^@\s<>,;:\"\x00-\x20\x7f]+@[^@\s<>,;:\"\x00-\x20\x7f]+")
