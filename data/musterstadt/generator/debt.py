"""Over-indebtedness by area and age group, with its causes built in. Later tests must find these numbers again.

The log odds of being over-indebted, for area i, year t and age group g:

    AGE[g](t) + year effect(t) + place(i) + SLOPE_UNEMPLOYMENT(i) × (unemployment − 7) + SLOPE_RENT × (burden − 27)
    + STORAGE (from 2023) + noise

`unemployment` and `burden` are the expected rates of society.Setting in per cent; the published rates carry chance on top.
The year effect is solved so that the city's expected rate is CITY(t): 10.04 % in 2017, 8.15 % in 2023, 8.16 % in 2025 are
the levels stated for Germany (SchuldnerAtlas press reports), the years between are our own path. The German rate fell from
8.51 % to 8.15 % by the shorter storage period alone: STORAGE = ln(8.15/91.85) − ln(8.51/91.49). Age groups follow the shape
reported for 2017 (14, 19, 13, 9, 5.5, 1.5 %); the two oldest drift upwards.
"""

from __future__ import annotations

import itertools

import numpy as np

from generator.society import Facts, Setting, level, steady

AGE_GROUPS = ("Y18T29", "Y30T39", "Y40T49", "Y50T59", "Y60T69", "Y_GE70")
FIRST_AGE = (18, 30, 40, 50, 60, 70, 101)
AGE_SHARE_2017 = np.array([0.136, 0.189, 0.129, 0.088, 0.055, 0.015])
AGE_DRIFT = np.array([-0.020, -0.010, 0.0, 0.010, 0.026, 0.048])  # log odds a year
CITY = (
    [2000, 2005, 2009, 2013, 2017, 2020, 2021, 2022, 2023, 2024, 2025],
    [10.2, 10.5, 9.4, 9.8, 10.04, 9.85, 8.9, 8.5, 8.15, 8.10, 8.16],
)
SLOPE_UNEMPLOYMENT, SLOPE_SPREAD = 0.08, 0.010  # per point of unemployment; how far areas differ (standard deviation)
SLOPE_RENT = 0.03  # per point of rent burden
PLACE_POOR, PLACE_SPREAD = 0.10, 0.06  # area level: per standard score of deprivation in 2015, and beside it
STORAGE, STORAGE_YEAR = -0.047, 2023
NOISE = 0.03


def slopes(areas: int, seed: int) -> np.ndarray:
    """Return each area's true slope of unemployment."""
    return SLOPE_UNEMPLOYMENT + np.random.default_rng([seed, 8]).normal(0, SLOPE_SPREAD, areas)


def over_indebtedness(s: Setting, seed: int) -> Facts:
    """Return adults and over-indebted adults by age group, arrays area × age group × year."""
    rng = np.random.default_rng([seed, 9])
    adults = np.stack([s.aged(a, b - 1) for a, b in itertools.pairwise(FIRST_AGE)], axis=1)
    share = expected(s, adults, seed, rng)
    return {"debt_adults": adults.astype(float), "overindebted": steady(rng, adults, share)}


def expected(s: Setting, adults: np.ndarray, seed: int, rng: np.random.Generator) -> np.ndarray:
    """Return the expected share by area, age group and year."""
    age = np.log(AGE_SHARE_2017 / (1 - AGE_SHARE_2017))[:, None] + AGE_DRIFT[:, None] * (s.years - 2017)
    poor = np.array([p.deprivation for p in s.places])
    place = PLACE_POOR * poor + rng.normal(0, PLACE_SPREAD, len(poor))
    drivers = slopes(len(poor), seed)[:, None] * (s.unemployment - 7) + SLOPE_RENT * (s.rent_burden - 27)
    storage = np.where(s.years >= STORAGE_YEAR, STORAGE, 0.0)
    local = place[:, None] + drivers + storage + rng.normal(0, NOISE, drivers.shape)
    odds = age[None] + local[:, None, :]
    flat = odds.reshape(-1, len(s.years))
    return level(flat, adults.reshape(flat.shape), np.interp(s.years, *CITY) / 100).reshape(odds.shape)
