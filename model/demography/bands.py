"""Prediction intervals of measures for every area, groups of areas and the city, and of what a scenario changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.demography.assumptions import Assumptions
from model.demography.baseline import Baseline
from model.demography.levers import Levers
from model.demography.measures import MEASURES, Measure
from model.demography.population import Array, five_year_groups
from model.demography.projection import Projection
from model.demography.steer import apply
from model.demography.uncertainty import at_once, draw, interval, shocks
from model.errors import UnknownName

DRAWS = 200
TURNOVER = 0.12
"""Part of an area's people that a year replaces by moves out and deaths; our assumption, of the size seen in Musterstadt.
Who comes and goes independently leaves a count whose variance after h years is 1 − (1 − turnover)^2h of the Poisson one."""
SCORES = {0.8: 1.2816, 0.9: 1.6449, 0.95: 1.9600}

Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Places:
    """What figures are given for: every area, groups of areas (districts) and, last, the city.

    `members` (places, areas) is 1 where the area belongs to the place.
    """

    names: tuple[str, ...]
    members: Array

    def position(self, name: str) -> int:
        """Return the place's position. Raises UnknownName."""
        if name not in self.names:
            raise UnknownName("Place", name, self.names)
        return self.names.index(name)

    def sums(self, stock: Array) -> Array:
        """Return the people of each place: (…, areas, 2, 101) → (…, places, 2, 101)."""
        flat = stock.reshape(*stock.shape[:-2], -1)
        summed = self.members.astype(stock.dtype) @ flat
        return np.asarray(summed.reshape(*summed.shape[:-1], *stock.shape[-2:]))

    def values(self, stock: Array, measure: Measure) -> Array:
        """Return the measure of each place: (…, areas, 2, 101) → (…, places)."""
        return measure.compute(self.sums(stock))


def places(areas: Sequence[str], groups: Groups | None = None, city: str = "city") -> Places:
    """Return the areas, `groups` of them by name, and the city, in this order. Raises UnknownName for a member."""
    rows = [np.eye(len(areas))]
    for members in (groups or {}).values():
        for member in members:
            if member not in areas:
                raise UnknownName("Area", member, areas)
        rows.append(np.isin(list(areas), list(members))[None].astype(float))
    return Places((*areas, *(groups or {}), city), np.concatenate([*rows, np.ones((1, len(areas)))]))


@dataclass(frozen=True)
class Band:
    """How far a measure may lie from its central path, (years + 1, places).

    `below` and `above` are factors for a count (lower = central ÷ below, upper = central × above) and differences for
    everything else.
    """

    measure: Measure
    level: float
    below: Array
    above: Array

    def around(self, central: Array) -> tuple[Array, Array]:
        """Return the interval around a central path of the same shape, a scenario's as well as the baseline's."""
        if self.measure.kind == "count":
            return central / self.below, central * self.above
        return np.maximum(central - self.below, 0.0), central + self.above


def known(ids: Sequence[str | Measure]) -> list[Measure]:
    """Return the measures named or given. Raises UnknownName."""
    for id in ids:
        if isinstance(id, str) and id not in MEASURES:
            raise UnknownName("Measure", id, MEASURES)
    return [MEASURES[id] if isinstance(id, str) else id for id in ids]


def drawn_measures(
    baseline: Baseline, assumptions: Assumptions, measures: Sequence[Measure], where: Places, draws: int, seed: int = 20
) -> dict[str, Array]:
    """Return each measure in every draw, (years + 1, draws, places); the same seed meets the same futures."""
    every = shocks(draws, baseline.years, len(baseline.base.areas), seed)
    parts: dict[str, list[Array]] = {measure.id: [] for measure in measures}
    chunk = at_once(len(baseline.base.areas))
    for first in range(0, draws, chunk):
        some = every.part(first, first + chunk)
        stock = draw(baseline.base, assumptions, baseline.years, baseline.spread, some).stock
        summed = where.sums(stock)
        for measure in measures:
            parts[measure.id].append(measure.compute(summed))
    return {id: np.concatenate(chunks, axis=1) for id, chunks in parts.items()}


def bands(
    baseline: Baseline,
    ids: Sequence[str | Measure],
    where: Places | None = None,
    *,
    draws: int = DRAWS,
    level: float = 0.8,
    seed: int = 20,
) -> dict[str, Band]:
    """Return the bands of measures around the baseline; they hold, carried over, around every scenario."""
    where = places(baseline.base.areas) if where is None else where
    measures = known(ids)
    drawn = drawn_measures(baseline, baseline.assumptions, measures, where, draws, seed)
    residents = where.values(baseline.projection.stock, MEASURES["population"])
    return {
        measure.id: _band(measure, drawn[measure.id], where.values(baseline.projection.stock, measure), residents, level)
        for measure in measures
    }


def _band(measure: Measure, drawn: Array, central: Array, residents: Array, level: float) -> Band:
    lower, upper = interval(drawn, level)
    lower[0] = upper[0] = central[0]  # the jump-off is known; draws carry it in single precision only
    horizon = np.arange(len(central))[:, None]
    chance = measure.chance(central, residents) * np.sqrt(1.0 - (1.0 - TURNOVER) ** (2 * horizon)) * SCORES[level]
    if measure.kind != "count":
        return Band(measure, level, _wider(central - lower, chance), _wider(upper - central, chance))
    some = np.maximum(central, 1.0)
    below, above = (np.log(np.maximum(ratio, 1.0)) for ratio in (some / np.maximum(lower, 0.1), upper / some))
    return Band(measure, level, np.exp(_wider(below, chance / some)), np.exp(_wider(above, chance / some)))


def _wider(width: Array, chance: Array) -> Array:
    return np.sqrt(np.maximum(width, 0.0) ** 2 + chance**2)


@dataclass(frozen=True)
class Contrast:
    """A measure under a scenario less that under the baseline, (years + 1, places), with its own interval."""

    measure: Measure
    central: Array
    lower: Array
    upper: Array


def contrast(
    baseline: Baseline,
    levers: Levers,
    scenario: Projection,
    id: str | Measure,
    where: Places | None = None,
    *,
    draws: int = 50,
    level: float = 0.8,
    seed: int = 20,
) -> Contrast:
    """Return what `levers` change in a measure: both meet the same futures, so most of the errors cancel."""
    where = places(baseline.base.areas) if where is None else where
    (measure,) = known([id])
    central = where.values(scenario.stock, measure) - where.values(baseline.projection.stock, measure)
    if levers.neutral:
        return Contrast(measure, central, np.zeros_like(central), np.zeros_like(central))
    changed, plain = (
        drawn_measures(baseline, assumptions, [measure], where, draws, seed)[measure.id]
        for assumptions in (apply(baseline, levers), baseline.assumptions)
    )
    difference = changed - plain
    lower, upper = interval(difference - difference.mean(axis=1, keepdims=True) + central[:, None], level)
    return Contrast(measure, central, np.minimum(lower, central), np.maximum(upper, central))


def age_group_intervals(
    baseline: Baseline, assumptions: Assumptions, *, draws: int = DRAWS, level: float = 0.8, seed: int = 20
) -> tuple[Array, Array]:
    """Return lower and upper ends of the city's 21 five-year groups by sex, (years + 1, 2, 21): the pyramid's whiskers."""
    every = shocks(draws, baseline.years, len(baseline.base.areas), seed)
    groups = []
    chunk = at_once(len(baseline.base.areas))
    for first in range(0, draws, chunk):
        some = every.part(first, first + chunk)
        stock = draw(baseline.base, assumptions, baseline.years, baseline.spread, some).stock
        groups.append(five_year_groups(stock.sum(axis=2)))
    return interval(np.concatenate(groups, axis=1), level)
