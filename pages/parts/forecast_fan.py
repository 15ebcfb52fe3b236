"""The fan: history, what is expected with its intervals, benchmarks – and beside it what was said in earlier years."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from model.profile.numbers import format_indicator, format_value
from pages.parts import ahead, charts, charts_forecast, downloads, forecast_table, forecast_track, forecast_words, frame, series
from pages.parts import forecast_data as data
from pages.parts.forecast_choices import Choice
from pages.parts.forecast_views import Outlook, codes_with_city
from pages.parts.frame import language, reader, t

HEIGHT = 400
APART = 2  # years between two marks whose words can be read
SIMPLE = ("naive", "drift")
Rows = list[dict[str, Any]]


def show(shown: Outlook) -> None:
    """Draw the fan with the track record beside it, then the figures as a table."""
    left, right = st.columns([2.2, 1], gap="medium")
    choice = shown.choice
    spec = _spec(shown)
    said = forecast_words.title(choice, shown.made, shown.period, shown.found)
    with left:
        st.vega_lite_chart(None, spec, theme=None, key="f_fan", alt=t("forecast.fan_alt", finding=said))
        st.caption(frame.plain(" ".join(_legend(shown))))
    with right:
        forecast_track.show(shown)
    forecast_table.show(shown)
    with st.container(horizontal=True):
        foot = frame.source_words([choice.indicator])
        areas = codes_with_city(choice)
        files = downloads.Shown(said, forecast_words.subtitle(choice), foot, pl.DataFrame(), spec,
                                ready=lambda: data.table_rows(choice, areas))  # fmt: skip
        downloads.menu(files, "f_fan")
        frame.link_button("f_fan_link")


def _spec(shown: Outlook) -> dict[str, Any]:
    choice, top = shown.choice, reader().catalogue.top
    codes = codes_with_city(choice)
    names = series.unique_names(codes)
    past: Rows = []
    future: Rows = []
    for code in codes:
        role = "city" if code == top.code and len(codes) > 1 else "area"
        past += series.line_rows(choice.indicator, data.observed(choice.indicator, code), code, names[code], role)
        future += ahead.points(
            choice.indicator, choice.method, code, choice.until, choice.level, series=names[code], code=code, role=role
        )
    shaded = banded(choice)
    future = [row | {"band": row["code"] in shaded} for row in future]
    simple = _simple(shown) if choice.benchmarks else []
    limit = _limit(shown)
    _place_labels(past, future, simple, limit)
    ends = [row for row in (*past, *future) if "label_at" in row]
    rows = pl.concat([data.observed(choice.indicator, code) for code in codes])
    fan = charts_forecast.Fan(
        past=past,
        future=future,
        levels=charts_forecast.LEVELS if len(shaded) == 1 else (choice.level,),
        simple=simple,
        marks=_marks(series.marks(choice.indicator, rows), min(row["period"] for row in past)),
        ends=ends,
        at=_at(shown, names),
        limit=limit,
        order=[names[code] for code in codes],
        city=top.name,
    )
    room = 80 if frame.narrow() else 110
    return charts_forecast.fan(fan, choice.indicator.unit.of(language()), language(), HEIGHT, room)


def _simple(shown: Outlook) -> Rows:
    """Return the benchmarks of the first area: it stays as it is, and it goes on as on average so far."""
    choice = shown.choice
    drawn: Rows = []
    for method in SIMPLE:
        if method == choice.method or ahead.forecast_of(choice.indicator, method) is None:
            continue
        points = ahead.points(
            choice.indicator, method, choice.area, choice.until, choice.level, name=t(f"forecast.short_{method}")
        )
        drawn += [row | {"last": row is points[-1]} for row in points]
    return drawn


def _place_labels(past: Rows, future: Rows, simple: Rows, limit: dict[str, Any] | None) -> None:
    """Give the end of every line a place for its name, far enough from the next."""
    last: dict[str, dict[str, Any]] = {}
    for row in (*past, *future):
        if row["value"] is not None:
            last[row["code"]] = row
    ends = [*last.values(), *(row for row in simple if row["last"])]
    values = [row["value"] for row in (*past, *future) if row["value"] is not None]
    values += [row[end] for row in future for end in ("low_95", "high_95")]
    values += [limit["value"]] if limit else []
    gap = (max(values, default=1.0) - min(values, default=0.0)) * 18 / HEIGHT
    for row, place in zip(ends, charts.apart([row["value"] for row in ends], gap), strict=True):
        row["label_at"] = place


def _marks(found: list[dict[str, str]], first: str) -> list[dict[str, str]]:
    """Leave out marks at the very beginning, and of two whose words would lie on each other the earlier one."""
    kept: list[dict[str, str]] = []
    for mark in reversed(found):
        if mark["period"] <= first:
            continue
        if not kept or int(kept[-1]["period"][:4]) - int(mark["period"][:4]) >= APART:
            kept.append(mark)
    return kept[::-1]


def _at(shown: Outlook, names: dict[str, str]) -> dict[str, Any] | None:
    if shown.found is None:
        return None
    words = format_indicator(shown.found.value, shown.choice.indicator, language())
    return {"period": shown.period.isoformat(), "value": shown.found.value, "label": words}


def _limit(shown: Outlook) -> dict[str, Any] | None:
    limit = shown.choice.threshold
    if limit is None:
        return None
    return {"value": limit, "label": t("forecast.limit", value=format_value(limit, shown.choice.indicator.decimals, language()))}


def _legend(shown: Outlook) -> list[str]:
    """Say what solid, dashed and dotted lines and the surfaces mean."""
    choice, areas = shown.choice, reader().catalogue.areas
    shaded = banded(choice)
    bands = t("forecast.legend_bands") if len(shaded) == 1 else t("forecast.legend_one", level=choice.level)
    only = t("forecast.legend_first", area=areas[shaded[0]].name) if len(shaded) < len(choice.areas) else ""
    simple = t("forecast.legend_simple", area=areas[choice.area].name) if choice.benchmarks else ""
    return [part for part in (t("forecast.legend_lines"), bands, only, simple) if part]


def banded(choice: Choice) -> tuple[str, ...]:
    """Return the areas whose intervals are drawn: all chosen ones, or the first where they are too many."""
    return choice.areas if len(choice.areas) <= ahead.MOST_BANDS else choice.areas[:1]
