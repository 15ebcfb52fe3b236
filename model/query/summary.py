"""Sum up many areas: statistics of one period, the band behind a line chart, trend lines over the observed periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from model.errors import SelectionError
from model.query.breaks import Floats
from model.query.classify import as_floats

TRENDS: Final = {"linear": 1, "exponential": 1, "cubic": 3}


@dataclass(frozen=True)
class Summary:
    """Statistics of the areas that have a value; `mean` is weighted if asked for, `spread` the standard deviation."""

    n: int
    empty: int
    lowest: float
    mean: float
    median: float
    highest: float
    spread: float


@dataclass(frozen=True)
class Trend:
    """A line through the observed periods only: fitted value per period as given, and how much of the scatter it explains.

    `per_year` is the yearly change of the linear line in the indicator's unit, of the exponential one in per cent.
    """

    kind: str
    fitted: Floats
    r_squared: float
    per_year: float | None


def summary(values: Any, weights: Any = None) -> Summary | None:
    """Return the statistics of one period's areas; None if all are empty. Areas without a weight count in all but the mean."""
    exact = as_floats(values)
    there = np.isfinite(exact)
    if not there.any():
        return None
    x = exact[there]
    w = np.ones(len(x)) if weights is None else np.nan_to_num(as_floats(weights)[there])
    mean = float(np.average(x, weights=w)) if w.sum() > 0 else float("nan")
    empty = int((~there).sum())
    return Summary(len(x), empty, float(x.min()), mean, float(np.median(x)), float(x.max()), float(x.std()))


def band(table: pl.DataFrame) -> pl.DataFrame:
    """Return period, n, lowest, lower_quartile, median, upper_quartile, highest of one indicator's areas, by period.

    The grey behind a line chart. `table` holds one unit and one sex and age; empty areas take no part.
    """
    value = pl.col("value")
    return (
        table.drop_nulls("value")
        .group_by("period")
        .agg(
            n=pl.len().cast(pl.Int64),
            lowest=value.min(),
            lower_quartile=value.quantile(0.25, "linear"),
            median=value.median(),
            upper_quartile=value.quantile(0.75, "linear"),
            highest=value.max(),
        )
        .sort("period")
    )


def trend(periods: Sequence[date], values: Any, kind: str = "linear") -> Trend | None:
    """Return the trend line of a series; None with too few values, or values of zero or less in an exponential one.

    It describes the past and is no forecast: it ends with the last period. Raises SelectionError for an unknown kind.
    """
    if kind not in TRENDS:
        raise SelectionError(f"Trend {kind!r} is not known.", hint=f"Choose one of {', '.join(TRENDS)}.")
    y = as_floats(values)
    x = np.array([p.year + (p.month - 1) / 12 for p in periods])
    there = np.isfinite(y)
    grows = kind == "exponential"
    if there.sum() < TRENDS[kind] + 2 or (grows and y[there].min() <= 0):
        return None
    centre = x[there].mean()  # powers of years like 2024 would lose precision
    line = np.polyfit(x[there] - centre, np.log(y[there]) if grows else y[there], TRENDS[kind])
    fitted = np.polyval(line, x - centre)
    fitted = np.exp(fitted) if grows else fitted
    total = ((y[there] - y[there].mean()) ** 2).sum()
    left = ((y[there] - fitted[there]) ** 2).sum()
    slope = {"linear": line[0], "exponential": 100 * (np.exp(line[0]) - 1)}.get(kind)
    return Trend(kind, fitted, float(1 - left / total) if total > 0 else 1.0, None if slope is None else float(slope))
