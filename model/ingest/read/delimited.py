"""CSV and its relatives: text → RawTable, read by Polars with all threads once the skeleton has been checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.ingest.convention import convention_of_table
from model.ingest.read.encoding import line_of, to_utf8
from model.ingest.read.header import doubled_names, join_rows, name_columns
from model.ingest.read.structure import (
    Record,
    Skeleton,
    common_width,
    find_footer,
    find_separator,
    offset_of_line,
    sample,
    skeleton,
)  # fmt: skip
from model.ingest.read.table import Lines, RawTable, ReadOptions, refusal, shorten

_MOST_HEADERS: Final = 4
_BLANK: Final = 4096
_NUMBER: Final = re.compile(r"[+-]?\d[\d., ]*")


@dataclass(frozen=True, slots=True)
class Layout:
    """Say where the parts of a text are: the names of the columns and the bytes between which the rows stand."""

    separator: str
    names: list[str]
    header_line: int
    start: int  # first byte of the rows
    first_line: int  # file line of that byte
    end: int
    notes: tuple[str, ...] = ()


def read_delimited(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a delimited text; decimal mark and separator are found out unless declared."""
    text, notes = to_utf8(data, file, options.encoding)
    refuse_foreign(text, file)
    layout = find_layout(text, file, options)
    table = read_rows(text, file, layout, options)
    return with_convention(table, options, (*notes, *table.notes))


def with_convention(table: RawTable, options: ReadOptions, notes: tuple[str, ...]) -> RawTable:
    """Return the table with its decimal mark: declared, or proven by its cells."""
    found = None if options.decimal else convention_of_table(table.frame.get_columns())
    decimal = options.decimal or (found.decimal if found else None)
    return RawTable(table.frame, table.file, table.lines, decimal, options.thousands, notes)


def refuse_foreign(text: bytes, file: str) -> None:
    """Refuse what is no table at all: an empty file, a web page, JSON or XML."""
    head = text[:512].lstrip().lower()
    if not head:
        raise refusal("The file is empty.", file)
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"{", b"[{")):
        kind = "JSON" if head[:1] in b"{[" else "a web page or XML"
        raise refusal(f"The file is no table but {kind}.", file, line=1, hint="Check the download.")


def find_layout(text: bytes, file: str, options: ReadOptions) -> Layout:
    """Find separator, preamble, header rows and footer of a text."""
    skipped = options.skip_rows or 0
    start = offset_of_line(text, skipped + 1)
    separator = options.separator or find_separator(text[start : start + (1 << 17)] if start else text, file)
    records = sample(text[start:] if start else text, separator, skipped + 1)
    width = common_width(records)
    _check_width(width, file, options)
    top = _find_header(records, width, file, declared=options.skip_rows is not None)
    rows = _header_rows(records, top, width, options)
    names, notes = name_columns(join_rows([record.cells for record in rows]), file, rows[0].line)
    _refuse_numbers(names, file, rows[0].line)
    if top > 0:
        notes = (*notes, f"lines {records[0].line} to {rows[0].line - 1} above the header left out: {_words(records)!r}")
    after = records.index(rows[-1]) + 1
    first_line = records[after].line if after < len(records) else text.count(b"\n") + 2
    body_start = offset_of_line(text, first_line)
    end, words = find_footer(text, body_start, separator, options.footer)
    if words:
        notes = (*notes, f"footer from line {line_of(text, end)} on left out: {words!r}")
    return Layout(separator, names, rows[0].line, body_start, first_line, end, notes)


def read_rows(text: bytes, file: str, layout: Layout, options: ReadOptions) -> RawTable:
    """Read the rows of a text whose layout is known; refuses ragged lines, open quotes and an empty body."""
    layout = _without_blank_end(text, layout)
    if not text[layout.start : layout.start + _BLANK].strip() and not text[layout.start : layout.end].strip():
        raise refusal("The file has a header but no rows.", file, line=layout.header_line)
    lines, notes = Lines(layout.first_line), layout.notes
    if not text.endswith(b"\n") and layout.end == len(text):
        notes = (*notes, "the last line has no line break; make sure that the file is complete")
    if _is_regular(text, layout):
        skip = text.count(b"\n", 0, layout.start) if layout.end == len(text) else None
        body = text if skip is not None else text[layout.start : layout.end]
    else:
        body, lines, more = _straighten(text[layout.start : layout.end], file, layout)
        notes, skip = (*notes, *more), None
    frame = _parse(body, file, layout, skip or 0)
    if options.limits.rows is not None and frame.height > options.limits.rows:
        raise refusal(f"The file has {frame.height} rows, more than {options.limits.rows} are not read.", file)
    return drop_empty(RawTable(frame, file, lines, notes=notes), quoted=skip is None and b'""' in body)


def _without_blank_end(text: bytes, layout: Layout) -> Layout:
    """Return the layout with the blank lines at the end left out."""
    near = max(layout.start, layout.end - _BLANK)
    blank = re.search(rb"\n[ \n]*\n[ ]*\Z|\n +\Z", text[near : layout.end])
    return layout if blank is None else replace(layout, end=near + blank.start() + 1)


def _check_width(width: int, file: str, options: ReadOptions) -> None:
    if width > options.limits.columns:
        raise refusal(f"The file has {width} columns, more than {options.limits.columns} are not read.", file)
    if width == 0:
        raise refusal("No line has two filled cells.", file, hint="Declare `separator`, or check that this is a table.")


def _find_header(records: list[Record], width: int, file: str, *, declared: bool) -> int:
    """Return the index of the first header record; a line before it with several cells is refused, not guessed at."""
    for index, record in enumerate(records):
        if len(record.cells) == width and (record.filled > 1 or declared):
            return index
        if record.filled > 1 or (declared and record.filled):
            raise refusal(
                f"The line has {len(record.cells)} cells, the others have {width}: {shorten(' · '.join(record.cells))!r}.",
                file, line=record.line, hint="Declare `skip_rows` if it does not belong to the table.",
            )  # fmt: skip
    raise refusal("No header was found.", file, hint="Declare `skip_rows` and `header_rows`.")


def _header_rows(records: list[Record], top: int, width: int, options: ReadOptions) -> list[Record]:
    if options.header_rows:
        return [record for record in records[top:] if record.filled][: options.header_rows]
    rows = records[top : top + 1]
    for record in records[top + 1 : top + _MOST_HEADERS]:
        names = join_rows([row.cells for row in rows])
        if not doubled_names(names) or len(record.cells) != width or record.cells[0].strip():
            break
        rows.append(record)  # a further header row has nothing in the first column and tells doubled names apart
    return rows if not doubled_names(join_rows([row.cells for row in rows])) else rows[:1]


def _refuse_numbers(names: list[str], file: str, line: int) -> None:
    if all(_NUMBER.fullmatch(name) for name in names):
        raise refusal(
            f"The first line holds numbers only, so the columns have no names: {shorten(' · '.join(names))!r}.",
            file, line=line, hint="Add a header line.",
        )  # fmt: skip


def _words(records: list[Record]) -> str:
    return shorten(next((" ".join(filter(None, record.cells)) for record in records if record.filled), ""))


def _is_regular(text: bytes, layout: Layout) -> bool:
    """Tell by counting alone whether every line has its cells; quotes need the closer look."""
    within = (layout.start, layout.end)
    if text.find(b'"', *within) >= 0 or text.find(b"\n\n", *within) >= 0:
        return False
    count = text.count(b"\n", *within) + (text[layout.end - 1 : layout.end] != b"\n")
    return text.count(layout.separator.encode(), *within) == count * (len(layout.names) - 1)


def _straighten(body: bytes, file: str, layout: Layout) -> tuple[bytes, Lines, tuple[str, ...]]:
    """Refuse what is ragged; drop blank lines; return where each row stands in the file."""
    bones = skeleton(body, layout.separator)
    _refuse_open_quote(bones, file, layout)
    ragged = np.flatnonzero(bones.separators != len(layout.names) - 1)
    if not len(ragged):
        return body, _lines(bones.lines, layout), ()
    texts = body.split(b"\n")
    blank = np.array([row for row in ragged if bones.spans[row] == 1 and not texts[bones.lines[row] - 1].strip()], np.int64)
    if len(blank) < len(ragged):
        _refuse_ragged(bones, np.setdiff1d(ragged, blank), texts, file, layout)
    gone = set((bones.lines[blank] - 1).tolist())
    kept = b"\n".join(text for number, text in enumerate(texts) if number not in gone)
    first = int(bones.lines[blank[0]]) + layout.first_line - 1
    note = f"{len(blank)} blank lines left out, the first in line {first}"
    return kept, _lines(np.delete(bones.lines, blank), layout), (note,)


def _lines(lines: NDArray[np.int64], layout: Layout) -> Lines:
    if len(lines) and lines[-1] == len(lines):
        return Lines(layout.first_line)
    return Lines(layout.first_line, pl.Series("line", lines + layout.first_line - 1, dtype=pl.UInt32))


def _refuse_open_quote(bones: Skeleton, file: str, layout: Layout) -> None:
    if not bones.open_quote:
        return
    odd = np.flatnonzero((bones.spans > 1) & (bones.separators != len(layout.names) - 1))
    row = int(odd[0]) if len(odd) else len(bones.lines) - 1
    raise refusal(
        "A quotation mark is opened and not closed.", file, line=int(bones.lines[row]) + layout.first_line - 1,
        hint="The text cell or the file was cut off.",
    )  # fmt: skip


def _refuse_ragged(bones: Skeleton, rows: NDArray[np.int64], texts: list[bytes], file: str, layout: Layout) -> None:
    row = int(rows[0])
    line = int(bones.lines[row]) + layout.first_line - 1
    seen = texts[line - layout.first_line].decode(errors="replace")
    last = row == len(bones.lines) - 1 and bones.separators[row] < len(layout.names) - 1
    more = f" {len(rows) - 1} further lines like it." if len(rows) > 1 else ""
    raise refusal(
        f"The line has {int(bones.separators[row]) + 1} cells, the header has {len(layout.names)}: {shorten(seen)!r}.{more}",
        file, line=line, hint="It is the last line: the file seems to be cut off." if last
        else "A cell with a separator or a line break in it must stand in quotation marks.",
    )  # fmt: skip


def _parse(body: bytes, file: str, layout: Layout, skip_lines: int) -> pl.DataFrame:
    try:
        return pl.read_csv(
            body, has_header=False, schema=dict.fromkeys(layout.names, pl.String), separator=layout.separator,
            infer_schema=False, quote_char='"' if b'"' in body else None, skip_lines=skip_lines,
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        if skip_lines:  # one line too long and one too short: counting alone did not see it
            body = body[layout.start : layout.end]
        _straighten(body, file, layout)
        mark = re.escape(layout.separator.encode())
        stray = re.search(rb'(?m)(?:^|%b)"(?:[^"]|"")*"(?!["\n]|%b|$)' % (mark, mark), body)
        line = None if stray is None else line_of(body, stray.start()) + layout.first_line - 1
        raise refusal(
            "A quotation mark stands in the middle of a cell.", file, line=line, hint='Inside quotes it is written twice: "".'
        ) from error


def drop_empty(table: RawTable, *, quoted: bool) -> RawTable:
    """Leave out columns and rows without any cell, which spreadsheets append when they save as CSV."""
    frame, notes = table.frame, table.notes
    if quoted:
        frame = frame.with_columns(pl.all().replace("", None))
    empty = [name for name in frame.columns if frame[name].null_count() == frame.height and name.startswith("column ")]
    if empty:
        frame, notes = frame.drop(empty), (*notes, f"{len(empty)} empty columns left out")
        notes = tuple(note for note in notes if not note.startswith("columns without header"))
    lines = table.lines
    if min(column.null_count() for column in frame.iter_columns()) > 0:
        keep = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
        if not keep.all():
            lines = Lines(lines.first, lines.series(frame.height).filter(keep), lines.noun)
            notes = (*notes, f"{int((~keep).sum())} empty rows left out")
            frame = frame.filter(keep)
    if frame.height == 0:
        raise refusal("The file has a header but no rows.", table.file)
    return RawTable(frame, table.file, lines, notes=notes)
