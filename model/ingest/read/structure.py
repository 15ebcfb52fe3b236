"""The skeleton of a delimited text: separator, preamble, header, footer, and whether every line has as many cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.ingest.read.table import refusal, shorten

SEPARATORS: Final = (";", "\t", "|", ",")  # in this order where several fit equally: the comma may be the decimal mark
_HEAD: Final = 1 << 16
_SAMPLE: Final = 200
_CHUNK: Final = 1 << 25
_CLOSING: Final = re.compile(
    r"""^["']?\s*(_{3,}|-{5,}|={5,}|©|\(c\)|copyright|quelle|source|stand\s*:|datenlizenz|lizenz|licen[cs]e|hinweis|anmerkung|note\b|"""
    r"""zeichenerkl|fu(ß|ss)note|datenquelle|herausgeber|erstellt|datenstand|auswertung|\*\)|\d{1,2}\)\s)""",
    re.IGNORECASE,
)


_SURE: Final = re.compile(r'^"?\s*(©|\(c\) |Copyright|Quelle:|Stand:)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """Hold one record of the sample: its cells and the file line on which it begins."""

    cells: tuple[str, ...]
    line: int

    @property
    def filled(self) -> int:
        """Return how many cells are not blank."""
        return sum(1 for cell in self.cells if cell.strip())


def sample(data: bytes, separator: str, first_line: int = 1) -> list[Record]:
    """Return the first records of the text (at most 200), blank ones included."""
    end = len(data)
    if end > _HEAD:
        end = data.rfind(b"\n", 0, _HEAD) + 1 or data.find(b"\n") + 1 or len(data)
    reader = csv.reader(io.StringIO(data[:end].decode(errors="replace"), newline=""), delimiter=separator)
    csv.field_size_limit(1 << 24)
    records, line = [], first_line
    for cells in islice(reader, _SAMPLE):
        records.append(Record(tuple(cells), line))
        line = first_line + reader.line_num
    return records[:-1] if end < len(data) and len(records) > 1 and len(records) < _SAMPLE else records


def find_separator(data: bytes, file: str) -> str:
    """Return the separator that splits most lines into equally many cells."""
    best, best_score = "", 0
    for separator in SEPARATORS:
        widths = Counter(len(record.cells) for record in sample(data, separator) if record.filled > 1)
        score = widths.most_common(1)[0][1] if widths else 0
        if score > best_score:
            best, best_score = separator, score
    if not best:
        raise refusal(
            "No line splits into cells at ; , | or tab.", file, line=1, hint="Declare `separator`, or check that this is a table."
        )
    return best


def common_width(records: list[Record]) -> int:
    """Return the number of cells that most records have; ties go to the wider."""
    widths = Counter(len(record.cells) for record in records if record.filled > 1)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def offset_of_line(data: bytes, line: int) -> int:
    """Return the byte position at which a line (from 1) begins; the end of the text if there are fewer."""
    position = 0
    for _ in range(line - 1):
        position = data.find(b"\n", position) + 1
        if position == 0:
            return len(data)
    return position


def find_footer(data: bytes, start: int, separator: str, footer: str | int | None) -> tuple[int, str]:
    """Return the byte position at which the footer begins (the end if there is none) and its first words."""
    tail_start = max(start, data.rfind(b"\n", start, max(start, len(data) - _HEAD)) + 1)
    lines = data[tail_start:].split(b"\n")
    first = footer_line([line.decode(errors="replace") for line in lines], separator, footer)
    if first is None:
        return len(data), ""
    words = next((line.decode(errors="replace") for line in lines[first:] if re.search(rb"[^\W_]|\xa9", line)), "")
    return tail_start + sum(len(line) + 1 for line in lines[:first]), shorten(words.strip(separator + '" '))


def footer_line(lines: list[str], separator: str, footer: str | int | None) -> int | None:
    """Return the index of the line at which the footer begins, None if there is none."""
    if isinstance(footer, int):
        filled = [n for n, line in enumerate(lines) if line.strip()]
        return filled[-footer] if 0 < footer <= len(filled) else None
    if isinstance(footer, str):
        return next((n for n, line in enumerate(lines) if re.search(footer, line)), None)
    ruled = next((n for n, line in enumerate(lines) if re.match(r'^"?_{3,}', line)), None)
    if ruled is not None:
        return ruled
    return _closing_block(lines, separator)


def _closing_block(lines: list[str], separator: str) -> int | None:
    """Return where the lines at the end begin that hold one cell only and of which one is a source or copyright line."""
    begin = len(lines)
    while begin > 0 and sum(1 for cell in lines[begin - 1].split(separator) if cell.strip(' "')) <= 1:
        begin -= 1
    block = [n for n in range(begin, len(lines)) if lines[n].strip(separator + " ")]
    marked = [n for n in block if _CLOSING.match(lines[n])]
    if not marked:
        # prose after a comma-separated table may hold commas itself
        near = range(max(0, len(lines) - 12), len(lines))
        return next((n for n in near if re.match(r'^"?\s*(©|Copyright|Quelle:|Stand:)', lines[n])), None)
    after_blank = [n for n in block if n > begin and not lines[n - 1].strip(separator + " ")]
    return min([marked[0], *after_blank])


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Hold for every record of a text how many separators it has, the line it begins on, and how many lines it spans."""

    separators: NDArray[np.int64]
    lines: NDArray[np.int64]
    spans: NDArray[np.int64]
    open_quote: bool


def skeleton(body: bytes, separator: str) -> Skeleton:
    """Measure every record; a line break inside quotes does not end one. Works on chunks, without a loop over rows."""
    marks, breaks, outside, open_quote = _positions(body, ord(separator))
    if body and not body.endswith(b"\n"):
        breaks, outside = np.append(breaks, len(body)), np.append(outside, True)
    if len(outside):
        outside[-1] = True
    separators = np.diff(np.searchsorted(marks, breaks[outside]), prepend=0)
    last_lines = np.flatnonzero(outside) + 1
    first_lines = np.concatenate([[1], last_lines[:-1] + 1]) if len(last_lines) else last_lines
    return Skeleton(separators, first_lines, last_lines - first_lines + 1, open_quote)


def _positions(body: bytes, separator: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], bool]:
    """Return where separators outside quotes and line breaks are, which line breaks are outside, and whether a quote is open."""
    marks, breaks, outside, odd = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, bool)], 0
    for start in range(0, len(body), _CHUNK):
        chunk = np.frombuffer(body, np.uint8, count=min(_CHUNK, len(body) - start), offset=start)
        inside = (np.cumsum(chunk == ord('"'), dtype=np.uint8) + np.uint8(odd)) & 1  # the sum wraps, its parity does not
        ends = np.flatnonzero(chunk == ord("\n"))
        marks.append(np.flatnonzero((chunk == separator) & (inside == 0)) + start)
        breaks.append(ends + start)
        outside.append(inside[ends] == 0)
        odd = int(inside[-1])
    return np.concatenate(marks), np.concatenate(breaks), np.concatenate(outside), bool(odd)
