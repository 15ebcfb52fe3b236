"""Flensburg: figures looked up by hand in the published tables, and the tables' known blemishes."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from .conftest import City

TOWN, ALTSTADT, NORDSTADT, TARUP = "01001000", "STGT01", "STGT03", "STGT13"


@pytest.fixture(scope="module")
def city(city_of: Callable[[str], City]) -> City:
    return city_of("flensburg")


@pytest.mark.parametrize(
    ("indicator", "area", "year", "value"),
    [
        ("residents", ALTSTADT, 2011, 3323),  # fl_residents_by_district, id 1
        ("residents", TARUP, 2022, 5675),  # …, id 91
        ("residents", TOWN, 2022, 99341),  # the 13 districts, and the six age groups of the town
        ("residents", TOWN, 2012, 90115),  # fl_age_groups_of_residents, id 2: six groups
        ("residents_under_65", ALTSTADT, 2011, 297 + 2644),  # children id 1 and 18–64 id 1
        ("old_age_ratio", TARUP, 2021, 27.3),  # fl_age_ratio_by_district, id 103
        ("births", TOWN, 2019, 1007),  # fl_births_by_district, all of 2019
        ("birth_rate", ALTSTADT, 2012, 48.1),  # …, id 2
        ("migration_background", "STGT12", 2022, 1081 + 1316),  # fl_migration_background_by_district, id 24
        ("permanent_residency", TOWN, 2016, 6527),  # fl_non_german_nationals_residence_status, id 1
        ("employment_rate", TARUP, 2020, 53.6),  # fl_employed_with_pension_insurance_by_district, id 76
        ("unemployed_female_share", NORDSTADT, 2022, 45.9),  # fl_unemployed_residents_categorized_by_district, id 6
        ("transfer_recipients_15_64", NORDSTADT, 2021, 2109),  # fl_beneficiaries_age_15_to_under_65_by_district, id 5
        ("sgb2_not_employable", ALTSTADT, 2018, 115),  # fl_inactive_beneficiaries_households_by_district, id 1
        ("housing_benefit", TOWN, 2022, 4723),  # fl_housing_benefit_by_district, all of 2022
        ("debt_men_alone", TOWN, 2022, 386),  # fl_debt_counseling_residents, id 2
        ("foster_care", TOWN, 2022, 103),  # fl_child_education_support, id 6
    ],
)
def test_published_figures(city: City, indicator: str, area: str, year: int, value: float) -> None:
    assert city.figure(indicator, area, year) == (value, "normal")


@pytest.mark.parametrize(
    ("indicator", "area", "year", "value"),
    [
        ("share_65", ALTSTADT, 2011, 100 * 382 / 3323),
        ("share_foreign", "STGT12", 2022, 100 * 1081 / 7661),
        ("unemployed_share", TARUP, 2022, 100 * 82 / 3532),
        ("sgb2_rate", ALTSTADT, 2018, 100 * 554 / (356 + 3032)),
        ("basic_security_65_rate", NORDSTADT, 2022, 100 * 266 / (1489 + 463)),
    ],
)
def test_rates_are_computed_from_their_parts(city: City, indicator: str, area: str, year: int, value: float) -> None:
    assert city.figure(indicator, area, year)[0] == pytest.approx(value, rel=1e-9)


def test_rows_without_a_district_count_in_the_town_only(city: City) -> None:
    placed = [226, 383, 823, 304, 286, 205, 226, 327, 427, 303, 532, 276, 85]
    assert city.figure("unemployed", TOWN, 2021)[0] == sum(placed) + 37
    assert city.figure("unemployed", f"{TOWN}-unlocated", 2021)[0] == 37
    assert city.rows("unemployed", year=2021).filter(pl.col("area").str.starts_with("STGT")).height == 13


def test_the_gap_of_the_years_is_real(city: City) -> None:
    years = city.rows("residents_65_plus", ALTSTADT)["period"].dt.year().to_list()
    assert years == [2011, 2012, 2017, 2018, 2019, 2020, 2021, 2022]
    assert city.rows("residents", ALTSTADT, 2012).is_empty()
    assert city.rows("share_65", ALTSTADT, 2012).is_empty()


def test_cells_below_four_are_suppressed_and_not_zero(city: City) -> None:
    assert city.figure("housing_advice", TARUP, 2022) == (None, "suppressed")
    assert city.figure("debt_single_fathers", TOWN, 2021) == (None, "suppressed")
    cases = pl.concat([city.rows("homelessness_risk"), city.rows("eviction_notices")])
    assert cases["value"].min() == 4


def test_a_cell_that_is_simply_empty_is_missing(city: City) -> None:
    assert city.figure("educational_assistance", TOWN, 2022) == (None, "missing")


def test_basic_security_by_sex_is_read_only_where_it_is_not_shifted(city: City) -> None:
    assert city.figure("basic_security", NORDSTADT, 2021)[0] == 283 + 248
    both = [city.figure("basic_security", NORDSTADT, 2022, sex)[0] for sex in ("F", "M", "_T")]
    assert both == [255, 306, 295 + 266]
    assert city.rows("basic_security", year=2021).filter(pl.col("sex") != "_T").is_empty()


def test_age_groups_miss_the_total_by_at_most_thirteen(city: City) -> None:
    groups = city.table.filter(pl.col("indicator").is_in(["residents_under_18", "residents_18_64", "residents_65_plus"]))
    here = pl.col("area").str.starts_with("STGT")
    summed = groups.filter(here).group_by("area", "period").agg(pl.col("value").sum().alias("groups"))
    total = city.rows("residents").filter(here, pl.col("age") == "_T").join(summed, on=["area", "period"])
    gaps = (total["value"] - total["groups"]).abs()
    assert total.height == 91 and 0 < gaps.max() <= 13


def test_there_are_thirteen_and_forty_one(city: City) -> None:
    assert len(city.catalogue.areas_of("stadtteil")) == 13
    assert len(city.catalogue.areas_of("bezirk")) == 41
    assert city.catalogue.top.code == TOWN
