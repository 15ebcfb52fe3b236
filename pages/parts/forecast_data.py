"""The forecast behind every picture of the page: points of the past, points of the future, its record and its grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from model.catalogue import Indicator
from model.errors import ForecastError
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import Forecast
from model.forecast.assess.record import Record
from model.profile.numbers import format_indicator, format_period
from model.publish.outlook import QUICK, span_words
from model.vocabulary import period_code
from pages.parts import cache
from pages.parts.forecast_choices import Choice
from pages.parts.frame import language, reader, t

LEVELS = (50, 80, 95)


@dataclass(frozen=True)
class Point:
    """One area's forecast for one period: value, interval at the chosen level, grade of reliability and half width."""

    value: float
    lower: float
    upper: float
    grade: str
    half_width: float


def forecast_of(indicator: Indicator, method: str) -> Forecast | None:
    """Return the forecast of an indicator for all areas; None where nothing can be forecast."""
    door = reader()
    try:
        return cache.forecast(door.release, indicator.id, method, door.role)
    except ForecastError:
        return None


def record_of(choice: Choice) -> Record | None:
    """Return what past forecasts of this indicator by this method were worth; None for methods that are not tried out."""
    door = reader()
    if choice.method not in QUICK:
        return None
    return cache.track_records(door.release, choice.indicator.id, choice.method, door.role).get(choice.indicator.id)


def quantiles(indicator: Indicator, method: str) -> pl.DataFrame:
    """Return area, period, value and lower_L, upper_L of all areas."""
    return cache.forecast_quantiles(reader().release, indicator.id, method, reader().role)


def observed(indicator: Indicator, area: str) -> pl.DataFrame:
    """Return the observed rows of one area, sorted by period."""
    return cache.area_values(reader().release, indicator.id, area, reader().role)


def last_observed(indicator: Indicator, area: str) -> tuple[date, float] | None:
    """Return period and value of the area's latest observation."""
    there = observed(indicator, area).drop_nulls("value").select("period", "value")
    return there.row(-1) if there.height else None


def periods(made: Forecast, until: int) -> list[date]:
    """Return the forecast periods up to the chosen horizon."""
    return [period for period in made.periods if period.year <= until]


def grades(made: Forecast, period: date) -> dict[str, tuple[str, float]]:
    """Return grade and relative half width by area."""
    rows = reliability(made, period).select("area", "grade", "half_width")
    return {area: (str(grade), half) for area, grade, half in rows.iter_rows()}


def point(choice: Choice, made: Forecast, area: str, period: date) -> Point | None:
    """Return what is expected of an area in a period, None where there is no forecast."""
    rows = quantiles(choice.indicator, choice.method).filter((pl.col("area") == area) & (pl.col("period") == period))
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    grade, half = grades(made, period)[area]
    return Point(row["value"], row[f"lower_{choice.level}"], row[f"upper_{choice.level}"], grade, half)


def future_rows(indicator: Indicator, method: str, area: str, until: int, level: int, **more: Any) -> list[dict[str, Any]]:
    """Return an area's forecast as points of a chart: period, value, low_L, high_L, text, when; `more` is added to each.

    The first one is the last observed value, where line and interval begin (`joint`).
    """
    rows = quantiles(indicator, method).filter((pl.col("area") == area) & (pl.col("period").dt.year() <= until))
    last = last_observed(indicator, area)
    if rows.is_empty() or last is None:
        return []
    tongue = language()
    joint = {f"{end}_{one}": last[1] for one in LEVELS for end in ("low", "high")}
    drawn = [{**more, "period": last[0].isoformat(), "value": last[1], **joint, "joint": True, "text": "", "when": ""}]
    for row in rows.iter_rows(named=True):
        ends = {f"{end}_{one}": row[f"{name}_{one}"] for one in LEVELS for end, name in (("low", "lower"), ("high", "upper"))}
        span = span_words(row[f"lower_{level}"], row[f"upper_{level}"], indicator, tongue)
        words = t("forecast.point", value=format_indicator(row["value"], indicator, tongue), span=span, level=level)
        when = format_period(row["period"], indicator.frequency, tongue)
        drawn.append({**more, "period": row["period"].isoformat(), "value": row["value"], **ends, "joint": False, "text": words,
                      "when": when})  # fmt: skip
    return drawn


def table_rows(choice: Choice, areas: Sequence[str]) -> pl.DataFrame:
    """Return past and future of these areas for files: value, intervals, status, method and release."""
    door, indicator = reader(), choice.indicator
    past = pl.concat([observed(indicator, area) for area in areas]).select(
        "area", "period", "value", status=pl.col("status").cast(pl.String), method=pl.lit("")
    )
    future = quantiles(indicator, choice.method).filter(
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
        *[f"{end}_{level}" for level in LEVELS for end in ("lower", "upper")],
        pl.lit(indicator.unit.of(language())).alias("unit"),
        "status",
        "method",
        pl.lit(door.release).alias("release"),
    )
