"""What there is of one indicator: periods, units, breakdowns, origins, and the kind of every cell. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Area, Catalogue
from model.query.coverage import coverage_grid
from model.vocabulary import EMPTY_STATUSES, OBSERVED, TOTAL

ZERO = "zero"


@dataclass(frozen=True)
class Extent:
    """`origins` counts the values by source@vintage or by the method that made them, the largest first."""

    first: date | None
    last: date | None
    periods: int
    rows: int
    suppressed: int
    units: tuple[str, ...]
    by_sex: bool
    by_age: bool
    origins: Mapping[str, int]

    @property
    def vintages(self) -> dict[str, list[str]]:
        """Return the vintages of each source the values come from."""
        found: dict[str, list[str]] = {}
        for origin in self.origins:
            source, mark, vintage = origin.partition("@")
            if mark:
                found.setdefault(source, []).append(vintage)
        return {source: sorted(vintages) for source, vintages in found.items()}


def extent(table: pl.DataFrame, catalogue: Catalogue) -> Extent:
    """Return what there is of one indicator; `table` are its protected rows."""
    there = table.filter((pl.col("scenario") == OBSERVED) & ~pl.col("status").is_in(list(EMPTY_STATUSES)))
    periods = there["period"].unique().sort().to_list()
    codes = set(there["area"].unique())
    origins = there.group_by("source").len().sort("len", "source", descending=[True, False])
    return Extent(
        first=periods[0] if periods else None,
        last=periods[-1] if periods else None,
        periods=len(periods),
        rows=table.height,
        suppressed=table.filter(pl.col("status") == "suppressed").height,
        units=tuple(id for id in catalogue.units if any(a.code in codes for a in catalogue.areas_of(id, current=False))),
        by_sex=bool((there["sex"] != TOTAL).any()),
        by_age=bool((there["age"] != TOTAL).any()),
        origins=dict(origins.iter_rows()),
    )


def coverage(table: pl.DataFrame, areas: Sequence[Area]) -> pl.DataFrame:
    """Return area, period, kind for every area and period: a status of the indicator table, or `zero` for a true zero.

    The totals count; where an indicator has none, the fullest breakdown.
    """
    every = table.filter((pl.col("scenario") == OBSERVED) & pl.col("area").is_in([a.code for a in areas]))
    totals = every.filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL))
    rows = every if totals.is_empty() else totals
    grid = coverage_grid(rows, areas)
    nothing = rows.group_by("area", "period").agg((pl.col("value").abs().max() == 0).fill_null(False).alias("zero"))
    joined = grid.join(nothing, on=["area", "period"], how="left", maintain_order="left")
    zero = pl.col("zero").fill_null(False) & ~pl.col("status").is_in(list(EMPTY_STATUSES))
    return joined.select("area", "period", kind=pl.when(zero).then(pl.lit(ZERO)).otherwise("status"))
