"""What the city builds: new dwellings and care places by place and years, on a small editable table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isnan
from typing import Any

import polars as pl
import streamlit as st

from model.demography.levers import LEVERS, parse_settings
from model.demography.planner import Planner
from model.errors import DatalabError
from model.profile.numbers import format_value
from model.profile.phrases import in_area
from pages.parts import ageing_question, ageing_rows, series, session
from pages.parts.frame import language, reader, t

NAME = "a_project"
KINDS = ("dwellings", "care_places")
MOST = 40
_SETTING = re.compile(r"(dwellings|care_places)\[([^,\]]+),(\d{4})(?:-(\d{4}))?\]=(-?[\d.]+)")


def choose(planner: Planner) -> list[str]:
    """Draw the table and return its complete rows as settings."""
    known = planned(planner)
    base, key = ageing_rows.begin(NAME, known)
    names = series.unique_names(ageing_question.places(planner))
    st.caption(t("ageing.projects_help"))
    edited = st.data_editor(
        _table(base, names, planner), num_rows="dynamic", hide_index=True, height="content",
        key=key, column_config=_columns(names, planner),
    )  # fmt: skip
    settings = [s for row in edited.to_dicts() if (s := _setting(row, names))][:MOST]
    ageing_rows.end(NAME, settings)
    session.remember(NAME, settings)
    session.keep(NAME, settings, [])
    return settings


def planned(planner: Planner) -> list[str]:
    """Return what the table holds before it is drawn."""
    session.prepare(NAME, lambda values: _checked(values, planner), [])
    return list(session.current(NAME))


def replace(settings: Sequence[str]) -> None:
    """Put other rows into the table."""
    session.remember(NAME, list(settings))


def _checked(values: Sequence[str], planner: Planner) -> list[str]:
    """Return rows of an address. Raises ValueError for anything that is none."""
    try:
        parse_settings(values)
    except DatalabError as error:
        raise ValueError(str(error)) from error
    for value in values:
        found = _SETTING.fullmatch(value)
        if found is None or found[2] not in planner.where.names:
            raise ValueError(value)
    return list(values)


def _table(settings: Sequence[str], names: dict[str, str], planner: Planner) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for setting in settings:
        found = _SETTING.fullmatch(setting)
        assert found is not None
        first, last = int(found[3]), int(found[4] or found[3])
        rows.append({"kind": _word(found[1]), "place": names[found[2]], "first": first, "last": last, "number": float(found[5])})
    kinds = {"kind": pl.String, "place": pl.String, "first": pl.Int64, "last": pl.Int64, "number": pl.Float64}
    return pl.DataFrame(rows, schema=kinds)


def _columns(names: dict[str, str], planner: Planner) -> dict[str, Any]:
    years: dict[str, Any] = {"min_value": planner.year + 1, "max_value": planner.until, "step": 1, "format": "%d"}
    return {
        "kind": st.column_config.SelectboxColumn(t("ageing.project_kind"), options=[_word(k) for k in KINDS]),
        "place": st.column_config.SelectboxColumn(t("ageing.project_place"), options=list(names.values())),
        "first": st.column_config.NumberColumn(t("ageing.project_first"), **years),
        "last": st.column_config.NumberColumn(t("ageing.project_last"), **years),
        "number": st.column_config.NumberColumn(
            t("ageing.project_number"), min_value=-1000, max_value=LEVERS["dwellings"].high, step=1, format="%d"
        ),
    }


def _setting(row: dict[str, Any], names: dict[str, str]) -> str:
    """Return a row as a setting; empty while it is not complete."""
    codes = {name: code for code, name in names.items()}
    kinds = {_word(kind): kind for kind in KINDS}
    first, last, number = (_filled(row[name]) for name in ("first", "last", "number"))
    if row["kind"] not in kinds or row["place"] not in codes or not number or first is None:
        return ""
    kind, end = kinds[row["kind"]], max(first, last or first)
    number = max(number, 0.0) if kind == "dwellings" else number
    years = f"{first:.0f}-{end:.0f}" if end > first else f"{first:.0f}"
    return f"{kind}[{codes[row['place']]},{years}]={number:g}"


def _filled(value: float | None) -> float | None:
    """Return a number of the table, None while its cell is empty; an unfinished row turns whole numbers into others."""
    return None if value is None or isnan(value) else float(value)


def _word(kind: str) -> str:
    return t(f"ageing.project_{kind}")


def said(settings: Sequence[str]) -> str:
    """Return what is planned in words, in one line."""
    parts = []
    for found in filter(None, map(_SETTING.fullmatch, settings)):
        years = f"{found[3]}–{found[4]}" if found[4] else found[3]
        where = in_area(reader().catalogue.area(found[2]).name, language())
        number = format_value(float(found[5]), 0, language())
        parts.append(t(f"ageing.project_said_{found[1]}", number=number, where=where, years=years))
    return "; ".join(parts) or t("ageing.projects_none")
