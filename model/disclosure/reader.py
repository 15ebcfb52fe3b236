"""The one door: everything that is shown, queried, exported or sent comes from a Reader."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from model.catalogue import Catalogue, Package
from model.disclosure.notes import open_notes
from model.disclosure.rules import Rule, protect, rule_of
from model.errors import SelectionError
from model.ingest.store import Release
from model.query.select import Selection, select
from model.vocabulary import AUDIENCES, AUDIENCES_OF, COLUMNS, KEY, OLDEST, TOTAL, age_bounds, empty_table

_SERIES = tuple(c for c in KEY if c != "age")
_VERY_OLD = 90  # single years that end below this age are a part of the people only


class Reader:
    """Read one data release as one role: protected values of what the role may see; nothing else exists for it."""

    def __init__(self, release: Release, role: str) -> None:
        self.role = role
        self.release = release.id
        self.folder = release.folder
        self.package: Package = release.package
        self.catalogue: Catalogue = release.package.catalogue.for_role(role)
        everything_seen = AUDIENCES_OF[role] == AUDIENCES
        self.notes = release.notes if everything_seen else open_notes(release.notes, self.catalogue)
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

    def rule(self, indicator: str) -> Rule:
        """Return the rule that hides values of an indicator. Raises UnknownName."""
        return rule_of(self.catalogue.indicator(indicator), self._everything)

    def age_groups(self, indicator: str, area: str, groups: Sequence[str]) -> pl.DataFrame:
        """Return a count by sex and age group for one area, all periods; groups are summed first, then protected.

        A group is missing for a period without a row for each of its single years. Raises UnknownName, and SelectionError
        for an indicator that does not add up.
        """
        if not self.catalogue.indicator(indicator).is_sum:
            raise SelectionError(f"Ages of {indicator!r} cannot be added up: it is not a count.")
        self.catalogue.area(area)
        rows = self._raw.filter((pl.col("indicator") == indicator) & (pl.col("area") == area))
        single = _single_years(rows)
        if single.is_empty():
            return empty_table()
        return protect(pl.concat([_sum_group(single, group) for group in groups] or [empty_table()]), self._everything)


def _single_years(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of single years of age and of the open class that follows them, with the columns `_first`, `_last`.

    Other classes overlap the single years and are left out. `_end` is the last year of age in that series and period.
    """
    bounds = {age: age_bounds(age) for age in rows["age"].unique() if age != TOTAL}
    first, last = ({age: ends[at] for age, ends in bounds.items()} for at in (0, 1))
    aged = rows.filter(pl.col("age") != TOTAL).with_columns(
        pl.col("age").replace_strict(first, default=None, return_dtype=pl.Int64).alias("_first"),
        pl.col("age").replace_strict(last, default=None, return_dtype=pl.Int64).alias("_last"),
    )
    single = pl.col("_first") == pl.col("_last")
    next_year = pl.col("_first").filter(single).max().over(_SERIES) + 1
    kept = aged.filter(single | ((pl.col("_first") == next_year) & (pl.col("_last") == OLDEST)))
    return kept.with_columns(pl.col("_last").max().over(_SERIES).alias("_end"))


def _sum_group(single: pl.DataFrame, group: str) -> pl.DataFrame:
    """Sum single years of age to one group where every year of it is there; an open group ends with the oldest people."""
    first, last = age_bounds(group)
    inside = single.filter((pl.col("_first") >= first) & (pl.col("_last") <= last))
    summed = inside.group_by(_SERIES, maintain_order=True).agg(
        pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum()).alias("value"),
        pl.col("status").max(),
        pl.col("source").first(),
        (pl.col("_last") - pl.col("_first") + 1).sum().alias("_years"),
        pl.col("_end").first(),
    )
    ends_open = pl.lit(last == OLDEST) & (pl.col("_end") >= _VERY_OLD)
    end = pl.when(ends_open).then(pl.col("_end")).otherwise(pl.lit(last))
    return summed.filter(pl.col("_years") == end - first + 1).with_columns(
        pl.lit(group).alias("age"),
        pl.lit(None, dtype=pl.Float64).alias("lower"),
        pl.lit(None, dtype=pl.Float64).alias("upper"),
    ).select(COLUMNS)  # fmt: skip


def total_rows(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that are not broken down by sex or age."""
    return table.filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL))
