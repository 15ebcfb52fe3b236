"""The time of the map page: one period, two periods, or play."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from pages.parts import cache, controls, session
from pages.parts.explore_choices import Choice
from pages.parts.frame import reader, t

STEP = 1.2  # seconds per period while playing


def choose(choice: Choice, periods: Sequence[date]) -> tuple[date | None, date, date | None]:
    """Let the reader choose the period(s): what a change starts from, what the map shows, what the second map shows."""
    frequency = choice.indicator.frequency
    if choice.view == "change" and len(periods) > 1:
        left, right = st.columns(2)
        with right:
            last = controls.period_choice(t("explore.to"), "period", periods[1:], frequency, periods[-1], slider=True)
        with left:
            earlier = [p for p in periods if p < last]
            start = earlier[max(0, len(earlier) - 10)]
            first = controls.period_choice(t("explore.from"), "from", earlier, frequency, start, slider=True)
        return first, last, None
    button, slider = st.columns([1, 7], vertical_alignment="bottom")
    with button:
        _play(periods, frequency)
    with slider:
        period = controls.period_choice(t("shared.period"), "period", periods, frequency, periods[-1], slider=True)
    return None, period, _second(choice, period) if choice.view == "two" else None


def playing() -> bool:
    """Tell whether the map is stepping through the periods."""
    return bool(session.recall("playing", False))


def _second(choice: Choice, period: date) -> date | None:
    door = reader()
    rows = cache.unit_values(door.release, choice.second.id, choice.unit, door.role).drop_nulls("value")
    others = sorted(rows["period"].unique().to_list())
    if not others:
        return None
    default = others[0] if choice.second == choice.indicator else max([p for p in others if p <= period] or others[:1])
    frequency = choice.second.frequency
    return controls.period_choice(t("explore.compare_with"), "second_period", others, frequency, default, slider=True)


def _play(periods: Sequence[date], frequency: str) -> None:
    """Offer to step through the periods: one round, then stop at the last one."""
    if playing():
        _step(periods, frequency)
    label, icon = (t("explore.pause"), "pause") if playing() else (t("explore.play"), "play_arrow")
    if st.button(label, icon=f":material/{icon}:", key="play", disabled=len(periods) < 2):
        started = not playing()
        session.remember("playing", started)
        if started:
            session.remember("period", controls.code_of(periods[0], frequency))
        st.rerun()


def _step(periods: Sequence[date], frequency: str) -> None:
    codes = [controls.code_of(p, frequency) for p in periods]
    now = session.recall("period", codes[-1])
    at = codes.index(now) if now in codes else 0
    if at + 1 >= len(codes):
        session.remember("playing", False)
        st.rerun()  # without the timer
    session.remember("period", codes[at + 1])
