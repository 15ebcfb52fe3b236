"""Households, homes and rents of the invented city. Arrays are area × year; kinds of area differ by the tables below."""

from __future__ import annotations

import numpy as np

from generator.society import Facts, Setting, binomial, level

INCOME = ([2000, 2005, 2010, 2015, 2020, 2025], [1430, 1480, 1560, 1740, 2080, 2480])  # tenant households, euro a month
SHARE_RENTED = 0.62
RENTED = {
    "village": -2.2,
    "family": -1.7,
    "suburb": -1.2,
    "garden": -1.0,
    "wealthy": -1.1,
    "estate": 1.0,
    "station": 1.2,
    "gentry": 0.7,
    "student": 0.9,
}
SIZE = {"student": 0.72, "village": 1.15, "family": 1.2, "wealthy": 0.9, "centre": 0.95}  # rented flats, 1 is 68 m²
SPACE = {"student": 0.75, "village": 1.35, "family": 1.3, "garden": 1.1}  # all dwellings, 1 is 78 m²
SOCIAL = {"estate": 1.2, "harbour": 0.8, "village": -6, "wealthy": -6, "industry": -9}


def households(s: Setting, rng: np.random.Generator) -> Facts:
    """Return households, people living alone (65+ among them), households with children, lone parents."""
    taste = s.kinds(
        {
            "student": 0.16,
            "centre": 0.14,
            "gentry": 0.11,
            "station": 0.12,
            "village": -0.09,
            "family": -0.08,
            "suburb": -0.05,
            "wealthy": -0.05,
            "harbour": 0.06,
        }
    )
    slope = np.interp(s.years, [2005, 2025], [-0.015, 0.02])
    young = binomial(rng, s.aged(18, 64), np.clip(0.255 + taste + slope, 0.05, 0.7))
    old = binomial(rng, s.aged(65), np.clip(0.345 + 0.6 * taste + 0.02 * s.poor - slope, 0.1, 0.7))
    families = np.round(s.aged(0, 17) / (1.58 + 0.06 * s.poor))
    lone = binomial(rng, families, np.clip(0.205 + 0.035 * s.poor + 0.2 * np.clip(taste, -0.1, 0.1), 0.05, 0.6))
    couples = np.round((s.aged(18, 64) + s.aged(65) - young - old - lone - 1.85 * (families - lone)) / 2.05)
    return {
        "households": young + old + families + np.maximum(couples, 0),
        "households_single": young + old,
        "alone_65plus": old,
        "households_children": families,
        "single_parents": lone,
    }


def dwellings(s: Setting, rng: np.random.Generator, homes: np.ndarray) -> Facts:
    """Return the stock of dwellings, those completed, social housing and living space. `homes`: households."""
    spare = 1.02 + 0.01 * np.array([p.growth < 0 for p in s.places])[:, None]
    stock = np.maximum.accumulate(np.round(_smooth(homes) * spare), axis=1)
    added = np.maximum(np.diff(stock, axis=1, prepend=stock[:, :1] * 0.998), 0).round()
    built = added + rng.poisson(0.001 * stock)  # some replace what is pulled down
    social = level(s.poor + s.kinds(SOCIAL), stock, np.interp(s.years, [2005, 2025], [0.105, 0.058]))
    space = stock * 78 * np.exp(-0.10 * s.poor) * s.kinds(SPACE, 1.0)
    facts = {"dwellings": stock, "dwellings_completed": built}
    return {**facts, "social_dwellings": np.round(stock * social), "living_space": np.round(space)}


def rents(s: Setting, homes: np.ndarray) -> Facts:
    """Return tenants, what they pay and earn, and the rent a square metre; the burden is the ratio of the two sums."""
    tenants = np.round(homes * level(s.kinds(RENTED) + 0.3 * s.poor, homes, np.full(len(s.years), SHARE_RENTED)))
    income = np.interp(s.years, *INCOME) * np.exp(-0.15 * s.poor) * s.kinds({"student": 0.72}, 1.0)
    rent = income * s.rent_burden / 100
    size = 68 * np.exp(-0.09 * s.poor) * s.kinds(SIZE, 1.0)
    paid, earned = (np.round(tenants * each / 1000, 1) for each in (rent, income))
    return {"tenants": tenants, "rent_paid": paid, "tenant_income": earned, "rent_sqm": np.round(rent / size, 2)}


def _smooth(series: np.ndarray) -> np.ndarray:
    """Return the centred mean over five years, shorter at the ends."""
    padded = np.pad(series, ((0, 0), (2, 2)), mode="reflect", reflect_type="odd")
    return np.mean([padded[:, k : k + series.shape[1]] for k in range(5)], axis=0)
