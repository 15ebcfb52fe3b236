"""The views of one area: which is shown, and the head above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

from model.catalogue import Area, Catalogue
from model.profile.captions import Caption, spine_caption
from model.profile.figures import KeyFigure
from model.query.compare import Spine, spine
from pages.parts import area_ages, area_figures, area_lines, area_place, area_twins, cache, controls, frame
from pages.parts.frame import language, reader, t

VIEWS = ("figures", "ages", "lines", "twins")


def show(area: Area, catalogue: Catalogue) -> Sequence[str]:
    """Draw head and chosen view; return the codes of the areas that are like this one, where they are shown."""
    figures = area_figures.headline_figures(area, catalogue)
    caption = finding(area, figures, catalogue)
    frame.head(caption.message, area_place.about(area, catalogue))
    if caption.detail:
        st.markdown(frame.plain(caption.detail))
    view = controls.choose(t("area.view"), "a_view", VIEWS, VIEWS[0], lambda v: t(f"area.view_{v}"), "segments",
                           label_visibility="collapsed")  # fmt: skip
    draw: dict[str, Callable[[Area, Catalogue], Sequence[str]]] = {
        "figures": area_figures.show,
        "ages": area_ages.show,
        "lines": area_lines.show,
        "twins": area_twins.show,
    }
    return draw[view](area, catalogue)


def finding(area: Area, figures: Sequence[KeyFigure], catalogue: Catalogue) -> Caption:
    """Say how the area stands against the city by its headline figures."""
    if area.code == catalogue.top.code:
        return Caption(t("area.city_title", city=area.name))
    lines = {f.indicator.id: _spine(f) for f in figures if not f.indicator.is_sum}
    known = {id: line for id, line in lines.items() if line is not None}
    if not any(line.area is not None and line.city is not None for line in known.values()):
        return Caption(t("area.title", area=area.name))
    return spine_caption(known, catalogue, area, language())


def _spine(figure: KeyFigure) -> Spine | None:
    door, indicator = reader(), figure.indicator
    rows = cache.unit_values(door.release, indicator.id, figure.area.unit, door.role)
    values = rows.filter(pl.col("period") == figure.now.period)["value"]
    return spine(values, figure.city_now.value if figure.city_now else None, figure.now.value, indicator.direction)
