"""What holds for every real package."""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl
import pytest

from .conftest import City

PACKAGES = ("flensburg", "konstanz", "kreise")
CityOf = Callable[[str], City]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_indicator_has_a_value_and_every_row_an_entry(city_of: CityOf, name: str) -> None:
    city = city_of(name)
    with_value = city.table.filter(pl.col("value").is_not_null())["indicator"].unique().to_list()
    assert sorted(set(city.catalogue.indicators) - set(with_value)) == []
    assert set(city.table["area"].unique()) <= {*city.catalogue.areas, f"{city.catalogue.top.code}-unlocated"}


@pytest.mark.parametrize("name", PACKAGES)
def test_the_package_is_open_real_data_with_its_attribution(city_of: CityOf, name: str) -> None:
    package = city_of(name).release.package
    assert (package.synthetic, package.open) == (False, True)
    assert package.attribution and package.licence
    assert all(source.attribution and source.licence for source in package.catalogue.sources.values())
    assert package.default_indicator in package.catalogue.indicators


@pytest.mark.parametrize("name", PACKAGES)
def test_everything_is_said_in_both_languages(city_of: CityOf, name: str) -> None:
    catalogue = city_of(name).catalogue
    for entry in (*catalogue.indicators.values(), *catalogue.topics.values(), *catalogue.units.values()):
        assert entry.title.de and entry.title.en
    same = [i.id for i in catalogue.indicators.values() if i.method.de and i.method.de == i.method.en]
    assert same == []


@pytest.mark.parametrize("name", PACKAGES)
def test_the_map_holds_every_current_area_of_the_units_with_geometry(city_of: CityOf, name: str) -> None:
    city = city_of(name)
    for unit in city.catalogue.units:
        path = city.release.folder / f"{unit}.geojson"
        if path.exists():
            drawn = [f["properties"]["code"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]]
            assert drawn == sorted(area.code for area in city.catalogue.areas_of(unit))
        else:
            assert name == "konstanz"
