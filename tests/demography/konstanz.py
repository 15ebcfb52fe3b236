"""Konstanz 1983–2025 from its published tables, with the register's two ways of counting told apart.

The pyramids count everybody registered (main and second homes) in 1983–1994, 1996–1999 and 2001–2008, and main residents
only in 1995, 2000 and from 2009 on, without saying so; the totals by registration status show it. Years of the first
kind are brought to main residents: by sex and age with the ratio of 1995 to the mean of 1994 and 1996, then to the
published total of main residents.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from model.demography.migration import smooth_over_age
from model.demography.observed import Observed
from model.demography.population import Array
from tests.demography.germany import FILES

FOLDER = FILES / "konstanz"
PYRAMIDS = FOLDER / "konstanz_population_single_age_sex_citizenship_1983_2025.csv"
TABLES = FOLDER / "original" / "data" / "bevoelkerung"
FIRST = 1995
BREAKS = (1996, 2000, 2001, 2009)  # the years in which the register begins to count the other way
FAULTY = 2020  # its pyramid has the age structure of about 2025: cohorts jump by up to 29 % and back in 2021


def pyramids(first: int, last: int) -> Array:
    """Return the published pyramids as (years, 1, 2, 101)."""
    table = pl.read_csv(PYRAMIDS).with_columns(pl.col("age").clip(0, 100), pl.col("n").fill_null(0.0))
    table = table.filter(pl.col("year").is_between(first, last)).group_by("year", "sex", "age").agg(pl.col("n").sum())
    stock = np.zeros((last - first + 1, 1, 2, 101))
    stock[table["year"] - first, 0, (table["sex"] == "male").cast(pl.Int64), table["age"]] = table["n"]
    return stock


def series(name: str, column: str, last: int) -> Array:
    """Return a published yearly total as (years, 1), nan where a year is missing."""
    table = pl.read_csv(TABLES / f"{name}.csv").filter(pl.col("jahr").is_between(FIRST, last))
    values = np.full((last - FIRST + 1, 1), np.nan)
    values[table["jahr"] - FIRST, 0] = table[column].cast(pl.Float64)
    return values


@lru_cache
def konstanz(last: int = 2025, *, events: bool = True) -> Observed:
    """Return main residents 1995 … `last`, using nothing later, and the totals of births, deaths and moves."""
    stock, main = pyramids(FIRST, last), series("meldestatus", "wohnbevoelkerung_hauptwohnsitz", last)
    published = stock.sum(axis=(1, 2, 3))
    everybody = published / main[:, 0] > 1.005
    ratio = _main_share()
    for number in np.flatnonzero(everybody):
        stock[number] *= ratio
        stock[number] *= main[number, 0] / stock[number].sum()
    totals = {
        "births": series("natuerliche_entwicklung", "geburten", last),
        "deaths": series("natuerliche_entwicklung", "sterbefaelle", last),
        "arrivals": series("zu_und_wegzug", "zuzug", last),
        "departures": series("zu_und_wegzug", "wegzug", last),
    }
    breaks = tuple(year for year in BREAKS if year <= last)
    return Observed(("Konstanz",), FIRST, stock, totals=totals if events else {}, breaks=breaks)


@lru_cache
def registered() -> Observed:
    """Return everybody registered at the ends of 1983–1994 and 2001–2008; the years between are left out (nan)."""
    stock = pyramids(1983, 2008)
    stock[1995 - 1983 : 2001 - 1983] = np.nan
    return Observed(("Konstanz",), 1983, stock)


def _main_share() -> Array:
    """Return main residents ÷ everybody registered (1, 2, 101): 1995 against the mean of 1994 and 1996."""
    before, main, after = pyramids(1994, 1996)
    return np.clip(smooth_over_age(main) / np.maximum(smooth_over_age(0.5 * (before + after)), 1.0), 0.5, 1.0)
