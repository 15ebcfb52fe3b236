"""The benchmarks every method is measured against: last value (naive) and random walk with drift; and the short series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.forecast.engine.pattern import Group, after_last_step
from model.forecast.series import Floats

SLOPE_TO_NOISE: Final = 0.5  # assumed spread of slopes, in yearly standard errors, where no areas tell it
POOL_WEIGHT: Final = 4.0  # the pooled variance counts like so many values of the series itself
WILD: Final = 10.0  # one area with ten times the usual variance must not speak for all
POOL_SERIES: Final = 3  # fewer comparable series say nothing


@dataclass(frozen=True)
class Walk:
    """Describe S random walks: drift and variance of one step, and over how many steps and increments they were seen."""

    drift: Floats
    variance: Floats
    square: Floats  # mean squared step without drift
    steps: int
    increments: int


@dataclass(frozen=True)
class Pool:
    """Say what comparable series do in one step, relative to their size: drift, its spread between series, noise variance."""

    drift: float
    drift_spread: float
    noise: float
    series: int


def walk(group: Group) -> Walk:
    """Describe each series' steps; increments over a gap count for its length, those over a level step not at all."""
    places = group.pattern.places
    kept = np.ones(len(places) - 1, dtype=bool)
    for step in group.pattern.steps:
        kept &= (places[:-1] >= step) | (places[1:] < step)
    lengths = np.diff(places)[kept]
    changes = np.diff(group.values, axis=1)[:, kept]
    steps, increments = int(lengths.sum()), int(kept.sum())
    drift = changes.sum(axis=1) / max(steps, 1)
    squares = (np.square(changes - drift[:, None] * lengths) / lengths).sum(axis=1)
    square = (np.square(changes) / lengths).sum(axis=1) / max(increments, 1)
    return Walk(drift, squares / max(increments - 1, 1), square, steps, increments)


def naive(group: Group, horizon: int) -> tuple[Floats, Floats]:
    """Return centre and spread of "it stays as it is", by season where the last year is complete."""
    season, n = group.season, group.values.shape[1]
    if season > 1 and n >= 2 * season and group.pattern.observed[-2 * season :].all():
        cycle = group.values[:, -season:]
        centre = cycle[:, np.arange(horizon) % season]
        full = group.pattern.observed[season:] & group.pattern.observed[:-season]
        gaps = _on_grid(group)[:, season:] - _on_grid(group)[:, :-season]
        square = np.square(gaps[:, full]).mean(axis=1)
        return centre, np.sqrt(square[:, None] * (np.arange(horizon) // season + 1) * _heavy(int(full.sum())))
    steps = walk(group)
    variance = steps.square[:, None] * np.arange(1, horizon + 1)
    return _flat(group, horizon), np.sqrt(variance * _heavy(steps.increments))


def drift(group: Group, horizon: int) -> tuple[Floats, Floats]:
    """Return centre and spread of the random walk with drift; the drift's own error is in the spread."""
    steps, ahead = walk(group), np.arange(1, horizon + 1)
    variance = steps.variance[:, None] * ahead * (1 + ahead / max(steps.steps, 1))
    centre = group.values[:, -1:] + steps.drift[:, None] * ahead
    return centre, np.sqrt(variance * _heavy(steps.increments - 1))


def short(group: Group, horizon: int, pool: Pool | None, relative: bool) -> tuple[Floats, Floats]:
    """Return centre and spread of series of at most five values; NaN where one value has no comparable series.

    Up to three values: the last one with the pooled variance. Four or five: drift shrunk to the pooled drift.
    """
    group = after_last_step(group)
    n, ahead = group.values.shape[1], np.arange(1.0, horizon + 1)
    size = sizes(group.values, relative)[:, None]
    steps = walk(group) if n > 1 else None
    if n <= 3 and pool:
        wander = np.square(ahead) * (pool.drift**2 + pool.drift_spread**2)
        return _flat(group, horizon), size * np.sqrt(pool.noise * ahead + wander)
    if steps is None:
        return (np.full((len(group.rows), horizon), np.nan),) * 2
    if n <= 3:
        return _flat(group, horizon), np.sqrt(steps.square[:, None] * ahead * _heavy(steps.increments))
    return _shrunk(group, steps, ahead, pool, size)


def _shrunk(group: Group, steps: Walk, ahead: Floats, pool: Pool | None, size: Floats) -> tuple[Floats, Floats]:
    freedom = steps.increments - 1
    if pool:
        own = freedom * steps.variance[:, None] + POOL_WEIGHT * pool.noise * size**2
        noise = own / (freedom + POOL_WEIGHT) * _heavy(freedom + int(POOL_WEIGHT))
        target, between = pool.drift * size, (pool.drift_spread * size) ** 2
    else:
        noise = steps.variance[:, None] * _heavy(freedom)
        target, between = np.zeros_like(size), noise * SLOPE_TO_NOISE**2
    error = noise / steps.steps
    with np.errstate(invalid="ignore"):
        trust = np.where(between + error > 0, between / (between + error), 1.0)
    slope = trust * steps.drift[:, None] + (1 - trust) * target
    variance = noise * ahead + trust * error * np.square(ahead)
    return group.values[:, -1:] + slope * ahead, np.sqrt(variance)


def pooled(parts: list[Group], relative: bool) -> Pool | None:
    """Return what the series with at least six values, or else three, have in common; None for fewer than three series."""
    for least in (6, 3):
        drifts, noises = [], []
        for group in parts:
            if group.pattern.count >= least and not group.pattern.steps:
                steps, size = walk(group), sizes(group.values, relative)
                moving = steps.square > 0
                drifts.append((steps.drift / size)[moving])
                noises.append((steps.variance / size**2)[moving])
        if sum(map(len, drifts)) >= POOL_SERIES:
            slopes, noise = np.concatenate(drifts), np.concatenate(noises)
            middle = float(np.median(slopes))
            spread = 1.4826 * float(np.median(np.abs(slopes - middle)))
            return Pool(middle, spread, float(np.minimum(np.sort(noise), WILD * np.median(noise)).mean()), len(slopes))
    return None


def sizes(values: Floats, relative: bool) -> Floats:
    """Return the size by which a series' steps compare with others': its mean level, or 1 on scales without a unit."""
    level = np.abs(values).mean(axis=1) if relative else np.ones(len(values))
    return np.where(level > 0, level, 1.0)


def _flat(group: Group, horizon: int) -> Floats:
    return np.repeat(group.values[:, -1:], horizon, axis=1)


def _on_grid(group: Group) -> Floats:
    spread = np.full((len(group.rows), len(group.pattern.observed)), np.nan)
    spread[:, group.pattern.places] = group.values
    return spread


def _heavy(freedom: int) -> float:
    """Return the factor on a variance estimated from so few increments: its t distribution has heavier tails.

    With three or more degrees the variance of t; below, where that is infinite, what makes the 95 % interval right.
    """
    if freedom >= 5:
        return freedom / (freedom - 2)
    from scipy.special import stdtrit

    return float((stdtrit(max(freedom, 1), 0.975) / 1.959963984540054) ** 2)
