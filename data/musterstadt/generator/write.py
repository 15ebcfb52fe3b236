"""Write numbers the way offices do: German marks, official symbols, wide and long tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.places import CITY, CITY_NAME, Place, Reform


@dataclass(frozen=True)
class Map:
    """Which areas a publisher reports, and how they add up from the current Stadtteile."""

    places: Sequence[Place]
    districts: dict[str, str]
    reforms: Sequence[Reform]

    @property
    def names(self) -> dict[str, str]:
        """Return the name of every area, past and present, by code."""
        quarters = {p.code: p.name for p in self.places} | {r.code: r.name for r in self.reforms}
        return quarters | self.districts | {CITY: CITY_NAME}

    def current(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return the series of each current Stadtteil."""
        return {p.code: row for p, row in zip(self.places, values, strict=True)}

    def former(self, values: np.ndarray, years: np.ndarray) -> dict[str, np.ndarray]:
        """Return series by the boundaries of their time: nan where the area was not there."""
        rows = {code: np.array(row, dtype=float) for code, row in self.current(values).items()}
        for reform in self.reforms:
            before = np.asarray(years) < reform.year
            rows[reform.code] = np.where(before, sum(rows[c] for c in reform.parts), np.nan)
            for code in reform.parts:
                rows[code] = np.where(before, np.nan, rows[code])
        return rows

    def upper(self, values: np.ndarray, unlocated: np.ndarray | float = 0.0) -> dict[str, np.ndarray]:
        """Return the series of the Stadtbezirke and of the city, the latter with those who could not be placed."""
        own = np.array([p.district for p in self.places])
        rows = {d: np.nansum(values[own == d], axis=0) for d in self.districts}
        return rows | {CITY: np.nansum(values, axis=0) + unlocated}


def number(value: float, decimals: int = 0, thousands: str = "") -> str:
    """Return `value` with a decimal comma."""
    return f"{value:,.{decimals}f}".replace(",", "\0").replace(".", ",").replace("\0", thousands)


def official(value: float, decimals: int = 0, below: int = 0) -> str:
    """Return `value` as official statistics print it: `-` nothing, `.` suppressed, `x` does not apply."""
    if np.isnan(value):
        return "x"
    if value == 0:
        return "-"
    return "." if 0 < value < below else number(value, decimals)


def lines(path: Path, rows: Iterable[Sequence[str]], separator: str = ";", encoding: str = "utf-8") -> None:
    """Write rows of texts; a text with a separator in it is quoted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = (separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows)
    path.write_bytes(("\n".join(quoted) + "\n").encode(encoding))


def workbook(path: Path, sheet: str, title: str, rows: Sequence[Sequence[str | float | None]]) -> None:
    """Write one sheet as XLSX: a title line, then `rows`; the same bytes every time."""
    from datetime import UTC, datetime

    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": title, "created": datetime(2026, 6, 1, tzinfo=UTC)})
        page = book.add_worksheet(sheet)
        page.write_string(0, 0, title)
        for number_of_row, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number_of_row, column, cell)
                elif cell is not None:
                    page.write_number(number_of_row, column, cell)
