"""Back-test every indicator of a data release, and keep the track records beside its tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Catalogue
from model.errors import ForecastError
from model.forecast.areas.observed import Observed, observe, scale_of
from model.forecast.areas.table import STEERED, ratio_centre
from model.forecast.assess.record import Record, summarise
from model.forecast.assess.rolling import ORIGINS, Forecaster, Past, rolling
from model.forecast.assess.trend import steer, trends_by_origin
from model.forecast.engine.run import forecast, pool_of
from model.forecast.future import Future
from model.forecast.scale import Scale
from model.forecast.series import Floats, Panel
from model.vocabulary import OBSERVED, TOTAL

FILE: Final = "backtest.json"
VERSION: Final = 1  # raise it when the method changes: older records are then not used

Progress = Callable[[int, int, str], None]
Trends = dict[tuple[str, frozenset[str], frozenset[str]], dict[int, float]]  # by indicator, sexes, ages: trend per origin


def backtest_indicator(
    table: pl.DataFrame,
    catalogue: Catalogue,
    indicator: str,
    method: str = "combination",
    origins: int = ORIGINS,
    trends: Trends | None = None,
) -> Record:
    """Return the track record of `indicator` over all areas and their last `origins`, on the protected `table`.

    `trends` collects what is learnt of the parts of rates, so that a package's back-test learns each part once.

    Raises ForecastError where nothing is observed, UnknownName where the catalogue does not know the indicator.
    """
    observed = observe(table, catalogue, indicator, TOTAL, TOTAL) if _has_total(table, indicator) else None
    observed = observed or observe(table, catalogue, indicator)
    steer = method in STEERED and not observed.indicator.is_ratio  # a rate follows its parts
    past = past_of(observed, table, catalogue, method, origins, {} if trends is None else trends)
    return summarise(past, indicator, method, steer=steer)


def past_of(observed: Observed, table: pl.DataFrame, catalogue: Catalogue, method: str, origins: int, trends: Trends) -> Past:
    """Return what the method would have said of an indicator's series; rates as ratios of their parts' forecasts."""
    scale = scale_of(observed.indicator, observed.panel)
    forecaster: Forecaster = _directly(scale, method)
    if observed.indicator.is_ratio:
        forecaster = _by_parts(observed, table, catalogue, scale, method, origins, trends)
    return rolling(observed.panel, scale, forecaster, origins)


def backtest_package(
    table: pl.DataFrame,
    catalogue: Catalogue,
    indicators: Iterable[str] | None = None,
    method: str = "combination",
    progress: Progress | None = None,
) -> dict[str, Record]:
    """Return the track record of each indicator with observed values; `progress` hears done, total and the indicator."""
    there = set(table.filter(pl.col("scenario") == OBSERVED)["indicator"].unique())
    wanted = [catalogue.indicator(name).id for name in (indicators or catalogue.indicators)]
    wanted = [name for name in wanted if name in there]
    parts = table.partition_by("indicator", as_dict=True)
    records: dict[str, Record] = {}
    trends: Trends = {}
    for number, name in enumerate(wanted):
        if progress:
            progress(number, len(wanted), name)
        known = catalogue.indicator(name)
        needed = [parts[(one,)] for one in (name, known.numerator, known.denominator) if (one,) in parts]
        records[name] = backtest_indicator(pl.concat(needed), catalogue, name, method, trends=trends)
    if progress:
        progress(len(wanted), len(wanted), "")
    return records


def write_records(records: Mapping[str, Record], folder: Path) -> Path:
    """Write the track records beside a release's tables, whole or not at all, and return the file."""
    path = folder / FILE
    partial = path.with_name(FILE + ".part")
    content = {"version": VERSION, "records": {name: _plain(asdict(record)) for name, record in records.items()}}
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def read_records(folder: Path) -> dict[str, Record]:
    """Return the track records kept in `folder`; none where the release was not back-tested. Raises ForecastError."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != VERSION:
            return {}  # an earlier method's record says nothing about this one's
        return {name: _record(raw) for name, raw in content["records"].items()}
    except (ValueError, TypeError, KeyError) as error:
        raise ForecastError(f"Cannot be read: {error}.", where=str(path), hint="Run `python -m model backtest` again.") from error


def _plain(raw: dict[str, object]) -> dict[str, object]:
    """Return a record without NaN, which JSON does not know."""
    numbers = {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in raw.items()}
    for key in ("coverage", "miss"):
        inner = numbers[key]
        assert isinstance(inner, Mapping)
        numbers[key] = {k: None if np.isnan(v) else v for k, v in inner.items()}
    return numbers


def _record(raw: Mapping[str, object]) -> Record:
    values = {k: float("nan") if v is None else v for k, v in raw.items()}
    for key in ("coverage", "miss"):
        inner = raw[key]
        assert isinstance(inner, Mapping)
        values[key] = {k: float("nan") if v is None else v for k, v in inner.items()}
    return Record(**{**values, "origins": tuple(raw["origins"])})  # type: ignore[arg-type]


def _has_total(table: pl.DataFrame, indicator: str) -> bool:
    total = (pl.col("indicator") == indicator) & (pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL)
    return bool(table.select(total.any()).item())


def _directly(scale: Scale, method: str) -> Forecaster:
    return lambda known, horizon: forecast(known, horizon, scale, method, pool_of(known, scale))


def _by_parts(
    observed: Observed, table: pl.DataFrame, catalogue: Catalogue, scale: Scale, method: str, origins: int, trends: Trends
) -> Forecaster:
    indicator, sexes, ages = observed.indicator, set(observed.keys["sex"]), set(observed.keys["age"])
    direct = _directly(scale, method)
    try:
        parts = [observe(table, catalogue, name, sexes, ages) for name in (indicator.numerator, indicator.denominator)]
    except ForecastError:
        return direct

    learnt = [_trends(part, table, catalogue, method, origins, trends) for part in parts]

    def forecaster(known: Panel, horizon: int) -> Future:
        own = direct(known, horizon)
        origin = known.first + known.values.shape[1] - 1
        numerator, denominator = (
            _part(part, known.names, origin, horizon, method, trend.get(origin, 1.0))
            for part, trend in zip(parts, learnt, strict=True)
        )
        return _recentred(own, ratio_centre(own.centre, numerator, denominator, indicator.factor, scale))

    return forecaster


def _trends(
    part: Observed, table: pl.DataFrame, catalogue: Catalogue, method: str, origins: int, trends: Trends
) -> dict[int, float]:
    """Return what was known by each origin about the trend of a rate's part."""
    if method not in STEERED:
        return {}
    key = (part.indicator.id, frozenset(part.keys["sex"]), frozenset(part.keys["age"]))
    if key not in trends:
        trends[key] = trends_by_origin(past_of(part, table, catalogue, method, origins, trends))
    return trends[key]


def _part(part: Observed, names: tuple[str, ...], origin: int, horizon: int, method: str, trend: float) -> Floats:
    """Return a part's forecasts from `origin` on for the series of these names; NaN where it has no value there."""
    rows = part.rows_of(names)
    values = np.full((len(names), horizon), np.nan)
    there = np.flatnonzero(rows >= 0)
    known = part.panel.until(origin).take(rows[there])
    current = np.flatnonzero(known.last == origin)
    if current.size:
        known = known.take(current)
        scale = scale_of(part.indicator, known)
        future = forecast(known, horizon, scale, method, pool_of(known, scale))
        if trend != 1.0:
            future = steer(future, forecast(known, horizon, scale, "naive"), trend)
        values[there[current]] = future.value
    return values


def _recentred(future: Future, centre: Floats) -> Future:
    return replace(future, centre=centre)
