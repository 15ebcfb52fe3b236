"""The download menu: exactly what is shown, with title, source and date; files are made on the click."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from model.profile.numbers import format_value
from pages.parts import charts, files
from pages.parts.files import Sheet
from pages.parts.frame import address, language, reader, t
from pages.parts.text import text

Maker = Callable[[], bytes]
MOST_EXCEL_ROWS = 30_000  # a workbook takes a quarter of a second per thousand rows


@dataclass(frozen=True)
class Shown:
    """What is on the screen: its heading, its source line, its rows (indicator table) and, if any, picture and geometry.

    `ready` makes derived rows (ranks, scores, measures of inequality) that go out as they are instead of `table`.
    """

    title: str
    subtitle: str
    foot: str
    table: pl.DataFrame
    picture: dict[str, Any] | None = None
    geometry: bytes | None = None
    ready: Callable[[], pl.DataFrame] | None = None


def menu(shown: Shown | Callable[[], Shown], name: str) -> None:
    """Offer `shown`, made once the menu is opened, in every format; `name` keeps several menus on a page apart."""
    with st.popover(t("shared.download"), icon=":material/download:", key=f"{name}_downloads", on_change="rerun") as opened:
        if not opened.open:
            return
        shown = shown() if callable(shown) else shown
        st.caption(t("files.as_table"))
        for kind, ending, mime, make in _tables(shown):
            _button(t(f"files.{kind}"), make, f"{name}_{kind}", _file_name(shown, ending), mime)
        if shown.table.height > MOST_EXCEL_ROWS:
            st.caption(t("files.too_long", rows=format_value(shown.table.height, 0, language())))
        if shown.picture is not None:
            st.caption(t("files.as_picture"))
            drawn = charts.titled(shown.picture, shown.title, shown.subtitle, f"{shown.foot} {today()}")
            _button(t("files.svg"), partial(files.svg, drawn), f"{name}_svg", _file_name(shown, "svg"), "image/svg+xml")
            _button(t("files.png"), partial(files.png, drawn), f"{name}_png", _file_name(shown, "png"), "image/png")


def today() -> str:
    """Return today's date as the reader writes it."""
    return date.today().strftime("%d.%m.%Y" if language() == "de" else "%Y-%m-%d")


def _tables(shown: Shown) -> list[tuple[str, str, str, Maker]]:
    door = reader()
    tongue = language()
    notes = (
        (t("files.title"), shown.title),
        (t("files.subtitle"), shown.subtitle),
        (t("files.source"), shown.foot),
        (t("files.created"), today()),
        (t("files.link"), address()),
        (t("files.statuses"), t("files.statuses_text")),
    )

    def rows() -> pl.DataFrame:
        if shown.ready is not None:
            made = shown.ready()
            return made.with_columns(note=pl.lit(text("shared.synthetic", tongue))) if door.package.synthetic else made
        return files.labelled(shown.table, door.catalogue, tongue, door.package.synthetic)

    made: list[tuple[str, str, str, Maker]] = [
        ("csv_german", "csv", "text/csv", lambda: files.csv_german(rows())),
        ("csv", "csv", "text/csv", lambda: files.csv_international(rows())),
        ("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         lambda: files.workbook(Sheet(rows(), notes, shown.title), tongue)),
        ("parquet", "parquet", "application/octet-stream", lambda: files.parquet(rows())),
    ]  # fmt: skip
    if shown.table.height > MOST_EXCEL_ROWS:
        made = [entry for entry in made if entry[0] != "xlsx"]
    geometry = shown.geometry
    if geometry is not None:
        made.append(("geojson", "geojson", "application/geo+json", lambda: files.geojson(geometry, rows())))
    return made


def _button(label: str, make: Maker, key: str, name: str, mime: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, key=key, on_click="ignore", width="stretch")


def _file_name(shown: Shown, ending: str) -> str:
    door = reader()
    mark = "synthetisch" if door.package.synthetic else ""
    parts = [p for p in (door.package.id, mark, re.split(r"[:(]", shown.title)[0]) if p]
    return f"{files.safe_name(*parts)}.{ending}"
