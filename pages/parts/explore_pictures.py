"""The pictures of the map page: maps with legend and time slider, ranking, course over time, table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from model.catalogue import Indicator
from model.profile.numbers import format_change, format_indicator, format_percent, format_period, format_value
from model.publish.features import Outline, text_name
from model.query.change import change, has_break
from model.query.compare import distribution
from pages.parts import cache, charts, controls, downloads, explore_choices, frame, legend, maps, series, session, tables
from pages.parts.explore_choices import Choice
from pages.parts.frame import language, reader, t
from pages.parts.scene import Scene, scene

HEIGHT = 520
MOST_BARS = 30


@dataclass(frozen=True)
class Picture:
    """One map's worth: its indicator and period(s), the rows shown, and their scene."""

    indicator: Indicator
    first: date | None
    period: date
    rows: pl.DataFrame
    scene: Scene
    city: float | None


def show(choice: Choice) -> None:
    """Draw everything right of the choices; runs as a fragment, so that a new period redraws nothing else."""
    rows = cache.unit_values(reader().release, choice.indicator.id, choice.unit, reader().role)
    periods = sorted(rows.drop_nulls("value")["period"].unique().to_list())
    if not periods:
        frame.head(t("explore.finding_none", indicator=choice.indicator.title.of(language()), when=""))
        return
    chosen = controls.chosen_areas(reader().catalogue.areas_of(choice.unit))
    heading, middle, timeline = st.container(), st.container(), st.container()
    with timeline:
        first, period, second = _times(choice, periods)
    picture = _picture(choice, choice.indicator, first, period)
    others = [_picture(choice, choice.second, None, second)] if choice.view == "two" and second else []
    title, subtitle = finding(choice, picture), _subtitle(choice, picture)
    with heading:
        frame.head(title, subtitle)
        _chips(choice)
    with middle:
        _maps(choice, [picture, *others], chosen, title)
    _selection(choice)
    _below(choice, picture, chosen, title, subtitle)
    frame.source_line(list(dict.fromkeys([choice.indicator, choice.second])))


def _times(choice: Choice, periods: Sequence[date]) -> tuple[date | None, date, date | None]:
    """Let the reader choose the period(s): what the map shows, what a change starts from, what the second map shows."""
    frequency = choice.indicator.frequency
    if choice.view == "change" and len(periods) > 1:
        left, right = st.columns(2)
        with right:
            last = controls.period_choice(t("explore.to"), "period", periods[1:], frequency, periods[-1], slider=True)
        with left:
            earlier = [p for p in periods if p < last]
            first = controls.period_choice(
                t("explore.from"), "from", earlier, frequency, earlier[max(0, len(earlier) - 10)], slider=True
            )
        return first, last, None
    button, slider = st.columns([1, 7], vertical_alignment="bottom")
    with button:
        _play(periods, frequency)
    with slider:
        period = controls.period_choice(t("shared.period"), "period", periods, frequency, periods[-1], slider=True)
    if choice.view != "two":
        return None, period, None
    theirs = cache.unit_values(reader().release, choice.second.id, choice.unit, reader().role).drop_nulls("value")
    others = sorted(theirs["period"].unique().to_list())
    if not others:
        return None, period, None
    default = others[0] if choice.second == choice.indicator else max([p for p in others if p <= period] or others[:1])
    return (
        None,
        period,
        controls.period_choice(t("explore.compare_with"), "second_period", others, choice.second.frequency, default, slider=True),
    )


def _play(periods: Sequence[date], frequency: str) -> None:
    """Step through the periods while playing; one round, then stop at the last one."""
    playing = bool(session.recall("playing", False))
    if playing:
        _step(periods, frequency)
        playing = bool(session.recall("playing", False))
    label, icon = (t("explore.pause"), "pause") if playing else (t("explore.play"), "play_arrow")
    if st.button(label, icon=f":material/{icon}:", key="play", disabled=len(periods) < 2):
        session.remember("playing", not playing)
        if not playing:
            session.remember("period", controls.code_of(periods[0], frequency))
        st.rerun()


def _step(periods: Sequence[date], frequency: str) -> None:
    codes = [controls.code_of(p, frequency) for p in periods]
    now = session.recall("period", codes[-1])
    at = codes.index(now) if now in codes else 0
    if at + 1 < len(codes):
        session.remember("period", codes[at + 1])
    if at + 2 >= len(codes):
        session.remember("playing", False)


def _picture(choice: Choice, indicator: Indicator, first: date | None, period: date) -> Picture:
    door = reader()
    rows = cache.unit_values(door.release, indicator.id, choice.unit, door.role)
    top = cache.city_values(door.release, indicator.id, door.role)
    city = _value_at(top, period)
    if first is not None:
        kind = "relative" if choice.relative else "difference"
        breaks = [b.period for b in indicator.breaks]
        shown = change(rows, first, period, kind=kind, breaks=breaks)
        city = _value_at(change(top, first, period, kind=kind, breaks=breaks), period)
        basis: pl.Series = shown["value"]
    else:
        shown = rows.filter(pl.col("period") == period)
        basis = rows["value"] if choice.look.fixed and choice.view != "threshold" else shown["value"]
        if choice.view == "two" and choice.second == indicator:
            basis = rows["value"]
    hidden = explore_choices.filtered_out(choice, shown, period)
    rules = explore_choices.scheme(choice, city)
    direction = indicator.direction
    drawn = scene(
        shown, _codes(choice.unit), basis, rules, direction, lambda v: write(choice, indicator, v, plain=True), language(), hidden
    )
    return Picture(indicator, first, period, shown.filter(~pl.col("area").is_in(list(hidden))), drawn, city)


def write(choice: Choice, indicator: Indicator, value: float | None, *, plain: bool = False) -> str:
    """Write a value of the picture: with unit, a change with its sign; `plain` without unit, for the legend."""
    if choice.view == "change":
        if choice.relative:
            return format_value(value, 1, language()) if plain else format_percent(value, 1, language(), signed=True)
        return format_value(value, indicator.decimals, language()) if plain else format_change(value, indicator, language())
    return format_value(value, indicator.decimals, language()) if plain else format_indicator(value, indicator, language())


def finding(choice: Choice, picture: Picture) -> str:
    """Say in one line what the picture shows."""
    names = reader().catalogue.areas
    there = picture.rows.drop_nulls("value").sort("value", descending=True)
    words = {"indicator": picture.indicator.title.of(language()), "when": _when(picture.indicator, picture.period)}
    if there.is_empty():
        return t("explore.finding_none", **words)
    if choice.view == "threshold":
        limit = picture.scene.classification.scheme.centre or 0.0
        above = there.filter(pl.col("value") >= limit).height
        return t(
            "explore.finding_threshold", above=above, of=there.height, value=write(choice, picture.indicator, limit), **words
        )
    ends = {
        "high": names[there["area"][0]].name,
        "high_value": write(choice, picture.indicator, there["value"][0]),
        "low": names[there["area"][-1]].name,
        "low_value": write(choice, picture.indicator, there["value"][-1]),
    }
    if picture.first is None:
        return t("explore.finding_values", **words, **ends)
    low_word = t("explore.low_fall" if there["value"][-1] < 0 else "explore.low_rise")
    return t(
        "explore.finding_change",
        indicator=words["indicator"],
        first=_when(picture.indicator, picture.first),
        last=words["when"],
        low_word=low_word,
        **ends,
    )


def _subtitle(choice: Choice, picture: Picture) -> str:
    catalogue = reader().catalogue
    when = _when(picture.indicator, picture.period)
    if picture.first is not None:
        when = f"{_when(picture.indicator, picture.first)} – {when}"
    return t(
        "explore.subtitle",
        indicator=picture.indicator.title.of(language()),
        unit=picture.indicator.unit.of(language()),
        areas=catalogue.unit(choice.unit).plural.of(language()),
        when=when,
        city=catalogue.top.name,
        city_value=write(choice, picture.indicator, picture.city),
    )


def _maps(choice: Choice, pictures: Sequence[Picture], chosen: Sequence[str], title: str) -> None:
    outline = cache.unit_outline(reader().release, choice.unit, reader().role)
    if len(pictures) == 2:
        for number, (place, picture) in enumerate(zip(st.columns(2), pictures, strict=True)):
            with place:
                st.markdown(
                    f"**{frame.plain(picture.indicator.title.of(language()))} · {_when(picture.indicator, picture.period)}**"
                )
                _map(choice, picture, chosen, outline, f"map{number}", finding(choice, picture))
                _legend(choice, picture)
        return
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        _map(choice, pictures[0], chosen, outline, "map", title)
    with right:
        _legend(choice, pictures[0])
        _ranking(choice, pictures[0], chosen, title)


def _map(choice: Choice, picture: Picture, chosen: Sequence[str], outline: Outline | None, key: str, title: str) -> None:
    if outline is None:
        st.info(t("explore.no_map"), icon=":material/map:")
        return
    door, names = reader(), reader().catalogue.areas
    at = {code: i for i, code in enumerate(outline.codes)}
    times = [text_name(p, picture.indicator.frequency) for p in (picture.first, picture.period) if p is not None]
    said = [_when(picture.indicator, p) for p in (picture.first, picture.period) if p is not None]
    base = f"/api/v1/map/{door.release}/{choice.unit}/{picture.indicator.id}.geojson?lang={language()}"
    areas = [names[code] for code in outline.codes] if choice.look.labels else []
    height = 360 if frame.narrow() else HEIGHT
    deck = maps.draw(
        maps.MapPicture(
            address=base,
            hatch_address=f"/api/v1/areas/{door.release}/{choice.unit}-hatch.geojson",
            tooltip="{name}\n" + "\n".join(f"{when}: {{{name}}}" for when, name in zip(said, times, strict=True)),
            classes=picture.scene.index,
            colours=picture.scene.colours,
            hatched=picture.scene.hatched,
            selected=tuple(at[code] for code in chosen if code in at),
            box=outline.box,
            labels=tuple((a.name, a.longitude, a.latitude) for a in areas if a.longitude is not None and a.latitude is not None),
        ),
        height,
        330 if frame.narrow() else 480 if choice.view == "two" else 640,
    )
    st.pydeck_chart(
        deck,
        height=height,
        key=key,
        selection_mode="multi-object",
        on_select=lambda: _clicked_map(key, outline.codes),
        alt=t("explore.map_alt", finding=title),
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


def _legend(choice: Choice, picture: Picture) -> None:
    unit = "%" if choice.relative else picture.indicator.unit.of(language())

    def words(kind: str) -> str:
        return t(f"explore.{kind}") if kind in ("low_outlier", "high_outlier", "filtered") else t(f"shared.{kind}")

    st.html(legend.legend_html(picture.scene.legend, unit, words, t("explore.legend_count")))
    note = picture.scene.classification.note.of(language())
    if note:
        st.caption(frame.plain(t("explore.class_note", note=note)))
    if picture.first and has_break(picture.rows, picture.first, picture.period, [b.period for b in picture.indicator.breaks]):
        st.warning(t("explore.break_between"), icon=":material/warning:")


def _ranking(choice: Choice, picture: Picture, chosen: Sequence[str], title: str) -> None:
    ordered = picture.rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    half = MOST_BARS // 2
    if ordered.height > MOST_BARS:
        ends = pl.concat([ordered.head(half), ordered.tail(half)])
        ordered = ordered.filter(pl.col("area").is_in(ends["area"].implode()) | pl.col("area").is_in(list(chosen)))
        st.caption(t("explore.ranking_short", n=half))
    names = reader().catalogue.areas
    colours = dict(zip(picture.scene.codes, (picture.scene.colours[i] for i in picture.scene.index), strict=True))
    bars = [
        {
            "code": area,
            "name": names[area].name,
            "value": value,
            "text": write(choice, picture.indicator, value, plain=True),
            "colour": colours.get(area, "#b4bdc7"),
            "chosen": area in chosen,
        }
        for area, value in ordered.select("area", "value").iter_rows()
    ]
    spec = charts.ranking(bars, picture.city, reader().catalogue.top.name, "", language())
    with st.container(height=HEIGHT - 60, border=False):
        st.vega_lite_chart(
            None,
            spec,
            theme=None,
            key="ranking",
            on_select=lambda: _clicked_bar("ranking", picture.scene.codes),
            alt=t("explore.ranking_alt", finding=title),
        )


def _selection(choice: Choice) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        controls.areas_choice(reader().catalogue.areas_of(choice.unit))
    with right:
        frame.link_button()


def _below(choice: Choice, picture: Picture, chosen: Sequence[str], title: str, subtitle: str) -> None:
    tabs = st.tabs([t("explore.over_time"), t("shared.table"), t("explore.distribution")], on_change="rerun", key="below")
    rows = cache.unit_values(reader().release, choice.indicator.id, choice.unit, reader().role)
    if tabs[0].open:
        with tabs[0]:
            spec = series.line_chart(choice.indicator, rows, chosen)
            st.vega_lite_chart(
                None,
                spec,
                theme=None,
                key="lines",
                alt=t("explore.lines_alt", indicator=choice.indicator.title.of(language()), finding=title),
            )
            st.caption(t("explore.band") + ("" if chosen else f" · {t('explore.pick_hint')}"))
            kept = rows.filter(pl.col("area").is_in([*chosen])) if chosen else rows
            top = cache.city_values(reader().release, choice.indicator.id, reader().role)
            downloads.menu(
                downloads.Shown(title, subtitle, frame.source_words([choice.indicator]), pl.concat([kept, top]), spec), "lines"
            )
    if tabs[1].open:
        with tabs[1]:
            decimals = 1 if choice.relative else picture.indicator.decimals
            tables.area_table(picture.rows, decimals, "%" if choice.relative else picture.indicator.unit.of(language()))
            downloads.menu(_shown_map(choice, picture, title, subtitle), "map")
    if tabs[2].open:
        with tabs[2]:
            _distribution(picture)


def _shown_map(choice: Choice, picture: Picture, title: str, subtitle: str) -> downloads.Shown:
    geometry = cache.unit_geometry(reader().release, choice.unit, reader().role)
    foot = frame.source_words([picture.indicator])
    spec = None
    if geometry is not None:
        names = {kind: t(f"explore.{kind}") for kind in ("low_outlier", "high_outlier", "filtered")}
        names |= {kind: t(f"shared.{kind}") for kind in ("suppressed", "missing", "not_applicable", "zero")}
        hatch = cache.unit_hatch(reader().release, choice.unit, reader().role)
        spec = charts.map_picture(geometry, hatch, picture.scene, names, language())
    return downloads.Shown(title, subtitle, foot, picture.rows, spec, geometry)


def _distribution(picture: Picture) -> None:
    found = distribution(picture.rows["value"])
    if found is None:
        st.info(t("shared.no_data"))
        return
    classes, decimals = picture.scene.classification, picture.indicator.decimals
    rows = [
        {
            "low": low,
            "high": high,
            "count": n,
            "colour": picture.scene.colours[int(classes.class_of([(low + high) / 2])[0])],
            "text": f"{format_value(low, decimals, language())} – {format_value(high, decimals, language())}",
        }
        for low, high, n in zip(found.edges, found.edges[1:], found.counts, strict=False)
    ]
    spec = charts.histogram(rows, picture.scene.classification.inner, picture.indicator.unit.of(language()), language())
    st.vega_lite_chart(None, spec, theme=None, key="distribution", alt=t("explore.distribution"))


def _chips(choice: Choice) -> None:
    """Show active filters where they cannot be overlooked, with a way out."""
    limits = choice.filter
    if not limits.active:
        return
    words = [reader().catalogue.area(p).name for p in limits.parents]
    for name, value in (("lowest", limits.lowest), ("highest", limits.highest), ("smallest", limits.smallest)):
        if value is not None:
            decimals = 0 if name == "smallest" else choice.indicator.decimals
            words.append(t(f"explore.filter_chip_{name}", value=format_value(value, decimals, language())))
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(" ".join(f":blue-badge[:material/filter_alt: {frame.plain(w)}]" for w in words))
    right.button(t("explore.filter_reset"), on_click=_clear_filter, key="clear_filter")


def _clear_filter() -> None:
    session.remember("parent", [])
    for name in ("lowest", "highest", "smallest"):
        session.remember(name, None)


def _codes(unit: str) -> tuple[str, ...]:
    outline = cache.unit_outline(reader().release, unit, reader().role)
    return outline.codes if outline else tuple(a.code for a in reader().catalogue.areas_of(unit))


def _value_at(rows: pl.DataFrame, period: date) -> float | None:
    found = rows.filter(pl.col("period") == period)["value"]
    return found[0] if len(found) else None


def _when(indicator: Indicator, period: date) -> str:
    return format_period(period, indicator.frequency, language())
