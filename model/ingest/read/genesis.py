"""Tables of GENESIS and its regional sister: the classic CSV (title, header of up to six rows, footer) and the flat CSV.

In the classic CSV a line above or between the rows that holds nothing but a period (or another heading) belongs to all
rows below it and becomes the column "section". Since 2025 the heading of several columns stands once above the first of
them, and each column of values is followed by one of quality marks, here called "… | quality".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import polars as pl

from model.ingest.convention import convention_of
from model.ingest.read.delimited import Layout, find_layout, read_rows
from model.ingest.read.encoding import line_of, to_utf8
from model.ingest.read.header import join_rows, name_columns, spread
from model.ingest.read.structure import Record, common_width, find_footer, offset_of_line, sample
from model.ingest.read.table import JOINT, Lines, RawTable, ReadOptions, refusal, shorten

SECTION: Final = "section"
QUALITY: Final = "quality"
_CLASSIC: Final = re.compile(rb'^(\xef\xbb\xbf)?"?(GENESIS-)?Tab(elle|le): ?\S')
_FLAT: Final = re.compile(rb'^(\xef\xbb\xbf)?"?(statistics_code|Statistik_Code)"?;')
_PERIOD: Final = re.compile(r"\d{4}([/-]\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d\d-\d\d")
_MARK: Final = r"^[a-z()/.\-]{1,3}$"


def is_classic(head: bytes) -> bool:
    """Tell whether a text begins like a classic table."""
    return _CLASSIC.match(head) is not None


def is_flat(head: bytes) -> bool:
    """Tell whether a text begins like a flat table."""
    return _FLAT.match(head) is not None


def read_flat(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a flat CSV of the 2025 or the older layout; it knows no thousands separator."""
    text, notes = to_utf8(data, file, options.encoding)
    layout = find_layout(text, file, replace(options, separator=options.separator or ";"))
    if not is_flat(text[:64]):
        raise refusal("The header does not begin a flat GENESIS table.", file, line=layout.header_line)
    table = read_rows(text, file, layout, options)
    values = [name for name in table.frame.columns if name == "value" or "__" in name]
    found = [convention_of(table.frame[name], "").decimal for name in values]
    decimal = options.decimal or next((mark for mark in found if mark), ",")
    return replace(
        table, decimal=decimal, thousands="" if options.thousands is None else options.thousands, notes=(*notes, *table.notes)
    )


def read_classic(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a classic table of GENESIS or the Regionaldatenbank."""
    text, notes = to_utf8(data, file, options.encoding)
    if not is_classic(text[:64]):
        raise refusal(
            "The first line does not name a GENESIS table.", file, line=1, hint='It should begin with "GENESIS-Tabelle:".'
        )
    records = sample(text, ";")
    layout, titles = _classic_layout(text, records, file, options)
    table = read_rows(text, file, layout, options)
    _check_quality(table, layout.header_line)
    table = _lift_sections(_tidy_labels(table), _period_above(titles))
    point = text.startswith((b"GENESIS-Table:", b"Table:"))
    return replace(
        table, decimal=options.decimal or ("." if point else ","), thousands=options.thousands or "",
        notes=(*notes, f"title: {shorten(' '.join(record.cells[0] for record in titles), 200)}", *table.notes),
    )  # fmt: skip


def _classic_layout(text: bytes, records: list[Record], file: str, options: ReadOptions) -> tuple[Layout, list[Record]]:
    width = common_width(records)
    if width > options.limits.columns:
        raise refusal(f"The file has {width} columns, more than {options.limits.columns} are not read.", file)
    top = next((n for n, record in enumerate(records) if record.filled and not record.cells[0].strip()), None)
    if top is None or width < 2:
        raise refusal("No header was found below the title.", file, hint="A header row begins with an empty cell.")
    rows = []
    for record in records[top:]:
        if record.cells[0].strip() or not record.filled:
            break
        rows.append(record)
    for record in rows:
        if len(record.cells) != width:
            raise refusal(f"The header row has {len(record.cells)} cells, the rows have {width}.", file, line=record.line)
    heading = [spread(record.cells) if text.startswith(b"Tabelle:") else record.cells for record in rows]
    first_line = rows[-1].line + 1
    start = offset_of_line(text, first_line)
    end, words = find_footer(text, start, ";", options.footer)
    notes = (f"footer from line {line_of(text, end)} on left out: {words!r}",) if words else ()
    names, _ = name_columns(_with_quality(join_rows(heading)), file, rows[0].line)
    return Layout(";", names, rows[0].line, start, first_line, end, notes), records[:top]


def _with_quality(names: list[str]) -> list[str]:
    """Call a column with the same heading as the one before it that column's quality."""
    return [
        f"{name}{JOINT}{QUALITY}" if position and name and name == names[position - 1] else name
        for position, name in enumerate(names)
    ]  # fmt: skip


def _check_quality(table: RawTable, line: int) -> None:
    """Refuse a column taken for quality marks that holds something else: its heading was simply doubled."""
    for name in table.frame.columns:
        if name.endswith(JOINT + QUALITY):
            other = table.frame[name].drop_nulls().str.contains(_MARK).not_()
            if other.any():
                raise refusal("The heading stands above two columns of values.", table.file, line=line, column=name)


def _tidy_labels(table: RawTable) -> RawTable:
    """Remove the indentation by which the labels show their level."""
    labels = [name for name in table.frame.columns if name.startswith("column ")]
    tidy = table.frame.with_columns(pl.col(labels).str.strip_chars())
    if tidy.equals(table.frame):
        return table
    return replace(table, frame=tidy, notes=(*table.notes, "the indentation of names was removed"))


def _lift_sections(table: RawTable, above: str | None) -> RawTable:
    """Turn rows that fill the first column alone into the column "section" of the rows below."""
    frame = table.frame
    alone = frame.select(pl.all_horizontal(pl.nth(range(1, frame.width)).is_null())).to_series()
    if above is None and not alone.any():
        return table
    doubled = alone & alone.shift(1, fill_value=False)
    if doubled.any():
        row = int(doubled.arg_true()[0])
        raise refusal(
            f"Two headings follow one another: {shorten(frame[row, 0])!r}.", table.file, line=table.lines.of(row),
            hint="Download the table with one dimension above the rows, or as flat CSV.",
        )  # fmt: skip
    section = pl.select(pl.when(alone).then(frame.to_series(0))).to_series().fill_null(strategy="forward")
    section = section if above is None else section.fill_null(above)
    lines = table.lines.series(frame.height).filter(~alone)
    frame = pl.DataFrame([section.alias(SECTION)]).hstack(frame).filter(~alone)
    note = f'headings above and between the rows ({int(alone.sum()) + (above is not None)}) became the column "{SECTION}"'
    return replace(table, frame=frame, lines=Lines(table.lines.first, lines), notes=(*table.notes, note))


def _period_above(titles: list[Record]) -> str | None:
    last = titles[-1].cells[0].strip() if titles else ""
    return last if _PERIOD.fullmatch(last) else None
