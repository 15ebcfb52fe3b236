"""Work and benefits in the invented city, and the driving forces behind all other figures.

Every figure follows from the residents, from an area's deprivation (which drifts slowly) and from the city's own path
through the years. Levels are near the published German ones; the curves are our own. Arrays are area × year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator import rates
from generator.people import People
from generator.places import Place

Facts = dict[str, np.ndarray]

UNEMPLOYMENT = (
    [2000, 2005, 2008, 2009, 2012, 2015, 2019, 2020, 2021, 2022, 2025],
    [11.9, 13.0, 9.3, 9.7, 8.0, 7.6, 6.1, 7.3, 7.0, 6.4, 7.3],
)
RENT_BURDEN = ([2000, 2005, 2010, 2015, 2018, 2021, 2025], [25.0, 25.6, 26.4, 27.3, 27.9, 27.6, 28.4])
BASIC_SUPPORT = (
    [2000, 2005, 2010, 2015, 2018, 2019, 2020, 2021, 2022, 2025],
    [9.0, 12.3, 11.4, 10.7, 10.4, 9.9, 10.0, 9.2, 9.9, 10.0],
)
OLD_AGE_SUPPORT = ([2000, 2005, 2010, 2015, 2020, 2022, 2025], [1.6, 2.1, 2.5, 3.1, 3.3, 3.9, 4.5])
CHILD_SUPPORT = ([2000, 2005, 2010, 2014, 2018, 2021, 2022, 2025], [16.5, 18.2, 18.0, 17.6, 17.0, 15.6, 17.2, 16.4])


@dataclass(frozen=True)
class Setting:
    """Places, years, residents and the two driving forces: `poor` (standard scores) and the two shocks on it."""

    places: Sequence[Place]
    years: np.ndarray
    people: People
    poor: np.ndarray
    unemployment: np.ndarray  # expected share of the labour force, per cent
    rent_burden: np.ndarray  # expected share of income, per cent

    def aged(self, first: int, last: int = 100) -> np.ndarray:
        """Return residents of the ages `first` to `last`, area × year."""
        return self.people.residents[:, :, first : last + 1].sum(axis=(1, 2))

    def kinds(self, values: dict[str, float], default: float = 0.0) -> np.ndarray:
        """Return one number per area by its kind, as a column."""
        return np.array([values.get(p.kind, default) for p in self.places])[:, None]


def setting(places: Sequence[Place], people: People, seed: int) -> Setting:
    """Return the driving forces of all later figures."""
    rng = np.random.default_rng([seed, 4])
    years = people.years
    base = np.array([p.deprivation for p in places])[:, None]
    drift = np.array([p.drift for p in places])[:, None]
    poor = base + drift * (years - 2015) / 10 + wander(rng, (len(places), len(years)), 0.07, 0.8)
    workers = people.residents[:, :, 18:65].sum(axis=(1, 2))
    odds = 0.42 * poor + wander(rng, poor.shape, 0.10, 0.55)
    unemployment = 100 * level(odds, workers, np.interp(years, *UNEMPLOYMENT) / 100)
    burden = np.interp(years, *RENT_BURDEN) + 1.5 * (poor - poor.mean(axis=0)) + wander(rng, poor.shape, 0.75, 0.6)
    return Setting(places, years, people, poor, unemployment, burden)


def wander(rng: np.random.Generator, shape: tuple[int, int], spread: float, memory: float) -> np.ndarray:
    """Return noise that forgets slowly along the years: standard deviation `spread`, correlation `memory` a year apart."""
    steps = rng.normal(0, spread, shape)
    for t in range(1, shape[1]):
        steps[:, t] = memory * steps[:, t - 1] + np.sqrt(1 - memory**2) * steps[:, t]
    return steps


def level(odds: np.ndarray, weight: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Return shares whose log odds differ by `odds` and whose weighted mean is `aim` in every year (bisection)."""
    low, high = np.full(odds.shape[1], -20.0), np.full(odds.shape[1], 20.0)
    for _ in range(60):
        middle = (low + high) / 2
        share = 1 / (1 + np.exp(-(odds + middle)))
        over = (share * weight).sum(axis=0) > aim * weight.sum(axis=0)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return 1 / (1 + np.exp(-(odds + (low + high) / 2)))


def population(s: Setting, rng: np.random.Generator) -> Facts:
    """Return people without a German passport; ages and movements come from the register itself."""
    refuge = np.array([p.refuge for p in s.places])[:, None] / s.aged(0)
    odds = 0.55 * s.poor + s.kinds({"station": 0.7, "village": -0.9, "student": 0.3, "estate": 0.2}) + 6 * refuge
    aim = (
        np.interp(s.years, [2000, 2005, 2010, 2014, 2016, 2021, 2022, 2025], [8.6, 8.9, 8.8, 10.6, 12.4, 14.0, 15.6, 16.6]) / 100
    )
    foreign = binomial(rng, s.aged(0), level(odds, s.aged(0), aim))
    born = (np.arange(101) + 0.5)[None, None, :, None]
    mean_age = (s.people.residents * born).sum(axis=(1, 2)) / s.aged(0)
    return {"residents_foreign": foreign, "mean_age": mean_age}


def work(s: Setting, rng: np.random.Generator) -> Facts:
    """Return labour force, unemployed (women, men, young, long-term) and employees at their place of residence."""
    active = 0.79 - 0.012 * s.poor + s.kinds({"student": -0.17, "centre": -0.02})
    force = np.round(s.aged(15, 17) * 0.12 + s.aged(18, 64) * (active + np.interp(s.years, [2005, 2025], [0, 0.035])))
    out = steady(rng, force, s.unemployment / 100)
    young = np.minimum(binomial(rng, s.aged(15, 24) * 0.5, 0.85 * s.unemployment / 100), out)
    long_share = level(
        0.18 * s.poor, out, np.interp(s.years, [2005, 2010, 2019, 2020, 2021, 2025], [39, 33, 35, 36, 43, 37]) / 100
    )
    women = binomial(rng, out, np.full(out.shape, 0.455))
    employees = binomial(rng, force - out, np.interp(s.years, [2005, 2025], [0.70, 0.80]) - 0.01 * s.poor)
    return {
        "labour_force": force,
        "unemployed": out,
        "unemployed_women": women,
        "unemployed_young": young,
        "unemployed_long": binomial(rng, out, long_share),
        "employees": employees,
    }


def benefits(s: Setting, rng: np.random.Generator) -> Facts:
    """Return people on basic income support, children and old people among them, housing benefit, help in upbringing."""
    under65, under15, old = s.aged(0, 64), s.aged(0, 14), s.aged(65)
    odds = np.log(s.unemployment / 100)
    recipients = binomial(rng, under65, level(1.05 * odds, under65, np.interp(s.years, *BASIC_SUPPORT) / 100))
    children = binomial(rng, under15, level(1.15 * odds, under15, np.interp(s.years, *CHILD_SUPPORT) / 100))
    seniors = binomial(rng, old, level(0.75 * s.poor, old, np.interp(s.years, *OLD_AGE_SUPPORT) / 100))
    reform = np.where(s.years >= 2023, 0.75, 0.0)  # Wohngeld-Plus
    housing = binomial(rng, s.aged(18) * 0.55, np.clip(0.013 * np.exp(0.35 * s.poor + reform), 0, 0.3))
    upbringing = binomial(rng, s.aged(0, 20), np.clip(0.021 * np.exp(0.45 * s.poor + 0.012 * (s.years - 2015)), 0, 0.3))
    sheltered = np.round(np.array([p.refuge for p in s.places])[:, None] * rates.occupied(s.years))
    homeless = rng.poisson(s.aged(18) * 0.0021 * np.exp(0.5 * s.poor + 0.02 * (s.years - 2015)))
    return {
        "benefit_recipients": np.maximum(recipients, children),
        "benefit_children": children,
        "old_age_support": seniors,
        "housing_benefit": housing,
        "help_upbringing": upbringing,
        "homelessness_risk": homeless,
        "refugee_housing": sheltered,
    }


def binomial(rng: np.random.Generator, n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return how many of `n` it hits."""
    return rng.binomial(np.maximum(n, 0).astype(np.int64), np.clip(share, 0, 1)).astype(float)


def steady(rng: np.random.Generator, n: np.ndarray, share: np.ndarray, calm: float = 0.4) -> np.ndarray:
    """Return about `n` × `share`, with less chance than independent people would bring: yearly means and slow stocks."""
    spread = calm * np.sqrt(n * share * (1 - share))
    return np.clip(np.round(n * share + spread * rng.normal(size=n.shape)), 0, n)
