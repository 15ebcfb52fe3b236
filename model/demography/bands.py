"""Prediction intervals of measures for every area, the city, and what a scenario changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from model.demography.assumptions import Assumptions
from model.demography.baseline import Baseline
from model.demography.levers import Levers, apply
from model.demography.measures import MEASURES, Measure
from model.demography.population import Array, five_year_groups
from model.demography.projection import Projection
from model.demography.uncertainty import Shocks, draw, interval, shocks

DRAWS = 200
CHUNK = 25  # draws at a time: keeps 28 areas × 16 years under 50 MB
TURNOVER = 0.08  # part of a cell that a year replaces; what chance has touched after h years is 1 − (1 − turnover)^h
SCORES = {0.8: 1.2816, 0.9: 1.6449, 0.95: 1.9600}


@dataclass(frozen=True)
class Band:
    """How far a measure may lie from its central path, (years + 1, areas + 1) with the city last.

    `below` and `above` are factors for a count (1 and more: lower = central ÷ below, upper = central × above) and
    differences for everything else.
    """

    measure: str
    level: float
    below: Array
    above: Array

    def around(self, central: Array) -> tuple[Array, Array]:
        """Return the interval around a central path of the same shape, a scenario's as well as the baseline's."""
        if MEASURES[self.measure].kind == "count":
            return central / self.below, central * self.above
        return np.maximum(central - self.below, 0.0), central + self.above


def values_of(stock: Array, measure: Measure) -> Array:
    """Return the measure of each area and, last, of the city: (…, areas, 2, 101) → (…, areas + 1)."""
    city = stock.sum(axis=-3, keepdims=True)
    return np.concatenate([measure.compute(stock), measure.compute(city)], axis=-1)


def drawn_measures(
    baseline: Baseline, assumptions: Assumptions, ids: Sequence[str], draws: int = DRAWS, seed: int = 20
) -> dict[str, Array]:
    """Return each measure in every draw, (years + 1, draws, areas + 1); the same seed meets the same futures."""
    every = shocks(draws, baseline.years, len(baseline.base.areas), seed)
    parts: dict[str, list[Array]] = {id: [] for id in ids}
    for first in range(0, draws, CHUNK):
        some = Shocks(*(getattr(every, f.name)[first : first + CHUNK] for f in fields(Shocks)))
        stock = draw(baseline.base, assumptions, baseline.years, baseline.spread, some).stock
        for id in ids:
            parts[id].append(values_of(stock, MEASURES[id]))
    return {id: np.concatenate(chunks, axis=1) for id, chunks in parts.items()}


def bands(baseline: Baseline, ids: Sequence[str], *, draws: int = DRAWS, level: float = 0.8, seed: int = 20) -> dict[str, Band]:
    """Return the bands of the measures `ids` around the baseline; they hold, carried over, around every scenario."""
    drawn = drawn_measures(baseline, baseline.assumptions, ids, draws, seed)
    residents = values_of(baseline.projection.stock, MEASURES["population"])
    return {id: _band(MEASURES[id], drawn[id], baseline.projection, residents, level) for id in ids}


def _band(measure: Measure, drawn: Array, projection: Projection, residents: Array, level: float) -> Band:
    central = values_of(projection.stock, measure)
    lower, upper = interval(drawn, level)
    lower[0] = upper[0] = central[0]  # the jump-off is known; draws carry it in single precision only
    horizon = np.arange(len(central))[:, None]
    chance = measure.chance(central, residents) * np.sqrt(1.0 - (1.0 - TURNOVER) ** horizon) * SCORES[level]
    if measure.kind != "count":
        return Band(measure.id, level, _wider(central - lower, chance), _wider(upper - central, chance))
    some = np.maximum(central, 1.0)
    relative = chance / some
    below, above = (np.log(np.maximum(ratio, 1.0)) for ratio in (some / np.maximum(lower, 0.1), upper / some))
    return Band(measure.id, level, np.exp(_wider(below, relative)), np.exp(_wider(above, relative)))


def _wider(width: Array, chance: Array) -> Array:
    return np.sqrt(np.maximum(width, 0.0) ** 2 + chance**2)


@dataclass(frozen=True)
class Contrast:
    """A measure under a scenario less that under the baseline, (years + 1, areas + 1), with its own interval."""

    measure: str
    central: Array
    lower: Array
    upper: Array


def contrast(
    baseline: Baseline, levers: Levers, scenario: Projection, id: str, *, draws: int = 50, level: float = 0.8, seed: int = 20
) -> Contrast:
    """Return what `levers` change in measure `id`: both meet the same futures, so most of the errors cancel."""
    measure = MEASURES[id]
    central = values_of(scenario.stock, measure) - values_of(baseline.projection.stock, measure)
    if levers.neutral:
        return Contrast(id, central, np.zeros_like(central), np.zeros_like(central))
    changed = drawn_measures(baseline, apply(baseline, levers), [id], draws, seed)[id]
    plain = drawn_measures(baseline, baseline.assumptions, [id], draws, seed)[id]
    difference = changed - plain
    lower, upper = interval(difference - difference.mean(axis=1, keepdims=True) + central[:, None], level)
    return Contrast(id, central, np.minimum(lower, central), np.maximum(upper, central))


def age_group_intervals(
    baseline: Baseline, assumptions: Assumptions, *, draws: int = 1000, level: float = 0.8, seed: int = 20
) -> tuple[Array, Array]:
    """Return lower and upper ends of the city's 21 five-year groups by sex, (years + 1, 2, 21): the pyramid's whiskers."""
    every = shocks(draws, baseline.years, len(baseline.base.areas), seed)
    groups = []
    for first in range(0, draws, CHUNK * 4):
        some = Shocks(*(getattr(every, f.name)[first : first + CHUNK * 4] for f in fields(Shocks)))
        stock = draw(baseline.base, assumptions, baseline.years, baseline.spread, some).stock
        groups.append(five_year_groups(stock.sum(axis=2)))
    return interval(np.concatenate(groups, axis=1), level)
