"""All areas as a table: now, in the year of the question, interval, difference, how far to trust it."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from pages.parts import ageing_map as mapped
from pages.parts import cache, charts, downloads, tables
from pages.parts.ageing_view import View
from pages.parts.frame import language, reader, t


def show(view: View) -> None:
    """Draw the table of all places with its files."""
    measure = view.question.measure
    rows = table(view)
    words = {c: _head(c, view) for c in rows.columns if c not in ("code", "year", "unit")}
    numbers = {words[c]: measure.decimals for c in ("start", "value", "lower", "upper", "difference") if c in words}
    st.dataframe(tables.written(rows.select(list(words)).rename(words), numbers), hide_index=True, key="ageing_table", height=430)
    title = t("ageing.map_title", measure=measure.title.of(language()), year=view.year)
    downloads.menu(lambda: _shown(view, title), "ageing_table")


def _head(column: str, view: View) -> str:
    match column:
        case "start":
            return str(view.planner.year)
        case "value":
            return str(view.year) if view.year != view.planner.year else f"{view.year} "
    return t(f"ageing.column_{column}")


def table(view: View) -> pl.DataFrame:
    """Return every place with its figures, empty where there are too few people."""
    planner, measure, at = view.planner, view.question.measure, view.year - view.planner.year
    values, difference = view.plan.values(measure), view.plan.difference(measure)
    lower, upper = view.plan.interval(measure, view.band)
    names, rows = reader().catalogue.areas, []
    for n, code in enumerate(planner.where.names):
        rows.append(
            {
                "code": code,
                "area": names[code].name,
                "kind": reader().catalogue.unit(names[code].unit).title.of(language()),
                "year": view.year,
                "start": values[0, n],
                "value": values[at, n],
                "lower": lower[at, n],
                "upper": upper[at, n],
                "difference": difference[at, n],
                "unit": measure.unit.of(language()),
                "grade": planner.grades[code].title.of(language()),
            }
        )
    found = pl.DataFrame(rows).unique("code", keep="first", maintain_order=True)
    return found.with_columns(pl.col(pl.Float64).fill_nan(None).round(measure.decimals))


def _shown(view: View, title: str) -> downloads.Shown:
    """Return the table with the map as its picture, where there is a map."""
    door, spec = reader(), None
    geometry = cache.unit_geometry(door.release, view.question.unit, door.role) if view.question.unit else None
    outline = cache.unit_outline(door.release, view.question.unit, door.role) if view.question.unit else None
    if geometry is not None and outline is not None and not (view.question.view == "difference" and view.plan.neutral):
        drawn = mapped.picture(view, outline.codes)
        hatch = cache.unit_hatch(door.release, view.question.unit, door.role)
        words = {kind: t(f"shared.{kind}") for kind in ("suppressed", "missing", "not_applicable", "zero")}
        spec = charts.map_picture(geometry, hatch, drawn, words, language())
    below = t("ageing.table_subtitle", unit=view.question.measure.unit.of(language()))
    return downloads.Shown(title, below, view.foot, pl.DataFrame(), spec, ready=partial(table, view))
