"""Measure how unequal areas are: Gini, dissimilarity, quintile ratio, ranges, and their course over time.

Areas of 400 and of 40,000 residents do not count alike: pass residents as weights wherever the figure is one of people.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from model.query.breaks import Floats
from model.query.classify import as_floats

_ONE_FIGURE = ("area", "period", "sex", "age", "scenario")


def gini(values: Any, weights: Any = None) -> float | None:
    """Return the Gini coefficient of the values, 0 all equal … towards 1; None if empty, negative or all zero.

    With weights every value counts as that many people (the area between the Lorenz curve and the diagonal, doubled).
    """
    x, w = _weighted(values, weights)
    if not len(x) or x.min() < 0 or (x * w).sum() == 0:
        return None
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    owned = np.concatenate(([0.0], (x * w).cumsum() / (x * w).sum()))
    trapezia = (w / w.sum() * (owned[1:] + owned[:-1])).sum()
    return float(np.clip(1 - trapezia, 0, 1))


def dissimilarity(group: Any, others: Any) -> float | None:
    """Return the index of dissimilarity of two groups counted by area: the share of one that would have to move.

    0 = both spread alike, 1 = never in the same area (Duncan and Duncan 1955). None if a group has nobody.
    Areas where either count is empty take no part.
    """
    a, b = as_floats(group), as_floats(others)
    there = np.isfinite(a) & np.isfinite(b)
    a, b = a[there], b[there]
    if not len(a) or min(a.min(), b.min()) < 0 or a.sum() == 0 or b.sum() == 0:
        return None
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


def quintile_ratio(values: Any, weights: Any = None) -> float | None:
    """Return the mean of the highest fifth ÷ the mean of the lowest fifth (of people, if weighted by them).

    An area on the border between two fifths counts in both by its share. None if the lowest fifth has a mean of zero or less.
    """
    x, w = _weighted(values, weights)
    if not len(x):
        return None
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order] / w.sum()
    lowest, highest = _mean_up_to(x, w, 0.2), _mean_up_to(x[::-1], w[::-1], 0.2)
    return highest / lowest if lowest > 0 else None


def inequality_over_time(table: pl.DataFrame, weights: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return period, n, lowest, highest, range, quintile_ratio, gini for one indicator's areas of one spatial unit.

    `weights` is the indicator table of the people the figure is about; areas without a weight take no part.
    """
    rows = table.select(*_ONE_FIGURE, "value").drop_nulls("value")
    if weights is None:
        rows = rows.with_columns(weight=pl.lit(1.0))
    else:
        rows = rows.join(weights.select(*_ONE_FIGURE, weight="value").drop_nulls("weight"), on=list(_ONE_FIGURE))
    found = [_one_period(part) for (_,), part in rows.sort("period").group_by(["period"], maintain_order=True)]
    columns = {"period": pl.Date, "n": pl.Int64} | dict.fromkeys(
        ("lowest", "highest", "range", "quintile_ratio", "gini"), pl.Float64
    )
    return pl.DataFrame(found, schema=columns, orient="row")


def dissimilarity_over_time(group: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return period, n, dissimilarity for two counts of the same areas, such as people with and without a benefit."""
    rows = group.select("area", "period", "value").join(
        others.select("area", "period", other="value"), on=["area", "period"], how="inner"
    )
    rows = rows.drop_nulls().sort("period")
    found = [
        (period, part.height, dissimilarity(part["value"], part["other"]))
        for (period,), part in rows.group_by(["period"], maintain_order=True)
    ]
    return pl.DataFrame(found, schema={"period": pl.Date, "n": pl.Int64, "dissimilarity": pl.Float64}, orient="row")


def _one_period(part: pl.DataFrame) -> tuple[Any, ...]:
    values, weights = part["value"], part["weight"]
    low, high = values.to_numpy().min(), values.to_numpy().max()
    figures = (float(low), float(high), float(high - low), quintile_ratio(values, weights), gini(values, weights))
    return part["period"][0], part.height, *figures


def _weighted(values: Any, weights: Any) -> tuple[Floats, Floats]:
    x = as_floats(values)
    w = np.ones(len(x)) if weights is None else as_floats(weights)
    there = np.isfinite(x) & (w > 0)
    return x[there], w[there]


def _mean_up_to(x: Floats, w: Floats, share: float) -> float:
    before = np.concatenate(([0.0], w.cumsum()[:-1]))
    used = np.clip(share - before, 0, w)
    return float((x * used).sum() / used.sum())
