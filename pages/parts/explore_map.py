"""Maps with legend and ranking; clicks on either change the one selection."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from model.profile.captions import Caption
from model.publish.features import Outline, text_name
from model.query.change import has_break
from pages.parts import cache, charts, controls, frame, legend, maps, session
from pages.parts.explore_choices import Choice
from pages.parts.explore_picture import Picture, unit_words, when, write
from pages.parts.frame import language, reader, t

HEIGHT, HEIGHT_OF_TWO, HEIGHT_NARROW = 520, 430, 360
WIDTH, WIDTH_OF_TWO, WIDTH_NARROW = 640, 480, 330  # what the map fits into; the browser stretches the canvas
MOST_BARS = 30


def show(choice: Choice, pictures: Sequence[tuple[Picture, Caption]], chosen: Sequence[str]) -> None:
    """Draw one map with legend and ranking, or two maps side by side."""
    outline = cache.unit_outline(reader().release, choice.unit, reader().role)
    if len(pictures) == 2:
        for number, (place, (shown, said)) in enumerate(zip(st.columns(2), pictures, strict=True)):
            with place:
                title = shown.indicator.title.of(language())
                st.markdown(f"**{frame.plain(f'{title} · {when(shown.indicator, shown.period)}')}**")
                _map(choice, shown, said, chosen, outline, f"map{number}")
                _legend(choice, shown)
        return
    shown, said = pictures[0]
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        _map(choice, shown, said, chosen, outline, "map")
    with right:
        _legend(choice, shown)
        _ranking(choice, shown, said, chosen)


def _map(choice: Choice, shown: Picture, said: Caption, chosen: Sequence[str], outline: Outline | None, key: str) -> None:
    if outline is None:
        st.info(t("explore.no_map"), icon=":material/map:")
        return
    height = HEIGHT_NARROW if frame.narrow() else HEIGHT_OF_TWO if choice.view == "two" else HEIGHT
    width = WIDTH_NARROW if frame.narrow() else WIDTH_OF_TWO if choice.view == "two" else WIDTH
    st.pydeck_chart(
        maps.draw(_picture(choice, shown, chosen, outline), height, width),
        height=height,
        key=key,
        selection_mode="multi-object",
        on_select=lambda: _clicked_map(key, outline.codes),
        alt=t("explore.map_alt", finding=said.alt),
    )


def _picture(choice: Choice, shown: Picture, chosen: Sequence[str], outline: Outline) -> maps.MapPicture:
    release, areas = reader().release, reader().catalogue.areas
    periods = [p for p in (shown.first, shown.period) if p is not None]
    lines = [f"{when(shown.indicator, p)}: {{{text_name(p, shown.indicator.frequency)}}}" for p in periods]
    named = [areas[code] for code in outline.codes] if choice.look.labels else []
    return maps.MapPicture(
        address=f"/api/v1/map/{release}/{choice.unit}/{shown.indicator.id}.geojson?lang={language()}",
        hatch_address=f"/api/v1/areas/{release}/{choice.unit}-hatch.geojson",
        tooltip="\n".join(["{name}", *lines]),
        classes=shown.scene.index,
        colours=shown.scene.colours,
        hatched=shown.scene.hatched,
        selected=tuple(i for i, code in enumerate(outline.codes) if code in chosen),
        box=outline.box,
        labels=tuple((a.name, a.longitude, a.latitude) for a in named if a.longitude is not None and a.latitude is not None),
    )


def _clicked_map(key: str, allowed: Sequence[str]) -> None:
    """Turn what changed in the map's own selection into our one selection."""
    objects = (session.widget(key) or {}).get("selection", {}).get("objects", {})
    now = {o.get("properties", o).get("code", "") for found in objects.values() for o in found}
    before = set(session.recall(f"_{key}_seen", []))
    session.remember(f"_{key}_seen", sorted(now))
    controls.toggle_areas(sorted(now ^ before), allowed)


def _clicked_bar(key: str, allowed: Sequence[str]) -> None:
    found = (session.widget(key) or {}).get("selection", {}).get("areas", [])
    now = {str(o.get("code", "")) for o in found if isinstance(o, dict)}
    before = set(session.recall(f"_{key}_seen", []))
    session.remember(f"_{key}_seen", sorted(now))
    controls.toggle_areas(sorted(now - before), allowed)


def _legend(choice: Choice, shown: Picture) -> None:
    st.html(legend.legend_html(shown.scene.legend, unit_words(choice, shown), legend_words, t("explore.legend_count")))
    note = shown.scene.classification.note.of(language())
    if note:
        st.caption(frame.plain(t("explore.class_note", note=note)))
    breaks = [b.period for b in shown.indicator.breaks]
    if shown.first and has_break(shown.rows, shown.first, shown.period, breaks):
        st.warning(t("explore.break_between"), icon=":material/warning:")


def legend_words(kind: str) -> str:
    """Name a special line of the legend."""
    return t(f"explore.{kind}") if kind in ("low_outlier", "high_outlier", "filtered") else t(f"shared.{kind}")


def _ranking(choice: Choice, shown: Picture, said: Caption, chosen: Sequence[str]) -> None:
    key = ("ranking", choice, shown.indicator.id, shown.first, shown.period, *chosen)
    if shown.rows.height - shown.rows["value"].null_count() > MOST_BARS:
        st.caption(t("explore.ranking_short", n=MOST_BARS // 2))
    with st.container(height=HEIGHT - 60, border=False):
        frame.chart(
            frame.kept(lambda: _bars(choice, shown, chosen), *key),
            "ranking",
            t("explore.ranking_alt", finding=said.alt),
            lambda: _clicked_bar("ranking", shown.scene.codes),
        )


def _bars(choice: Choice, shown: Picture, chosen: Sequence[str]) -> charts.Spec:
    """Return the ranking as a chart; of very many areas the two ends and the chosen ones."""
    ordered = shown.rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    half = MOST_BARS // 2
    if ordered.height > MOST_BARS:
        ends = [*ordered["area"].head(half), *ordered["area"].tail(half), *chosen]
        ordered = ordered.filter(pl.col("area").is_in(ends))
    names = reader().catalogue.areas
    bars = [
        {
            "code": area,
            "name": names[area].name,
            "value": value,
            "text": write(choice, shown.indicator, value, plain=True),
            "colour": shown.scene.colour_of(area),
            "chosen": area in chosen,
        }
        for area, value in ordered.select("area", "value").iter_rows()
    ]
    return charts.ranking(bars, shown.city, reader().catalogue.top.name, "", language())
