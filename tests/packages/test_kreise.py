"""Kreise: figures looked up by hand in the Regionalatlas, symbols, and territory reforms."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from .conftest import City


@pytest.fixture(scope="module")
def city(city_of: Callable[[str], City]) -> City:
    return city_of("kreise")


@pytest.mark.parametrize(
    ("indicator", "area", "year", "value"),
    [
        ("population_density", "DG", 1995, 229.2),
        ("share_foreign", "DG", 1995, 9.0),
        ("population_density", "01001", 2007, 1557.1),
        ("natural_change_rate", "01001", 2007, -15.4),
        ("net_migration_rate", "09162", 2007, 104.5),
        ("death_rate", "14161", 2007, 125.1),  # Chemnitz before the reform of 2008
        ("population_density", "11", 2007, 3831.3),
        ("population_density", "11000", 2007, 3831.3),  # Berlin is a Land and a Kreis
        ("poverty_risk_national", "04", 2014, 24.1),
        ("poverty_risk_regional", "04", 2014, 17.3),
        ("mean_age_women", "16074", 2011, 47.4),
        ("employment_rate_insured", "16077", 2012, 57.7),
        ("consumer_insolvencies", "01001", 2015, 128),
        ("consumer_insolvencies", "DG", 2015, 80347),
        ("residents", "05334", 2015, 553922),
        ("residents", "02000", 2015, 1787408),
    ],
)
def test_published_figures(city: City, indicator: str, area: str, year: int, value: float) -> None:
    assert city.figure(indicator, area, year)[0] == value


def test_population_by_age_and_sex(city: City) -> None:
    assert city.figure("residents", "01001", 2015, "F", "Y_GE90") == (626, "normal")
    assert city.figure("residents", "01001", 2015, "_T", "Y75T79") == (4481, "normal")
    assert city.figure("residents", "DG", 2015, "M", "Y0") == (382551, "normal")


def test_insolvencies_per_head_where_the_population_is_known(city: City) -> None:
    assert city.figure("consumer_insolvencies_per_10000", "01001", 2015)[0] == pytest.approx(10_000 * 128 / 85942)
    assert city.rows("consumer_insolvencies_per_10000")["period"].dt.year().unique().to_list() == [2015]


def test_official_symbols_become_statuses(city: City) -> None:
    assert city.figure("population_change", "01001", 1995) == (None, "not_applicable")  # x
    assert city.figure("migration_background_60", "16074", 2011) == (None, "missing")  # /
    assert city.figure("long_term_unemployed_share", "03356", 2005) == (None, "suppressed")  # .


def test_a_kreis_of_a_reform_has_values_only_for_its_own_time(city: City) -> None:
    """The file writes “.” and “-” for years in which a Kreis did not exist; “-” would be a true zero elsewhere."""
    income = city.rows("disposable_income").filter(pl.col("area").is_in(["13001", "13075", "03159"]))
    assert income.filter(pl.col("value") == 0).is_empty()
    assert city.rows("population_density", "13075")["period"].dt.year().min() == 2011
    assert city.rows("population_density", "13001")["period"].dt.year().max() == 2010
    assert city.table.filter(pl.col("area") == "03159").is_empty()


def test_the_wartburgkreis_before_eisenach_is_another_area(city: City) -> None:
    assert city.table.filter(pl.col("area") == "16063").is_empty()
    assert city.rows("population_density", "16063-2021").height == 13
    now = city.catalogue.area("16063")
    assert now.predecessors == ("16056", "16063-2021")


def test_impossible_shares_of_the_publisher_are_left_out(city: City) -> None:
    assert city.rows("long_term_unemployed_share", "03155", 2011).is_empty()  # 1384,8 per cent
    assert city.figure("long_term_unemployed_share", "03155", 2012)[0] == 34.8
    assert city.rows("long_term_unemployed_share")["value"].max() <= 100


def test_every_kreis_of_the_map_but_two_has_values(city: City) -> None:
    current = city.catalogue.areas_of("kreis")
    with_values = set(city.table.filter(pl.col("value").is_not_null())["area"].unique())
    assert len(current) == 400
    assert sorted(area.code for area in current if area.code not in with_values) == ["03159", "16063"]


def test_every_former_kreis_has_a_successor_and_is_named_apart(city: City) -> None:
    areas = city.catalogue.areas_of("kreis", current=False)
    succeeded = {code for area in areas for code in area.predecessors}
    assert {area.code for area in areas if not area.is_current} == succeeded
    names = [area.name for area in city.catalogue.areas_of("kreis")]
    assert len(set(names)) == 400


def test_germany_is_as_large_as_it_is_said_to_be(city: City) -> None:
    """Federal territory on 31.12.2022: 357,592 km²."""
    assert city.catalogue.top.square_km == pytest.approx(357_592, rel=1e-3)
    assert city.catalogue.area("09").square_km == pytest.approx(70_542, rel=2e-3)  # Bayern
