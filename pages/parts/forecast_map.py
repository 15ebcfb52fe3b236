"""The map of the forecast: expected value as colour, reliability as a mark, interval on hovering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Area
from model.profile.numbers import format_period, format_value
from model.publish.features import Outline, text_name
from model.publish.outlook import GRADE_MARKS, GRADE_WORDS, STATE, WITHHELD, span_words
from model.query.classify import scheme_of
from model.vocabulary import period_code
from pages.parts import (
    ahead,
    cache,
    charts,
    charts_compare,
    controls,
    downloads,
    forecast_table,
    forecast_words,
    frame,
    legend,
    maps,
    session,
)
from pages.parts import forecast_data as data
from pages.parts.forecast_views import Outlook
from pages.parts.frame import language, reader, t
from pages.parts.scene import Scene, scene

HEIGHT, HEIGHT_NARROW = 500, 360
WIDTH, WIDTH_NARROW = 620, 330
MOST_BARS = 30
MARK, MARK_SMALL, MANY = 19, 9, 80  # size of the marks of reliability, the small one for more areas than MANY
SPECIAL = ("suppressed", "missing", "not_applicable", "zero")


def show(shown: Outlook) -> None:
    """Draw map, legend with reliability and ranking with intervals, then the table."""
    choice, indicator = shown.choice, shown.choice.indicator
    outline = cache.unit_outline(reader().release, choice.unit, reader().role)
    areas = reader().catalogue.areas_of(choice.unit)
    codes = outline.codes if outline else tuple(a.code for a in areas)
    rows = _rows(shown, codes)
    drawn = _scene(shown, rows, codes)
    caption = forecast_words.unit_finding(choice, shown.period)
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        _map(shown, drawn, outline, caption.alt)
    with right:
        st.html(legend.legend_html(drawn.legend, indicator.unit.of(language()), legend_words, t("forecast.legend_count")))
        _reliability(rows)
        _ranking(shown, rows, drawn)
    with st.expander(t("forecast.table"), icon=":material/table:", on_change="rerun", key="f_map_table") as table:
        if table.open:
            forecast_table.read(shown, codes, "f_map_rows")
    with st.container(horizontal=True):
        downloads.menu(_files(shown, rows, drawn, caption.message), "f_map")
        frame.link_button("f_map_link")


def legend_words(kind: str) -> str:
    """Name a special line of the legend."""
    return t(f"forecast.map_{kind}")


def _rows(shown: Outlook, codes: Sequence[str]) -> pl.DataFrame:
    """Return area, value, lower, upper, status, grade of these areas in the chosen period, one row each."""
    choice, made = shown.choice, shown.made
    there = ahead.quantiles(choice.indicator, choice.method).filter(pl.col("period") == shown.period)
    found = {row["area"]: row for row in there.iter_rows(named=True)}
    grades = data.grades(made, shown.period)
    reasons = dict(zip(made.keys["area"], made.reasons, strict=True))
    rows = []
    for code in codes:
        own, why = found.get(code), reasons.get(code, "")
        rows.append({
            "area": code,
            "value": own["value"] if own else None,
            "lower": own[f"lower_{choice.level}"] if own else None,
            "upper": own[f"upper_{choice.level}"] if own else None,
            "status": "forecast" if own else why if why in WITHHELD else "missing",
            "grade": grades[code][0] if own else "",
        })  # fmt: skip
    kinds = {"area": pl.String, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
    return pl.DataFrame(rows, schema=kinds | {"status": pl.String, "grade": pl.String})


def _scene(shown: Outlook, rows: pl.DataFrame, codes: Sequence[str]) -> Scene:
    """Colour the areas; the classes are the same for every period ahead, so that years can be compared."""
    choice, indicator = shown.choice, shown.choice.indicator
    coming = ahead.quantiles(indicator, choice.method).filter(pl.col("area").is_in(list(codes)))
    rules = scheme_of(indicator.classes, indicator.decimals)
    write = partial(format_value, decimals=indicator.decimals, language=language())
    return scene(rows, codes, coming["value"], rules, indicator.direction, write, language())


def _map(shown: Outlook, drawn: Scene, outline: Outline | None, alt: str) -> None:
    if outline is None:
        st.info(t("forecast.no_map"), icon=":material/map:")
        return
    height, width = (HEIGHT_NARROW, WIDTH_NARROW) if frame.narrow() else (HEIGHT, WIDTH)
    st.pydeck_chart(
        maps.draw(_picture(shown, drawn, outline), height, width),
        height=height,
        key="f_map",
        selection_mode="multi-object",
        on_select=lambda: _clicked(outline.codes),
        alt=t("forecast.map_alt", finding=alt),
    )
    st.caption(t("forecast.map_hint"))


def _picture(shown: Outlook, drawn: Scene, outline: Outline) -> maps.MapPicture:
    choice, release, tongue = shown.choice, reader().release, language()
    areas = reader().catalogue.areas
    name = text_name(shown.period, choice.indicator.frequency)
    when = format_period(shown.period, choice.indicator.frequency, tongue)
    query = f"lang={tongue}&method={choice.method}&level={choice.level}&state={STATE}"
    return maps.MapPicture(
        address=f"/api/v1/forecast/{release}/{choice.unit}/{choice.indicator.id}.geojson?{query}",
        hatch_address=f"/api/v1/areas/{release}/{choice.unit}-hatch.geojson",
        tooltip=f"{{name}}\n{when}: {{{name}}}",
        classes=drawn.index,
        colours=drawn.colours,
        hatched=drawn.hatched,
        selected=tuple(i for i, code in enumerate(outline.codes) if code in choice.areas),
        box=outline.box,
        label_size=MARK if len(outline.codes) <= MANY else MARK_SMALL,
        labels=_marks(shown, [areas[code] for code in outline.codes]),
    )


def _marks(shown: Outlook, areas: Sequence[Area]) -> tuple[tuple[str, float, float], ...]:
    """Return the mark of reliability for each area that has a forecast, at the area's label point."""
    grades = data.grades(shown.made, shown.period)
    return tuple(
        (GRADE_MARKS[grades[a.code][0]], a.longitude, a.latitude)
        for a in areas
        if a.code in grades and a.longitude is not None and a.latitude is not None
    )


def _clicked(allowed: Sequence[str]) -> None:
    """Turn what changed in the map's own selection into our one selection."""
    objects = (session.widget("f_map") or {}).get("selection", {}).get("objects", {})
    now = {o.get("properties", o).get("code", "") for found in objects.values() for o in found}
    before = set(session.recall("_f_map_seen", []))
    session.remember("_f_map_seen", sorted(now))
    controls.toggle_areas(sorted(now ^ before), allowed)


def _reliability(rows: pl.DataFrame) -> None:
    """Explain the marks and count their areas."""
    counts = Counter(rows["grade"])
    lines = [f"{GRADE_MARKS[grade]} {words.of(language())}: {counts[grade]}" for grade, words in GRADE_WORDS.items()]
    st.markdown(f"{t('forecast.reliability')}  \n" + "  \n".join(frame.plain(line) for line in lines), help=t("forecast.grades"))


def _ranking(shown: Outlook, rows: pl.DataFrame, drawn: Scene) -> None:
    ordered = rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    if ordered.height > MOST_BARS:
        half = MOST_BARS // 2
        ordered = pl.concat([ordered.head(half), ordered.tail(half)])
        st.caption(t("forecast.ranking_short", n=half))
    choice, names = shown.choice, reader().catalogue.areas
    bars = []
    for area, value, low, high in ordered.select("area", "value", "lower", "upper").iter_rows():
        text = format_value(value, choice.indicator.decimals, language())
        tip = f"{text} ({span_words(low, high, choice.indicator, language())})"
        name, colour = names[area].name, drawn.colour_of(area)
        ends = {"value": value, "low": low, "high": high, "end": max(high, value)}
        label = f"▸ {name}" if area in choice.areas else name
        bars.append({"code": area, "label": label, "name": name, "text": text, "tip": tip, "colour": colour, **ends})
    top = reader().catalogue.top
    city = None if choice.indicator.is_sum else data.point(choice, shown.made, top.code, shown.period)
    spec = charts_compare.ranking(bars, city.value if city else None, top.name, "", language(), row_height=20)
    spec["padding"] = {"right": 22, "left": 2, "top": 5, "bottom": 5}
    with st.container(height=HEIGHT - 190, border=False):
        st.vega_lite_chart(None, spec, theme=None, key="f_ranking", alt=t("forecast.ranking_alt", level=choice.level))


def _files(shown: Outlook, rows: pl.DataFrame, drawn: Scene, finding: str) -> downloads.Shown:
    door, choice = reader(), shown.choice
    geometry = cache.unit_geometry(door.release, choice.unit, door.role)
    spec: dict[str, Any] | None = None
    if geometry is not None:
        hatch = cache.unit_hatch(door.release, choice.unit, door.role)
        spec = charts.map_picture(geometry, hatch, drawn, {kind: legend_words(kind) for kind in SPECIAL}, language())
    names = {code: area.name for code, area in door.catalogue.areas.items()}

    def ready() -> pl.DataFrame:
        return rows.select(
            pl.lit(choice.indicator.id).alias("indicator"),
            "area",
            pl.col("area").replace_strict(names, default="").alias("area_name"),
            pl.lit(period_code(shown.period, choice.indicator.frequency)).alias("period"),
            "value", "lower", "upper", pl.lit(choice.level).alias("level"),
            pl.lit(choice.indicator.unit.of(language())).alias("unit"),
            "status", "grade", pl.lit(choice.method).alias("method"), pl.lit(door.release).alias("release"),
        )  # fmt: skip

    foot = frame.source_words([choice.indicator])
    return downloads.Shown(finding, forecast_words.subtitle(choice), foot, pl.DataFrame(), spec, geometry, ready)
