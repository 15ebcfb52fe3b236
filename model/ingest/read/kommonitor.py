"""Time series of KomMonitor: GeoJSON (with or without geometry), its JSON of indicator values, and GeoPackage.

The attributes become a table with the headers of the file (`ID`, `NAME`, `DATE_2021-12-31`, …); geometry is left out, see
model.ingest.boundaries. The CSV of KomMonitor is an ordinary delimited file.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Final

import numpy as np
import polars as pl

from model.ingest.read.encoding import to_utf8
from model.ingest.read.table import Limits, Lines, RawTable, ReadOptions, refusal, shorten

_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_MARKED: Final = r"^\s*[+-]?[\d.,' ]*\d[.,]\d[\d.,' ]*\s*$"


def read_geojson(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read the properties of a FeatureCollection, a list of objects, or the body of an indicator update."""
    text, notes = to_utf8(data, file, options.encoding)
    _check_depth(text, file, options.limits)
    return _table(_records(_parse(text, file), file), file, "feature", options, notes)


def read_geopackage(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read the attributes of one layer of a GeoPackage."""
    try:
        with closing(sqlite3.connect(":memory:")) as store:
            store.deserialize(data)
            layer = _choose_layer(store, file, options)
            records, notes = _rows_of(store, layer, options.limits, file)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise refusal(f"The GeoPackage is damaged or cut off ({error}).", file) from error
    return _table(records, file, f"layer {layer!r}, row", options, notes)


def _check_depth(text: bytes, file: str, limits: Limits) -> None:
    """Refuse JSON nested deeper than any table or geometry is."""
    signs = np.frombuffer(_STRING.sub(b"", text), np.uint8)
    steps = np.isin(signs, np.frombuffer(b"{[", np.uint8)).astype(np.int32) - np.isin(signs, np.frombuffer(b"}]", np.uint8))
    depth = int(steps.cumsum(dtype=np.int64).max(initial=0))
    if depth > limits.depth:
        raise refusal(f"The JSON is nested {depth} levels deep, more than {limits.depth} are not read.", file)


def _parse(text: bytes, file: str) -> Any:
    def refuse_constant(name: str) -> None:
        line = text[: text.index(name.encode())].count(b"\n") + 1
        raise refusal(f"{name} is not a finite number.", file, line=line)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            doubled = next(name for name in names if names.count(name) > 1)
            raise refusal(f"The property {shorten(doubled)!r} stands twice in one object.", file, column=doubled)
        return found

    try:
        return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        what = (
            "A second document follows the first."
            if error.msg == "Extra data"
            else f"The JSON is damaged or cut off ({error.msg})."
        )
        raise refusal(what, file, line=error.lineno) from error


def _records(document: Any, file: str) -> list[dict[str, Any]]:
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        features = document["features"]
        records: list[Any] = [feature.get("properties") if isinstance(feature, dict) else None for feature in features]
    elif isinstance(document, dict) and isinstance(document.get("indicatorValues"), list):
        records = [_updated(entry, file, number) for number, entry in enumerate(document["indicatorValues"], 1)]
    elif isinstance(document, list):
        records = document
    else:
        raise refusal("The JSON holds no FeatureCollection, list of objects or indicatorValues.", file, line=1)
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise refusal("The feature has no properties.", file, line=number, noun="feature")
    return records


def _updated(entry: Any, file: str, number: int) -> dict[str, Any]:
    """Return one area of an indicator update as a wide record, as the GeoJSON of KomMonitor has it."""
    try:
        values = {f"DATE_{pair['timestamp']}": pair["indicatorValue"] for pair in entry["valueMapping"]}
        return {"ID": entry["spatialReferenceKey"], **values}
    except (KeyError, TypeError) as error:
        raise refusal(f"The entry lacks {error}.", file, line=number, noun="feature") from error


def _choose_layer(store: sqlite3.Connection, file: str, options: ReadOptions) -> str:
    tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "gpkg_contents" not in tables:
        raise refusal("The database is no GeoPackage.", file)
    listed = store.execute("SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')")
    layers = [name for (name,) in listed if name in tables]
    if options.sheet is not None and options.sheet not in layers:
        raise refusal(f"There is no layer {options.sheet!r}.", file, hint=f"The layers are: {', '.join(layers)}.")
    if options.sheet is None and len(layers) != 1:
        raise refusal(f"The GeoPackage has {len(layers)} layers.", file, hint=f"Declare `sheet`, one of: {', '.join(layers)}.")
    return options.sheet or layers[0]


def _rows_of(store: sqlite3.Connection, layer: str, limits: Limits, file: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    quoted = '"' + layer.replace('"', '""') + '"'
    geometry = {name for (name,) in store.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,))}
    cursor = store.execute(f"SELECT * FROM {quoted} LIMIT ?", ((limits.rows or limits.cells) + 1,))
    names = [column[0] for column in cursor.description]
    if len(names) > limits.columns:
        raise refusal(f"The layer has {len(names)} columns, more than {limits.columns} are not read.", file)
    records = [{name: cell for name, cell in zip(names, row, strict=True) if name not in geometry} for row in cursor]
    return records, ("geometry left out",) if geometry else ()


def _table(records: list[dict[str, Any]], file: str, noun: str, options: ReadOptions, notes: Iterable[str]) -> RawTable:
    if not records:
        raise refusal("The file has no features.", file)
    limits = options.limits
    names = list(dict.fromkeys(name for record in records for name in record))
    if len(names) > limits.columns:
        raise refusal(f"The features have {len(names)} properties, more than {limits.columns} are not read.", file)
    if len(records) > (limits.rows or len(records)):
        raise refusal(f"The file has {len(records)} features, more than {limits.rows} are not read.", file)
    mark = options.decimal or "."
    columns = [_column(name, [record.get(name) for record in records], file, noun, mark) for name in names]
    return RawTable(pl.DataFrame(columns), file, Lines(1, noun=noun), mark, options.thousands or "", tuple(notes))


def _column(name: str, cells: list[Any], file: str, noun: str, mark: str) -> pl.Series:
    """Return one property as text, numbers with the decimal mark; a number typed as text beside numbers is refused."""
    numbers = any(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells)
    for row, cell in enumerate(cells, 1):
        if isinstance(cell, (dict, list, bytes)):
            raise refusal("The property is nested or binary; text and numbers are read.", file, line=row, column=name, noun=noun)
        if isinstance(cell, str) and (numbers or name.startswith("DATE_")) and re.match(_MARKED, cell):
            raise refusal(
                f"{shorten(cell)!r} is text where numbers stand; its decimal mark is not certain.", file, line=row, column=name,
                noun=noun, hint="Write it as a JSON number.",
            )  # fmt: skip
    return pl.Series(name, [_written(cell, mark) for cell in cells], dtype=pl.String)


def _written(cell: Any, mark: str) -> str | None:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 2**53
        return str(int(cell)) if whole else repr(cell).replace(".", mark)
    return None if cell is None or cell == "" else str(cell)
