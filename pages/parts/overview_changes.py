"""What changed most since the last period, each with the way to its area."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Catalogue
from model.profile.findings import mover_sentence
from pages.parts import cache, downloads, frame, links
from pages.parts.frame import language, reader, t

MOST = 8


def show(catalogue: Catalogue) -> None:
    """Show the list of what moved most, with its files."""
    st.subheader(t("overview.changes"), anchor=False)
    door, unit = reader(), catalogue.finest
    rows = cache.most_changed(door.release, unit.id, MOST, door.role)
    if rows.is_empty():
        st.caption(t("overview.changes_none"))
        return
    st.caption(t("overview.changes_note"))
    with links.listed("o_changes"):
        for row in rows.to_dicts():
            _line(row, catalogue)
    indicators = [catalogue.indicator(id) for id in rows["indicator"]]
    title = t("overview.changes_title", unit=unit.plural.of(language()))
    foot = frame.source_words(indicators)
    downloads.menu(
        downloads.Shown(title, t("overview.changes_note"), foot, pl.DataFrame(), ready=lambda: _named(rows, catalogue)),
        "o_movers",
    )
    frame.source_line(indicators)


def _line(row: dict[str, Any], catalogue: Catalogue) -> None:
    icon = "trending_up" if row["change"] > 0 else "trending_down"
    topic = catalogue.indicator(row["indicator"]).topic
    links.to("area", mover_sentence(row, catalogue, language()), icon=icon, place=row["area"], topic=topic)


def _named(rows: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    titles = [catalogue.indicator(id).title.of(language()) for id in rows["indicator"]]
    names = [catalogue.area(code).name for code in rows["area"]]
    return rows.with_columns(title=pl.Series(titles, dtype=pl.String), area_name=pl.Series(names, dtype=pl.String))
