"""Levels are near published German ones; each test says which and how near. Nothing of them is copied into the package."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from musterstadt_files import PACKAGE, published

AGE = np.arange(101)


def _grid(table: pl.DataFrame, years: range) -> np.ndarray:
    """Return the city's counts as sex (F, M) × age 0…100 × year."""
    city = table.group_by("sex", "age", "year").agg(pl.col("value").sum())
    grid = np.zeros((2, 101, len(years)))
    for row in city.filter(pl.col("year").is_in(list(years))).iter_rows(named=True):
        grid["FM".index(row["sex"]), row["age"], row["year"] - years[0]] = row["value"]
    return grid


def _life_expectancy(residents: pl.DataFrame, movements: dict[str, pl.DataFrame], age: int) -> np.ndarray:
    """Return years to live at `age` (women, men) from deaths of cohorts in 2016–2018."""
    stock = _grid(residents, range(2015, 2019))
    deaths = _grid(movements["deaths"], range(2016, 2019)).sum(axis=2)
    born = movements["births"].filter(pl.col("year").is_between(2016, 2018)).group_by("sex").agg(pl.col("value").sum())
    start = np.zeros((2, 101))
    start[:, 1:] = stock[:, :-1, :3].sum(axis=2)
    start[:, 100] += stock[:, 100, :3].sum(axis=1)
    start[:, 0] = [dict(born.iter_rows())[sex] for sex in "FM"]
    alive = np.cumprod(1 - np.minimum(deaths / start, 1), axis=1)  # at exact age a + ½
    at_age = (alive[:, age - 1] + alive[:, age]) / 2 if age else np.ones(2)
    first = 0.25 * (1 + alive[:, 0]) if not age else 0.25 * (at_age + alive[:, age])
    return (first + ((alive[:, age:-1] + alive[:, age + 1 :]) / 2).sum(axis=1)) / at_age


@pytest.mark.parametrize(("age", "tolerance"), [(0, 0.8), (65, 0.8)])
def test_life_expectancy_of_2016_18(
    residents: pl.DataFrame, movements: dict[str, pl.DataFrame], age: int, tolerance: float
) -> None:
    """Destatis, Sterbetafel 2016/18: 83.27 and 78.48 years at birth; within 0.8 years (area levels and chance)."""
    table = pl.read_csv(published("population/deu_life_tables_2016_18_2020_22_2022_24.csv"))
    row = table.filter((pl.col("period") == "2016-2018") & (pl.col("age") == age))
    official = [row.filter(pl.col("sex") == sex)["ex"][0] for sex in ("female", "male")]
    np.testing.assert_allclose(_life_expectancy(residents, movements, age), official, atol=tolerance)


@pytest.mark.parametrize(("year", "official"), [(2006, 1.33), (2016, 1.59), (2023, 1.35)])
def test_births_per_woman(residents: pl.DataFrame, movements: dict[str, pl.DataFrame], year: int, official: float) -> None:
    """Destatis, zusammengefasste Geburtenziffer; within 0.15, since the city's mix of quarters has its own level."""
    women = _grid(residents, range(year - 1, year + 1))[0]
    born = movements["births"].filter(pl.col("year") == year).group_by("age").agg(pl.col("value").sum())
    births = np.zeros(101)
    births[born["age"].to_numpy()] = born["value"].to_numpy()
    exposed = (np.concatenate([[0], women[:-1, 0]]) + women[:, 1]) / 2
    rate = np.divide(births, exposed, out=np.zeros(101), where=exposed > 0).sum()
    assert rate == pytest.approx(official, abs=0.15)


def test_the_age_structure_of_2018(residents: pl.DataFrame) -> None:
    """Destatis, Bevölkerung Deutschlands 2018 nach Altersjahren; each band within 2.5 points."""
    table = pl.read_csv(published("population/deu_population_history_1950_2018_single_age.csv"))
    germany = table.filter((pl.col("year") == 2018) & pl.col("sex").is_in(["female", "male"]))
    city = _grid(residents, range(2018, 2019)).sum(axis=(0, 2))
    official = np.zeros(101)
    for age, value in germany.group_by("age").agg(pl.col("pop_thousand").sum()).iter_rows():
        official[min(int(age), 100)] += value
    for first, last in [(0, 17), (18, 29), (30, 49), (50, 64), (65, 79), (80, 100)]:
        band = (first <= AGE) & (last >= AGE)
        share = 100 * official[band].sum() / official.sum()
        assert 100 * city[band].sum() / city.sum() == pytest.approx(share, abs=2.5), (first, last)


@pytest.mark.parametrize("year", [2017, 2023, 2025])
def test_over_indebtedness_of_the_city(credit: pl.DataFrame, year: int) -> None:
    """Creditreform, SchuldnerAtlas (press figures): 10.04, 8.15, 8.16 %; within 0.1 points."""
    table = pl.read_csv(published("overindebtedness/schuldneratlas_quoten.csv"))
    official = table.filter((pl.col("area") == "Deutschland") & (pl.col("year") == year))["quota_percent"][0]
    city = credit.filter((pl.col("area_code") == "00") & (pl.col("year") == year) & (pl.col("age_group") == "total"))
    assert 100 * city["overindebted"][0] / city["adults"][0] == pytest.approx(official, abs=0.1)


def test_over_indebtedness_by_age_in_2017(credit: pl.DataFrame) -> None:
    """SchuldnerAtlas 2017 by age group: 14.06, 18.93, 12.88, 8.80, 5.48, 1.50 %; within 0.6 points."""
    table = pl.read_csv(published("overindebtedness/schuldneratlas_2017_alter_geschlecht_deutschland.csv"))
    groups = dict(
        zip(
            ["0-29", "30-39", "40-49", "50-59", "60-69", "70+"],
            ["Y18T29", "Y30T39", "Y40T49", "Y50T59", "Y60T69", "Y_GE70"],
            strict=True,
        )
    )
    city = credit.filter((pl.col("area_code") == "00") & (pl.col("year") == 2017))
    for group, code in groups.items():
        official = table.filter(pl.col("group") == group)["quota_percent_2017"][0]
        row = city.filter(pl.col("age_group") == code)
        assert 100 * row["overindebted"][0] / row["adults"][0] == pytest.approx(official, abs=0.6), code


def _kommonitor(name: str, year: int) -> np.ndarray:
    table = pl.read_csv(PACKAGE / "sources" / "housing_office" / "2026-06" / f"{name}.csv", separator=";", infer_schema=False)
    return table[f"{year}-12-31"].str.replace(",", ".").cast(pl.Float64).to_numpy()


def test_rent_burden_of_2022() -> None:
    """Destatis, Mikrozensus 2022: tenant households spend 27.8 % of their income on rent before heating; within 1.5 points."""
    assert 100 * _kommonitor("rent_paid", 2022).sum() / _kommonitor("tenant_income", 2022).sum() == pytest.approx(27.8, abs=1.5)


def test_day_care_under_3_in_2023() -> None:
    """Destatis, Betreuungsquote am 1. März 2023: 36.4 %; within 2 points."""
    table = pl.read_csv(PACKAGE / "sources" / "school_office" / "2026-06" / "kita.csv", separator=";", infer_schema=False)
    table = table.filter(pl.col("Stadtteil") == "00")
    count = {
        title: table.filter(pl.col("Kennziffer") == title)["2023"].cast(pl.Int64, strict=False).sum()
        for title in ("Kinder unter 3", "betreute Kinder unter 3")
    }
    assert 100 * count["betreute Kinder unter 3"] / count["Kinder unter 3"] == pytest.approx(36.4, abs=2)
