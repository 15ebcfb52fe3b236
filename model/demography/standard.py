"""Declared standard schedules: what holds where a package has nothing better, each with its published summary figures.

Nothing here is estimated from the package. Only the age pattern counts; levels are fitted to the observed change
(see fit.py), and every page that uses a standard schedule says so.
"""

from __future__ import annotations

import numpy as np

from model.catalogue import Words
from model.demography.fertility import with_mean_age, with_total_rate
from model.demography.migration import smooth_over_age
from model.demography.mortality import with_life_expectancy
from model.demography.population import AGES, MOTHERS, OLDEST, Array
from model.errors import UnknownName

LIFE_TABLE_AGES = (0, 1, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100)
LIFE_TABLE = (
    (0.003, 0.00025, 5.8e-05, 0.00012, 0.00018, 0.00032, 0.00069, 0.0019, 0.0053, 0.013, 0.036, 0.15, 0.36),
    (0.0036, 0.00028, 7.9e-05, 0.00016, 0.00043, 0.00056, 0.0012, 0.0033, 0.0098, 0.022, 0.056, 0.18, 0.41),
)
"""q(x) of women and men at thirteen ages, two digits each, German life table 2016/18 (Statistisches Bundesamt)."""

LIFE_EXPECTANCY = {2017: (83.27, 78.48), 2021: (83.18, 78.33), 2023: (83.19, 78.47)}
"""Years at birth of women and men; middle of the period. Life tables 2016/18, 2020/22, 2022/24, Statistisches Bundesamt."""

GAIN_PER_YEAR = (0.112, 0.138)
"""Yearly gain of women and men: moderate assumption L2 of the 14th coordinated projection (88.1 and 84.4 in 2060,
from 83.3 and 78.5 in 2017); the 15th assumes about the same."""

TOTAL_FERTILITY = {2014: 1.47, 2015: 1.50, 2018: 1.57, 2019: 1.54, 2021: 1.58, 2022: 1.46, 2023: 1.35}
"""Children per woman, Germany (Statistisches Bundesamt)."""

MEAN_AGE_AT_BIRTH = {2015: 31.0, 2017: 31.2, 2023: 31.7}
"""Mean age of mothers at birth in completed and part years, Germany (Statistisches Bundesamt)."""

MOVER_AGES = ((0, 17), (18, 24), (25, 29), (30, 49), (50, 64), (65, OLDEST))
ARRIVAL_SHARES = (0.165, 0.218, 0.180, 0.312, 0.082, 0.043)
DEPARTURE_SHARES = (0.142, 0.206, 0.185, 0.321, 0.092, 0.054)
"""Moves across municipal borders by age, Germany 2015 (statistics of moves, table 12711-01-03-5)."""

MOBILE = ((16.0, 18.0, 29.0, 35.0), (0.0, 1.0, 1.0, 0.0))
"""Ages (and weights) at which people come for training and first jobs and leave again; our assumption."""

ARRIVALS_PER_PERSON = 0.078
"""Arrivals across municipal borders per resident and year, Germany 2015 (6.42 million for 82.2 million)."""

SAID = Words(
    "Für dieses Datenpaket liegen nicht alle Geburten, Sterbefälle und Wanderungen nach Alter vor. Altersmuster stammen "
    "aus bundesdeutschen Standardverläufen; ihr Niveau ist an die beobachtete Veränderung angepasst.",
    "This package lacks births, deaths or moves by age. Age patterns are German standard schedules; their level is fitted "
    "to the observed change.",
)


def published(figures: dict[int, float], year: int) -> float:
    """Return the last published figure not after `year`, else the first."""
    known = [y for y in sorted(figures) if y <= year]
    return figures[known[-1]] if known else figures[min(figures)]


def life_expectancies(year: int) -> Array:
    """Return the published life expectancy of women and men (2,), moved along the assumed gain from its year to `year`."""
    known = [y for y in sorted(LIFE_EXPECTANCY) if y <= year] or [min(LIFE_EXPECTANCY)]
    return np.array(LIFE_EXPECTANCY[known[-1]]) + (year - known[-1]) * np.array(GAIN_PER_YEAR)


def life_table(year: int) -> Array:
    """Return q(x) (2, 101) of the standard life table at the life expectancy of `year`."""
    logs = [np.interp(np.arange(AGES), LIFE_TABLE_AGES, np.log(points)) for points in LIFE_TABLE]
    return np.stack([with_life_expectancy(np.exp(q), float(e)) for q, e in zip(logs, life_expectancies(year), strict=True)])


def births_per_woman(year: int) -> Array:
    """Return births per woman aged 15–49, (35,): a bell of 5.6 years' spread at the published rate and mean age."""
    bell = np.exp(-0.5 * ((MOTHERS + 0.5 - 31.0) / 5.6) ** 2)
    shaped = with_mean_age(bell, published(MEAN_AGE_AT_BIRTH, year))
    return with_total_rate(shaped, published(TOTAL_FERTILITY, year))


def mover_profile(shares: tuple[float, ...]) -> Array:
    """Return shares of movers by sex and age (2, 101), summing to 1, from shares by age group."""
    curve = np.zeros(AGES)
    for (first, last), part in zip(MOVER_AGES, shares, strict=True):
        fading = np.exp(-0.03 * np.arange(last - first + 1)) if first >= 30 else np.ones(last - first + 1)
        curve[first : last + 1] = part * fading / fading.sum()
    curve = smooth_over_age(curve, width=7)
    return np.stack([curve, curve]) / (2.0 * curve.sum())


CARE_HOME_AGES = ((50, 64, 0.072, 0.45), (65, 69, 0.045, 0.48), (70, 74, 0.061, 0.52), (75, 79, 0.093, 0.58),
                  (80, 84, 0.207, 0.66), (85, 89, 0.246, 0.74), (90, 94, 0.193, 0.81), (95, OLDEST, 0.083, 0.85))  # fmt: skip
"""Residents of care homes by age: first, last, share (care statistics 2021, Nordrhein-Westfalen, full residential care;
under 65 taken as 50–64), women among them (our assumption; about 70 % over all ages as published for Germany)."""


def care_home_profile() -> Array:
    """Return the shares of care-home residents by sex and age (2, 101), summing to 1."""
    profile = np.zeros((2, AGES))
    for first, last, part, women in CARE_HOME_AGES:
        weights = np.exp(-0.25 * np.arange(last - first + 1)) if first >= 95 else np.ones(last - first + 1)
        profile[:, first : last + 1] = np.array([[women], [1.0 - women]]) * part * weights / weights.sum()
    return profile / profile.sum()


HELD_APART = {
    "students": (((18, 20, 0.25), (21, 24, 0.47), (25, 29, 0.23), (30, 35, 0.05)), 0.48),
    "refugees": (((0, 5, 0.13), (6, 17, 0.22), (18, 34, 0.42), (35, 64, 0.21), (65, 75, 0.02)), 0.40),
}
"""Other groups that are held apart: ages with their shares, and the share of women. Our assumption."""


def held_apart_profile(group: str) -> Array:
    """Return the shares by sex and age (2, 101), summing to 1, of care_homes, students or refugees. Raises UnknownName."""
    if group == "care_homes":
        return care_home_profile()
    if group not in HELD_APART:
        raise UnknownName("Group", group, ("care_homes", *HELD_APART), where="[demography] held_apart")
    spans, women = HELD_APART[group]
    profile = np.zeros((2, AGES))
    for first, last, part in spans:
        profile[:, first : last + 1] = np.array([[women], [1.0 - women]]) * part / (last - first + 1)
    return profile / profile.sum()
