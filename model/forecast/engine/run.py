"""Forecast a panel with one method: pattern by pattern, every series with a future or with the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from model.errors import ForecastError, UnknownName
from model.forecast.engine.combine import combine
from model.forecast.engine.filters import Bank, build, grid
from model.forecast.engine.pattern import Group, groups
from model.forecast.engine.threads import one_thread
from model.forecast.engine.walk import Pool, drift, naive, pooled, short
from model.forecast.future import Future, joined, without
from model.forecast.scale import Scale
from model.forecast.series import Flags, Floats, Panel

METHODS: Final = ("combination", "ets", "theta", "sarimax", "ucm", "drift", "naive")
FEWEST: Final = 6  # values from which a filter bank or a fitted model is used
FREEDOM: Final = 3  # values a filter bank needs beyond its initial states
LONGEST: Final = 200
KEPT_BANKS: Final = 48  # constant matrices of the patterns seen last, about 0.3 MB each; a rate and its parts share them
STILL: Final = 1e-13  # changes smaller than this part of the value are rounding

Made = tuple[Floats, Floats, tuple[tuple[str, str], ...]]  # centre, spread, and (reason, note) per series


def forecast(panel: Panel, horizon: int, scale: Scale, method: str = "combination", pool: Pool | None = None) -> Future:
    """Return `horizon` steps after the last value of every series of `panel` (values in their own unit).

    `pool` says what comparable series do (see `pool_of`); short series need it. Raises ForecastError or UnknownName.
    """
    if method not in METHODS:
        raise UnknownName("Method", method, METHODS)
    if not 1 <= horizon <= LONGEST:
        raise ForecastError(f"Horizon {horizon} is not possible.", hint=f"Choose 1 to {LONGEST} periods.")
    if not panel.names:
        return without((), panel.last, horizon, scale, method, "")
    outside: Flags = np.any(scale.outside(panel.values), axis=1)
    fit = panel if not outside.any() else panel.with_values(np.where(outside[:, None], np.nan, panel.values))
    scaled = fit.with_values(scale.forward(fit.values))
    parts, order = [], []
    with one_thread():
        for group in groups(scaled):
            parts.append(_future(group, panel, horizon, scale, method, pool))
            order.append(group.rows)
    found = joined(parts, np.concatenate(order))
    reasons = tuple("outside" if out else reason for out, reason in zip(outside, found.reasons, strict=True))
    return replace(found, reasons=reasons)


def pool_of(panel: Panel, scale: Scale) -> Pool | None:
    """Return what the series of one indicator have in common, for those too short or too still to tell themselves.

    None where no series needs it, or too few can tell.
    """
    if not panel.names or (panel.counts.min() >= FEWEST and not _still(panel.values).any()):
        return None
    values = np.where(scale.outside(panel.values), np.nan, panel.values)
    scaled = panel.with_values(scale.forward(values))
    return pooled([group for group in groups(scaled) if group.pattern.count], scale.form == "root")


def _still(values: Floats) -> Flags:
    """Tell which rows (at least one value each) never change."""
    lowest, highest = np.fmin.reduce(values, axis=1), np.fmax.reduce(values, axis=1)
    return np.asarray(highest - lowest <= STILL * np.maximum(np.abs(lowest), np.abs(highest)), dtype=bool)


def _future(group: Group, panel: Panel, horizon: int, scale: Scale, method: str, pool: Pool | None) -> Future:
    names, last = tuple(panel.names[i] for i in group.rows), panel.last[group.rows]
    if not group.pattern.count:
        return without(names, last, horizon, scale, method, "no_value")
    centre, spread, said = _constant_apart(group, horizon, method, pool, scale.form == "root")
    failed: Flags = ~np.all(np.isfinite(centre), axis=1)
    centre[failed], spread[failed] = np.nan, np.nan
    reasons = tuple(reason or ("failed" if bad else "") for (reason, _), bad in zip(said, failed, strict=True))
    notes = tuple((*group.pattern.notes, *([note] if note else [])) for _, note in said)
    converged = np.array([not bad and note != "not_converged" for (_, note), bad in zip(said, failed, strict=True)])
    return Future(names, centre, spread, last, scale, method, reasons, notes, converged)


def _constant_apart(group: Group, horizon: int, method: str, pool: Pool | None, relative: bool) -> Made:
    """Forecast the series of a group; those that never change stay where they are, with what spread the pool knows."""
    reach = np.abs(group.values).max(axis=1)
    flat = _still(group.values) & (group.pattern.count > 3)
    centre = np.repeat(group.values[:, -1:], horizon, axis=1)
    noise = pool.noise / group.pattern.count if pool else 0.0
    size = reach if relative else np.ones(len(reach))
    spread = size[:, None] * np.sqrt(noise * np.arange(1, horizon + 1))
    said = [("", "constant")] * len(group.rows)
    if not flat.all():
        moving = replace(group, rows=group.rows[~flat], values=group.values[~flat])
        centre[~flat], spread[~flat], words = _made(moving, horizon, method, pool, relative)
        for place, word in zip(np.flatnonzero(~flat), words, strict=True):
            said[place] = word
    return centre, spread, tuple(said)


def _made(group: Group, horizon: int, method: str, pool: Pool | None, relative: bool) -> Made:
    quiet = (("", ""),) * len(group.rows)
    if _too_short(group, method):
        centre, spread = short(group, horizon, pool, relative)
        lost = np.isnan(centre[:, 0])
        return centre, spread, tuple(("one_value", "") if bad else ("", "short") for bad in lost)
    if method in _DIRECT:
        return (*_DIRECT[method](group, horizon), quiet)
    from model.forecast.engine.fitted import fit_many

    return fit_many(group, horizon, method)


def _too_short(group: Group, method: str) -> bool:
    """Tell whether a method has too little to go on: one increment for naive, three for drift, else states and freedom."""
    count, steps = group.pattern.count, len(group.pattern.steps)
    if method in ("naive", "drift"):
        return count - 1 - steps < (1 if method == "naive" else 3)
    return count < FEWEST or count - 2 - steps < FREEDOM


def _combination(group: Group, horizon: int) -> tuple[Floats, Floats]:
    observed, steps = group.pattern.observed.tobytes(), group.pattern.steps
    return combine(_bank(group.usable_season, observed, steps, horizon), group.values)


@lru_cache(maxsize=KEPT_BANKS)
def _bank(season: int, observed: bytes, steps: tuple[int, ...], horizon: int) -> Bank:
    return build(grid(season), np.frombuffer(observed, dtype=bool), steps, season, horizon)


_DIRECT: Final[dict[str, Callable[[Group, int], tuple[Floats, Floats]]]] = {
    "combination": _combination,
    "drift": drift,
    "naive": naive,
}
