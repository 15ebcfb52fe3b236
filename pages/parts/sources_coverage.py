"""The coverage of one indicator: which area has a value in which period, and what kind of empty the others are."""

from __future__ import annotations

from datetime import date

import polars as pl
import streamlit as st

from model.catalogue import Area, Indicator
from model.profile.numbers import EMPTY_WORDS, format_percent, format_period, format_status, format_value
from model.vocabulary import STATUSES
from pages.parts import cache, charts_sources, controls, downloads, frame, sources_places, tables
from pages.parts.frame import language, reader, t
from pages.parts.sources_extent import ZERO, Extent

MOST_AREAS = 60
MOST_LABELS = 12


def show(indicator: Indicator, there: Extent) -> None:
    """Draw the grid with its sentence, its legend and its table."""
    st.subheader(t("sources.coverage"), anchor=False)
    if not there.units:
        st.info(t("shared.no_data"), icon=":material/info:")
        return
    unit = controls.unit_choice(reader().catalogue, list(there.units))
    cells = cache.coverage(reader().release, indicator.id, unit, reader().role)
    areas = _fullest_of_gaps(cells, unit)
    counts = dict(cells.group_by("kind").len().iter_rows())
    words = kind_words()
    finding = _finding(counts)
    st.markdown(frame.plain(finding))
    st.html(charts_sources.coverage_legend(counts, words))
    spec = _chart(indicator, cells, areas, words)
    alt = t("sources.coverage_alt", indicator=indicator.title.of(language()), finding=finding)
    st.vega_lite_chart(None, spec, theme=None, key="coverage", alt=alt)
    if len(areas) == MOST_AREAS:
        st.caption(t("sources.coverage_most", n=MOST_AREAS, of=cells["area"].n_unique()))
    _table(indicator, cells, finding, spec)


def kind_words() -> dict[str, str]:
    """Return the words for every kind of cell."""
    return {status: format_status(status, language()) for status in STATUSES} | {ZERO: t("shared.zero")}


def _fullest_of_gaps(cells: pl.DataFrame, unit: str) -> list[Area]:
    """Return the unit's areas by name; of very many only those that lack most values."""
    areas = sorted(reader().catalogue.areas_of(unit, current=False), key=lambda a: (a.name, a.code))
    if len(areas) <= MOST_AREAS:
        return areas
    empty = cells.group_by("area").agg(pl.col("kind").is_in(["suppressed", "missing"]).sum().alias("n"))
    worst = set(empty.sort("n", "area", descending=[True, False])["area"].head(MOST_AREAS))
    return [a for a in areas if a.code in worst]


def _finding(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    empty = {kind: counts.get(kind, 0) for kind in EMPTY_WORDS}
    full = total - sum(empty.values())
    said = [f"{format_value(n, 0, language())} {format_status(kind, language())}" for kind, n in empty.items() if n]
    if counts.get(ZERO):
        said.append(t("sources.coverage_zero", n=format_value(counts[ZERO], 0, language())))
    share = format_percent(100 * full / total if total else None, 0 if full in (0, total) else 1, language())
    head = t("sources.coverage_full", n=format_value(full, 0, language()), of=format_value(total, 0, language()), share=share)
    return f"{head} {'; '.join(said)}." if said else head


def _chart(indicator: Indicator, cells: pl.DataFrame, areas: list[Area], words: dict[str, str]) -> dict[str, object]:
    names = _names(areas)
    periods = cells["period"].unique().sort().to_list()
    said = {p: format_period(p, indicator.frequency, language()) for p in periods}
    rows = [
        {"area": names[area], "period": period.isoformat(), "when": said[period], "kind": kind}
        for area, period, kind in cells.filter(pl.col("area").is_in(list(names))).iter_rows()
    ]
    labels = {p.isoformat(): label for p, label in _labels(indicator, periods).items()}
    return charts_sources.coverage(rows, labels, list(names.values()), words, language())


def _labels(indicator: Indicator, periods: list[date]) -> dict[date, str]:
    """Return the label of each column: years, "" where a label would be one too many."""
    years = sorted({p.year for p in periods})
    step = -(-len(years) // (MOST_LABELS // 2 if frame.narrow() else MOST_LABELS))
    firsts = {min(p for p in periods if p.year == year) for year in years[::step]}
    school = indicator.frequency == "school_year"
    return {p: (format_period(p, "school_year" if school else "annual", language()) if p in firsts else "") for p in periods}


def _names(areas: list[Area]) -> dict[str, str]:
    """Return the lines' names: former areas say until when, areas of one name their code."""
    known = [a.name for a in areas]
    return {a.code: _name(a, known.count(a.name) > 1) for a in areas}


def _name(area: Area, double: bool) -> str:
    name = f"{area.name} ({area.code})" if double else area.name
    ended = sources_places.last_day(area)
    return name if ended is None else t("sources.former", name=name, year=ended.year)


def _table(indicator: Indicator, cells: pl.DataFrame, finding: str, spec: dict[str, object]) -> None:
    words = kind_words()

    def rows() -> pl.DataFrame:
        areas = reader().catalogue.areas
        return cells.select(
            pl.col("area").alias(t("shared.code_column")),
            pl.col("area").replace_strict({c: areas[c].name for c in cells["area"].unique()}).alias(t("shared.area_column")),
            pl.Series(t("shared.period_column"), [format_period(p, indicator.frequency, language()) for p in cells["period"]]),
            pl.col("kind").replace_strict(words).alias(t("shared.status_column")),
        )

    with st.expander(t("shared.table"), icon=":material/table:", on_change="rerun", key="coverage_table") as table:
        if table.open:
            st.dataframe(tables.written(rows(), {}), hide_index=True, key="coverage_rows", alt=finding)
    title = f"{t('sources.coverage')}: {indicator.title.of(language())}"
    foot = frame.source_words([indicator])
    downloads.menu(downloads.Shown(title, finding, foot, pl.DataFrame(), spec, ready=rows), "coverage")
