"""Bring all rows into the order of the key and let each key stand once: newer vintages win, contradictions are breaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from model.ingest.breach import SHOWN, Findings
from model.ingest.codes import Codebook
from model.ingest.read.table import place
from model.ingest.recipe import Recipe
from model.vocabulary import TOTAL, period_code


@dataclass(frozen=True)
class Origin:
    """Where rows come from: recipe, file, column; the column `origin` of coded rows counts these."""

    recipe: Recipe
    file: str
    noun: str
    column: str

    def where(self, line: int) -> str:
        """Return file, line and column as messages name them."""
        return place(self.file, line, self.column, self.noun)


def in_key_order(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Return coded rows sorted by key, which is added as the column `key`; rows with the same key keep their order."""
    frame = frame.with_columns(book.key())
    key = frame["key"]
    falls = key < key.shift(1)
    if not falls.any():
        return frame
    place = falls.arg_max() or 0
    if place < frame.height / 2:
        return frame[_stable_order(key)]
    return _merged(frame[:place], frame[place:])  # few new rows after millions that are sorted already


def _stable_order(key: pl.Series) -> pl.Series:
    """Return the places in ascending order; files come in sorted runs, which the merge sort of numpy makes use of."""
    return pl.Series(np.argsort(key.to_numpy(), kind="stable").astype(np.uint32))


def _merged(head: pl.DataFrame, tail: pl.DataFrame) -> pl.DataFrame:
    """Return a sorted frame and new rows as one sorted frame, copied block by block."""
    tail = tail[_stable_order(tail["key"])]
    before = head["key"].search_sorted(tail["key"], side="right").to_numpy()
    starts = np.flatnonzero(np.diff(before, prepend=-1))  # new rows that go to the same place are one block
    ends = [*starts[1:], len(before)]
    pieces, done = [], 0
    for start, end in zip(starts, ends, strict=True):
        pieces += [head[done : before[start]], tail[start:end]]
        done = before[start]
    return pl.concat([*pieces, head[done:]], rechunk=True)


def without_duplicates(
    frame: pl.DataFrame, book: Codebook, origins: Sequence[Origin], findings: Findings
) -> pl.DataFrame:  # fmt: skip
    """Return coded rows (in key order, with `key`) with every key once."""
    key = frame["key"]
    again = key == key.shift(1)
    if not again.any():
        return frame
    doubled = again.fill_null(False) | again.shift(-1).fill_null(False)
    rows = frame.with_row_index("place").filter(doubled)
    kept = _settled(rows, origins, book, findings)
    left_out = rows["place"].filter(~rows["place"].is_in(kept.implode()))
    return frame.filter(pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True).scatter(left_out, False))


def _settled(rows: pl.DataFrame, origins: Sequence[Origin], book: Codebook, findings: Findings) -> pl.Series:
    """Return the places of the rows that stay, one per key; record what was decided or could not be."""
    vintage = pl.Series([o.recipe.vintage for o in origins])
    source = pl.Series([o.recipe.source for o in origins])
    rows = rows.with_columns(vintage=vintage.gather(rows["origin"]), publisher=source.gather(rows["origin"]))
    newest = rows.filter(pl.col("vintage") == pl.col("vintage").max().over("key", "publisher"))
    _note_older(rows.height - newest.height, findings)
    spoken = (pl.col("status") != "missing").any().over("key")
    newest = newest.filter((pl.col("status") != "missing") | ~spoken)
    same = (pl.col("value").n_unique().over("key") == 1) & (pl.col("status").n_unique().over("key") == 1)
    equal, contrary = newest.filter(same), newest.filter(~same)
    _note_equal(equal, origins, findings)
    _record_contrary(contrary, origins, book, findings)
    return newest.unique("key", keep="first", maintain_order=True)["place"]


def _note_older(rows: int, findings: Findings) -> None:
    if rows:
        findings.notes.append(f"{rows} rows were replaced by a newer vintage of the same source.")


def _note_equal(equal: pl.DataFrame, origins: Sequence[Origin], findings: Findings) -> None:
    extra = equal.filter(~pl.col("key").is_first_distinct())
    for number, rows in extra.group_by("origin", maintain_order=True).agg(pl.len()).iter_rows():
        origin = origins[number]
        findings.notes.append(f"{origin.file}, column {origin.column!r}: {rows} rows repeat others with the same value.")


def _record_contrary(rows: pl.DataFrame, origins: Sequence[Origin], book: Codebook, findings: Findings) -> None:
    rule = "duplicate key"
    for number, group in enumerate(rows.partition_by("key", maintain_order=True)):
        if number == SHOWN * 4:
            rest = rows["key"].n_unique() - number
            findings.breach(rule, "Further rows contradict each other.", rows=rest)
            return
        first, *others = group.iter_rows(named=True)
        what = f"{described(first, book)}, but {shown(others[0])} in {origins[others[0]['origin']].where(others[0]['line'])}"
        findings.breach(rule, what, origins[first["origin"]].where(first["line"]))


def described(row: dict[str, object], book: Codebook) -> str:
    """Return a coded row in words: indicator, area, period, breakdown = value."""
    indicator = book.catalogue.indicators[str(row["indicator"])]
    area = book.catalogue.areas.get(str(row["area"]))
    period = period_code(row["period"], indicator.frequency)  # type: ignore[arg-type]
    parts = [str(row[n]) for n in ("sex", "age") if row[n] != TOTAL]
    name = f"{row['area']} ({area.name})" if area else str(row["area"])
    return " ".join([indicator.id, name, period, *parts, "=", shown(row)])


def shown(row: dict[str, object]) -> str:
    """Return the value of a row as messages write it, or its status where it is empty."""
    value = row["value"]
    return str(row["status"]) if value is None else f"{value:.12g}"
