"""Sexes and ages against their totals: a total that is absent is added up, parts larger than it are a breach.

Rows stand in key order and carry it as `key`. The usual case, every cell broken down alike, is recognised and computed
block by block, because grouping millions of rows would cost more than all the rest of an import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from model.ingest.aggregate import ROW, STATUS, add_up, indicators, only_sums
from model.ingest.codes import Codebook
from model.ingest.duplicates import Origin
from model.ingest.validate import Teller
from model.vocabulary import OLDEST, TOTAL, age_bounds

_ALMOST_ALL = 99  # single years that end here without an open group are taken as everybody
_RULE, _WHY = "parts larger than the whole", "is less than its parts by {dimension} together: {parts:.12g}"


def with_totals(frame: pl.DataFrame, book: Codebook, tell: Teller, tolerance: Mapping[str, float]) -> pl.DataFrame:
    """Return `frame` (ROW, key, origin, line) with the totals over sex, then over age, that were absent, in no order.

    Wholes that are smaller than their parts by more than `tolerance` (by indicator) are told.
    """
    sums = only_sums(frame, book)
    women, men = sums.filter(pl.col("sex") == "F"), sums.filter(pl.col("sex") == "M")
    if women.height:
        frame = _settled(frame, _sums_of_sexes(women, men, book), "sex", book, tell, tolerance)
    aged = only_sums(frame, book).filter(pl.col("age") != TOTAL)
    if aged.height:
        frame = _settled(frame, _sums_of_ages(aged, book), "age", book, tell, tolerance)
    return frame


def _settled(
    frame: pl.DataFrame, sums: pl.DataFrame, dimension: str, book: Codebook, tell: Teller, tolerance: Mapping[str, float]
) -> pl.DataFrame:  # fmt: skip
    """Compare sums (ROW, `whole`: they cover everybody) with the totals in `frame` and append those that are absent."""
    present = pl.col("indicator").is_in(sums["indicator"].unique().implode())
    totals = frame.filter((pl.col(dimension) == TOTAL) & present)
    sums = sums.with_columns(pl.lit(TOTAL, book.types[dimension]).alias(dimension))
    theirs, ours = totals["key"], sums.select(book.key())["key"]
    if len(theirs) == len(ours) and (theirs == ours).all():
        _tell_exceeded(totals.with_columns(sums["value"].alias("parts")), dimension, book, tell, tolerance)
        return frame
    both = totals.join(sums.select("value", ours).rename({"value": "parts"}), on="key", how="inner", maintain_order="left")
    _tell_exceeded(both, dimension, book, tell, tolerance)
    new = sums.with_columns(ours).filter(pl.col("whole") & pl.col("value").is_not_null())
    new = new.join(totals.select("key"), on="key", how="anti", maintain_order="left")
    return pl.concat([frame, new.select(*ROW, "key")], how="diagonal")


def _tell_exceeded(
    both: pl.DataFrame, dimension: str, book: Codebook, tell: Teller, tolerance: Mapping[str, float]
) -> None:  # fmt: skip
    allowed = pl.lit(1e-6)
    for id, extra in tolerance.items():
        allowed = pl.when(pl.col("indicator") == id).then(extra + 1e-6).otherwise(allowed)
    counts = indicators(book, lambda i: i.kind == "count")
    exceeded = both.filter(counts & (pl.col("parts") > pl.col("value") + allowed))
    tell.found(exceeded, _RULE, lambda row: _WHY.format(dimension=dimension, parts=row["parts"]))


def _sums_of_sexes(women: pl.DataFrame, men: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return F + M for every place that has both: ROW and `whole`, in the order of the key."""
    key, other = women["key"], men["key"]
    apart = len(book.types["age"].categories)  # the sex is the last digit but one, F before M
    if len(key) == len(other) and (key + apart == other).all():
        status = pl.max_horizontal(pl.col("status").to_physical(), men["status"].to_physical()).cat.to(STATUS)
        return women.with_columns(
            pl.col("value") + men["value"], status.alias("status"), _made(book), whole=pl.lit(True)
        ).select(*ROW, "whole")  # fmt: skip
    summed = add_up(pl.concat([women, men]), book.key("sex"), "total", book).filter(pl.col("rows") == 2)
    return summed.with_columns(whole=pl.lit(True)).select(*ROW, "whole")


def _made(book: Codebook) -> pl.Expr:
    return pl.lit("total", book.types["source"]).alias("source")


def _sums_of_ages(aged: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return the sums of ages without overlap: ROW and `whole`, in the order of the key where blocks are alike."""
    parts, groups = _without_overlap(aged, book)
    key = parts["key"] // len(book.types["age"].categories)  # the age is the last digit
    sizes = groups["groups"].unique()
    if len(sizes) == 1 and groups["whole"].all() and _in_blocks(key, size := int(sizes[0])):
        return _sums_of_blocks(parts, size, book)
    summed = add_up(parts, book.key("age"), "total", book)
    summed = summed.with_columns(book.key("area", "sex", "age")).join(groups, on="key", how="left", maintain_order="left")
    return summed.with_columns(pl.col("whole") & (pl.col("rows") == pl.col("groups"))).select(*ROW, "whole")


def _without_overlap(aged: pl.DataFrame, book: Codebook) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of ages that do not overlap, chosen for each indicator and period.

    The second table has `key` (indicator and period), groups (how many ages) and whole (they are everybody).
    """
    cells = aged.select(book.key("area", "sex"))["key"]
    seen = cells.unique().sort()
    number = len(book.types["age"].categories)
    names = book.types["age"].categories
    by_head: dict[int, list[int]] = defaultdict(list)
    for cell in seen.to_list():
        by_head[cell // number].append(cell % number)
    wanted, groups = [], []
    for head, codes in by_head.items():
        chosen, whole = division(tuple(names[code] for code in codes))
        wanted += [head * number + code for code in codes if names[code] in chosen]
        groups.append((head, len(chosen), whole))
    table = pl.DataFrame(groups, schema={"key": pl.UInt64, "groups": pl.UInt32, "whole": pl.Boolean}, orient="row")
    if len(wanted) == len(seen):
        return aged, table
    return aged.filter(cells.is_in(pl.Series(wanted, dtype=pl.UInt64).implode())), table


@cache
def division(ages: tuple[str, ...]) -> tuple[frozenset[str], bool]:
    """Return ages that do not overlap, and whether they are everybody.

    The finest chain from 0 to the oldest is taken; where there is none, the finest groups from the youngest up.
    """
    bounds = sorted((*age_bounds(age), age) for age in ages)
    oldest = max(last for _, last, _ in bounds)
    chains: dict[int, list[str] | None] = {oldest + 1: []}
    for first, last, age in sorted(bounds, key=lambda b: (-b[0], b[1])):
        tail = chains.get(last + 1)
        if tail is not None and chains.get(first) is None:
            chains[first] = [age, *tail]
    chain = chains.get(0)
    if chain and (oldest == OLDEST or oldest >= _ALMOST_ALL):
        return frozenset(chain), True
    taken: list[str] = []
    reached = -1
    for first, last, age in bounds:
        if first > reached:
            taken.append(age)
            reached = last
    return frozenset(taken), False


def _in_blocks(key: pl.Series, size: int) -> bool:
    """Tell whether the sorted `key` consists of blocks of `size` equal numbers."""
    if len(key) % size:
        return False
    first, last = key.gather_every(size), key.gather_every(size, size - 1)
    return bool((first == last).all() and (first.diff().drop_nulls() != 0).all())


def _sums_of_blocks(parts: pl.DataFrame, size: int, book: Codebook) -> pl.DataFrame:
    value = parts["value"]
    first = parts.gather_every(size)
    status = parts["status"].to_physical()
    weakest = status if (status == status[0]).all() else _most(status, size)
    return first.with_columns(
        _added(value, size).alias("value"),
        weakest.gather_every(size).rename("status").to_frame().select(pl.first().cat.to(STATUS)).to_series(),
        _made(book),
        whole=pl.lit(True),
    ).select(*ROW, "whole")


def _added(value: pl.Series, size: int) -> pl.Series:
    """Return the sum of every block; null where one value is."""
    numbers = value.fill_null(float("nan")).to_numpy() if value.null_count() else value.to_numpy()
    return pl.Series(numbers.reshape(-1, size).sum(axis=1)).fill_nan(None)


def _most(status: pl.Series, size: int) -> pl.Series:
    """Return the greatest of every block, repeated over it."""
    return pl.Series(status.to_numpy().reshape(-1, size).max(axis=1).repeat(size), dtype=status.dtype)


def tolerances(frame: pl.DataFrame, origins: Sequence[Origin]) -> dict[str, float]:
    """Return by how much parts may exceed the whole, for the indicators of recipes that allow it."""
    allowed: dict[str, float] = {}
    for number, origin in enumerate(origins):
        if origin.recipe.tolerance > 0:
            for id in frame.filter(pl.col("origin") == number)["indicator"].unique():
                allowed[id] = max(allowed.get(id, 0.0), origin.recipe.tolerance)
    return allowed
