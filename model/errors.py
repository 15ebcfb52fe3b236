"""Every exception of the core.

DatalabError                  says what, where and what to do; the one boundary catches it
├── ConfigurationError        config.toml cannot be used as written
├── PackageError              a data package's own metadata cannot be used
├── UnknownName               a name that is not in the catalogue; carries near names
├── SelectionError            a question that cannot be asked of this table
├── IngestError               a source file did not become rows
│   ├── ReadError             the file itself cannot be read as a table
│   ├── RecipeError           the recipe does not fit the file
│   └── BreachError           the rows break rules; carries every breach
├── ForecastError             a series cannot be forecast
└── ProjectionError           a population cannot be projected
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any


class DatalabError(Exception):
    """Say what went wrong, where, and what to do about it."""

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(" ".join(part for part in (f"{where}:" if where else "", what, hint) if part))


class ConfigurationError(DatalabError):
    """Refuse a configuration that cannot be used as written."""


class PackageError(DatalabError):
    """Refuse a data package whose metadata cannot be used."""


class UnknownName(DatalabError):
    """Report a name that is not known, with the known names nearest to it."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind, self.name = kind, name
        self.near = near_names(name, known)
        hint = f"Did you mean {', '.join(map(repr, self.near))}?" if self.near else ""
        super().__init__(f"{kind} {name!r} is not known.", where=where, hint=hint)


class SelectionError(DatalabError):
    """Refuse a question that cannot be asked of this table."""


class IngestError(DatalabError):
    """Report that a source file did not become rows."""


class ReadError(IngestError):
    """Report that a file cannot be read as a table."""


class RecipeError(IngestError):
    """Report that a recipe does not fit its file."""


class BreachError(IngestError):
    """Carry every breach found, so that all can be mended at once."""

    def __init__(self, what: str, breaches: Sequence[Any], *, where: str = "", hint: str = "") -> None:
        self.breaches = tuple(breaches)
        super().__init__(what, where=where, hint=hint)


class ForecastError(DatalabError):
    """Report that a series cannot be forecast, and why."""


class ProjectionError(DatalabError):
    """Report that a population cannot be projected, and why."""


def near_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return up to `most` known names that look like `name`, nearest first."""
    folded = {candidate.casefold(): candidate for candidate in known}
    return tuple(folded[hit] for hit in get_close_matches(name.casefold(), folded, n=most, cutoff=0.55))
