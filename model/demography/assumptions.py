"""Everything a projection assumes, as arrays with the year first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.demography.fertility import SEX_RATIO
from model.demography.population import Array

FEW = 1e-12
MOST_GAIN = 0.5  # of the living in a year


@dataclass(frozen=True)
class Controls:
    """Totals of the whole city that a year's components are raked to; each (years,) or None."""

    births: Array | None = None
    deaths: Array | None = None
    arrivals: Array | None = None
    departures: Array | None = None


@dataclass(frozen=True)
class Assumptions:
    """Rates and counts for every projected year.

    The first axis is the year (length 1: the same every year; beyond the end the last year holds). Then come, where
    there are any, draws; then areas (length 1: all alike), sex and age. Levels multiply what they are named after and
    may be None; `leaving_shift` is added to the share that leaves and may turn it into gains (errors of draws).

    dying (y, a, 2, 102): probability of dying by cohort, see mortality.between_year_ends.
    asfr (y, a, 35): births per woman aged 15–49.
    arrivals (y, a, 2, 101): people coming from outside. departures: people leaving, as a count.
    leaving, moving (y, a, 2, 101): share of the living who leave the city, who move inside it.
    destinations (a, 2, 101): where those who move inside the city go; sums to 1 over areas.
    housing (y, a, 2, 101): residents of new dwellings beyond the trend; `from_city` of them come from the city itself.
    special (y + 1, a, 2, 101): groups held apart and not aged, from the jump-off year on; `renewed`: those of them who
    die are replaced by residents of the city, as in care homes.
    """

    dying: Array
    asfr: Array
    arrivals: Array
    sex_ratio: float = SEX_RATIO
    leaving: Array | None = None
    departures: Array | None = None
    moving: Array | None = None
    destinations: Array | None = None
    housing: Array | None = None
    from_city: float = 0.0
    special: Array | None = None
    renewed: bool = False
    controls: Controls | None = None
    dying_level: Array | None = None
    asfr_level: Array | None = None
    arrivals_level: Array | None = None
    leaving_level: Array | None = None
    leaving_shift: Array | None = None

    def year(self, number: int) -> Year:
        """Return what holds in the projected year `number` (0 is the first)."""
        dying = _probability(self.dying, self.dying_level, number)
        leaving = None if self.leaving is None else _probability(self.leaving, self.leaving_level, number)
        if self.leaving_shift is not None:
            shift = self.leaving_shift[min(number, len(self.leaving_shift) - 1)]
            leaving = np.clip(shift if leaving is None else leaving + shift, -MOST_GAIN, 1.0)
        asfr, arrivals = _scaled(self.asfr, self.asfr_level, number), _scaled(self.arrivals, self.arrivals_level, number)
        assert asfr is not None and arrivals is not None
        return Year(
            dying, asfr, arrivals, self.sex_ratio, leaving, _at(self.departures, number), _at(self.moving, number),
            self.destinations, _at(self.housing, number), self.from_city,
        )  # fmt: skip


@dataclass(frozen=True)
class Year:
    """The assumptions of one year; see Assumptions."""

    dying: Array
    asfr: Array
    arrivals: Array
    sex_ratio: float
    leaving: Array | None = None
    departures: Array | None = None
    moving: Array | None = None
    destinations: Array | None = None
    housing: Array | None = None
    from_city: float = 0.0

    def scaled(self, births: float, deaths: float, arrivals: float, departures: float) -> Year:
        """Return the year with its components scaled; probabilities stay at most 1."""
        leaving = None if self.leaving is None else np.minimum(self.leaving * departures, 1.0)
        counted = None if self.departures is None else self.departures * departures
        return replace(
            self,
            dying=np.minimum(self.dying * deaths, 1.0),
            asfr=self.asfr * births,
            arrivals=self.arrivals * arrivals,
            leaving=leaving,
            departures=counted,
        )


def _at(values: Array | None, number: int) -> Array | None:
    return None if values is None else values[min(number, len(values) - 1)]


def _probability(values: Array, level: Array | None, number: int) -> Array:
    scaled = _scaled(values, level, number)
    assert scaled is not None
    if level is not None and values.max() * level.max() > 1.0:
        np.minimum(scaled, 1.0, out=scaled)
    return scaled


def _scaled(values: Array | None, level: Array | None, number: int) -> Array | None:
    now, factor = _at(values, number), _at(level, number)
    return now if now is None or factor is None else now * factor


def multiply(level: Array | None, factor: Array | None) -> Array | None:
    """Return the product of two levels, None standing for no change."""
    if level is None or factor is None:
        return factor if level is None else level
    return level * factor
