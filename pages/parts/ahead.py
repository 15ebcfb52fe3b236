"""Forecast years for the lines of other pages: the default method with its 80 % interval, drawn as a lighter continuation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from model.catalogue import Indicator
from model.errors import ForecastError
from model.forecast import METHODS
from model.forecast.areas.table import Forecast
from model.profile.numbers import format_indicator, format_period
from model.publish.outlook import UNTIL, span_words
from pages.parts import cache
from pages.parts.frame import language, reader, t

LEVELS = (50, 80, 95)
LEVEL = 80
MOST_BANDS = 4  # more intervals on each other cannot be told apart
Rows = list[dict[str, Any]]


def forecast_of(indicator: Indicator, method: str = METHODS[0]) -> Forecast | None:
    """Return the forecast of an indicator for all areas; None where nothing can be forecast."""
    door = reader()
    try:
        return cache.forecast(door.release, indicator.id, method, door.role)
    except ForecastError:
        return None


def quantiles(indicator: Indicator, method: str = METHODS[0]) -> pl.DataFrame:
    """Return area, period, value and lower_L, upper_L of all areas. Raises ForecastError where there are none."""
    return cache.forecast_quantiles(reader().release, indicator.id, method, reader().role)


def last_observed(indicator: Indicator, area: str) -> tuple[Any, float] | None:
    """Return period and value of the area's latest observation."""
    rows = cache.area_values(reader().release, indicator.id, area, reader().role)
    there = rows.drop_nulls("value").select("period", "value")
    return there.row(-1) if there.height else None


def points(indicator: Indicator, method: str, area: str, until: int, level: int, **more: Any) -> Rows:
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
        place = {"period": row["period"].isoformat(), "value": row["value"], "joint": False, "text": words, "when": when}
        drawn.append({**more, **place, **ends})
    return drawn


def continuation(indicator: Indicator, names: dict[str, str], city: str) -> Rows:
    """Return the forecast of several lines (names by code) for `charts_forecast.continued`; `city` is the thin one.

    Intervals are drawn for the first few areas, the city's only where it is alone.
    """
    if forecast_of(indicator) is None:
        return []
    shaded = [code for code in names if code != city or len(names) == 1][:MOST_BANDS]
    drawn: Rows = []
    for code, name in names.items():
        role = "city" if code == city else "area"
        line = points(indicator, METHODS[0], code, UNTIL.year, LEVEL, series=name, code=code, role=role, band=code in shaded)
        kept = ("series", "code", "role", "band", "period", "value", "joint", "text", "when", f"low_{LEVEL}", f"high_{LEVEL}")
        drawn += [{key: row[key] for key in kept} | {"last": row is line[-1]} for row in line]
    return drawn


def table(indicator: Indicator, areas: Sequence[str]) -> pl.DataFrame:
    """Return the forecast as rows of the indicator table, for files; none where nothing can be forecast."""
    made = forecast_of(indicator)
    if made is None:
        return cache.city_values(reader().release, indicator.id, reader().role).clear()
    return made.rows(LEVEL).filter(pl.col("area").is_in(list(areas)))
