"""All areas of the spatial unit side by side: a small fan each, the chosen period marked."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from model.profile.numbers import format_value
from model.query.compare import columns_for
from pages.parts import ahead, charts_forecast, controls, downloads, forecast_table, forecast_words, frame, series
from pages.parts import forecast_data as data
from pages.parts.forecast_views import Outlook
from pages.parts.frame import language, reader, t

MOST = 60
WIDTH, WIDTH_NARROW, BESIDE_NARROW = 915, 330, 6
OWN_AXIS = 62  # pixels for the numbers beside each picture with its own scale
ORDERS = ("value", "change", "name")
Rows = list[dict[str, Any]]


def show(shown: Outlook) -> None:
    """Draw one small fan per area, highest expectation first, then the table."""
    choice = shown.choice
    order = controls.choose(t("forecast.order"), "f_order", ORDERS, ORDERS[0], lambda o: t(f"forecast.order_{o}"), "segments")
    codes = _ordered(shown, order)
    names = series.unique_names(codes)
    common = not choice.indicator.is_sum
    room, most, beside = (WIDTH_NARROW, 2, BESIDE_NARROW) if frame.narrow() else (WIDTH, 7 if common else 6, 0)
    columns = min(most, columns_for(min(len(codes), MOST)))
    width = (room - 45) // columns - 14 if common else room // columns - OWN_AXIS
    rows = [row for code in codes[:MOST] for row in _cell(shown, code, names[code])]
    unit = choice.indicator.unit.of(language())
    spec = charts_forecast.multiples(rows, unit, language(), columns=columns, width=min(230, width - beside), common=common)
    finding = forecast_words.unit_finding(choice, shown.period).message
    alt = t("forecast.multiples_alt", finding=finding)
    st.vega_lite_chart(None, spec, theme=None, key="f_multiples", alt=alt, width="content")
    st.caption(frame.plain(" ".join(_notes(shown, codes, common))))
    with st.expander(t("forecast.table"), icon=":material/table:", on_change="rerun", key="f_all_table") as table:
        if table.open:
            forecast_table.read(shown, codes, "f_all_rows")
    with st.container(horizontal=True):
        foot = frame.source_words([choice.indicator])
        files = downloads.Shown(finding, forecast_words.subtitle(choice), foot, pl.DataFrame(), spec,
                                ready=lambda: data.table_rows(choice, codes))  # fmt: skip
        downloads.menu(files, "f_all")
        frame.link_button("f_all_link")


def _ordered(shown: Outlook, order: str) -> list[str]:
    """Return the unit's areas that have a value or a forecast, in the chosen order; those without a forecast come last."""
    choice, areas = shown.choice, reader().catalogue.areas_of(shown.choice.unit)
    found = dict(_at_period(shown).select("area", "value").iter_rows())
    last = {a.code: ahead.last_observed(choice.indicator, a.code) for a in areas}
    there = [a for a in areas if last[a.code] is not None]

    def rank(code: str) -> float:
        before = last[code]
        if code not in found or before is None:
            return float("inf")
        return -(found[code] if order == "value" else found[code] - before[1])

    if order == "name":
        return [a.code for a in sorted(there, key=lambda a: a.name)]
    return sorted((a.code for a in there), key=rank)


def _at_period(shown: Outlook) -> pl.DataFrame:
    return ahead.quantiles(shown.choice.indicator, shown.choice.method).filter(pl.col("period") == shown.period)


def _cell(shown: Outlook, code: str, name: str) -> Rows:
    """Return past and future of one area as points of its small picture, with no more digits than can be seen."""
    choice, digits = shown.choice, shown.choice.indicator.decimals + 2
    drawn: Rows = [
        {"name": name, "kind": "past", **{k: row[k] for k in ("period", "value", "text", "when", "part")}}
        for row in series.line_rows(choice.indicator, data.observed(choice.indicator, code), code, name, "area")
    ]
    level, at = choice.level, shown.period.isoformat()
    for row in ahead.points(choice.indicator, choice.method, code, choice.until, level):
        chosen = row["period"] == at and not row["joint"]
        mark = {"chosen": True, "label": format_value(row["value"], choice.indicator.decimals, language())} if chosen else {}
        ends = {"value": row["value"], "low": row[f"low_{level}"], "high": row[f"high_{level}"]}
        rounded = {key: round(number, digits) for key, number in ends.items()}
        drawn.append({"name": name, "kind": "future", **{k: row[k] for k in ("period", "text", "when")}, **rounded, **mark})
    return drawn


def _notes(shown: Outlook, codes: list[str], common: bool) -> list[str]:
    areas, there = reader().catalogue.areas, set(_at_period(shown)["area"])
    silent = [areas[code].name for code in codes if code not in there]
    return [
        t("forecast.multiples_note", level=shown.choice.level),
        t("forecast.multiples_common" if common else "forecast.multiples_own"),
        *([t("forecast.cells", n=MOST, of=len(codes))] if len(codes) > MOST else []),
        *([t("forecast.multiples_silent", names=", ".join(silent[:8]))] if silent else []),
    ]
