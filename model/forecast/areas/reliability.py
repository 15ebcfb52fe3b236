"""Grade how far a forecast of an area can be relied on: by the width of its interval, the size behind it and the past."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from model.forecast.areas.table import SHOWN, Forecast

GRADES: Final = ("good", "fair", "poor")
NARROW: Final = 0.10  # half width of the 80 % interval, relative to the value
WIDE: Final = 0.25
SMALL_COUNT: Final = 30.0  # below it chance alone moves a count by more than a sixth
HONEST: Final = 0.70  # an 80 % interval that held less often was not honest


def reliability(forecast: Forecast, period: date) -> pl.DataFrame:
    """Return area, sex, age, half_width (relative to the value) and grade (good, fair, poor) for one period.

    Fair at best: without a track record, where 80 % intervals held in less than 70 % of past cases, where drift did better,
    and for short series; poor: counts below 30. Series without a forecast have no row.
    """
    column = forecast.column(period)
    lower, upper = forecast.future().interval(SHOWN)
    value = forecast.value[:, column]
    with np.errstate(divide="ignore", invalid="ignore"):
        half = (upper - lower)[:, column] / 2 / np.abs(value)
    rank = np.where(half <= NARROW, 0, np.where(half <= WIDE, 1, 2))
    record = forecast.record
    unproven = record is None or not record.cases or record.coverage["80"] < HONEST or record.drift_wins
    short = np.array(["short" in notes for notes in forecast.notes])
    rank = np.where(unproven | short, np.maximum(rank, 1), rank)
    if forecast.indicator.kind == "count":
        rank = np.where(value < SMALL_COUNT, 2, rank)
    return forecast.keys.with_columns(
        half_width=pl.Series(half), grade=pl.Series([GRADES[place] for place in rank], dtype=pl.Enum(GRADES))
    ).filter(pl.col("half_width").is_not_nan())
