"""Collect what is wrong (breaches) and what was noticed (notes, warnings), so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from model.errors import BreachError

SHOWN = 5  # details per rule; the rest is counted


@dataclass(frozen=True)
class Breach:
    """One rule broken at one place; `rows` of the file share it."""

    rule: str
    what: str
    where: str = ""
    rows: int = 1

    def __str__(self) -> str:
        """Say it in one line."""
        more = f" ({self.rows} rows)" if self.rows > 1 else ""
        return f"{self.where}: {self.what}{more}" if self.where else f"{self.what}{more}"


@dataclass
class Findings:
    """Gather breaches, warnings and notes of one build; the only thing that grows while it runs."""

    breaches: list[Breach] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def breach(self, rule: str, what: str, where: str = "", rows: int = 1) -> None:
        """Record a broken rule."""
        self.breaches.append(Breach(rule, what, where, rows))

    def raise_if_any(self, where: str) -> None:
        """Raise BreachError with everything recorded, if there is anything."""
        if self.breaches:
            rows = sum(breach.rows for breach in self.breaches)
            what = f"{rows} rows break {len({b.rule for b in self.breaches})} rules; nothing was written."
            raise BreachError(what, self.breaches, where=where)


def report(breaches: Sequence[Breach]) -> Iterable[str]:
    """Yield the lines that show breaches: each rule with its number of rows and its first places."""
    for rule in dict.fromkeys(breach.rule for breach in breaches):
        own = [breach for breach in breaches if breach.rule == rule]
        rows = sum(breach.rows for breach in own)
        yield f"  {rule}: {rows} row{'s' if rows != 1 else ''}"
        yield from (f"    {breach}" for breach in own[:SHOWN])
        if len(own) > SHOWN:
            yield f"    … and {len(own) - SHOWN} more places"
