"""From files in many layouts to the table: what a recipe says is what stands in it."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl
import pytest

from model.errors import ReadError, RecipeError, UnknownName
from model.vocabulary import SCHEMA
from tests.ingest.conftest import DISTRICTS, Town, cell, value


def test_a_long_table_becomes_the_indicator_table(town: Town) -> None:
    town.long("01,2024,residents,F,_T,60", "01,2024,residents,M,_T,40")
    table = town.table()
    assert table.schema == SCHEMA
    assert value(table, "residents", "01", 2024, "F") == 60
    assert cell(table, "residents", "01", 2024, "F")["source"] == "register@2025"
    assert cell(table, "residents", "01", 2024)["value"] == 100  # the total was absent: F + M
    assert cell(table, "residents", "01", 2024)["source"] == "total"


def test_years_in_columns(town: Town) -> None:
    recipe = """
        file = "data.csv"
        separator = ";"
        decimal = ","
        [columns]
        area = "Bezirk"
        [wide]
        pattern = '^(\\d{4})$'
        dimension = "period"
        [fixed]
        indicator = "rent"
    """
    town.source("Bezirk;Name;2023;2024\n01;Altstadt;8,50;9,25\n02;Neustadt;7,00;-\n", recipe)
    table = town.table()
    assert value(table, "rent", "01", 2024) == 9.25
    assert value(table, "rent", "02", 2023) == 7.0
    assert value(table, "rent", "02", 2024) == 0.0  # "-" is exactly zero


def test_two_dimensions_in_one_header_of_two_rows(town: Town) -> None:
    recipe = """
        file = "data.csv"
        header_rows = 2
        [columns]
        area = "#1"
        [wide]
        pattern = '^(?P<period>\\d{4}) \\| (?P<sex>.+)$'
        [fixed]
        indicator = "residents"
    """
    town.source("code,2023,2023,2024,2024\n,weiblich,männlich,weiblich,männlich\n01,6,4,7,5\n02,3,2,1,0\n", recipe)
    table = town.table()
    assert value(table, "residents", "01", 2023, "F") == 6
    assert value(table, "residents", "02", 2024, "M") == 0
    assert value(table, "residents", "00", 2024) == 13


def test_several_value_columns_with_breakdowns_and_factor(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "area"
        period = "year"
        [[values]]
        column = "women_65"
        indicator = "residents"
        sex = "F"
        age = "65 und älter"
        [[values]]
        column = "thousand_euro"
        indicator = "debt"
        factor = 1000
    """
    town.source("area,year,women_65,thousand_euro\n01,2024,12,3.4\n", recipe)
    table = town.table()
    assert value(table, "residents", "01", 2024, "F", "Y_GE65") == 12
    assert value(table, "debt", "01", 2024) == 3400


def test_a_ratio_with_its_parts_in_further_columns(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "area"
        period = "year"
        value = "percent"
        numerator = "under18"
        denominator = "all"
        [fixed]
        indicator = "share_children"
    """
    town.source("area,year,percent,under18,all\n01,2024,20,20,100\n02,2024,10,30,300\n", recipe)
    table = town.table()
    assert value(table, "children", "02", 2024) == 30
    assert value(table, "residents", "02", 2024) == 300
    assert value(table, "share_children", "00", 2024) == pytest.approx(100 * 50 / 400)  # not the mean of 20 and 10


def test_mapping_by_file_and_inline_and_leaving_out(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "name"
        period = "year"
        value = "n"
        [fixed]
        indicator = "births"
        [map.area]
        file = "names.csv"
        "the old part" = "01"
        "elsewhere" = ""
    """
    town.source("name,year,n\nthe old part,2024,1\nthe new part,2024,2\nelsewhere,2024,99\n", recipe)
    town.write("sources/register/2025/names.csv", "from,to\nthe new part,02\n")
    assert value(town.table(), "births", "00", 2024) == 3


def test_filters_choose_rows(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "area"
        period = "year"
        value = "n"
        [fixed]
        indicator = "births"
        [[where]]
        column = "kind"
        in = ["girl", "boy"]
        [[where]]
        column = "kind"
        not_equals = "boy"
        [[where]]
        column = "note"
        empty = true
    """
    town.source("area,year,kind,note,n\n01,2024,girl,,5\n01,2024,boy,,7\n01,2023,girl,x,9\n01,2022,dog,,3\n", recipe)
    births = town.table().filter(pl.col("indicator") == "births", pl.col("area") == "01")
    assert births.select("period", "value").rows() == [(date(2024, 1, 1), 5.0)]


def test_rows_without_a_place_count_in_the_city_only(town: Town) -> None:
    town.long("01,2024,births,_T,_T,5", "02,2024,births,_T,_T,3", ",2024,births,_T,_T,2")
    recipe = town.folder / "sources/register/2025/recipe.toml"
    recipe.write_text(recipe.read_text() + '[unlocated]\ncolumn = "area"\nvalues = ["", "unknown"]\n')
    release = town.build()
    assert value(release.table, "births", "00-unlocated", 2024) == 2
    assert value(release.table, "births", "00", 2024) == 10
    assert release.package.catalogue.area("00-unlocated").unit == "unlocated"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-Q3", date(2024, 7, 1)),
        ("30.09.2024", date(2024, 7, 1)),
        ("2024-02", date(2024, 1, 1)),
        ("4. Quartal 2023", date(2023, 10, 1)),
    ],
)
def test_periods_fall_to_the_frequency_of_the_indicator(town: Town, text: str, period: date) -> None:
    town.long(f"01,{text},jobless,_T,_T,7")
    assert value(town.table(), "jobless", "01", period) == 7


def test_key_dates_of_an_annual_indicator_and_school_years(town: Town) -> None:
    town.long("01,31.12.2023,births,_T,_T,7", "02,2021/22,births,_T,_T,9")
    table = town.table()
    assert value(table, "births", "01", 2023) == 7
    assert value(table, "births", "02", 2021) == 9


def test_a_key_date_of_new_year_can_mean_the_year_before(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "area"
        period = "day"
        value = "n"
        [fixed]
        indicator = "residents"
        [period]
        format = "key_date"
        shift_days = -1
    """
    town.source("area,day,n\n01,1.1.2025,10\n", recipe)
    assert value(town.table(), "residents", "01", 2024) == 10


def test_symbols_of_official_statistics_and_the_publisher_s_own(town: Town) -> None:
    town.long(
        "01,2019,births,_T,_T,-", "01,2020,births,_T,_T,.", "01,2021,births,_T,_T,...", "01,2022,births,_T,_T,x",
        "01,2023,births,_T,_T,k.A.", "01,2024,births,_T,_T,null", extra="",
    )  # fmt: skip
    recipe = town.folder / "sources/register/2025/recipe.toml"
    recipe.write_text(recipe.read_text() + '[symbols]\n"k.A." = "suppressed"\n"null" = "zero"\n')
    table = town.table().filter(pl.col("area") == "01")
    assert table.select("value", pl.col("status").cast(pl.String)).rows() == [
        (0.0, "normal"), (None, "suppressed"), (None, "missing"), (None, "not_applicable"), (None, "suppressed"), (0.0, "normal"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("empty", "expected"),
    [("missing", [(None, "missing")]), ("suppressed", [(None, "suppressed")]), ("zero", [(0.0, "normal")]), ("drop", [])],
)
def test_what_an_empty_cell_means_is_said(town: Town, empty: str, expected: list[object]) -> None:
    town.long("02,2024,births,_T,_T,1", "01,2024,births,_T,_T,", extra=f'empty = "{empty}"')
    table = town.table().filter(pl.col("area") == "01")
    assert table.select("value", pl.col("status").cast(pl.String)).rows() == expected


def test_marks_and_flags_give_a_status(town: Town) -> None:
    recipe = """
        file = "data.csv"
        [columns]
        area = "area"
        period = "year"
        value = "n"
        status = "q"
        [fixed]
        indicator = "births"
        [map.status]
        "guess" = "imputed"
        [[marks]]
        status = "provisional"
        from = "2024"
    """
    town.source("area,year,n,q\n01,2022,1,s\n01,2023,2,guess\n01,2024,3,e\n02,2023,4,\n", recipe)
    table = town.table()
    found = [
        cell(table, "births", area, year)["status"] for area, year in (("01", 2022), ("01", 2023), ("01", 2024), ("02", 2023))
    ]
    assert found == ["estimated", "imputed", "provisional", "normal"]


def test_a_level_break_of_the_catalogue_marks_its_first_period(town: Town) -> None:
    file = town.folder / "indicators.toml"
    broken = '[indicators.births]\nbreaks = [{ period = "2023", note = "census" }]\n'
    file.write_text(file.read_text().replace("[indicators.births]\n", broken))
    town.long("01,2022,births,_T,_T,5", "01,2023,births,_T,_T,50", "01,2024,births,_T,_T,51")
    table = town.table()
    assert [cell(table, "births", "01", year)["status"] for year in (2022, 2023, 2024)] == ["normal", "break", "normal"]


def test_detail_that_is_not_kept_is_summed(town: Town) -> None:
    recipe = """
        files = ["pyramid_*.csv"]
        combine = "sum"
        [columns]
        area = "area"
        age = "alter"
        [[values]]
        column = "german"
        [[values]]
        column = "foreign"
        [fixed]
        indicator = "residents"
        [file_name]
        pattern = 'pyramid_(\\d{4})'
        dimension = "period"
    """
    town.source("area,alter,german,foreign\n01,0_bis_unter_1,3,2\n01,1 bis unter 2 Jahre,4,0\n", recipe, name="pyramid_2023.csv")
    town.write("sources/register/2025/pyramid_2024.csv", "area,alter,german,foreign\n01,0,1,1\n")
    table = town.table()
    assert value(table, "residents", "01", 2023, age="Y0") == 5
    assert value(table, "residents", "01", 2023, age="Y1") == 4
    assert value(table, "residents", "01", 2024, age="Y0") == 2


def test_several_tables_share_what_stands_above_them(town: Town) -> None:
    recipe = """
        [columns]
        area = "area"
        period = "year"
        value = "n"
        [[table]]
        file = "data.csv"
        [table.fixed]
        indicator = "births"
        [[table]]
        file = "more.csv"
        [table.fixed]
        indicator = "residents"
    """
    town.source("area,year,n\n01,2024,1\n", recipe)
    town.write("files/more.csv", "area,year,n\n01,2024,100\n")  # below [files] root
    table = town.table()
    assert (value(table, "births", "01", 2024), value(table, "residents", "01", 2024)) == (1, 100)


def test_a_member_of_a_zip_file(town: Town) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.csv", "area,period,indicator,sex,age,value\n01,2024,births,_T,_T,4\n")
    recipe = (
        'file = "data.zip!inside.csv"\n[columns]\narea = "area"\nperiod = "period"\nindicator = "indicator"\nvalue = "value"\n'
    )
    town.source(packed.getvalue(), recipe, name="data.zip")
    assert value(town.table(), "births", "01", 2024) == 4


def test_areas_by_name_case_blanks_and_spreadsheet_floats_are_put_right_with_a_note(town: Town) -> None:
    areas = '[[areas]]\ncode = "7"\nname = "Hafen"\nparent = "00"\n'
    town.write("areas/district.toml", DISTRICTS + areas)
    town.long("Altstadt,2024,births,_T,_T,1", " NEU STADT,2024,births,_T,_T,2", "7.0,2024,births,_T,_T,3")
    release = town.build()
    assert [value(release.table, "births", area, 2024) for area in ("01", "02", "7")] == [1, 2, 3]
    notes = " ".join(release.notes["notes"])
    assert "'NEU STADT' was read as the area '02'" in notes
    assert "'7.0' was read as the area '7'" in notes


def test_prefix_and_padding_make_codes(town: Town) -> None:
    town.long("1,2024,births,_T,_T,1")
    recipe = town.folder / "sources/register/2025/recipe.toml"
    recipe.write_text(recipe.read_text() + "[area]\npad = 2\n")
    assert value(town.table(), "births", "01", 2024) == 1


def test_a_newer_vintage_wins_for_the_same_key_only(town: Town) -> None:
    town.long("01,2022,births,_T,_T,5", "01,2023,births,_T,_T,6", vintage="2024-01")
    town.long("01,2023,births,_T,_T,7", "01,2024,births,_T,_T,8", vintage="2025-01")
    table = town.table()
    assert [value(table, "births", "01", year) for year in (2022, 2023, 2024)] == [5, 7, 8]
    assert cell(table, "births", "01", 2022)["source"] == "register@2024-01"
    assert cell(table, "births", "01", 2023)["source"] == "register@2025-01"


def test_notes_name_every_file_with_its_hash(town: Town) -> None:
    town.long("01,2024,births,_T,_T,1")
    entry = town.build().notes["files"][0]
    assert (entry["file"], entry["rows"], entry["source"], entry["vintage"]) == (
        "sources/register/2025/data.csv",
        1,
        "register",
        "2025",
    )
    assert len(entry["sha256"]) == 64


@pytest.mark.parametrize(
    ("recipe", "error", "words"),
    [
        ('fil = "data.csv"', UnknownName, "Did you mean 'file'"),
        ('file = "data.csv"\n[columns]\nvlaue = "n"', UnknownName, "Did you mean 'value'"),
        ('file = "data.csv"\n[wide]\npattern = "x"\ndimension = "period"', RecipeError, "says no dimension"),
        ('file = "data.csv"\n[wide]\npattern = "("\ndimension = "period"', RecipeError, "not a regular expression"),
        ('file = "data.csv"\n[columns]\nvalue = "n"\n[[where]]\ncolumn = "n"', RecipeError, "exactly one condition"),
        ('file = "data.csv"\ncombine = "summ"\n[columns]\nvalue = "n"', UnknownName, "Did you mean 'sum'"),
        ('file = "../../secret.csv"\n[columns]\nvalue = "n"', RecipeError, "leaves the package"),
        ('file = "nothing.csv"\n[columns]\nvalue = "n"', RecipeError, "is not there"),
        ('file = "data.csv"\n[columns]\nvalue = "numbr"', UnknownName, "Did you mean 'number'"),
        ('file = "data.csv"\n[columns]\nvalue = "number"\narea = "area"', RecipeError, "does not say which period"),
        ('file = "data.csv"', RecipeError, "where the values are"),
        ("file = 'data.csv", RecipeError, "Not valid TOML"),
    ],
)
def test_a_recipe_that_cannot_be_used_says_why(town: Town, recipe: str, error: type[Exception], words: str) -> None:
    town.source("area,number\n01,5\n", recipe)
    with pytest.raises(error) as caught:
        town.build()
    assert words in str(caught.value)
    assert "recipe.toml" in str(caught.value)


def test_a_file_that_cannot_be_read_stops_the_build(town: Town) -> None:
    town.long("01,2023,births,_T,_T,5", "01,2024,births,_T,_T,5,6")
    with pytest.raises(ReadError, match=r"data\.csv, line 3"):
        town.build()
