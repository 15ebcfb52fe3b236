"""Take one indicator's observed series out of the indicator table: what counts as a value, a gap, a break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Catalogue, Indicator
from model.errors import ForecastError
from model.forecast.scale import SCALE_OF, Scale
from model.forecast.series import Flags, Ints, Panel, ordinal, season_of
from model.vocabulary import OBSERVED

USED: Final = ("normal", "provisional", "estimated", "break")  # an imputed value is no observation: a gap
OCCUPIED: Final = ("suppressed", "not_applicable")  # a forecast must not fill in what the table withholds
SERIES: Final = ("area", "sex", "age")

Wanted = str | Iterable[str] | None


@dataclass(frozen=True)
class Observed:
    """Hold one indicator's series: `keys` (area, sex, age) row by row, values on the grid, and where forecasts may begin.

    `free_from` is the number of the first period after the last value and after the last withheld one.
    """

    indicator: Indicator
    keys: pl.DataFrame
    panel: Panel
    free_from: Ints
    provisional: tuple[bool, ...]

    def rows_of(self, names: Iterable[str]) -> Ints:
        """Return the rows of the series with these names, −1 where there is none."""
        place = {name: row for row, name in enumerate(self.panel.names)}
        return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def observe(table: pl.DataFrame, catalogue: Catalogue, indicator: str, sex: Wanted = None, age: Wanted = None) -> Observed:
    """Return the series of `indicator` for areas that still exist; `sex` and `age` are one code, several, or None for all.

    Raises ForecastError where the table holds no row of it, UnknownName where the catalogue does not know it.
    """
    known = catalogue.indicator(indicator)
    season = season_of(known.frequency)
    rows = table.lazy().filter((pl.col("indicator") == indicator) & (pl.col("scenario") == OBSERVED))
    for column, wanted in (("sex", sex), ("age", age)):
        chosen = [wanted] if isinstance(wanted, str) else wanted
        rows = rows if chosen is None else rows.filter(pl.col(column).cast(pl.String).is_in(list(chosen)))
    gone = [area.code for area in catalogue.areas.values() if not area.is_current]
    rows = rows.filter(~pl.col("area").is_in(gone)) if gone else rows
    found = rows.select(*SERIES, "period", "value", pl.col("status").cast(pl.String)).collect()
    if not found.height:
        raise ForecastError("There are no observed values to forecast from.", where=f"indicator {indicator!r}")
    number = pl.col("period").dt.year() * season + (pl.col("period").dt.month() - 1).cast(pl.Int32) * season // 12
    found = found.with_columns(number=number.cast(pl.Int64), sex=pl.col("sex").cast(pl.String))
    return _observed(found.sort(*SERIES, "number"), known, season)


def scale_of(indicator: Indicator, panel: Panel) -> Scale:
    """Return the scale of an indicator: by its declared kind; per cent where factor, unit or values say so.

    A rate or index that runs below zero is forecast as a balance.
    """
    form = SCALE_OF[indicator.kind]
    low, high = float(np.nanmin(panel.values, initial=0.0)), float(np.nanmax(panel.values, initial=0.0))
    if form == "root" and low < 0 and indicator.kind in ("rate", "mean", "index", "amount"):
        form = "plain"
    percent = indicator.factor == 100 or "%" in indicator.unit.de or high > 1
    return Scale(form, 100.0 if form == "logit" and percent else 1.0)


def _observed(rows: pl.DataFrame, indicator: Indicator, season: int) -> Observed:
    keys = rows.select(SERIES).unique(maintain_order=True)
    rows = rows.join(keys.with_row_index("row"), on=SERIES, how="left")
    first, last = int(rows["number"].min()), int(rows["number"].max())  # type: ignore[arg-type]
    place, row = rows["number"].to_numpy() - first, rows["row"].to_numpy().astype(np.int64)
    used = rows["status"].is_in(USED).to_numpy()
    values = np.full((keys.height, last - first + 1), np.nan)
    values[row[used], place[used]] = rows["value"].to_numpy()[used]
    panel = Panel(tuple("|".join(key) for key in keys.iter_rows()), values, first, season)
    breaks = _declared(indicator, panel)
    flagged = (rows["status"] == "break").to_numpy()
    breaks[row[flagged], place[flagged]] = True
    if breaks.shape[1] > 1:  # a run of marked periods is one break, at its beginning
        breaks[:, 1:] &= ~breaks[:, :-1] | _declared(indicator, panel)[:, 1:]
    held = np.full(keys.height, first - 1, dtype=np.int64)
    withheld = rows["status"].is_in(OCCUPIED).to_numpy()
    np.maximum.at(held, row[withheld], rows["number"].to_numpy()[withheld])
    panel = Panel(panel.names, values, first, season, breaks if breaks.any() else None)
    provisional = _ends_provisional(rows, panel, row)
    return Observed(indicator, keys, panel, np.maximum(held, panel.last) + 1, provisional)


def _declared(indicator: Indicator, panel: Panel) -> Flags:
    flags: Flags = np.zeros(panel.values.shape, dtype=bool)
    for one in indicator.breaks:
        place = ordinal(one.period, panel.season) - panel.first
        if 0 < place < flags.shape[1]:
            flags[:, place] = True
    return flags


def _ends_provisional(rows: pl.DataFrame, panel: Panel, row: Ints) -> tuple[bool, ...]:
    late = rows["number"].to_numpy() == panel.last[row]
    found = set(row[late & (rows["status"] == "provisional").to_numpy()].tolist())
    return tuple(place in found for place in range(len(panel.names)))
