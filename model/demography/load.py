"""From a built data package to its baseline, and from a projection back to the indicator table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.demography.bands import Band, known, places
from model.demography.baseline import Baseline, baseline
from model.demography.measures import Measure
from model.demography.observed import DemographySources, Observed, observe, read_sources
from model.demography.population import OLDEST, SEXES, Array
from model.demography.projection import Projection
from model.ingest.store import Release
from model.vocabulary import BASELINE, SCHEMA, TOTAL, age_code

METHOD = "cohort-component"
GROUPS = (*((first, first + 4) for first in range(0, 100, 5)), (100, OLDEST))


def observed_of(release: Release, sources: DemographySources) -> Observed:
    """Return what the release has observed in the current areas of the unit to be projected."""
    catalogue = release.package.catalogue
    unit = sources.unit or catalogue.finest.id
    return observe(release.table, sources, [area.code for area in catalogue.areas_of(unit)])


def baseline_of(release: Release, until: int | None = None) -> Baseline:
    """Return the baseline of a built package by its section [demography]. Raises PackageError or ProjectionError."""
    sources = read_sources(release.package.folder)
    return baseline(observed_of(release, sources), sources, until)


def groups_of(release: Release, areas: Sequence[str]) -> dict[str, list[str]]:
    """Return the areas of every larger area below the top, by code."""
    catalogue = release.package.catalogue
    groups: dict[str, list[str]] = {}
    for area in areas:
        parent = catalogue.areas[area].parent
        while parent in catalogue.areas and parent != catalogue.top.code:
            groups.setdefault(parent, []).append(area)
            parent = catalogue.areas[parent].parent
    return dict(sorted(groups.items()))


def residents_table(
    projection: Projection,
    indicator: str,
    *,
    scenario: str = BASELINE,
    ages: Sequence[tuple[int, int]] = GROUPS,
    city: str = "",
) -> pl.DataFrame:
    """Return the projected residents by area, sex and age group as rows of the indicator table, jump-off year left out.

    With `city`, the code of the top area, its rows are added as the sum of the areas. Age 100 stands for 100 and over.
    """
    stock = projection.stock[1:]
    areas = projection.areas
    if city:
        stock, areas = np.concatenate([stock, stock.sum(axis=1, keepdims=True)], axis=1), (*areas, city)
    groups = np.stack([stock[..., first : last + 1].sum(axis=-1) for first, last in ages], axis=-1)
    codes = [age_code(first, None if last >= OLDEST else last) for first, last in ages]
    place = [axis.ravel() for axis in np.indices(groups.shape)]
    frame = {
        "indicator": indicator,
        "area": pl.Series(areas, dtype=pl.String).gather(place[1]),
        "period": _periods(place[0] + projection.year + 1),
        "sex": pl.Series(SEXES, dtype=pl.String).gather(place[2]),
        "age": pl.Series(codes, dtype=pl.String).gather(place[3]),
        "scenario": scenario,
        "value": groups.ravel(),
        "status": "forecast",
        "source": METHOD,
    }
    return _table(pl.DataFrame(frame))


def measure_table(
    projection: Projection, ids: Sequence[str | Measure], *, bands: Mapping[str, Band], scenario: str = BASELINE, city: str
) -> pl.DataFrame:
    """Return measures by area and year as rows of the indicator table; the indicator is the measure, `city` the top area.

    Intervals come from `bands` made for the areas and the city.
    """
    where = places(projection.areas, city=city)
    parts = []
    for measure in known(ids):
        central = where.values(projection.stock, measure)
        lower, upper = bands[measure.id].around(central) if measure.id in bands else (np.full_like(central, np.nan),) * 2
        columns = {"value": central, "lower": lower, "upper": upper}
        parts.append(_measure_rows(measure.id, where.names, projection.year + 1, scenario, columns))
    return _table(pl.concat(parts))


def _measure_rows(id: str, names: Sequence[str], first: int, scenario: str, columns: Mapping[str, Array]) -> pl.DataFrame:
    year, place = (axis.ravel() for axis in np.indices(columns["value"][1:].shape))
    defined = np.isfinite(columns["value"][1:].ravel())
    return pl.DataFrame(
        {
            "indicator": id,
            "area": pl.Series(names, dtype=pl.String).gather(place),
            "period": _periods(year + first),
            "sex": TOTAL,
            "age": TOTAL,
            "scenario": scenario,
            **{name: values[1:].ravel() for name, values in columns.items()},
            "status": np.where(defined, "forecast", "not_applicable").tolist(),
            "source": METHOD,
        }
    )


def _periods(years: NDArray[np.int64]) -> pl.Series:
    """Return the first day of each year."""
    days = [date(year, 1, 1) for year in range(int(years.min()), int(years.max()) + 1)]
    return pl.Series(days).gather(years - int(years.min()))


def _table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with exactly the columns of the indicator table; what is not a number is empty."""
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in SCHEMA.items() if name not in frame.columns]
    numbers = [pl.col(name).fill_nan(None) for name in ("value", "lower", "upper")]
    return frame.with_columns(missing).with_columns(numbers).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
