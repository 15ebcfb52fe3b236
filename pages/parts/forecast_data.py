"""The forecast behind every picture of the page: points of the past, points of the future, its record and its grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Indicator
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import Forecast
from model.forecast.assess.record import Record
from model.publish.outlook import QUICK
from model.vocabulary import period_code
from pages.parts import ahead, cache
from pages.parts.forecast_choices import Choice
from pages.parts.frame import language, reader


@dataclass(frozen=True)
class Point:
    """One area's forecast for one period: value, interval at the chosen level, grade of reliability and half width."""

    value: float
    lower: float
    upper: float
    grade: str
    half_width: float


def record_of(choice: Choice) -> Record | None:
    """Return what past forecasts of this indicator by this method were worth; None for methods that are not tried out."""
    door = reader()
    if choice.method not in QUICK:
        return None
    return cache.track_records(door.release, choice.indicator.id, choice.method, door.role).get(choice.indicator.id)


def observed(indicator: Indicator, area: str) -> pl.DataFrame:
    """Return the observed rows of one area, sorted by period."""
    return cache.area_values(reader().release, indicator.id, area, reader().role)


def periods(made: Forecast, until: int) -> list[date]:
    """Return the forecast periods up to the chosen horizon."""
    return [period for period in made.periods if period.year <= until]


def grades(made: Forecast, period: date) -> dict[str, tuple[str, float]]:
    """Return grade and relative half width by area."""
    rows = reliability(made, period).select("area", "grade", "half_width")
    return {area: (str(grade), half) for area, grade, half in rows.iter_rows()}


def point(choice: Choice, made: Forecast, area: str, period: date) -> Point | None:
    """Return what is expected of an area in a period, None where there is no forecast."""
    rows = ahead.quantiles(choice.indicator, choice.method).filter((pl.col("area") == area) & (pl.col("period") == period))
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    grade, half = grades(made, period)[area]
    return Point(row["value"], row[f"lower_{choice.level}"], row[f"upper_{choice.level}"], grade, half)


def table_rows(choice: Choice, areas: Sequence[str]) -> pl.DataFrame:
    """Return past and future of these areas for files: value, intervals, status, method and release."""
    door, indicator = reader(), choice.indicator
    past = pl.concat([observed(indicator, area) for area in areas]).select(
        "area", "period", "value", status=pl.col("status").cast(pl.String), method=pl.lit("")
    )
    future = ahead.quantiles(indicator, choice.method).filter(
        pl.col("area").is_in(list(areas)) & (pl.col("period").dt.year() <= choice.until)
    )
    future = future.drop("sex", "age").with_columns(status=pl.lit("forecast"), method=pl.lit(choice.method))
    both = pl.concat([past, future], how="diagonal").sort("area", "period")
    names = {code: area.name for code, area in door.catalogue.areas.items()}
    return both.select(
        pl.lit(indicator.id).alias("indicator"),
        "area",
        pl.col("area").replace_strict(names, default="").alias("area_name"),
        pl.Series("period", [period_code(p, indicator.frequency) for p in both["period"]], dtype=pl.String),
        "value",
        *[f"{end}_{level}" for level in ahead.LEVELS for end in ("lower", "upper")],
        pl.lit(indicator.unit.of(language())).alias("unit"),
        "status",
        "method",
        pl.lit(door.release).alias("release"),
    )
