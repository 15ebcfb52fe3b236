"""Look at whole series: parts larger than their whole are breaches, unlikely jumps and slips of scale are warnings."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from model.catalogue import Indicator
from model.ingest.aggregate import indicators
from model.ingest.breach import SHOWN, Findings
from model.ingest.codes import KEY_COLUMNS, Codebook
from model.ingest.duplicates import described
from model.ingest.validate import Teller
from model.vocabulary import TOTAL

JUMP = 5.0  # times or one part of the value before
SMALLEST = 100.0  # counts below may well jump
_PERCENT = (50.0, 200.0)  # a jump of about a hundred is a share written as fraction here and in per cent there
_SERIES = ("indicator", "area", "sex", "age")


def check_parts(frame: pl.DataFrame, book: Codebook, tell: Teller, tolerance: Mapping[str, float]) -> None:
    """Tell of numerators that are larger than the denominator of their share. `frame` has origin and line."""
    for indicator in book.catalogue.indicators.values():
        if indicator.kind == "share" and indicator.is_ratio:
            _check_share(frame, indicator, tell, tolerance.get(indicator.numerator, 0.0))


def _check_share(frame: pl.DataFrame, indicator: Indicator, tell: Teller, extra: float) -> None:
    place = [name for name in KEY_COLUMNS if name != "indicator"]
    part = frame.filter(pl.col("indicator") == indicator.numerator)
    whole = frame.filter(pl.col("indicator") == indicator.denominator).select(*place, pl.col("value").alias("whole"))
    both = part.join(whole, on=place, how="inner", maintain_order="left")
    exceeded = both.filter(pl.col("value") > pl.col("whole") + extra + 1e-6)
    why = f"is more than {indicator.denominator}, of which it is a part"
    tell.found(exceeded, "parts larger than the whole", lambda row: f"{why}: {row['whole']:.12g}")


def warn_of_jumps(frame: pl.DataFrame, book: Codebook, findings: Findings) -> None:
    """Warn of totals that change more than JUMP-fold from one period to the next. `frame` is in key order."""
    totals = frame.filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL) & pl.col("value").is_not_null())
    signed = totals.filter(pl.col("value") < 0)["indicator"].unique()  # balances and their rates cross zero: all jumps
    totals = totals.filter((pl.col("value") > 0) & ~pl.col("indicator").is_in(signed.implode()))
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in _SERIES)
    factor = pl.when(same).then(pl.col("value") / pl.col("value").shift(1))
    series = totals.with_columns(factor=factor, before=pl.col("value").shift(1))
    steep = (pl.col("factor") > JUMP) | (pl.col("factor") < 1 / JUMP)
    large = ~indicators(book, lambda i: i.is_sum) | (pl.max_horizontal("value", "before") >= SMALLEST)
    marked = pl.any_horizontal(pl.lit(False), *_breaks(book))
    jumps = series.filter(steep & large & ~marked)
    for (id, *_), rows in jumps.partition_by("indicator", as_dict=True, maintain_order=True).items():
        findings.warnings.extend(_said(row, book) for row in rows[:SHOWN].iter_rows(named=True))
        if rows.height > SHOWN:
            findings.warnings.append(f"{id}: {rows.height - SHOWN} further jumps.")


def _breaks(book: Codebook) -> list[pl.Expr]:
    """Return the conditions of rows at a declared level break, where a jump is expected."""
    found = [(i.id, item.period) for i in book.catalogue.indicators.values() for item in i.breaks]
    return [(pl.col("indicator") == id) & (pl.col("period") == period) for id, period in found]


def _said(row: dict[str, object], book: Codebook) -> str:
    factor = float(str(row["factor"]))
    share = book.catalogue.indicators[str(row["indicator"])].kind in ("share", "rate")
    scale = max(factor, 1 / factor)
    slip = " One of them is perhaps in per cent and the other a fraction." if share and _PERCENT[0] < scale < _PERCENT[1] else ""
    return f"{described(row, book)} after {row['before']:.6g}: an unlikely jump.{slip}"
