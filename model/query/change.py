"""Compare a table with itself over time: change between two periods, index to a base, moving and multi-year averages.

The kinds of empty stay apart: where any of the values needed is suppressed the result is suppressed, else not applicable, else
missing. A result from values of which one is estimated, forecast … says so; a level break in between makes it `break`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from model.catalogue.entries import Indicator
from model.errors import SelectionError
from model.vocabulary import COLUMNS, EMPTY_STATUSES, FREQUENCIES, KEY, SCHEMA

KINDS_OF_CHANGE: Final = ("difference", "relative", "annual")

# From weakest to strongest; the strongest of the statuses involved is the status of the result.
_STRENGTH: Final = (
    "normal", "provisional", "estimated", "imputed", "forecast", "break",
    "missing", "not_applicable", "suppressed",
)  # fmt: skip
_LEVELS: Final = {status: level for level, status in enumerate(_STRENGTH)}
_SERIES: Final = [column for column in KEY if column != "period"]
# A break at the first period itself does not part it from what follows.
_AS_FIRST: Final = (
    pl.col("value").alias("value_before"),
    pl.col("status").cast(pl.String).replace("break", "normal").cast(SCHEMA["status"]).alias("status_before"),
)


def strongest(*statuses: str) -> str:
    """Return the status of a figure made from values of these statuses."""
    return max(statuses, key=_STRENGTH.index)


def change(
    table: pl.DataFrame, first: date, last: date, *, kind: str = "difference", breaks: Iterable[date] = ()
) -> pl.DataFrame:
    """Return the change from `first` to `last` as an indicator table with period `last`.

    `difference` is in the indicator's unit, `relative` in per cent of the first value, `annual` the yearly per cent that
    compounds to it (only between positive values). A relative change from zero is not applicable. `breaks` are the periods
    from which on values are not comparable; a row of status `break` after `first` counts as one.
    Raises SelectionError for an unknown kind or periods in the wrong order.
    """
    if kind not in KINDS_OF_CHANGE:
        raise SelectionError(f"Change {kind!r} is not known.", hint=f"Choose one of {', '.join(KINDS_OF_CHANGE)}.")
    if first >= last:
        raise SelectionError(f"The change needs two periods in order, not {first} to {last}.")
    pairs = _pairs(table, first, last)
    before, after = pl.col("value_before"), pl.col("value")
    years = ((last.year - first.year) * 12 + last.month - first.month) / 12
    allowed, formula = {
        "difference": (pl.lit(True), after - before),
        "relative": (before != 0, 100 * (after - before) / before.abs()),
        "annual": ((before > 0) & (after > 0), 100 * ((after / before) ** (1 / years) - 1)),
    }[kind]
    broken = _broken_series(table, first, last, breaks)
    return _finish(pairs.join(broken, on=_SERIES, how="left"), allowed, formula, last)


def has_break(table: pl.DataFrame, first: date, last: date, breaks: Iterable[date] = ()) -> bool:
    """Tell whether any series has a level break after `first` and up to `last`."""
    return _broken_series(table, first, last, breaks).height > 0


def index_to(table: pl.DataFrame, base: date, *, breaks: Iterable[date] = ()) -> pl.DataFrame:
    """Return every value as an index, its series' value in `base` = 100.

    A series without a base value takes over why the base is empty; a base of zero is not applicable.
    """
    stretch = (pl.col("status") == "break").cast(pl.Int64).cum_sum().over(_SERIES, order_by="period")
    stretch = stretch + sum(((pl.col("period") >= mark).cast(pl.Int64) for mark in breaks), pl.lit(0, pl.Int64))
    rows = table.with_columns(stretch=stretch)
    at_base = rows.filter(pl.col("period") == base).select(*_SERIES, *_AS_FIRST, stretch_before="stretch")
    rows = rows.join(at_base, on=_SERIES, how="left").with_columns(pl.col("status_before").fill_null("missing"))
    rows = rows.with_columns(broken=(pl.col("stretch") != pl.col("stretch_before")).fill_null(False))
    return _finish(rows, pl.col("value_before") != 0, 100 * pl.col("value") / pl.col("value_before"), None)


def moving_average(table: pl.DataFrame, frequency: str, window: int, *, centred: bool = False) -> pl.DataFrame:
    """Return the mean of `window` consecutive periods, dated by the last one (or the middle one if `centred`).

    All values of the window are needed. For a ratio with parts use pooled_average: a mean of rates is not a rate.
    """
    _check_window(window, centred)
    rows = _windowed(table, frequency, window, centred)
    return _finish(rows, pl.lit(True), pl.col("total") / window, None)


def pooled_average(
    numerator: pl.DataFrame, denominator: pl.DataFrame, indicator: Indicator, window: int, *, centred: bool = False
) -> pl.DataFrame:
    """Return a ratio over `window` consecutive periods: the sum of its numerators ÷ the sum of its denominators.

    The steady figure for areas with few cases. Rows are the indicator's own, keyed like the parts.
    """
    _check_window(window, centred)
    above = _windowed(numerator, indicator.frequency, window, centred).with_columns(indicator=pl.lit(indicator.id))
    below = _windowed(denominator, indicator.frequency, window, centred).with_columns(indicator=pl.lit(indicator.id))
    rows = above.join(below.select(*KEY, base="total", status_before="status"), on=list(KEY), how="left")
    rows = rows.with_columns(pl.col("status_before").fill_null("missing"))
    return _finish(rows, pl.col("base") != 0, indicator.factor * pl.col("total") / pl.col("base"), None)


def multi_year_mean(table: pl.DataFrame, frequency: str, last: date, years: int) -> pl.DataFrame:
    """Return the mean of the `years` years that end with the period `last`, one row per series."""
    averages = moving_average(table, frequency, years * FREQUENCIES[frequency])
    return averages.filter(pl.col("period") == last)


def _pairs(table: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    before = table.filter(pl.col("period") == first).select(*_SERIES, *_AS_FIRST)
    after = table.filter(pl.col("period") == last)
    rows = before.join(after, on=_SERIES, how="full", coalesce=True)
    return rows.with_columns(pl.col("status", "status_before").fill_null("missing"))


def _broken_series(table: pl.DataFrame, first: date, last: date, breaks: Iterable[date]) -> pl.DataFrame:
    between = table.filter(pl.col("period").is_between(first, last, closed="right"))
    declared = any(first < mark <= last for mark in breaks)
    rows = table if declared else between.filter(pl.col("status") == "break")
    return rows.select(_SERIES).unique().with_columns(broken=pl.lit(True))


def _windowed(table: pl.DataFrame, frequency: str, window: int, centred: bool) -> pl.DataFrame:
    """Return the rows with the sum over their window in `total` and the strongest status of it in `status`.

    Periods are counted by the calendar, so that a gap in the table empties the windows over it.
    """
    months = 12 // FREQUENCIES[frequency]
    number = (pl.col("period").dt.year().cast(pl.Int64) * 12 + pl.col("period").dt.month() - 1) // months
    back = window // 2 if centred else window - 1
    level = pl.col("status").cast(pl.String).replace_strict(_LEVELS, return_dtype=pl.Int64)
    rows = table.with_columns(number=number, level=level).sort("number")
    wide = rows.select(*_SERIES, "number", "value", "level").rolling(
        "number", period=f"{window}i", offset=f"{-back - 1}i", group_by=_SERIES
    )
    sums = wide.agg(total=pl.col("value").sum(), strongest=pl.col("level").max(), found=pl.len())
    rows = rows.join(sums, on=[*_SERIES, "number"], how="left")
    strongest = pl.when(pl.col("found") < window).then(pl.max_horizontal("strongest", pl.lit(_LEVELS["missing"])))
    words = strongest.otherwise(pl.col("strongest")).replace_strict(dict(enumerate(_STRENGTH)), return_dtype=pl.String)
    return rows.with_columns(status=words.cast(SCHEMA["status"]))


def _finish(rows: pl.DataFrame, allowed: pl.Expr, formula: pl.Expr, period: date | None) -> pl.DataFrame:
    """Give every row the strongest status and, where it is not empty, the value of `formula`."""
    statuses = [name for name in ("status", "status_before") if name in rows.columns]
    levels = [pl.col(s).cast(pl.String).replace_strict(_LEVELS, return_dtype=pl.Int64) for s in statuses]
    level = pl.max_horizontal(levels)
    if "broken" in rows.columns:
        level = pl.when(pl.col("broken") & (level < _LEVELS["missing"])).then(_LEVELS["break"]).otherwise(level)
    level = pl.when((level < _LEVELS["missing"]) & ~allowed).then(_LEVELS["not_applicable"]).otherwise(level)
    status = level.replace_strict(dict(enumerate(_STRENGTH)), return_dtype=pl.String)
    nothing = pl.lit(None, pl.Float64)
    return (
        rows.with_columns(status=status.cast(SCHEMA["status"]), value=formula, lower=nothing, upper=nothing)
        .with_columns(value=pl.when(pl.col("status").is_in(EMPTY_STATUSES)).then(nothing).otherwise(pl.col("value")))
        .with_columns(pl.lit(period).alias("period") if period else pl.col("period"), pl.col("source").fill_null(""))
        .select(COLUMNS)
        .cast(dict(SCHEMA))  # type: ignore[arg-type]
        .sort(KEY)
    )


def _check_window(window: int, centred: bool) -> None:
    if window < 1 or (centred and window % 2 == 0):
        raise SelectionError(f"An average over {window} periods cannot be made.", hint="A centred one needs an odd number.")
