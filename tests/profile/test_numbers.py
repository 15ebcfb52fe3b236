"""Numbers, periods and dates as they are printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.catalogue.entries import Indicator, Words
from model.errors import SelectionError
from model.profile.numbers import (
    format_cell,
    format_change,
    format_date,
    format_indicator,
    format_percent,
    format_period,
    format_places,
    format_signed,
    format_status,
    format_value,
    join_names,
    with_unit,
)
from model.vocabulary import EMPTY_STATUSES, STATUSES

QUOTA = Indicator("q", Words("Quote", "Rate"), "t", Words("%", "%"), "share", "s", decimals=1)
RENT = Indicator("r", Words("Miete", "Rent"), "t", Words("€/m²", "€/m²"), "mean", "s", decimals=2)


@pytest.mark.parametrize(
    ("value", "decimals", "german", "english"),
    [
        (1234567.891, 1, "1\u202f234\u202f567,9", "1,234,567.9"),
        (-14.25, 1, "−14,2", "−14.2"),
        (-0.04, 1, "0,0", "0.0"),
        (1234, 0, "1\u202f234", "1,234"),
        (999, 0, "999", "999"),
        (None, 1, "–", "–"),
        (float("nan"), 1, "–", "–"),
        (float("inf"), 1, "–", "–"),
    ],
)
def test_numbers(value, decimals, german, english):
    assert format_value(value, decimals, "de") == german
    assert format_value(value, decimals, "en") == english


@given(st.floats(-1e12, 1e12), st.integers(0, 4), st.sampled_from(["de", "en"]))
def test_a_written_number_can_be_read_back(value, decimals, language):
    text = format_value(value, decimals, language).replace("−", "-").replace("\u202f", "")
    number = float(text.replace(",", ".") if language == "de" else text.replace(",", ""))
    assert number == pytest.approx(round(value, decimals), abs=1.1 * 10**-decimals)
    assert " " not in text


def test_signs_and_units():
    assert [format_signed(v, 1) for v in (1.25, -3, 0.01, None)] == ["+1,2", "−3,0", "±0,0", "–"]
    assert format_indicator(14.2, QUOTA) == "14,2\u00a0%" and format_indicator(14.2, QUOTA, "en") == "14.2%"
    assert format_indicator(9.5, RENT) == "9,50\u00a0€/m²" and format_indicator(None, RENT) == "–"
    assert format_change(1.2, QUOTA) == "+1,2\u00a0Prozentpunkte" and format_change(-1.2, QUOTA, "en") == "−1.2\u00a0pp"
    assert format_change(0.5, RENT) == "+0,50\u00a0€/m²"
    assert with_unit("12", "Anzahl") == with_unit("12", "") == "12"
    assert format_percent(12.34, signed=True) == "+12,3\u00a0%"


def test_cells_say_why_they_are_empty():
    texts = {format_cell(None, status, QUOTA) for status in EMPTY_STATUSES} | {format_cell(0.0, "normal", QUOTA)}
    assert texts == {"geheim gehalten", "nicht veröffentlicht", "nicht anwendbar", "0,0\u00a0%"}
    assert format_cell(None, "normal", QUOTA, "en") == "not published"


def test_every_status_has_words_in_both_languages():
    for language in ("de", "en"):
        assert len({format_status(status, language) for status in STATUSES}) == len(STATUSES)


@pytest.mark.parametrize(
    ("when", "frequency", "german", "english"),
    [
        (date(2024, 1, 1), "annual", "2024", "2024"),
        (date(2024, 7, 1), "quarterly", "3. Quartal 2024", "Q3 2024"),
        (date(2024, 1, 1), "half_yearly", "1. Halbjahr 2024", "H1 2024"),
        (date(2024, 7, 1), "half_yearly", "2. Halbjahr 2024", "H2 2024"),
        (date(2024, 3, 1), "monthly", "März 2024", "March 2024"),
        (date(2016, 8, 1), "school_year", "2016/17", "2016/17"),
        (date(1999, 8, 1), "school_year", "1999/00", "1999/00"),
    ],
)
def test_periods(when, frequency, german, english):
    assert format_period(when, frequency, "de") == german and format_period(when, frequency, "en") == english


def test_dates_places_and_lists():
    assert format_date(date(2024, 12, 31)) == "31.12.2024" and format_date(date(2024, 12, 1), "en") == "1 December 2024"
    assert format_places(2, 4, 28) == "Rang 2–4 von 28" and format_places(3, 3, 28, "en") == "rank 3 of 28"
    assert join_names(["A", "B", "C"]) == "A, B und C" and join_names(["A"]) == "A" and join_names([]) == ""
    assert join_names(("A", "B"), "en") == "A and B"


def test_an_unknown_language_is_refused():
    with pytest.raises(SelectionError, match="fr"):
        format_value(1, 0, "fr")
