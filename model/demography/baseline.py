"""The baseline: what happens if what was observed lately goes on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.catalogue import Words
from model.demography import standard
from model.demography.assumptions import Assumptions
from model.demography.fertility import total_rate
from model.demography.fit import births_per_woman, death_levels, life_table
from model.demography.mortality import between_year_ends, improve, life_expectancy
from model.demography.moves import moves
from model.demography.observed import DemographySources, Observed
from model.demography.population import Array, Population
from model.demography.projection import Projection, project
from model.demography.small_areas import Grade, reliability
from model.demography.uncertainty import Spread, spread_of
from model.errors import ProjectionError

MOST_HELD_APART = 0.9  # of any cell


@dataclass(frozen=True)
class Baseline:
    """Jump-off stock and assumptions up to `until`, with what the levers start from.

    `qx` (2, 101) is the city's life table of the jump-off year, `life_expectancy` and `target` (2,) its years at birth
    then and in `until`, women first; `asfr` (35,) and `tfr` the city's. `standards` names the components whose age
    pattern is a declared standard schedule.
    """

    base: Population
    assumptions: Assumptions
    until: int
    qx: Array
    life_expectancy: Array
    target: Array
    asfr: Array
    observed: Observed
    sources: DemographySources
    standards: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()

    @property
    def years(self) -> int:
        """Return the number of projected years."""
        return self.until - self.base.year

    @property
    def tfr(self) -> float:
        """Return the city's children per woman."""
        return float(total_rate(self.asfr))

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Return how far each area's result may be trusted."""
        return reliability(self.base.stock.sum(axis=(1, 2)))

    @cached_property
    def spread(self) -> Spread:
        """Return the size of errors, from the package's own past where it is long enough."""
        return spread_of(self.observed, self.sources)

    @cached_property
    def projection(self) -> Projection:
        """Return the baseline projection."""
        return project(self.base, self.assumptions, self.years)


def baseline(observed: Observed, sources: DemographySources, until: int | None = None) -> Baseline:
    """Return the baseline from the last observed stock on. Raises ProjectionError where there are under two stocks."""
    end = sources.until if until is None else until
    base = observed.jump_off()
    if not base.year < end <= base.year + 60:
        raise ProjectionError(f"{end} is not within 60 years after the jump-off year {base.year}.")
    if len(observed.stock) < 2:
        raise ProjectionError("One stock is not enough to estimate rates.", hint="Give the population of at least two years.")
    years = end - base.year
    qx, own_deaths = life_table(observed, sources.window)
    now = life_expectancy(qx)
    target = now + years * np.array(standard.GAIN_PER_YEAR)
    asfr, birth_levels, own_births = births_per_woman(observed, sources.window, qx)
    moved = moves(observed, sources.migration_window, qx)
    special = _held_apart(observed, sources)
    free = _free(base.stock, special)
    own = {"mortality": own_deaths, "fertility": own_births, "migration": moved.own}
    standards = tuple(name for name, is_own in own.items() if not is_own)
    assumptions = Assumptions(
        dying=between_year_ends(improve(qx, target, years, years))[:, None],
        dying_level=_level(death_levels(observed, qx, sources.window), 2),
        asfr=asfr[None, None],
        asfr_level=_level(birth_levels, 1),
        special=None if special is None else special[None],
        renewed=special is not None,
        arrivals=moved.arrivals[None],
        leaving=_of_the_free(moved.leaving, free),
        moving=None if moved.moving is None else _of_the_free(moved.moving, free),
        destinations=moved.destinations,
    )
    notes = (standard.SAID,) if standards else ()
    return Baseline(base, assumptions, end, qx, now, target, asfr, observed, sources, standards, notes)


def _free(stock: Array, special: Array | None) -> Array:
    """Return the share of each cell that does not live in a special group, never nearly nobody."""
    if special is None:
        return np.ones_like(stock)
    return np.clip(1.0 - special / np.maximum(stock, 1e-9), 1.0 - MOST_HELD_APART, 1.0)


def _of_the_free(rates: Array, free: Array) -> Array:
    """Return the rates (1, areas, 2, 101) of those outside special groups, who carry all the moves that were counted."""
    return np.minimum(rates / free, 0.95)[None]


def _level(levels: Array, cells: int) -> Array | None:
    """Return area levels (1, areas, …) with `cells` axes of length 1 behind, None where all are 1."""
    return None if (levels == 1.0).all() else levels.reshape(1, -1, *([1] * cells))


def _held_apart(observed: Observed, sources: DemographySources) -> Array | None:
    """Return who lives in special groups (areas, 2, 101) by their declared age profiles, never nearly all of a cell."""
    groups = {"care_residents": "care_homes", **sources.held_apart}
    wished = np.zeros_like(observed.stock[-1])
    for level, group in groups.items():
        if level in observed.levels:
            counted = np.nan_to_num(observed.levels[level][-1])
            wished += counted[:, None, None] * standard.held_apart_profile(group)
    return np.minimum(wished, MOST_HELD_APART * observed.stock[-1]) if wished.any() else None
