"""Write what is shown as files: CSV (German and international), XLSX, Parquet, GeoJSON, SVG, PNG. Knows no Streamlit."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from model.catalogue import Catalogue
from model.vocabulary import period_code
from pages.parts.text import text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


@dataclass(frozen=True)
class Sheet:
    """A table on its way out: rows with headers as people read them, and the lines that explain them."""

    rows: pl.DataFrame
    notes: tuple[tuple[str, str], ...]
    name: str


def labelled(table: pl.DataFrame, catalogue: Catalogue, language: str, synthetic: bool) -> pl.DataFrame:
    """Return an indicator table with names beside the codes, periods as codes and a note on every synthetic row."""
    indicators = catalogue.indicators
    titles = {id: i.title.of(language) for id, i in indicators.items()}
    units = {id: i.unit.of(language) for id, i in indicators.items()}
    names = {code: area.name for code, area in catalogue.areas.items()}
    frequency = {id: i.frequency for id, i in indicators.items()}
    periods = [period_code(p, frequency[i]) for i, p in table.select("indicator", "period").iter_rows()]
    named = table.with_columns(
        pl.col("indicator").replace_strict(titles, default=None, return_dtype=pl.String).alias("title"),
        pl.col("indicator").replace_strict(units, default=None, return_dtype=pl.String).alias("unit"),
        pl.col("area").replace_strict(names, default=None, return_dtype=pl.String).alias("area_name"),
        pl.Series("period", periods, dtype=pl.String),
    ).select(
        "indicator",
        "title",
        "area",
        "area_name",
        "period",
        "sex",
        "age",
        "scenario",
        "value",
        "lower",
        "upper",
        "unit",
        "status",
        "source",
    )
    return named.with_columns(pl.lit(text("shared.synthetic", language)).alias("note")) if synthetic else named


def csv_german(rows: pl.DataFrame) -> bytes:
    """Return CSV that German Excel opens by double click: semicolon, decimal comma, byte order mark."""
    body = _harmless(rows).write_csv(separator=";", decimal_comma=True, line_terminator="\r\n")
    return (BOM + body).encode("utf-8")


def csv_international(rows: pl.DataFrame) -> bytes:
    """Return CSV with comma and decimal point, UTF-8."""
    return _harmless(rows).write_csv().encode("utf-8")


def parquet(rows: pl.DataFrame) -> bytes:
    """Return the rows as Parquet."""
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    return buffer.getvalue()


def workbook(sheet: Sheet, language: str) -> bytes:
    """Return an Excel workbook: the table, and a second sheet with sources and notes."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        page = book.add_worksheet(text("files.sheet_data", language))
        for column, name in enumerate(sheet.rows.columns):
            page.write_string(0, column, name, bold)
            for line, value in enumerate(sheet.rows[name], start=1):
                _write_cell(page, line, column, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(sheet.rows.height, 1), sheet.rows.width - 1)
        page.autofit(max_width=320)
        about = book.add_worksheet(text("files.sheet_notes", language))
        for line, (key, value) in enumerate(sheet.notes):
            about.write_string(line, 0, key, bold)
            about.write_string(line, 1, value)
        about.set_column(0, 0, 26)
        about.set_column(1, 1, 110, book.add_format({"text_wrap": True}))
    return buffer.getvalue()


def geojson(geometry: bytes, rows: pl.DataFrame) -> bytes:
    """Return the geometry with one property per column of `rows` (one row per area, column `area`)."""
    collection = json.loads(geometry)
    by_area = {row["area"]: row for row in rows.iter_rows(named=True)}
    for feature in collection["features"]:
        feature["properties"] |= by_area.get(feature["properties"]["code"], {})
    return json.dumps(collection, ensure_ascii=False, default=str).encode("utf-8")


def svg(spec: dict[str, Any]) -> bytes:
    """Return a chart as SVG."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec).encode("utf-8")


def png(spec: dict[str, Any]) -> bytes:
    """Return a chart as PNG, twice the screen's resolution."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def safe_name(*parts: str) -> str:
    """Return a file name of letters, digits and hyphens made from `parts`."""
    joined = "_".join(parts)
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        joined = joined.replace(letter, plain)
    plain = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "-" for c in joined)
    return re.sub(r"-*_-*", "_", re.sub(r"-{2,}", "-", plain))[:80].strip("-_")


def _harmless(rows: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    texts: Sequence[str] = [name for name, kind in rows.schema.items() if kind == pl.String]
    dangerous = r"^[=+\-@\t\r]"
    return rows.with_columns(
        pl.when(pl.col(c).str.contains(dangerous)).then(pl.lit("'") + pl.col(c)).otherwise(pl.col(c)).alias(c) for c in texts
    )


def _write_cell(page: Any, line: int, column: int, value: Any) -> None:
    if value is None:
        page.write_blank(line, column, None)
    elif isinstance(value, int | float):
        page.write_number(line, column, value)
    else:
        page.write_string(line, column, str(value))
