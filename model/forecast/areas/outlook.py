"""What page and command line share: the rows a forecast starts from, its track record, and silence about what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from model.disclosure import Reader
from model.forecast.areas.table import Forecast
from model.forecast.assess.package import backtest_package, read_records
from model.forecast.assess.record import Record
from model.vocabulary import OBSERVED, TOTAL

QUICK: Final = ("combination", "drift", "naive")  # the methods whose past is tried out while the reader waits
WITHHELD: Final = ("suppressed", "not_applicable")


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


def withhold(made: Forecast, rows: pl.DataFrame) -> Forecast:
    """Return the forecast without the areas whose latest observed value is withheld; their reason says so."""
    own = rows.filter(pl.col("indicator") == made.indicator.id).sort("period")
    latest = own.group_by("area", "sex", "age").agg(pl.col("status").last())
    silent = {(area, sex, age): str(status) for area, sex, age, status in latest.iter_rows() if status in WITHHELD}
    keys = list(made.keys.select("area", "sex", "age").iter_rows())
    held = np.array([key in silent for key in keys], dtype=bool)[:, None]
    return replace(
        made,
        centre=np.where(held, np.nan, made.centre),
        spread=np.where(held, np.nan, made.spread),
        reasons=tuple(silent.get(key, why) for key, why in zip(keys, made.reasons, strict=True)),
    )
