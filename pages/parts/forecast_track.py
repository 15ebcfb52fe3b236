"""The track record of one area: what would have been said in earlier years, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Indicator
from model.profile.numbers import format_indicator, format_period
from model.publish.outlook import QUICK, WITHHELD, span_words
from pages.parts import cache, charts_forecast, forecast_words, frame, series
from pages.parts import forecast_data as data
from pages.parts.forecast_choices import Choice
from pages.parts.forecast_views import Outlook
from pages.parts.frame import language, reader, t

YEARS = (2015, 2018, 2020)
BACK = (9, 6, 4)  # years back from the last value, where those years lie too late
FEWEST_OUTCOMES = 2
Rows = list[dict[str, Any]]


def show(shown: Outlook) -> None:
    """Draw what was said in three earlier years beside what came, with the sentences how often such statements came true."""
    choice = shown.choice
    st.markdown(f"**{t('forecast.track_head')}**")
    st.markdown(frame.plain(" ".join(forecast_words.came_true(choice, shown.record))))
    if choice.method not in QUICK:
        return
    with st.spinner(t("forecast.working"), show_time=True):
        rows = _rows(choice)
    if not rows:
        st.caption(t("forecast.track_none"))
        return
    came = [row for row in rows if row["kind"] == "came"]
    hits = sum(not row["missed"] for row in came)
    words = t("forecast.track_here", hits=hits, n=len(came), level=choice.level)
    width = 270 if frame.narrow() else 235
    spec = charts_forecast.track(rows, choice.indicator.unit.of(language()), language(), width)
    st.markdown(frame.plain(words))
    st.vega_lite_chart(None, spec, theme=None, key="f_track", alt=t("forecast.track_alt", finding=words), width="content")
    beyond = t("forecast.track_beyond") if any(row["kind"] == "beyond" for row in rows) else ""
    st.caption(t("forecast.track_legend", level=choice.level) + beyond)


def origins(last: date, first: date) -> tuple[int, ...]:
    """Return the years whose statements are shown: 2015, 2018, 2020, or earlier ones where the series ends earlier."""
    late = last.year - FEWEST_OUTCOMES < YEARS[-1]
    years = tuple(last.year - back for back in BACK) if late else YEARS
    return tuple(year for year in years if year > first.year)


def _rows(choice: Choice) -> Rows:
    seen = data.observed(choice.indicator, choice.area).select("period", "value", pl.col("status").cast(pl.String))
    there = seen.drop_nulls("value")["period"]
    if len(there) < FEWEST_OUTCOMES:
        return []
    return [row for origin in origins(there[-1], there[0]) for row in _said(choice, origin, seen, there[-1])]


def _said(choice: Choice, origin: int, seen: pl.DataFrame, last: date) -> Rows:
    """Return one year's small picture: known until then, said then, came since; nothing where nothing could be said.

    Nothing is said of a period whose value is withheld.
    """
    door, indicator = reader(), choice.indicator
    made = cache.said_in(door.release, indicator.id, origin, choice.method, door.role)
    if made is None:
        return []
    rows = made.rows(float(choice.level)).filter((pl.col("area") == choice.area) & (pl.col("period") <= last))
    known = seen.filter(pl.col("period").dt.year() <= origin)
    if rows.is_empty() or known["value"].drop_nulls().is_empty():
        return []
    label, until = {"label": t("forecast.track_year", year=origin)}, _next_break(choice, origin)
    lines = series.line_rows(indicator, known, choice.area, "", "area")
    drawn: Rows = [{**label, "kind": "known", **{k: row[k] for k in ("period", "value", "part")}} for row in lines]
    at, value = known.drop_nulls("value").select("period", "value").row(-1)
    drawn.append({**label, "kind": "said", "period": at.isoformat(), "value": value, "low": value, "high": value})
    came = {period: (value, status) for period, value, status in seen.iter_rows()}
    for period, *said in rows.select("period", "value", "lower", "upper").iter_rows():
        drawn += [label | row for row in _points(indicator, period, said, *came.get(period, (None, "missing")), period >= until)]
    return drawn


def _points(
    indicator: Indicator, period: date, said: Sequence[float], came: float | None, status: str, beyond: bool
) -> Rows:  # fmt: skip
    """Return what was said of one period (value, lower, upper) and, where it is known, what came."""
    tongue = language()
    place = {"period": period.isoformat(), "when": format_period(period, indicator.frequency, tongue)}
    if status in WITHHELD:
        return [{**place, "kind": "said", "value": None, "low": None, "high": None}]
    middle, low, high = said
    span = span_words(low, high, indicator, tongue)
    words = t("forecast.track_point", value=format_indicator(middle, indicator, tongue), span=span)
    drawn: Rows = [{**place, "kind": "said", "value": middle, "low": low, "high": high, "text": words}]
    if came is not None:
        text = format_indicator(came, indicator, tongue)
        kind = "beyond" if beyond else "came"
        drawn.append({**place, "kind": kind, "value": came, "text": text, "missed": not low <= came <= high})
    return drawn


def _next_break(choice: Choice, origin: int) -> date:
    """Return the first break in the series after a year: from there on it is another measure, and no statement is judged."""
    flagged = data.observed(choice.indicator, choice.area).filter(pl.col("status") == "break")["period"].to_list()
    later = [p for p in (*flagged, *(b.period for b in choice.indicator.breaks)) if p.year > origin]
    return min(later, default=date.max)
