"""Forecasts on their way out: made from what the reader may see, none where the latest value is withheld."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from model.catalogue import Indicator, Words
from model.disclosure import Reader
from model.errors import ForecastError
from model.forecast.areas.outlook import QUICK, WITHHELD, inputs, track_records, withhold
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import Forecast, forecast_table
from model.forecast.assess.package import VERSION, backtest_package
from model.forecast.assess.record import Record
from model.forecast.future import REASONS
from model.profile.numbers import EMPTY_WORDS, format_indicator, format_value
from model.publish.features import geometry, text_name

UNTIL: Final = date(2040, 12, 31)
GRADE_WORDS: Final = {
    "good": Words("verlässlich", "reliable"),
    "fair": Words("mit Vorsicht", "with care"),
    "poor": Words("nur grob", "rough only"),
}
GRADE_MARKS: Final = {"good": "●", "fair": "◐", "poor": "○"}
STATE: Final = f"{UNTIL.year}-{VERSION}"  # part of addresses that never change their content

Records = Mapping[str, Record]

__all__ = [
    "GRADE_MARKS", "GRADE_WORDS", "QUICK", "STATE", "UNTIL", "WITHHELD", "forecast_features", "inputs", "outlook", "said_in",
    "span_words", "track_records", "why_not",
]  # fmt: skip


def outlook(reader: Reader, indicator: str, method: str, records: Records) -> Forecast:
    """Return the forecast of all areas up to UNTIL; an area whose latest value is withheld has none, and the reason says so.

    Raises ForecastError where nothing is observed or the whole horizon already is.
    """
    rows = inputs(reader, indicator)
    made = forecast_table(rows, reader.catalogue, indicator, UNTIL, method, records=records)
    return withhold(made, rows)


def said_in(reader: Reader, indicator: str, origin: int, method: str) -> Forecast | None:
    """Return what would have been said at the end of the year `origin`, trend and width learnt by then; None for nothing."""
    known = inputs(reader, indicator).filter(pl.col("period") <= date(origin, 12, 31))
    there = [str(name) for name in known["indicator"].unique()]
    try:
        records = backtest_package(known, reader.catalogue, there, method) if method in QUICK else {}
        return forecast_table(known, reader.catalogue, indicator, UNTIL, method, records=records)
    except ForecastError:  # nothing was observed by then
        return None


def why_not(forecast: Forecast, area: str, language: str) -> str:
    """Return in words why an area has no forecast; "" where it has one."""
    reasons = [why for code, why in zip(forecast.keys["area"], forecast.reasons, strict=True) if code == area]
    code = reasons[0] if reasons else "no_value"
    if not code:
        return ""
    return EMPTY_WORDS[code].of(language) if code in EMPTY_WORDS else REASONS[code].of(language)


def span_words(lower: float, upper: float, indicator: Indicator, language: str) -> str:
    """Write an interval: 8,9 bis 10,8 %."""
    between = " bis " if language == "de" else " to "
    return f"{format_value(lower, indicator.decimals, language)}{between}{format_indicator(upper, indicator, language)}"


def forecast_features(reader: Reader, unit: str, forecast: Forecast, level: float, language: str) -> bytes:
    """Return the unit's geometry with `i`, `code`, `name` and one text `t<period>` per forecast period.

    The texts hold value, interval of `level` per cent and reliability as the page writes them, or why there is no forecast.
    Raises UnknownName or SelectionError.
    """
    collection = json.loads(geometry(reader, unit))
    names = [text_name(period, forecast.indicator.frequency) for period in forecast.periods]
    texts = _texts(forecast, level, language)
    for position, feature in enumerate(collection["features"]):
        code = feature["properties"]["code"]
        why = why_not(forecast, code, language) or EMPTY_WORDS["missing"].of(language)
        shown = dict.fromkeys(names, why) | texts.get(code, {})
        feature["properties"] = {"i": position, "code": code, "name": feature["properties"]["name"], **shown}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _texts(forecast: Forecast, level: float, language: str) -> dict[str, dict[str, str]]:
    grades = {(area, period): str(grade) for period in forecast.periods
              for area, grade in reliability(forecast, period).select("area", "grade").iter_rows()}  # fmt: skip
    texts: dict[str, dict[str, str]] = {}
    rows = forecast.rows(level).select("area", "period", "value", "lower", "upper")
    for area, period, value, lower, upper in rows.iter_rows():
        said = format_indicator(value, forecast.indicator, language)
        grade = GRADE_WORDS[grades[area, period]].of(language)
        name = text_name(period, forecast.indicator.frequency)
        texts.setdefault(area, {})[name] = f"{said} ({span_words(lower, upper, forecast.indicator, language)}), {grade}"
    return texts
