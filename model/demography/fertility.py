"""Births per woman by age: scaling to a total rate, shifting to a mean age."""

from __future__ import annotations

import numpy as np

from model.demography.population import MOTHERS, Array

SEX_RATIO = 1.05
"""Boys per girl at birth (Germany: 1.05–1.06)."""


def total_rate(asfr: Array) -> Array:
    """Return the children a woman would have in her life under the yearly rates `asfr` (…, 35)."""
    return asfr.sum(axis=-1)


def mean_age(asfr: Array) -> Array:
    """Return the mean age at birth under `asfr` (…, 35), in exact years (age 30 counts as 30.5)."""
    return (asfr * (MOTHERS + 0.5)).sum(axis=-1) / asfr.sum(axis=-1)


def with_total_rate(asfr: Array, tfr: float | Array) -> Array:
    """Return `asfr` (…, 35) scaled to the total rate `tfr` (scalar or the leading axes)."""
    return asfr * (np.asarray(tfr) / total_rate(asfr))[..., None]


def with_mean_age(asfr: Array, age: float) -> Array:
    """Return one schedule (35,) moved along age to the mean age `age`, its total rate kept.

    The move is by a constant number of years with linear interpolation; three rounds correct what falls off the ends.
    """
    total, moved = total_rate(asfr), asfr
    for _ in range(3):
        moved = np.interp(MOTHERS - (age - mean_age(moved)), MOTHERS, moved, left=0.0, right=0.0)
    return with_total_rate(moved, total)


def births_of(women_start: Array, women_end: Array, asfr: Array) -> Array:
    """Return births: rate × mean of the women aged 15–49 at the start and the end of the year; (…, 35) → (…)."""
    return 0.5 * ((women_start + women_end) * asfr).sum(axis=-1)


def by_sex(births: Array, sex_ratio: float) -> Array:
    """Split births (…) into girls and boys (…, 2)."""
    boys = births * (sex_ratio / (1.0 + sex_ratio))
    return np.stack([births - boys, boys], axis=-1)
