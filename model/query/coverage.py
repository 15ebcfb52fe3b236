"""Tell what is there: statuses by area and period, freshness, gaps, and what changed most since the last period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from model.catalogue import Area, Catalogue
from model.vocabulary import FREQUENCIES, OBSERVED, TOTAL

# Where the breakdowns of one area and period differ, the fullest is shown: a value stands before any kind of empty.
_FULLEST_FIRST: Final = (
    "normal", "provisional", "estimated", "imputed", "forecast", "break",
    "suppressed", "missing", "not_applicable",
)  # fmt: skip
_NORMAL_CONSISTENT: Final = 1.4826  # turns a median deviation into a standard deviation
_ENOUGH_HISTORY: Final = 5
_MORE_THAN_PERIODS: Final = 200_000  # months up to the year 9999


def coverage_grid(table: pl.DataFrame, areas: Sequence[Area], periods: Iterable[date] = ()) -> pl.DataFrame:
    """Return area, period, status for every area and period of one indicator, in the order of `areas`.

    A row that the table does not have is `missing`, before or after the area's life `not_applicable`. Without `periods` those
    of the table are taken.
    """
    columns = sorted({*periods} or set(table["period"].to_list()))
    found = table.group_by("area", "period").agg(place=_place("status").min())
    grid = pl.DataFrame(
        [(a.code, at, p, _lives(a, p)) for at, a in enumerate(areas) for p in columns],
        schema={"area": pl.String, "order": pl.Int64, "period": pl.Date, "lives": pl.Boolean},
        orient="row",
    )
    rows = grid.join(found, on=["area", "period"], how="left").sort("order", "period")
    absent = pl.when("lives").then(pl.lit("missing")).otherwise(pl.lit("not_applicable"))
    named = pl.col("place").replace_strict(dict(enumerate(_FULLEST_FIRST)), return_dtype=pl.String)
    return rows.select("area", "period", status=named.fill_null(absent))


def coverage_counts(grid: pl.DataFrame) -> dict[str, int]:
    """Return how many cells of a coverage grid have each status."""
    return {status: n for status, n in grid.group_by("status").len().sort("status").iter_rows()}


def freshness(table: pl.DataFrame, catalogue: Catalogue, today: date) -> pl.DataFrame:
    """Return indicator, first, last, periods, behind: the periods with values and how many have ended since the last one.

    Sorted by `behind`, the most outdated first; indicators without any value come last with null.
    """
    rows = table.filter(pl.col("value").is_not_null(), pl.col("scenario") == OBSERVED)
    found = rows.group_by("indicator").agg(
        first=pl.col("period").min(), last=pl.col("period").max(), periods=pl.col("period").n_unique()
    )
    known = pl.DataFrame(
        {"indicator": list(catalogue.indicators), "step": [_months(i.frequency) for i in catalogue.indicators.values()]},
        schema={"indicator": pl.String, "step": pl.Int64},
    )
    ended = (today.year * 12 + today.month - 1) - _month_number("last")
    return (
        known.join(found, on="indicator", how="left")
        # The period that starts with `last` ends one step later; only those after it are behind.
        .with_columns(behind=(ended // pl.col("step") - 1).clip(0), periods=pl.col("periods").fill_null(0).cast(pl.Int64))
        .sort("behind", "indicator", descending=[True, False], nulls_last=True)
        .select("indicator", "first", "last", "periods", "behind")
    )


def gaps(grid: pl.DataFrame, status: str = "missing") -> pl.DataFrame:
    """Return area, first, last, periods for every unbroken stretch of `status` in a coverage grid."""
    marked = grid.with_columns(run=pl.col("status").rle_id().over("area", order_by="period"))
    return (
        marked.filter(pl.col("status") == status)
        .group_by("area", "run")
        .agg(first=pl.col("period").min(), last=pl.col("period").max(), periods=pl.len().cast(pl.Int64))
        .sort("area", "first")
        .select("area", "first", "last", "periods")
    )


def latest_statuses(table: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Return indicator, period, shown, suppressed, missing, not_applicable: the areas by kind in each indicator's last period.

    `table` has one row per indicator, area and period. An area without a row is missing. The last period is the last one with a
    value, or the last one at all.
    """
    rows = table.filter(pl.col("area").is_in(list(areas)))
    valued = pl.col("period").filter(pl.col("value").is_not_null()).max()
    last = pl.coalesce(valued.over("indicator"), pl.col("period").max().over("indicator"))
    status = pl.col("status").cast(pl.String)
    counts = [(status == kind).sum().cast(pl.Int64).alias(kind) for kind in ("suppressed", "missing", "not_applicable")]
    found = rows.filter(pl.col("period") == last).group_by("indicator", maintain_order=True)
    filled = found.agg(pl.col("period").first(), pl.col("value").count().cast(pl.Int64).alias("shown"), *counts)
    absent = len(areas) - pl.sum_horizontal("shown", "suppressed", "missing", "not_applicable")
    return filled.with_columns(missing=pl.col("missing") + absent)


def movers(table: pl.DataFrame, catalogue: Catalogue, *, most: int = 10, per_indicator: int = 2) -> pl.DataFrame:
    """Return what changed most since the last period: indicator, area, period, before, value, change, score.

    `score` is the change in robust standard deviations: less the usual change of the indicator, divided by the larger of the
    area's own and all areas' usual scatter, so that small, noisy areas do not fill the list. Counts are compared by their
    square roots and amounts by their logarithms, which makes large and small areas alike. Steps over a gap or a level break
    do not count.
    """
    steps = _steps(table, catalogue)
    usual = steps.group_by("indicator").agg(centre=pl.col("move").median(), pooled=_scatter("move"))
    own = steps.group_by("indicator", "area").agg(own=_scatter("move"), history=pl.len())
    own_known = pl.when(pl.col("history") >= _ENOUGH_HISTORY).then("own").otherwise(0.0)
    latest = steps.filter(pl.col("number") == pl.col("number_last"))
    return (
        latest.join(usual, on="indicator")
        .join(own, on=["indicator", "area"])
        .with_columns(score=(pl.col("move") - pl.col("centre")) / pl.max_horizontal(own_known, "pooled", "floor"))
        .sort(pl.col("score").abs(), "indicator", "area", descending=[True, False, False])
        .filter(pl.int_range(pl.len()).over("indicator") < per_indicator)
        .head(most)
        .select("indicator", "area", "period", "before", "value", "change", "score")
    )


def _steps(table: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return each change from one period to the next: raw in `change`, made comparable in `move`."""
    totals = (pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL) & (pl.col("scenario") == OBSERVED)
    rows = table.filter(totals, pl.col("value").is_not_null()).join(_rules(catalogue), on="indicator")
    rows = rows.with_columns(number=_month_number("period") // pl.col("step"), series=_series_number(rows))
    # Sorting one number and shifting once is many times faster than sorting words and a window per series.
    rows = rows.sort(pl.col("series") * _MORE_THAN_PERIODS + pl.col("number"))
    value, kind = pl.col("value"), pl.col("kind")
    root, logarithm = value.abs().sqrt() * value.sign(), value.abs().log1p() * value.sign()
    scale = pl.when(kind == "count").then(root).when(kind == "amount").then(logarithm).otherwise(value)
    rows = rows.with_columns(scale=scale, before=value.shift(), earlier=pl.col("period").shift())
    step = (pl.col("series").diff() == 0) & (pl.col("number").diff() == 1)
    marked = (pl.col("earlier") < pl.col("mark")) & (pl.col("mark") <= pl.col("period"))
    broken = (pl.col("status") == "break") | marked.fill_null(False)
    last = rows.group_by("indicator").agg(number_last=pl.col("number").max())
    rows = rows.with_columns(change=value - pl.col("before"), move=pl.col("scale").diff(), counts=step & ~broken)
    return rows.filter("counts").join(last, on="indicator", maintain_order="left")


def _series_number(rows: pl.DataFrame) -> pl.Series:
    """Return a number per row that is the same for the rows of one indicator and area."""
    codes = [rows[key].cast(pl.Enum(rows[key].unique())).to_physical().cast(pl.Int64) for key in ("indicator", "area")]
    return codes[0] * rows["area"].n_unique() + codes[1]


def _rules(catalogue: Catalogue) -> pl.DataFrame:
    # Only the last declared break matters for the last step; earlier ones are single steps among many.
    rows = [
        (
            i.id,
            _months(i.frequency),
            i.kind,
            max((b.period for b in i.breaks), default=None),
            {"count": 0.5, "amount": 0.005}.get(i.kind, 10.0**-i.decimals),
        )
        for i in catalogue.indicators.values()
    ]
    schema = {"indicator": pl.String, "step": pl.Int64, "kind": pl.String, "mark": pl.Date, "floor": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _scatter(column: str) -> pl.Expr:
    return _NORMAL_CONSISTENT * (pl.col(column) - pl.col(column).median()).abs().median()


def _place(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).replace_strict({s: n for n, s in enumerate(_FULLEST_FIRST)}, return_dtype=pl.Int64)


def _months(frequency: str) -> int:
    return 12 // FREQUENCIES[frequency]


def _month_number(column: str) -> pl.Expr:
    return pl.col(column).dt.year().cast(pl.Int64) * 12 + pl.col(column).dt.month().cast(pl.Int64) - 1


def _lives(area: Area, period: date) -> bool:
    started = area.valid_from is None or area.valid_from <= period
    return started and (area.valid_to is None or period < area.valid_to)
