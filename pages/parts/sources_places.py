"""Areas with their validity and predecessors; events and breaks that help to read a series."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import streamlit as st

from model.catalogue import Area
from model.profile.numbers import format_period
from pages.parts import controls, downloads, frame, tables
from pages.parts.frame import language, reader, t


def show_areas() -> None:
    """Show the areas of one spatial unit."""
    catalogue = reader().catalogue
    unit = controls.unit_choice(catalogue, list(catalogue.units), "area_unit")
    areas = catalogue.areas_of(unit, current=False)
    current = sum(a.is_current for a in areas)
    words = {"n": current, "areas": catalogue.unit(unit).plural.of(language()), "former": len(areas) - current}
    title = t("sources.areas_former" if words["former"] else "sources.areas_title", **words)
    frame.head(title, t("sources.areas_subtitle"))
    rows = pl.DataFrame([_area_row(a) for a in areas], infer_schema_length=None)
    day = st.column_config.DateColumn(format="DD.MM.YYYY" if language() == "de" else "YYYY-MM-DD")
    st.dataframe(
        tables.written(rows, {t("sources.square_km"): 2}), hide_index=True, key="areas", alt=title, placeholder="",
        height=min(36 * (rows.height + 1), 640),
        column_config={t("sources.valid_from"): day, t("sources.valid_to"): day},
    )  # fmt: skip
    downloads.menu(downloads.Shown(title, t("sources.areas_subtitle"), _foot(), pl.DataFrame(), ready=lambda: rows), "areas")


def _area_row(area: Area) -> dict[str, str | date | float | None]:
    areas = reader().catalogue.areas
    return {
        t("shared.code_column"): area.code,
        t("shared.area_column"): area.name,
        t("shared.parent_column"): areas[area.parent].name if area.parent in areas else "",
        t("sources.valid_from"): area.valid_from,
        t("sources.valid_to"): last_day(area),
        t("sources.predecessors"): ", ".join(areas[p].name if p in areas else p for p in area.predecessors),
        t("sources.square_km"): None if area.square_km is None else round(area.square_km, 2),
    }


def last_day(area: Area) -> date | None:
    """Return the last day on which a former area was valid."""
    return None if area.valid_to is None else area.valid_to - timedelta(days=1)


def show_events() -> None:
    """Show events of the package and breaks of the indicators in the order of time."""
    found = sorted([*_events(), *_breaks(), *_reforms()], key=lambda row: row[0])
    frame.head(t("sources.events_title"), t("sources.events_subtitle"))
    if not found:
        st.markdown(t("sources.events_none"))
        return
    rows = pl.DataFrame(
        [
            {
                t("shared.period_column"): when,
                t("sources.event_kind"): t(f"sources.event_{kind}"),
                t("sources.event_what"): what,
                t("sources.event_whom"): whom,
            }
            for _, when, kind, what, whom in found
        ]
    )
    st.dataframe(rows, hide_index=True, key="events", alt=t("sources.events_title"), height="content")
    shown = downloads.Shown(t("sources.events_title"), t("sources.events_subtitle"), _foot(), pl.DataFrame(), ready=lambda: rows)
    downloads.menu(shown, "events")


Row = tuple[date, str, str, str, str]


def _events() -> list[Row]:
    return [(e.period, str(e.period.year), "event", e.title.of(language()), "") for e in reader().package.events]


def _breaks() -> list[Row]:
    """Return the breaks, those of the same time and cause in one row."""
    whom: dict[tuple[date, str, str], list[str]] = {}
    for indicator in reader().catalogue.indicators.values():
        for mark in indicator.breaks:
            when = format_period(mark.period, indicator.frequency, language())
            whom.setdefault((mark.period, when, mark.note.of(language())), []).append(indicator.title.of(language()))
    return [(period, when, "break", note, ", ".join(titles)) for (period, when, note), titles in whom.items()]


def _reforms() -> list[Row]:
    """Return the changes of territory: which areas came from which."""
    areas = reader().catalogue.areas
    new = [a for a in areas.values() if a.predecessors and a.valid_from]
    return [
        (a.valid_from, str(a.valid_from.year), "reform",
         t("sources.reform", name=a.name, before=", ".join(areas[p].name if p in areas else p for p in a.predecessors)), a.name)
        for a in new if a.valid_from
    ]  # fmt: skip


def _foot() -> str:
    return frame.source_words(list(reader().catalogue.indicators.values()))
