"""Below the map: the selection, its course over time, the table and the distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from model.profile.captions import Caption, distribution_caption, line_caption
from model.profile.numbers import format_status, format_value, join_names
from model.query.compare import distribution
from pages.parts import ahead, cache, charts, controls, downloads, frame, series, tables
from pages.parts.explore_choices import Choice
from pages.parts.explore_map import legend_words
from pages.parts.explore_picture import Picture, caption, subtitle, unit_words
from pages.parts.frame import language, reader, t

SPECIAL = ("low_outlier", "high_outlier", "filtered", "suppressed", "missing", "not_applicable", "zero")


@dataclass(frozen=True)
class Lines:
    """The course over time: its chart, caption, notes and the rows behind it."""

    spec: charts.Spec
    said: Caption
    note: str
    rows: pl.DataFrame


def selection(choice: Choice) -> None:
    """Show the selected areas with the link to this view beside them."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        controls.areas_choice(reader().catalogue.areas_of(choice.unit))
    with right:
        frame.link_button()


def tabs(choice: Choice, shown: Picture, chosen: Sequence[str]) -> None:
    """Show one of: course over time, table, distribution; what is closed is not computed."""
    over_time, table, spread = st.tabs(
        [t("explore.over_time"), t("shared.table"), t("explore.distribution")], on_change="rerun", key="below"
    )
    if over_time.open:
        with over_time:
            _over_time(choice, shown, chosen)
    if table.open:
        with table:
            decimals = 1 if choice.relative else shown.indicator.decimals
            tables.area_table(shown.rows, decimals, unit_words(choice, shown), chosen)
            downloads.menu(lambda: _shown_map(choice, shown), "map")
    if spread.open:
        with spread:
            _distribution(shown)


def _over_time(choice: Choice, shown: Picture, chosen: Sequence[str]) -> None:
    forecast = controls.switch(t("forecast.ahead"), "ahead")
    with st.spinner(t("forecast.working"), show_time=True):
        lines = frame.kept(lambda: _lines(choice, chosen, forecast), "lines", choice.indicator.id, choice.unit, forecast, *chosen)
    frame.chart(lines.spec, "lines", lines.said.alt)
    st.caption(frame.plain(lines.note))
    foot = frame.source_words([choice.indicator])
    downloads.menu(downloads.Shown(lines.said.message, subtitle(choice, shown), foot, lines.rows, lines.spec), "lines")


def _lines(choice: Choice, chosen: Sequence[str], forecast: bool) -> Lines:
    door, indicator = reader(), choice.indicator
    rows = cache.unit_values(door.release, indicator.id, choice.unit, door.role)
    top = cache.city_values(door.release, indicator.id, door.role)
    area = door.catalogue.area(chosen[0]) if chosen else door.catalogue.top
    own = rows.filter(pl.col("area").is_in(list(chosen)))
    said = line_caption(own.filter(pl.col("area") == area.code) if chosen else top, area, indicator, language())
    notes = [t("explore.band"), *_without_values(own, chosen), *([] if chosen else [t("explore.pick_hint")])]
    every = pl.concat([own, top] if chosen else [rows, top])
    if forecast:
        notes.append(t("forecast.ahead_note", level=ahead.LEVEL))
        every = pl.concat([every, ahead.table(indicator, [*chosen, door.catalogue.top.code])])
    return Lines(series.line_chart(indicator, rows, chosen, forecast=forecast), said, " · ".join(notes), every)


def _without_values(rows: pl.DataFrame, chosen: Sequence[str]) -> list[str]:
    """Say which selected areas have no line, and why."""
    areas = reader().catalogue.areas
    found: dict[str, list[str]] = {}
    for code in chosen:
        own = rows.filter(pl.col("area") == code)
        if own["value"].null_count() == own.height:
            status = str(own["status"].max()) if own.height else "missing"
            found.setdefault(status, []).append(areas[code].name)
    return [f"{join_names(names, language())}: {format_status(status, language())}" for status, names in found.items()]


def _shown_map(choice: Choice, shown: Picture) -> downloads.Shown:
    door = reader()
    geometry = cache.unit_geometry(door.release, choice.unit, door.role)
    spec = None
    if geometry is not None:
        hatch = cache.unit_hatch(door.release, choice.unit, door.role)
        spec = charts.map_picture(geometry, hatch, shown.scene, {kind: legend_words(kind) for kind in SPECIAL}, language())
    foot = frame.source_words([shown.indicator])
    return downloads.Shown(caption(choice, shown).message, subtitle(choice, shown), foot, shown.rows, spec, geometry)


def _distribution(shown: Picture) -> None:
    found = distribution(shown.rows["value"])
    if found is None:
        st.info(t("shared.no_data"))
        return
    classes, decimals = shown.scene.classification, shown.indicator.decimals
    rows = charts.bins(
        found.edges,
        found.counts,
        lambda v: format_value(v, decimals, language()),
        lambda v: shown.scene.colours[int(classes.class_of([v])[0])],
    )
    spec = charts.histogram(rows, classes.inner, shown.indicator.unit.of(language()), language())
    said = distribution_caption(found, shown.indicator, shown.period, language())
    frame.chart(spec, "distribution", said.alt)
    st.caption(frame.plain(said.alt))
