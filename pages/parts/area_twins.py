"""The areas most like this one, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from model.catalogue import Area, Catalogue, Indicator
from model.profile.findings import twin_sentence
from model.profile.numbers import format_cell, format_period, join_names
from model.profile.phrases import in_sentence
from model.profile.twins import Twin, find_twins
from model.query.compare import robust_scores
from pages.parts import area_figures, area_table, cache, charts_area, controls, downloads, frame, links, series
from pages.parts.frame import language, reader, t

MOST_TWINS, MOST_INDICATORS, MOST_DRAWN = 5, 12, 3
FEWEST_AREAS = 4
FARTHEST = 4.0
PEOPLE = "residents"


def show(area: Area, catalogue: Catalogue) -> Sequence[str]:
    """Draw the twins with the reasons; return their codes."""
    offered = [i for i in area_figures.with_values(area, catalogue) if not i.is_sum]
    if len(catalogue.areas_of(area.unit)) < FEWEST_AREAS or not offered:
        st.info(t("area.twins_none"), icon=":material/info:")
        return ()
    chosen, sized = _choices(offered, catalogue)
    if not chosen:
        st.info(t("area.twins_choose"), icon=":material/info:")
        return ()
    twins = _twins(area, catalogue, chosen, sized)
    if not twins:
        st.info(t("area.twins_no_values", area=area.name), icon=":material/info:")
        return ()
    _present(area, catalogue, chosen, twins)
    return [twin.area for twin in twins]


def _choices(offered: Sequence[Indicator], catalogue: Catalogue) -> tuple[list[Indicator], bool]:
    words = {i.id: i.title.of(language()) for i in offered}
    default = [i.id for i in offered if i.headline][:MOST_INDICATORS] or list(words)[:MOST_INDICATORS]
    with st.expander(t("area.twins_by"), icon=":material/tune:"):
        ids = controls.choose_some(
            t("area.twins_indicators"), "a_indicators", list(words), lambda id: words[id], default, max_selections=MOST_INDICATORS
        )
        sized = PEOPLE in catalogue.indicators and controls.switch(t("area.twins_size"), "a_size", True)
    return [catalogue.indicator(id) for id in ids], sized


def _twins(area: Area, catalogue: Catalogue, chosen: Sequence[Indicator], sized: bool) -> tuple[Twin, ...]:
    door = reader()
    table = pl.concat([cache.unit_values(door.release, i.id, area.unit, door.role) for i in chosen])
    people: dict[str, float] = {}
    if sized:
        counted = cache.unit_values(door.release, PEOPLE, area.unit, door.role).drop_nulls("value")
        people = dict(counted.filter(pl.col("period") == pl.col("period").max()).select("area", "value").iter_rows())
    return find_twins(table, area.code, {i.id: 1.0 for i in chosen}, population=people, most=MOST_TWINS)


def _present(area: Area, catalogue: Catalogue, chosen: Sequence[Indicator], twins: Sequence[Twin]) -> None:
    names = [catalogue.area(twin.area).name for twin in twins]
    kind = in_sentence(catalogue.unit(area.unit).plural.of(language()), language())
    st.subheader(
        frame.plain(t("area.twins_title", area=area.name, names=join_names(names[:MOST_DRAWN], language()))), anchor=False
    )
    st.caption(frame.plain(t("area.twins_subtitle", n=len(chosen), areas=kind)))
    drawn = [area.code, *(twin.area for twin in twins[:MOST_DRAWN])]
    spec = _spec(drawn, area.unit, chosen)
    alt = " ".join(twin_sentence(twin, area, catalogue, language()) for twin in twins[:MOST_DRAWN])
    st.vega_lite_chart(None, spec, theme=None, key="a_twins", alt=alt)
    st.caption(t("area.twins_chart_note"))
    with links.listed("a_twin_links"):
        for number, twin in enumerate(twins, start=1):
            name = catalogue.area(twin.area).name
            links.within(f"{number}. {name}", f"a_twin_{number}", icon="location_city", place=twin.area)
            st.caption(frame.plain(twin_sentence(twin, area, catalogue, language())))
    rows = values(area, twins, chosen, catalogue)
    with st.expander(t("shared.table"), icon=":material/table:", on_change="rerun", key="a_twins_table") as table:
        if table.open:
            _table(rows, area, twins)
    foot = frame.source_words(list(chosen))
    title = t("area.twins_file", area=area.name)
    shown = downloads.Shown(
        title, t("area.twins_subtitle", n=len(chosen), areas=kind), foot, pl.DataFrame(), spec, ready=lambda: rows
    )
    downloads.menu(shown, "a_twins")
    frame.source_line(list(chosen))


def _last(indicator: Indicator, unit: str) -> pl.DataFrame:
    """Return the unit's rows of the last period with a value, as find_twins reads them."""
    door = reader()
    rows = cache.unit_values(door.release, indicator.id, unit, door.role)
    return rows.filter(pl.col("period") == rows.drop_nulls("value")["period"].max())


def _spec(drawn: Sequence[str], unit: str, chosen: Sequence[Indicator]) -> dict[str, Any]:
    """Return the chart of robust scores: all areas as ticks, area and twins as marks."""
    names = series.unique_names(drawn)
    ticks: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    for indicator in chosen:
        rows, label = _last(indicator, unit), _label(indicator)
        scores = np.clip(robust_scores(rows["value"]), -FARTHEST, FARTHEST)
        for (code, value, status), score in zip(rows.select("area", "value", "status").iter_rows(), scores, strict=True):
            if not np.isfinite(score):
                continue
            ticks.append({"label": label, "score": round(float(score), 3)})
            if code in names:
                text = format_cell(value, str(status), indicator, language())
                dots.append({"label": label, "score": round(float(score), 3), "area": names[code], "code": code, "text": text})
    dots.sort(key=lambda dot: drawn.index(dot["code"]), reverse=True)  # the area itself lies on top
    steps = (t("area.twins_low"), t("area.twins_middle"), t("area.twins_high"))
    labels = [_label(i) for i in chosen]
    return charts_area.likeness(ticks, dots, [names[code] for code in drawn], labels, steps, language(), narrow=frame.narrow())


def _label(indicator: Indicator) -> str:
    """Return the title in lines that fit beside the chart."""
    return "\n".join(wrap(indicator.title.of(language()), 20 if frame.narrow() else 42))


def values(area: Area, twins: Sequence[Twin], chosen: Sequence[Indicator], catalogue: Catalogue) -> pl.DataFrame:
    """Return one row per indicator and area: value, status, distance of the twin."""
    distance = {area.code: 0.0} | {twin.area: round(twin.distance, 3) for twin in twins}
    rows: list[dict[str, Any]] = []
    for indicator in chosen:
        last = _last(indicator, area.unit)
        found = {code: (value, str(status), period) for code, value, status, period in
                 last.select("area", "value", "status", "period").iter_rows()}  # fmt: skip
        for code, apart in distance.items():
            value, status, period = found.get(code, (None, "missing", None))
            when = "" if period is None else format_period(period, indicator.frequency, language())
            rows.append({"indicator": indicator.id, "title": indicator.title.of(language()), "period": when, "area": code,
                         "area_name": catalogue.area(code).name, "value": value, "unit": indicator.unit.of(language()),
                         "status": status, "distance": apart})  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64})


def _table(rows: pl.DataFrame, area: Area, twins: Sequence[Twin]) -> None:
    """Show one row per indicator, one column per area, values in words."""
    indicators = reader().catalogue.indicators
    names = series.unique_names([area.code, *(twin.area for twin in twins)])
    lines: dict[str, dict[str, str]] = {}
    for row in rows.iter_rows(named=True):
        line = lines.setdefault(row["indicator"], {"title": row["title"], "period": row["period"]})
        line[row["area"]] = format_cell(row["value"], row["status"], indicators[row["indicator"]], language())
    area_table.show(pl.DataFrame(list(lines.values())), {}, "a_twins_rows", t("area.view_twins"), names)
