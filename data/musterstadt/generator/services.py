"""Day care, schools, health, care and the economy of the invented city. Arrays are area × year."""

from __future__ import annotations

import numpy as np

from generator.society import Facts, Setting, binomial, wander

WITHOUT_CHILDREN = ("industry",)  # kinds of area that have no facility for children: the figure does not apply there
JOBS = {
    "centre": 3.1,
    "station": 1.6,
    "industry": 14.0,
    "harbour": 0.9,
    "care": 1.3,
    "student": 0.9,
    "village": 0.18,
    "family": 0.15,
    "wealthy": 0.2,
    "garden": 0.2,
    "suburb": 0.3,
}  # per resident, relative to 0.62; 0.42 elsewhere


def schools(s: Setting, rng: np.random.Generator) -> Facts:
    """Return children in day care, places, children starting school and those who need help with German, school choices."""
    under3, three_to_five = s.aged(0, 2), s.aged(3, 5)
    care = np.interp(s.years, [2005, 2008, 2013, 2020, 2025], [0.10, 0.17, 0.30, 0.36, 0.385])
    attending = binomial(rng, under3, np.clip(care * np.exp(-0.10 * s.poor), 0, 0.8))
    places3 = np.round(under3 * care * 1.06 * np.exp(0.1 * wander(rng, under3.shape, 1.0, 0.9)) / 5) * 5
    places6 = np.round(three_to_five * 0.97 * np.exp(0.07 * wander(rng, under3.shape, 1.0, 0.9)) / 5) * 5
    starters = binomial(rng, s.aged(6, 6), np.full(under3.shape, 0.985))
    german = 1 / (1 + np.exp(-(-1.55 + 0.62 * s.poor + 0.03 * (s.years - 2015))))
    leavers = binomial(rng, s.aged(10, 10), np.full(under3.shape, 0.97))
    grammar = 1 / (1 + np.exp(-(-0.22 - 0.50 * s.poor + 0.012 * (s.years - 2015))))
    none = s.kinds(dict.fromkeys(WITHOUT_CHILDREN, 1.0)) > 0
    return {
        "children_under3": under3,
        "children_3to5": three_to_five,
        "daycare_under3": attending,
        "daycare_places_under3": np.where(none, np.nan, places3),
        "daycare_places_3to5": np.where(none, np.nan, places6),
        "school_starters": starters,
        "school_starters_german": binomial(rng, starters, german),
        "school_transfers": leavers,
        "school_transfers_grammar": binomial(rng, leavers, grammar),
    }


def health(s: Setting, rng: np.random.Generator) -> Facts:
    """Return people in need of care, care-home places and residents, family doctors."""
    rates = np.array([0.008, 0.035, 0.075, 0.20, 0.55])  # shape by age: under 60, 60s, 70s, 80s, 90 and over
    groups = [s.aged(0, 59), s.aged(60, 69), s.aged(70, 79), s.aged(80, 89), s.aged(90)]
    growth = np.interp(s.years, [2005, 2015, 2017, 2021, 2025], [0.88, 0.98, 1.15, 1.55, 1.80])  # reform of 2017
    need = sum(n * np.minimum(q * growth, 0.85) for n, q in zip(groups, rates, strict=True))
    recipients = np.round(need * np.exp(0.07 * s.poor))
    places = np.array([p.care for p in s.places])[:, None] * np.interp(s.years, [2005, 2012, 2025], [0.85, 0.95, 1.0])
    places = np.round(places / 2) * 2
    living = binomial(rng, places, np.interp(s.years, [2005, 2019, 2021, 2025], [0.95, 0.96, 0.90, 0.93]) + 0 * places)
    central = s.kinds(
        {"centre": 1.9, "gentry": 1.2, "care": 1.8, "bourgeois": 1.2, "industry": 0.0, "village": 0.5, "station": 1.2}, 0.85
    )
    doctors = np.round(s.aged(0) / 1650 * central * np.interp(s.years, [2005, 2025], [1.04, 0.94]) * np.exp(-0.08 * s.poor))
    return {"care_recipients": recipients, "care_home_places": places, "care_home_residents": living, "family_doctors": doctors}


def economy(s: Setting, rng: np.random.Generator) -> Facts:
    """Return jobs, businesses, start-ups and closures, purchasing power and trade tax."""
    dense = s.kinds(JOBS, 0.42)
    grown = np.interp(s.years, [2005, 2009, 2019, 2020, 2025], [0.86, 0.89, 1.05, 1.04, 1.08])
    base = s.aged(0).mean(axis=1, keepdims=True)
    jobs = np.round(base * 0.62 * dense * grown * np.exp(wander(rng, s.poor.shape, 0.03, 0.8)))
    firms = np.round(jobs / np.where(dense > 10, 28, 11) + s.aged(0) * 0.022)
    founded = rng.poisson(firms * np.interp(s.years, [2005, 2019, 2020, 2021, 2025], [0.115, 0.095, 0.083, 0.096, 0.092]))
    closed = rng.poisson(firms * np.interp(s.years, [2005, 2019, 2020, 2021, 2025], [0.105, 0.094, 0.076, 0.084, 0.093]))
    money = np.interp(s.years, [2005, 2010, 2015, 2020, 2022, 2025], [17200, 18500, 20900, 23400, 25200, 28300])
    power = money * np.exp(-0.105 * s.poor + wander(rng, s.poor.shape, 0.008, 0.7)) * s.kinds({"student": 0.86}, 1.0)
    cycle = np.interp(s.years, [2005, 2008, 2009, 2019, 2020, 2021, 2025], [620, 800, 610, 980, 760, 990, 1120])
    tax = np.round(jobs * cycle * np.exp(wander(rng, s.poor.shape, 0.18, 0.6)) / 1e6, 2)
    return {
        "jobs": jobs,
        "businesses": firms,
        "businesses_founded": founded.astype(float),
        "businesses_closed": closed.astype(float),
        "purchasing_power": np.round(power),
        "trade_tax": tax,
    }


def advice(s: Setting, over_indebted: np.ndarray, rng: np.random.Generator) -> tuple[Facts, np.ndarray]:
    """Return insolvencies of each year, and clients of debt advice by area and half-year (two columns a year)."""
    law = np.interp(s.years, [2005, 2010, 2014, 2019, 2020, 2021, 2025], [0.010, 0.0175, 0.0140, 0.0105, 0.0075, 0.0150, 0.0128])
    insolvent = rng.poisson(over_indebted * law).astype(float)
    half = np.repeat(over_indebted, 2, axis=1) * 0.029 * np.tile([1.06, 0.94], len(s.years))
    return {"insolvencies": insolvent}, rng.poisson(half).astype(float)


def loneliness(s: Setting, facts: Facts) -> np.ndarray:
    """Return an index around 100: people of 65 and over who live alone or on basic support, and those over 80."""
    old = s.aged(65)
    parts = (facts["alone_65plus"] / old / 0.34, facts["old_age_support"] / old / 0.032, s.aged(80) / old / 0.25)
    weights = (0.5, 0.3, 0.2)
    return np.round(100 * sum(w * part for w, part in zip(weights, parts, strict=True)), 1)
