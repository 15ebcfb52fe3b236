"""Add areas up to their parents. Only what is complete is summed; what was delivered stays.

Rows here are coded: indicator, area, period, sex, age, value, status, source (types of the code book).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from model.catalogue import Area, Indicator, SpatialUnit
from model.ingest.codes import KEY_COLUMNS, Codebook
from model.vocabulary import STATUSES

ROW = (*KEY_COLUMNS, "value", "status", "source")
STATUS = pl.Enum(STATUSES)


def indicators(book: Codebook, wanted: Callable[[Indicator], bool]) -> pl.Expr:
    """Return the condition that a row's indicator is wanted."""
    ids = [id for id, indicator in book.catalogue.indicators.items() if wanted(indicator)]
    return pl.col("indicator").is_in(pl.Series(ids, dtype=book.types["indicator"]).implode())


def only_sums(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return the rows of indicators that add up; a copy only where there are others."""
    wanted = frame.select(indicators(book, lambda i: i.is_sum)).to_series()
    return frame if wanted.all() else frame.filter(wanted)


def absent(new: pl.DataFrame, frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return the rows of `new` whose key is not in `frame`."""
    if new.is_empty():
        return new
    alike = [pl.col(name).is_in(new[name].unique().implode()) for name in ("indicator", "area", "sex", "age")]
    present = frame.filter(alike).select(book.key())  # few of millions of rows: the join stays small
    return new.with_columns(book.key()).join(present, on="key", how="anti", maintain_order="left").drop("key")


def add_up(rows: pl.DataFrame, key: pl.Expr, source: str, book: Codebook, area: str = "area") -> pl.DataFrame:
    """Return one row per `key` with the sum, ROW and the columns `rows` and `empty` (how many there were).

    The sum is null where a row is empty; the status is the weakest of the rows.
    """
    summed = (
        rows.lazy()
        .select(key.alias("key"), "value", pl.col("status").to_physical(), pl.int_range(pl.len()).alias("first"))
        .group_by("key", maintain_order=True)
        .agg(
            pl.col("first").first(),
            pl.col("value").sum(),
            pl.col("value").null_count().alias("empty"),
            pl.col("status").max(),
            pl.len().alias("rows"),
        )
        .collect()
    )
    place = rows.select("indicator", pl.col(area).alias("area"), "period", "sex", "age")[summed["first"]]
    return place.with_columns(
        summed.select(
            pl.when(pl.col("empty") == 0).then(_tidy(pl.col("value"))),
            pl.col("status").cat.to(STATUS),
            pl.lit(source, book.types["source"]).alias("source"),
            "rows",
            "empty",
        )
    )


def _tidy(value: pl.Expr) -> pl.Expr:
    """Take the noise of binary fractions off a sum: 12 significant digits."""
    return value.round_sig_figs(12)


def bottom_up(book: Codebook) -> list[SpatialUnit]:
    """Return the units that have a parent, children before parents."""
    units = book.catalogue.units

    def depth(unit: SpatialUnit) -> int:
        return 1 + depth(units[unit.parent]) if unit.parent else 0

    return sorted((unit for unit in units.values() if unit.parent), key=depth, reverse=True)


def sums_of_areas(frame: pl.DataFrame, book: Codebook, closed: Mapping[str, bool]) -> pl.DataFrame:
    """Return the sums for parent areas that are not there yet, level by level.

    `closed` tells for a parent whether its area stayed the same through all reforms: then the areas of the time are
    added up (and nothing is estimated), else the current ones. Where neither is complete the parent is `missing`.
    """
    known = only_sums(frame, book)
    made, lacking = [], []
    for unit in bottom_up(book):
        full, partial = _sums_of_unit(known, unit, book, closed)
        new = absent(full, known, book)
        made.append(new)
        lacking.append(partial)
        known = pl.concat([known, new])
    missing = pl.concat(lacking).unique(KEY_COLUMNS, keep="first", maintain_order=True) if lacking else known.clear()
    return pl.concat([*made, absent(missing, known, book)])


def _sums_of_unit(
    frame: pl.DataFrame, unit: SpatialUnit, book: Codebook, closed: Mapping[str, bool]
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Return the complete sums of one unit's areas, and rows of status `missing` for the incomplete ones."""
    areas = book.catalogue.areas_of(unit.id, current=False)
    current = add_areas(frame, {a.code: a.parent for a in areas if a.is_current and a.parent}, book)
    full = current.filter(_complete())
    if not all(area.is_current for area in areas):
        then = _sums_of_the_time(frame, areas, book)
        stable = [code for code, same in closed.items() if same]
        first = then.filter(pl.col("area").is_in(pl.Series(stable, dtype=book.types["area"]).implode()))
        full = pl.concat([first, absent(full, first, book)])
        full = pl.concat([full, absent(then, full, book)])
    full = _with_unlocated(full, frame, book)
    partial = current.with_columns(
        pl.lit(None, pl.Float64).alias("value"), pl.lit("missing", STATUS).alias("status")
    )  # fmt: skip
    return full.filter(pl.col("value").is_not_null()).select(ROW), partial.select(ROW)


def add_areas(frame: pl.DataFrame, parents: Mapping[str, str], book: Codebook) -> pl.DataFrame:
    """Return the sums of areas as `parents` maps them to a code (of an area, or of any set picked by hand).

    ROW with `rows`, `empty` and `expected`: a sum is complete where `rows` is `expected` and `empty` is 0.
    """
    kind = book.types["area"]
    pairs = pl.DataFrame(
        {"area": parents.keys(), "parent": parents.values()}, schema={"area": kind, "parent": kind}
    )  # fmt: skip
    expected = pairs.group_by("parent").agg(pl.len().alias("expected"))
    lookup = pl.Series([parents.get(code) for code in kind.categories], dtype=kind)
    parent = lookup.gather(frame["area"].to_physical()).alias("parent")
    rows = frame.with_columns(parent) if parent.null_count() == 0 else frame.with_columns(parent).drop_nulls("parent")
    summed = add_up(rows, book.key(area="parent"), "sum", book, area="parent")
    return summed.join(expected, left_on="area", right_on="parent", how="left", maintain_order="left")


def _complete() -> pl.Expr:
    return (pl.col("rows") == pl.col("expected")) & (pl.col("empty") == 0)


def _sums_of_the_time(frame: pl.DataFrame, areas: Sequence[Area], book: Codebook) -> pl.DataFrame:
    """Return the complete sums of the areas that existed in each period."""
    periods = frame["period"].unique().sort().to_list()
    rows = [(a.code, a.parent, p) for p in periods for a in areas if a.parent and _exists(a, p)]
    kind = book.types["area"]
    members = pl.DataFrame(rows, schema={"area": kind, "parent": kind, "period": pl.Date}, orient="row")
    expected = members.group_by("parent", "period").agg(pl.len().alias("expected"))
    own = frame.join(members, on=["area", "period"], how="inner", maintain_order="left")
    summed = add_up(own, book.key(area="parent"), "sum", book, area="parent")
    keys = {"left_on": ["area", "period"], "right_on": ["parent", "period"]}
    return summed.join(expected, **keys, how="left", maintain_order="left").filter(_complete())  # type: ignore[arg-type]


def _exists(area: Area, period: object) -> bool:
    started = area.valid_from is None or area.valid_from <= period  # type: ignore[operator]
    return started and (area.valid_to is None or area.valid_to > period)  # type: ignore[operator]


def _with_unlocated(sums: pl.DataFrame, frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Add the rows without a place to the city's sums; the sum is null where such a row is empty."""
    extra = frame.filter(pl.col("area") == book.unlocated).with_columns(
        pl.lit(book.catalogue.top.code, book.types["area"]).alias("area")
    )
    if extra.is_empty():
        return sums
    more = extra.select(book.key(), pl.col("value").alias("more"), pl.lit(True).alias("has_more"))
    placed = sums.with_columns(book.key()).join(more, on="key", how="left", maintain_order="left").drop("key")
    return placed.with_columns(pl.when("has_more").then(pl.col("value") + pl.col("more")).otherwise("value").alias("value"))


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return frames of ROW one under the other."""
    return pl.concat([frame.select(ROW) for frame in frames])
