"""Rows of an indicator table as the lines of a chart: selected areas, city, min–max band, breaks and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

import polars as pl

from model.catalogue import Indicator
from model.profile.numbers import format_cell, format_period
from pages.parts import ahead, cache, charts, charts_forecast
from pages.parts.frame import language, narrow, reader

OPEN_MARKS = ("provisional", "estimated", "imputed")  # drawn as open circles: not the final word


def line_chart(
    indicator: Indicator, rows: pl.DataFrame, chosen: Sequence[str], *, height: int = 300, forecast: bool = False
) -> dict[str, Any]:
    """Return the chart of the chosen areas and the city over time, with the years ahead if wanted.

    `rows` are all areas of the unit.
    """
    top = reader().catalogue.top
    city = cache.city_values(reader().release, indicator.id, reader().role)
    drawn = [*line_rows(indicator, city, top.code, top.name, "city")]
    names = unique_names(chosen)
    for code in chosen:
        if code != top.code:
            drawn += line_rows(indicator, rows.filter(pl.col("area") == code), code, names[code], "area")
    spans, unit = band(rows), indicator.unit.of(language())
    named = {top.code: top.name, **names}
    future = ahead.continuation(indicator, named, top.code) if forecast else []
    _part_labels(_ends_later(drawn, future), [*spans, *_reach(future)], height)
    spec = charts.lines(drawn, spans, marks(indicator, rows), unit, language(), height=height, order=list(named.values()))
    return charts_forecast.continued(spec, future, unit, ahead.LEVEL)


def _ends_later(drawn: list[dict[str, Any]], future: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all points, where lines with years ahead bear their names at the end of those."""
    going_on = {row["code"] for row in future}
    for row in drawn:
        row["last"] = row["last"] and row["code"] not in going_on
    return [*drawn, *future]


def _reach(future: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how far the drawn intervals reach, as rows with low and high."""
    return [{"low": r[f"low_{ahead.LEVEL}"], "high": r[f"high_{ahead.LEVEL}"]} for r in future if r["band"]]


def _part_labels(drawn: list[dict[str, Any]], spans: list[dict[str, Any]], height: int) -> None:
    """Give each line's last point a place for its name, 14 pixels from the next."""
    ends = [row for row in drawn if row["last"]]
    values = [row["value"] for row in drawn if row["value"] is not None] + [s[k] for s in spans for k in ("low", "high")]
    gap = (max(values, default=1.0) - min(values, default=0.0)) * 14 / height
    for row, place in zip(ends, charts.apart([row["value"] for row in ends], gap), strict=True):
        row["label_at"] = place


def line_rows(indicator: Indicator, rows: pl.DataFrame, code: str, name: str, role: str) -> list[dict[str, Any]]:
    """Return one line's points; a level break or years without a row start a new part, an empty value leaves a gap."""
    tongue = language()  # once: every look-up costs, and there are many points
    breaks = sorted(b.period for b in indicator.breaks)
    points = rows.sort("period").select("period", "value", "status").rows()
    last = max((p for p, v, _ in points if v is not None), default=None)
    holes = _holes([period for period, _, _ in points])
    return [
        {
            "code": code,
            "series": name,
            "role": role,
            "period": period.isoformat(),
            "value": value,
            "text": format_cell(value, status, indicator, tongue),
            "when": format_period(period, indicator.frequency, tongue),
            "part": sum(b <= period for b in breaks) + sum(h <= period for h in holes),
            "open": status in OPEN_MARKS,
            "last": period == last,
        }
        for period, value, status in points
    ]


def _holes(periods: Sequence[date]) -> list[date]:
    """Return the periods before which the series pauses longer than it usually does: no line may bridge that."""
    steps = [(after - before).days for before, after in pairwise(periods)]
    return [after for after, step in zip(periods[1:], steps, strict=True) if step > 1.5 * median(steps)]


def band(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the lowest and highest value of all areas per period."""
    spans = rows.drop_nulls("value").group_by("period").agg(low=pl.col("value").min(), high=pl.col("value").max()).sort("period")
    return [{"period": p.isoformat(), "low": low, "high": high} for p, low, high in spans.iter_rows()]


def marks(indicator: Indicator, rows: pl.DataFrame) -> list[dict[str, str]]:
    """Return breaks of the indicator and events of the package inside the shown time."""
    if rows.is_empty():
        return []
    first, last = rows["period"].min(), rows["period"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    found = [(b.period, b.note.of(language())) for b in indicator.breaks]
    taken = {period.year for period, _ in found}
    if not narrow():  # on a phone only what breaks the line is worth the space
        found += [(e.period, e.title.of(language())) for e in reader().package.events if e.period.year not in taken]
    return [{"period": p.isoformat(), "label": words} for p, words in sorted(found) if first <= p <= last]


def unique_names(codes: Sequence[str]) -> dict[str, str]:
    """Return a name per area; areas of the same name get their code behind it."""
    areas = reader().catalogue.areas
    names = [areas[code].name for code in codes]
    return {code: name if names.count(name) == 1 else f"{name} ({code})" for code, name in zip(codes, names, strict=True)}
