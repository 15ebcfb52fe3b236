"""The small town of tests/disclosure with boundaries, behind the API."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "disclosure"))

from small_town import release, row

from model.disclosure import Reader
from model.publish.api import routes
from model.publish.features import map_features

ROWS = [
    row("poor", 2, "a"), row("poor", 0, "b"), row("poor", 50, "0"), row("poor", None, "c", status="missing"),
    row("people", 100, "a"), row("people", 100, "b"), row("people", 250, "0"), row("people", 51, "a", sex="F"),
    row("share", 2.125, "a"), row("share", 0.0, "b"), row("share", 20.0, "0"),
    row("secret", 71, "a"), row("inside", 61, "a"), row("joint", 33.0, "a"), row("people", 8, "a1"),
]  # fmt: skip


def square(code: str, name: str, west: float) -> dict[str, object]:
    ring = [[west, 50.0], [west + 1, 50.0], [west + 1, 51.0], [west, 51.0], [west, 50.0]]
    return {
        "type": "Feature", "properties": {"code": code, "name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip


def collection(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def forecast(reader: Reader, unit: str, indicator: str, language: str, method: str, level: float) -> bytes:
    """Say what a forecast was asked for."""
    reader.catalogue.indicator(indicator)
    return f"{unit} {indicator} {language} {method} {level}".encode()


@pytest.fixture
def town(tmp_path: Path) -> Callable[[str], Reader]:
    """Return the door to the town for a role; quarters and blocks have boundaries, the city has none."""
    quarters = [square("c", "Au", 8), square("a", "Altstadt", 9), square("b", "Berg", 10)]
    (tmp_path / "quarter.geojson").write_text(collection(*quarters))
    (tmp_path / "quarter-hatch.geojson").write_text(collection(square("a", "", 9), square("b", "", 10)))
    (tmp_path / "block.geojson").write_text(collection(square("a1", "Block 1", 9)))
    made = release(ROWS, tmp_path)
    return lambda role: Reader(made, role)


@pytest.fixture
def client(town: Callable[[str], Reader]) -> Callable[[str], TestClient]:
    """Return a client that reads as a role."""

    def as_role(role: str = "public") -> TestClient:
        door = town(role)
        app = Starlette(routes=routes(lambda request: door, map_features, forecast))
        return TestClient(app, raise_server_exceptions=True)

    return as_role
