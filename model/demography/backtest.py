"""Project from earlier jump-off years with what was known then, and show the misses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.catalogue import Words
from model.demography.baseline import baseline
from model.demography.observed import DemographySources, Observed
from model.demography.population import Array, five_year_groups
from model.demography.uncertainty import draw, interval, shocks

NAIVE_YEARS = 10


@dataclass(frozen=True)
class Miss:
    """One projection of the past against what came: totals, 21 five-year groups of the whole, totals of the areas."""

    origin: int
    year: int
    projected: float
    actual: float
    naive: float
    groups: Array
    actual_groups: Array
    lower: Array
    upper: Array
    areas: Array
    actual_areas: Array
    old: tuple[float, float]

    @property
    def error(self) -> float:
        """Return the miss of the total in per cent."""
        return 100.0 * (self.projected / self.actual - 1.0)

    @property
    def naive_error(self) -> float:
        """Return the miss of constant growth in per cent."""
        return 100.0 * (self.naive / self.actual - 1.0)

    @property
    def coverage(self) -> float:
        """Return the share of age groups inside their interval."""
        return float(((self.actual_groups >= self.lower) & (self.actual_groups <= self.upper)).mean())

    @property
    def group_error(self) -> float:
        """Return the mean absolute miss of the age groups below 95, in per cent."""
        ratio = self.groups[:19] / np.maximum(self.actual_groups[:19], 1.0)
        return float(100.0 * np.abs(ratio - 1.0).mean())

    @property
    def area_error(self) -> float:
        """Return the mean absolute miss of the areas' totals in per cent."""
        return float(100.0 * np.abs(self.areas / np.maximum(self.actual_areas, 1.0) - 1.0).mean())


def backtest(
    observed: Observed, sources: DemographySources, origins: Sequence[int], horizon: int, *, draws: int = 1000, level: float = 0.8
) -> tuple[Miss, ...]:
    """Return a miss per origin: rates, levels and the size of errors come from the years up to it alone.

    Raises ProjectionError where there is no stock of an origin or of `horizon` years after it.
    """
    return tuple(_miss(observed, sources, origin, horizon, draws, level) for origin in origins)


def _miss(observed: Observed, sources: DemographySources, origin: int, horizon: int, draws: int, level: float) -> Miss:
    known = observed.until(origin)
    actual = observed.until(origin + horizon).stock[-1]
    base = baseline(known, sources, origin + horizon)
    projected = base.projection.stock[-1]
    drawn = draw(base.base, base.assumptions, horizon, base.spread, shocks(draws, horizon, len(base.base.areas)))
    groups = five_year_groups(drawn.stock[-1].sum(axis=(1, 2)))
    lower, upper = interval(groups, level, axis=0)
    return Miss(
        origin, origin + horizon, float(projected.sum()), float(actual.sum()), constant_growth(known, horizon),
        five_year_groups(projected.sum(axis=(0, 1))), five_year_groups(actual.sum(axis=(0, 1))), lower, upper,
        projected.sum(axis=(1, 2)), actual.sum(axis=(1, 2)),
        (float(projected[..., 80:].sum()), float(actual[..., 80:].sum())),
    )  # fmt: skip


def constant_growth(observed: Observed, horizon: int) -> float:
    """Return the naive total: the mean yearly growth since the first stock of the last ten years goes on."""
    totals = observed.stock.sum(axis=(1, 2, 3))[-1 - NAIVE_YEARS :]
    first = int(np.flatnonzero(np.isfinite(totals))[0])
    behind = len(totals) - 1 - first
    return float(totals[-1] * (totals[-1] / totals[first]) ** (horizon / max(behind, 1)))


def verdict(misses: Sequence[Miss]) -> Words:
    """Return what the past says, as a sentence for the page."""
    inside = sum(miss.coverage for miss in misses) / len(misses)
    typical = float(np.median([abs(miss.error) for miss in misses]))
    naive = float(np.median([abs(miss.naive_error) for miss in misses]))
    years = misses[0].year - misses[0].origin
    tenths = round(10 * inside)
    return Words(
        f"Wer so aus {len(misses)} früheren Jahren {years} Jahre vorausgerechnet hätte, hätte die Gesamtzahl im Mittel um "
        f"{_de(typical)} % verfehlt (einfaches Fortschreiben des Wachstums: {_de(naive)} %); {tenths} von 10 Altersgruppen lagen "
        "im Bereich.",
        f"Projecting {years} years ahead from {len(misses)} earlier years would have missed the total by {typical:.1f} % on the "
        f"median (constant growth: {naive:.1f} %); {tenths} of 10 age groups lay inside their range.",
    )


def _de(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
