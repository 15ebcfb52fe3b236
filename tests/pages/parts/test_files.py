"""Files on their way out: what spreadsheets make of them, and that every empty cell says why."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import fastexcel
import polars as pl
import pytest

from model.catalogue import Area, Catalogue, Indicator, Words
from model.vocabulary import SCHEMA
from pages.parts import files

UNIT = Words("%", "per cent")
CATALOGUE = Catalogue(
    {
        "poor": Indicator("poor", Words("=Armut", "Poverty"), "t", UNIT, "share", "s"),
        "jobs": Indicator("jobs", Words("Arbeit", "Jobs"), "t", UNIT, "count", "s", frequency="quarterly"),
    },
    {}, {}, {}, {"01": Area("01", "Ähren; \"Süd\"", "u")},
)  # fmt: skip


def row(id: str, value: float | None, status: str, period: date = date(2024, 7, 1)) -> tuple[object, ...]:
    return (id, "01", period, "_T", "_T", "observed", value, None, None, status, "s@1")


TABLE = pl.DataFrame(
    [row("poor", 1234.5, "normal"), row("poor", None, "suppressed"), row("jobs", None, "missing"),
     row("jobs", 0.0, "provisional"), row("poor", None, "not_applicable")],
    schema=SCHEMA, orient="row",
)  # fmt: skip


def labelled(synthetic: bool = False, language: str = "de") -> pl.DataFrame:
    return files.labelled(TABLE, CATALOGUE, language, synthetic)


def test_labelled_rows_say_names_units_periods_and_why_they_are_empty():
    rows = labelled()
    assert rows["status"].to_list() == ["normal", "suppressed", "missing", "provisional", "not_applicable"]
    assert rows["period"].to_list() == ["2024", "2024", "2024-Q3", "2024-Q3", "2024"]
    assert rows.row(0, named=True)["title"] == "=Armut" and set(rows["area_name"]) == {'Ähren; "Süd"'}
    assert labelled(language="en").row(0, named=True)["unit"] == "per cent"
    assert "note" not in rows.columns


def test_synthetic_rows_say_so_each_in_the_readers_language():
    assert set(labelled(synthetic=True)["note"]) == {"Synthetische Daten: erfunden, keine echte Stadt."}
    assert set(labelled(synthetic=True, language="en")["note"]) == {"Synthetic data: made up, no real city."}


def test_an_unknown_area_keeps_its_code_and_has_no_name():
    strange = TABLE.with_columns(area=pl.lit("99"))
    assert files.labelled(strange, CATALOGUE, "de", False).select("area", "area_name").row(0) == ("99", None)


def test_german_csv_has_a_mark_semicolons_and_decimal_commas():
    body = files.csv_german(labelled())
    assert body.startswith(b"\xef\xbb\xbf") and b"\r\n" in body
    read = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    head, first, second = read[0], dict(zip(read[0], read[1], strict=True)), dict(zip(read[0], read[2], strict=True))
    assert head[0] == "indicator" and all(len(line) == len(head) for line in read)
    assert (first["value"], first["area"], first["area_name"]) == ("1234,5", "01", 'Ähren; "Süd"')
    assert (second["value"], second["status"]) == ("", "suppressed")


def test_international_csv_has_commas_and_decimal_points():
    body = files.csv_international(labelled())
    assert not body.startswith(b"\xef\xbb\xbf")
    assert next(csv.DictReader(io.StringIO(body.decode())))["value"] == "1234.5"


@pytest.mark.parametrize("start", ["=1+1", "+49 461", "-2", "@SUM(A1)", "\tx", "\rx"])
@pytest.mark.parametrize("write", [files.csv_german, files.csv_international])
def test_no_cell_of_text_runs_as_a_formula(start, write):
    rows = pl.DataFrame({"text": [start, "plain = 1"], "number": [-2.5, 3.0]})
    separator = ";" if write is files.csv_german else ","
    read = list(csv.DictReader(io.StringIO(write(rows).decode("utf-8-sig"), newline=""), delimiter=separator))
    assert read[0]["text"] == f"'{start}" and read[1]["text"] == "plain = 1"
    assert read[0]["number"].replace(",", ".") == "-2.5"  # numbers stay numbers


def book(rows: pl.DataFrame, language: str = "de") -> fastexcel.ExcelReader:
    notes = (("Quelle", "=HYPERLINK(1)"), ("Stand", "2024"))
    return fastexcel.read_excel(files.workbook(files.Sheet(rows, notes, "x"), language))


def test_a_workbook_has_the_table_and_a_sheet_of_notes():
    made = book(labelled())
    assert made.sheet_names == ["Daten", "Quellen und Hinweise"]
    table = made.load_sheet("Daten").to_polars()
    assert table["value"].to_list() == [1234.5, None, None, 0.0, None]
    assert table["status"].to_list()[1] == "suppressed" and table["title"][0] == "=Armut" and table["area"][0] == "01"
    notes = made.load_sheet("Quellen und Hinweise", header_row=None).to_polars()
    assert notes.rows() == [("Quelle", "=HYPERLINK(1)"), ("Stand", "2024")]
    assert book(labelled(), "en").sheet_names == ["Data", "Sources and notes"]


def test_an_empty_table_is_still_a_workbook():
    assert book(labelled().clear()).load_sheet("Daten").to_polars().columns == labelled().columns


def test_parquet_keeps_every_cell():
    assert pl.read_parquet(io.BytesIO(files.parquet(labelled()))).equals(labelled())


def test_geojson_carries_the_rows_of_its_areas():
    feature = {"type": "Feature", "properties": {"code": "01", "name": "x"}, "geometry": None}
    other = {"type": "Feature", "properties": {"code": "02", "name": "y"}, "geometry": None}
    geometry = json.dumps({"type": "FeatureCollection", "features": [feature, other]}).encode()
    found = json.loads(files.geojson(geometry, labelled().slice(1, 1)))["features"]
    assert found[0]["properties"]["status"] == "suppressed" and found[0]["properties"]["value"] is None
    assert found[1]["properties"] == {"code": "02", "name": "y"}


@pytest.mark.parametrize(("parts", "name"), [
    (("Überschuldung", "Größe & Maß"), "Ueberschuldung_Groesse-Mass"), (("../../etc/passwd",), "etc-passwd"),
    (("a" * 300,), "a" * 80), (("北", "ok"), "ok"),
])  # fmt: skip
def test_file_names_are_harmless_and_short(parts, name):
    assert files.safe_name(*parts) == name
