"""A selection returns just the rows it asks for, and says itself."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.catalogue import Area, Catalogue, Indicator, Source, SpatialUnit, Topic, Words
from model.errors import SelectionError, UnknownName
from model.query.select import Selection, select
from model.vocabulary import SCHEMA

UNITS = {
    "district": SpatialUnit("district", Words("Stadtteil", "District"), Words("Stadtteile", "Districts"), parent="city"),
    "city": SpatialUnit("city", Words("Stadt", "City"), Words("Stadt", "City")),
}
AREAS = (
    Area("01", "Altstadt", "district", "00"), Area("02", "Neustadt", "district", "00"),
    Area("03", "Aufgelöst", "district", "00", valid_to=date(2020, 1, 1)), Area("00", "Kleinstadt", "city"),
    Area("00-unlocated", "nicht zuordenbar", "unlocated", "00"),
)  # fmt: skip


def _indicator(id: str, de: str, frequency: str = "annual") -> Indicator:
    return Indicator(id, Words(de, id.title()), "t", Words("", ""), "count", "s", frequency=frequency)


INDICATORS = {i.id: i for i in (_indicator("births", "Geburten"), _indicator("jobless", "Arbeitslose", "quarterly"))}
CATALOGUE = Catalogue(INDICATORS, {"t": Topic("t", Words("", ""))}, {"s": Source("s", Words("", ""), "", "")}, UNITS).with_areas(
    AREAS
)
CELLS = [
    (indicator, area.code, date(year, 1, 1), sex, age)
    for indicator in INDICATORS for area in AREAS for year in range(2018, 2024) for sex in ("F", "_T") for age in ("Y0T17", "_T")
]  # fmt: skip
TABLE = pl.DataFrame(
    [(*cell, "observed", 1.0, None, None, "normal", "s@1") for cell in CELLS], schema=SCHEMA, orient="row"
)  # fmt: skip


def test_an_empty_selection_is_everything() -> None:
    assert select(TABLE, CATALOGUE, Selection()).equals(TABLE)


def test_a_unit_includes_the_areas_that_have_ended() -> None:
    found = select(TABLE, CATALOGUE, Selection(unit="district"))
    assert found["area"].unique().sort().to_list() == ["01", "02", "03"]


def test_the_rows_without_a_place_are_a_unit_of_their_own() -> None:
    assert select(TABLE, CATALOGUE, Selection(unit="unlocated"))["area"].unique().to_list() == ["00-unlocated"]


def test_two_periods_are_a_span_unless_they_are_a_list() -> None:
    ends = (date(2019, 1, 1), date(2022, 1, 1))
    span = select(TABLE, CATALOGUE, Selection(periods=ends))["period"].dt.year().unique().sort().to_list()
    assert span == [2019, 2020, 2021, 2022]
    listed = select(TABLE, CATALOGUE, Selection(periods=ends, listed=True))["period"].dt.year().unique().sort().to_list()
    assert listed == [2019, 2022]


def test_one_way_to_write_an_age() -> None:
    assert select(TABLE, CATALOGUE, Selection(age="Y_LT18"))["age"].unique().to_list() == ["Y0T17"]


@settings(max_examples=50, deadline=None)
@given(
    st.sets(st.sampled_from(sorted(INDICATORS))), st.sets(st.sampled_from([a.code for a in AREAS])),
    st.sampled_from([None, "F", "_T"]), st.sampled_from([None, "Y0T17", "_T"]), st.sets(st.integers(2018, 2023), max_size=3),
)  # fmt: skip
def test_exactly_the_rows_asked_for(
    indicators: set[str], areas: set[str], sex: str | None, age: str | None, years: set[int]
) -> None:
    selection = Selection(
        indicators=tuple(indicators),
        areas=tuple(areas),
        sex=sex,
        age=age,
        periods=tuple(date(y, 1, 1) for y in years),
        listed=True,
    )
    expected = [
        cell for cell in CELLS
        if (not indicators or cell[0] in indicators) and (not areas or cell[1] in areas) and (not years or cell[2].year in years)
        and sex in (None, cell[3]) and age in (None, cell[4])
    ]  # fmt: skip
    assert select(TABLE, CATALOGUE, selection).select("indicator", "area", "period", "sex", "age").rows() == expected


@pytest.mark.parametrize(
    ("selection", "error"),
    [
        (Selection(indicators=("birth",)), UnknownName), (Selection(unit="distrikt"), UnknownName),
        (Selection(areas=("99",)), UnknownName),
        (Selection(sex="w"), SelectionError), (Selection(age="old"), SelectionError),
        (Selection(periods=(date(2022, 1, 1), date(2019, 1, 1))), SelectionError),
    ],
)  # fmt: skip
def test_what_is_not_in_the_catalogue_cannot_be_asked(selection: Selection, error: type[Exception]) -> None:
    with pytest.raises(error):
        select(TABLE, CATALOGUE, selection)


@pytest.mark.parametrize(
    ("selection", "german", "english"),
    [
        (Selection(), "alle Indikatoren", "all indicators"),
        (Selection(("births",), unit="district", periods=(date(2019, 1, 1), date(2022, 1, 1))),
         "Geburten, alle Stadtteile, 2019–2022", "Births, all Districts, 2019–2022"),
        (Selection(("births", "jobless"), areas=("01", "02"), sex="F", age="Y_GE65"),
         "Geburten und Arbeitslose, Altstadt und Neustadt, Frauen, 65 Jahre und älter",
         "Births and Jobless, Altstadt and Neustadt, women, aged 65 and over"),
        (Selection(("jobless",), periods=(date(2022, 7, 1),), age="Y_LT18"),
         "Arbeitslose, 2022-Q3, unter 18 Jahren", "Jobless, 2022-Q3, under 18"),
        (Selection(("births",), periods=(date(2020, 1, 1), date(2022, 1, 1)), age="Y15T17", listed=True),
         "Geburten, 2020, 2022, 15–17 Jahre", "Births, 2020, 2022, aged 15–17"),
    ],
)  # fmt: skip
def test_a_selection_says_itself(selection: Selection, german: str, english: str) -> None:
    assert selection.sentence(CATALOGUE, "de") == german
    assert selection.sentence(CATALOGUE, "en") == english
