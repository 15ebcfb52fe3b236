"""Header rows → one distinct name per column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from model.ingest.read.table import JOINT, refusal, shorten


def join_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name per column: the filled cells of its header rows from top to bottom, joined with " | "."""
    return [JOINT.join(part for part in map(_tidy, column) if part) for column in zip(*rows, strict=True)]


def spread(row: Sequence[str], last: int | None = None) -> list[str]:
    """Return the row with each blank cell filled from the left, as a merged title is meant; from the first filled cell on."""
    filled: list[str] = []
    for cell in row[:last]:
        filled.append(cell if _tidy(cell) or not filled else filled[-1])
    return [*filled, *row[len(filled) :]]


def name_columns(names: Sequence[str], file: str, line: int, *, noun: str = "line") -> tuple[list[str], tuple[str, ...]]:
    """Return distinct names: a blank header becomes "column 3"; a doubled one is refused."""
    named = [name or f"column {position}" for position, name in enumerate(names, 1)]
    doubled = [name for name, times in Counter(named).items() if times > 1]
    if doubled:
        places = [position for position, name in enumerate(named, 1) if name == doubled[0]]
        raise refusal(
            f"The header {shorten(doubled[0])!r} stands above columns {', '.join(map(str, places))}.",
            file, line=line, column=doubled[0], noun=noun,
            hint="Give each column its own name, or declare `header_rows` if the header has several rows.",
        )  # fmt: skip
    blank = [str(position) for position, name in enumerate(names, 1) if not name]
    notes = (f"columns without header are called by their position: {', '.join(blank)}",) if blank else ()
    return named, notes


def doubled_names(names: Sequence[str]) -> bool:
    """Tell whether a header stands above two columns."""
    filled = [name for name in names if name]
    return len(set(filled)) < len(filled)


def _tidy(cell: str | None) -> str:
    return re.sub(r"\s+", " ", (cell or "").replace("\u00a0", " ")).strip()
