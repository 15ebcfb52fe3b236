"""Konstanz: figures looked up by hand in the city's tables; pyramids that count two different populations."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from .conftest import City

TOWN, ALTSTADT = "08335043", "08335043-01"


@pytest.fixture(scope="module")
def city(city_of: Callable[[str], City]) -> City:
    return city_of("konstanz")


@pytest.mark.parametrize(
    ("indicator", "area", "year", "sex", "age", "value"),
    [
        ("residents", ALTSTADT, 2025, "_T", "_T", 12318),  # nach_stadtteilen
        ("residents", "08335043-15", 1995, "_T", "_T", 1144),  # Wallhausen, …
        ("residents", TOWN, 1995, "_T", "_T", 72234),  # meldestatus
        ("residents", TOWN, 2025, "F", "_T", 45656),  # wohnbevoelkerung
        ("residents", TOWN, 2025, "M", "Y0", 42 + 306),  # pyramide_2025, line 2
        ("residents", TOWN, 2025, "_T", "Y65", 56 + 61 + 431 + 449),  # …, line 67
        ("foreign_residents", TOWN, 2025, "F", "Y1", 44),  # …, line 3
        ("foreign_residents", TOWN, 2025, "_T", "_T", 15566),  # nach_staatsangehoerigkeit
        ("registered_population", TOWN, 1996, "F", "Y0", 64 + 284),  # pyramide_1996, line 2
        ("registered_population", TOWN, 1983, "_T", "_T", 72538),  # pyramide_1983, all cells
        ("residents_under_18", TOWN, 2024, "_T", "_T", 12494),  # nach_altersgruppe
        ("natural_change", TOWN, 2024, "_T", "_T", 661 - 869),  # natuerliche_entwicklung
        ("net_migration", TOWN, 1995, "_T", "_T", 6050 - 6064),  # zu_und_wegzug
        ("unemployed", TOWN, 2025, "F", "_T", 866),  # al_kn
        ("unemployed", TOWN, 2000, "_T", "Y0T24", 186),  # …
        ("unemployment_rate", TOWN, 2025, "_T", "_T", 4.3),  # al_quote
        ("in_commuters", TOWN, 2000, "_T", "_T", 8796),  # svp_insgesamt
        ("living_space_completed", TOWN, 2025, "_T", "_T", 27880),  # fertigstellungen
        ("care_rate_under_3", TOWN, 2026, "_T", "_T", 33.5),  # betreuungsquote
    ],
)
def test_published_figures(city: City, indicator: str, area: str, year: int, sex: str, age: str, value: float) -> None:
    assert city.figure(indicator, area, year, sex, age) == (value, "normal")


def test_rates_are_computed_from_their_parts(city: City) -> None:
    assert city.figure("share_foreign", TOWN, 2025)[0] == pytest.approx(100 * 15566 / 87178)
    assert city.figure("births_per_1000", TOWN, 2024)[0] == pytest.approx(1000 * 661 / 87368)


def test_each_pyramid_counts_the_population_it_is_filed_under(city: City) -> None:
    """The city publishes all pyramids as residents; their sums say otherwise."""
    one_year = pl.col("age").str.contains(r"^Y\d+$") & (pl.col("sex") == "_T")
    kept = {
        "registered_population": (24, {2001: 2, 2004: -2}),
        "residents": (19, {2013: 1, 2016: -1, 2019: 4, 2020: -658, 2022: 1}),
    }
    for indicator, (years, known_gaps) in kept.items():
        rows = city.rows(indicator, TOWN)
        summed = rows.filter(one_year).group_by("period").agg(pl.col("value").sum().alias("ages"))
        total = rows.filter(pl.col("sex") == "_T", pl.col("age") == "_T").join(summed, on="period").sort("period")
        gaps = {p.year: a - v for p, a, v in total.select("period", "ages", "value").iter_rows() if a != v}
        assert total.height == years
        assert gaps == known_gaps


def test_districts_add_up_to_the_town(city: City) -> None:
    rows = city.rows("residents").filter(pl.col("area").str.contains("-\\d\\d$"))
    sums = rows.group_by("period").agg(pl.col("value").sum()).sort("period")
    town = city.rows("residents", TOWN).filter(pl.col("sex") == "_T", pl.col("age") == "_T").sort("period")
    assert sums["value"].to_list() == town["value"].to_list()
    assert sums.height == 31


def test_a_count_of_dwellings_starts_a_new_level(city: City) -> None:
    assert city.figure("dwellings", TOWN, 2024) == (47126, "break")
    assert city.figure("dwellings", TOWN, 2023) == (46226, "normal")


def test_units_without_boundaries_have_areas_but_no_map(city: City) -> None:
    areas = city.catalogue.areas_of("stadtteil")
    assert [area.name for area in areas][:2] == ["Altstadt", "Paradies"]
    assert len(areas) == 15 and all(area.longitude is None and area.parent == TOWN for area in areas)
    assert list(city.release.folder.glob("*.geojson")) == []
