"""Scatter: two indicators of the same areas, the line through them, how sure the relation is, who falls off it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Catalogue, Indicator
from model.profile.captions import Caption, scatter_caption
from model.profile.numbers import format_indicator, format_value
from model.query.compare import Scatter, scatter
from pages.parts import cache, charts_compare, compare_choices, controls
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

PEOPLE = "residents"


def view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the scatter of the chosen indicator (horizontal) and a second one (vertical)."""
    with settings:
        second = _second(choice, reader().catalogue)
        period = compare_choices.period_choice(choice)
        sized = PEOPLE in reader().catalogue.indicators and controls.switch(t("compare.sized"), "c_size", True)
        only = len(choice.chosen) > 2 and controls.switch(t("compare.only_chosen"), "c_only")
    codes = list(choice.chosen) if only else [a.code for a in reader().catalogue.areas_of(choice.unit)]
    x = data.at(choice.rows, period, codes)
    theirs = cache.unit_values(reader().release, second.id, choice.unit, reader().role)
    when = _nearest(theirs, period)
    y = data.at(theirs, when, codes)
    people = _people(choice.unit, period, codes) if sized else pl.Series([None] * len(codes), dtype=pl.Float64)
    found, names = scatter(x["value"], y["value"]), data.names(codes)
    rows = _rows(choice, second, x, y, people, names, found)
    spec = charts_compare.scatter(
        rows,
        _line(rows, found),
        _axis(choice.indicator, period),
        _axis(second, when),
        t("compare.people") if sized else "",
        language(),
    )
    lost = pl.concat([x["status"].filter(x["value"].is_null()), y["status"].filter(y["value"].is_null())])
    notes = [data.scope(choice) if only else t("compare.scatter_scope", n=len(codes), areas=data.plural(choice)),
             t("compare.scatter_note"), data.empty_words(lost)]  # fmt: skip
    caption = scatter_caption(found, choice.indicator, second, [names[code] for code in codes], language())
    if second == choice.indicator:
        caption = Caption(t("compare.same_indicator"))
    return View(
        caption,
        t("compare.scatter_subtitle", x=_axis(choice.indicator, period), y=_axis(second, when), areas=data.plural(choice)),
        spec,
        lambda: _frame(rows, choice.indicator, second),
        [choice.indicator, second],
        notes,
        max(choice.indicator.decimals, second.decimals),
        labels={choice.indicator.id: choice.indicator.title.of(language()), second.id: second.title.of(language())},
    )


def _second(choice: Choice, catalogue: Catalogue) -> Indicator:
    """Let the reader choose the other indicator; by default the next one of the kind in the same topic."""
    door = reader()
    options = [i for i in catalogue.indicators if cache.has_values(door.release, i, choice.unit, door.role)]
    alike = [i.id for i in catalogue.indicators.values() if i.headline and not i.is_sum and i.id in options]
    default = next((id for id in [*alike, *options] if id != choice.indicator.id), options[0])
    words = {id: catalogue.indicators[id].title.of(language()) for id in options}
    return catalogue.indicator(controls.choose(t("compare.second"), "c_second", options, default, lambda id: words[id]))


def _nearest(rows: pl.DataFrame, period: date) -> date:
    """Return the last period with values up to `period`, else the first there is."""
    known = sorted(rows.drop_nulls("value")["period"].unique().to_list())
    return max([p for p in known if p <= period], default=known[0] if known else period)


def _people(unit: str, period: date, codes: list[str]) -> pl.Series:
    rows = cache.unit_values(reader().release, PEOPLE, unit, reader().role)
    return data.at(rows, _nearest(rows, period), codes)["value"]


def _rows(
    choice: Choice, second: Indicator, x: pl.DataFrame, y: pl.DataFrame, people: pl.Series, names: dict[str, str], found: Scatter
) -> list[dict[str, Any]]:
    tongue, first = language(), choice.indicator
    return [
        {
            "code": code, "name": names[code], "x": a, "y": b, "size": size, "text": format_indicator(a, first, tongue),
            "text_y": format_indicator(b, second, tongue), "text_size": format_value(size, 0, tongue),
            "chosen": code in choice.chosen, "colour": data.dot_colour(choice, code), "outlier": at in found.outliers,
            "label": names[code] if code in choice.chosen or at in found.outliers else "",
        }
        for at, (code, a, b, size) in enumerate(zip(x["area"], x["value"], y["value"], people, strict=True))
        if a is not None and b is not None
    ]  # fmt: skip


def _line(rows: list[dict[str, Any]], found: Scatter) -> list[dict[str, float]]:
    if found.slope is None or found.intercept is None:
        return []
    ends = [pick(row["x"] for row in rows) for pick in (min, max)]
    return [{"x": end, "y": found.intercept + found.slope * end} for end in ends]


def _axis(indicator: Indicator, period: date) -> str:
    return f"{indicator.title.of(language())}, {indicator.unit.of(language())}, {data.when(indicator, period)}"


def _frame(rows: list[dict[str, Any]], first: Indicator, second: Indicator) -> pl.DataFrame:
    kept = ("name", "x", "y", "size", "outlier", "code")
    shown = pl.DataFrame([{key: row[key] for key in kept} for row in rows], schema_overrides={"size": pl.Float64})
    named = {"name": "area_name", "x": first.id, "y": second.id, "size": "people", "code": "area"}
    named = named if first.id != second.id else {**named, "y": f"{second.id}_2"}
    return shown.rename(named) if rows else pl.DataFrame({"area_name": []}, schema={"area_name": pl.String})
