"""Life tables: probabilities of dying, life expectancy, and improvement to a target.

A life table's q(x) is the probability of dying between two birthdays. A projection needs the probability of dying
between two ends of year. Whoever is x years old at the end of a year dies with q(x) for about half a year and with
q(x+1) for the other half, which `between_year_ends` works out.
"""

from __future__ import annotations

import numpy as np

from model.demography.population import AGES, OLDEST, Array
from model.errors import ProjectionError

INFANT_SHARE = 0.86
"""Part of the deaths before the first birthday that falls into the calendar year of birth: 1 − L(0)/l(0) over q(0)
in the German life table 2016/18 (men .865, women .862), most infants dying in their first weeks."""

FIRST_WEEKS = 0.886
"""Part of what a newborn risks beyond a one-year-old that falls into the calendar year of birth; gives INFANT_SHARE."""

COHORTS = AGES + 1
"""Births, then those aged 0…99 and 100+ at the start of the year."""


def between_year_ends(qx: Array) -> Array:
    """Return the probability of dying in a calendar year: (…, 101) by birthday → (…, 102) by cohort.

    Position 0 is for the year's births, position 1 + x for those x years old at the start of the year.
    """
    living = 1.0 - qx
    half = np.sqrt(living)
    dying = np.empty((*qx.shape[:-1], COHORTS))
    steady = np.minimum(qx[..., 0], qx[..., 1])
    weeks = FIRST_WEEKS * (1.0 - living[..., 0] / np.maximum(1.0 - steady, 1e-12))
    dying[..., 0] = 1.0 - (1.0 - weeks) * np.sqrt(1.0 - steady)
    dying[..., 1] = 1.0 - half[..., 1] * living[..., 0] / np.maximum(1.0 - dying[..., 0], 1e-12)
    dying[..., 2 : COHORTS - 1] = 1.0 - half[..., 1:OLDEST] * half[..., 2:]
    dying[..., COHORTS - 1] = qx[..., OLDEST]
    return dying


def life_expectancy(qx: Array) -> Array:
    """Return the years a newborn lives under `qx` (…, 101): the last axis goes.

    Those who reach 100 live on with the death rate that q(100) implies.
    """
    survivors = np.cumprod(1.0 - qx[..., :OLDEST], axis=-1)
    reached = np.concatenate([np.ones((*qx.shape[:-1], 1)), survivors], axis=-1)
    infants_live = 1.0 - INFANT_SHARE
    lived = 0.5 * (reached[..., :-1] + reached[..., 1:])
    lived[..., 0] = infants_live + (1.0 - infants_live) * reached[..., 1]
    last = np.maximum(-np.log1p(-np.minimum(qx[..., OLDEST], 0.999)), 1e-9)
    return lived.sum(axis=-1) + reached[..., OLDEST] / last


def decline_pattern() -> Array:
    """Return the yearly relative decline of q(x) by age, (101,): the declared shape of improvement.

    Falls from 2.5 % a year up to age 40 over 2 % at 75 and 1.2 % at 90 to 0.4 % at 100. Our assumption; only the shape
    matters, its size is solved for.
    """
    return np.interp(np.arange(AGES), [0, 40, 60, 75, 90, 100], [0.025, 0.025, 0.021, 0.020, 0.012, 0.004])


def with_life_expectancy(qx: Array, target: float, pattern: Array | None = None) -> Array:
    """Return q(x) of one sex (101,) moved log-linearly by age until its life expectancy is `target` years."""
    return qx * np.exp(-improvement_to(qx, target, pattern) * (decline_pattern() if pattern is None else pattern))


def improvement_to(qx: Array, target: float, pattern: Array | None = None) -> float:
    """Return how many years of the declared decline lead from `qx` (101,) to the life expectancy `target`.

    Raises ProjectionError for a target outside 40…110 years or out of reach.
    """
    if not 40.0 <= target <= 110.0:
        raise ProjectionError(f"A life expectancy of {target} years is outside 40…110.")
    decline = decline_pattern() if pattern is None else pattern
    low, high = -400.0, 400.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        reached = life_expectancy(np.minimum(qx * np.exp(-middle * decline), 1.0))
        low, high = (middle, high) if reached < target else (low, middle)
    if abs(float(life_expectancy(np.minimum(qx * np.exp(-low * decline), 1.0))) - target) > 0.01:
        raise ProjectionError(f"A life expectancy of {target} years cannot be reached from this life table.")
    return 0.5 * (low + high)


def improve(qx: Array, targets: Array, years_to_target: int, years: int, pattern: Array | None = None) -> Array:
    """Return q(x) for `years` years, (years, sexes, 101): the first one year after the life table `qx` (sexes, 101).

    Each age declines at a steady rate so that the life expectancy `targets` (sexes,) is reached after
    `years_to_target` years, and goes on declining beyond.
    """
    decline = decline_pattern() if pattern is None else pattern
    pace = np.array([improvement_to(q, float(t), decline) for q, t in zip(qx, targets, strict=True)]) / years_to_target
    steps = np.arange(1, years + 1)[:, None, None]
    return np.minimum(qx * np.exp(-steps * pace[None, :, None] * decline), 1.0)
