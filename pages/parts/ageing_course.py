"""The course of a measure: counted, projected with its interval, the trend thin under a scenario."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from model.demography.population import Array
from model.profile.numbers import format_value
from pages.parts import charts, charts_ageing, downloads, frame
from pages.parts.ageing_view import View
from pages.parts.frame import language, t

HEIGHT = 270


def show(view: View) -> None:
    """Draw the course with its files."""
    measure = view.question.measure
    title = t("ageing.course_title", measure=measure.title.of(language()), where=view.question.where)
    st.markdown(f"**{frame.plain(title)}**")
    spec = _spec(view)
    frame.chart(spec, "ageing_course", t("ageing.course_alt", finding=view.answer.headline(language())))
    key = "ageing.course_key" if view.plan.neutral else "ageing.course_key_scenario"
    words, files = st.columns([4.4, 1])
    words.caption(t(key, level=round(10 * view.band.level)))
    unit = measure.unit.of(language())
    with files:
        downloads.menu(
            lambda: downloads.Shown(title, unit, view.foot, pl.DataFrame(), spec, ready=partial(table, view)), "ageing_course"
        )


def _spec(view: View) -> dict[str, Any]:
    measure, planner = view.question.measure, view.planner
    at = planner.where.position(view.question.place)
    seen, counted = planner.observed(measure)
    central = view.plan.values(measure)[:, at]
    lower, upper = (end[:, at] for end in view.plan.interval(measure, view.band))
    rows = points("observed", t("ageing.counted"), seen, counted[:, at], measure.decimals)
    if not view.plan.neutral:
        rows += points(
            "baseline", t("ageing.trend"), list(planner.years), planner.baseline.values(measure)[:, at], measure.decimals
        )
    name = t("ageing.projected") if view.plan.neutral else t("ageing.scenario")
    rows += points("projected", name, list(planner.years), central, measure.decimals)
    spans = band(planner.years, lower, upper)
    place_labels(rows, spans, HEIGHT)
    return charts_ageing.course(rows, spans, planner.year, view.year, measure.unit.of(language()), language(), HEIGHT)


def points(role: str, name: str, years: Any, values: Array, decimals: int) -> list[dict[str, Any]]:
    """Return one line; years without a value leave a gap, the last point bears the name."""
    tongue = language()
    rows = [
        {
            "role": role,
            "series": name,
            "period": f"{year}-01-01",
            "when": str(year),
            "value": None if np.isnan(value) else float(value),
            "text": format_value(None if np.isnan(value) else float(value), decimals, tongue),
            "last": False,
        }
        for year, value in zip(years, values.tolist(), strict=True)
    ]
    if role != "observed" and rows and rows[-1]["value"] is not None:
        rows[-1]["last"] = True
    return rows


def place_labels(rows: list[dict[str, Any]], spans: list[dict[str, Any]], height: int) -> None:
    """Keep the names at the ends of the lines apart; the interval `spans` makes part of the height."""
    ends = [row for row in rows if row["last"]]
    values = [row["value"] for row in rows if row["value"] is not None] + [span[k] for span in spans for k in ("low", "high")]
    gap = (max(values, default=1.0) - min(values, default=0.0)) * 15 / height
    for row, place in zip(ends, charts.apart([row["value"] for row in ends], gap), strict=True):
        row["label_at"] = place


def band(years: Any, lower: Array, upper: Array) -> list[dict[str, Any]]:
    """Return the interval as rows."""
    return [
        {"period": f"{year}-01-01", "low": low, "high": high}
        for year, low, high in zip(years, lower.tolist(), upper.tolist(), strict=True)
        if not np.isnan(low)
    ]


def table(view: View) -> pl.DataFrame:
    """Return counted and projected values of the place by year, with interval and trend."""
    measure, planner = view.question.measure, view.planner
    at = planner.where.position(view.question.place)
    seen, counted = planner.observed(measure)
    lower, upper = view.plan.interval(measure, view.band)
    kept = {"area": view.question.place, "measure": measure.title.of(language()), "unit": measure.unit.of(language())}
    rows = [{**kept, "year": y, "kind": "observed", "value": v, "lower": None, "upper": None, "trend": None}
            for y, v in zip(seen, counted[:, at].tolist(), strict=True)]  # fmt: skip
    names = ("value", "lower", "upper", "trend")
    lines = (view.plan.values(measure), lower, upper, planner.baseline.values(measure))
    for n, year in list(enumerate(planner.years))[1:]:
        figures = {name: float(line[n, at]) for name, line in zip(names, lines, strict=True)}
        rows.append({**kept, "year": year, "kind": "projection", **figures})
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col(pl.Float64).fill_nan(None).round(measure.decimals))
