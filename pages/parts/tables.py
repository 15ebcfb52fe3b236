"""Tables on the screen: right-aligned numbers in the reader's language, the kinds of empty in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from model.profile.numbers import format_status, format_value
from model.query.rank import rank
from pages.parts import controls, session
from pages.parts.frame import language, reader, t


def area_table(rows: pl.DataFrame, decimals: int, unit: str, chosen: Sequence[str] = (), key: str = "table") -> None:
    """Show one picture's areas with rank, value and status, sortable; `rows` has area, value, status.

    The ticked rows are the page's one selection: ticking changes map, bars and lines, and the other way round.
    """
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
    name = t("shared.value_column") + (f" ({unit})" if unit else "")
    shown = shown.rename({t("shared.value_column"): name})
    codes = ordered["area"].to_list()
    ticked = [i for i, code in enumerate(codes) if code in chosen]
    key = f"{key}_{'_'.join(sorted(chosen))}"  # a selection made elsewhere draws the ticks anew
    st.dataframe(
        written(shown, {name: decimals}),
        hide_index=True,
        key=key,
        height=430,
        placeholder="–",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}},
        on_select=lambda: _ticked(key, codes),
    )


def _ticked(key: str, codes: Sequence[str]) -> None:
    rows = (session.widget(key) or {}).get("selection", {}).get("rows", [])
    session.remember("area", [codes[i] for i in rows if 0 <= i < len(codes)][: controls.MOST_AREAS])


def written(rows: pl.DataFrame, decimals: Mapping[str, int]) -> Any:
    """Return rows whose number columns are written in the reader's language but still sort as numbers."""
    tongue = language()
    style = rows.to_pandas().style
    for column, places in decimals.items():
        style = style.format(partial(format_value, decimals=places, language=tongue), subset=[column], na_rep="–")
    return style


def words_table(rows: list[dict[str, str]], key: str) -> None:
    """Show rows of ready text."""
    st.dataframe(pl.DataFrame(rows), hide_index=True, key=key)
