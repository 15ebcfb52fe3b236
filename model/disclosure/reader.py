"""The one door: everything that is shown, queried, exported or sent comes from a Reader."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from model.catalogue import Catalogue, Package
from model.disclosure.rules import protect
from model.ingest.store import Release
from model.query.select import Selection, select
from model.vocabulary import COLUMNS, KEY, TOTAL, age_bounds, empty_table


class Reader:
    """Read one data release as one role: protected values of what the role may see; nothing else exists for it."""

    def __init__(self, release: Release, role: str) -> None:
        self.role = role
        self.release = release.id
        self.folder = release.folder
        self.package: Package = release.package
        self.catalogue: Catalogue = release.package.catalogue.for_role(role)
        self.notes = release.notes
        self._raw = release.table
        self._everything = release.package.catalogue
        shown = protect(release.table, self._everything).filter(self._visible())
        self._tables = {str(key[0]): part for key, part in shown.partition_by("indicator", as_dict=True).items()}

    def _visible(self) -> pl.Expr:
        return pl.col("indicator").is_in(list(self.catalogue.indicators)) & pl.col("area").is_in(list(self.catalogue.areas))

    def table(self, indicator: str) -> pl.DataFrame:
        """Return the protected rows of one indicator, all areas, periods and breakdowns. Raises UnknownName."""
        self.catalogue.indicator(indicator)
        return self._tables.get(indicator, empty_table())

    def everything(self) -> pl.DataFrame:
        """Return the protected rows of all indicators the role may see, in the catalogue's order."""
        return pl.concat([self._tables[id] for id in self.catalogue.indicators if id in self._tables] or [empty_table()])

    def select(self, selection: Selection) -> pl.DataFrame:
        """Return the protected rows the selection asks for. Raises UnknownName or SelectionError."""
        for indicator in selection.indicators:
            self.catalogue.indicator(indicator)
        parts = [self.table(id) for id in selection.indicators or self.catalogue.indicators]
        return select(pl.concat(parts or [empty_table()]), self.catalogue, selection)

    def age_groups(self, indicator: str, area: str, groups: Sequence[str]) -> pl.DataFrame:
        """Return a count by sex and age group for one area, all periods; groups are summed first, then protected.

        A group is missing for a period without a row for each of its single years. Raises UnknownName.
        """
        self.catalogue.indicator(indicator)
        self.catalogue.area(area)
        single = self._raw.filter(
            (pl.col("indicator") == indicator) & (pl.col("area") == area) & pl.col("age").str.contains(r"^Y(\d+|_GE\d+)$")
        ).with_columns(pl.col("age").str.extract(r"(\d+)").cast(pl.Int64).alias("_year"))
        if single.is_empty():
            return empty_table()
        return protect(pl.concat([_sum_group(single, group) for group in groups]), self._everything)


def _sum_group(single: pl.DataFrame, group: str) -> pl.DataFrame:
    """Sum single years of age to one group; `single` has the extra column `_year`."""
    first, last = age_bounds(group)
    by = [c for c in KEY if c != "age"]
    inside = single.filter(pl.col("_year").is_between(first, last))
    summed = inside.group_by(by, maintain_order=True).agg(
        pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum()).alias("value"),
        pl.col("status").max(),
        pl.col("source").first(),
    )
    return summed.with_columns(
        pl.lit(group).alias("age"),
        pl.lit(None, dtype=pl.Float64).alias("lower"),
        pl.lit(None, dtype=pl.Float64).alias("upper"),
    ).select(COLUMNS)


def total_rows(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not broken down by sex or age."""
    return table.filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL))
