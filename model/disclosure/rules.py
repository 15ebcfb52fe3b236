"""Primary rules: which single values are too small to be shown.

A count of 1…k−1 persons or cases is suppressed; a true zero stays, because it says nothing about a person. A ratio is
suppressed where its numerator, its denominator or (for a share) the remainder is such a small count. A mean with a
weight is suppressed where the weight is. k is the largest `minimum_count` of the indicator and its parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from model.catalogue import Catalogue, Indicator
from model.vocabulary import COLUMNS

PLACE = ("area", "period", "sex", "age", "scenario")


@dataclass(frozen=True)
class Rule:
    """What hides a value of one indicator: a count from 1 to k−1.

    `own` is the value's own count, `parts` the ids of the counts it is made of, `remainder` what a share leaves over.
    """

    indicator: str
    k: int
    own: bool = False
    parts: tuple[str, ...] = ()
    remainder: bool = False

    @property
    def hides(self) -> bool:
        """Tell whether the rule can hide anything at all."""
        return self.k > 1 and (self.own or bool(self.parts))


def rule_of(indicator: Indicator, catalogue: Catalogue) -> Rule:
    """Return the rule of one indicator; `catalogue` must know its parts."""
    if indicator.kind == "count" and not indicator.is_ratio:
        return Rule(indicator.id, indicator.minimum_count, own=True)
    named = (indicator.numerator, indicator.denominator) if indicator.is_ratio else (indicator.weight,)
    counts = tuple(p for p in named if p and catalogue.indicators[p].kind == "count")
    k = max(indicator.minimum_count, *(catalogue.indicators[p].minimum_count for p in counts), 0)
    return Rule(indicator.id, k, parts=counts, remainder=indicator.kind == "share" and len(counts) == 2)


def protect(table: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return the indicator table with every too small value as null of status `suppressed`; rows and order stay.

    Rows of indicators that are not in the catalogue are dropped: what nobody described nobody may see.
    """
    rules = [rule_of(indicator, catalogue) for indicator in catalogue.indicators.values()]
    kept = table.filter(pl.col("indicator").is_in([rule.indicator for rule in rules])).with_row_index("_row")
    hidden = [_hidden_counts(kept, rules), *(_hidden_by_parts(kept, rule) for rule in rules if rule.hides and rule.parts)]
    suppressed = pl.col("_row").is_in(pl.concat(hidden).unique().implode())
    return kept.with_columns(
        *(pl.when(suppressed).then(None).otherwise(pl.col(c)).alias(c) for c in ("value", "lower", "upper")),
        pl.when(suppressed).then(pl.lit("suppressed", dtype=table.schema["status"])).otherwise("status").alias("status"),
    ).select(COLUMNS)


def _is_small(count: pl.Expr, k: pl.Expr | int) -> pl.Expr:
    return (count > 0) & (count < k)


def _hidden_counts(table: pl.DataFrame, rules: list[Rule]) -> pl.Series:
    """Return the row numbers of counts that are too small themselves."""
    limits = pl.DataFrame(
        [(rule.indicator, rule.k) for rule in rules if rule.own and rule.hides],
        schema={"indicator": pl.String, "_k": pl.Int64},
        orient="row",
    )
    counts = table.join(limits, on="indicator", how="inner", maintain_order="left")
    return counts.filter(_is_small(pl.col("value"), pl.col("_k")))["_row"]


def _hidden_by_parts(table: pl.DataFrame, rule: Rule) -> pl.Series:
    """Return the row numbers of the indicator's values whose parts are too small."""
    rows = table.filter(pl.col("indicator") == rule.indicator).select("_row", *PLACE)
    tests = []
    for number, part in enumerate(rule.parts):
        name = f"_part{number}"
        values = table.filter(pl.col("indicator") == part).select(
            *PLACE, pl.col("value").alias(name), pl.col("status").alias(f"{name}s")
        )
        rows = rows.join(values, on=list(PLACE), how="left")
        tests += [_is_small(pl.col(name), rule.k), pl.col(f"{name}s") == "suppressed"]
    if rule.remainder:
        tests.append(_is_small(pl.col("_part1") - pl.col("_part0"), rule.k))
    return rows.filter(pl.any_horizontal([test.fill_null(False) for test in tests]))["_row"]
