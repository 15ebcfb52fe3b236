"""What a reader is asked (ReadOptions), what it answers (RawTable) and how it refuses (refusal)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from model.errors import ReadError

FORMATS: Final = ("auto", "csv", "excel", "parquet", "genesis", "genesis-flat", "regionaldatenbank", "kommonitor")
MEGABYTE: Final = 1_000_000
JOINT: Final = " | "  # between the rows of a header of several rows


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the sizes beyond which a file is refused; bytes where nothing else is said."""

    upload: int | None = None  # the file as it lies on disk; None for the build command
    unpacked: int = 200 * MEGABYTE  # what an archive or a compressed table may unpack to
    ratio: int = 100  # unpacked to packed, above one megabyte unpacked
    columns: int = 1_000
    rows: int | None = None
    cells: int = 200_000_000  # of Parquet, whose footer is asked first
    depth: int = 64  # nesting of JSON
    child: bool | None = None  # read in a child process, with the two limits below; None: only XLS, which nothing else can bound
    seconds: float = 30.0
    memory: int = 6_000 * MEGABYTE  # address space of the child; Polars reserves more than it uses


UPLOAD: Final = Limits(upload=25 * MEGABYTE, rows=2_000_000, cells=50_000_000, child=True)  # for files that a stranger hands in


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Say how a file is to be read; None and `auto` mean: find out where that is safe.

    `separator` one of ; , tab |  ·  `decimal` and `thousands` one character (`thousands=""`: there are none)  ·
    `sheet` name of an Excel sheet or of a GeoPackage layer  ·  `skip_rows` file lines above the header  ·
    `header_rows` rows of the header, joined with " | "  ·
    `footer` number of lines at the end, or a regular expression for the first of them.
    """

    format: str = "auto"
    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    sheet: str | None = None
    skip_rows: int | None = None
    header_rows: int | None = None
    footer: str | int | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lead from the rows of a table back to the lines of its file (rows of a sheet, features of a map: see `noun`)."""

    first: int = 2  # file line of row 0
    numbers: pl.Series | None = None  # UInt32 file line of each row where they do not simply follow one another
    noun: str = "line"

    def of(self, row: int) -> int:
        """Return the file line (counted from 1) of the row (counted from 0)."""
        return self.first + row if self.numbers is None else int(self.numbers[row])

    def series(self, height: int) -> pl.Series:
        """Return the file line of each of `height` rows, UInt32."""
        if self.numbers is not None:
            return self.numbers
        return pl.int_range(self.first, self.first + height, dtype=pl.UInt32, eager=True).alias("line")


@dataclass(frozen=True, slots=True)
class RawTable:
    """Hold a file's table as written: cells are text (null = empty); Parquet keeps its numbers.

    `decimal` and `thousands` are None where the file neither declares nor proves them. `notes` say what was repaired or cut.
    """

    frame: pl.DataFrame
    file: str
    lines: Lines = field(default_factory=Lines)
    decimal: str | None = None
    thousands: str | None = None
    notes: tuple[str, ...] = ()

    def where(self, row: int | None = None, column: str | None = None) -> str:
        """Return the place as messages name it: file, line, column."""
        line = None if row is None else self.lines.of(row)
        return place(self.file, line, column, self.lines.noun)


def place(file: str | Path, line: int | None = None, column: str | None = None, noun: str = "line") -> str:
    """Return file, line and column in one phrase."""
    parts: Iterable[str | None] = (
        str(file),
        None if line is None else f"{noun} {line}",
        None if column is None else f"column {shorten(column)!r}",
    )
    return ", ".join(part for part in parts if part)


def refusal(
    what: str, file: str | Path, *, line: int | None = None, column: str | None = None, noun: str = "line", hint: str = ""
) -> ReadError:
    """Return the error that refuses a file, naming file, line and column."""
    return ReadError(what, where=place(file, line, column, noun), hint=hint)


def shorten(text: str, most: int = 60) -> str:
    """Return the text cut to `most` characters, so that a message stays one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
