"""Intervals by draws: errors of fertility, mortality and moves that grow with the horizon, sized from the own past.

A baseline goes on with the mean of recent years. What a series does instead is taken as an autoregressive process, so
the error of "the mean of the last w years" h years ahead has a known covariance up to one size; the size is what such
errors were in the package's own past where it has 15 years or more, and declared otherwise. Draws share their random
numbers, so that a scenario less the baseline has its own, narrower band.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from model.demography.assumptions import Assumptions, multiply
from model.demography.fertility import births_of
from model.demography.fit import recent, with_values
from model.demography.mortality import between_year_ends
from model.demography.moves import unbroken
from model.demography.observed import DemographySources, Observed
from model.demography.population import AGES, FERTILE, WOMEN, Array, Population, age_on
from model.demography.projection import Projection, project
from model.demography.standard import births_per_woman, life_table

BANDS = ((0, 17), (18, 29), (30, 49), (50, 64), (65, 100))
"""Stages of life whose moves err together."""
LAST_MOVE = 79  # above, what is left between stocks is chance in deaths, which has its own error
_BAND_OF_AGE = np.array([[first <= age <= last for age in range(AGES)] for first, last in BANDS], dtype=np.float32)
TOGETHER = 0.3  # correlation between the bands' errors: waves of arrivals touch every age
PERSISTENCE = {"fertility": 0.95, "mortality": 0.9, "moves": 0.85}
TREND_ERROR = 0.006  # yearly error of the pace of mortality decline, in logs
ENOUGH = 15  # years of history that errors are sized from
CELLS = 700  # draws × areas worked on at a time: what fits into the processor's cache
LONGEST = 10  # horizon of past errors

DECLARED = {"fertility": 0.035, "mortality": 0.02, "area": 0.008}
DECLARED_MOVES = (0.004, 0.012, 0.004, 0.002, 0.0015)
"""Yearly innovations where the history is short: logs for fertility and mortality, net moves per resident of a band
and of an area. Our assumption."""


@dataclass(frozen=True)
class Spread:
    """Size of the yearly innovations; see DECLARED. `own` tells whether they come from the package's own past errors."""

    fertility: float = DECLARED["fertility"]
    mortality: float = DECLARED["mortality"]
    moves: tuple[float, ...] = DECLARED_MOVES
    area: float = DECLARED["area"]
    window: int = 5
    migration_window: int = 10
    own: bool = False


@dataclass(frozen=True)
class Shocks:
    """Standard normal numbers shared by baseline and scenarios: (draws, years), bands and areas behind."""

    fertility: Array
    mortality: Array
    pace: Array
    moves: Array
    area: Array

    def part(self, first: int, last: int) -> Shocks:
        """Return the futures first…last − 1."""
        return Shocks(*(getattr(self, f.name)[first:last] for f in fields(self)))


def shocks(draws: int, years: int, areas: int = 1, seed: int = 20) -> Shocks:
    """Return the random numbers of `draws` futures; the same arguments give the same numbers."""
    random = np.random.default_rng(seed)
    common = random.standard_normal((draws, years, 1))
    own = random.standard_normal((draws, years, len(BANDS)))
    moves = np.sqrt(TOGETHER) * common + np.sqrt(1.0 - TOGETHER) * own
    fertility, mortality = random.standard_normal((2, draws, years))
    pace = random.standard_normal(draws)
    area = random.standard_normal((draws, years, areas)) if areas > 1 else np.zeros((draws, years, 1))
    return Shocks(fertility, mortality, pace, moves, area)


def error_covariance(window: int, years: int, persistence: float) -> Array:
    """Return the covariance (years, years) of x(t+h) − mean of the last `window` x, innovations of size 1."""
    lag = np.abs(np.subtract.outer(np.arange(window + years), np.arange(window + years)))
    process = persistence**lag / (1.0 - persistence**2)
    contrast = np.hstack([np.full((years, window), -1.0 / window), np.eye(years)])
    return contrast @ process @ contrast.T


def innovation_size(series: Array, window: int, persistence: float, longest: int = LONGEST) -> float:
    """Return the size of innovations that makes past errors of sums as large as they were.

    From every origin with three years behind it, the sum of the next 1…`longest` values less what the mean of the last
    `window` foresaw, squared, over what innovations of size 1 would give, averaged.
    """
    ratios = []
    for origin in range(3, len(series)):
        behind = min(window, origin)
        foreseen = series[origin - behind : origin].mean()
        ahead = min(longest, len(series) - origin)
        errors = np.cumsum(series[origin : origin + ahead] - foreseen)
        covariance = error_covariance(behind, ahead, persistence)
        expected = np.array([covariance[:h, :h].sum() for h in range(1, ahead + 1)])
        ratios.extend(errors**2 / expected)
    return float(np.sqrt(np.mean(ratios)))


def spread_of(observed: Observed, sources: DemographySources) -> Spread:
    """Return the spread sized from the package's own past errors, the declared one where the history is short."""
    declared = Spread(window=sources.window, migration_window=sources.migration_window)
    steps = recent(observed, len(observed.stock))
    if len(steps) < ENOUGH:
        return declared
    rates = _net_rates(observed, steps)
    moves = [innovation_size(rates[:, band], sources.migration_window, PERSISTENCE["moves"]) for band in range(len(BANDS))]
    fertility, mortality = _event_logs(observed, steps)
    sizes = {
        name: innovation_size(series, sources.window, PERSISTENCE[name])
        for name, series in (("fertility", fertility), ("mortality", mortality))
        if len(series) >= ENOUGH
    }
    if len(observed.areas) > 1:
        sizes["area"] = _area_size(observed, steps, sources)
    own: dict[str, Any] = {**sizes, "moves": tuple(moves), "own": True}
    return replace(declared, **own)


def _net_rates(observed: Observed, steps: list[int]) -> Array:
    """Return the city's net moves per resident (steps, bands); over a break of the register what lies between."""
    residual, living = _residuals(observed, steps)
    spans = [slice(first, min(last, LAST_MOVE) + 1) for first, last in BANDS]
    rates = np.stack([residual[..., s].sum(axis=(1, 2, 3)) / living[..., s].sum(axis=(1, 2, 3)) for s in spans], axis=1)
    good = np.isin(steps, unbroken(observed, steps))
    place = np.arange(len(steps))
    return np.stack([np.interp(place, place[good], column[good]) for column in rates.T], axis=1)


def _residuals(observed: Observed, steps: list[int]) -> tuple[Array, Array]:
    """Return stocks less survivors, and the survivors, (steps, areas, 2, 101); births are taken as they were."""
    ends = observed.stock[steps]
    survivors = np.stack(
        [age_on(observed.stock[n - 1] * (1.0 - between_year_ends(life_table(observed.first_year + n))[:, 1:])) for n in steps]
    )
    survivors[..., 0] = ends[..., 0]
    return ends - survivors, survivors


def _event_logs(observed: Observed, steps: list[int]) -> tuple[Array, Array]:
    """Return the logs of births and deaths over what the standard schedules expect (years known,)."""
    asfr = births_per_woman(observed.last_year)
    women = [0.5 * (observed.stock[n - 1] + observed.stock[n]).sum(axis=0)[WOMEN, FERTILE] for n in steps]
    known = with_values(observed, "births", steps)
    births = observed.total("births")
    counted = births is not None and len(known) == len(steps)
    born = births[known].sum(axis=1) if counted else observed.stock[steps][..., 0].sum(axis=(1, 2))  # type: ignore[index]
    fertility = np.log(born / np.array([births_of(w, w, asfr) for w in women]))
    dead, deaths = with_values(observed, "deaths", steps), observed.total("deaths")
    if deaths is None:
        return fertility, np.zeros(0)
    expected = [
        (observed.stock[n - 1].sum(axis=0) * between_year_ends(life_table(observed.first_year + n))[:, 1:]).sum() for n in dead
    ]
    return fertility, np.log(deaths[dead].sum(axis=1) / np.array(expected))


def _area_size(observed: Observed, steps: list[int], sources: DemographySources) -> float:
    """Return the typical innovation of an area's net moves per resident beside the city's."""
    residual, living = _residuals(observed, steps)
    rates = residual.sum(axis=(2, 3)) / living.sum(axis=(2, 3))
    rates -= (residual.sum(axis=(1, 2, 3)) / living.sum(axis=(1, 2, 3)))[:, None]
    sizes = [innovation_size(column, sources.migration_window, PERSISTENCE["moves"]) for column in rates.T]
    return float(np.median(sizes))


def with_shocks(assumptions: Assumptions, spread: Spread, drawn: Shocks) -> Assumptions:
    """Return the assumptions of every draw: the axis of the draws follows that of the years."""
    years = drawn.fertility.shape[1]
    births = _errors(drawn.fertility, spread.fertility, spread.window, PERSISTENCE["fertility"])
    deaths = _errors(drawn.mortality, spread.mortality, spread.window, PERSISTENCE["mortality"])
    deaths = deaths + TREND_ERROR * np.arange(1, years + 1)[:, None] * drawn.pace
    sizes = np.array(spread.moves)
    shift = -(_errors(drawn.moves, 1.0, spread.migration_window, PERSISTENCE["moves"]) * sizes)[:, :, None, None]
    shift = shift.astype(np.float32) @ _BAND_OF_AGE
    if drawn.area.shape[-1] > 1:
        local = _errors(drawn.area, spread.area, spread.migration_window, PERSISTENCE["moves"])
        shift = shift - local[:, :, :, None, None].astype(np.float32)
    return replace(
        assumptions,
        asfr=assumptions.asfr[:, None],
        dying=assumptions.dying[:, None],
        asfr_level=multiply(_drawn(assumptions.asfr_level), np.exp(births)[:, :, None, None]),
        dying_level=multiply(_drawn(assumptions.dying_level), np.exp(deaths)[:, :, None, None, None]),
        arrivals=assumptions.arrivals[:, None],
        arrivals_level=_drawn(assumptions.arrivals_level),
        leaving=None if assumptions.leaving is None else assumptions.leaving[:, None],
        leaving_level=_drawn(assumptions.leaving_level),
        leaving_shift=shift,
        departures=_drawn(assumptions.departures),
        moving=_drawn(assumptions.moving),
        housing=_drawn(assumptions.housing),
        special=_drawn(assumptions.special),
    )


def _drawn(values: Array | None) -> Array | None:
    return None if values is None else values[:, None]


def _errors(normal: Array, size: float, window: int, persistence: float) -> Array:
    """Return errors (years, draws, …) with the covariance of the process from standard normals (draws, years, …)."""
    root = np.linalg.cholesky(error_covariance(window, normal.shape[1], persistence))
    return size * np.tensordot(root, normal, axes=(1, 1))


def at_once(areas: int) -> int:
    """Return how many draws of `areas` areas are best worked on together."""
    return max(CELLS // areas, 1)


def draw(base: Population, assumptions: Assumptions, years: int, spread: Spread, drawn: Shocks) -> Projection:
    """Return the projection of every draw; its stock is (years + 1, draws, areas, 2, 101), components are not kept.

    Draws are kept in single precision, which halves the time; it errs by far less than a person.
    """
    single = Population(base.areas, base.year, base.stock.astype(np.float32))
    draws, chunk = len(drawn.pace), at_once(len(base.areas))
    parts = [
        project(single, _single(with_shocks(assumptions, spread, drawn.part(first, first + chunk))), years, components=False)
        for first in range(0, draws, chunk)
    ]
    stock = parts[0].stock if len(parts) == 1 else np.concatenate([part.stock for part in parts], axis=1)
    return replace(parts[0], stock=stock)


def _single(assumptions: Assumptions) -> Assumptions:
    values = {f.name: getattr(assumptions, f.name) for f in fields(assumptions)}
    single: dict[str, Any] = {n: a.astype(np.float32, copy=False) for n, a in values.items() if isinstance(a, np.ndarray)}
    return replace(assumptions, **single)


def interval(values: Array, level: float = 0.8, axis: int = 1) -> tuple[Array, Array]:
    """Return the lower and upper end of the middle `level` of the draws along `axis`."""
    ordered = np.sort(np.moveaxis(values, axis, -1), axis=-1)
    lower, upper = (_at(ordered, part) for part in (0.5 * (1.0 - level), 0.5 * (1.0 + level)))
    return lower, upper


def _at(ordered: Array, part: float) -> Array:
    """Return the value that `part` of the ordered draws lie below, between two of them in proportion."""
    place = part * (ordered.shape[-1] - 1)
    low = int(place)
    high = min(low + 1, ordered.shape[-1] - 1)
    return np.asarray(ordered[..., low] + (place - low) * (ordered[..., high] - ordered[..., low]))
