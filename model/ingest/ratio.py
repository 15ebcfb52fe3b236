"""Compute what is made of other indicators: ratios from their parts, weighted means for parent areas."""

from __future__ import annotations

import polars as pl

from model.catalogue import Indicator
from model.ingest.aggregate import ROW, STATUS, absent, bottom_up, together
from model.ingest.breach import Findings
from model.ingest.codes import KEY_COLUMNS, Codebook

_PLACE = [name for name in KEY_COLUMNS if name != "indicator"]


def with_ratios(frame: pl.DataFrame, book: Codebook, findings: Findings) -> pl.DataFrame:
    """Return `frame` with every ratio computed wherever both parts are rows; published values fill the gaps."""
    for indicator in book.catalogue.indicators.values():
        if indicator.is_ratio:
            frame = _with_ratio(frame, indicator, book, findings)
    return frame


def _with_ratio(frame: pl.DataFrame, indicator: Indicator, book: Codebook, findings: Findings) -> pl.DataFrame:
    computed = ratio(frame, indicator, book)
    if computed.is_empty():
        return frame
    own = pl.col("indicator") == indicator.id
    published, others = frame.filter(own), frame.filter(~own)
    if published.height:
        _compare(published, computed, indicator, book, findings)
        said = published.filter(pl.col("value").is_not_null())
        empty = computed.filter(pl.col("value").is_null())
        computed = together([computed.filter(pl.col("value").is_not_null()), absent(empty, said, book)])
    return together([others, computed, absent(published, computed, book)])


def ratio(frame: pl.DataFrame, indicator: Indicator, book: Codebook) -> pl.DataFrame:
    """Return numerator ÷ denominator × factor for every place where both have a row.

    A denominator of zero is `not_applicable`; an empty part empties the ratio, suppressed before missing.
    """
    upper = frame.filter(pl.col("indicator") == indicator.numerator).select(*_PLACE, "value", "status")
    lower = frame.filter(pl.col("indicator") == indicator.denominator).select(*_PLACE, "value", "status")
    both = upper.join(lower, on=_PLACE, how="inner", maintain_order="left", suffix="_below")
    above, below = pl.col("value"), pl.col("value_below")
    weakest = pl.max_horizontal(pl.col("status").to_physical(), pl.col("status_below").to_physical()).cat.to(STATUS)
    empty = pl.coalesce(
        *(pl.when(pl.any_horizontal(pl.col("status", "status_below") == s)).then(pl.lit(s, STATUS))
          for s in ("suppressed", "missing", "not_applicable"))
    )  # fmt: skip
    return both.with_columns(
        pl.lit(indicator.id, book.types["indicator"]).alias("indicator"),
        pl.when(below != 0).then(above / below * indicator.factor).alias("value"),
        pl.when(above.is_null() | below.is_null()).then(empty)
        .when(below == 0).then(pl.lit("not_applicable", STATUS))
        .otherwise(weakest).alias("status"),
        pl.lit("ratio", book.types["source"]).alias("source"),
    ).select(ROW)  # fmt: skip


def _compare(
    published: pl.DataFrame, computed: pl.DataFrame, indicator: Indicator, book: Codebook, findings: Findings
) -> None:  # fmt: skip
    """Warn where published values are not what their parts say, rounding aside."""
    both = published.join(computed, on=list(KEY_COLUMNS), how="inner", suffix="_computed")
    gap = (pl.col("value") - pl.col("value_computed")).abs()
    off = both.filter(gap > 10.0**-indicator.decimals)
    if off.height:
        row = off.sort(gap, descending=True).row(0, named=True)
        findings.warnings.append(
            f"{indicator.id}: {off.height} published values differ from numerator and denominator, most in {row['area']} "
            f"{row['period'].year}: {row['value']:.6g} published, {row['value_computed']:.6g} computed. The computed ones stand."
        )


def weighted_means(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return the means of parent areas, weighted by the indicator's `weight`, that are not there yet."""
    made = []
    for unit in bottom_up(book):
        parents = {a.code: a.parent for a in book.catalogue.areas_of(unit.id) if a.parent}
        for indicator in book.catalogue.indicators.values():
            if indicator.weight and not indicator.is_ratio and not indicator.is_sum:
                new = absent(_weighted(frame, indicator, parents, book), frame, book)
                made.append(new)
                frame = together([frame, new])
    return together(made) if made else frame.clear()


def _weighted(frame: pl.DataFrame, indicator: Indicator, parents: dict[str, str], book: Codebook) -> pl.DataFrame:
    """Return Σ value × weight ÷ Σ weight per parent where every child has both."""
    kind = book.types["area"]
    pairs = pl.DataFrame({"area": parents.keys(), "parent": parents.values()}, schema={"area": kind, "parent": kind})
    expected = pairs.group_by("parent").agg(pl.len().alias("expected"))
    rows = with_weight(frame, indicator).join(pairs, on="area", how="inner", maintain_order="left")
    place = ["parent", "period", "sex", "age"]
    means = rows.group_by(place, maintain_order=True).agg(
        pl.col("indicator").first(),
        ((pl.col("value") * pl.col("weight")).sum() / pl.col("weight").sum()).alias("value"),
        pl.col("status").to_physical().max().cat.to(STATUS),
        (pl.col("value") * pl.col("weight")).count().alias("rows"),
    )
    means = means.join(expected, on="parent", how="left", maintain_order="left")
    full = means.filter((pl.col("rows") == pl.col("expected")) & pl.col("value").is_finite())
    return full.rename({"parent": "area"}).with_columns(
        pl.lit("weighted-mean", book.types["source"]).alias("source")
    ).select(ROW)  # fmt: skip


def with_weight(frame: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Return the indicator's rows with the column `weight`, null where there is none."""
    weight = frame.filter(pl.col("indicator") == indicator.weight).select(*_PLACE, pl.col("value").alias("weight"))
    own = frame.filter(pl.col("indicator") == indicator.id)
    return own.join(weight, on=_PLACE, how="left", maintain_order="left")
