"""The cells of a sheet and the convention of their numbers: what was typed as text is proven, declared or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from model.errors import ReadError
from model.ingest.convention import BLANKS, Convention, convention_of
from model.ingest.read.table import Lines, RawTable, ReadOptions, refusal, shorten

_MARKED: Final = r"^[(+−-]?[\d., ']*\d[.,]\d[\d., ']*\)?$"


@dataclass(frozen=True, slots=True)
class Cells:
    """Hold the cells of a sheet: `text` as written, and of the same shape which of them are numbers and which dates."""

    text: pl.DataFrame
    number: pl.DataFrame
    date: pl.DataFrame


def refuse_dates_among_numbers(body: Cells, file: str, lines: Lines) -> None:
    """Refuse a date in a column that also holds numbers: spreadsheets turn a typed 1.3 into the first of March."""
    for name in body.text.columns:
        dates, numbers = body.date[name], body.number[name]
        if dates.any() and numbers.any():
            row = int(dates.arg_true()[0])
            raise refusal(
                f"The cell holds the date {body.text[row, name]} in a column of numbers.", file, line=lines.of(row), noun="row",
                column=name, hint="Spreadsheets turn 1.3 into the first of March; format the column as text and type it again.",
            )  # fmt: skip


def settle_numbers(
    body: Cells, file: str, lines: Lines, options: ReadOptions
) -> tuple[pl.DataFrame, str | None, tuple[str, ...]]:
    """Write all numbers with one decimal mark, also those typed as text where a declaration or their column proves theirs.

    Returns the cells, the decimal mark (None if a column of pure text leaves it open) and notes.
    """
    mark = options.decimal or {".": ",", ",": "."}.get(options.thousands or "", ".")
    columns, notes, open_columns = [], [], []
    for name in body.text.columns:
        column, number = body.text[name], body.number[name]
        typed = column.str.strip_chars(" " + BLANKS).str.contains(_MARKED).fill_null(False) & ~number & ~body.date[name]
        if typed.any():
            found = Convention(options.decimal) if options.decimal else convention_of(column.filter(typed), options.thousands)
            row = int(typed.arg_true()[0])
            _refuse_doubtful(found, number, column[row], RawTable(body.text, file, lines).where(row, name))
            if found.decimal is None:
                open_columns.append(name)
            else:
                notes.append(f"column {shorten(name)!r}: {int(typed.sum())} numbers typed as text, first in row {lines.of(row)}")
                column, number = _with_point(column, typed, number, found)
        columns.append(_with_mark(column, number, mark))
    frame = pl.DataFrame(columns)
    if not open_columns:
        return frame, mark, tuple(notes)
    exact = [_proven(frame[name], body.number[name]) for name in frame.columns if name not in open_columns]
    return frame.with_columns(exact), None, tuple(notes)


def _refuse_doubtful(found: Convention, number: pl.Series, text: str, where: str) -> None:
    """Refuse a text like 1.234 among number cells: nothing proves what its mark means."""
    if found.doubtful and number.any():
        raise ReadError(
            f"{text!r} was typed as text among numbers and may be a decimal or thousands.",
            where=where, hint="Declare `decimal` in the recipe.",
        )  # fmt: skip


def _with_point(column: pl.Series, typed: pl.Series, number: pl.Series, found: Convention) -> tuple[pl.Series, pl.Series]:
    """Return the column with texts that follow the convention written plainly, and which cells are plain numbers now."""
    tidy = column.str.replace_all(rf"[{BLANKS} ]", "")
    fitting = typed & tidy.str.contains(found.pattern).fill_null(False)
    digits = tidy.str.replace_all("[',]" if found.decimal == "." else "['.]", "")
    point = digits.str.replace(",", ".", literal=True)
    return pl.select(pl.when(fitting).then(point).otherwise(column).alias(column.name)).to_series(), number | fitting


def _with_mark(column: pl.Series, number: pl.Series, mark: str) -> pl.Series:
    if mark == ".":
        return column
    written = column.str.replace(".", mark, literal=True)
    return pl.select(pl.when(number).then(written).otherwise(column).alias(column.name)).to_series()


def _proven(column: pl.Series, number: pl.Series) -> pl.Series:
    """Return the column with a zero after decimals of three digits, which alone could be taken for thousands."""
    three = number & column.str.contains(r"\.\d{3}$")
    return pl.select(pl.when(three).then(column + "0").otherwise(column)).to_series().alias(column.name)
