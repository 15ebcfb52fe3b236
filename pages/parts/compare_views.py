"""One question, one picture: its finding above, what is measured, the picture, then table, files, link and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.profile.captions import Caption
from model.profile.numbers import format_status
from pages.parts import downloads, frame, tables
from pages.parts.compare_choices import BY_TOPIC, Choice
from pages.parts.frame import language, t

TABLE_HEIGHT = 430


@dataclass(frozen=True)
class View:
    """A picture and what it says: `frame` makes its rows for the table and for files; `notes` are sentences below it.

    `body` draws something else than a chart; `labels` are headers of columns that texts/compare.toml does not know.
    """

    caption: Caption
    subtitle: str
    spec: dict[str, Any] | None
    frame: Callable[[], pl.DataFrame]
    indicators: list[Indicator]
    notes: list[str] = field(default_factory=list)
    decimals: int = 2
    fixed_width: bool = False
    on_select: Callable[[], None] | None = None
    body: Callable[[], None] | None = None
    labels: dict[str, str] = field(default_factory=dict)


def show(choice: Choice, settings: DeltaGenerator) -> None:
    """Draw the chosen view; its own controls go to `settings`."""
    from pages.parts import compare_profile, compare_ranking, compare_scatter, compare_spread, compare_table, compare_time

    draw: dict[str, Callable[[Choice, DeltaGenerator], View]] = {
        "ranking": compare_ranking.view,
        "multiples": compare_time.multiples,
        "lines": compare_time.lines,
        "scatter": compare_scatter.view,
        "spine": compare_profile.spine_view,
        "radar": compare_profile.radar_view,
        "spread": compare_spread.spread,
        "inequality": compare_spread.inequality,
        "table": compare_table.view,
    }
    if choice.view not in BY_TOPIC and not choice.periods:
        frame.head(t("compare.nothing", indicator=choice.indicator.title.of(language())), t("compare.nothing_hint"))
        return
    present(draw[choice.view](choice, settings), choice.view)


def present(view: View, name: str) -> None:
    """Show a view the way all views are shown."""
    frame.head(view.caption.message, view.subtitle)
    if view.caption.detail:
        st.markdown(frame.plain(view.caption.detail))
    if view.spec is not None:
        st.vega_lite_chart(
            None,
            view.spec,
            theme=None,
            key=f"c_{name}",
            alt=view.caption.alt,
            width="content" if view.fixed_width else "stretch",
            on_select=view.on_select or "ignore",
        )
    if view.body is not None:
        view.body()
    for note in filter(None, view.notes):
        st.caption(frame.plain(note))
    if view.spec is not None:
        with st.expander(t("shared.table"), icon=":material/table:", on_change="rerun", key=f"c_{name}_table") as table:
            if table.open:
                read(view.frame(), view.decimals, f"c_{name}_rows", view.caption.message, _labels(view))
    with st.container(horizontal=True):
        foot = frame.source_words(view.indicators)
        shown = downloads.Shown(view.caption.message, view.subtitle, foot, pl.DataFrame(), view.spec, ready=view.frame)
        downloads.menu(shown, f"c_{name}")
        frame.link_button(f"c_{name}_link")
    frame.source_line(view.indicators)


def read(
    rows: pl.DataFrame,
    decimals: int,
    key: str,
    alt: str,
    labels: Mapping[str, str] = {},
    height: int = TABLE_HEIGHT,
    **columns: Any,
) -> None:
    """Show rows with headers as people read them, sortable and searchable."""
    config: dict[str, Any] = {name: labels.get(name) or t(f"compare.col_{name}") for name in rows.columns}
    if "area_name" in rows.columns:
        config["area_name"] = st.column_config.TextColumn(t("compare.col_area_name"), width=170)
    numbers = {name: decimals for name, kind in rows.schema.items() if kind == pl.Float64}
    room: Any = height if rows.height * 35 > height else "content"
    shown = tables.written(_in_words(rows), numbers)
    st.dataframe(shown, hide_index=True, key=key, column_config=config | columns, height=room, alt=alt, placeholder="–")


def value_label(unit: str) -> str:
    """Return the header of the values: Wert (%)."""
    return f"{t('compare.col_value')} ({unit})" if unit else t("compare.col_value")


def _labels(view: View) -> dict[str, str]:
    one = len(view.indicators) == 1
    return ({"value": value_label(view.indicators[0].unit.of(language()))} if one else {}) | view.labels


def _in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose codes for status and reliability are written out for reading; files keep the codes."""
    for column, words in (("status", _status_words), ("grade", _grade_words)):
        if column in rows.columns:
            written = [words(str(code)) for code in rows[column]]
            rows = rows.with_columns(pl.Series(column, written, dtype=pl.String))
    return rows


def _status_words(code: str) -> str:
    return format_status(code, language())


def _grade_words(code: str) -> str:
    return t(f"compare.grade_{code}") if code else ""
