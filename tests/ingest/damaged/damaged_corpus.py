"""Damaged input, made by small functions: every kind that concerns reading, with the verdict that is promised for it.

accept: read as meant, without a word · note: read with a note of what was repaired · refuse: not read, and the message
says file, line, column, value and reason as far as they exist.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import xlsxwriter

GOOD = "area;year;value\n01;2024;1,5\n02;2024;2,5\n"
UMLAUT = "area;name;value\n01;Süderelbe;1,5\n02;Größe;2,5\n"
Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Case:
    """Hold one damaged (or deliberately sound) file: `says` are words of message or notes, `cells` what must be read."""

    kind: str
    name: str
    file: str
    make: Callable[[], bytes]
    verdict: str
    says: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    cells: Columns = field(default_factory=dict)
    values: list[float | None] | None = None
    member: str = ""

    @property
    def id(self) -> str:
        """Return the name of the test."""
        return f"{self.kind}: {self.name}"


def csv(text: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    """Return a maker of a text file."""
    return lambda: text.encode(encoding)


def column(*cells: str) -> Callable[[], bytes]:
    """Return a maker of a CSV whose column `value` has these cells."""
    return csv("area;value\n" + "".join(f"{number:02d};{cell}\n" for number, cell in enumerate(cells, 1)))


def accept(kind: str, name: str, make: Callable[[], bytes], file: str = "t.csv", **more: Any) -> Case:
    """Return a case that is read without a word."""
    return Case(kind, name, file, make, "accept", **more)


def note(kind: str, name: str, make: Callable[[], bytes], *says: str, file: str = "t.csv", **more: Any) -> Case:
    """Return a case that is read with a note."""
    return Case(kind, name, file, make, "note", says, **more)


def refuse(kind: str, name: str, make: Callable[[], bytes], *says: str, file: str = "t.csv", **more: Any) -> Case:
    """Return a case that is refused."""
    return Case(kind, name, file, make, "refuse", says, **more)


# ---------------------------------------------------------------------------------------------------------- workbooks


def xlsx(
    fill: Callable[[Any, Any], None], *more_sheets: str, patch: tuple[str, bytes, bytes] | None = None
) -> Callable[[], bytes]:
    """Return a maker of a workbook: `fill` writes the first sheet; `patch` changes bytes of one part afterwards."""

    def make() -> bytes:
        memory = io.BytesIO()
        book = xlsxwriter.Workbook(memory)
        fill(book.add_worksheet("Table"), book)
        for name in more_sheets:
            rows(book.add_worksheet(name))
        book.close()
        return memory.getvalue() if patch is None else patched(memory.getvalue(), *patch)

    return make


def rows(sheet: Any, book: Any = None, start: int = 0) -> None:
    """Write a small sound table."""
    for number, row in enumerate((["area", "year", "value"], ["01", 2024, 1.5], ["02", 2024, 2.5])):
        sheet.write_row(start + number, 0, row)


def patched(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the archive with bytes of one part exchanged; an unknown part is added."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                assert old in content, f"{old!r} is not in {part}"
                content = content.replace(old, new)
            target.writestr(info.filename, content)
        if part not in source.namelist():
            target.writestr(part, new)
    return memory.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def merged_title(sheet: Any, book: Any) -> None:
    sheet.merge_range("A1:C1", "Residents of the city")
    rows(sheet, start=2)


def merged_header(sheet: Any, book: Any) -> None:
    sheet.merge_range("A1:A2", "area")
    sheet.merge_range("B1:C1", "2024")
    sheet.write_row("B2", ["women", "value"])
    sheet.write_row("A3", ["01", 3, 1.5])
    sheet.write_row("A4", ["02", 4, 2.5])


def merged_labels(sheet: Any, book: Any) -> None:
    sheet.write_row("A1", ["area", "sex", "value"])
    sheet.merge_range("A2:A3", "01")
    sheet.write_row("B2", ["F", 1.5])
    sheet.write_row("B3", ["M", 2.5])


def merged_number(sheet: Any, book: Any) -> None:
    sheet.write_row("A1", ["area", "value"])
    sheet.write("A2", "01")
    sheet.write("A3", "02")
    sheet.merge_range("B2:B3", 17)


def formula(sheet: Any, book: Any) -> None:
    rows(sheet)
    sheet.write_formula("C3", "=C2+1", None, 2.5)


def error_cell(sheet: Any, book: Any) -> None:
    rows(sheet)
    sheet.write_formula("C3", "=1/0", None, "#DIV/0!")


def hidden_parts(sheet: Any, book: Any) -> None:
    rows(sheet)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})


def hidden_sheet(sheet: Any, book: Any) -> None:
    rows(sheet)
    rows(other := book.add_worksheet("Secret"))
    other.hide()


def excel_date(sheet: Any, book: Any) -> None:
    rows(sheet)
    sheet.write_datetime("C3", date(2026, 3, 1), book.add_format({"num_format": "dd.mm.yyyy"}))


def key_dates(sheet: Any, book: Any) -> None:
    sheet.write_row("A1", ["area", "day", "value"])
    sheet.write_row("A2", ["01", None, 1.5])
    sheet.write_datetime("B2", date(2024, 12, 31), book.add_format({"num_format": "dd.mm.yyyy"}))


def typed(*texts: str | float) -> Callable[[Any, Any], None]:
    """Return a writer of a sheet whose value column mixes number cells and texts."""

    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row("A1", ["area", "value"])
        for number, text in enumerate(texts, 1):
            sheet.write_string(number, 0, f"{number:02d}")
            sheet.write(number, 1, text)

    return fill


def two_tables(sheet: Any, book: Any) -> None:
    rows(sheet)


ODS_ROW = "<table:table-row>{}</table:table-row>"
ODS_TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS_NUMBER = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'


def ods(*table_rows: str) -> Callable[[], bytes]:
    """Return a maker of an ODS file with these rows below the header area, value."""
    head = ODS_ROW.format(ODS_TEXT.format("area") + ODS_TEXT.format("value"))
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}office:1.0" '
        f'xmlns:table="{names}table:1.0" xmlns:text="{names}text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Table">{head}{"".join(table_rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{names}manifest:1.0">{entry}</manifest:manifest>'
    return lambda: archive({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def archive(members: dict[str, str | bytes]) -> bytes:
    """Return a zip file with these members."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return memory.getvalue()


# ----------------------------------------------------------------------------------------- Parquet, GeoJSON, GeoPackage


def parquet(columns: dict[str, Any]) -> Callable[[], bytes]:
    """Return a maker of a Parquet file."""

    def make() -> bytes:
        memory = io.BytesIO()
        pl.DataFrame(columns).write_parquet(memory)
        return memory.getvalue()

    return make


def geojson(*properties: dict[str, Any] | None, crs: str | None = None) -> Callable[[], bytes]:
    """Return a maker of a FeatureCollection with these properties."""
    square = {"type": "Polygon", "coordinates": [[[9, 54], [10, 54], [10, 55], [9, 54]]]}
    features = [{"type": "Feature", "geometry": square, "properties": given} for given in properties]
    return lambda: json.dumps({"type": "FeatureCollection", "features": features}).encode()


def geopackage(*statements: str) -> Callable[[], bytes]:
    """Return a maker of a SQLite file, made by these statements."""

    def make() -> bytes:
        store = sqlite3.connect(":memory:")
        for statement in statements:
            store.execute(statement)
        store.commit()
        return store.serialize()

    return make


LAYER = (
    "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT)",
    "CREATE TABLE units (ID TEXT, geom BLOB, 'DATE_2024-12-31' REAL)",
    "INSERT INTO gpkg_contents VALUES ('units', 'features')",
    "INSERT INTO gpkg_geometry_columns VALUES ('units', 'geom')",
    "INSERT INTO units VALUES ('01', x'00', 17.25), ('02', x'00', NULL)",
)


def cut(make: Callable[[], bytes], share: float) -> Callable[[], bytes]:
    """Return a maker of the first part of a file."""
    return lambda: (data := make())[: int(len(data) * share)]


def gz(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a maker of the file, packed by gzip."""
    return lambda: gzip.compress(make())


def zeros(megabytes: int) -> bytes:
    """Return a CSV of one repeated row, which packs to next to nothing."""
    return b"area;value\n" + b"01;0\n" * (megabytes * 200_000)


ENCODINGS = [
    accept("encoding", "UTF-8", csv(UMLAUT), cells={"name": ["Süderelbe", "Größe"]}, values=[1.5, 2.5]),
    accept("encoding", "UTF-8 with byte order mark", csv(UMLAUT, "utf-8-sig"), cells={"area": ["01", "02"]}),
    note(
        "encoding",
        "UTF-16 little endian",
        lambda: b"\xff\xfe" + UMLAUT.encode("utf-16-le"),
        "UTF-16",
        cells={"name": ["Süderelbe", "Größe"]},
    ),
    note(
        "encoding",
        "UTF-16 big endian",
        lambda: b"\xfe\xff" + UMLAUT.encode("utf-16-be"),
        "UTF-16",
        cells={"name": ["Süderelbe", "Größe"]},
    ),
    note("encoding", "UTF-32", csv(UMLAUT, "utf-32"), "UTF-32", cells={"name": ["Süderelbe", "Größe"]}),
    note("encoding", "cp1252", csv("area;name\n01;Süd – “x” €\n", "cp1252"), "cp1252", cells={"name": ["Süd – “x” €"]}),
    note("encoding", "latin-1", csv(UMLAUT, "latin-1"), "cp1252", cells={"name": ["Süderelbe", "Größe"]}),
    accept(
        "encoding",
        "latin-1 declared",
        csv(UMLAUT, "latin-1"),
        options={"encoding": "latin-1"},
        cells={"name": ["Süderelbe", "Größe"]},
    ),
    accept(
        "encoding", "cp850 declared", csv(UMLAUT, "cp850"), options={"encoding": "cp850"}, cells={"name": ["Süderelbe", "Größe"]}
    ),
    refuse("encoding", "cp850", csv(UMLAUT, "cp850"), "t.csv, line 2", "cp850"),
    refuse(
        "encoding", "mixed", lambda: UMLAUT.encode() + "03;Düne;3,5\n".encode("cp1252"), "t.csv, line 4", "mixes two encodings"
    ),
    refuse(
        "encoding", "mixed the other way", lambda: UMLAUT.encode("cp1252") + "03;Düne;3,5\n".encode(), "t.csv, line 4", "mixes"
    ),
    refuse("encoding", "encoded twice", csv(UMLAUT.encode().decode("cp1252")), "t.csv, line 2", "encoded twice", "SÃ¼derelbe"),
    refuse("encoding", "dash encoded twice", csv("a;b\n1;x\n2;2011 â€“ 2012\n"), "t.csv, line 3", "encoded twice"),
    refuse("encoding", "UTF-8 declared as cp1252", csv(UMLAUT), "t.csv, line 2", "encoded twice", options={"encoding": "cp1252"}),
    refuse("encoding", "cp1252 declared as UTF-8", csv(UMLAUT, "cp1252"), "t.csv, line 2", "0xfc", options={"encoding": "utf-8"}),
    refuse("encoding", "byte order mark lies", lambda: b"\xef\xbb\xbf" + UMLAUT.encode("cp1252"), "line 2", "claims"),
    refuse(
        "encoding", "byte order mark against recipe", csv(UMLAUT, "utf-16"), "line 1", "utf-16", options={"encoding": "cp1252"}
    ),
    refuse("encoding", "UTF-16 cut in a letter", lambda: b"\xff\xfe" + UMLAUT.encode("utf-16-le")[:-1], "utf-16"),
    refuse("encoding", "UTF-16 without byte order mark", csv(UMLAUT, "utf-16-le"), "NUL", "UTF-16"),
    accept("encoding", "UTF-16 declared", csv(UMLAUT, "utf-16-le"), options={"encoding": "utf-16-le"}, values=[1.5, 2.5]),
    refuse("encoding", "NUL byte", csv("area;value\n01;1\n02;2\0\n"), "t.csv, line 3", "NUL"),
    refuse("encoding", "NUL in UTF-16", lambda: b"\xff\xfe" + "area;value\n01;1\0\n".encode("utf-16-le"), "line 2", "NUL"),
    refuse("encoding", "unknown name", csv(GOOD), "'klingon' is not known", options={"encoding": "klingon"}),
    note("encoding", "letters lost before", csv("area;name\n01;S\ufffdd\n"), "lost before publication", "line 2"),
    accept("encoding", "end sign of DOS", lambda: GOOD.encode() + b"\x1a", values=[1.5, 2.5]),
]

NUMBERS = [
    refuse("number", "1.234 alone", column("1.234", "5"), "t.csv, line 2, column 'value'", "'1.234'", "declare `decimal`"),
    refuse("number", "1,234 alone", column("7", "1,234"), "t.csv, line 3, column 'value'", "'1,234'", "declare `decimal`"),
    accept("number", "1.234 with decimal comma declared", column("1.234", "5"), options={"decimal": ","}, values=[1234, 5]),
    accept("number", "1.234 with decimal point declared", column("1.234", "5"), options={"decimal": "."}, values=[1.234, 5]),
    accept("number", "1.234 with thousands declared", column("1.234", "5"), options={"thousands": "."}, values=[1234, 5]),
    accept("number", "1.234 without thousands declared", column("1.234", "5"), options={"thousands": ""}, values=[1.234, 5]),
    accept("number", "1.234 proven by its column", column("1.234", "1.234,5", "1.234.567"), values=[1234, 1234.5, 1234567]),
    accept("number", "1,234 proven by its column", column("1,234", "1,234.5", "1,234,567"), values=[1234, 1234.5, 1234567]),
    accept("number", "proven by another column", csv("area;value;rate\n01;1.234;5.6\n02;2.345;7.8\n"), values=[1.234, 2.345]),
    refuse(
        "number", "another column proves nothing for thousands", csv("a;value;c\n1;1.234;5.6\n2;345;7.8\n"), "line 2", "'1.234'"
    ),
    refuse("number", "5.6 beside a decimal comma", column("1.234,5", "2,5", "5.6"), "t.csv, line 4, column 'value'", "'5.6'"),
    refuse("number", "0.123 beside a decimal comma", column("2,25", "2,5", "0.123"), "line 4", "'0.123'"),
    refuse("number", "as many commas as points", column("2,5", "5.6"), "line 2", "mixes decimal comma and decimal point"),
    refuse(
        "number",
        "5.6 where comma is declared",
        column("5.6"),
        "line 2",
        "'5.6'",
        "decimal",
        options={"decimal": ",", "thousands": "."},
    ),
    refuse("number", "1,5 where point is declared", column("1,5"), "line 2", "'1,5'", "decimal", options={"decimal": "."}),
    refuse("number", "groups of two", column("1,23,456", "1.5"), "line 2", "'1,23,456'"),
    refuse("number", "two points", column("1.2.3"), "line 2", "'1.2.3'"),
    refuse("number", "NaN", column("1", "NaN"), "t.csv, line 3, column 'value'", "not a finite number"),
    refuse("number", "nan", column("nan", "1"), "line 2", "not a finite number"),
    refuse("number", "inf", column("1", "inf"), "line 3", "not a finite number"),
    refuse("number", "-Infinity", column("-Infinity"), "line 2", "not a finite number"),
    refuse("number", "1e400", column("1e400"), "line 2", "too large"),
    refuse("number", "whole number beyond exactness", column("9007199254740993"), "line 2", "too large"),
    refuse("number", "1.3 turned into a date", column("1,5", "01. Mrz"), "line 3", "'01. Mrz'", "is a date"),
    refuse("number", "1.3 turned into an English date", column("1,5", "3-Jan"), "line 3", "is a date"),
    refuse("number", "Mrz 03", column("1,5", "Mrz 03"), "line 3", "is a date"),
    refuse("number", "ISO date", column("1.5", "2026-03-01"), "line 3", "is a date"),
    refuse("number", "key date", column("1.5", "31.12.2024"), "line 3", "is a date"),
    refuse("number", "error of a formula", column("1", "#DIV/0!"), "line 3", "'#DIV/0!'", "error of a spreadsheet formula"),
    refuse("number", "German error of a formula", column("1", "#BEZUG!"), "line 3", "error of a spreadsheet formula"),
    refuse("number", "percent sign", column("12 %"), "line 2", "unit"),
    refuse("number", "currency", column("12,50 €"), "line 2", "unit"),
    refuse("number", "word", column("1", "keine"), "line 3", "'keine'", "neither a number nor a symbol"),
    refuse("number", "hexadecimal", column("0x1F"), "line 2", "neither"),
    refuse("number", "underscore", column("1_000"), "line 2", "neither"),
    refuse("number", "foreign digits", column("١٢"), "line 2", "neither"),
    refuse("number", "bracket not closed", column("(12"), "line 2", "'(12'"),
    refuse("number", "minus behind", column("12-"), "line 2", "'12-'"),
    accept("number", "minus sign of typographers", column("−5", "-3"), values=[-5, -3]),
    accept(
        "number",
        "blanks as thousands",
        column("1\u00a0234", "2\u202f345,5", "3 456", "4\u2009567"),
        values=[1234, 2345.5, 3456, 4567],
    ),
    accept("number", "apostrophe as thousands", column("1'234", "5'678.5"), values=[1234, 5678.5]),
    accept("number", "blanks around", column(" 12 ", "\u00a07"), values=[12, 7]),
    accept("number", "exponent", column("1.5E+3", "2e2"), values=[1500, 200]),
    accept("number", "official symbols", column("-", ".", "...", "/", "x", "", "0"), values=[0, None, None, None, None, None, 0]),
    accept("number", "brackets", column("(12)", "(1,5)", "()"), values=[12, 1.5, None]),
    accept("number", "quality letters", column("12,5 p", "7r", "8"), values=[12.5, 7, 8]),
]

STRUCTURE = [
    refuse("structure", "last line cut off", csv(GOOD + "03;20"), "t.csv, line 4", "2 cells", "cut off"),
    note("structure", "no line break at the end", csv(GOOD[:-1]), "make sure that the file is complete", values=[1.5, 2.5]),
    refuse("structure", "quotation mark left open", csv('a;b\n1;x\n2;"y\n3;z\n'), "t.csv, line 3", "not closed"),
    refuse(
        "structure", "quotation mark left open before others", csv('a;b;c\n1;"x;1\n2;"y";2\n3;"z";3\n'), "line 2", "not closed"
    ),
    refuse("structure", "quotation mark inside", csv('a;b\n1;"x" y\n2;z\n'), "t.csv, line 2", "middle of a cell"),
    refuse("structure", "line too long", csv("a;b\n1;2\n3;4;5\n6;7\n"), "t.csv, line 3", "3 cells", "has 2"),
    refuse("structure", "line too short", csv("a;b;c\n1;2;3\n4;5\n6;7;8\n"), "t.csv, line 3", "2 cells", "has 3"),
    refuse("structure", "one too long, one too short", csv("a;b;c\n1;2;3\n4;5\n6;7;8;9\n"), "t.csv, line 3", "1 further"),
    refuse("structure", "header narrower than rows", csv("a;b\n1;2;3\n4;5;6\n"), "line 1", "2 cells", "others have 3"),
    refuse("structure", "header only", csv("area;year;value\n"), "header but no rows"),
    refuse("structure", "header and blank lines", csv("area;year;value\n\n\n"), "header but no rows"),
    refuse("structure", "header and empty rows", csv("area;year;value\n;;\n;;\n"), "header but no rows"),
    refuse("structure", "empty file", lambda: b"", "empty"),
    refuse("structure", "blank file", csv(" \n\n \n"), "empty"),
    refuse("structure", "byte order mark only", lambda: b"\xef\xbb\xbf", "empty"),
    refuse("structure", "one column", csv("value\n1\n2\n"), "No line splits"),
    refuse("structure", "no header", csv("1;2024;5\n2;2024;6\n"), "line 1", "numbers only"),
    refuse("structure", "header doubled", csv("area;value;value\n01;1;2\n"), "t.csv, line 1, column 'value'", "columns 2, 3"),
    refuse(
        "structure",
        "20,000 columns",
        csv(";".join(f"c{n}" for n in range(20_000)) + "\n" + ";".join(["1"] * 20_000) + "\n"),
        "20000 columns",
    ),
    note(
        "structure",
        "preamble",
        csv("Residents of the city\n\n" + GOOD),
        "lines 1 to 2",
        "Residents of the city",
        values=[1.5, 2.5],
    ),
    refuse("structure", "preamble with separators", csv("Residents; women; men; all\n" + GOOD), "line 1", "skip_rows"),
    accept(
        "structure", "preamble declared", csv("Residents; women; men; all\n" + GOOD), options={"skip_rows": 1}, values=[1.5, 2.5]
    ),
    note("structure", "copyright line", csv(GOOD + "\n© City, 2025\n"), "footer from line", "© City, 2025", values=[1.5, 2.5]),
    note("structure", "source with separators", csv(GOOD + "Quelle: Stadt;;\n"), "footer", "Quelle: Stadt", values=[1.5, 2.5]),
    note(
        "structure",
        "footer of official tables",
        csv(GOOD + '__________\n"First line\n\nsecond; with separators"\nStand: 1.1.2025\n'),
        "line 4",
        values=[1.5, 2.5],
    ),
    note(
        "structure", "footer declared by number", csv(GOOD + "Sum;;4\nend\n"), "footer", options={"footer": 2}, values=[1.5, 2.5]
    ),
    note(
        "structure",
        "footer declared by its words",
        csv(GOOD + "Legend: 1 = one\nmore\n"),
        "footer",
        options={"footer": "^Legend"},
        values=[1.5, 2.5],
    ),
    refuse("structure", "unknown last line", csv(GOOD + "Something\n"), "line 4", "'Something'"),
    note("structure", "lines end with CR", csv(GOOD.replace("\n", "\r")), "CR alone", values=[1.5, 2.5]),
    accept("structure", "lines end with CR LF", csv(GOOD.replace("\n", "\r\n")), values=[1.5, 2.5]),
    note(
        "structure",
        "blank lines between",
        csv("area;value\n01;1\n\n02;2\n  \n03;3\n"),
        "2 blank lines",
        "line 3",
        values=[1, 2, 3],
    ),
    note("structure", "empty columns of a spreadsheet", csv("area;value;;\n01;1;;\n02;2;;\n"), "2 empty columns", values=[1, 2]),
    note("structure", "empty rows of a spreadsheet", csv("area;value\n01;1\n;\n;\n"), "2 empty rows", values=[1]),
    note(
        "structure",
        "column without header",
        csv(",area,value\n0,01,1.5\n1,02,2.5\n"),
        "called by their position: 1",
        cells={"column 1": ["0", "1"]},
    ),
    accept(
        "structure",
        "line break in quotes",
        csv('area;note;value\n01;"two\nlines; one cell";1,5\n02;x;2,5\n'),
        cells={"note": ["two\nlines; one cell", "x"]},
    ),
    accept("structure", "quotes in quotes", csv('area;note;value\n01;"say ""so""";1\n'), cells={"note": ['say "so"']}),
    accept("structure", "quoted empty cell", csv('area;note;value\n01;"";1\n02;x;2\n'), cells={"note": [None, "x"]}),
    accept("structure", "tab", csv(GOOD.replace(";", "\t")), values=[1.5, 2.5]),
    accept("structure", "bar", csv(GOOD.replace(";", "|")), values=[1.5, 2.5]),
    accept("structure", "comma", csv(GOOD.replace(",", ".").replace(";", ",")), values=[1.5, 2.5]),
    accept("structure", "decimal comma in every cell", csv("value;b\n1,5;2,5\n3,5;4,5\n"), values=[1.5, 3.5]),
    refuse("structure", "separator declared wrongly", csv(GOOD), "filled cells", options={"separator": "|"}),
    accept(
        "structure",
        "two header rows",
        csv("area;value;value\n;2023;2024\n01;1;2\n"),
        cells={"value | 2023": ["1"], "value | 2024": ["2"]},
    ),
    accept(
        "structure",
        "four header rows declared",
        csv("area;F;F\n;old;old\n;2023;2024\n;n;n\n01;1;2\n"),
        options={"header_rows": 4},
        cells={"area": ["01"], "F | old | 2023 | n": ["1"], "F | old | 2024 | n": ["2"]},
    ),
    refuse("structure", "web page", csv("<!DOCTYPE html><html><body>Error 404</body></html>\n"), "web page"),
    refuse("structure", "JSON declared as CSV", csv('{"a": 1}\n'), "csv", "JSON", options={"format": "csv"}),
    refuse("structure", "workbook declared as CSV", xlsx(rows), "csv", "workbook", options={"format": "csv"}),
    refuse("structure", "CSV declared as workbook", csv(GOOD), "excel", "text form", options={"format": "excel"}),
    refuse("structure", "CSV declared as GENESIS", csv(GOOD), "genesis", options={"format": "genesis"}),
    refuse("structure", "GENESIS without header", csv("GENESIS-Tabelle: 1\nTitle;;\nDG;1;2\nSH;3;4\n"), "No header"),
    refuse("structure", "GENESIS cut off", csv("GENESIS-Tabelle: 1\nTitle;;\n;2023;2024\nDG;1;2\nSH;3"), "line 5", "2 cells"),
    refuse("structure", "GENESIS heading doubled", csv("Tabelle: 1\nTitle;;\n;women;women\nDG;1;2\n"), "two columns of values"),
    refuse(
        "structure",
        "GENESIS headings one after another",
        csv("GENESIS-Tabelle: 1\nT;;\n;a;b\nX;;\nY;;\nDG;1;2\n"),
        "line 5",
        "'Y'",
    ),
]

INJECTION = [
    accept(
        "injection",
        "formulas in names stay text",
        csv("area;name\n01;=cmd|' /C calc'!A0\n02;+1+1\n03;@SUM(A1)\n"),
        cells={"name": ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)"]},
    ),
    refuse("injection", "formula as value", column("=1+1"), "line 2", "formula"),
    accept(
        "injection",
        "markup in names stays text",
        csv("area;name\n01;<script>alert(1)</script>\n"),
        cells={"name": ["<script>alert(1)</script>"]},
    ),
    refuse(
        "injection",
        "name in an archive leads out",
        lambda: archive({"../../etc/x.csv": GOOD}),
        "unsafe name",
        "../../etc/x.csv",
        file="t.zip",
    ),
    refuse("injection", "absolute name in an archive", lambda: archive({"/etc/x.csv": GOOD}), "unsafe name", file="t.zip"),
    refuse("injection", "drive in an archive", lambda: archive({"C:\\x.csv": GOOD}), "unsafe name", file="t.zip"),
]

WORKBOOKS = [
    accept("xlsx", "sound", xlsx(rows), file="t.xlsx", cells={"area": ["01", "02"], "year": ["2024", "2024"]}, values=[1.5, 2.5]),
    refuse("xlsx", "cut off", cut(xlsx(rows), 0.6), "damaged or cut off", file="t.xlsx"),
    refuse("xlsx", "byte changed", lambda: patch_byte(xlsx(rows)()), "damaged or cut off", file="t.xlsx"),
    refuse(
        "xlsx", "no workbook inside", lambda: archive({"a.txt": "x", "[Content_Types].xml": "<x/>"}), "damaged", file="t.xlsx"
    ),
    note("xlsx", "merged title", xlsx(merged_title), "rows 1 to 2 above", file="t.xlsx", values=[1.5, 2.5]),
    accept(
        "xlsx",
        "merged header",
        xlsx(merged_header),
        file="t.xlsx",
        cells={"area": ["01", "02"], "2024 | women": ["3", "4"], "2024 | value": ["1.5", "2.5"]},
    ),
    note(
        "xlsx",
        "merged labels",
        xlsx(merged_labels),
        "1 merged labels",
        file="t.xlsx",
        cells={"area": ["01", "01"], "sex": ["F", "M"]},
    ),
    refuse("xlsx", "merged number", xlsx(merged_number), "row 2", "17", "merged over 2 rows", file="t.xlsx"),
    accept("xlsx", "formula with its value", xlsx(formula), file="t.xlsx", values=[1.5, 2.5]),
    refuse(
        "xlsx",
        "formula without value",
        xlsx(formula, patch=(SHEET, b"</f><v>2.5</v>", b"</f>")),
        "Cell C3",
        "formula without its value",
        "save it again",
        file="t.xlsx",
    ),
    refuse("xlsx", "formula with empty value", xlsx(formula, patch=(SHEET, b"<v>2.5</v>", b"<v></v>")), "Cell C3", file="t.xlsx"),
    refuse("xlsx", "error cell", xlsx(error_cell), "row 3", "column 'C'", "Div0", file="t.xlsx"),
    note(
        "xlsx",
        "hidden row and column",
        xlsx(hidden_parts),
        "1 hidden rows",
        "row 3",
        "hidden columns are read too: B",
        file="t.xlsx",
        values=[1.5, 2.5],
    ),
    note("xlsx", "hidden sheet", xlsx(hidden_sheet), "hidden sheets left out: Secret", file="t.xlsx", values=[1.5, 2.5]),
    note(
        "xlsx",
        "hidden sheet declared",
        xlsx(hidden_sheet),
        "is hidden",
        file="t.xlsx",
        options={"sheet": "Secret"},
        values=[1.5, 2.5],
    ),
    refuse("xlsx", "two tables", xlsx(two_tables, "Other"), "2 visible sheets", "Table, Other", file="t.xlsx"),
    accept(
        "xlsx",
        "one of two tables declared",
        xlsx(two_tables, "Other"),
        file="t.xlsx",
        options={"sheet": "Other"},
        values=[1.5, 2.5],
    ),
    refuse("xlsx", "unknown sheet", xlsx(rows), "no sheet 'X'", "Table", file="t.xlsx", options={"sheet": "X"}),
    refuse("xlsx", "path leads out", xlsx(rows, patch=("../../evil.xml", b"", b"<x/>")), "unsafe name", file="t.xlsx"),
    refuse(
        "xlsx",
        "external entity",
        xlsx(rows, patch=("xl/sharedStrings.xml", b"<sst ", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><sst ')),
        "entities",
        "sharedStrings",
        file="t.xlsx",
    ),
    refuse(
        "xlsx",
        "entities that multiply",
        xlsx(rows, patch=(SHEET, b"<worksheet ", b'<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]><worksheet ')),
        "entities",
        file="t.xlsx",
    ),
    refuse("xlsx", "bomb", xlsx(rows, patch=("xl/media/a.bin", b"", b"\0" * 5_000_000)), "times its packed size", file="t.xlsx"),
    refuse("xlsx", "far cell", xlsx(rows, patch=(SHEET, b'r="C3"', b'r="XFD1048576"')), "column XFD", file="t.xlsx"),
    refuse("xlsx", "far row", xlsx(rows, patch=(SHEET, b'r="C3"', b'r="ZZ1048576"')), "too large", file="t.xlsx"),
    refuse("xlsx", "date among numbers", xlsx(excel_date), "row 3, column 'value'", "2026-03-01", "1.3", file="t.xlsx"),
    accept("xlsx", "key dates", xlsx(key_dates), file="t.xlsx", cells={"day": ["2024-12-31"]}, values=[1.5]),
    refuse("xlsx", "text 1.234 among numbers", xlsx(typed(5.5, "1.234")), "row 3, column 'value'", "'1.234'", file="t.xlsx"),
    note(
        "xlsx",
        "text 1.234 among numbers, declared",
        xlsx(typed(5.5, "1.234")),
        "typed as text",
        file="t.xlsx",
        options={"decimal": ","},
        values=[5.5, 1234],
    ),
    note(
        "xlsx",
        "text 12,5 among numbers",
        xlsx(typed(5.5, "12,5", 1.125)),
        "typed as text, first in row 3",
        file="t.xlsx",
        values=[5.5, 12.5, 1.125],
    ),
    accept("xlsx", "full precision", xlsx(typed(1 / 3, 2 / 3)), file="t.xlsx", values=[1 / 3, 2 / 3]),
    accept("xlsx", "symbols among numbers", xlsx(typed(1.125, "-", ".", "x")), file="t.xlsx", values=[1.125, 0, None, None]),
    accept(
        "ods",
        "sound",
        ods(ODS_ROW.format(ODS_TEXT.format("01") + ODS_NUMBER.format("1.5"))),
        file="t.ods",
        cells={"area": ["01"]},
        values=[1.5],
    ),
    refuse(
        "ods",
        "formula without value",
        ods(ODS_ROW.format(ODS_TEXT.format("01") + '<table:table-cell table:formula="of:=1+1"/>')),
        "Cell B2",
        file="t.ods",
    ),
    refuse(
        "ods",
        "repeated cells",
        ods(
            '<table:table-row table:number-rows-repeated="1000000">'
            + ODS_NUMBER.format("1").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="900"')
            + "</table:table-row>"
        ),
        "too large",
        file="t.ods",
    ),
    refuse("ods", "cut off", cut(ods(), 0.7), "damaged or cut off", file="t.ods"),
    refuse("xls", "cut off", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged or cut off", file="t.xls"),
]

SOUND_PARQUET = parquet({"area": ["01", "02"], "value": [1.125, 2.0], "day": [date(2024, 12, 31)] * 2})
PARQUET = [
    accept("parquet", "sound", SOUND_PARQUET, file="t.parquet", cells={"day": ["2024-12-31", "2024-12-31"]}, values=[1.125, 2.0]),
    refuse("parquet", "cut off", cut(SOUND_PARQUET, 0.8), "cut off", file="t.parquet"),
    refuse(
        "parquet", "footer damaged", lambda: (d := SOUND_PARQUET())[:-60] + b"\xff" * 50 + d[-10:], "damaged", file="t.parquet"
    ),
    refuse("parquet", "only its sign", lambda: b"PAR1", "cut off", file="t.parquet"),
    refuse(
        "parquet",
        "NaN",
        parquet({"area": ["1", "2"], "value": [1.0, float("nan")]}),
        "row 2, column 'value'",
        "finite",
        file="t.parquet",
    ),
    refuse(
        "parquet", "infinite", parquet({"area": ["1", "2"], "value": [float("inf"), 1.0]}), "row 1", "finite", file="t.parquet"
    ),
    refuse("parquet", "nested", parquet({"area": ["1"], "value": [[1, 2]]}), "column 'value'", "List", file="t.parquet"),
    refuse(
        "parquet",
        "no rows",
        parquet({"area": pl.Series([], dtype=pl.String), "value": pl.Series([], dtype=pl.Float64)}),
        "no rows",
        file="t.parquet",
    ),
    refuse(
        "parquet",
        "bomb",
        parquet({"value": pl.repeat(0.0, 3_000_000, eager=True)}),
        "3,000,000 rows",
        file="t.parquet",
        limits={"cells": 1_000_000},
    ),
    refuse("parquet", "20,000 columns", parquet({f"c{n}": [1] for n in range(20_000)}), "20000 columns", file="t.parquet"),
]

TWO_AREAS = ({"ID": "01", "DATE_2024-12-31": 17.25}, {"ID": "02", "DATE_2024-12-31": None})
DEEP = b'{"features": [{"properties": {"ID": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}]}"
GEOJSON = [
    accept(
        "geojson", "sound", geojson(*TWO_AREAS), file="t.geojson", cells={"ID": ["01", "02"], "DATE_2024-12-31": ["17.25", None]}
    ),
    refuse("geojson", "cut off", cut(geojson(*TWO_AREAS), 0.7), "t.geojson, line 1", "damaged or cut off", file="t.geojson"),
    refuse(
        "geojson",
        "two documents",
        lambda: geojson(*TWO_AREAS)() + b"\n" + geojson(*TWO_AREAS)(),
        "line 2",
        "second document",
        file="t.geojson",
    ),
    refuse("geojson", "nested deeply", lambda: DEEP, "levels deep", file="t.geojson"),
    refuse("geojson", "nested property", geojson({"ID": {"a": 1}}), "feature 1, column 'ID'", "nested", file="t.geojson"),
    refuse("geojson", "NaN", geojson({"ID": "01", "DATE_2024-12-31": float("nan")}), "NaN", "finite", file="t.geojson"),
    refuse(
        "geojson",
        "property doubled",
        lambda: b'{"features": [{"properties": {"ID": "1", "ID": "2"}}]}',
        "'ID' stands twice",
        file="t.geojson",
    ),
    refuse(
        "geojson",
        "number typed as text",
        geojson({"ID": "01", "DATE_2024-12-31": "1.234"}),
        "feature 1, column 'DATE_2024-12-31'",
        "'1.234'",
        file="t.geojson",
    ),
    refuse("geojson", "no features", geojson(), "no features", file="t.geojson"),
    refuse("geojson", "no properties", geojson({"ID": "01"}, None), "feature 2", "no properties", file="t.geojson"),
    refuse("geojson", "another document", lambda: b'{"type": "Topology"}', "no FeatureCollection", file="t.geojson"),
    accept(
        "geojson",
        "geometry is not judged here",
        geojson(*TWO_AREAS, crs="EPSG:25832"),
        file="t.geojson",
        cells={"ID": ["01", "02"]},
    ),
    refuse("geopackage", "cut off", cut(geopackage(*LAYER), 0.4), "damaged or cut off", file="t.gpkg"),
    note(
        "geopackage",
        "sound",
        geopackage(*LAYER),
        "geometry left out",
        file="t.gpkg",
        cells={"ID": ["01", "02"], "DATE_2024-12-31": ["17.25", None]},
    ),
    refuse("geopackage", "plain database", geopackage("CREATE TABLE a (b)"), "no GeoPackage", file="t.gpkg"),
    refuse("geopackage", "unknown layer", geopackage(*LAYER), "no layer 'x'", "units", file="t.gpkg", options={"sheet": "x"}),
    refuse(
        "geopackage",
        "layer is a view",
        geopackage(*LAYER[:2], "CREATE VIEW units AS SELECT 1", LAYER[3]),
        "0 layers",
        file="t.gpkg",
    ),
]

BOMBS = [
    accept("bomb", "sound gzip", gz(csv(GOOD)), file="t.csv.gz", values=[1.5, 2.5]),
    refuse("bomb", "gzip cut off", cut(gz(csv(GOOD * 50)), 0.5), "cut off", file="t.csv.gz"),
    refuse("bomb", "gzip damaged", lambda: gz(csv(GOOD))()[:-8] + b"\0" * 8, "damaged", file="t.csv.gz"),
    refuse("bomb", "gzip of much repetition", gz(lambda: zeros(8)), "times its packed size", file="t.csv.gz"),
    refuse(
        "bomb",
        "gzip too large",
        gz(lambda: zeros(3)),
        "limit is 2 MB",
        file="t.csv.gz",
        limits={"unpacked": 2_000_000, "ratio": 10**6},
    ),
    accept("bomb", "sound zip", lambda: archive({"a.csv": GOOD, "readme.md": "x"}), file="t.zip", values=[1.5, 2.5]),
    accept(
        "bomb",
        "zip member named",
        lambda: archive({"a.csv": GOOD, "b.csv": GOOD}),
        file="t.zip",
        member="b.csv",
        values=[1.5, 2.5],
    ),
    refuse("bomb", "zip of two tables", lambda: archive({"a.csv": GOOD, "b.csv": GOOD}), "2 files", "a.csv, b.csv", file="t.zip"),
    refuse("bomb", "zip member unknown", lambda: archive({"a.csv": GOOD}), "no member 'c.csv'", file="t.zip", member="c.csv"),
    refuse("bomb", "zip cut off", cut(lambda: archive({"a.csv": GOOD}), 0.6), "damaged or cut off", file="t.zip"),
    refuse("bomb", "zip of much repetition", lambda: archive({"a.csv": zeros(8)}), "times its packed size", file="t.zip"),
    refuse("bomb", "zip lies about its size", lambda: lying_zip(), "damaged", file="t.zip"),
    refuse("bomb", "zip encrypted", lambda: encrypted_zip(), "encrypted", file="t.zip"),
    refuse("bomb", "upload too large", lambda: zeros(3), "more than 2 MB", limits={"upload": 2_000_000}),
    refuse("bomb", "too many rows", csv(GOOD), "2 rows", "more than 1", limits={"rows": 1}),
    refuse("bomb", "too many columns", csv(GOOD), "3 columns", "more than 2", limits={"columns": 2}),
    refuse("bomb", "child out of time", csv(GOOD), "seconds and was stopped", limits={"child": True, "seconds": 0.01}),
    refuse("bomb", "child out of memory", csv(GOOD), "memory", limits={"child": True, "memory": 60_000_000}),
    accept("bomb", "child within its limits", csv(GOOD), limits={"child": True}, values=[1.5, 2.5]),
    refuse("bomb", "refused by the child", csv(GOOD + "03;20"), "t.csv, line 4", "cut off", limits={"child": True}),
]


def patch_byte(data: bytes) -> bytes:
    """Return the archive with one byte of a packed sheet changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        info = source.getinfo(SHEET)
    place = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def lying_zip() -> bytes:
    """Return an archive that declares 10 bytes for a member that holds a megabyte."""
    data = bytearray(archive({"a.csv": zeros(1)}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def encrypted_zip() -> bytes:
    """Return an archive whose member is marked as encrypted."""
    data = bytearray(archive({"a.csv": GOOD}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


CASES = [*ENCODINGS, *NUMBERS, *STRUCTURE, *INJECTION, *WORKBOOKS, *PARQUET, *GEOJSON, *BOMBS]
