"""How one area developed: a small line chart per indicator of a topic, against the city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Area, Catalogue, Indicator
from pages.parts import ahead, area_figures, cards, charts_area, charts_forecast, controls, downloads, frame, series
from pages.parts.frame import language, t

COLUMNS, MOST = 3, 15


def show(area: Area, catalogue: Catalogue) -> Sequence[str]:
    """Draw the lines of the chosen topic, with their files and source."""
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    with left:
        topic = area_figures.topic_choice(area, catalogue)
    # Shares and rates first: they can be held against the city, counts cannot.
    known = sorted(area_figures.of_topic(area, catalogue, topic), key=lambda i: (i.is_sum, not i.headline))
    drawn = [i for i in known if cards.series_of(i, area.code)["value"].drop_nulls().len() > 1]
    if not drawn:
        st.info(t("area.lines_none"), icon=":material/info:")
        return ()
    with right:
        everything = len(drawn) <= MOST or controls.switch(t("area.lines_all", n=len(drawn)), "a_all")
        forecast = controls.switch(t("forecast.ahead"), "a_ahead")
    shown = drawn if everything else drawn[:MOST]
    st.caption(frame.plain(_legend(area, catalogue) + (f" {_legend_ahead()}" if forecast else "")))
    for start in range(0, len(shown), COLUMNS):
        for place, indicator in zip(st.columns(COLUMNS, gap="medium"), shown[start : start + COLUMNS], strict=False):
            with place:
                _chart(indicator, area, catalogue, forecast)
    downloads.menu(lambda: _file(shown, area, catalogue, forecast), "a_lines")
    frame.source_line(shown)
    return ()


def _file(shown: Sequence[Indicator], area: Area, catalogue: Catalogue, forecast: bool) -> downloads.Shown:
    title, below, foot = t("area.lines_of", area=area.name), _legend(area, catalogue), frame.source_words(list(shown))
    rows = pl.concat([_rows(i, area, catalogue) for i in shown])
    if forecast:
        rows = pl.concat([rows, *(ahead.table(i, list(_lines_of(i, area, catalogue))) for i in shown)])
    return downloads.Shown(title, below, foot, rows, _picture(shown, area, catalogue))


def _legend(area: Area, catalogue: Catalogue) -> str:
    """Say which line is which."""
    if area.code == catalogue.top.code:
        return t("area.lines_legend_city")
    return t("area.lines_legend", area=area.name, city=catalogue.top.name)


def _legend_ahead() -> str:
    return t("forecast.ahead_note", level=ahead.LEVEL)


def _chart(indicator: Indicator, area: Area, catalogue: Catalogue, forecast: bool) -> None:
    unit = indicator.unit.of(language())
    st.markdown(f"**{frame.plain(indicator.title.of(language()))}** :gray[{frame.plain(unit)}]")
    spec = charts_area.small_lines(_points(indicator, area, catalogue), unit, language())
    if forecast:
        future = ahead.continuation(indicator, _lines_of(indicator, area, catalogue), catalogue.top.code)
        spec = charts_forecast.continued(spec, future, unit, ahead.LEVEL)
    st.vega_lite_chart(None, spec, theme=None, key=f"a_line_{indicator.id}", alt=cards.course_of(indicator, area.code).alt)


def _points(indicator: Indicator, area: Area, catalogue: Catalogue) -> list[dict[str, Any]]:
    drawn = series.line_rows(indicator, cards.series_of(indicator, area.code), area.code, area.name, "area")
    top = catalogue.top
    if area.code != top.code and not indicator.is_sum:
        drawn = [*series.line_rows(indicator, cards.series_of(indicator, top.code), top.code, top.name, "city"), *drawn]
    return drawn


def _lines_of(indicator: Indicator, area: Area, catalogue: Catalogue) -> dict[str, str]:
    """Return the lines of a chart, names by code: the area, and the city where the two can be compared."""
    top = catalogue.top
    both = area.code != top.code and not indicator.is_sum
    return {area.code: area.name, **({top.code: top.name} if both else {})}


def _rows(indicator: Indicator, area: Area, catalogue: Catalogue) -> pl.DataFrame:
    """Return what the chart shows as rows of the indicator table."""
    own, top = cards.series_of(indicator, area.code), catalogue.top
    if area.code == top.code or indicator.is_sum:
        return own
    return pl.concat([own, cards.series_of(indicator, top.code)])


def _picture(shown: Sequence[Indicator], area: Area, catalogue: Catalogue) -> dict[str, Any]:
    """Return all charts in one picture, for files."""
    named = [(f"{i.title.of(language())} ({i.unit.of(language())})", _points(i, area, catalogue)) for i in shown]
    return charts_area.sheet_of_lines(named, language(), COLUMNS)
