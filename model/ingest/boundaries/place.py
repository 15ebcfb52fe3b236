"""Bring outlines to WGS84 and make them sound: coordinate system, axes, rings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from model.errors import ReadError
from model.ingest.boundaries.layer import Feature, Layer
from model.ingest.boundaries.plan import Plan

WGS84: Final = "EPSG:4326"
EQUAL_AREA: Final = "EPSG:3035"  # ETRS89 Lambert azimuthal: square metres on the ground, the grid of European statistics
WEB: Final = "EPSG:3857"  # what a web map shows: 45° here is 45° on the screen
EUROPE: Final = (-32.0, 27.0, 46.0, 72.0)
WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
BIG_REPAIR: Final = 0.01  # share of the area
Box = tuple[float, float, float, float]


def place(layer: Layer, plan: Plan) -> tuple[list[Feature], list[str]]:
    """Return the features as sound polygons in WGS84, and what was repaired.

    Raises ReadError for points and lines, missing or endless coordinates, metres without a coordinate system, swapped
    axes and outlines that enclose nothing.
    """
    shapes = [_polygonal(feature) for feature in layer.features]
    shapes = _to_wgs84(shapes, _system(layer, plan), plan, layer)
    for feature, shape in zip(layer.features, shapes, strict=True):
        _check_inside(feature.place, shape.bounds, plan.bounds or EUROPE)
    sound, notes = [], list(layer.notes)
    for feature, shape in zip(layer.features, shapes, strict=True):
        repaired, note = repair(shape, feature.place)
        sound.append(replace(feature, geometry=repaired))
        notes += [note] if note else []
    return sound, notes


def project(shapes: Sequence[Any], source: str, target: str) -> Any:
    """Return the geometries in another coordinate system, longitude or easting first. Makes no request."""
    from pyproj import Transformer
    from shapely import transform

    move = Transformer.from_crs(source, target, always_xy=True).transform
    return transform(list(shapes), move, interleaved=False)


def repair(shape: Any, where: str) -> tuple[Any, str]:
    """Return the outline as valid polygons and a note of what was wrong (empty: nothing)."""
    from shapely import is_valid, is_valid_reason, make_valid

    if is_valid(shape):
        return shape, ""
    reason = str(is_valid_reason(shape)).split("[")[0].strip().lower()
    sound = polygons_of(make_valid(shape, method="structure", keep_collapsed=False))
    if sound.is_empty:
        raise ReadError(f"The outline encloses nothing ({reason}).", where=where)
    return sound, f"{where}: outline repaired ({reason})."


def polygons_of(shape: Any) -> Any:
    """Return only the polygons of a geometry: repairing leaves points and lines behind."""
    from shapely import MultiPolygon, get_parts

    parts = [p for p in get_parts(get_parts(shape)) if p.geom_type == "Polygon" and not p.is_empty]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _polygonal(feature: Feature) -> Any:
    from numpy import isfinite
    from shapely import force_2d, get_coordinates, is_empty

    shape = feature.geometry
    if shape is None or is_empty(shape):
        raise ReadError("The feature has no geometry.", where=feature.place, hint="Say such an area under [[areas]] instead.")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise ReadError(f"An area is a Polygon or MultiPolygon, not a {shape.geom_type}.", where=feature.place)
    if not isfinite(get_coordinates(shape)).all():
        raise ReadError("A coordinate is not a finite number.", where=feature.place)
    return force_2d(shape)


def _system(layer: Layer, plan: Plan) -> str:
    """Return the coordinate system of the layer: the file's own, else the recipe's, else WGS84 if degrees."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        said = {name: CRS.from_user_input(name) for name in (layer.crs, plan.crs) if name}
    except CRSError as error:
        raise ReadError(f"The coordinate system is not known: {error}.", where=str(plan.path)) from error
    if layer.crs and plan.crs and not said[layer.crs].equals(said[plan.crs], ignore_axis_order=True):
        what = f"The file is in {said[layer.crs].name}, the recipe says {said[plan.crs].name}."
        raise ReadError(what, where=str(plan.path), hint="Take crs out of the recipe or set the file right.")
    return layer.crs or plan.crs


def _to_wgs84(shapes: list[Any], system: str, plan: Plan, layer: Layer) -> list[Any]:
    from shapely import transform

    if plan.swap_axes:
        shapes = list(transform(shapes, lambda x, y: (y, x), interleaved=False))
    if system:
        return list(project(shapes, system, WGS84))
    for feature, shape in zip(layer.features, shapes, strict=True):
        if not _within(shape.bounds, WORLD):
            what = (
                f"Coordinates such as {shape.bounds[0]:.0f}, {shape.bounds[1]:.0f} are metres, and no coordinate system is named."
            )
            hint = 'Say crs = "EPSG:…" in the recipe (UTM in western Germany is EPSG:25832, in the east EPSG:25833).'
            raise ReadError(what, where=feature.place, hint=hint)
    return shapes


def _check_inside(where: str, box: Box, bounds: Box) -> None:
    """Refuse an outline outside the expected bounds, with the likely reason."""
    if _within(box, bounds):
        return
    numbers = ", ".join(f"{value:.2f}" for value in box)
    if _within((box[1], box[0], box[3], box[2]), bounds):
        raise ReadError(f"Longitude and latitude look swapped ({numbers}).", where=where, hint="Say swap_axes = true.")
    hint = "Check crs, or say bounds = [west, south, east, north] in degrees."
    raise ReadError(f"The outline lies outside the expected bounds ({numbers}).", where=where, hint=hint)


def _within(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
