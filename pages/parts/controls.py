"""The controls pages share; each is mirrored in the address under a glossary name and checked against the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import streamlit as st

from model.catalogue import Area, Catalogue, Indicator
from model.profile.numbers import format_period
from model.vocabulary import period_code
from pages.parts import cache, session
from pages.parts.frame import language, reader, t

Widget = Literal["selectbox", "slider", "segments", "radio"]
EVERY_TOPIC = "all"
_SWITCH = {"1": True, "0": False, "True": True, "False": False}
MOST_AREAS = 30


def choose(
    label: str,
    name: str,
    options: Sequence[str],
    default: str,
    words: Callable[[str], str],
    widget: Widget = "selectbox",
    **settings: Any,
) -> str:
    """Let the reader choose one of `options` (ids); `words` writes an id as a label."""
    start = session.prepare(name, session.one_of(options), default)
    draw: Callable[..., Any]
    first: dict[str, Any]
    match widget:
        case "slider":
            draw, first = st.select_slider, {"value": start}
        case "segments":
            draw, first = st.segmented_control, {"default": start, "required": True}
        case "radio":
            draw, first = st.radio, {"index": list(options).index(start)}
        case _:
            draw, first = st.selectbox, {"index": list(options).index(start)}
    value = draw(label, options, key=name, format_func=words, **first, **settings)
    chosen = value if value in options else default
    session.keep(name, chosen, default)
    return str(chosen)


def choose_some(
    label: str, name: str, options: Sequence[str], words: Callable[[str], str], default: Sequence[str] = (), **settings: Any
) -> list[str]:
    """Let the reader choose any of `options` (ids)."""
    start = session.prepare(name, session.some_of(options, settings.get("max_selections")), list(default))
    value = st.multiselect(label, options, default=start, key=name, format_func=words, **settings)
    session.keep(name, list(value), list(default))
    return [v for v in value if v in options]


def switch(label: str, name: str, default: bool = False, **settings: Any) -> bool:
    """Let the reader turn something on or off."""
    start = session.prepare(name, lambda values: _SWITCH[values[0]] if values and values[0] in _SWITCH else default, default)
    value = st.toggle(label, value=start, key=name, **settings)
    session.keep(name, bool(value), default)
    return bool(value)


def number(label: str, name: str, low: float = -1e12, high: float = 1e12, **settings: Any) -> float | None:
    """Let the reader type a number, or none."""
    start = session.prepare(name, lambda values: session.number(low, high)(values) if values else None, None)
    value = st.number_input(label, value=start, key=name, placeholder="–", **settings)
    session.keep(name, value, None)
    return None if value is None else float(value)


def indicator_choice(name: str = "indicator", *, with_topic: bool = True, label: str = "") -> Indicator:
    """Let the reader choose an indicator: by topic, by typing, and with its meaning one click away."""
    catalogue = reader().catalogue
    topic = topic_choice(catalogue) if with_topic else EVERY_TOPIC
    offered = [i.id for i in catalogue.indicators.values() if topic in (EVERY_TOPIC, i.topic) or i.topic.startswith(f"{topic}/")]
    default = cache.package().default_indicator
    first = default if default in offered else offered[0]
    tongue = language()
    words = {id: catalogue.indicators[id].title.of(tongue) for id in offered}
    chosen = choose(label or t("shared.indicator"), name, offered, first, lambda id: words[id])
    return catalogue.indicator(chosen)


def topic_choice(catalogue: Catalogue) -> str:
    """Let the reader narrow the list of indicators to one topic of the tree."""
    used = {i.topic for i in catalogue.indicators.values()}
    topics = [EVERY_TOPIC, *(id for id in catalogue.topics if any(u == id or u.startswith(f"{id}/") for u in used))]
    return choose(t("shared.topic"), "topic", topics, EVERY_TOPIC, lambda id: _topic_words(catalogue, id))


def unit_choice(catalogue: Catalogue, units: Sequence[str], name: str = "unit") -> str:
    """Let the reader choose among the spatial units that have values."""
    if len(units) == 1:
        session.keep(name, units[0], units[0])
        return units[0]
    return choose(
        t("shared.unit"),
        name,
        units,
        units[0],
        lambda id: catalogue.unit(id).plural.of(language()),
        "segments",
    )


def period_choice(label: str, name: str, periods: Sequence[date], frequency: str, default: date, *, slider: bool = False) -> date:
    """Let the reader choose one of the periods that have values."""
    codes = {code_of(p, frequency): p for p in periods}
    widget: Widget = "slider" if slider and len(codes) > 1 else "selectbox"
    words = {code: format_period(p, frequency, language()) for code, p in codes.items()}
    chosen = choose(label, name, list(codes), code_of(default, frequency), lambda code: words[code], widget)
    return codes[chosen]


def code_of(period: date, frequency: str) -> str:
    """Return the period as it stands in the address."""
    return period_code(period, frequency)


def areas_choice(areas: Sequence[Area], name: str = "area", most: int = MOST_AREAS) -> list[str]:
    """Let the reader choose areas by name; the same selection is set by clicks on map, bars and table."""
    names = {area.code: area.name for area in areas}
    return choose_some(
        t("shared.areas"),
        name,
        _by_name(names),
        lambda code: names.get(code, code),
        max_selections=most,
        placeholder=t("shared.areas_placeholder"),
        help=t("shared.areas_help"),
    )


def chosen_areas(areas: Sequence[Area], name: str = "area", most: int = MOST_AREAS) -> list[str]:
    """Return the selection before its control is drawn, for pictures that stand above it."""
    names = {area.code: area.name for area in areas}
    session.prepare(name, session.some_of(_by_name(names), most), [])
    return list(session.current(name))


def _by_name(names: Mapping[str, str]) -> list[str]:
    return sorted(names, key=lambda code: names[code])


def toggle_areas(codes: Sequence[str], allowed: Sequence[str], name: str = "area", most: int = MOST_AREAS) -> None:
    """Add clicked areas to the selection, or take them out if they were in it."""
    chosen = list(session.recall(name, []))
    for code in codes:
        if code in chosen:
            chosen.remove(code)
        elif code in allowed and len(chosen) < most:
            chosen.append(code)
    session.remember(name, chosen)


def _topic_words(catalogue: Catalogue, id: str) -> str:
    if id == EVERY_TOPIC:
        return t("shared.all_topics")
    return "\u2003" * id.count("/") + catalogue.topics[id].title.of(language())
