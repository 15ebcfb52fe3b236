"""Tables on the screen: right-aligned numbers in the reader's language, the kinds of empty in words."""

from __future__ import annotations

import polars as pl
import streamlit as st

from model.profile.numbers import format_status
from model.query.rank import rank
from pages.parts.frame import language, reader, t


def area_table(rows: pl.DataFrame, decimals: int, unit: str, key: str = "table") -> None:
    """Show one picture's areas with rank, value and status, sortable; `rows` has area, value, status."""
    areas = reader().catalogue.areas
    ordered = rows.sort("value", descending=True, nulls_last=True)
    places = [int(p) or None for p in rank(ordered["value"])]
    shown = pl.DataFrame(
        {
            t("shared.rank_column"): places,
            t("shared.area_column"): [areas[c].name for c in ordered["area"]],
            t("shared.parent_column"): [areas[areas[c].parent].name if areas[c].parent in areas else "" for c in ordered["area"]],
            t("shared.value_column"): ordered["value"],
            t("shared.status_column"): [format_status(str(s), language()) for s in ordered["status"]],
            t("shared.code_column"): ordered["area"],
        }
    )
    value = st.column_config.NumberColumn(
        f"{t('shared.value_column')} ({unit})" if unit else None, format=number_format(decimals)
    )
    st.dataframe(shown, hide_index=True, key=key, column_config={t("shared.value_column"): value}, height=430)


def number_format(decimals: int) -> str:
    """Return how the browser writes numbers: in the reader's own locale with fixed decimals."""
    return "localized" if decimals == 0 else f"%.{decimals}f"


def words_table(rows: list[dict[str, str]], key: str) -> None:
    """Show rows of ready text."""
    st.dataframe(pl.DataFrame(rows), hide_index=True, key=key)
