"""The map holds: 28 Stadtteile without gaps, irregular like streets, on either side of a river, with the reform of 2019."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
import shapely
from generator import boundaries, places
from musterstadt_files import PACKAGE
from shapely.geometry import shape


@pytest.fixture(scope="module")
def features() -> list[dict]:
    return json.loads((PACKAGE / "areas" / "stadtteil.geojson").read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def outlines(features: list[dict]) -> dict[str, shapely.Polygon]:
    return {f["properties"]["code"]: shape(f["geometry"]) for f in features}


def test_28_current_areas_in_6_districts_with_leading_zeros(features: list[dict]) -> None:
    current = [f["properties"] for f in features if f["properties"]["valid_to"] is None]
    assert len(current) == 28
    assert {p["parent"] for p in current} == {"01", "02", "03", "04", "05", "06"}
    assert all(len(p["code"]) == 4 and p["code"].startswith(p["parent"]) for p in current)
    assert len({p["name"] for p in current}) == 28


def test_neighbours_share_their_edges_exactly(outlines: dict[str, shapely.Polygon]) -> None:
    current = [outline for code, outline in outlines.items() if code != "0504"]
    assert all(o.is_valid and o.geom_type == "Polygon" for o in current)
    assert shapely.coverage_is_valid(current)
    assert not list(shapely.union_all(current).interiors)


def test_the_split_area_is_the_union_of_its_successors(features: list[dict], outlines: dict[str, shapely.Polygon]) -> None:
    said = {f["properties"]["code"]: f["properties"] for f in features}
    assert said["0504"]["valid_to"] == said["0505"]["valid_from"] == said["0506"]["valid_from"] == "2019-01-01"
    assert said["0505"]["predecessors"] == said["0506"]["predecessors"] == "0504"
    assert outlines["0504"].equals(shapely.union(outlines["0505"], outlines["0506"]))


def test_keys_share_the_old_area_out_by_residents(residents: pl.DataFrame) -> None:
    keys = pl.read_csv(PACKAGE / "areas" / "keys.csv", infer_schema=False)
    share = dict(zip(keys["to"], keys["share"].cast(pl.Float64), strict=True))
    assert sum(share.values()) == pytest.approx(1, abs=1e-6)
    people = residents.filter((pl.col("year") == 2018) & pl.col("area").is_in(["0505", "0506"]))
    part = people.filter(pl.col("area") == "0505")["value"].sum() / people["value"].sum()
    assert share["0505"] == pytest.approx(part, abs=1e-6)


def test_the_centre_is_dense_and_the_edge_is_wide(outlines: dict[str, shapely.Polygon]) -> None:
    size = {code: o.area for code, o in outlines.items()}
    assert max(size[c] for c in ("0101", "0102", "0105")) < min(size[c] for c in ("0601", "0602", "0603", "0604"))


def test_edges_are_not_straight(outlines: dict[str, shapely.Polygon]) -> None:
    for code, outline in outlines.items():
        points = shapely.get_coordinates(outline.exterior)
        assert len(points) > 60, code
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert steps.max() < 0.25 * steps.sum(), code


def test_no_area_lies_on_both_banks() -> None:
    shapes = boundaries.quarters(places.PLACES, 7)
    for place in places.PLACES:
        north = place.y > boundaries.river(np.array(place.x), 1.0)
        points = shapely.get_coordinates(shapes[place.code])
        beyond = (points[:, 1] - boundaries.river(points[:, 0], 1.0)) * (1 if north else -1)
        assert beyond.min() > -0.15, place.code
