"""The population as an array: area × sex × single year of age 0…100+."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.errors import ProjectionError
from model.vocabulary import age_bounds

Array = NDArray[np.float64]

SEXES = ("F", "M")
WOMEN, MEN = 0, 1
AGES = 101  # 0…99 and 100+
OLDEST = AGES - 1
FERTILE = slice(15, 50)
MOTHERS = np.arange(15, 50)


@dataclass(frozen=True)
class Population:
    """People at the end of one year: `stock` has the shape (areas, 2, 101)."""

    areas: tuple[str, ...]
    year: int
    stock: Array

    def __post_init__(self) -> None:
        if self.stock.shape != (len(self.areas), len(SEXES), AGES):
            raise ProjectionError(f"A stock of {len(self.areas)} areas cannot have the shape {self.stock.shape}.")

    @property
    def total(self) -> float:
        """Return everybody."""
        return float(self.stock.sum())

    def position(self, area: str) -> int:
        """Return the position of `area` along the first axis."""
        return self.areas.index(area)


def stock_from_table(table: pl.DataFrame, areas: Sequence[str]) -> Array:
    """Return (areas, 2, 101) from rows `area, sex, age, value`; ages above 100 join 100+.

    `age` is a number or a code such as `Y7` and `Y_GE100`. Rows of other areas and of totals are left out.
    Raises ProjectionError naming the first missing cell.
    """
    rows = table.filter(pl.col("area").is_in(list(areas)) & pl.col("sex").cast(pl.String).is_in(SEXES))
    rows = rows.with_columns(pl.col("sex").cast(pl.String), age=_single_years(rows["age"])).drop_nulls("age")
    cells = rows.group_by("area", "sex", "age").agg(pl.col("value").sum(), pl.len().alias("rows"))
    stock = np.full((len(areas), len(SEXES), AGES), np.nan)
    place = {area: number for number, area in enumerate(areas)}
    stock[
        cells["area"].replace_strict(place, return_dtype=pl.Int64).to_numpy(),
        (cells["sex"] == "M").cast(pl.Int64).to_numpy(),
        cells["age"].to_numpy(),
    ] = cells["value"].to_numpy()
    if np.isnan(stock).any():
        area, sex, age = np.argwhere(np.isnan(stock))[0]
        raise ProjectionError(f"Nothing is given for age {age}, sex {SEXES[sex]}.", where=f"area {areas[area]}")
    return stock


def _single_years(ages: pl.Series) -> pl.Series:
    """Return each age as a number up to 100; groups of several years become null."""
    if ages.dtype.is_numeric():
        return ages.cast(pl.Int64).clip(0, OLDEST)
    years: dict[str, int | None] = {}
    for code in ages.unique().to_list():
        if code.isdigit():
            years[code] = min(int(code), OLDEST)
            continue
        first, last = age_bounds(code)
        single = first == last or (first >= OLDEST)
        years[code] = min(first, OLDEST) if single else None
    return ages.replace_strict(years, return_dtype=pl.Int64)


def age_on(stock: Array) -> Array:
    """Return the stock one birthday later: age 0 is empty, 100+ takes in the 99-year-olds. Last axis is age."""
    older = np.empty_like(stock)
    older[..., 0] = 0.0
    older[..., 1:] = stock[..., :-1]
    older[..., OLDEST] += stock[..., OLDEST]
    return older


def five_year_groups(stock: Array) -> Array:
    """Sum single years to 21 groups 0–4, 5–9 … 95–99, 100+ along the last axis."""
    return stock @ _FIVE_YEARS.astype(stock.dtype)


def _five_years() -> Array:
    """Return the matrix that sums 101 ages to 21 groups: a product is several times faster than sums of five."""
    return np.equal.outer(np.arange(AGES) // 5, np.arange(AGES // 5 + 1)).astype(np.float64)


_FIVE_YEARS = _five_years()


def group_sums(stock: Array, bounds: Sequence[tuple[int, int]]) -> Array:
    """Sum ages first…last (both included; 100 is 100+) for each pair of `bounds`; the last axis becomes the groups."""
    return np.stack([stock[..., first : last + 1].sum(axis=-1) for first, last in bounds], axis=-1)
