"""Ask of every past year what the method would have said then, and keep it beside what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.forecast.engine.run import FEWEST, forecast
from model.forecast.future import Future
from model.forecast.scale import Scale
from model.forecast.series import Flags, Floats, Ints, Panel

YEARS: Final = 5
ORIGINS: Final = 10  # the latest ones; older ones say little about today

Forecaster = Callable[[Panel, int], Future]


@dataclass(frozen=True)
class Past:
    """Hold N past forecasts, one per series × origin × step, whose outcome is known.

    `actual`, `value`, `naive` and `drift` are in the unit of the values; `target` (the actual value), `centre`, `stay` (the
    centre of naive) and `spread` on the scale; `unit` is the mean absolute step of the series before the origin.
    """

    series: Ints
    origin: Ints
    step: Ints
    actual: Floats
    value: Floats
    naive: Floats
    drift: Floats
    centre: Floats
    spread: Floats
    target: Floats
    stay: Floats
    unit: Floats
    season: int
    scale: Scale

    @property
    def cases(self) -> int:
        """Return the number of back-tests: pairs of series and origin."""
        return len(np.unique(self.series * 1_000_000 + self.origin))

    @property
    def distance(self) -> Floats:
        """Return the misses in units of the spread; a series said never to change is hit exactly or missed by infinity."""
        miss = self.target - self.centre
        with np.errstate(divide="ignore", invalid="ignore"):
            certain = np.where(miss == 0, 0.0, np.inf * np.sign(miss))
            return np.where(self.spread > 0, miss / self.spread, certain)

    def take(self, rows: Flags) -> Past:
        """Return these past forecasts."""
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return Past(**arrays, season=self.season, scale=self.scale)


_ARRAYS: Final = (
    "series", "origin", "step", "actual", "value", "naive", "drift", "centre", "spread", "target", "stay", "unit",
)  # fmt: skip


def rolling(panel: Panel, scale: Scale, forecaster: Forecaster | str = "combination", origins: int = ORIGINS) -> Past:
    """Return what `forecaster` (a method, or a function of panel and horizon) would have said at the last `origins`.

    A series takes part in an origin where it has a value there and at least six up to there.
    """
    if isinstance(forecaster, str):
        method = forecaster
        return rolling(panel, scale, lambda known, ahead: forecast(known, ahead, scale, method), origins)
    horizon, last = YEARS * panel.season, panel.first + panel.values.shape[1] - 1
    first = max(panel.first + FEWEST - 1, last - origins * panel.season)
    parts = [_at(panel, origin, horizon, scale, forecaster) for origin in range(first, last)]
    arrays: dict[str, Any] = {
        name: np.concatenate([np.empty(0, dtype=np.int64), *(part[name] for part in parts)]) for name in _ARRAYS
    }
    return Past(**arrays, season=panel.season, scale=scale)


def _at(panel: Panel, origin: int, horizon: int, scale: Scale, forecaster: Forecaster) -> dict[str, Floats]:
    known = panel.until(origin)
    rows = np.flatnonzero((known.counts >= FEWEST) & (known.last == origin))
    start = origin - panel.first + 1
    actual = np.full((len(rows), horizon), np.nan)
    coming = panel.values[rows, start : start + horizon]
    actual[:, : coming.shape[1]] = coming
    if panel.breaks is not None:  # what lies beyond a break is another measure, not a miss
        broken = np.maximum.accumulate(panel.breaks[rows, start : start + horizon], axis=1)
        actual[:, : broken.shape[1]][broken] = np.nan
    rows, actual = rows[~np.isnan(actual).all(axis=1)], actual[~np.isnan(actual).all(axis=1)]
    known = known.take(rows)
    future = forecaster(known, horizon)
    naive, drift = (forecast(known, horizon, scale, method) for method in ("naive", "drift"))
    shape = actual.shape
    found = {
        "series": np.broadcast_to(rows[:, None], shape),
        "origin": np.full(shape, origin),
        "step": np.broadcast_to(np.arange(1, horizon + 1), shape),
        "actual": actual,
        "value": future.value,
        "naive": naive.value,
        "drift": drift.value,
        "centre": future.centre,
        "spread": future.spread,
        "target": scale.forward(actual),
        "stay": naive.centre,
        "unit": np.broadcast_to(_mean_step(known)[:, None], shape),
    }
    kept = ~(np.isnan(actual) | np.isnan(future.centre))
    return {name: np.asarray(values)[kept] for name, values in found.items()}


def _mean_step(panel: Panel) -> Floats:
    """Return each series' mean absolute change a year, over two or three years where years are missing; 0 for none."""
    found = np.zeros(len(panel.names))
    for years in (3, 2, 1):
        lag = years * panel.season
        changes = np.abs(panel.values[:, lag:] - panel.values[:, :-lag])
        there = ~np.isnan(changes)
        mean = np.where(there, changes, 0.0).sum(axis=1) / (years * np.maximum(there.sum(axis=1), 1))
        found = np.where(there.any(axis=1), mean, found)
    return found
