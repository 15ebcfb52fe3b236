"""Believable boundaries: building blocks around each quarter's centre, cut by a river, with edges like streets.

The city is first covered by small blocks (Voronoi cells); blocks join the nearest quarter on their own side of the river;
joined edges are straightened and then roughened. Each edge is changed once for both its neighbours, so they share it exactly.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Polygon, mapping

from generator.places import CITY, CITY_NAME, Place, Reform

# South of Lüneburg Heath, amid fields where no city lies.
LONGITUDE, LATITUDE = 9.93, 52.87
KM_PER_DEGREE = 111.2
BLOCKS_PER_AREA = 55


def river(x: np.ndarray, scale: float) -> np.ndarray:
    """Return the river's northing in km at the easting `x`; `scale` is 1 for a city of 28 areas."""
    u = np.asarray(x) / scale
    return scale * (0.55 * np.sin(0.9 * u + 0.4) + 0.25 * np.sin(0.35 * u - 1.0) - 0.12 * u + 0.2)


def outline(scale: float, rng: np.random.Generator) -> Polygon:
    """Return the city limits in km: an uneven round, longer from west to east."""
    angle = np.linspace(0, 2 * np.pi, 97)[:-1]
    waves = sum(rng.normal(0, 0.16 / k**0.8) * np.sin(k * angle + rng.uniform(0, 6.28)) for k in range(2, 12))
    radius = scale * (1 + waves)
    return Polygon(np.column_stack([9.4 * radius * np.cos(angle), 7.6 * radius * np.sin(angle)]))


def quarters(places: Sequence[Place], seed: int) -> dict[str, Polygon]:
    """Return the boundary of each place in km; neighbours share their edges to the last digit."""
    rng = np.random.default_rng([seed, 2])
    scale = float(np.sqrt(len(places) / 28))
    centres = np.array([[p.x, p.y] for p in places])
    limits = outline(scale, rng).union(MultiPoint(centres).buffer(0.7 * scale**0.5))
    blocks = _blocks(centres, limits, scale, rng)
    owner = _connect(blocks, _owners(blocks, centres, scale))
    joined = [shapely.union_all(blocks[owner == i]) for i in range(len(places))]
    smooth = shapely.coverage_simplify(joined, 0.05 * scale**0.5)
    return {p.code: Polygon(_rough(shape, seed)) for p, shape in zip(places, smooth, strict=True)}


def _blocks(centres: np.ndarray, limits: Polygon, scale: float, rng: np.random.Generator) -> np.ndarray:
    """Return the cells of many points: dense where centres are dense, in pairs along the river so that it is an edge."""
    apart = np.sort(np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)), axis=1)[:, 1]
    n = BLOCKS_PER_AREA * len(centres)
    near = np.repeat(np.arange(len(centres)), BLOCKS_PER_AREA)
    cloud = centres[near] + rng.normal(0, 0.55, (n, 2)) * apart[near, None]
    west, south, east, north = shapely.buffer(limits, 1.5 * scale).bounds
    fields = rng.uniform((west, south), (east, north), (n, 2))
    points = np.vstack([cloud, fields])
    bank = 0.16 * scale**0.5
    points = points[np.abs(points[:, 1] - river(points[:, 0], scale)) > 1.2 * bank]
    x = np.arange(west, east, 0.9 * bank)
    slope = np.gradient(river(x, scale), x)
    across = np.column_stack([-slope, np.ones_like(x)]) / np.hypot(slope, 1)[:, None] * bank / 2
    shores = [np.column_stack([x, river(x, scale)]) + side * across for side in (-1, 1)]
    cells = np.array(shapely.voronoi_polygons(MultiPoint(np.vstack([points, *shores]).round(6))).geoms)
    return cells[shapely.contains(limits, shapely.centroid(cells))]


def _owners(blocks: np.ndarray, centres: np.ndarray, scale: float) -> np.ndarray:
    """Return the nearest centre of each block; a centre beyond the river counts as far."""
    middle = shapely.get_coordinates(shapely.centroid(blocks))  # on its own side, the river being an edge
    distance = np.hypot(*(middle[:, None] - centres[None]).transpose(2, 0, 1))
    north = middle[:, 1] > river(middle[:, 0], scale)
    beyond = north[:, None] != (centres[:, 1] > river(centres[:, 0], scale))[None]
    return np.argmin(distance + 1e3 * beyond, axis=1)


def _connect(blocks: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Give blocks cut off from their quarter to the neighbour with the longest common edge."""
    owner = owner.copy()
    for i in np.unique(owner):
        mine = np.flatnonzero(owner == i)
        pieces = shapely.get_parts(shapely.union_all(blocks[mine]))
        if len(pieces) == 1:
            continue
        main = pieces[np.argmax(shapely.area(pieces))]
        for k in mine[~shapely.contains_properly(main, shapely.point_on_surface(blocks[mine]))]:
            others = np.flatnonzero(owner != i)
            shared = shapely.length(shapely.intersection(blocks[k], blocks[others]))
            owner[k] = owner[others[np.argmax(shared)]]
    return owner


def _rough(shape: Polygon, seed: int) -> np.ndarray:
    """Return the ring of `shape` with every edge bent a little, the same way from either side."""
    ring = shapely.get_coordinates(shape.exterior).round(5)
    bent = [_bend(a, b, seed, 2) for a, b in itertools.pairwise(ring)]
    return np.vstack([*bent, ring[-1:]])


def _bend(a: np.ndarray, b: np.ndarray, seed: int, depth: int) -> np.ndarray:
    """Return the edge from `a` (included) to `b` (left out) with its middle moved sideways; short edges stay."""
    length = float(np.hypot(*(b - a)))
    if depth == 0 or length < 0.12:
        return a[None]
    first, last = sorted([tuple(a), tuple(b)])
    key = [seed, *(round((v + 1000) * 1e5) for v in (*first, *last))]
    shift = np.random.default_rng(key).normal(0, 0.035)
    across = np.array([first[1] - last[1], last[0] - first[0]])
    middle = ((a + b) / 2 + np.clip(shift, -0.08, 0.08) * across).round(5)
    return np.vstack([_bend(a, middle, seed, depth - 1), _bend(middle, b, seed, depth - 1)])


def to_degrees(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Return the shape in degrees (WGS84) with five decimals, about a metre."""
    stretch = np.array([1 / (KM_PER_DEGREE * np.cos(np.radians(LATITUDE))), 1 / KM_PER_DEGREE])
    return shapely.transform(shape, lambda xy: (xy * stretch + (LONGITUDE, LATITUDE)).round(5))


def write(
    folder: Path, places: Sequence[Place], districts: dict[str, str], reforms: Sequence[Reform], seed: int
) -> dict[str, float]:
    """Write stadtteil, stadtbezirk and stadt as GeoJSON into `folder`; return each place's area in square kilometres."""
    shapes = quarters(places, seed)
    degrees = {code: to_degrees(shape) for code, shape in shapes.items()}
    parents = {p.code: p.district for p in places}
    split = {code: r for r in reforms for code in r.parts}
    rows = [_feature(p.code, p.name, p.district, degrees[p.code], split.get(p.code)) for p in places]
    rows += [_former(r, degrees, parents) for r in reforms]
    _dump(folder / "stadtteil.geojson", rows)
    joined = {d: _union([degrees[c] for c, parent in parents.items() if parent == d]) for d in districts}
    _dump(folder / "stadtbezirk.geojson", [_feature(d, name, CITY, joined[d]) for d, name in districts.items()])
    _dump(folder / "stadt.geojson", [_feature(CITY, CITY_NAME, "", _union(list(degrees.values())))])
    return {code: float(shape.area) for code, shape in shapes.items()}


def _union(shapes: list[Polygon | MultiPolygon]) -> Polygon | MultiPolygon:
    return shapely.union_all(shapes)


def _feature(code: str, name: str, parent: str, shape: Polygon | MultiPolygon, reform: Reform | None = None) -> dict[str, object]:
    start = f"{reform.year}-01-01" if reform else None
    properties = {"code": code, "name": name, "parent": parent, "valid_from": start, "valid_to": None}
    properties["predecessors"] = reform.code if reform else None
    return {"type": "Feature", "properties": properties, "geometry": mapping(shapely.normalize(shape))}


def _former(reform: Reform, degrees: dict[str, Polygon], parents: dict[str, str]) -> dict[str, object]:
    shape = _union([degrees[code] for code in reform.parts])
    feature = _feature(reform.code, reform.name, parents[reform.parts[0]], shape)
    return {**feature, "properties": {**feature["properties"], "valid_to": f"{reform.year}-01-01"}}  # type: ignore[dict-item]


def _dump(path: Path, features: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8", newline="\n")
