"""The figures behind the picture: what is expected of each shown area, how sure, how likely beyond the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from model.profile.numbers import format_period, format_value
from model.publish.outlook import GRADE_WORDS, why_not
from pages.parts import ahead, tables
from pages.parts import forecast_data as data
from pages.parts.forecast_views import Outlook, codes_with_city
from pages.parts.frame import language, reader, t


def show(shown: Outlook) -> None:
    """Show the figures of the chosen areas and the city, folded away."""
    with st.expander(t("forecast.table"), icon=":material/table:", on_change="rerun", key="f_table") as table:
        if table.open:
            read(shown, codes_with_city(shown.choice), "f_rows")


def read(shown: Outlook, codes: Sequence[str], key: str) -> None:
    """Show one row per area: latest value, expectation, interval, reliability, and the odds of the threshold."""
    rows = figures(shown, codes)
    numbers = {name: shown.choice.indicator.decimals for name, kind in rows.schema.items() if kind == pl.Float64}
    height: Any = 430 if rows.height > 12 else "content"
    st.dataframe(tables.written(rows, numbers), hide_index=True, key=key, height=height, placeholder="–")


def figures(shown: Outlook, codes: Sequence[str]) -> pl.DataFrame:
    """Return the figures with headers as people read them."""
    choice, made, tongue = shown.choice, shown.made, language()
    at = made.column(shown.period)
    rows = ahead.quantiles(choice.indicator, choice.method).filter(pl.col("period") == shown.period)
    found = {row["area"]: row for row in rows.iter_rows(named=True)}
    grades = data.grades(made, shown.period)
    above = made.future().probability_above(choice.threshold)[:, at] if choice.threshold is not None else None
    place = {area: row for row, area in enumerate(made.keys["area"])}
    when = format_period(shown.period, choice.indicator.frequency, tongue)
    written = []
    for code in codes:
        own, last = found.get(code), ahead.last_observed(choice.indicator, code)
        row = {
            t("forecast.col_area"): reader().catalogue.areas[code].name,
            t("forecast.col_last"): last[1] if last else None,
            t("forecast.col_value", when=when): own["value"] if own else None,
            t("forecast.col_lower", level=choice.level): own[f"lower_{choice.level}"] if own else None,
            t("forecast.col_upper", level=choice.level): own[f"upper_{choice.level}"] if own else None,
            t("forecast.col_grade"): GRADE_WORDS[grades[code][0]].of(tongue) if own else why_not(made, code, tongue),
        }
        if above is not None:
            limit = format_value(choice.threshold, choice.indicator.decimals, tongue)
            odds = f"{100 * above[place[code]]:.0f}" if own else None
            row[t("forecast.col_above", value=limit)] = int(odds) if odds else None
        written.append(row)
    return pl.DataFrame(written, infer_schema_length=None)
