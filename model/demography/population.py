"""The population as an array: area × sex × single year of age 0…100+."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.errors import ProjectionError

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
