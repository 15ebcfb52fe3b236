"""Germany from 31.12.2018 with the published assumptions of the 14th coordinated projection, variant G2-L2-W2.

Published assumptions (Statistisches Bundesamt 2019, also in the Saxon state office's list of variants): 1.55 children
per woman, mean age at birth rising towards 32.6 years; life expectancy at birth in 2060 of 84.4 (m) and 88.1 (f)
years; net migration falling from 386,000 (2018) in equal steps to 206,000 in 2026 and steady from then on, which
gives the published mean of 221,000 a year 2019–2060 (checked below). Life table 2016/18, stock and result: Destatis.

The age profile of net migration is ours and stated: what the stocks 2011…2018 say (each cohort against its survivors
under the life table), smoothed by a moving mean of five ages. Nothing of the published result is used.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.demography.assumptions import Assumptions
from model.demography.fertility import with_mean_age, with_total_rate
from model.demography.mortality import between_year_ends, improve
from model.demography.population import MOTHERS, Array, Population

FILES = Path(os.environ.get("DATENLABOR_FILES", Path(__file__).resolve().parents[3] / "shared" / "data"))
HISTORY = FILES / "population" / "deu_population_history_1950_2018_single_age.csv"
OFFICIAL = FILES / "population" / "deu_kbv14_variant2_G2L2W2_2019_2060_single_age.csv"
TABLES = FILES / "population" / "deu_life_tables_2016_18_2020_22_2022_24.csv"
BIRTHS = FILES / "kreise" / "geburten_alter_der_mutter_kreise_2015.csv"

NET = np.concatenate([np.linspace(386_000, 206_000, 9)[1:], np.full(34, 206_000.0)])  # 2019…2060


def need(*paths: Path) -> None:
    """Skip the test where the published files are absent."""
    for path in paths:
        if not path.exists():
            pytest.skip(f"Published reference data absent: {path}")


def cube(path: Path) -> tuple[int, Array]:
    """Return the first year and people as (years, 2, 101), in persons."""
    table = pl.read_csv(path)
    first = int(table["year"].min())
    values = np.zeros((table["year"].n_unique(), 2, 101))
    values[table["year"] - first, (table["sex"] == "male").cast(pl.Int64), table["age"]] = 1e3 * table["pop_thousand"]
    return first, values


def life_table(period: str = "2016-2018", column: str = "qx") -> Array:
    """Return one column of the German life table as (2, 101), women first."""
    table = pl.read_csv(TABLES).filter(pl.col("period") == period).sort("age")
    return np.stack([table.filter(pl.col("sex") == sex)[column].to_numpy() for sex in ("female", "male")])


def migration_profile(history: Array, qx: Array) -> Array:
    """Return the age profile of net migration 2012–2018, (2, 101), summing to 1."""
    dying = between_year_ends(qx)
    net = np.zeros((2, 101))
    for start, end in zip(history[-8:-1], history[-7:], strict=True):
        net[:, 1:100] += (end[:, 1:100] - start[:, :99] * (1.0 - dying[:, 1:100])) / (1.0 - 0.5 * dying[:, 1:100])
    net[:, 0] = 0.5 * net[:, 1]
    net[:, 75:] = 0.0
    kernel = np.full(5, 0.2)
    smooth = np.stack([np.convolve(np.pad(row, 2, mode="edge"), kernel, mode="valid") for row in net])
    return smooth / smooth.sum()


def fertility(years: int) -> Array:
    """Return births per woman (years, 35): the German age pattern of 2015 at 1.55 children, growing older to 32.6."""
    table = pl.read_csv(BIRTHS).filter(pl.col("ags") == "DG")
    bounds = {"unter 20 Jahre": (15, 19), "20 bis": (20, 24), "25 bis": (25, 29), "30 bis": (30, 34), "35 bis": (35, 39)}
    bounds |= {"40 Jahre und mehr": (40, 49)}
    first, history = cube(HISTORY)
    women = history[2015 - first, 0]
    rate = np.zeros(35)
    for label, (low, high) in bounds.items():
        births = float(table.filter(pl.col("age_label").str.starts_with(label))["total"][0])
        rate[low - 15 : high - 14] = births / women[low : high + 1].sum()
    rate[25:] *= np.linspace(2.0, 0.0, 10)
    smooth = np.convolve(np.pad(rate, 2), np.full(5, 0.2), mode="valid")
    base = with_total_rate(smooth, 1.55)
    return np.stack([with_mean_age(base, age) for age in np.interp(np.arange(years), [0, 41], [31.6, 32.6])])


@lru_cache
def germany(years: int = 42) -> tuple[Population, Assumptions]:
    """Return the stock of 31.12.2018 and the published assumptions."""
    _, history = cube(HISTORY)
    qx = life_table()
    path = improve(qx, np.array([88.1, 84.4]), 2060 - 2017, years + 1)[1:]  # the table is centred on 2017
    profile = migration_profile(history, qx)
    assumptions = Assumptions(
        dying=between_year_ends(path)[:, None],
        asfr=fertility(years)[:, None],
        arrivals=np.maximum(profile, 0.0)[None, None] * NET[:years, None, None, None],
        departures=np.maximum(-profile, 0.0)[None, None] * NET[:years, None, None, None],
        sex_ratio=1.054,
    )
    return Population(("DG",), 2018, history[-1:]), assumptions


MOTHERS_COUNT = len(MOTHERS)
