"""Layouts that cities and portals use besides the official ones, written here by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from model.errors import ReadError, RecipeError
from model.ingest.read import ReadOptions, read
from model.ingest.values import parse_periods, parse_values


def written(folder: Path, text: str, name: str = "t.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_kommonitor_csv_in_german_format(tmp_path: Path) -> None:
    text = "ID;NAME;validFrom;validTo;2021-12-31;2022-12-31\r\n01;Altstadt;2018-01-01;;1.234,5;-\r\n02;Nord;2018-01-01;;17,3;\r\n"
    with zipfile.ZipFile(tmp_path / "Share_District_2022.zip", "w") as archive:
        archive.writestr("Share_District_2022.csv", "\ufeff" + text)
    raw = read(tmp_path / "Share_District_2022.zip", ReadOptions(format="kommonitor"))
    assert raw.frame.columns == ["ID", "NAME", "validFrom", "validTo", "2021-12-31", "2022-12-31"]
    parsed = parse_values(raw.frame["2021-12-31"], raw.decimal, raw.thousands)
    assert (parsed.value.to_list(), parsed.breaches.height) == ([1234.5, 17.3], 0)
    assert parse_values(raw.frame["2022-12-31"], raw.decimal, raw.thousands).status.to_list() == ["normal", "missing"]
    assert raw.file == "Share_District_2022.zip!Share_District_2022.csv"


def test_inkar_with_indicators_above_years(tmp_path: Path) -> None:
    text = "Kennziffer;Raumeinheit;Aggregat;Rent;Rent;Age\n;;;2023;2024;2016/2017\n01001;Flensburg;krsfr. Stadt;8,50;9,10;42,5\n"
    raw = read(written(tmp_path, text))
    assert raw.frame.columns == ["Kennziffer", "Raumeinheit", "Aggregat", "Rent | 2023", "Rent | 2024", "Age | 2016/2017"]
    assert (raw.decimal, raw.lines.of(0)) == (",", 3)


def test_eurostat_tsv_with_flags(tmp_path: Path) -> None:
    text = "freq,sex,geo\\TIME_PERIOD\t2022 \t2023 \nA,F,AT\t4553444 \t4619179 p\nA,M,AT\t: \t5.5 e\n"
    raw = read(written(tmp_path, text, "t.tsv"))
    assert raw.frame.columns == ["freq,sex,geo\\TIME_PERIOD", "2022", "2023"]
    parsed = parse_values(raw.frame["2023"], raw.decimal, raw.thousands)
    assert list(zip(parsed.value, parsed.status, strict=True)) == [(4619179.0, "provisional"), (5.5, "estimated")]
    assert parse_values(raw.frame["2022"], raw.decimal, raw.thousands).status.to_list() == ["normal", "missing"]


def test_sdmx_csv(tmp_path: Path) -> None:
    text = "STRUCTURE,freq,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\ndataflow,M,T,DE,2024-01,3.2,\ndataflow,Q,T,DE,2024-Q2,3.4,p\n"
    raw = read(written(tmp_path, text))
    assert parse_periods(raw.frame["TIME_PERIOD"]).form.to_list() == ["month", "quarter"]
    assert raw.frame["OBS_FLAG"].to_list() == [None, "p"]


def test_genesis_with_one_block_of_rows_per_year(tmp_path: Path) -> None:
    text = (
        "GENESIS-Tabelle: 12411\nResidents;;;\nFortschreibung;;;\n;;women;men\n;;Anzahl;Anzahl\n"
        "31.12.2023;;;\n01;  North;10;11\n02;  South;.;-\n31.12.2024;;;\n01;  North;12;13\n02;  South;14;15\n"
        "__________\n© Office, 2025\nStand: 1.1.2025\n"
    )
    raw = read(written(tmp_path, text, encoding="cp1252"))
    assert raw.frame["section"].to_list() == ["31.12.2023", "31.12.2023", "31.12.2024", "31.12.2024"]
    assert raw.frame.columns == ["section", "column 1", "column 2", "women | Anzahl", "men | Anzahl"]
    assert raw.frame["column 2"].to_list() == ["North", "South"] * 2
    assert [raw.lines.of(row) for row in range(4)] == [7, 8, 10, 11]


def test_english_genesis_writes_decimal_points(tmp_path: Path) -> None:
    raw = read(written(tmp_path, "Table: 12621\nLife tables;;\n;men;women\n0 years;78.47;83.19\n"))
    assert parse_values(raw.frame["men"], raw.decimal, raw.thousands).value.to_list() == [78.47]


def test_declared_format_may_name_the_sister(tmp_path: Path) -> None:
    text = "GENESIS-Tabelle: 1\nT;;\n;a;b\nDG;1;2\n"
    for name in ("auto", "genesis", "regionaldatenbank"):
        assert read(written(tmp_path, text), ReadOptions(format=name)).frame.row(0) == ("DG", "1", "2")


def test_unknown_format_is_the_recipe_s_fault(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="regionaldatenbank"):
        read(written(tmp_path, "a;b\n1;2\n"), ReadOptions(format="word"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "none.zip!a.csv"):
        with pytest.raises(ReadError, match="no such file"):
            read(path)


def test_an_exclamation_mark_may_be_part_of_a_name(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a;b\n1;2\n", "hello!.csv")).frame.height == 1


def test_a_workbook_says_sheet_and_row(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet("Data 1")
    for number, row in enumerate((["area", "value"], ["01", "many"])):
        sheet.write_row(number + 3, 1, row)
    book.close()
    raw = read(tmp_path / "t.xlsx")
    assert (raw.file, raw.where(0, "value")) == ("t.xlsx", "t.xlsx, sheet 'Data 1', row 5, column 'value'")
