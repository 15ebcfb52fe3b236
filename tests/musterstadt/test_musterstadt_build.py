"""The package builds, and its table holds what was put in on purpose."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from musterstadt_files import PACKAGE

from model.__main__ import main
from model.catalogue import read_package
from model.ingest.store import Release, open_release

pytestmark = pytest.mark.slow
TOTALS = (pl.col("sex") == "_T") & (pl.col("age") == "_T")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, float]:
    folder: Path = tmp_path_factory.mktemp("package") / "musterstadt"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("tables", "generator", "__pycache__"))
    start = time.perf_counter()
    assert main(["build", str(folder)]) == 0
    return open_release(read_package(folder)), time.perf_counter() - start


@pytest.fixture(scope="module")
def table(built: tuple[Release, float]) -> pl.DataFrame:
    return built[0].table


def _row(table: pl.DataFrame, indicator: str, area: str, year: int) -> dict:
    here = (pl.col("indicator") == indicator) & (pl.col("area") == area) & (pl.col("period") == date(year, 1, 1))
    return table.filter(here & TOTALS).row(0, named=True)


def test_it_builds_within_its_time_and_warns_of_nothing_unmeant(built: tuple[Release, float]) -> None:
    release, seconds = built
    # the arrivals of 2015 are a jump on purpose; nothing else may look unlikely
    assert all(warning.startswith("refugee_housing") for warning in release.notes["warnings"])
    assert seconds < 40  # 20 on a quiet machine (make bench); twice that where tests run side by side


def test_every_indicator_has_values(built: tuple[Release, float]) -> None:
    release, _ = built
    filled = set(release.table.drop_nulls("value")["indicator"].unique())
    assert filled == set(release.package.catalogue.indicators)


def test_all_four_kinds_of_empty_are_there(table: pl.DataFrame) -> None:
    assert _row(table, "unemployed_young", "0203", 2024)["status"] == "suppressed"
    assert _row(table, "care_recipients", "0101", 2024)["status"] == "missing"
    assert _row(table, "daycare_places_under3", "0203", 2024)["status"] == "not_applicable"
    zero = _row(table, "care_home_places", "0203", 2024)
    assert (zero["value"], zero["status"]) == (0.0, "normal")


def test_the_city_has_a_value_although_an_area_is_suppressed_or_not_applicable(table: pl.DataFrame) -> None:
    for indicator in ("unemployed_young", "daycare_places_under3", "old_age_poverty", "overindebtedness_rate"):
        assert _row(table, indicator, "00", 2024)["value"] > 0, indicator


def test_a_rate_of_the_city_is_the_ratio_of_sums(table: pl.DataFrame) -> None:
    year = pl.col("period") == date(2022, 1, 1)
    counts = {
        name: table.filter((pl.col("indicator") == name) & year & TOTALS & (pl.col("area").str.len_chars() == 4))["value"].sum()
        for name in ("residents_65plus", "residents")
    }
    expected = 100 * counts["residents_65plus"] / counts["residents"]
    assert _row(table, "share_65plus", "00", 2022)["value"] == pytest.approx(expected, rel=1e-12)


def test_the_reform_is_bridged_by_estimated_values(table: pl.DataFrame) -> None:
    old = _row(table, "overindebted", "0504", 2015)["value"]
    new = [_row(table, "overindebted", code, 2015) for code in ("0505", "0506")]
    assert {row["status"] for row in new} == {"estimated"}
    assert sum(row["value"] for row in new) == pytest.approx(old)
    after = table.filter((pl.col("area") == "0504") & (pl.col("period") >= date(2019, 1, 1)) & pl.col("value").is_not_null())
    assert after.is_empty()


def test_people_without_an_address_count_in_the_city_only(table: pl.DataFrame) -> None:
    half = (pl.col("indicator") == "debt_advice_clients") & (pl.col("period") == date(2024, 1, 1)) & TOTALS
    by_area = dict(table.filter(half).select("area", "value").iter_rows())
    placed = sum(value for area, value in by_area.items() if len(area) == 4)
    assert by_area["00-unlocated"] > 0
    assert by_area["00"] == placed + by_area["00-unlocated"]


def test_the_last_year_is_provisional_and_2023_a_break(table: pl.DataFrame) -> None:
    assert _row(table, "unemployed", "0101", 2025)["status"] == "provisional"
    assert _row(table, "rent_sqm", "0101", 2025)["status"] == "provisional"
    assert _row(table, "unemployed", "0101", 2024)["status"] == "normal"
    assert _row(table, "overindebted", "0101", 2023)["status"] == "break"
