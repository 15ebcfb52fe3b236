"""Gather what is to be said about one indicator in one area: value, city, chance, places, change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from model.catalogue import Area, Catalogue, Indicator
from model.query.change import change
from model.query.interval import against_rest, chance_kind, difference, indicator_intervals
from model.query.rank import rank, rank_range
from model.vocabulary import EMPTY_STATUSES, OBSERVED, TOTAL

Tables = Mapping[str, pl.DataFrame]
_FEWEST_TO_RANK: Final = 3


@dataclass(frozen=True)
class Cell:
    """One value of the indicator table: what it is, when, and what kind of value or of empty."""

    period: date
    value: float | None
    status: str

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no value."""
        return self.value is None or self.status in EMPTY_STATUSES


@dataclass(frozen=True)
class KeyFigure:
    """Everything a key figure of an area page shows and says.

    `beyond_chance` compares the area with the rest of the city: None where chance cannot be judged (no parts, empty parts).
    `best`, `worst`, `of` are places from the highest value among the areas of the same unit, None where there are none;
    best = worst without an interval. `lower`, `upper` are the 95 % interval in the indicator's unit, `grade` its reliability.
    """

    indicator: Indicator
    area: Area
    city: Area
    now: Cell
    city_now: Cell | None = None
    beyond_chance: bool | None = None
    lower: float | None = None
    upper: float | None = None
    grade: str = ""
    best: int | None = None
    worst: int | None = None
    of: int = 0
    before: Cell | None = None
    change: Cell | None = None
    change_beyond_chance: bool | None = None


def by_indicator(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the observed totals (both sexes, all ages) of each indicator: the form key_figure reads quickly."""
    totals = table.filter(pl.col("sex") == TOTAL, pl.col("age") == TOTAL, pl.col("scenario") == OBSERVED)
    return {str(id): rows for (id,), rows in totals.partition_by("indicator", as_dict=True, maintain_order=True).items()}


def key_figure(
    tables: Tables, catalogue: Catalogue, indicator: str, area: str, period: date | None = None, before: date | None = None
) -> KeyFigure | None:
    """Return the key figure of `indicator` in `area`; None if the indicator has no row for any area of its unit.

    `tables` (see by_indicator) are already protected and hold the indicator and its parts for all areas. `period` is by default
    the last one with a value in the area's unit, `before` the period before that in the area's own series.
    """
    known, place = catalogue.indicator(indicator), catalogue.area(area)
    peers = [a.code for a in catalogue.areas_of(place.unit)]
    rows = tables.get(indicator)
    period = period or (None if rows is None else _last_period(rows, [*peers, area]))
    if rows is None or period is None:
        return None
    now = _cell(rows, area, period) or Cell(period, None, "missing")
    city = catalogue.top
    figure: dict[str, Any] = {"indicator": known, "area": place, "city": city, "now": now}
    if area != city.code:
        figure["city_now"] = _cell(rows, city.code, period)
    figure |= _places(rows, _intervals(tables, catalogue, known, period), area, peers, period, now)
    figure |= _chance(tables, catalogue, known, area, period) if area != city.code and not now.is_empty else {}
    return KeyFigure(**figure, **_change(tables, catalogue, known, area, now, before))


def pair_beyond_chance(
    tables: Tables, catalogue: Catalogue, indicator: str, first: str, second: str, period: date
) -> bool | None:
    """Tell whether two separate areas differ by more than chance; None where that cannot be judged."""
    parts = _parts(tables, catalogue, catalogue.indicator(indicator))
    if parts is None:
        return None
    kind, above, below = parts
    found = difference(*(_value(part, area, period) for area in (first, second) for part in (above, below)), kind=kind)
    return bool(found.beyond_chance[0]) if found.known[0] else None


def _last_period(rows: pl.DataFrame, areas: list[str]) -> date | None:
    own = rows.filter(pl.col("area").is_in(areas))
    valued = own.filter(pl.col("value").is_not_null())
    latest = (valued if valued.height else own)["period"].max()
    return latest if isinstance(latest, date) else None


def _cell(rows: pl.DataFrame | None, area: str, period: date) -> Cell | None:
    if rows is None:
        return None
    found = rows.filter(pl.col("area") == area, pl.col("period") == period)
    return Cell(period, found["value"][0], str(found["status"][0])) if found.height else None


def _parts(tables: Tables, catalogue: Catalogue, indicator: Indicator) -> tuple[str, pl.DataFrame, pl.DataFrame] | None:
    """Return kind of interval, numerator and denominator where chance can be judged."""
    kind = chance_kind(indicator, catalogue)
    above, below = tables.get(indicator.numerator), tables.get(indicator.denominator)
    return None if kind not in ("share", "rate") or above is None or below is None else (kind, above, below)


def _intervals(tables: Tables, catalogue: Catalogue, indicator: Indicator, period: date) -> pl.DataFrame | None:
    parts = _parts(tables, catalogue, indicator)
    if parts is None:
        return None
    kind, above, below = parts
    at = pl.col("period") == period
    return indicator_intervals(above.filter(at), below.filter(at), indicator, kind)


def _places(
    rows: pl.DataFrame, intervals: pl.DataFrame | None, area: str, peers: list[str], period: date, now: Cell
) -> dict[str, Any]:
    """Return interval, grade and places of the area among its peers."""
    if now.is_empty:
        return {}
    shown = rows.filter(pl.col("period") == period, pl.col("area").is_in([*peers, area]), pl.col("value").is_not_null())
    found: dict[str, Any] = {}
    if intervals is not None:
        shown = shown.drop("lower", "upper").join(intervals.select("area", "lower", "upper", "grade"), on="area", how="left")
        own = shown.filter(pl.col("area") == area)
        found = {"lower": own["lower"][0], "upper": own["upper"][0], "grade": own["grade"][0] or ""}
    ranked = shown.filter(pl.col("area").is_in(peers))
    if ranked.height < _FEWEST_TO_RANK or area not in peers:
        return found
    at = ranked["area"].to_list().index(area)
    place = int(rank(ranked["value"])[at])
    best = worst = place
    if intervals is not None:
        span = rank_range(ranked["lower"], ranked["upper"])
        if span.best[at]:
            best, worst = min(int(span.best[at]), place), max(int(span.worst[at]), place)
    return found | {"best": best, "worst": worst, "of": ranked.height}


def _chance(tables: Tables, catalogue: Catalogue, indicator: Indicator, area: str, period: date) -> dict[str, Any]:
    """Return whether the area differs from the rest of the city by more than chance."""
    parts = _parts(tables, catalogue, indicator)
    if parts is None:
        return {}
    kind, above, below = parts
    figures = [_value(part, code, period) for code in (area, catalogue.top.code) for part in (above, below)]
    found = against_rest(*figures, kind=kind)
    return {"beyond_chance": bool(found.beyond_chance[0])} if found.known[0] else {}


def _change(
    tables: Tables, catalogue: Catalogue, indicator: Indicator, area: str, now: Cell, before: date | None
) -> dict[str, Any]:
    """Return the earlier cell, the change since, and whether it is more than chance.

    Most people are counted in both periods, so two independent samples would differ more: the verdict is careful.
    """
    rows = tables[indicator.id].filter(pl.col("area") == area)
    earlier = before or rows.filter(pl.col("period") < now.period)["period"].max()
    if not isinstance(earlier, date) or earlier >= now.period:
        return {}
    then = _cell(rows, area, earlier) or Cell(earlier, None, "missing")
    moved = change(rows, earlier, now.period, breaks=[b.period for b in indicator.breaks])
    step = Cell(now.period, moved["value"][0], str(moved["status"][0])) if moved.height else None
    found: dict[str, Any] = {"before": then, "change": step}
    parts = _parts(tables, catalogue, indicator)
    if parts is not None and step is not None and not step.is_empty and step.status != "break":
        kind, above, below = parts
        chance = difference(*(_value(part, area, when) for when in (now.period, earlier) for part in (above, below)), kind=kind)
        if chance.known[0]:
            found["change_beyond_chance"] = bool(chance.beyond_chance[0])
    return found


def _value(rows: pl.DataFrame, area: str, period: date) -> float:
    cell = _cell(rows, area, period)
    return float("nan") if cell is None or cell.value is None else cell.value
