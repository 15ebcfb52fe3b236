"""The thin map of a measure, or of its difference to the baseline, in the chosen year; numbers stand on the areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import streamlit as st

from model.demography.population import Array
from model.profile.numbers import format_signed, format_value
from model.publish.features import Outline
from model.query.classify import Scheme
from pages.parts import cache, frame, legend, maps, session
from pages.parts.ageing_view import View
from pages.parts.colours import readable_on
from pages.parts.frame import language, reader, t
from pages.parts.scene import Scene, scene

HEIGHT, HEIGHT_NARROW, WIDTH = 380, 320, 470
MOST_NUMBERS = 60  # more areas leave no room for numbers


def show(view: View) -> None:
    """Draw the map with its legend; a click chooses the place."""
    measure = view.question.measure
    key = "ageing.map_title_difference" if view.question.view == "difference" else "ageing.map_title"
    title = t(key, measure=measure.title.of(language()), year=view.year)
    st.markdown(f"**{frame.plain(title)}**")
    if view.question.view == "difference" and view.plan.neutral:
        st.info(t("ageing.no_difference"), icon=":material/info:")
        return
    outline = cache.unit_outline(reader().release, view.question.unit, reader().role)
    codes = outline.codes if outline else tuple(a.code for a in reader().catalogue.areas_of(view.question.unit))
    rows, drawn = rows_of(view, codes), picture(view, codes)
    if outline is None:
        st.info(t("ageing.no_map"), icon=":material/map:")
        return
    st.pydeck_chart(
        maps.draw(_picture(view, rows, drawn, outline), HEIGHT_NARROW if frame.narrow() else HEIGHT, WIDTH),
        height=HEIGHT_NARROW if frame.narrow() else HEIGHT,
        key="ageing_map",
        selection_mode="multi-object",
        on_select=lambda: _clicked(view.planner.where.names),
        alt=t("ageing.map_alt", title=title, high=_highest(rows)),
    )
    unit = measure.unit.of(language())
    with st.expander(t("ageing.legend"), icon=":material/palette:"):
        st.html(legend.legend_html(drawn.legend, unit, lambda kind: _kind_words(view, kind), t("explore.legend_count")))


def _kind_words(view: View, kind: str) -> str:
    """Name a special line of the legend."""
    return t("ageing.no_change") if kind == "zero" and view.question.view == "difference" else t(f"shared.{kind}")


def rows_of(view: View, codes: Sequence[str]) -> pl.DataFrame:
    """Return area, value, status of the year's map."""
    values = _values(view, codes)[view.year - view.planner.year]
    shown = "normal" if view.year == view.planner.year else "forecast"
    return pl.DataFrame(
        {
            "area": list(codes),
            "value": [None if np.isnan(v) else float(v) for v in values],
            "status": ["suppressed" if np.isnan(v) else shown for v in values],
        },
        schema={"area": pl.String, "value": pl.Float64, "status": pl.String},
    )


def _values(view: View, codes: Sequence[str]) -> Array:
    at = [view.planner.where.position(code) for code in codes]
    measure = view.question.measure
    if view.question.view == "values":
        return view.plan.values(measure)[:, at]
    return np.round(view.plan.difference(measure)[:, at], measure.decimals) + 0.0  # what is written as ±0 is drawn as none


def picture(view: View, codes: Sequence[str]) -> Scene:
    """Classify the areas; classes are those of all years, so that colours mean the same from year to year."""
    measure, tongue = view.question.measure, language()
    difference = view.question.view == "difference"
    at = [view.planner.where.position(code) for code in codes]
    basis = _values(view, codes) if difference else view.planner.baseline.values(measure)[:, at]
    centre = 0.0 if difference else None
    scheme = Scheme("quantile", 6 if difference else 5, decimals=measure.decimals, centre=centre, zero_apart=difference)
    known = basis[np.isfinite(basis) & ((basis != 0.0) | (not difference))]
    return scene(
        rows_of(view, codes), codes, known, scheme, "neutral", lambda v: format_value(v, measure.decimals, tongue), tongue
    )


def _picture(view: View, rows: pl.DataFrame, drawn: Scene, outline: Outline) -> maps.MapPicture:
    release, chosen = reader().release, view.question.place
    members = view.planner.groups.get(chosen, (chosen,))
    population, numbers = view.planner.sources.population, _numbers(view, rows)
    return maps.MapPicture(
        address=f"/api/v1/map/{release}/{view.question.unit}/{population}.geojson?lang={language()}",
        hatch_address=f"/api/v1/areas/{release}/{view.question.unit}-hatch.geojson",
        tooltip="{name}",
        classes=drawn.index,
        colours=drawn.colours,
        hatched=drawn.hatched,
        selected=tuple(i for i, code in enumerate(outline.codes) if code in (chosen, *members)),
        box=outline.box,
        labels=tuple(number for _, number in numbers),
        label_size=13,
        label_colours=tuple(readable_on(drawn.colour_of(code)) for code, _ in numbers),
    )


def _numbers(view: View, rows: pl.DataFrame) -> list[tuple[str, tuple[str, float, float]]]:
    """Return the values as a small layer of labels: computed values have no address of their own to travel by."""
    if rows.height > MOST_NUMBERS:
        return []
    write = format_signed if view.question.view == "difference" else format_value
    areas, decimals = reader().catalogue.areas, view.question.measure.decimals
    found = []
    for code, value in rows.select("area", "value").iter_rows():
        area = areas[code]
        if value is not None and area.longitude is not None and area.latitude is not None:
            found.append((code, (write(value, decimals, language()), area.longitude, area.latitude)))
    return found


def _highest(rows: pl.DataFrame) -> str:
    there = rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    return reader().catalogue.area(there["area"][0]).name if there.height else "–"


def _clicked(allowed: Sequence[str]) -> None:
    """Make the clicked area the place of the question."""
    objects = (session.widget("ageing_map") or {}).get("selection", {}).get("objects", {})
    now = {o.get("properties", o).get("code", "") for found in objects.values() for o in found}
    before = set(session.recall("_ageing_map_seen", []))
    session.remember("_ageing_map_seen", sorted(now))
    fresh = [code for code in sorted(now ^ before) if code in allowed]
    if fresh:
        session.remember("a_place", fresh[-1])
