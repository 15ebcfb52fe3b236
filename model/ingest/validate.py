"""Check coded rows against the rules of their indicators and areas; every breach is recorded, nothing is repaired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from model.catalogue import Indicator
from model.ingest.breach import SHOWN, Findings
from model.ingest.codes import Codebook
from model.ingest.duplicates import Origin, described

_DETAILED = SHOWN * 4  # rows per rule that are recorded one by one


def validate(frame: pl.DataFrame, book: Codebook, tell: Teller) -> None:
    """Record the rows that break a rule of one row: sign, fraction, range, end of the area."""
    value = pl.col("value")
    checks: list[tuple[str, pl.Expr, str]] = [
        ("not finite", ~value.is_finite(), "is not a finite number"),
        ("negative count", _of(book, lambda i: i.kind == "count") & (value < 0), "is below zero, but it counts something"),
        ("fraction in a count", _of(book, lambda i: i.kind == "count") & (value != value.round()), _FRACTION),
        ("share below 0", _of(book, lambda i: i.kind == "share") & (value < 0), "is below zero, but it is a share"),
        *((f"share above {top:g}", shares & (value > top + 1e-9), f"is above {top:g}") for top, shares in _shares(book)),
        ("area has ended", _after_end(book), _ENDED),
    ]
    for rule, broken, why in checks:
        tell.rows(frame, rule, broken, why)


_FRACTION = "is not a whole number, but it counts something (kind = 'amount' where fractions are meant)"
_ENDED = "lies after the end of this area; its successors' codes are meant"


class Teller:
    """Record the rows that break a rule, the first ones in full."""

    def __init__(self, book: Codebook, origins: Sequence[Origin], findings: Findings) -> None:
        self.book, self.origins, self.findings = book, origins, findings

    def rows(self, frame: pl.DataFrame, rule: str, broken: pl.Expr, why: str) -> None:
        """Record the rows of `frame` that fulfil the condition `broken`."""
        mask = frame.select(broken.fill_null(False).alias("broken"))["broken"]
        if mask.any():
            self.found(frame.filter(mask), rule, lambda _: why)

    def found(self, rows: pl.DataFrame, rule: str, why: Callable[[dict[str, Any]], str]) -> None:
        """Record all of `rows`; `why` says of one what is wrong with it."""
        for row in rows[:_DETAILED].iter_rows(named=True):
            place = row["origin"]
            where = "" if place is None else self.origins[place].where(row["line"])
            self.findings.breach(rule, f"{described(row, self.book)} {why(row)}.", where)
        if rows.height > _DETAILED:
            self.findings.breach(rule, "The same in further rows.", rows=rows.height - _DETAILED)


def _of(book: Codebook, wanted: Callable[[Indicator], bool]) -> pl.Expr:
    """Return the condition that a row's indicator is wanted."""
    ids = [id for id, indicator in book.catalogue.indicators.items() if wanted(indicator)]
    return pl.col("indicator").is_in(pl.Series(ids, dtype=book.types["indicator"]).implode())


def _shares(book: Codebook) -> list[tuple[float, pl.Expr]]:
    """Return the upper ends of shares (100, or the factor of a share with parts) and whose they are."""
    tops = {i.factor if i.is_ratio else 100.0 for i in book.catalogue.indicators.values() if i.kind == "share"}

    def ends_at(top: float) -> pl.Expr:
        return _of(book, lambda i: i.kind == "share" and (i.factor if i.is_ratio else 100.0) == top)

    return [(top, ends_at(top)) for top in sorted(tops)]


def _after_end(book: Codebook) -> pl.Expr:
    ended = [area for area in book.catalogue.areas.values() if area.valid_to is not None]
    own = [(pl.col("area") == area.code) & (pl.col("period") >= area.valid_to) for area in ended]
    return pl.any_horizontal(own) if own else pl.lit(False)
