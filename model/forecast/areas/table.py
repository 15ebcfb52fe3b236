"""Forecast one indicator of the indicator table for all its areas: calibrated, adding up, rates as ratios of their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Catalogue, Indicator
from model.errors import ForecastError, UnknownName
from model.forecast.areas.observed import Observed, observe, scale_of
from model.forecast.areas.reconcile import reconcile
from model.forecast.areas.tree import sums_of
from model.forecast.assess.record import UNKNOWN_WIDTH, Record
from model.forecast.assess.trend import steer
from model.forecast.engine.run import METHODS, forecast, pool_of
from model.forecast.future import Future
from model.forecast.scale import Scale
from model.forecast.series import Floats, Ints, Panel, first_day, ordinal
from model.vocabulary import BASELINE, SCHEMA, TOTAL

LEVELS: Final = (50.0, 80.0, 95.0)
STEERED: Final = ("combination",)  # the methods whose trend is learnt; the others are shown as they are
SHOWN: Final = 80.0  # the level of the columns lower and upper unless told otherwise


@dataclass(frozen=True)
class Forecast:
    """Hold the future of S series of one indicator over G periods; NaN where a series has no forecast in a period.

    `keys` names area, sex and age row by row; `centre` and `spread` are S × G on `scale`. `reasons` and `notes` hold codes
    of future.REASONS and future.NOTES, `width` the factor on the intervals and `record` where it comes from.
    """

    indicator: Indicator
    method: str
    levels: tuple[float, ...]
    keys: pl.DataFrame
    periods: tuple[date, ...]
    scale: Scale
    centre: Floats
    spread: Floats
    reasons: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]
    width: float
    record: Record | None = None

    @property
    def value(self) -> Floats:
        """Return the point forecasts (S × G)."""
        return self.scale.back(self.centre)

    def future(self) -> Future:
        """Return the forecast under the contract of all methods: mean, variance, quantiles, draws."""
        last = np.zeros(len(self.reasons), dtype=np.int64)
        fine = np.array([not reason for reason in self.reasons], dtype=bool)
        return Future(
            tuple(self.keys["area"]), self.centre, self.spread, last, self.scale, self.method, self.reasons, self.notes, fine
        )

    def rows(self, level: float = SHOWN) -> pl.DataFrame:
        """Return rows of the indicator table: scenario baseline, status forecast, lower and upper at `level` per cent."""
        lower, upper = self.future().interval(level)
        frame = self._long({"value": self.value, "lower": lower, "upper": upper})
        return frame.with_columns(
            indicator=pl.lit(self.indicator.id),
            scenario=pl.lit(BASELINE),
            status=pl.lit("forecast").cast(SCHEMA["status"]),
            source=pl.lit(f"forecast {self.method}"),
            sex=pl.col("sex").cast(SCHEMA["sex"]),
        ).select(pl.col(column).cast(kind) for column, kind in SCHEMA.items())

    def quantiles(self) -> pl.DataFrame:
        """Return area, sex, age, period, value and lower_L, upper_L for every level L."""
        columns = {"value": self.value}
        future = self.future()
        for level in self.levels:
            columns[f"lower_{level:g}"], columns[f"upper_{level:g}"] = future.interval(level)
        return self._long(columns)

    def probability_above(self, area: str, period: date, threshold: float, sex: str = TOTAL, age: str = TOTAL) -> float:
        """Return the probability that the value lies above `threshold`. Raises ForecastError where there is no forecast."""
        row, column = self.row(area, sex, age), self.column(period)
        if np.isnan(self.centre[row, column]):
            raise ForecastError("There is no forecast.", where=f"{self.indicator.id}, {area}, {period.year}")
        return float(self.future().probability_above(threshold)[row, column])

    def row(self, area: str, sex: str = TOTAL, age: str = TOTAL) -> int:
        """Return the row of a series. Raises UnknownName."""
        for row, key in enumerate(self.keys.iter_rows()):
            if key == (area, sex, age):
                return row
        raise UnknownName("Area", area, self.keys["area"])

    def column(self, period: date) -> int:
        """Return the column of a period. Raises ForecastError outside the horizon."""
        if period not in self.periods:
            raise ForecastError(f"Period {period} is not in the forecast.", where=self.indicator.id)
        return self.periods.index(period)

    def _long(self, columns: dict[str, Floats]) -> pl.DataFrame:
        count, width = self.centre.shape
        frame = self.keys[np.repeat(np.arange(count), width)].with_columns(
            pl.Series("period", list(self.periods) * count, dtype=pl.Date),
            *(pl.Series(name, np.ascontiguousarray(values).ravel()) for name, values in columns.items()),
        )
        return frame.filter(pl.col("value").is_not_nan())


@dataclass(frozen=True)
class Grid:
    """Hold futures on common periods: centre and spread S × G, from the number `first` on."""

    first: int
    centre: Floats
    spread: Floats


def forecast_table(
    table: pl.DataFrame,
    catalogue: Catalogue,
    indicator: str,
    horizon_to: date,
    method: str = "combination",
    levels: Sequence[float] = LEVELS,
    *,
    records: Mapping[str, Record] | None = None,
    sex: str | None = TOTAL,
    age: str | None = TOTAL,
    totals: pl.DataFrame | None = None,
) -> Forecast:
    """Return the forecast of `indicator` for every area with data, up to the period of `horizon_to`.

    `table` is a protected indicator table: what it withholds is a gap, and no forecast is made for a withheld period.
    `records` (track records by indicator, of this method) bring the width of the intervals and how much of a trend to trust;
    without them intervals are widened by a tenth and trends kept. `totals` (indicator table rows,
    scenario baseline, such as a projection's) are kept exactly. Raises UnknownName or ForecastError.
    """
    if method not in METHODS:
        raise UnknownName("Method", method, METHODS)
    observed = observe(table, catalogue, indicator, sex, age)
    records = {id: one for id, one in (records or {}).items() if one.method == method}
    record = records.get(indicator)
    width = record.width if record else UNKNOWN_WIDTH
    future = _own_future(observed, horizon_to, method, records)
    grid = _common(future, observed, horizon_to)
    if observed.indicator.is_ratio:
        grid = _ratio(grid, observed, future.scale, table, catalogue, horizon_to, method, records)
    elif observed.indicator.is_sum:
        grid = _coherent(grid, observed, future.scale, catalogue, totals)
    centre, spread = _hide_withheld(grid, observed)
    spread = spread * width
    periods = tuple(first_day(grid.first + step, observed.panel.season) for step in range(centre.shape[1]))
    notes = tuple((*n, "provisional") if p else n for n, p in zip(future.notes, observed.provisional, strict=True))
    return Forecast(
        observed.indicator, method, tuple(levels), observed.keys, periods, future.scale, centre, spread, future.reasons,
        notes, width, record,
    )  # fmt: skip


def _own_future(observed: Observed, horizon_to: date, method: str, records: Mapping[str, Record]) -> Future:
    panel = observed.panel
    end = ordinal(horizon_to, panel.season)
    last = panel.last[panel.counts > 0]
    horizon = end - int(last.min()) if last.size else 1
    if last.size and end <= int(last.min()):
        raise ForecastError(f"{horizon_to.year} is already observed.", where=f"indicator {observed.indicator.id!r}")
    scale = scale_of(observed.indicator, panel)
    future = forecast(panel, horizon, scale, method, pool_of(panel, scale))
    record = records.get(observed.indicator.id)
    if record is None or record.trend == 1.0:
        return future
    return steer(future, forecast(panel, horizon, scale, "naive"), record.trend)


def _common(future: Future, observed: Observed, horizon_to: date) -> Grid:
    """Return the future on calendar periods: each series begins after its own last value."""
    alive = observed.panel.counts > 0
    first = int(observed.panel.last[alive].min()) + 1 if alive.any() else observed.panel.first
    end = ordinal(horizon_to, observed.panel.season)
    steps = np.arange(first, end + 1)[None, :] - future.last[:, None] - 1
    there = (steps >= 0) & (steps < future.centre.shape[1]) & alive[:, None]
    picked = np.clip(steps, 0, future.centre.shape[1] - 1)
    centre = np.where(there, np.take_along_axis(future.centre, picked, axis=1), np.nan)
    spread = np.where(there, np.take_along_axis(future.spread, picked, axis=1), np.nan)
    return Grid(first, centre, spread)


def _hide_withheld(grid: Grid, observed: Observed) -> tuple[Floats, Floats]:
    numbers = grid.first + np.arange(grid.centre.shape[1])
    early = numbers[None, :] < observed.free_from[:, None]
    return np.where(early, np.nan, grid.centre), np.where(early, np.nan, grid.spread)


def _coherent(grid: Grid, observed: Observed, scale: Scale, catalogue: Catalogue, totals: pl.DataFrame | None = None) -> Grid:
    sums = sums_of(observed, catalogue)
    values = scale.back(grid.centre)
    fixed = np.zeros(values.shape, dtype=bool)
    if totals is not None:
        values, fixed = _with_totals(values, grid.first, observed, totals)
    if not sums and not fixed.any():
        return grid
    variances = _variance(scale, grid)
    moved = reconcile(values, variances, sums, fixed=fixed, positive=scale.form != "plain")
    return replace(grid, centre=np.where(np.isnan(grid.centre), np.nan, scale.forward(moved)))


def _variance(scale: Scale, grid: Grid) -> Floats:
    """Return forecast variances in units of the values; for the root of m + error, 4m²v + 2v²."""
    variance = np.square(grid.spread)
    if scale.form == "plain":
        return variance
    return 4 * np.square(grid.centre) * variance + 2 * np.square(variance)


def _with_totals(values: Floats, first: int, observed: Observed, totals: pl.DataFrame) -> tuple[Floats, np.ndarray]:
    values, fixed = values.copy(), np.zeros(values.shape, dtype=bool)
    rows = totals.filter((pl.col("indicator") == observed.indicator.id) & pl.col("value").is_not_null())
    place = {key: row for row, key in enumerate(observed.keys.iter_rows())}
    for area, sex, age, period, value in rows.select("area", "sex", "age", "period", "value").iter_rows():
        row, column = place.get((area, str(sex), age)), ordinal(period, observed.panel.season) - first
        if row is not None and 0 <= column < values.shape[1] and not np.isnan(values[row, column]):
            values[row, column], fixed[row, column] = value, True
    return values, fixed


def _ratio(
    grid: Grid, observed: Observed, scale: Scale, table: pl.DataFrame, catalogue: Catalogue, horizon_to: date, method: str,
    records: Mapping[str, Record],
) -> Grid:  # fmt: skip
    """Return the rates as ratios of their reconciled parts where both are forecast, with the rates' own spread."""
    indicator = observed.indicator
    parts = []
    for name in (indicator.numerator, indicator.denominator):
        try:
            part = observe(table, catalogue, name, set(observed.keys["sex"]), set(observed.keys["age"]))
        except (ForecastError, UnknownName):
            return grid  # this role sees the rate but not its parts
        part_future = _own_future(part, horizon_to, method, records)
        part_grid = _coherent(_common(part_future, part, horizon_to), part, part_future.scale, catalogue)
        parts.append(_values_for(observed, grid, part, part_grid, part_future.scale))
    return replace(grid, centre=ratio_centre(grid.centre, parts[0], parts[1], indicator.factor, scale))


def ratio_centre(own: Floats, numerator: Floats, denominator: Floats, factor: float, scale: Scale) -> Floats:
    """Return the ratio on the scale; the rate's own centre where a part is missing or the ratio is out of bounds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = numerator / denominator * factor
        bad = ~np.isfinite(ratio) | scale.outside(ratio) | np.isnan(own)
        if scale.form == "logit":
            bad |= (ratio <= 0) | (ratio >= scale.bound)
        return np.where(bad, own, scale.forward(np.where(bad, 0.5 * scale.bound, ratio)))


def _values_for(observed: Observed, grid: Grid, part: Observed, part_grid: Grid, scale: Scale) -> Floats:
    """Return the part's values on the rows and periods of the rate, observed where they already are; NaN elsewhere."""
    rows = part.rows_of(observed.panel.names)
    known = _on_periods(part.panel, grid)
    coming = scale.back(part_grid.centre)
    values = np.full(grid.centre.shape, np.nan)
    for row, other in enumerate(rows):
        if other >= 0:
            values[row] = known[other]
            shift = part_grid.first - grid.first
            for column in np.flatnonzero(np.isnan(values[row])):
                if 0 <= column - shift < coming.shape[1]:
                    values[row, column] = coming[other, column - shift]
    return values


def _on_periods(panel: Panel, grid: Grid) -> Floats:
    columns: Ints = grid.first - panel.first + np.arange(grid.centre.shape[1])
    there = (columns >= 0) & (columns < panel.values.shape[1])
    values = np.full((len(panel.names), len(columns)), np.nan)
    values[:, there] = panel.values[:, columns[there]]
    return values
