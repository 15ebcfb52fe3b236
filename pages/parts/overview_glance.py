"""The city at a glance: its headline figures as cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from model.catalogue import Catalogue, Indicator
from model.profile.figures import KeyFigure
from model.profile.numbers import format_value, join_names
from model.profile.phrases import in_sentence
from pages.parts import cache, cards, downloads, frame
from pages.parts.frame import language, reader, t

COLUMNS = 3
MOST_UNMARKED = 9
FEWEST_JUDGED = 3


def headline(catalogue: Catalogue) -> list[Indicator]:
    """Return the indicators to begin with: the headline ones, without any the first of each topic."""
    marked = [i for i in catalogue.indicators.values() if i.headline]
    firsts: dict[str, Indicator] = {}
    for indicator in catalogue.indicators.values():
        firsts.setdefault(indicator.topic.split("/")[0], indicator)
    return marked or list(firsts.values())[:MOST_UNMARKED]


def city_figures(catalogue: Catalogue) -> tuple[KeyFigure, ...]:
    """Return the key figures of the whole city."""
    door = reader()
    return cache.figures(door.release, catalogue.top.code, tuple(i.id for i in headline(catalogue)), door.role)


def heading(catalogue: Catalogue, figures: Sequence[KeyFigure]) -> None:
    """Say which city this is and what there is to know about it."""
    first, last = _span()
    units = [u for u in catalogue.units.values() if u.parent]
    counted = [
        f"{format_value(len(catalogue.areas_of(u.id)), 0, language())} {in_sentence(u.plural.of(language()), language())}"
        for u in units
    ]
    frame.head(
        _finding(catalogue, figures),
        t(
            "overview.subtitle",
            indicators=len(catalogue.indicators),
            areas=join_names(counted, language()) or catalogue.top.name,
            first=first.year,
            last=last.year,
        ),
    )
    if not figures:
        st.info(t("overview.nothing"), icon=":material/info:")


def _finding(catalogue: Catalogue, figures: Sequence[KeyFigure]) -> str:
    """Say how many headline figures became better or worse since the period before, beyond chance where that is known."""
    judged = [cards.change_words(figure)[1] for figure in figures if figure.indicator.direction != "neutral"]
    good, bad = judged.count("favourable"), judged.count("unfavourable")
    city = catalogue.top.name
    if len(judged) < FEWEST_JUDGED or not (good or bad):
        return t("overview.title", city=city)
    return t("overview.finding", city=city, good=good, bad=bad, n=len(judged))


def show(catalogue: Catalogue, figures: Sequence[KeyFigure]) -> None:
    """Show the headline figures, with their files and source."""
    if not figures:
        return
    st.subheader(t("overview.glance"), anchor=False)
    st.caption(t("overview.glance_note"))
    cards.grid(figures, COLUMNS, catalogue.finest.id)
    indicators = [figure.indicator for figure in figures]
    title = t("overview.title", city=catalogue.top.name)
    with st.container(horizontal=True):
        table = pl.concat([cards.series_of(i, catalogue.top.code) for i in indicators])
        downloads.menu(downloads.Shown(title, t("overview.glance"), frame.source_words(indicators), table), "o_glance")
        frame.link_button("o_link")
    frame.source_line(indicators)


def _span() -> tuple[date, date]:
    """Return the first and last period of all values."""
    door = reader()
    found = [rows["period"] for rows in cache.totals(door.release, door.role).values() if rows.height]
    ends = [d for periods in found for d in (periods.min(), periods.max()) if isinstance(d, date)]
    return min(ends, default=date.today()), max(ends, default=date.today())
