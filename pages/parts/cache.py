"""All caching: what every session shares, read-only and bounded."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from threading import Condition
from typing import ParamSpec, TypeVar

import polars as pl
from cachetools import LRUCache, TTLCache, cached

from model.catalogue import Package, read_package
from model.demography.backtest import Miss
from model.demography.bands import Band, Contrast
from model.demography.levers import parse_settings
from model.demography.measures import MEASURES
from model.demography.needs import NEEDS
from model.demography.planner import Plan, Planner, is_described, need_measure, planner_of
from model.disclosure import Reader
from model.errors import ConfigurationError, SelectionError
from model.forecast.areas.table import Forecast
from model.forecast.assess.record import Record
from model.forecast.inspect import Inspection, inspect_area
from model.ingest.store import Release, current_id, open_release
from model.profile.captions import Caption, line_caption
from model.profile.figures import KeyFigure, by_indicator, key_figure
from model.publish import outlook
from model.publish.archive import parquet, release_archive
from model.publish.features import Outline, geometry, hatch, map_features, outline
from model.query.coverage import freshness, latest_statuses, movers
from model.settings import Settings, read_settings
from model.vocabulary import OLDEST, TOTAL, age_bounds
from pages.parts import sources_extent
from pages.parts.sources_extent import Extent

FEWEST_SINGLE_AGES = 60  # fewer are not a population but births, children, …

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def shared(max_entries: int) -> Callable[[Callable[Arguments, Answer]], Callable[Arguments, Answer]]:
    """Keep a function's last answers for all sessions; whoever asks for one in the making waits for it.

    Streamlit's own cache takes a hundred times as long to find an answer, and any client may have it emptied.
    """
    return cached(LRUCache(max_entries), condition=Condition())


@cached(LRUCache(512), key=lambda key, make: key, condition=Condition())
def kept(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """Return what `make` makes; the last answers are kept under their keys for all sessions. See frame.kept."""
    return make()


@shared(max_entries=1)
def settings() -> Settings:
    """Return the settings this server was started with."""
    return read_settings()


@shared(max_entries=1)
def _package(folder: Path) -> Package:
    return read_package(folder)


@shared(max_entries=2)
def _release(folder: Path, id: str) -> Release:
    package = read_package(folder)  # afresh: a new release may come with new metadata
    if settings().access_mode == "open" and not package.open:
        raise ConfigurationError(
            f"The package {package.id!r} may not be shown without log-in.",
            where=str(folder / "package.toml"),
            hint="Set open = true there only if everybody may see it.",
        )
    return open_release(package, id)


@shared(max_entries=4)
def _reader(folder: Path, id: str, role: str) -> Reader:
    return Reader(_release(folder, id), role)


@cached(TTLCache(4, ttl=1.0), condition=Condition())
def _current_id(folder: Path) -> str:
    """Return the id of the current release; a page asks a hundred times, a look into the folder every second will do."""
    return current_id(_package(folder))


def reader(role: str = "public") -> Reader:
    """Return the door to the current data release for `role`; a new release is picked up by itself."""
    folder = settings().package
    return _reader(folder, _current_id(folder), role)


def package() -> Package:
    """Return the shown package."""
    return reader().package


@shared(max_entries=64)
def features(release: str, unit: str, indicator: str, language: str, role: str) -> bytes:
    """Return the map of one indicator as GeoJSON bytes: geometry once, values as ready text for hovering."""
    return map_features(reader(role), unit, indicator, language)


@shared(max_entries=128)
def unit_values(release: str, indicator: str, unit: str, role: str) -> pl.DataFrame:
    """Return the totals of one indicator over the current areas of one unit, sorted by area and period."""
    door = reader(role)
    codes = [area.code for area in door.catalogue.areas_of(unit)]
    rows = door.table(indicator).filter(
        pl.col("area").is_in(codes) & (pl.col("sex") == "_T") & (pl.col("age") == "_T") & (pl.col("scenario") == "observed")
    )
    return rows.sort("area", "period")


@shared(max_entries=512)
def unit_periods(release: str, indicator: str, unit: str, role: str) -> tuple[date, ...]:
    """Return the periods in which any of the unit's areas has a value."""
    rows = unit_values(release, indicator, unit, role).drop_nulls("value")
    return tuple(sorted(rows["period"].unique().to_list()))


@shared(max_entries=512)
def unit_span(release: str, indicator: str, unit: str, role: str) -> tuple[tuple[date, float, float], ...]:
    """Return the lowest and highest value of the unit's areas per period."""
    rows = unit_values(release, indicator, unit, role).drop_nulls("value").group_by("period")
    return tuple(rows.agg(low=pl.col("value").min(), high=pl.col("value").max()).sort("period").iter_rows())


@shared(max_entries=2048)
def has_values(release: str, indicator: str, unit: str, role: str) -> bool:
    """Tell whether the indicator has any row for the unit's current areas."""
    return not unit_values(release, indicator, unit, role).is_empty()


@shared(max_entries=16)
def unit_outline(release: str, unit: str, role: str) -> Outline | None:
    """Return order and extent of the unit's geometry; None where it has no boundaries."""
    try:
        return outline(reader(role), unit)
    except SelectionError:
        return None


@shared(max_entries=128)
def city_values(release: str, indicator: str, role: str) -> pl.DataFrame:
    """Return the totals of one indicator for the whole city, sorted by period."""
    door = reader(role)
    rows = door.table(indicator).filter(
        (pl.col("area") == door.catalogue.top.code)
        & (pl.col("sex") == "_T")
        & (pl.col("age") == "_T")
        & (pl.col("scenario") == "observed")
    )
    return rows.sort("period")


@shared(max_entries=16)
def unit_geometry(release: str, unit: str, role: str) -> bytes | None:
    """Return the unit's screen geometry as GeoJSON bytes; None where it has no boundaries."""
    try:
        return geometry(reader(role), unit)
    except SelectionError:
        return None


@shared(max_entries=16)
def unit_hatch(release: str, unit: str, role: str) -> bytes | None:
    """Return the unit's hatch lines as GeoJSON bytes; None where it has no boundaries."""
    try:
        return hatch(reader(role), unit)
    except SelectionError:
        return None


@shared(max_entries=512)
def extent_of(release: str, indicator: str, role: str) -> Extent:
    """Return what there is of one indicator: periods, units, breakdowns, origins."""
    return sources_extent.extent(reader(role).table(indicator), reader(role).catalogue)


@shared(max_entries=64)
def coverage(release: str, indicator: str, unit: str, role: str) -> pl.DataFrame:
    """Return area, period, kind of every cell of one indicator in one unit, former areas included."""
    door = reader(role)
    return sources_extent.coverage(door.table(indicator), door.catalogue.areas_of(unit, current=False))


@shared(max_entries=1)
def archive(release: str, role: str) -> bytes:
    """Return the whole release as a ZIP file; some seconds the first time."""
    return release_archive(reader(role))


@shared(max_entries=1)
def release_parquet(release: str, role: str) -> bytes:
    """Return the whole indicator table as Parquet."""
    return parquet(reader(role).everything())


@shared(max_entries=4)
def totals(release: str, role: str) -> dict[str, pl.DataFrame]:
    """Return the observed totals of every indicator over all areas."""
    return by_indicator(reader(role).everything())


@shared(max_entries=4096)
def area_values(release: str, indicator: str, area: str, role: str) -> pl.DataFrame:
    """Return the totals of one indicator in one area, sorted by period."""
    catalogue = reader(role).catalogue
    if area == catalogue.top.code:
        return city_values(release, indicator, role)
    return unit_values(release, indicator, catalogue.area(area).unit, role).filter(pl.col("area") == area)


@shared(max_entries=4096)
def course(release: str, indicator: str, area: str, language: str, role: str) -> Caption:
    """Return the course of one indicator in one area in words."""
    catalogue = reader(role).catalogue
    rows = area_values(release, indicator, area, role)
    return line_caption(rows, catalogue.area(area), catalogue.indicator(indicator), language)


@shared(max_entries=512)
def figures(release: str, area: str, indicators: tuple[str, ...], role: str) -> tuple[KeyFigure, ...]:
    """Return the key figures of one area; indicators without a row for its spatial unit are left out."""
    catalogue, tables = reader(role).catalogue, totals(release, role)
    found = (key_figure(tables, catalogue, id, area) for id in indicators)
    return tuple(figure for figure in found if figure is not None)


@shared(max_entries=4)
def most_changed(release: str, unit: str, most: int, role: str) -> pl.DataFrame:
    """Return what changed most since the last period in the areas of one unit (see coverage.movers)."""
    rows = _totals_of(release, unit, role)
    several = max(1, most // max(rows["indicator"].n_unique(), 1))  # where there are few indicators, each may come more often
    return movers(rows, reader(role).catalogue, most=most, per_indicator=several)


@shared(max_entries=4)
def data_age(release: str, today: date, role: str) -> pl.DataFrame:
    """Return how far each indicator's last period lies back (see coverage.freshness)."""
    tables = totals(release, role)
    return freshness(pl.concat(list(tables.values())), reader(role).catalogue, today)


@shared(max_entries=8)
def last_statuses(release: str, unit: str, role: str) -> pl.DataFrame:
    """Return how many areas of a unit have which status in each indicator's last period (see coverage.latest_statuses)."""
    areas = reader(role).catalogue.areas_of(unit)
    return latest_statuses(_totals_of(release, unit, role), [a.code for a in areas])


def _totals_of(release: str, unit: str, role: str) -> pl.DataFrame:
    codes = [area.code for area in reader(role).catalogue.areas_of(unit)]
    return pl.concat(list(totals(release, role).values())).filter(pl.col("area").is_in(codes))


@shared(max_entries=4)
def counted_by_age(release: str, role: str) -> tuple[str, int] | None:
    """Return the indicator that counts people by single years of age, and the age from which on they are one group."""
    door = reader(role)
    counts = [i.id for i in door.catalogue.indicators.values() if i.kind == "count"]
    for id in sorted(counts, key=lambda id: id != "residents"):
        bounds = [age_bounds(age) for age in door.table(id)["age"].unique() if age != TOTAL]
        single = [first for first, last in bounds if first == last]
        if len(single) >= FEWEST_SINGLE_AGES:
            opened = [first for first, last in bounds if last >= OLDEST and first > max(single)]
            return id, min(opened, default=max(single))
    return None


@shared(max_entries=256)
def age_groups(release: str, indicator: str, area: str, groups: tuple[str, ...], role: str) -> pl.DataFrame:
    """Return one area's people by sex and age group, all periods (see Reader.age_groups)."""
    return reader(role).age_groups(indicator, area, groups)


@shared(max_entries=128)
def track_records(release: str, indicator: str, method: str, role: str) -> dict[str, Record]:
    """Return what past forecasts of the indicator and its parts were worth (see outlook.track_records)."""
    return outlook.track_records(reader(role), indicator, method)


@shared(max_entries=64)
def forecast(release: str, indicator: str, method: str, role: str) -> Forecast:
    """Return the forecast of one indicator for all areas up to the longest horizon (see outlook.outlook)."""
    records = track_records(release, indicator, method, role)
    return outlook.outlook(reader(role), indicator, method, records)


@shared(max_entries=64)
def forecast_quantiles(release: str, indicator: str, method: str, role: str) -> pl.DataFrame:
    """Return the forecasts of all areas as rows: area, sex, age, period, value and lower_L, upper_L by level."""
    return forecast(release, indicator, method, role).quantiles()


@shared(max_entries=96)
def said_in(release: str, indicator: str, origin: int, method: str, role: str) -> Forecast | None:
    """Return what would have been said of an indicator in an earlier year (see outlook.said_in)."""
    return outlook.said_in(reader(role), indicator, origin, method)


@shared(max_entries=256)
def inspected(release: str, indicator: str, area: str, method: str, role: str) -> Inspection:
    """Return one method's view of one area's series, neither calibrated nor adding up (see inspect.inspect_area)."""
    door = reader(role)
    rows = outlook.inputs(door, indicator)
    return inspect_area(rows, door.catalogue, indicator, area, outlook.UNTIL, [method])[0]


@shared(max_entries=64)
def forecast_features(release: str, unit: str, indicator: str, language: str, method: str, level: float, role: str) -> bytes:
    """Return the map of one forecast as GeoJSON bytes: geometry once, values and reliability as ready text for hovering."""
    made = forecast(release, indicator, method, role)
    return outlook.forecast_features(reader(role), unit, made, level, language)


@shared(max_entries=2)
def planner(release: str, role: str) -> Planner | None:
    """Return the door to projections, None where the package does not say what to project from; some seconds.

    It reads the unprotected release, which no page ever sees (see model.demography.planner).
    """
    raw = _release(settings().package, release)
    if not is_described(raw):
        return None
    found = planner_of(raw)
    reader(role).catalogue.indicator(found.sources.population)  # who may not see the people may not see their future
    return found


@shared(max_entries=16)
def plan(release: str, chosen: tuple[str, ...], role: str) -> Plan:
    """Return the projection under `chosen` levers, written as settings."""
    found = planner(release, role)
    assert found is not None
    return found.plan(parse_settings(chosen))


@shared(max_entries=2)
def bands(release: str, role: str) -> dict[str, Band]:
    """Return the prediction intervals of every measure and need, all from the same draws; half a second."""
    found = planner(release, role)
    assert found is not None
    return found.bands([*MEASURES, *(need_measure(need, found.factors()) for need in NEEDS)])


@shared(max_entries=32)
def contrast(release: str, chosen: tuple[str, ...], measure: str, role: str) -> Contrast:
    """Return what the levers change in a measure, with the interval of the difference; a quarter of a second."""
    found = planner(release, role)
    assert found is not None
    return found.contrast(plan(release, chosen, role), MEASURES[measure])


@shared(max_entries=2)
def backtest(release: str, role: str) -> tuple[Miss, ...]:
    """Return how far projections of the past would have missed; some seconds."""
    found = planner(release, role)
    return () if found is None else found.backtest()
