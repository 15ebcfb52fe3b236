"""Arrivals, departures and moves inside the city from what was observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.demography import standard
from model.demography.fit import recent, with_values
from model.demography.migration import destinations, net_to_gross, smooth_over_age
from model.demography.mortality import between_year_ends
from model.demography.observed import Observed
from model.demography.population import Array, age_on, five_year_groups
from model.demography.small_areas import Labels, area_types, shrunk_level, typical

MOST = 0.9  # no rate of leaving above this


@dataclass(frozen=True)
class Moves:
    """Movements as the projection needs them; see assumptions.Assumptions. `own`: by age from the package itself."""

    arrivals: Array
    leaving: Array
    moving: Array | None
    destinations: Array | None
    own: bool


def moves(observed: Observed, window: int, qx: Array) -> Moves:
    """Return what the last `window` years say about moving."""
    if {"arrivals", "departures"} <= set(observed.by_age):
        return _counted(observed, window, qx)
    return _residual(observed, window, qx)


def _counted(observed: Observed, window: int, qx: Array) -> Moves:
    """Each kind of movement gets its own typing of the areas; profiles are those of the type, levels the area's own."""
    steps = with_values(observed, "departures", with_values(observed, "arrivals", recent(observed, window)))
    arrivals = _arriving(observed.by_age["arrivals"][steps].mean(axis=0))
    living = _living(observed, steps, qx)
    left = observed.by_age["departures"][steps].sum(axis=0)
    leaving = _rates(left, living)
    if len(observed.areas) == 1 or not {"moves_in", "moves_out"} <= set(observed.by_age):
        return Moves(arrivals, leaving, None, None, True)
    moving = _rates(observed.by_age["moves_out"][steps].sum(axis=0), np.maximum(living - left, 1e-9))
    moved = _arriving(observed.by_age["moves_in"][steps].mean(axis=0))
    return Moves(arrivals, leaving, moving, destinations(moved, observed.stock[-1]), True)


def _arriving(counts: Array) -> Array:
    """Return (areas, 2, 101) with each area's own total and the smooth profile of its type."""
    pooled = smooth_over_age(typical(counts, _types(counts)))
    return pooled / pooled.sum(axis=(1, 2), keepdims=True) * counts.sum(axis=(1, 2), keepdims=True)


def _rates(events: Array, living: Array) -> Array:
    """Return the rates (areas, 2, 101) of the area's type times its own level, shrunk."""
    types = _types(events)
    pooled = smooth_over_age(typical(events, types)) / np.maximum(smooth_over_age(typical(living, types)), 1e-9)
    level = shrunk_level(events.sum(axis=(1, 2)), (pooled * living).sum(axis=(1, 2)))
    return np.minimum(pooled * level[:, None, None], MOST)


def _types(counts: Array) -> Labels:
    groups = five_year_groups(counts).reshape(len(counts), -1)
    return area_types(groups, weight=counts.sum(axis=(1, 2)))


def _living(observed: Observed, steps: list[int], qx: Array) -> Array:
    """Return those who lived through the years and could have moved, summed over `steps` (areas, 2, 101)."""
    dying = between_year_ends(qx)
    living = sum((age_on(observed.stock[n - 1] * (1.0 - dying[:, 1:])) for n in steps), np.zeros(observed.stock.shape[1:]))
    living[..., 0] = observed.stock[steps][..., 0].sum(axis=0)
    return living


def _residual(observed: Observed, window: int, qx: Array) -> Moves:
    """Moves as what is left between stocks after deaths: gains arrive as a count, losses leave as a rate.

    At the ages of training and first jobs people come and go at once; there a standard profile of gross moves stands
    behind the net, at the package's own number of arrivals or the published German frequency. At other ages it does not:
    who comes there is about as many as who goes, cohort by cohort, and a profile would wear large cohorts down.
    """
    steps = unbroken(observed, recent(observed, window))
    net = _net(observed, steps, qx)
    arrived = _mean_total(observed, "arrivals", recent(observed, window))
    if arrived is None:
        arrived = standard.ARRIVALS_PER_PERSON * observed.stock[-1].sum(axis=(1, 2))
    mobile = np.interp(np.arange(net.shape[-1]), *standard.MOBILE)
    coming = arrived[:, None, None] * standard.mover_profile(standard.ARRIVAL_SHARES) * mobile
    going = arrived[:, None, None] * standard.mover_profile(standard.DEPARTURE_SHARES) * mobile
    coming, going = net_to_gross(coming, going, net)
    average = np.stack([age_on(observed.stock[n - 1]) for n in steps]).mean(axis=0)
    average[..., 0] = observed.stock[steps][..., 0].mean(axis=0)
    leaving = smooth_over_age(going) / np.maximum(smooth_over_age(average), 1e-9)
    return Moves(coming, np.minimum(leaving, 0.6), None, None, False)


def _net(observed: Observed, steps: list[int], qx: Array) -> Array:
    """Return mean yearly net moves by age reached (areas, 2, 101), smoothed; none above 90, where deaths decide."""
    dying = between_year_ends(qx)
    net = np.zeros(observed.stock.shape[1:])
    for n in steps:
        survivors = age_on(observed.stock[n - 1] * (1.0 - dying[:, 1:]))
        net += (observed.stock[n] - survivors) / (1.0 - 0.5 * dying[:, :-1])
    net /= max(len(steps), 1)
    net[..., 0] = 0.5 * net[..., 1]
    net[..., 90:] = 0.0
    return smooth_over_age(net)


def unbroken(observed: Observed, steps: list[int]) -> list[int]:
    """Return the steps over which the register did not change what it counts.

    A step is broken where the package says so, where the total jumps by more than births, deaths and moves say (1.5 % of
    the stock; where those are unknown, 2.5 points more than the median step), or where the middle one of the cohorts
    around 30 to 74 jumps by more than a twentieth, as when a file holds another year's ages. If nothing is left, every
    step counts.
    """
    totals = observed.stock.sum(axis=(1, 2, 3))
    change = {n: (totals[n] - totals[n - 1]) / totals[n - 1] for n in steps}
    usual = float(np.median(list(change.values()))) if change else 0.0
    kept = []
    for n in steps:
        known = _balance(observed, n)
        odd = abs(change[n] - usual) > 0.025 if known is None else abs(change[n] - known / totals[n - 1]) > 0.015
        if not odd and observed.first_year + n not in observed.breaks and _cohort_jump(observed, n) <= 0.05:
            kept.append(n)
    return kept or steps


def _cohort_jump(observed: Observed, step: int) -> float:
    """Return the median relative change of five-year cohorts around 30 to 74 in one year; ordinary years: 0.01 to 0.03."""
    start, end = (observed.stock[n].sum(axis=(0, 1)) for n in (step - 1, step))
    before = start[29:74].reshape(9, 5).sum(axis=1)
    return float(np.median(np.abs(end[30:75].reshape(9, 5).sum(axis=1) / np.maximum(before, 1.0) - 1.0)))


def _balance(observed: Observed, step: int) -> float | None:
    """Return births − deaths + arrivals − departures of the whole city in one year, None where any is unknown."""
    total = 0.0
    for event, sign in (("births", 1.0), ("deaths", -1.0), ("arrivals", 1.0), ("departures", -1.0)):
        values = observed.total(event)
        if values is None or np.isnan(values[step]).any():
            return None
        total += sign * float(values[step].sum())
    return total


def _mean_total(observed: Observed, event: str, steps: list[int]) -> Array | None:
    known = with_values(observed, event, steps)
    values = observed.total(event)
    return None if values is None or not known else np.asarray(values[known].mean(axis=0))
