"""Everything right of the choices on the map page; runs as a fragment, so that a new period redraws nothing else."""

from __future__ import annotations

from datetime import date

import streamlit as st

from model.catalogue import Indicator
from model.profile.captions import Caption
from model.profile.numbers import format_value
from pages.parts import cache, controls, explore_below, explore_map, explore_times, frame, session
from pages.parts.explore_choices import Choice
from pages.parts.explore_picture import Picture, caption, picture, subtitle
from pages.parts.frame import language, reader, t


def show(choice: Choice) -> None:
    """Draw heading, maps, time line, selection and what belongs to it."""
    periods = cache.unit_periods(reader().release, choice.indicator.id, choice.unit, reader().role)
    if not periods:
        frame.head(t("explore.finding_none", indicator=choice.indicator.title.of(language())))
        return
    chosen = controls.chosen_areas(reader().catalogue.areas_of(choice.unit))
    heading, middle, timeline = st.container(), st.container(), st.container()
    with timeline:
        first, period, second = explore_times.choose(choice, periods)
    pictures = [_captioned(choice, choice.indicator, first, period)]
    pictures += [_captioned(choice, choice.second, None, second)] if second else []
    shown, said = pictures[0]
    with heading:
        frame.head(said.message, subtitle(choice, shown))
        _chips(choice)
    with middle:
        explore_map.show(choice, pictures, chosen)
    explore_below.selection(choice)
    explore_below.tabs(choice, shown, chosen)
    frame.source_line(list(dict.fromkeys([choice.indicator, choice.second])))


def _captioned(choice: Choice, indicator: Indicator, first: date | None, period: date) -> tuple[Picture, Caption]:
    def make() -> tuple[Picture, Caption]:
        shown = picture(choice, indicator, first, period)
        return shown, caption(choice, shown)

    return frame.kept(make, "map", choice, indicator.id, first, period)


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
