"""Decimal mark and thousands separator: proven by the cells, or left open.

`1.234` alone proves nothing, `5.6` proves a decimal point, `1.234.567` and `1.234,5` prove a decimal comma.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

BLANKS: Final = "\u00a0\u2007\u2009\u202f\u2002\u2003"  # no-break, figure, thin and other blanks that tables use
Doubt = Literal["", "ambiguous", "mixed"]

_SAMPLE: Final = 10_000
_EITHER: Final = r"^[(+-]?[1-9]\d{0,2}[.,]\d{3}\)?$"
_NUMERIC: Final = r"^[(+-]?[\d.,' ]*\d[.,]?(?:[eE][+-]?\d+)?\)?$|^(?:[-–./x…:]|\.\.\.|\(\))?$"


@dataclass(frozen=True, slots=True)
class Convention:
    """Say how numbers are written; `doubtful` why it is not known, None: no mark occurs or it is not known."""

    decimal: str | None = None
    thousands: str | None = None
    doubtful: Doubt = ""

    @property
    def groupings(self) -> tuple[str, ...]:
        """Return the thousands separators that may occur."""
        if self.thousands is not None:
            return (self.thousands,) if self.thousands else ()
        return {",": (".", " ", "'"), ".": (",", " ", "'")}.get(self.decimal or "", (" ", "'"))

    @property
    def pattern(self) -> str:
        """Return the grammar of a number as a regular expression with the groups open, number, close, mark."""
        marks = (r"['’]" if mark == "'" else "[ ]" if mark == " " else f"[{mark}]" for mark in self.groupings)
        whole = "|".join([r"\d+", *(rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+" for mark in marks)])
        fraction = rf"(?:[{self.decimal}]\d*)?" if self.decimal else ""
        below_one = rf"|[{self.decimal}]\d+" if self.decimal else ""
        grammar = (
            rf"^(?P<open>\()?\s?(?P<number>[+-]?(?:(?:{whole}){fraction}{below_one})(?:[eE][+-]?\d{{1,3}})?)\s?(?P<close>\))?"
            r"\s?(?P<mark>[epsrbu])?$"
        )
        return grammar.replace(r"\d", "[0-9]")  # \d would take the digits of every script


def convention_of(column: pl.Series, thousands: str | None = None) -> Convention:
    """Find out the decimal mark of one column of texts; `doubtful` if its cells allow both or contradict each other."""
    occurring = [mark for mark in ".," if column.str.contains(mark, literal=True).any()]
    if not occurring:
        return Convention(None, thousands)
    proven: list[str] = []
    for part in (column.head(_SAMPLE), column):  # what contradicts the sample later is a breach of its own
        tidy = _marked(part)
        proven = [mark for mark, other in (".,", ",.") if tidy.str.contains(_proof(mark, other)).any()]
        if proven:
            break
    if len(proven) == 2:
        return _majority(column, thousands)
    decimal = proven[0] if proven else _implied(thousands, occurring)
    if decimal is None and tidy.str.contains(_EITHER).any():
        return Convention(None, thousands, "ambiguous")
    return Convention(decimal, thousands)


def convention_of_table(columns: Iterable[pl.Series]) -> Convention:
    """Find out the decimal mark common to the columns of a file; not known if any column speaks against it."""
    found: list[Convention] = []
    open_columns: list[pl.Series] = []
    for column in columns:
        if column.dtype != pl.String or not _looks_numeric(column):
            continue
        one = convention_of(column)
        found.append(one)
        if one.doubtful == "ambiguous":
            open_columns.append(column)
    decimals = {one.decimal for one in found if one.decimal}
    if len(decimals) != 1 or any(one.doubtful == "mixed" for one in found):
        return Convention()
    if any(_partly_grouped(column) for column in open_columns):
        return Convention()
    return Convention(decimals.pop())


def _majority(column: pl.Series, thousands: str | None) -> Convention:
    """Take the mark that more cells prove; the others are breaches. Nothing is taken of a tie."""
    tidy = _marked(column)
    point, comma = (int(tidy.str.contains(_proof(mark, other)).sum()) for mark, other in (".,", ",."))
    if point == comma:
        return Convention(None, thousands, "mixed")
    return Convention("." if point > comma else ",", thousands)


def _implied(thousands: str | None, occurring: list[str]) -> str | None:
    """Return the decimal mark that a declared thousands separator leaves."""
    if thousands in (".", ","):
        return "," if thousands == "." else "."
    return occurring[0] if thousands == "" and len(occurring) == 1 else None


def _marked(column: pl.Series) -> pl.Series:
    """Return the texts with a mark at a digit, without the blanks and apostrophes that group digits."""
    marked = column.filter(column.str.contains("[0-9][.,]|[.,][0-9]"))
    return marked.str.replace_all(rf"[ '’{BLANKS}]", "")


def _proof(mark: str, other: str) -> str:
    """Return the pattern of a number in which `mark` can only be the decimal mark."""
    d, t = f"[{mark}]", f"[{other}]"
    return (
        rf"^[(+−-]?(?:\d*{d}(?:\d{{1,2}}|\d{{4,}})|0*{d}\d+|\d{{4,}}{d}\d+|\d{{1,3}}(?:{t}\d{{3}})+{d}\d*"
        rf"|\d{{1,3}}(?:{t}\d{{3}}){{2,}})(?:[eE][+-]?\d+)?\)?[epsrbu]?$"
    )


def _looks_numeric(column: pl.Series) -> bool:
    sample = column.head(_SAMPLE).drop_nulls().str.strip_chars(" " + BLANKS)
    return len(sample) > 0 and bool(sample.str.contains(_NUMERIC).mean() > 0.9)  # type: ignore[operator]


def _partly_grouped(column: pl.Series) -> bool:
    """Tell whether some cells are `12.345` and others `987`: fixed decimals do not look so, thousands do."""
    return bool(column.str.contains(r"^[(+-]?\d+\)?$").any())
