"""The generator makes the same bytes again, and a larger city of the same kind."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from musterstadt_files import PACKAGE

from model.catalogue import read_package


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("musterstadt_generate", PACKAGE / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_committed_files_are_what_the_generator_makes(generator: ModuleType, tmp_path: Path) -> None:
    generator.main(["--into", str(tmp_path)])
    made = _files(tmp_path)
    assert len(made) > 40
    for name, content in made.items():
        assert content == (PACKAGE / name).read_bytes(), name


def test_another_seed_makes_another_city(generator: ModuleType, tmp_path: Path) -> None:
    generator.main(["--into", str(tmp_path), "--seed", "8", "--light"])
    name = "sources/credit_agency/2026-06/overindebtedness.csv"
    assert (tmp_path / name).read_bytes() != (PACKAGE / name).read_bytes()


def test_a_larger_city_is_a_complete_package(generator: ModuleType, tmp_path: Path) -> None:
    generator.main(["--into", str(tmp_path), "--areas", "60", "--first", "2001", "--light"])
    features = json.loads((tmp_path / "areas" / "stadtteil.geojson").read_text(encoding="utf-8"))["features"]
    current = [f["properties"] for f in features if f["properties"]["valid_to"] is None]
    assert len({p["code"] for p in current}) == len({p["name"] for p in current}) == 60
    package = read_package(tmp_path)
    assert package.synthetic and package.id == "musterstadt-60" and package.title.de.startswith("Musterstadt 60 (synth")
    header = (tmp_path / "sources/population_register/2026-06/bevoelkerung_alter.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header.split(";")[3:] == [str(year) for year in range(2001, 2026)]


def test_the_folder_stays_small() -> None:
    size = sum(
        p.stat().st_size for p in PACKAGE.rglob("*") if p.is_file() and "tables" not in p.parts and "__pycache__" not in p.parts
    )
    assert size < 8_000_000
