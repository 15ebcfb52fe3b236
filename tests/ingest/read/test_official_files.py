"""Real files in the official layouts; every expected value was looked up in the file with a text editor."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from model.ingest.read import UPLOAD, RawTable, ReadOptions, read
from model.ingest.values import parse_flags, parse_periods, parse_values

_FILES = Path(os.environ.get("DATENLABOR_FILES", Path(__file__).resolve().parents[4] / "shared" / "data"))
FORMATS = _FILES / "formats"
LABELS = (
    "column ",
    "section",
    "Statistik_",
    "Zeit",
    "1_",
    "2_",
    "time",
    "statistics",
    "value_",
    "ID",
    "baublock",
    "datum",
    "alias",
)


def table(name: str, **options: object) -> RawTable:
    path = FORMATS / name
    if not path.is_file():
        pytest.skip(f"the published file {path} is not on this machine")
    return read(path, ReadOptions(**options))  # type: ignore[arg-type]


def cell(raw: RawTable, column: str, **where: str) -> float | None:
    """Return the number in the one row where the other columns have the given cells; "c1" stands for "column 1"."""
    parsed = parse_values(raw.frame[column], raw.decimal, raw.thousands)
    frame = raw.frame.with_columns(parsed.value.alias("number"))
    for name, wanted in where.items():
        frame = frame.filter(pl.col(name.replace("c", "column ") if name[1:].isdigit() else name) == wanted)
    assert frame.height == 1, frame
    value = frame["number"].item()
    return None if value is None else float(value)


def test_flat_2025() -> None:
    raw = table("ffcsv/12411-01-01-4_de_flat.csv")
    assert raw.frame.height == 1467
    assert cell(raw, "value", **{"1_variable_attribute_code": "01001", "2_variable_attribute_label": "Insgesamt"}) == 96326
    assert cell(raw, "value", **{"1_variable_attribute_code": "01001", "2_variable_attribute_code": "GESW"}) == 48675
    assert raw.lines.of(497) == 499  # the line on which the total of Flensburg stands


def test_flat_2025_in_english_has_the_same_numbers() -> None:
    german, english = table("ffcsv/12411-01-01-4_de_flat.csv"), table("ffcsv/12411-01-01-4_en_flat.csv")
    assert german.frame["value"].to_list() == english.frame["value"].to_list()


def test_flat_2025_with_decimals_and_units() -> None:
    raw = table("ffcsv/23111-0001_de_flat.csv")
    assert (raw.decimal, raw.thousands) == (",", "")
    assert cell(raw, "value", time="2016", value_variable_code="BTT004") == 77.9
    assert (
        cell(table("ffcsv/3000G-1008_de_flat.csv"), "value", **{"2_variable_attribute_code": "ENERG-GAS", "value_unit": "%"})
        == 53.9
    )


def test_flat_2025_with_quality_marks() -> None:
    raw = table("ffcsv/12211-Z-11_de_flat.csv")
    values, (flags, unknown) = parse_values(raw.frame["value"], raw.decimal, raw.thousands), parse_flags(raw.frame["value_q"])
    assert unknown.height == 0
    assert flags.value_counts().sort("count").rows() == [("estimated", 14), ("normal", 1942)]
    assert (values.value[0], values.status[0]) == (166.0, "normal")
    assert (values.status == "missing").sum() == 29  # the sign /
    assert (values.value == 0).sum() == 1020  # the sign -


def test_flat_2025_suppressed() -> None:
    raw = table("ffcsv/52411-02-01-4_de_flat.csv")
    status = parse_values(raw.frame["value"], raw.decimal, raw.thousands).status
    row = 1635 - 2
    assert (raw.frame["1_variable_attribute_label"][row], status[row]) == ("Pirmasens, kreisfreie Stadt", "suppressed")
    assert (status == "suppressed").sum() == 12


def test_flat_packed_and_large() -> None:
    packed = table("ffcsv/AI-N-01-2-5_de_flat.csv.gz")
    assert cell(packed, "value", **{"1_variable_attribute_label": "Hennigsdorf, Stadt", "value_variable_code": "AI0112"}) == -0.3
    large = table("ffcsv/1000A-0000_de_flat.csv")
    assert large.frame.height == 10787
    assert cell(large, "value", **{"1_variable_attribute_code": "073355011022"}) == 8305


def test_flat_of_the_older_layout() -> None:
    raw = table("ffcsv/old_ffcsv_11111-0001.csv")
    assert cell(raw, "FLC006__Gebietsflaeche__qkm", **{"1_Auspraegung_Code": "08"}) == 35747.85
    assert parse_periods(raw.frame["Zeit"], frequency="annual").first.dt.year().unique().to_list() == [2022]


def test_genesis_classic() -> None:
    raw = table("genesis/12613-0003.csv")
    assert raw.frame.columns == ["column 1", "column 2", "2014", "2015", "2016", "2017", "2018"]
    assert cell(raw, "2018", c1="weiblich", c2="unter 1 Jahr") == 1106
    assert cell(raw, "2018", c1="Insgesamt", c2="Alter unbekannt") == 0
    assert any("cp1252" in note for note in raw.notes)
    assert any("Ohne Totgeborene" in note for note in raw.notes)
    assert raw.lines.of(0) == 7


def test_genesis_classic_with_periods_of_several_years() -> None:
    raw = table("genesis/12621-0002.csv")
    assert cell(raw, "1991/93", c1="weiblich", c2="0 Jahre") == 79.01
    assert cell(raw, "2016/18", c1="weiblich", c2="100 Jahre") == 2.06
    years = parse_periods(pl.Series(raw.frame.columns[2:]), "multi_year").first.dt.year().to_list()
    assert years == list(range(1991, 2017))


def test_genesis_classic_with_three_label_columns() -> None:
    raw = table("genesis/12521-0008.csv")
    assert (raw.frame.height, raw.lines.of(raw.frame.height - 1)) == (494, 502)
    assert cell(raw, "männlich", c2="Europa", c3="Freizügigkeit nach EU-Recht") == 2649930


def test_letters_that_were_lost_before_publication_are_told() -> None:
    raw = table("genesis/11111-0001-DLAND_F-RAW.csv")
    assert cell(raw, "Stichtag | 31.12.2022", c1="Bayern") == 70541.58
    assert any("lost before publication" in note for note in raw.notes)


def test_genesis_classic_of_2025_with_quality_columns() -> None:
    path = _FILES / "population" / "Sterbetafel2022-2024.csv"
    if not path.is_file():
        pytest.skip(f"the published file {path} is not on this machine")
    raw = read(path)
    assert raw.frame["section"].unique().to_list() == ["2022/24"]
    assert raw.frame.width == 2 + 28
    life = "Geschlecht | weiblich | Durchschnittliche Lebenserwartung [e(x)] | Jahre"
    assert cell(raw, life, c1="0 Jahre") == 83.19
    assert raw.frame[f"{life} | quality"].unique().to_list() == ["e"]
    assert raw.lines.of(0) == 11


def test_regionaldatenbank_with_two_header_rows() -> None:
    raw = table("regionaldatenbank/12411-01-01-4.csv")
    assert cell(raw, "31.12.2015 | weiblich", c1="01001") == 43175
    assert cell(raw, "31.12.2015 | Insgesamt", c1="13061") == 0  # dissolved: the sign -
    assert raw.frame["column 2"][2] == "Flensburg, Kreisfreie Stadt"
    assert any("indentation" in note for note in raw.notes)


def test_regionaldatenbank_with_the_period_above_the_header() -> None:
    raw = table("regionaldatenbank/12411-02-03-5_00.csv")
    assert raw.frame["section"].unique().to_list() == ["31.12.2015"]
    assert cell(raw, "Insgesamt | Altersgruppen (unter 3 bis 75 u.m.) | unter 3 Jahre", c1="01001") == 2264
    status = parse_values(raw.frame.to_series(3), raw.decimal, raw.thousands).status
    assert (status == "suppressed").sum() > 0


def test_regionaldatenbank_with_six_header_rows() -> None:
    raw = table("regionaldatenbank/12711-01-03-5_00.csv")
    arrivals = (
        "Zuzüge über die Gemeindegrenzen | Geschlecht | Insgesamt | Altersgruppe (unter 18 bis 65 u.m.) | Insgesamt | Anzahl"
    )
    assert cell(raw, arrivals, c1="01001") == 8670
    assert raw.frame.width == 3 + 42


def test_regionaldatenbank_with_headings_of_unequal_depth() -> None:
    raw = table("regionaldatenbank/22811-01-01-4_00.csv")
    direct = "Davon | Regelleist. n.d. Asylbewerberleistungsgesetz | Anzahl"
    nested = "Davon | Gesamtregelleistung (ALG II/Sozialgeld) n.d.SGB II | zusammen | Anzahl"
    assert cell(raw, direct, c1="31.12.2015", c2="01001") == 1155
    assert cell(raw, nested, c1="31.12.2015", c2="01001") == 10300


def test_regionaldatenbank_shares_and_amounts() -> None:
    unemployed = table("regionaldatenbank/13211-02-05-4_00.csv")
    rate = "Arbeitslosenquote bez. auf alle zivile Erwerbsp. | Ausländer | Prozent"
    assert cell(unemployed, rate, c1="2016", c2="01001") == 22.0
    income = table("regionaldatenbank/AI-S-01_00.csv")
    assert cell(income, "Verfügbares Einkommen je Einwohner | EUR", c1="2014", c2="01001") == 18956
    deaths = table("regionaldatenbank/12613-02-02-4_00.csv")
    assert cell(deaths, "Insgesamt | weiblich", c2="01001", c4="85 Jahre und mehr") == 258


@pytest.mark.parametrize("folder", ["ffcsv", "genesis", "regionaldatenbank", "kommonitor"])
def test_every_cell_of_every_value_column_is_understood(folder: str) -> None:
    if not FORMATS.is_dir():
        pytest.skip(f"the published files {FORMATS} are not on this machine")
    for path in sorted((FORMATS / folder).iterdir()):
        raw = read(path)
        for name in raw.frame.columns:
            if not name.startswith(LABELS) and not name.endswith("quality"):
                breaches = parse_values(raw.frame[name], raw.decimal, raw.thousands).breaches
                assert breaches.height == 0, (path.name, name, breaches.head(3).rows())


def test_xlsx_with_a_merged_header_of_three_rows() -> None:
    raw = table("xlsx/AuszugGV2QAktuell.xlsx")
    assert raw.frame.height == 16012
    flensburg = raw.frame.filter((pl.col("Satz-art") == "60") & (pl.nth(7) == "Flensburg, Stadt"))
    assert flensburg["Bevölkerung2) | insgesamt | am 31.12.2022 (Jahr)"].item() == "92550"
    assert flensburg["Fläche km2 1) | 31.12.2022 (Jahr)"].item() == "56.73"
    assert flensburg["Geografische Mittelpunktkoordinaten | Längengrad | Zuordnungsstand am 31.12.2023"].item() == "9.43751"
    assert flensburg["Amtlicher Regionalschlüssel (ARS) | Kreis | Gebietsstand am 30.06.2024 (2. Quartal)"].item() == "01"
    assert any("Quelle: Gemeindeverzeichnis" in note for note in raw.notes)


def test_xls_with_a_header_of_four_rows() -> None:
    raw = table("xlsx/itnrw_13211-03ir.xls")
    assert raw.frame["Jahr"].to_list() == [str(year) for year in range(2014, 1999, -1)]
    women = "Monate (jeweils Stichtag zum Monatsende) | Januar (31.) | Geschlecht | weiblich"
    assert cell(raw, women, Jahr="2000") == 21941


def test_kommonitor_geojson_and_geopackage_agree() -> None:
    geojson, package = (table(f"kommonitor/importer_features-test-timeseries.{end}") for end in ("geojson", "gpkg"))
    assert cell(geojson, "einwohner", baublock_id="b_01", datum="2021-01-01") == 50404
    assert cell(geojson, "durschn_alter", baublock_id="b_04", datum="2020-01-01") == 60.89
    shared = geojson.frame.columns
    assert package.frame.select(shared).equals(geojson.frame)


def test_kommonitor_indicator_update() -> None:
    raw = table("kommonitor/TestIndicator.json")
    assert raw.frame.rows() == [("1234", "0.8008282", "0.8008282"), ("345", "0.8008282", "0.8008282")]
    assert raw.frame.columns == ["ID", "DATE_2000-01-23", "DATE_2001-01-23"]


@pytest.mark.parametrize("name", ["xlsx/itnrw_13211-03ir.xls", "ffcsv/old_ffcsv_11111-0001.csv", "genesis/12521-0008.csv"])
def test_the_child_process_reads_the_same(name: str) -> None:
    here, there = table(name), table(name, limits=UPLOAD)
    assert there.frame.equals(here.frame)
    assert there.lines.series(here.frame.height).to_list() == here.lines.series(here.frame.height).to_list()
    assert (there.notes, there.decimal, there.thousands, there.file) == (here.notes, here.decimal, here.thousands, here.file)
