"""Levels of birth and death from what was observed, by age where the package has ages, else on a standard schedule."""

from __future__ import annotations

import numpy as np

from model.demography import standard
from model.demography.migration import smooth_over_age
from model.demography.mortality import between_year_ends
from model.demography.observed import Observed
from model.demography.population import FERTILE, WOMEN, Array, age_on
from model.demography.small_areas import shrunk_level

DEATH_BANDS = ((0, 39), (40, 59), (60, 69), (70, 79), (80, 89), (90, 100))
CAUTION = 30.0  # expected events that weigh as much as those observed


def recent(observed: Observed, window: int) -> list[int]:
    """Return the positions of the last `window` years whose stock and that of the year before are both there."""
    there = np.isfinite(observed.stock.sum(axis=(1, 2, 3)))
    steps = [number for number in range(1, len(there)) if there[number] and there[number - 1]]
    return steps[-window:]


def with_values(observed: Observed, event: str, steps: list[int]) -> list[int]:
    """Return those of `steps` in which the movement is known."""
    values = observed.total(event)
    return [] if values is None else [step for step in steps if not np.isnan(values[step]).any()]


def life_table(observed: Observed, window: int) -> tuple[Array, bool]:
    """Return the city's q(x) (2, 101) for the last observed year, and whether its age pattern is the package's own.

    The standard life table is multiplied by observed ÷ expected deaths: by age band where deaths are known by age, as a
    whole where only their number is known, else by what cohorts aged 75–94 lost (half of it, since they also move).
    """
    steps = recent(observed, window)
    table = standard.life_table(observed.last_year)
    middle = standard.life_table(observed.last_year - len(steps) // 2)
    known = with_values(observed, "deaths", steps)
    if known and "deaths" in observed.by_age:
        wanted = np.stack([_expected(observed.stock[n - 1].sum(axis=0), middle) for n in known]).sum(axis=0)
        deaths = observed.by_age["deaths"][known].sum(axis=(0, 1))
        return np.minimum(table * _by_band(deaths, wanted), 1.0), True
    if known:
        expected = sum(float(_expected(observed.stock[n - 1].sum(axis=0), middle).sum()) for n in known)
        total = float(observed.totals["deaths"][known].sum())
        return np.minimum(table * (total + CAUTION) / (expected + CAUTION), 1.0), False
    lost, expected = _old_cohorts(observed, steps, middle)
    return np.minimum(table * (0.5 + 0.5 * (lost + CAUTION) / (expected + CAUTION)), 1.0), False


def _expected(stock: Array, qx: Array) -> Array:
    """Return the deaths by age reached (…, 2, 101) that `qx` brings to `stock` in a year, births left out."""
    dying = between_year_ends(qx)
    return age_on(stock * dying[..., 1:])


def _by_band(deaths: Array, expected: Array) -> Array:
    """Return observed ÷ expected (2, 101): one ratio per band, carried over the ages between in logs."""
    centres = [0.5 * (first + last) for first, last in DEATH_BANDS]
    ratio = np.array(
        [
            (deaths[:, first : last + 1].sum(axis=1) + CAUTION) / (expected[:, first : last + 1].sum(axis=1) + CAUTION)
            for first, last in DEATH_BANDS
        ]
    ).T
    return np.stack([np.exp(np.interp(np.arange(101), centres, np.log(row))) for row in ratio])


def _old_cohorts(observed: Observed, steps: list[int], qx: Array) -> tuple[float, float]:
    lost = expected = 0.0
    for n in steps:
        start, end = (observed.stock[m].sum(axis=0) for m in (n - 1, n))
        lost += float((start[:, 74:94] - end[:, 75:95]).sum())
        expected += float(_expected(start, qx)[:, 75:95].sum())
    return max(lost, 0.0), expected


def death_levels(observed: Observed, qx: Array, window: int) -> Array:
    """Return each area's mortality relative to the city's (areas,), shrunk to 1 where few deaths are expected."""
    steps = with_values(observed, "deaths", recent(observed, window))
    if not steps or len(observed.areas) == 1:
        return np.ones(len(observed.areas))
    expected = sum((_expected(observed.stock[n - 1], qx).sum(axis=(1, 2)) for n in steps), np.zeros(len(observed.areas)))
    deaths = observed.total("deaths")
    assert deaths is not None
    expected *= deaths[steps].sum() / expected.sum()
    return shrunk_level(deaths[steps].sum(axis=0), expected)


def births_per_woman(observed: Observed, window: int, qx: Array) -> tuple[Array, Array, bool]:
    """Return the city's asfr (35,), each area's level (areas,) and whether the age pattern is the package's own."""
    steps = recent(observed, window)
    known = with_values(observed, "births", steps)
    women = np.stack([0.5 * (observed.stock[n - 1] + observed.stock[n])[:, WOMEN, FERTILE] for n in known or steps])
    if known and "births" in observed.by_age:
        by_age = observed.by_age["births"][known]
        births = by_age.sum(axis=(0, 1))
        asfr = smooth_over_age(births, fixed=0) / smooth_over_age(women.sum(axis=(0, 1)), fixed=0)
        counted, own = by_age.sum(axis=(0, 2)), True
    else:
        counted = observed.totals["births"][known].sum(axis=0) if known else _infants(observed, steps, qx)
        asfr, own = standard.births_per_woman(observed.last_year), False
        expected = float((women.sum(axis=(0, 1)) * asfr).sum())
        asfr = asfr * (counted.sum() + CAUTION) / (expected + CAUTION)
    wanted = (women.sum(axis=0) * asfr).sum(axis=-1)
    wanted *= counted.sum() / wanted.sum()
    return asfr, shrunk_level(counted, wanted), own


def _infants(observed: Observed, steps: list[int], qx: Array) -> Array:
    """Return births (areas,) that would leave the infants there are at the end of the years."""
    infants = observed.stock[steps, :, :, 0].sum(axis=0)
    return np.asarray((infants / (1.0 - between_year_ends(qx)[:, 0])).sum(axis=-1))
