"""A made-up town of four areas, small enough to reason about."""

from __future__ import annotations

import numpy as np

from model.demography.assumptions import Assumptions
from model.demography.fertility import with_total_rate
from model.demography.mortality import between_year_ends
from model.demography.observed import Observed
from model.demography.population import AGES, MOTHERS, Array, Population
from model.demography.projection import project

AREAS = ("north", "east", "south", "west")


def life_table() -> Array:
    """Return q(x) (2, 101) rising by a tenth with every year of age."""
    ages = np.arange(AGES)
    return np.minimum(np.stack([3e-5 * np.exp(0.1 * ages), 5e-5 * np.exp(0.1 * ages)]), 0.6)


def town(seed: int = 1) -> tuple[Population, Assumptions]:
    """Return a town with every kind of movement."""
    draw = np.random.default_rng(seed)
    stock = np.round(draw.uniform(20.0, 60.0, (4, 2, AGES)) * np.linspace(1.0, 0.05, AGES))
    destinations = draw.uniform(0.5, 1.5, (4, 2, AGES))
    asfr = with_total_rate(np.exp(-0.5 * ((MOTHERS - 31.0) / 5.5) ** 2), 1.5)
    assumptions = Assumptions(
        dying=between_year_ends(life_table())[None, None],
        asfr=asfr[None, None],
        arrivals=draw.uniform(0.0, 3.0, (1, 4, 2, AGES)),
        leaving=draw.uniform(0.0, 0.1, (1, 4, 2, AGES)),
        moving=draw.uniform(0.0, 0.1, (1, 4, 2, AGES)),
        destinations=destinations / destinations.sum(axis=0),
    )
    return Population(AREAS, 2024, stock), assumptions


def large_town() -> tuple[Population, Assumptions]:
    """Return the town a hundred times as large and with rates that vary smoothly over age."""
    base, assumptions = town()
    ages = np.arange(AGES)
    young = np.exp(-0.5 * ((ages - 26.0) / 7.0) ** 2)
    size = np.array([4.0, 2.0, 1.0, 3.0])[:, None, None]
    return Population(base.areas, base.year, 100.0 * base.stock), Assumptions(
        dying=assumptions.dying,
        asfr=assumptions.asfr,
        arrivals=(size * (5.0 + 200.0 * young))[None] * np.ones((1, 1, 2, 1)),
        leaving=(0.01 + 0.1 * young) * np.ones((1, 1, 2, 1)),
        moving=(0.02 + 0.08 * young) * np.ones((1, 1, 2, 1)),
        destinations=np.broadcast_to(size / size.sum(), (4, 2, AGES)),
    )


def observed_town(years: int = 12) -> Observed:
    """Return what a statistician of the large town would have seen: stocks and every movement by age."""
    base, assumptions = large_town()
    seen = project(base, assumptions, years)
    parts = seen.components
    assert parts is not None
    women = 0.5 * (seen.stock[:-1] + seen.stock[1:])[:, :, 0, 15:50]
    movements = {
        "births": women * assumptions.asfr[0],
        "deaths": parts.deaths,
        "arrivals": parts.arrivals,
        "departures": parts.departures,
        "moves_in": parts.moved_in,
        "moves_out": parts.moved_out,
    }
    blank = {name: np.full((1, *values.shape[1:]), np.nan) for name, values in movements.items()}
    by_age = {name: np.concatenate([blank[name], values]) for name, values in movements.items()}
    return Observed(base.areas, base.year, seen.stock, by_age=by_age)
