"""Learn from all areas of an indicator how much of the forecast trend came true: all of it, a part, or nothing.

One factor per indicator, chosen among five by the mean error of past forecasts whose outcome was known. On the 27 Kreise
indicators it lowers the error of the combination from 1.17 to 1.02 of naive's, judged at each origin by earlier outcomes
only (tests/forecast/test_districts.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from model.forecast.assess.rolling import Past
from model.forecast.future import Future
from model.forecast.series import Flags, Floats

TRENDS: Final = (1.0, 0.75, 0.5, 0.25, 0.0)  # in this order: among equals the larger one stays
FEWEST_RESIDUALS: Final = 30


def trend_of(past: Past, known: Flags | None = None) -> float:
    """Return the factor under which past forecasts (those `known`) missed by least; 1 where too few can tell."""
    rows = past.unit > 0 if known is None else (past.unit > 0) & known
    if rows.sum() < FEWEST_RESIDUALS:
        return 1.0
    chosen = past.take(rows)
    errors = [np.mean(np.abs(steered(chosen, trend).value - chosen.actual) / chosen.unit) for trend in TRENDS]
    return TRENDS[int(np.argmin(errors))]


def trends_by_origin(past: Past) -> dict[int, float]:
    """Return, per origin, the factor that was known to be best by then."""
    known_by = past.origin + past.step
    return {int(origin): trend_of(past, known_by <= origin) for origin in np.unique(past.origin)}


def steered(past: Past, trend: float | Floats) -> Past:
    """Return the past forecasts moved towards "it stays as it is": `trend` 1 leaves them, 0 stays."""
    centre = past.stay + trend * (past.centre - past.stay)
    centre = np.where(np.asarray(trend) == 1.0, past.centre, centre)
    return replace(past, centre=centre, value=past.scale.back(centre))


def steered_as_known(past: Past) -> Past:
    """Return the past forecasts as they would have been made, each origin with the factor known by then."""
    trends = trends_by_origin(past)
    return steered(past, np.array([trends[int(origin)] for origin in past.origin]))


def steer(future: Future, stay: Future, trend: float) -> Future:
    """Return a future moved towards `stay`, the naive one of the same series; the very same object for trend 1."""
    if trend == 1.0:
        return future
    both = np.isfinite(future.centre) & np.isfinite(stay.centre)
    centre = np.where(both, stay.centre + trend * (future.centre - stay.centre), future.centre)
    return replace(future, centre=centre)
