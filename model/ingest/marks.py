"""Give rows the status that a recipe's [[marks]] say: provisional, estimated, imputed, break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from model.ingest.codes import Codebook
from model.ingest.recipe import Mark, Recipe
from model.vocabulary import STATUSES, parse_period

STATUS = pl.Enum(STATUSES)


def marked(frame: pl.DataFrame, recipe: Recipe, book: Codebook) -> pl.DataFrame:
    """Give rows the status of the recipe's [[marks]]."""
    for mark in recipe.marks:
        concerned = _concerned(mark, book) & (pl.col("status") == "normal") & pl.col("value").is_not_null()
        frame = frame.with_columns(
            pl.when(concerned).then(pl.lit(mark.status, STATUS)).otherwise("status").alias("status")
        )  # fmt: skip
    return frame


def _concerned(mark: Mark, book: Codebook) -> pl.Expr:
    conditions = [pl.lit(True)]
    if mark.first:
        conditions.append(pl.col("period") >= parse_period(mark.first))
    if mark.last:
        conditions.append(pl.col("period") <= parse_period(mark.last))
    if mark.periods:
        conditions.append(pl.col("period").is_in([parse_period(text) for text in mark.periods]))
    lists: Mapping[str, Sequence[str]] = {
        "area": [book.catalogue.area(code).code for code in mark.areas],
        "indicator": [book.catalogue.indicator(id).id for id in mark.indicators],
    }
    for name, codes in lists.items():
        if codes:
            conditions.append(pl.col(name).is_in(pl.Series(codes, dtype=book.types[name]).implode()))
    return pl.all_horizontal(conditions)
