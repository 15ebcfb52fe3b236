"""Geometry for the screen: simplified without gaps, wound for the browser, and hatched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from model.ingest.boundaries.outline import Outline
from model.ingest.boundaries.place import EQUAL_AREA, WEB, WGS84, polygons_of, project

DECIMALS: Final = 5  # about one metre
BASE_VERTICES: Final = 2_000  # a small city keeps its riverbanks …
VERTICES_PER_AREA: Final = 32.5  # … and 400 areas come to 15,000
CLEANED: Final = 100.0  # square metres; less is no news
SLIVERS: Final = 1e-3  # share of an area that may differ between two files of the same ground
SNAP: Final = 0.5  # metres; more would eat the details of a harbour
HATCH_LINES: Final = 75  # across the whole map
SHORTEST_LINE: Final = 5.0  # metres; shorter ones shrink to a point when rounded
LINES_PER_AREA: Final = 4  # a small area gets denser lines until it has these


def sound_coverage(outlines: Sequence[Outline], gap: float) -> tuple[Any, list[str]]:
    """Return the outlines in square metres (EPSG:3035) with common borders made identical, and what that changed.

    Slivers narrower than `gap` metres close; overlaps go to the neighbour with the longer common border.
    """
    from shapely import area, coverage_clean, coverage_is_valid, make_valid

    flat = project([outline.geometry for outline in outlines], WGS84, EQUAL_AREA)
    if coverage_is_valid(flat, gap_width=gap):
        return flat, []
    sound = [polygons_of(make_valid(shape, method="structure", keep_collapsed=False)) for shape in flat]
    clean = coverage_clean(sound, gap_width=gap, snapping_distance=min(SNAP, gap))
    notes = [
        f"{outline.area.code} {outline.area.name}: border fitted to the neighbours ({after - before:+.0f} m²)."
        for outline, before, after in zip(outlines, area(flat), area(clean), strict=True)
        if abs(after - before) > CLEANED
    ]
    return clean, notes


def simplified(coverage: Any) -> list[Any]:
    """Return the coverage in WGS84 with about 2,000 vertices plus 32.5 for each area; neighbours keep common borders."""
    from shapely import coverage_simplify

    target = BASE_VERTICES + VERTICES_PER_AREA * len(coverage)
    small, large = 0.0, _extent(coverage)
    shapes = coverage
    for _ in range(24):
        if _vertices(shapes) <= target and large - small < max(small, 1.0) / 50:
            break
        middle = (small * large) ** 0.5 if small else large / 64
        trial = coverage_simplify(coverage, middle)
        if _vertices(trial) > target:
            small = middle
        else:
            large, shapes = middle, trial
    return [_rounded(shape) for shape in project(shapes, EQUAL_AREA, WGS84)]


def dissolved(children: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return one geometry per parent code, made from its children so that borders stay identical."""
    from shapely import union_all

    return {code: polygons_of(union_all(list(shapes))) for code, shapes in children.items()}


def same(own: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether both name the same codes and cover the same ground, slivers aside."""
    return own.keys() == other.keys() and all(
        shape.symmetric_difference(other[code]).area < SLIVERS * shape.area for code, shape in own.items()
    )


def hatch(shapes: Sequence[Any]) -> list[Any]:
    """Return 45° lines inside each WGS84 shape as MultiLineString: about 75 across the map, at least a few in each area."""
    from shapely import total_bounds

    flat = project(shapes, WGS84, WEB)
    west, south, east, north = total_bounds(flat)
    step = (east - west + north - south) / HATCH_LINES
    return [_rounded_lines(lines) for lines in project([_lines_in(shape, step) for shape in flat], WEB, WGS84)]


def write(folder: Path, unit: str, outlines: Sequence[Outline], shapes: Sequence[Any]) -> None:
    """Write `<unit>.geojson` and `<unit>-hatch.geojson`: compact, the same bytes for the same shapes."""
    from shapely import orient_polygons

    areas = [outline.area for outline in outlines]
    wound = orient_polygons(list(shapes), exterior_cw=True)
    _write(folder / f"{unit}.geojson", [({"code": a.code, "name": a.name}, s) for a, s in zip(areas, wound, strict=True)])
    _write(folder / f"{unit}-hatch.geojson", [({"code": a.code}, s) for a, s in zip(areas, hatch(shapes), strict=True)])


def _write(path: Path, entries: Sequence[tuple[dict[str, str], Any]]) -> None:
    from shapely.geometry import mapping

    features = [{"type": "Feature", "properties": properties, "geometry": mapping(shape)} for properties, shape in entries]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False), encoding="utf-8")


def _extent(shapes: Any) -> float:
    from shapely import total_bounds

    west, south, east, north = total_bounds(shapes)
    return float(max(east - west, north - south))


def _vertices(shapes: Any) -> int:
    from shapely import get_num_coordinates

    return int(get_num_coordinates(shapes).sum())


def _rounded(shape: Any) -> Any:
    """Round the corners; the few shapes that cross themselves by it are repaired, all others keep every common corner."""
    from shapely import is_valid, make_valid, remove_repeated_points, transform

    round_shape = remove_repeated_points(transform(shape, lambda corners: corners.round(DECIMALS)))
    if is_valid(round_shape):
        return round_shape
    sound = polygons_of(make_valid(round_shape, method="structure", keep_collapsed=False))
    return transform(sound, lambda corners: corners.round(DECIMALS))


def _rounded_lines(lines: Any) -> Any:
    from shapely import transform

    return transform(lines, lambda corners: corners.round(DECIMALS))


def _lines_in(shape: Any, step: float) -> Any:
    """Return the lines y = x + k·step clipped to the shape; the step is halved until a few of them cross it."""
    from numpy import arange, column_stack, full, stack
    from shapely import MultiLineString, get_parts, intersection, linestrings, multilinestrings

    west, south, east, north = shape.bounds
    low, high = south - east, north - west
    while (high - low) / step < LINES_PER_AREA + 1:
        step /= 2
    shifts = arange(int(low // step), int(high // step) + 2) * step
    starts = column_stack([full(len(shifts), west), west + shifts])
    ends = column_stack([full(len(shifts), east), east + shifts])
    clipped = intersection(multilinestrings(linestrings(stack([starts, ends], axis=1))), shape)
    return MultiLineString([part for part in get_parts(get_parts(clipped)) if part.length > SHORTEST_LINE])
