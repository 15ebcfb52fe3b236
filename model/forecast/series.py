"""Hold many series on one grid of periods, and read periods off and onto that grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.errors import ForecastError
from model.vocabulary import FREQUENCIES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Hold S series over T consecutive periods; NaN is a gap.

    `values` is S × T, column 0 is the period numbered `first` (see `ordinal`), `season` counts periods a year.
    `breaks` (S × T, or None) is True where a new level begins.
    """

    names: tuple[str, ...]
    values: Floats
    first: int = 0
    season: int = 1
    breaks: Flags | None = None

    def __post_init__(self) -> None:
        if self.values.shape[0] != len(self.names) or self.values.ndim != 2:
            raise ForecastError(f"{len(self.names)} names do not fit values of shape {self.values.shape}.")
        if np.isinf(self.values).any():
            name = self.names[int(np.isinf(self.values).any(axis=1).argmax())]
            raise ForecastError("A value is infinite.", where=f"series {name!r}", hint="Leave it empty or correct it.")

    @property
    def observed(self) -> Flags:
        """Return S × T flags of the values that exist."""
        return ~np.isnan(self.values)

    @property
    def counts(self) -> Ints:
        """Return the number of values of each series."""
        return np.asarray(self.observed.sum(axis=1), dtype=np.int64)

    @property
    def last(self) -> Ints:
        """Return the number of each series' last period with a value; `first − 1` where there is none."""
        observed = self.observed
        back = observed[:, ::-1].argmax(axis=1) if observed.shape[1] else np.zeros(len(self.names), dtype=np.int64)
        return np.where(observed.any(axis=1), self.first + self.values.shape[1] - 1 - back, self.first - 1)

    def take(self, rows: Ints | Flags) -> Panel:
        """Return the panel of these rows."""
        chosen = np.arange(len(self.names))[rows]
        breaks = None if self.breaks is None else self.breaks[chosen]
        return replace(self, names=tuple(self.names[i] for i in chosen), values=self.values[chosen], breaks=breaks)

    def until(self, period: int) -> Panel:
        """Return the panel as it was known at the end of the period numbered `period`."""
        width = max(period - self.first + 1, 0)
        breaks = None if self.breaks is None else self.breaks[:, :width]
        return replace(self, values=self.values[:, :width], breaks=breaks)

    def with_values(self, values: Floats) -> Panel:
        """Return the panel with other values of the same shape."""
        return replace(self, values=values)


def single(values: object, name: str = "series", first: int = 0, season: int = 1, breaks: tuple[int, ...] = ()) -> Panel:
    """Return the panel of one series; `breaks` are positions at which a new level begins."""
    row = np.asarray(values, dtype=float).reshape(1, -1)
    flags = np.zeros(row.shape, dtype=bool)
    flags[0, list(breaks)] = True
    return Panel((name,), row, first, season, flags if breaks else None)


def ordinal(period: date, season: int) -> int:
    """Return the number of the period on a grid of `season` periods a year: 2024 → 2024, 2024-Q3 → 4·2024 + 2."""
    return period.year * season + (period.month - 1) * season // 12


def first_day(number: int, season: int) -> date:
    """Return the first day of the period with this number."""
    return date(number // season, number % season * (12 // season) + 1, 1)


def season_of(frequency: str) -> int:
    """Return the periods a year of an indicator's frequency."""
    return FREQUENCIES[frequency]
