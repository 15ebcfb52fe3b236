"""Texts as numbers and periods: each expectation can be checked in the head."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import RecipeError
from model.ingest.convention import convention_of, convention_of_table
from model.ingest.periods import FORMS
from model.ingest.values import RULES, SYMBOLS, explain, parse_flags, parse_periods, parse_values
from model.vocabulary import EMPTY_STATUSES, STATUSES


def read(cells: list[str | None], decimal: str | None = None, thousands: str | None = None) -> list[tuple[float | None, str]]:
    parsed = parse_values(pl.Series(cells, dtype=pl.String), decimal, thousands)
    assert parsed.breaches.height == 0, parsed.breaches
    return list(zip(parsed.value.to_list(), parsed.status.to_list(), strict=True))


@pytest.mark.parametrize(
    ("symbol", "value", "status"),
    [
        ("-", 0.0, "normal"), ("–", 0.0, "normal"), ("0", 0.0, "normal"), (".", None, "suppressed"), ("...", None, "missing"),
        ("…", None, "missing"), ("/", None, "missing"), ("x", None, "not_applicable"), ("X", None, "not_applicable"),
        ("()", None, "missing"), ("( )", None, "missing"), ("", None, "missing"), (" ", None, "missing"), (None, None, "missing"),
        ("(12)", 12.0, "estimated"), ("12 p", 12.0, "provisional"), ("12r", 12.0, "normal"), ("12 s", 12.0, "estimated"),
        ("12 e", 12.0, "estimated"), ("12 b", 12.0, "break"), (":", None, "missing"),
    ],
)  # fmt: skip
def test_symbols_of_official_statistics(symbol: str | None, value: float | None, status: str) -> None:
    assert read([symbol, "1"]) == [(value, status), (1.0, "normal")]


def test_every_symbol_without_a_value_has_an_empty_status() -> None:
    """A value may be null only with a status that says why; a symbol for zero is normal."""
    for symbol, status in SYMBOLS.items():
        [(value, read_status)] = read([symbol])
        assert read_status == status
        assert (value is None) == (status in EMPTY_STATUSES)


def test_status_is_the_enumeration_of_the_table() -> None:
    assert parse_values(pl.Series(["1", ".", None])).status.dtype == pl.Enum(STATUSES)


def test_own_symbols_of_a_publisher() -> None:
    parsed = parse_values(pl.Series(["k. A.", "*", "5"]), symbols={"k. A.": "missing", "*": "suppressed"})
    assert parsed.status.to_list() == ["missing", "suppressed", "normal"]
    assert parsed.breaches.height == 0


@pytest.mark.parametrize(
    ("cells", "decimal", "expected"),
    [
        (["1.234,5"], ",", [1234.5]),
        (["1,234.5"], ".", [1234.5]),
        (["12.345.678"], ",", [12345678]),
        (["1 234,5", "2\u202f345,5"], ",", [1234.5, 2345.5]),
        (["−1,5", "+2,5", ",5", "3,"], ",", [-1.5, 2.5, 0.5, 3.0]),
        (["1.5", ".5", "1e3"], ".", [1.5, 0.5, 1000.0]),
        (["007"], None, [7]),
    ],
)
def test_conventions(cells: list[str], decimal: str | None, expected: list[float]) -> None:
    assert [value for value, _ in read(cells, decimal)] == expected


@pytest.mark.parametrize(
    ("cells", "decimal", "doubtful"),
    [
        (["1.234"], None, "ambiguous"), (["1,234", "5"], None, "ambiguous"), (["1.5"], ".", ""), (["1,5"], ",", ""),
        (["0.123"], ".", ""), (["1.2345"], ".", ""), (["1234.567"], ".", ""), (["1.234.567"], ",", ""), (["1,234,567"], ".", ""),
        (["1.234,5"], ",", ""), (["1.5", "1,5"], None, "mixed"), (["5", "."], None, ""), (["31.12.2024"], None, ""),
        (["1 234,5"], ",", ""), (["(1,5)"], ",", ""), (["1.5", "1.5", "1,5"], ".", ""),
    ],
)  # fmt: skip
def test_what_proves_the_decimal_mark(cells: list[str], decimal: str | None, doubtful: str) -> None:
    found = convention_of(pl.Series(cells))
    assert (found.decimal, found.doubtful) == (decimal, doubtful)


def test_proof_beyond_the_first_rows() -> None:
    cells = pl.Series(["1.234"] * 20_000 + ["1.234,5"])
    assert convention_of(cells).decimal == ","


def test_one_column_speaks_for_the_file_unless_another_looks_like_thousands() -> None:
    rate, fixed = pl.Series("rate", ["5.6", "7.8"]), pl.Series("fixed", ["1.234", "2.345"])
    grouped, german = pl.Series("grouped", ["1.234", "345"]), pl.Series("german", ["5,6", "7,8"])
    key = pl.Series("key", ["A", "B"])
    assert convention_of_table([key, rate, fixed]).decimal == "."
    assert convention_of_table([key, rate, grouped]).decimal is None
    assert convention_of_table([key, rate, german]).decimal is None
    assert convention_of_table([key, fixed]).decimal is None


def test_breaches_name_row_text_and_rule() -> None:
    parsed = parse_values(pl.Series(["1", "abc", "2", "NaN"]))
    assert parsed.breaches.rows() == [(1, "abc", "not_a_number"), (3, "NaN", "not_finite")]
    assert parsed.value.to_list() == [1.0, None, 2.0, None]
    assert parsed.status.to_list() == ["normal", "missing", "normal", "missing"]


def test_every_rule_has_its_sentence() -> None:
    for rule in RULES:
        assert explain("1.234", rule).startswith("'1.234' ")


def test_numbers_that_are_numbers_already() -> None:
    parsed = parse_values(pl.Series([1.5, None, float("nan"), float("inf")]))
    assert parsed.value.to_list() == [1.5, None, None, None]
    assert parsed.status.to_list() == ["normal", "missing", "missing", "missing"]
    assert parsed.breaches.rows() == [(2, "NaN", "not_finite"), (3, "inf", "not_finite")]
    assert parse_values(pl.Series([3, 4])).value.to_list() == [3.0, 4.0]


def test_flags_of_a_quality_column() -> None:
    status, breaches = parse_flags(pl.Series(["e", "p", None, "()", "/", "provisional", "?"]))
    assert status.to_list() == ["normal", "provisional", "normal", "estimated", "missing", "provisional", None]
    assert breaches.rows() == [(6, "?", "flag")]


finite = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).map(lambda number: round(number, 2))


def german(number: float) -> str:
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


@settings(max_examples=60, deadline=None)
@given(st.lists(finite, min_size=1, max_size=30))
def test_written_in_either_style_and_read_again(numbers: list[float]) -> None:
    """Two decimals always prove the mark, so that nothing needs to be declared."""
    for write in (
        lambda number: f"{number:,.2f}",
        lambda number: f"{number:.2f}",
        german,
        lambda number: german(number).replace(".", "\u202f"),
    ):
        assert [value for value, _ in read([write(number) for number in numbers])] == numbers


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="0123456789.,-+ eE()x/%#\u00a0−", max_size=8), min_size=1, max_size=8))
def test_no_text_is_read_wrongly_or_lost(cells: list[str]) -> None:
    """Each cell is a value, an empty status or a breach; and a value contains the digits that are written."""
    parsed = parse_values(pl.Series(cells, dtype=pl.String))
    broken = set(parsed.breaches["row"].to_list())
    for row, (value, status) in enumerate(zip(parsed.value, parsed.status, strict=True)):
        assert (value is None) == (status in EMPTY_STATUSES)
        if value not in (None, 0.0) and not set("eE") & set(cells[row]):
            digits = "".join(sign for sign in cells[row] if sign.isdigit()).strip("0")
            assert f"{abs(value):.12f}".replace(".", "").strip("0") == digits
        if row in broken:
            assert value is None


@pytest.mark.parametrize(
    ("text", "first", "form"),
    [
        ("2024", date(2024, 1, 1), "year"), ("2024.0", date(2024, 1, 1), "year"), ("31.12.2024", date(2024, 12, 31), "key_date"),
        ("1.7.2024", date(2024, 7, 1), "key_date"), ("2024-12-31", date(2024, 12, 31), "date"),
        ("2024-12-31 00:00:00", date(2024, 12, 31), "date"), ("2024-Q3", date(2024, 7, 1), "quarter"),
        ("2024Q3", date(2024, 7, 1), "quarter"), ("Q4/2024", date(2024, 10, 1), "quarter"),
        ("1. Quartal 2024", date(2024, 1, 1), "quarter"), ("4. Vierteljahr 2024", date(2024, 10, 1), "quarter"),
        ("2024-H1", date(2024, 1, 1), "half_year"), ("2024-S2", date(2024, 7, 1), "half_year"),
        ("2. Halbjahr 2024", date(2024, 7, 1), "half_year"), ("2024-03", date(2024, 3, 1), "month"),
        ("202403", date(2024, 3, 1), "month"), ("03/2024", date(2024, 3, 1), "month"),
        ("März 2024", date(2024, 3, 1), "month_name"),
        ("Mrz 2024", date(2024, 3, 1), "month_name"), ("Dezember 2024", date(2024, 12, 1), "month_name"),
        ("2016/17", date(2016, 1, 1), "school_year"), ("2016/2017", date(2016, 1, 1), "school_year"),
        ("1999/00", date(1999, 1, 1), "school_year"), (" 2024 ", date(2024, 1, 1), "year"),
    ],
)  # fmt: skip
def test_periods(text: str, first: date, form: str) -> None:
    read = parse_periods(pl.Series([text]))
    assert (read.first.to_list(), read.form.to_list(), read.breaches.height) == ([first], [form], 0)
    assert parse_periods(pl.Series([text]), form).first.to_list() == [first]


@pytest.mark.parametrize(
    "text", ["2016/18", "31.06.2024", "30.02.2024", "24", "20245", "0024", "9999", "soon", "2024-Q5", "٢٠٢٤", "2024-13"]
)
def test_what_is_no_period(text: str) -> None:
    read = parse_periods(pl.Series(["2024", text]))
    assert read.first.to_list() == [date(2024, 1, 1), None]
    assert read.breaches.rows() == [(1, text, "not_a_period")]


def test_several_years_only_when_declared() -> None:
    assert parse_periods(pl.Series(["2016/18", "1998/00", "2016/2018"]), "multi_year").first.dt.year().to_list() == [
        2016,
        1998,
        2016,
    ]
    assert parse_periods(pl.Series(["2018/16"]), "multi_year").breaches.height == 1


def test_empty_period_is_a_breach() -> None:
    assert parse_periods(pl.Series([None], dtype=pl.String)).breaches.rows() == [(0, "", "empty_period")]


def test_key_dates_belong_to_the_period_that_ends_with_them() -> None:
    day = pl.Series(["31.12.2024"])
    months = {
        frequency: parse_periods(day, frequency=frequency).first.dt.month().item()
        for frequency in ("annual", "half_yearly", "quarterly", "monthly")
    }
    assert months == {"annual": 1, "half_yearly": 7, "quarterly": 10, "monthly": 12}


def test_numbers_as_years() -> None:
    assert parse_periods(pl.Series([2023, 2024])).first.dt.year().to_list() == [2023, 2024]
    assert parse_periods(pl.Series([2023.0])).first.dt.year().to_list() == [2023]
    assert parse_periods(pl.Series([2023.5])).breaches.rows() == [(0, "2023.5", "not_a_period")]


def test_unknown_form_or_frequency_is_the_recipe_s_fault() -> None:
    with pytest.raises(RecipeError, match="auto, year, key_date"):
        parse_periods(pl.Series(["2024"]), "decade")
    with pytest.raises(RecipeError, match="annual"):
        parse_periods(pl.Series(["2024"]), "year", "weekly")


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d"]))
def test_any_day_comes_back(day: date, pattern: str) -> None:
    assert parse_periods(pl.Series([day.strftime(pattern)])).first.to_list() == [day]


def test_every_form_is_reached() -> None:
    """A form that no test above names would be unproven."""
    named = {"year", "key_date", "date", "quarter", "half_year", "month", "month_name", "school_year", "multi_year"}
    assert set(FORMS) == named
