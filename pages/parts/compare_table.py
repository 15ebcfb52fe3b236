"""Table: all areas with place, value, change and course, to sort and filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.profile.captions import ranking_caption
from model.query.change import change
from model.query.compare import shared_scale
from model.query.rank import ranking
from pages.parts import compare_choices, compare_views, controls, session
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

HEIGHT = 620


def view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the table with its caption; the table is the picture here."""
    with settings:
        period = compare_choices.period_choice(choice)
        search, parents = _search(), _parents(choice)
    catalogue, indicator = reader().catalogue, choice.indicator
    everyone = [area.code for area in catalogue.areas_of(choice.unit)]
    limits = data.intervals(indicator, choice.unit, period)
    ranked = ranking(data.at(choice.rows, period, everyone), limits)
    kept = [c for c in choice.compared if _wanted(c, search, parents)]
    against = data.reference(indicator, choice.rows)
    first = min((p for p in choice.periods if p >= data.comparable_since(indicator, choice.periods)), default=period)
    rows = _frame(choice, ranked.filter(pl.col("area").is_in(kept)), first, period)
    city = against.at(period) if against.is_city else None
    caption = ranking_caption(ranked, catalogue, indicator, period, city_value=city, selected=choice.chosen, language=language())
    labels = {
        "value": compare_views.value_label(indicator.unit.of(language())),
        "change": t("compare.change_since", first=data.when(indicator, first)),
    }
    notes = [
        data.scope(choice),
        t("compare.table_filtered", n=len(kept), of=len(everyone)) if len(kept) < len(everyone) else "",
        t("compare.table_note", first=data.when(indicator, first)),
        t("compare.grades") if limits is not None else "",
    ]
    return View(
        caption, t("compare.subtitle_areas", indicator=indicator.title.of(language()), unit=indicator.unit.of(language()),
                   n=len(everyone), areas=data.plural(choice), when=data.when(indicator, period)),
        None, lambda: rows.drop("course"), [indicator], notes, indicator.decimals,
        body=lambda: _show(rows, choice, caption.alt, labels),
    )  # fmt: skip


def _search() -> str:
    """Let the reader type a part of a name."""
    start = session.prepare("c_search", lambda values: values[0][:60] if values else "", "")
    typed = st.text_input(t("compare.search"), value=start, key="c_search", max_chars=60)
    session.keep("c_search", typed, "")
    return typed.strip().casefold()


def _parents(choice: Choice) -> list[str]:
    """Let the reader keep only the areas inside some larger ones."""
    catalogue = reader().catalogue
    above = {a.parent for a in catalogue.areas_of(choice.unit)} & set(catalogue.areas)
    names = {code: catalogue.area(code).name for code in above}
    if len(names) < 2:
        return []
    return controls.choose_some(
        t("compare.parent"),
        "c_parent",
        sorted(names),
        lambda code: names.get(code, code),
        placeholder=t("compare.parent_placeholder"),
    )


def _wanted(code: str, search: str, parents: list[str]) -> bool:
    area = reader().catalogue.area(code)
    return search in area.name.casefold() and (not parents or area.parent in parents)


def _frame(choice: Choice, ranked: pl.DataFrame, first: date, period: date) -> pl.DataFrame:
    """Return one row per area: place, name, parent, value, change, course, grade, status, code."""
    areas, indicator = reader().catalogue.areas, choice.indicator
    courses = choice.rows.drop_nulls("value").filter(pl.col("period") <= period)
    lists = courses.group_by("area").agg(course=pl.col("value").sort_by("period"), periods=pl.len())
    rows = ranked.join(lists, on="area", how="left", maintain_order="left")
    if first < period:
        moved = change(choice.rows, first, period, breaks=[b.period for b in indicator.breaks])
        rows = rows.join(moved.select("area", change="value"), on="area", how="left", maintain_order="left")
    else:
        rows = rows.with_columns(change=pl.lit(None, pl.Float64))
    parents = [areas[areas[c].parent].name if areas[c].parent in areas else "" for c in rows["area"]]
    return rows.select(
        "rank",
        pl.Series("area_name", [areas[c].name for c in rows["area"]], dtype=pl.String),
        "value",
        "change",
        "course",
        "grade",
        "status",
        "periods",
        pl.Series("parent", parents, dtype=pl.String),
        "area",
    )


def _show(rows: pl.DataFrame, choice: Choice, alt: str, labels: dict[str, str]) -> None:
    low, high = shared_scale([choice.rows["value"]]) or (0.0, 1.0)
    course: dict[str, Any] = {
        "course": st.column_config.LineChartColumn(t("compare.col_course"), y_min=low, y_max=high, width="medium")
    }
    compare_views.read(rows, choice.indicator.decimals, "c_table_rows", alt, labels, HEIGHT, **course)
