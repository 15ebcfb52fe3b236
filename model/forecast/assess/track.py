"""Say what would have been said in earlier years, and what came: the track record of one series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from model.catalogue import Catalogue
from model.errors import ForecastError
from model.forecast.areas.table import SHOWN, forecast_table
from model.forecast.assess.package import backtest_package
from model.vocabulary import OBSERVED, TOTAL

ORIGINS: Final = (2015, 2018, 2020)
COLUMNS: Final = {
    "origin": pl.Int64, "period": pl.Date, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "actual": pl.Float64, "inside": pl.Boolean,
}  # fmt: skip


def track(
    table: pl.DataFrame,
    catalogue: Catalogue,
    indicator: str,
    area: str,
    horizon_to: date,
    origins: Sequence[int] = ORIGINS,
    *,
    level: float = SHOWN,
    method: str = "combination",
) -> pl.DataFrame:
    """Return origin (year), period, value, lower, upper as said then, actual as it came, inside (null while unknown).

    Only what was observed up to the end of the origin's year is used, for all areas, and so are width and trend: they are
    back-tested anew at each origin. An origin with too short a past has no rows. Values revised since stand as revised.
    """
    own = pl.col("area") == area
    mine = table.filter((pl.col("indicator") == indicator) & (pl.col("scenario") == OBSERVED) & own)
    mine = mine.filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL))
    parts = [_said(table, catalogue, indicator, area, horizon_to, origin, level, method) for origin in origins]
    actual = mine.select("period", actual="value")
    said = pl.concat([pl.DataFrame(schema={k: v for k, v in COLUMNS.items() if k not in ("actual", "inside")}), *parts])
    inside = (pl.col("actual") >= pl.col("lower")) & (pl.col("actual") <= pl.col("upper"))
    return said.join(actual, on="period", how="left").with_columns(inside=inside).select(*COLUMNS).sort("origin", "period")


def _said(
    table: pl.DataFrame, catalogue: Catalogue, indicator: str, area: str, horizon_to: date, origin: int, level: float,
    method: str,
) -> pl.DataFrame:  # fmt: skip
    own = catalogue.indicator(indicator)
    needed = [name for name in (indicator, own.numerator, own.denominator) if name]
    known = table.filter((pl.col("period") <= date(origin, 12, 31)) & pl.col("indicator").is_in(needed))
    try:
        records = backtest_package(known, catalogue, needed, method)
        forecast = forecast_table(known, catalogue, indicator, horizon_to, method, records=records)
    except ForecastError:  # nothing was observed by then: there is nothing that would have been said
        return pl.DataFrame(schema={k: v for k, v in COLUMNS.items() if k not in ("actual", "inside")})
    rows = forecast.rows(level).filter(pl.col("area") == area)
    return rows.select(pl.lit(origin, dtype=pl.Int64).alias("origin"), "period", "value", "lower", "upper")
