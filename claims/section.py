"""What all sections of the configuration have in common."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the configuration: it never changes, and a key that it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def known_zone(zone: str) -> str:
    """The zone itself; raises ValueError where there is none of that name."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{zone!r} is no time zone such as Europe/Berlin") from None
    return zone


def known_language(lang: str) -> str:
    """The language itself; raises ValueError where the extractor has no words for it."""
    from extractors.languages.lexicon import available

    if lang not in available():
        raise ValueError(f"there are no words for {lang!r}; known languages: {', '.join(available())}")
    return lang


# Checked wherever they stand.
Zone = Annotated[str, AfterValidator(known_zone)]
Language = Annotated[str, AfterValidator(known_language)]
