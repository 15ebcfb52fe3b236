"""Tables of the area page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import tables
from pages.parts.frame import t

HEIGHT = 430


def show(rows: pl.DataFrame, decimals: Mapping[str, int], key: str, alt: str, labels: Mapping[str, str] = {}) -> None:
    """Show rows under headers as people read them; `labels` are headers that texts/area.toml does not know."""
    config: dict[str, Any] = {name: labels.get(name) or t(f"area.col_{name}") for name in rows.columns}
    room: Any = HEIGHT if rows.height > HEIGHT // 35 else "content"
    st.dataframe(tables.written(rows, decimals), hide_index=True, key=key, column_config=config, height=room, alt=alt)
