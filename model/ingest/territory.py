"""Bridge territory reforms: `areas/keys.csv` says which share of an area went where, and old figures follow it."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from model.catalogue import Catalogue
from model.errors import DatalabError, RecipeError
from model.ingest.aggregate import ROW, STATUS, absent, indicators, together
from model.ingest.breach import Findings
from model.ingest.codes import Codebook
from model.ingest.ratio import with_weight
from model.vocabulary import parse_period

_COLUMNS = ("from", "to", "period", "share")


@dataclass(frozen=True)
class Key:
    """From `period` on, `share` (by population) of the area `old` belongs to the area `new`."""

    old: str
    new: str
    period: date
    share: float


def read_keys(path: Path, catalogue: Catalogue, findings: Findings) -> tuple[Key, ...]:
    """Return the keys of `path` (none where it is absent); wrong rows are recorded. Raises RecipeError without header."""
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(_COLUMNS) <= set(reader.fieldnames or ()):
            raise RecipeError("The columns from,to,period,share are needed.", where=str(path))
        keys = [key for line, row in enumerate(reader, start=2) if (key := _key(row, f"{path}:{line}", catalogue, findings))]
    shares: dict[tuple[str, date], float] = defaultdict(float)
    for key in keys:
        shares[key.old, key.period] += key.share
    for (old, period), total in shares.items():
        if abs(total - 1) > 0.001:
            findings.breach("conversion key", f"The shares of {old!r} in {period} add up to {total:g}, not 1.", str(path))
    return tuple(sorted(keys, key=lambda key: (key.period, key.new, key.old)))


def _key(row: dict[str, str], where: str, catalogue: Catalogue, findings: Findings) -> Key | None:
    try:
        for name in ("from", "to"):
            catalogue.area(row[name])
        key = Key(row["from"], row["to"], parse_period(row["period"]), float(row["share"]))
    except (DatalabError, ValueError) as error:
        findings.breach("conversion key", str(error), where)
        return None
    if 0 < key.share <= 1:
        return key
    findings.breach("conversion key", f"A share lies between 0 and 1, not at {key.share:g}.", where)
    return None


def closed_parents(keys: Sequence[Key], catalogue: Catalogue) -> dict[str, bool]:
    """Tell for every parent area whether no reform moved anything across its border."""
    closed = {area.parent: True for area in catalogue.areas.values() if area.parent}
    for key in keys:
        old, new = catalogue.areas[key.old].parent, catalogue.areas[key.new].parent
        if old != new:
            closed[old] = closed[new] = False
    return closed


def converted(frame: pl.DataFrame, keys: Sequence[Key], book: Codebook) -> pl.DataFrame:
    """Return old figures in the new areas that have none of their own: sums by share, means by share of their weight.

    Values are `estimated` unless an area only changed its code. The old areas' own rows stay as they are.
    """
    made = []
    for period in sorted({key.period for key in keys}):  # in the order of the reforms: a later one goes on from here
        own = [key for key in keys if key.period == period]
        new = together([_sums(frame, own, book), *_means(frame, own, book)])
        new = absent(new.filter(pl.col("period") < period), frame, book)
        made.append(new)
        frame = together([frame, new])
    return together(made) if made else frame.clear()


def _pairs(keys: Sequence[Key], book: Codebook) -> pl.DataFrame:
    """Return area, new, share, parts (how many areas the new one is made of), renamed (only the code changed)."""
    kind = book.types["area"]
    rows = [(key.old, key.new, key.share) for key in keys]
    pairs = pl.DataFrame(rows, schema={"area": kind, "new": kind, "share": pl.Float64}, orient="row")
    parts = pl.len().over("new")
    return pairs.with_columns(parts.alias("parts"), renamed=(parts == 1) & (pl.col("share") == 1))


def _sums(frame: pl.DataFrame, keys: Sequence[Key], book: Codebook) -> pl.DataFrame:
    rows = frame.filter(indicators(book, lambda i: i.is_sum)).join(
        _pairs(keys, book), on="area", how="inner", maintain_order="left"
    )
    shared = (pl.col("value") * pl.col("share")).sum().round_sig_figs(12)
    return _converted(rows, shared, book)


def _means(frame: pl.DataFrame, keys: Sequence[Key], book: Codebook) -> list[pl.DataFrame]:
    made = []
    for indicator in book.catalogue.indicators.values():
        if not indicator.weight or indicator.is_ratio or indicator.is_sum:
            continue
        rows = with_weight(frame, indicator).join(_pairs(keys, book), on="area", how="inner", maintain_order="left")
        weight = pl.col("weight") * pl.col("share")
        weighed = rows.filter(pl.col("weight") > 0)
        made.append(_converted(weighed, (pl.col("value") * weight).sum() / weight.sum(), book))
    return made


def _converted(rows: pl.DataFrame, value: pl.Expr, book: Codebook) -> pl.DataFrame:
    """Return one row per new area where all its old areas have a row; an empty one empties it, suppressed before others."""
    empty = pl.col("value").is_null()
    key = book.key(area="new")
    result = rows.group_by(key, maintain_order=True).agg(
        *(pl.col(name).first() for name in ("indicator", "period", "sex", "age", "parts", "renamed")),
        pl.col("new").first().alias("area"),
        pl.when(~empty.any()).then(value).alias("value"),
        pl.when(empty.any()).then(pl.col("status").filter(empty).to_physical().max())
        .otherwise(pl.col("status").to_physical().max()).alias("status"),
        pl.len().alias("rows"),
    )  # fmt: skip
    whole = result.filter(pl.col("rows") == pl.col("parts"))
    kept = pl.col("renamed") | pl.col("value").is_null()
    status = pl.when(kept).then(pl.col("status").cat.to(STATUS)).otherwise(pl.lit("estimated", STATUS))
    source = pl.lit("territory-key", book.types["source"]).alias("source")
    return whole.with_columns(status.alias("status"), source).select(ROW)
