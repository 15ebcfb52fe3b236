"""Rank areas: places with ties, percentiles, quartiles, and the range of places that chance leaves open.

The range is made by the overlap of intervals, not by simulation: an area can be as high as one place below those surely above
it. This needs no seed, gives everybody the same answer, can be checked by hand with the table of intervals, and holds for all
areas together as soon as the intervals do (Klein, Wright and Wieczorek 2020, J. R. Statist. Soc. A 183, 589–606). Simulated
ranges are narrower but pull every area towards the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.query.classify import as_floats

Places = NDArray[np.int64]


@dataclass(frozen=True)
class RankRange:
    """The best and the worst place of each area that its interval leaves open; 0 where there is no interval."""

    best: Places
    worst: Places


def rank(values: Any, *, descending: bool = True) -> Places:
    """Return the place of each value, 1 for the highest; equal values share the better place, empty ones get 0."""
    exact = as_floats(values)
    places = np.zeros(len(exact), dtype=np.int64)
    there = ~np.isnan(exact)
    ordered = np.sort(exact[there])
    if descending:
        places[there] = 1 + len(ordered) - np.searchsorted(ordered, exact[there], side="right")
    else:
        places[there] = 1 + np.searchsorted(ordered, exact[there], side="left")
    return places


def rank_range(lower: Any, upper: Any, *, descending: bool = True) -> RankRange:
    """Return the places that overlapping intervals leave open.

    Best place: one more than the areas whose whole interval is better. Worst place: all areas but those whose whole interval
    is worse. Areas without an interval (NaN) take no part.
    """
    low, high = as_floats(lower), as_floats(upper)
    if not descending:
        low, high = -high, -low
    there = ~(np.isnan(low) | np.isnan(high))
    best, worst = np.zeros(len(low), dtype=np.int64), np.zeros(len(low), dtype=np.int64)
    lows, highs = np.sort(low[there]), np.sort(high[there])
    best[there] = 1 + len(lows) - np.searchsorted(lows, high[there], side="right")
    worst[there] = len(highs) - np.searchsorted(highs, low[there], side="left")
    return RankRange(best, worst)


def percentile(values: Any) -> NDArray[np.float64]:
    """Return the per cent of the other areas that lie lower, ties counted half: 0 lowest, 100 highest, NaN where empty."""
    exact = as_floats(values)
    there = ~np.isnan(exact)
    ordered = np.sort(exact[there])
    shares = np.full(len(exact), np.nan)
    below = np.searchsorted(ordered, exact[there], side="left")
    not_above = np.searchsorted(ordered, exact[there], side="right")
    if len(ordered) > 1:
        shares[there] = 100 * (below + (not_above - below - 1) / 2) / (len(ordered) - 1)
    elif len(ordered):
        shares[there] = 50.0
    return shares


def quartile(values: Any) -> Places:
    """Return the quarter each value falls in, 1 lowest … 4 highest, 0 where empty."""
    exact = as_floats(values)
    quarters = np.zeros(len(exact), dtype=np.int64)
    there = ~np.isnan(exact)
    if there.any():
        quarters[there] = 1 + np.searchsorted(np.quantile(exact[there], (0.25, 0.5, 0.75)), exact[there], side="left")
    return quarters


def ranking(table: pl.DataFrame, intervals: pl.DataFrame | None = None, *, descending: bool = True) -> pl.DataFrame:
    """Return the areas of one indicator, period, sex and age in order of their places, empty ones last.

    Columns: area, value, status, lower, upper, grade, rank, best, worst (null without interval), percentile, quartile.
    `intervals` has area, lower, upper, grade (see interval.indicator_intervals); without it no range is given.
    """
    rows = table.select("area", "value", "status")
    if intervals is None:
        rows = rows.with_columns(lower=pl.lit(None, pl.Float64), upper=pl.lit(None, pl.Float64), grade=pl.lit(""))
    else:
        rows = rows.join(intervals.select("area", "lower", "upper", "grade"), on="area", how="left", maintain_order="left")
    span = rank_range(rows["lower"], rows["upper"], descending=descending)
    columns = {
        "rank": rank(rows["value"], descending=descending),
        "best": span.best,
        "worst": span.worst,
        "quartile": quartile(rows["value"]),
    }
    return (
        rows.with_columns(pl.Series(name, places).replace(0, None) for name, places in columns.items())
        .with_columns(pl.col("grade").fill_null(""), percentile=pl.Series(percentile(rows["value"])).fill_nan(None))
        .sort("rank", "area", nulls_last=True)
        .select("area", "value", "status", "lower", "upper", "grade", "rank", "best", "worst", "percentile", "quartile")
    )
