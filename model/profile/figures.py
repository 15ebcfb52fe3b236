"""Gather what is to be said about one indicator in one area: value, city, chance, places, change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from model.catalogue import Area, Catalogue, Indicator
from model.query.change import strongest
from model.query.interval import Difference, against_rest, chance_kind, difference, indicator_intervals
from model.query.rank import rank, rank_range
from model.vocabulary import EMPTY_STATUSES, OBSERVED, TOTAL

Tables = Mapping[str, pl.DataFrame]
Parts = tuple[str, pl.DataFrame, pl.DataFrame]
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


Cells = dict[tuple[str, date], Cell]


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
    the last one with a value in the area's unit, `before` the one before that for which the area has more than a missing value.
    """
    known, place, city = catalogue.indicator(indicator), catalogue.area(area), catalogue.top
    peers = [a.code for a in catalogue.areas_of(place.unit)]
    rows = tables.get(indicator)
    period = period or (None if rows is None else _last_period(rows, [*peers, area]))
    if rows is None or period is None:
        return None
    cells, parts = _cells(rows, area, city.code), _parts(tables, catalogue, known)
    now = cells.get((area, period)) or Cell(period, None, "missing")
    figure: dict[str, Any] = {"indicator": known, "area": place, "city": city, "now": now}
    if area != city.code:
        figure["city_now"] = cells.get((city.code, period))
    if not now.is_empty:
        figure |= _places(rows, _intervals(parts, known, period), area, peers, period)
    figure |= _change(cells, known, area, now, before)
    return KeyFigure(**figure, **_chances(parts, figure, area, city.code))


def pair_beyond_chance(
    tables: Tables, catalogue: Catalogue, indicator: str, first: str, second: str, period: date
) -> bool | None:
    """Tell whether two separate areas differ by more than chance; None where that cannot be judged."""
    parts = _parts(tables, catalogue, catalogue.indicator(indicator))
    if parts is None:
        return None
    counts = _Counts(parts, first, second)
    return _verdict(difference(*counts.of(first, period), *counts.of(second, period), kind=parts[0]))


def _last_period(rows: pl.DataFrame, areas: list[str]) -> date | None:
    own = rows.filter(pl.col("area").is_in(areas))
    valued = own.filter(pl.col("value").is_not_null())
    latest = (valued if valued.height else own)["period"].max()
    return latest if isinstance(latest, date) else None


def _cells(rows: pl.DataFrame, *areas: str) -> Cells:
    """Return the cells of these areas by area and period."""
    own = rows.filter(pl.col("area").is_in(areas)).select("area", "period", "value", "status")
    return {(area, period): Cell(period, value, status) for area, period, value, status in own.iter_rows()}


def _parts(tables: Tables, catalogue: Catalogue, indicator: Indicator) -> Parts | None:
    """Return kind of interval, numerator and denominator where chance can be judged."""
    kind = chance_kind(indicator, catalogue)
    above, below = tables.get(indicator.numerator), tables.get(indicator.denominator)
    return None if kind not in ("share", "rate") or above is None or below is None else (kind, above, below)


class _Counts:
    """The counts behind a ratio, in a few areas."""

    def __init__(self, parts: Parts, *areas: str) -> None:
        self._above, self._below = (_cells(part, *areas) for part in parts[1:])

    def of(self, area: str, period: date) -> tuple[float, float]:
        """Return numerator and denominator, NaN where empty."""
        found = (cells.get((area, period)) for cells in (self._above, self._below))
        above, below = (float("nan") if c is None or c.value is None else c.value for c in found)
        return above, below


def _intervals(parts: Parts | None, indicator: Indicator, period: date) -> pl.DataFrame | None:
    if parts is None:
        return None
    kind, above, below = parts
    at = pl.col("period") == period
    return indicator_intervals(above.filter(at), below.filter(at), indicator, kind)


def _places(rows: pl.DataFrame, intervals: pl.DataFrame | None, area: str, peers: list[str], period: date) -> dict[str, Any]:
    """Return interval, grade and places of the area among its peers."""
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


def _change(cells: Cells, indicator: Indicator, area: str, now: Cell, before: date | None) -> dict[str, Cell]:
    """Return the earlier cell and the change since, by the rules of query.change."""
    past = {when: cell.status for (code, when), cell in cells.items() if code == area and when < now.period}
    # A figure counted every second year is compared with the last count, not with the year in between.
    earlier = before or max(past, key=lambda when: (past[when] != "missing", when), default=None)
    if earlier is None or earlier >= now.period:
        return {}
    then = cells.get((area, earlier)) or Cell(earlier, None, "missing")
    status = strongest(now.status, "normal" if then.status == "break" else then.status)
    marks = [b.period for b in indicator.breaks]
    marks += [when for (code, when), cell in cells.items() if code == area and cell.status == "break"]
    if now.value is None or then.value is None or status in EMPTY_STATUSES:
        return {"before": then, "change": Cell(now.period, None, status if status in EMPTY_STATUSES else "missing")}
    if any(earlier < mark <= now.period for mark in marks):
        status = "break"
    return {"before": then, "change": Cell(now.period, now.value - then.value, status)}


def _chances(parts: Parts | None, figure: dict[str, Any], area: str, city: str) -> dict[str, Any]:
    """Return whether the area differs from the rest of the city, and from its own past, by more than chance.

    Most people are counted in both periods, so two independent samples would differ more: that verdict is careful.
    """
    now: Cell = figure["now"]
    if parts is None or now.is_empty:
        return {}
    counts, found = _Counts(parts, area, city), dict[str, Any]()
    if area != city:
        found["beyond_chance"] = _verdict(against_rest(*counts.of(area, now.period), *counts.of(city, now.period), kind=parts[0]))
    step: Cell | None = figure.get("change")
    if step is not None and not step.is_empty and step.status != "break":
        then = figure["before"].period
        found["change_beyond_chance"] = _verdict(difference(*counts.of(area, now.period), *counts.of(area, then), kind=parts[0]))
    return found


def _verdict(found: Difference) -> bool | None:
    return bool(found.beyond_chance[0]) if found.known[0] else None
