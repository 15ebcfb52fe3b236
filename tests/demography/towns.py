"""A made-up town of four areas, small enough to reason about."""

from __future__ import annotations

import numpy as np

from model.demography.assumptions import Assumptions
from model.demography.fertility import with_total_rate
from model.demography.mortality import between_year_ends
from model.demography.population import AGES, MOTHERS, Array, Population

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
