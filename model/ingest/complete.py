"""From what was delivered to the whole table: reforms, parent areas, means, ratios, level breaks – in this order."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from model.ingest.aggregate import STATUS, sums_of_areas, together
from model.ingest.breach import Findings
from model.ingest.codes import Codebook
from model.ingest.ratio import weighted_means, with_ratios
from model.ingest.territory import Key, closed_parents, converted
from model.vocabulary import FREQUENCIES


def complete(frame: pl.DataFrame, keys: Sequence[Key], book: Codebook, findings: Findings) -> pl.DataFrame:
    """Return coded rows (aggregate.ROW, with their totals already) and everything that follows from them."""
    frame = together([frame, converted(frame, keys, book)])
    frame = together([frame, sums_of_areas(frame, book, closed_parents(keys, book.catalogue))])
    frame = together([frame, weighted_means(frame, book)])
    frame = with_ratios(frame, book, findings)
    return _with_breaks(frame, book)


def _with_breaks(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Mark the first period after a level break of indicators.toml."""
    for indicator in book.catalogue.indicators.values():
        months = 12 // FREQUENCIES[indicator.frequency]
        for item in indicator.breaks:
            first = item.period.replace(month=(item.period.month - 1) // months * months + 1, day=1)
            here = (pl.col("indicator") == indicator.id) & (pl.col("period") == first) & (pl.col("status") == "normal")
            status = pl.when(here).then(pl.lit("break", STATUS)).otherwise("status")
            frame = frame.with_columns(status.alias("status"))
    return frame
