"""Maps as GeoJSON: geometry joined with ready, protected text for hovering."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from model.disclosure import Reader
from model.errors import SelectionError
from model.profile.numbers import format_cell
from model.vocabulary import OBSERVED, TOTAL, period_code


def geometry(reader: Reader, unit: str) -> bytes:
    """Return the screen geometry of one spatial unit. Raises UnknownName or SelectionError."""
    reader.catalogue.unit(unit)
    return _file(reader, f"{unit}.geojson")


def hatch(reader: Reader, unit: str) -> bytes:
    """Return the hatch lines of one spatial unit; `i` is the position of the area in the unit's geometry."""
    position = {code: i for i, code in enumerate(outline(reader, unit).codes)}
    lines = json.loads(_file(reader, f"{unit}-hatch.geojson"))
    for feature in lines["features"]:
        feature["properties"]["i"] = position[feature["properties"]["code"]]
    return json.dumps(lines, separators=(",", ":")).encode()


def _file(reader: Reader, name: str) -> bytes:
    path = reader.folder / name
    if not path.exists():
        raise SelectionError(f"There are no boundaries for {name.removesuffix('.geojson')!r}.")
    return path.read_bytes()


def map_features(reader: Reader, unit: str, indicator: str, language: str) -> bytes:
    """Return the unit's geometry with `i` (position), `code`, `name` and one text `t<period>` per period.

    The texts are the protected values as they are written on the screen, so hovering shows nothing else.
    """
    entry = reader.catalogue.indicator(indicator)
    collection = json.loads(geometry(reader, unit))
    rows = reader.table(indicator).filter((pl.col("sex") == TOTAL) & (pl.col("age") == TOTAL) & (pl.col("scenario") == OBSERVED))
    texts: dict[str, dict[str, str]] = {}
    for area, period, value, status in rows.select("area", "period", "value", "status").iter_rows():
        texts.setdefault(area, {})[text_name(period, entry.frequency)] = format_cell(value, status, entry, language)
    missing = format_cell(None, "missing", entry, language)
    periods = {name for named in texts.values() for name in named}
    for position, feature in enumerate(collection["features"]):
        code = feature["properties"]["code"]
        shown = dict.fromkeys(sorted(periods), missing) | texts.get(code, {})
        feature["properties"] = {"i": position, "code": code, "name": feature["properties"]["name"], **shown}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def text_name(period: date, frequency: str) -> str:
    """Return the name of the property that holds a period's text: t2024, t2024_Q3."""
    return f"t{period_code(period, frequency)}".replace("-", "_")


@dataclass(frozen=True)
class Outline:
    """The areas of a unit in the order of their geometry, and the box around them in degrees (west, south, east, north)."""

    codes: tuple[str, ...]
    box: tuple[float, float, float, float]


def outline(reader: Reader, unit: str) -> Outline:
    """Return order and extent of the unit's geometry. Raises UnknownName or SelectionError."""
    features = json.loads(geometry(reader, unit))["features"]
    points = [point for feature in features for point in _points(feature["geometry"]["coordinates"])]
    x, y = [p[0] for p in points], [p[1] for p in points]
    return Outline(tuple(f["properties"]["code"] for f in features), (min(x), min(y), max(x), max(y)))


def _points(coordinates: list[Any]) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield (coordinates[0], coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)
