"""Workbooks (XLSX, XLS, ODS) → RawTable, through calamine.

Number cells become text with a decimal point, so they are never ambiguous; numbers that somebody typed as text are read
by the convention that their column proves, or refused. Dates become 2024-12-31.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

import polars as pl

from model.errors import ReadError
from model.ingest.read.cells import Cells, refuse_dates_among_numbers, settle_numbers
from model.ingest.read.delimited import drop_empty
from model.ingest.read.header import join_rows, name_columns, spread
from model.ingest.read.structure import footer_line
from model.ingest.read.table import Lines, RawTable, ReadOptions, refusal, shorten
from model.ingest.read.workbook import Range, Sheet, check_archive, check_extent, column_letters, inspect

_MOST_HEADERS: Final = 6
_TAIL: Final = 60
_KINDS: Final = ("string", "boolean", "float", "datetime")


def read_excel(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read one sheet of a workbook; raises ReadError for error cells, formulas without value and unsafe archives."""
    with _sound(file):
        check_archive(data, file, options.limits)
        book = _open(data)
        name, sheet, notes = _choose(book, data, file, options)
        where = f"{file}, sheet {name!r}"
        if sheet.valueless:
            raise refusal(
                f"Cell {sheet.valueless[0]} holds a formula without its value ({len(sheet.valueless)} such cells).",
                where, hint="Open the file in the spreadsheet program and save it again.",
            )  # fmt: skip
        cells = _load(book, name, where, options)
    table = _table(cells, sheet, where, options, (*notes, *_hidden(sheet)))
    return replace(table, file=file, lines=replace(table.lines, noun=f"sheet {name!r}, row"))


@contextmanager
def _sound(file: str) -> Iterator[None]:
    """Turn what the libraries say of a damaged workbook into a refusal."""
    import fastexcel

    try:
        yield
    except (fastexcel.FastExcelError, ElementTree.ParseError, expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged(error, file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's, which has no name to import and is no Exception
            raise
        raise _damaged(error, file) from error


def _damaged(error: BaseException, file: str) -> ReadError:
    return refusal(f"The workbook is damaged or cut off ({shorten(str(error), 120)}).", file)


def _open(data: bytes):  # type: ignore[no-untyped-def]  # the library ships no types
    import fastexcel

    return fastexcel.read_excel(data)


def _choose(book, data: bytes, file: str, options: ReadOptions) -> tuple[str, Sheet, tuple[str, ...]]:  # type: ignore[no-untyped-def]
    """Return the sheet to read: the named one, or the only visible one that holds a table."""
    names: list[str] = book.sheet_names
    if options.sheet is not None:
        if options.sheet not in names:
            raise refusal(f"There is no sheet {options.sheet!r}.", file, hint=f"The sheets are: {', '.join(names)}.")
        found = inspect(data, f"{file}, sheet {options.sheet!r}", options.sheet, options.limits)
        visible = _first_row(book, options.sheet).visible == "visible"
        return options.sheet, found, () if visible else (f"sheet {options.sheet!r} is hidden",)
    tables, hidden = {}, []
    for name in names:
        found = inspect(data, f"{file}, sheet {name!r}", name, options.limits)
        top = _first_row(book, name)
        if top.visible != "visible":
            hidden.append(name)
        elif top.width >= 2 and top.total_height >= 2:
            tables[name] = found
    if len(tables) != 1:
        raise refusal(
            f"The workbook has {len(tables)} visible sheets with a table.", file,
            hint=f"Declare `sheet`, one of: {', '.join(names)}.",
        )  # fmt: skip
    [(name, found)] = tables.items()
    notes = [f"sheet {name!r} read"] if len(names) > 1 else []
    return name, found, (*notes, *([f"hidden sheets left out: {', '.join(hidden)}"] if hidden else []))


def _first_row(book, name: str):  # type: ignore[no-untyped-def]
    return book.load_sheet(name, header_row=None, n_rows=1, skip_rows=0, dtypes="string")


def _load(book, name: str, file: str, options: ReadOptions) -> Cells:  # type: ignore[no-untyped-def]
    """Load the sheet four times, each time asking for another type: calamine answers null where a cell is not of it."""
    sheets = {kind: book.load_sheet(name, header_row=None, skip_rows=0, dtypes=kind) for kind in _KINDS}
    check_extent(sheets["string"].width, sheets["string"].total_height, file, options.limits)
    _, errors = sheets["string"].to_arrow_with_errors()
    for error in errors.errors if errors else ():
        row, column = error.position
        raise refusal(
            f"The cell holds the error of a formula: {error.detail.partition('got ')[2]}.", file, line=row + 1, noun="row",
            column=column_letters(column + 1), hint=f"{len(errors.errors)} such cells; mend the formula or empty the cell.",
        )  # fmt: skip
    text, truth, number, date = (sheets[kind].to_polars() for kind in _KINDS)
    words = {"true", "false"}
    is_number = pl.DataFrame(
        [truth[c].is_not_null() & number[c].is_not_null() & ~text[c].is_in(words).fill_null(False) for c in text.columns]
    )
    is_date = pl.DataFrame([date[c].is_not_null() & truth[c].is_null() for c in text.columns])
    plain = [_written(text[c], number[c], is_number[c], date[c], is_date[c]) for c in text.columns]
    return Cells(pl.DataFrame(plain), is_number, is_date)


def _written(text: pl.Series, number: pl.Series, is_number: pl.Series, date: pl.Series, is_date: pl.Series) -> pl.Series:
    """Return the cells as text: whole numbers without decimals, others in full precision, days as ISO dates."""
    whole = number.cast(pl.Int64, strict=False)
    exact = pl.select(
        pl.when(whole.cast(pl.Float64) == number).then(whole.cast(pl.String)).otherwise(number.cast(pl.String))
    ).to_series()
    day = date.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    tidy = text.str.replace_all(r"[\r\n]+", " ")
    chosen = pl.when(is_number).then(exact).when(is_date).then(day).otherwise(tidy)
    return pl.select(chosen).to_series().replace("", None).alias(text.name)


def _table(cells: Cells, sheet: Sheet, file: str, options: ReadOptions, notes: tuple[str, ...]) -> RawTable:
    """Cut header and rows out of the cells of a sheet."""
    filled = cells.text.select(pl.sum_horizontal(pl.all().is_not_null())).to_series().to_list()
    top = _find_top(filled, file, options)
    merged = [_shift(area, sheet.left) for area in sheet.merged]
    depth = options.header_rows or _header_depth(cells, merged, top)
    rows = [[cell or "" for cell in cells.text.row(row)] for row in range(top, top + depth)]
    if not _spread_merged(rows, merged, top):
        rows = [spread(row) if row is not rows[-1] else row for row in rows]
    names, more = name_columns(join_rows(rows), file, top + 1, noun="row")
    if top > 0 and any(filled[:top]):
        notes = (*notes, f"rows 1 to {top} above the header left out")
    bottom, words = _find_end(cells.text, filled, top + depth, options)
    if words:
        notes = (*notes, f"footer from row {bottom + 1} on left out: {words!r}")
    text, filled_down = _fill_merged(cells, merged, top + depth, file)
    body = Cells(*(frame.slice(top + depth, bottom - top - depth).rename(dict(zip(frame.columns, names, strict=True)))
                   for frame in (text, _named(cells.number, text), _named(cells.date, text))))  # fmt: skip
    lines = Lines(top + depth + 1, noun="row")
    refuse_dates_among_numbers(body, file, lines)
    frame, decimal, told = settle_numbers(body, file, lines, options)
    table = RawTable(frame, file, lines, decimal, options.thousands, (*notes, *more, *filled_down, *told))
    return _without_empty(table)


def _find_top(filled: list[int], file: str, options: ReadOptions) -> int:
    """Return the row (from 0) of the header: the first with two filled cells, or the one declared."""
    start = options.skip_rows or 0
    least = 1 if options.skip_rows is not None else 2
    top = next((row for row in range(start, len(filled)) if filled[row] >= least), None)
    if top is None or top + (options.header_rows or 1) >= len(filled):
        raise refusal("The sheet has no header with rows below it.", file)
    return top


def _shift(area: Range, left: int) -> Range:
    """Return a merged range counted from 0, last row and column excluded, without the empty columns on the left."""
    first_row, first_column, last_row, last_column = area
    return first_row - 1, first_column - 1 - left, last_row, last_column - left


def _header_depth(cells: Cells, merged: list[Range], top: int) -> int:
    """Return how many rows the header has: a cell merged sideways has its parts below it, one merged down reaches that far."""
    bottom = top + 1
    while bottom - top < _MOST_HEADERS:
        touching = [area for area in merged if area[0] < bottom <= area[2] and area[0] >= top]
        wider = [area for area in touching if area[2] == bottom and area[3] - area[1] > 1]
        reach = max([area[2] for area in touching] + [bottom + 1 if wider else bottom])
        if reach <= bottom or reach >= cells.text.height:
            break
        bottom = reach
    while bottom - top < _MOST_HEADERS and _continues_header(cells, top, bottom):
        bottom += 1
    return bottom - top


def _continues_header(cells: Cells, top: int, row: int) -> bool:
    """Tell whether a row refines the header: the header has blanks, the row no label and no number."""
    blank = any(all(cells.text[above, column] is None for above in range(top, row)) for column in range(cells.text.width))
    texts, numbers = cells.text.row(row), cells.number.row(row)
    return blank and row + 1 < cells.text.height and texts[0] is None and any(texts) and not any(numbers)


def _spread_merged(rows: list[list[str]], merged: list[Range], top: int) -> bool:
    """Write the title of a merged header cell above each of its columns; tell whether there is any."""
    inside = [area for area in merged if top <= area[0] < top + len(rows)]
    for first_row, first, _, last in inside:
        row = rows[first_row - top]
        row[first:last] = [row[first]] * (min(last, len(row)) - first)
    return bool(inside)


def _fill_merged(cells: Cells, merged: list[Range], start: int, file: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Repeat merged labels in every row they cover; one number over several cells is refused."""
    text, count = cells.text, 0
    for first_row, first, last_row, last in merged:
        if first_row < start or last_row > text.height or last > text.width:
            continue
        label = text[first_row, first]
        if label is None or last - first > 1:
            continue
        if cells.number[first_row, first]:
            raise refusal(
                f"The number {label} stands in a cell merged over {last_row - first_row} rows.",
                file, line=first_row + 1, noun="row", hint="It is not clear which row it belongs to; split the cell.",
            )  # fmt: skip
        column = text.to_series(first).scatter(list(range(first_row, last_row)), label)
        text, count = text.with_columns(column), count + 1
    return text, (f"{count} merged labels repeated in the rows they cover",) if count else ()


def _named(frame: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    return frame.rename(dict(zip(frame.columns, like.columns, strict=True)))


def _find_end(text: pl.DataFrame, filled: list[int], start: int, options: ReadOptions) -> tuple[int, str]:
    """Return the row (from 0) behind the last row of the table and the first words of the footer."""
    if isinstance(options.footer, int):
        bottom = text.height - options.footer
    elif isinstance(options.footer, str):
        first = text.to_series(0).fill_null("").str.contains(options.footer).arg_true()
        bottom = int(first[0]) if len(first) else text.height
    else:
        lines = ["\t".join(cell or "" for cell in row) for row in text.slice(start).tail(_TAIL).iter_rows()]
        cut = footer_line(lines, "\t", None)
        bottom = text.height if cut is None else text.height - len(lines) + cut
    words = next((cell for row in text.slice(bottom).iter_rows() for cell in row if cell), "")
    return bottom, shorten(words)


def _hidden(sheet: Sheet) -> tuple[str, ...]:
    notes = []
    if sheet.hidden_rows:
        notes.append(f"{len(sheet.hidden_rows)} hidden rows are read too, the first is row {sheet.hidden_rows[0]}")
    if sheet.hidden_columns:
        notes.append(f"hidden columns are read too: {', '.join(map(column_letters, sheet.hidden_columns[:10]))}")
    return tuple(notes)


def _without_empty(table: RawTable) -> RawTable:
    return replace(drop_empty(table, quoted=False), decimal=table.decimal, thousands=table.thousands)
