"""How sure it is: what the past says, how far areas can be trusted, every assumption with its source."""

from __future__ import annotations

import polars as pl
import streamlit as st

from model.demography.backtest import verdict
from model.demography.levers import LEVERS
from model.profile.numbers import format_percent, format_value
from pages.parts import cache, frame
from pages.parts.ageing_view import View
from pages.parts.frame import language, reader, t

SHOWN = ("tfr", "life_expectancy_f", "life_expectancy_m", "arrivals", "departures", "dwellings", "care_places")


def show(view: View) -> None:
    """Draw method, back-test, grades and the table of assumptions."""
    st.markdown(frame.plain(t("ageing.method")))
    for note in view.planner.notes:
        st.info(frame.plain(note.of(language())), icon=":material/info:")
    _past()
    _grades(view)
    _assumptions(view)


def _past() -> None:
    st.markdown(f"**{t('ageing.past_title')}**")
    misses = cache.backtest(reader().release, reader().role)
    if not misses:
        st.markdown(t("ageing.past_none"))
        return
    tongue = language()
    st.markdown(frame.plain(verdict(misses).of(tongue)))
    rows = [
        {
            t("ageing.past_from"): str(miss.origin),
            t("ageing.past_to"): str(miss.year),
            t("ageing.past_projected"): format_value(miss.projected, 0, tongue),
            t("ageing.past_counted"): format_value(miss.actual, 0, tongue),
            t("ageing.past_error"): format_percent(miss.error, 1, tongue, signed=True),
            t("ageing.past_naive"): format_percent(miss.naive_error, 1, tongue, signed=True),
            t("ageing.past_groups"): format_percent(miss.group_error, 1, tongue),
            t("ageing.past_inside"): format_percent(100.0 * miss.coverage, 0, tongue),
        }
        for miss in misses
    ]
    st.dataframe(pl.DataFrame(rows), hide_index=True, key="ageing_past")


def _grades(view: View) -> None:
    counted: dict[str, int] = {}
    for code in view.planner.areas:
        title = view.planner.grades[code].title.of(language())
        counted[title] = counted.get(title, 0) + 1
    said = "; ".join(f"{number} × {title}" for title, number in counted.items())
    st.markdown(f"**{t('ageing.grades_title')}** " + frame.plain(t("ageing.grades", said=said)))


def _assumptions(view: View) -> None:
    st.markdown(f"**{t('ageing.assumptions_title')}**")
    tongue = language()
    rows = []
    for id in SHOWN:
        lever, decimals = LEVERS[id], 2 if id == "tfr" else 0
        trend = view.planner.trend(id) if id not in ("dwellings", "care_places") else 0.0
        rows.append(
            {
                t("ageing.assumption_name"): lever.title.of(tongue),
                t("ageing.assumption_trend"): format_value(trend, decimals or int("life" in id), tongue),
                t("ageing.assumption_unit"): lever.unit.of(tongue),
                t("ageing.assumption_bounds"): f"{format_value(lever.low, 1, tongue)} – {format_value(lever.high, 1, tongue)}",
                t("ageing.assumption_how"): lever.help.of(tongue),
                t("ageing.assumption_source"): lever.source.of(tongue),
            }
        )
    st.dataframe(pl.DataFrame(rows), hide_index=True, key="ageing_assumptions")
    st.caption(frame.plain(t("ageing.command", settings=" ".join(f"--set {s}" for s in view.settings) or "")))
