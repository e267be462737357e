"""What all sections of the configuration have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the configuration: it never changes, and a key that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
