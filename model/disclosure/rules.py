"""Primary rules: which single values are too small to be shown.

A count of 1…k−1 persons or cases is suppressed; a true zero stays, because it says nothing about a person. A ratio is
suppressed where its numerator, its denominator or (for a share) the remainder is such a small count. A mean with a
weight is suppressed where the weight is. k is the indicator's `minimum_count`.
"""

from __future__ import annotations

import polars as pl

from model.catalogue import Catalogue, Indicator
from model.vocabulary import COLUMNS

PLACE = ("area", "period", "sex", "age", "scenario")


def protect(table: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the indicator table with every too small value as null of status `suppressed`; rows and order stay.

    Rows of indicators that are not in the catalogue are dropped: what nobody described nobody may see.
    """
    rules = {id: _small_parts(indicator, catalogue) for id, indicator in catalogue.indicators.items()}
    kept = table.filter(pl.col("indicator").is_in(list(rules))).with_row_index("_row")
    own = kept.join(_thresholds(catalogue), on="indicator", how="left", maintain_order="left")
    masked = own.filter(_is_small(pl.col("value"), pl.col("_k")))["_row"]
    hidden = [masked.rename("_row"), *(_hidden_by_parts(kept, rule) for rule in rules.values() if rule is not None)]
    suppressed = pl.col("_row").is_in(pl.concat(hidden).unique().implode())
    return kept.with_columns(
        *(pl.when(suppressed).then(None).otherwise(pl.col(c)).alias(c) for c in ("value", "lower", "upper")),
        pl.when(suppressed).then(pl.lit("suppressed", dtype=table.schema["status"])).otherwise("status").alias("status"),
    ).select(COLUMNS)


def _is_small(count: pl.Expr, k: pl.Expr | int) -> pl.Expr:
    return (count > 0) & (count < k)


def _thresholds(catalogue: Catalogue) -> pl.DataFrame:
    """Return indicator → k for the indicators whose own value is a count of persons or cases; others get 0."""
    return pl.DataFrame(
        [(i.id, i.minimum_count if i.kind == "count" else 0) for i in catalogue.indicators.values()],
        schema={"indicator": pl.String, "_k": pl.Int64},
        orient="row",
    )


class _Parts:
    """A ratio's or weighted mean's counts and the smallest one allowed."""

    def __init__(self, indicator: Indicator, counts: tuple[str, ...], k: int) -> None:
        self.indicator, self.counts, self.k = indicator, counts, k


def _small_parts(indicator: Indicator, catalogue: Catalogue) -> _Parts | None:
    parts = (
        (indicator.numerator, indicator.denominator) if indicator.is_ratio else (indicator.weight,) if indicator.weight else ()
    )
    counts = tuple(p for p in parts if catalogue.indicators[p].kind == "count")
    if not counts:
        return None
    k = max(indicator.minimum_count, *(catalogue.indicators[p].minimum_count for p in counts))
    return _Parts(indicator, counts, k) if k > 1 else None


def _hidden_by_parts(table: pl.DataFrame, rule: _Parts) -> pl.Series:
    """Return the row numbers of the indicator's values whose parts are too small."""
    rows = table.filter(pl.col("indicator") == rule.indicator.id).select("_row", *PLACE)
    tests = []
    for number, part in enumerate(rule.counts):
        name = f"_part{number}"
        values = table.filter(pl.col("indicator") == part).select(
            *PLACE, pl.col("value").alias(name), pl.col("status").alias(f"{name}s")
        )
        rows = rows.join(values, on=list(PLACE), how="left")
        tests += [_is_small(pl.col(name), rule.k), pl.col(f"{name}s") == "suppressed"]
    if rule.indicator.kind == "share" and len(rule.counts) == 2:
        tests.append(_is_small(pl.col("_part1") - pl.col("_part0"), rule.k))
    return rows.filter(pl.any_horizontal([test.fill_null(False) for test in tests]))["_row"]
