"""Rates of birth, death and moving, by formula: shaped like German ones, levels checked in tests/musterstadt.

Levels to meet: life expectancy at birth 78.5 (men) and 83.3 (women) in 2016/18 (official life table), total fertility
rate 1.34 in 2005, 1.59 in 2016, 1.35 in 2023 (Destatis). Nothing is copied: the curves are our own.
"""

from __future__ import annotations

import numpy as np

AGE = np.arange(101)
SHARE_GIRLS = 0.4878
PANDEMIC = {2020: 1.03, 2021: 1.06, 2022: 1.05}
TOTAL_FERTILITY = ([1980, 2005, 2011, 2016, 2019, 2021, 2022, 2023, 2026], [1.40, 1.34, 1.36, 1.59, 1.54, 1.58, 1.46, 1.36, 1.34])
MOTHERS_AGE = ([1980, 2005, 2025], [27.0, 29.6, 31.6])


def bump(centre: float, younger: float, older: float) -> np.ndarray:
    """Return a hump over ages with its own width on either side, 1 at the top."""
    width = np.where(centre > AGE, younger, older)
    return np.exp(-0.5 * ((AGE - centre) / width) ** 2)


def mortality(year: int) -> np.ndarray:
    """Return the chance of dying within the year by sex and age reached in it (2 × 101)."""
    old = np.stack([1.25e-5 * np.exp(0.1006 * AGE), 3.7e-5 * np.exp(0.0918 * AGE)])
    accident = np.stack([0.00012 * bump(20, 3, 12), 0.00038 * bump(21, 3, 12)])
    q = old + accident + 0.00005
    q[:, 0], q[:, 1] = (0.0030, 0.0035), (0.0003, 0.0003)
    decline = np.exp(-np.where(AGE < 85, 0.014, 0.008) * (min(year, 2019) - 2017 + 0.6 * max(year - 2019, 0)))
    return np.minimum(q * decline * PANDEMIC.get(year, 1.0), 0.45)


def fertility(year: int) -> np.ndarray:
    """Return births per woman by age 15…49."""
    age = np.arange(15, 50)
    curve = np.exp(-0.5 * ((age - np.interp(year, *MOTHERS_AGE)) / np.where(age < 30, 5.2, 5.0)) ** 2)
    return np.interp(year, *TOTAL_FERTILITY) * curve / curve.sum()


_CHILD = bump(1, 3, 6)
_YOUTH = bump(19.5, 1.3, 2.0)
_STUDENT = bump(22, 1.8, 3.2)
_STARTER = bump(27, 3.0, 5.0)
_PARENT = bump(34, 4.0, 6.0)
_SETTLED = bump(47, 8.0, 9.0)
_SENIOR = bump(67, 7.0, 8.0)
_VERY_OLD = bump(85, 6.0, 7.0)
CARE_HOME = np.stack([bump(87, 6, 6), 0.42 * bump(85, 7, 6)])

DEPARTURE = (0.012 + 0.045 * _CHILD + 0.10 * _YOUTH + 0.12 * _STUDENT + 0.155 * _STARTER + 0.06 * _PARENT + 0.006 * _VERY_OLD)[
    None, None, :
]
MOVE = (0.022 + 0.08 * _CHILD + 0.07 * _YOUTH + 0.14 * _STUDENT + 0.16 * _STARTER + 0.07 * _PARENT + 0.06 * _VERY_OLD)[
    None, None, :
]

_GROUPS = np.stack([_CHILD, _YOUTH + _STUDENT, _STARTER, _PARENT, _SETTLED, _SENIOR, _VERY_OLD])
# How much each age group (in the order of _GROUPS) likes a kind of quarter, when it moves inside the city.
LIKING = {
    "centre": (0.5, 1.0, 1.4, 0.7, 0.9, 1.1, 1.1),
    "gentry": (0.9, 1.0, 1.9, 1.3, 0.8, 0.5, 0.4),
    "station": (0.9, 1.3, 1.6, 0.8, 0.7, 0.4, 0.3),
    "student": (0.3, 4.2, 1.8, 0.4, 0.4, 0.4, 0.4),
    "worker": (1.0, 1.0, 1.2, 0.9, 0.9, 0.7, 0.7),
    "harbour": (1.0, 0.5, 1.5, 1.6, 1.0, 0.5, 0.2),
    "industry": (0.4, 0.8, 1.1, 0.7, 1.2, 0.6, 0.2),
    "estate": (1.4, 0.9, 0.8, 1.0, 0.9, 0.9, 0.9),
    "garden": (0.9, 0.3, 0.4, 0.9, 0.9, 1.5, 1.8),
    "care": (0.8, 0.8, 0.9, 0.8, 0.8, 1.1, 1.6),
    "bourgeois": (1.0, 0.8, 1.0, 1.1, 1.1, 1.1, 1.0),
    "wealthy": (1.0, 0.3, 0.3, 0.9, 1.3, 1.5, 1.4),
    "suburb": (1.2, 0.4, 0.6, 1.2, 1.1, 1.1, 1.0),
    "family": (2.4, 0.2, 0.5, 2.2, 1.1, 0.5, 0.3),
    "village": (1.0, 0.2, 0.4, 1.0, 1.2, 1.3, 1.2),
}
CHILDREN = {
    "centre": 0.80,
    "gentry": 0.98,
    "station": 1.02,
    "student": 0.55,
    "worker": 1.02,
    "harbour": 1.10,
    "industry": 0.85,
    "estate": 1.18,
    "garden": 1.05,
    "care": 0.98,
    "bourgeois": 1.02,
    "wealthy": 1.08,
    "suburb": 1.08,
    "family": 1.30,
    "village": 1.10,
}
# How fast people of 18 to 40 leave a kind of quarter again; 1 elsewhere.
_RESTLESS = {"student": 1.35, "station": 1.45, "centre": 1.15, "gentry": 1.05, "industry": 1.2}
_CALM = {"family": 0.5, "village": 0.6, "garden": 0.65, "wealthy": 0.65, "suburb": 0.7, "harbour": 0.75, "bourgeois": 0.9}
# Arrivals from outside are younger than movers inside.
_OUTSIDE = np.array([0.6, 2.1, 1.9, 0.9, 0.5, 0.35, 0.3])
_WEIGHT = np.array([0.75, 1.0, 1.7, 1.05, 0.55, 0.30, 0.16])


def profile(kind: str, movement: str) -> np.ndarray:
    """Return how movers into `kind` spread over sex and age (2 × 101); `arrive` from outside, `settle` within."""
    liking = np.array(LIKING[kind])
    if movement == "settle":  # a weight against other areas, not a share: the pool has its own ages
        return np.stack([(liking @ _GROUPS + 0.6) / (_GROUPS.sum(axis=0) + 0.6)] * 2)
    ages = (liking * _OUTSIDE * _WEIGHT) @ _GROUPS + 0.01 * (AGE < 80)
    return np.stack([0.49 * ages, 0.51 * ages])


def leaving(kind: str) -> np.ndarray:
    """Return the factor on the rates of leaving by age."""
    young = bump(28, 7, 9)
    return 1 + (_RESTLESS.get(kind, 1.0) - 1) * young + (_CALM.get(kind, 1.0) - 1)


def cohort(year: int) -> np.ndarray:
    """Return how large the cohort of each age is in `year`, 1 on average: the baby boom of 1955–69, and the gaps of wars."""
    born = year - AGE
    waves = ((1963.5, 5.5, 0.36), (1938.5, 3.0, 0.18), (1945.5, 1.8, -0.28), (1917.5, 2.0, -0.25), (1977.0, 6.0, -0.14))
    return 1 + sum(size * np.exp(-0.5 * ((born - centre) / width) ** 2) for centre, width, size in waves)


def refugees(year: int) -> np.ndarray:
    """Return shares by sex and age of those who arrive in refugee housing in `year`."""
    men = 0.62 if year < 2022 else 0.35
    adults = bump(25, 5, 8) + 0.25 * bump(40, 8, 10) if year < 2022 else bump(36, 8, 10) + 0.2 * bump(65, 8, 8)
    ages = adults + 0.5 * bump(8, 6, 6)
    share = ages / ages.sum()
    return np.stack([(1 - men) * share, men * share])


def wave(calendar: np.ndarray) -> np.ndarray:
    """Return arrivals of refugees per place of refugee housing in each year."""
    years = [2012, 2013, 2014, 2015, 2016, 2017, 2018, 2021, 2022, 2023, 2024, 2025]
    return np.interp(calendar, years, [0, 0.05, 0.15, 0.75, 0.45, 0.15, 0.08, 0.08, 0.9, 0.35, 0.2, 0.12])


def occupied(calendar: np.ndarray) -> np.ndarray:
    """Return the share of places of refugee housing that are taken at the end of each year."""
    return np.interp(calendar, [2013, 2014, 2015, 2016, 2018, 2021, 2022, 2025], [0, 0.1, 0.75, 0.9, 0.5, 0.3, 1.0, 0.7])


def city_growth(calendar: np.ndarray) -> np.ndarray:
    """Return the city's common rise and fall beside that of its areas."""
    return np.interp(calendar, [1980, 2005, 2011, 2019, 2020, 2022, 2025], [0.99, 0.995, 0.985, 1.0, 0.995, 1.003, 1.0])
