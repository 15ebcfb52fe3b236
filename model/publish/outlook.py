"""Forecasts on their way out: made from what the reader may see, none where the latest value is withheld."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Indicator, Words
from model.disclosure import Reader
from model.errors import ForecastError
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import Forecast, forecast_table
from model.forecast.assess.package import VERSION, backtest_package, read_records
from model.forecast.assess.record import Record
from model.forecast.future import REASONS
from model.profile.numbers import EMPTY_WORDS, format_indicator, format_value
from model.publish.features import geometry, text_name
from model.vocabulary import OBSERVED, TOTAL

UNTIL: Final = date(2040, 12, 31)
QUICK: Final = ("combination", "drift", "naive")  # the methods whose past is tried out while the reader waits
WITHHELD: Final = ("suppressed", "not_applicable")
GRADE_WORDS: Final = {
    "good": Words("verlässlich", "reliable"),
    "fair": Words("mit Vorsicht", "with care"),
    "poor": Words("nur grob", "rough only"),
}
GRADE_MARKS: Final = {"good": "●", "fair": "◐", "poor": "○"}
STATE: Final = f"{UNTIL.year}-{VERSION}"  # part of addresses that never change their content

Records = Mapping[str, Record]


def inputs(reader: Reader, indicator: str) -> pl.DataFrame:
    """Return the observed totals of the indicator and of the parts of it the reader may see. Raises UnknownName."""
    known = reader.catalogue.indicator(indicator)
    names = [name for name in (indicator, known.numerator, known.denominator) if name in reader.catalogue.indicators]
    totals = (pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL) & (pl.col("scenario") == OBSERVED)
    return pl.concat([reader.table(name).filter(totals) for name in dict.fromkeys(names)])


def track_records(reader: Reader, indicator: str, method: str) -> dict[str, Record]:
    """Return the track records of the indicator and its parts: those kept with the release, else tried out now.

    Methods that take minutes to try out have none.
    """
    if method not in QUICK:
        return {}
    rows = inputs(reader, indicator)
    there = [str(name) for name in rows["indicator"].unique()]
    kept = read_records(reader.folder) if method == QUICK[0] else {}
    if all(name in kept for name in there):
        return {name: kept[name] for name in there}
    return backtest_package(rows, reader.catalogue, there, method)


def outlook(reader: Reader, indicator: str, method: str, records: Records) -> Forecast:
    """Return the forecast of all areas up to UNTIL; an area whose latest value is withheld has none, and the reason says so.

    Raises ForecastError where nothing is observed or the whole horizon already is.
    """
    rows = inputs(reader, indicator)
    made = forecast_table(rows, reader.catalogue, indicator, UNTIL, method, records=records)
    latest = rows.filter(pl.col("indicator") == indicator).sort("period").group_by("area").agg(pl.col("status").last())
    silent = {area: str(status) for area, status in latest.iter_rows() if status in WITHHELD}
    held = np.array([area in silent for area in made.keys["area"]], dtype=bool)[:, None]
    return replace(
        made,
        centre=np.where(held, np.nan, made.centre),
        spread=np.where(held, np.nan, made.spread),
        reasons=tuple(silent.get(area, why) for area, why in zip(made.keys["area"], made.reasons, strict=True)),
    )


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
