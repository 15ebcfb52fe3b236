"""Read a file of outlines as features: texts and geometry as they stand, nothing judged yet."""

from __future__ import annotations

import csv
import json
import sqlite3
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.errors import ReadError, near_names
from model.ingest.boundaries.plan import Plan

UNPACKED: Final = 200_000_000  # bytes; a zip that says more is not a map of a city
SHP_LENGTH: Final = slice(24, 28)  # the header's own length in 16-bit words, big-endian (ESRI Shapefile description, 1998)


@dataclass(frozen=True)
class Feature:
    """One row of a layer; `place` finds it again in the file."""

    place: str
    texts: Mapping[str, str]
    geometry: Any


@dataclass(frozen=True)
class Layer:
    """All features of one layer with the coordinate system the file names (empty: none)."""

    features: tuple[Feature, ...]
    crs: str
    notes: tuple[str, ...] = ()


def read_layer(plan: Plan) -> Layer:
    """Return the features of the plan's file. Raises ReadError with the place for what cannot be read."""
    assert plan.file is not None
    match plan.file.suffix.lower():
        case ".geojson" | ".json":
            return _geojson(plan.file)
        case ".csv" | ".tsv" | ".txt":
            return _wkt(plan.file, plan)
        case ".zip":
            return _ogr(plan.file, f"/vsizip/{plan.file}/{_member(plan.file, plan.member)}", plan)
        case ".gpkg":
            _check_sqlite(plan.file)
            return _ogr(plan.file, str(plan.file), plan)
        case ".shp":
            _check_shp(plan.file.name, plan.file.read_bytes()[:100], plan.file.stat().st_size)
            return _ogr(plan.file, str(plan.file), plan)
    hint = "Known are .geojson, .zip (Shapefile), .shp, .gpkg and .csv with a WKT column."
    raise ReadError(f"Boundaries cannot be read from {plan.file.suffix!r} files.", where=str(plan.file), hint=hint)


def _geojson(file: Path) -> Layer:
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    document = _json(file)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise ReadError("This JSON is not a GeoJSON FeatureCollection.", where=str(file))
    features = []
    for number, raw in enumerate(document["features"], start=1):
        place = f"{file.name} feature {number}"
        try:
            geometry = shape(raw["geometry"]) if raw["geometry"] else None
            properties = raw.get("properties") or {}
            texts = {"id": _text(raw.get("id"))} | {str(key): _text(value) for key, value in properties.items()}
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise ReadError(f"This is not a GeoJSON feature: {error!r:.120}.", where=place) from error
        features.append(Feature(place, texts, geometry))
    return Layer(tuple(features), _crs_member(document, file))


def _json(file: Path) -> Any:
    try:
        text = file.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ReadError(f"GeoJSON is UTF-8, this is not (byte {error.start}).", where=str(file)) from error
    except RecursionError as error:
        raise ReadError("The JSON is nested too deep to be a map.", where=str(file)) from error
    except json.JSONDecodeError as error:
        where = f"{file} line {error.lineno} column {error.colno}"
        if error.msg == "Extra data":
            raise ReadError("A second document follows the first.", where=where, hint="Write one FeatureCollection.") from error
        cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        what = "The file ends in the middle: it is truncated." if cut else f"Not valid JSON: {error.msg}."
        raise ReadError(what, where=where) from error
    except ValueError as error:
        raise ReadError(f"{error} is not a number of JSON.", where=str(file)) from error


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _crs_member(document: Mapping[str, Any], file: Path) -> str:
    crs = document.get("crs")
    if not crs:
        return ""
    try:
        return str(crs["properties"]["name"])
    except (KeyError, TypeError) as error:
        raise ReadError("The crs member names no coordinate system.", where=str(file)) from error


def _wkt(file: Path, plan: Plan) -> Layer:
    from shapely import from_wkt
    from shapely.errors import ShapelyError

    header = plan.header("wkt")
    features, systems = [], set()
    for line, row in _rows(file, plan.encoding or "utf-8-sig"):
        place = f"{file.name} line {line}"
        if header not in row:
            raise ReadError(f"The column {header!r} with WKT is missing.", where=place, hint=_near(header, row))
        system, _, text = row[header].rpartition(";")
        systems.add(system.upper().removeprefix("SRID="))
        try:
            geometry = from_wkt(text) if text.strip() else None
        except ShapelyError as error:
            raise ReadError(f"{text[:40]!r}… is not WKT: {error}.", where=f"{place} column {header!r}") from error
        features.append(Feature(place, row, geometry))
    if len(systems) > 1:
        raise ReadError(f"Several coordinate systems in one file: {', '.join(sorted(systems))}.", where=str(file))
    srid = systems.pop() if systems else ""
    return Layer(tuple(features), f"EPSG:{srid}" if srid else "")


def _rows(file: Path, encoding: str) -> list[tuple[int, dict[str, str]]]:
    csv.field_size_limit(UNPACKED)  # an outline is longer than the module's 128 kB
    try:
        with file.open(encoding=encoding, newline="") as lines:
            head = lines.readline()
            separator = max(";\t,|", key=head.count)
            reader = csv.DictReader(lines, next(csv.reader([head], delimiter=separator), []), delimiter=separator, strict=True)
            rows = [(reader.line_num + 1, row) for row in reader]
    except UnicodeDecodeError as error:
        raise ReadError(f"Not {encoding}.", where=str(file), hint="Say encoding = … in the recipe.") from error
    except csv.Error as error:
        raise ReadError(f"The table is broken or truncated: {error}.", where=str(file)) from error
    for line, row in rows:
        if None in row or None in row.values():
            raise ReadError("The row has another number of cells than the header.", where=f"{file} line {line}")
    return rows


def _ogr(file: Path, path: str, plan: Plan) -> Layer:
    """Read with GDAL through pyogrio's arrays; its warnings become notes."""
    import pyogrio
    from shapely import from_wkb
    from shapely.errors import ShapelyError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            layer = _choose_layer(file, [str(name) for name in pyogrio.list_layers(path)[:, 0]], plan.layer)
            meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, encoding=plan.encoding or None)
            geometry = [None if one is None else from_wkb(one) for one in wkb]
        except (RuntimeError, ValueError, ShapelyError) as error:  # pyogrio's errors are RuntimeErrors
            raise ReadError(f"The file cannot be read as a map: {error}.", where=str(file)) from error
    names = [str(name) for name in meta["fields"]]
    features = tuple(
        Feature(f"{file.name} feature {n + 1}", {name: _text(c[n]) for name, c in zip(names, columns, strict=True)}, shape)
        for n, shape in enumerate(geometry)
    )
    return Layer(features, meta["crs"] or "", tuple(f"{file.name}: {w.message}" for w in caught))


def _choose_layer(file: Path, layers: list[str], said: str) -> str:
    if said in layers:
        return said
    if said or len(layers) != 1:
        what = f"The layer {said!r} is not in the file." if said else f"The file holds {len(layers)} layers."
        raise ReadError(what, where=str(file), hint=f"Say layer = one of {', '.join(layers)}." if layers else "")
    return layers[0]


def _member(file: Path, said: str) -> str:
    """Return the Shapefile inside the zip that is meant, after looking at sizes and completeness."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
                raise ReadError("The archive unpacks to more than 200 MB.", where=str(file))
            damaged = archive.testzip()
            if damaged:
                raise ReadError(f"{damaged!r} in the archive is damaged.", where=str(file))
            shapes = [name for name in archive.namelist() if name.lower().endswith(".shp")]
            if (said and said not in shapes) or (not said and len(shapes) != 1):
                hint = f"Say file = '{file.name}!…' with one of {', '.join(shapes)}." if shapes else ""
                raise ReadError(
                    f"The archive holds {len(shapes)} Shapefiles, {said or 'one'!r} was expected.", where=str(file), hint=hint
                )
            chosen = said or shapes[0]
            with archive.open(chosen) as opened:
                _check_shp(f"{file.name}!{chosen}", opened.read(100), archive.getinfo(chosen).file_size)
            return chosen
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ReadError(f"Not a whole zip archive: {error}.", where=str(file), hint="Fetch it again.") from error


def _check_shp(name: str, head: bytes, size: int) -> None:
    """Refuse a Shapefile that is shorter than it says itself: GDAL would leave areas out without a word."""
    if len(head) < 100 or int.from_bytes(head[SHP_LENGTH], "big") * 2 != size:
        raise ReadError("The Shapefile ends in the middle: it is truncated.", where=name, hint="Fetch it again.")


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            verdict = database.execute("PRAGMA quick_check").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ReadError(f"Not a whole GeoPackage: {error}.", where=str(file), hint="Fetch it again.") from error
    if verdict != "ok":
        raise ReadError(f"The GeoPackage is damaged: {verdict}.", where=str(file), hint="Fetch it again.")


def _text(value: Any) -> str:
    """Return an attribute as text: 3.0 is 3, nothing (also not-a-time) is empty, a list is parted by semicolons."""
    if value is None or value != value:
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(_text, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return "" if text == "NaT" else text.strip()


def _near(name: str, known: Mapping[str, Any]) -> str:
    near = near_names(name, known)
    return f"Did you mean {', '.join(map(repr, near))}?" if near else f"The columns are {', '.join(map(str, known))}."
