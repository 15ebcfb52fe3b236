"""A release is there whole or not at all; the same input gives the same bytes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from model.errors import PackageError
from model.ingest import store
from model.ingest.build import build
from tests.ingest.conftest import Town, value

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS = ("01,2023,births,_T,_T,5", "02,2023,births,_T,_T,3")


def test_the_same_input_gives_the_same_bytes_and_hash(town: Town, tmp_path: Path) -> None:
    town.long(*ROWS)
    shutil.copytree(town.folder, tmp_path / "elsewhere" / "copy")
    first = town.build()
    twin = Town.__new__(Town)
    twin.folder = tmp_path / "elsewhere" / "copy"
    second = twin.build()
    assert first.id == second.id
    for path in first.folder.iterdir():
        assert path.read_bytes() == (second.folder / path.name).read_bytes(), path.name


def test_other_input_gives_another_hash(town: Town) -> None:
    town.long(*ROWS)
    first = town.build().id
    town.long(*ROWS, "01,2024,births,_T,_T,6")
    assert town.build().id != first


def test_an_older_release_can_still_be_opened(town: Town) -> None:
    town.long(*ROWS)
    first = town.build().id
    town.long("01,2023,births,_T,_T,50")
    second = town.build()
    assert value(second.table, "births", "01", 2023) == 50
    assert value(store.open_release(town.package, first).table, "births", "01", 2023) == 5


def test_only_so_many_releases_are_kept(town: Town) -> None:
    ids = []
    for n in range(5):
        town.long(f"01,2023,births,_T,_T,{n}")
        ids.append(build(town.package, keep=2, say=lambda line: None))
        time.sleep(0.01)
    kept = sorted(path.name for path in (town.folder / "tables").iterdir() if path.is_dir())
    assert kept == sorted(ids[-2:])


def test_a_package_that_was_not_built_says_how(town: Town) -> None:
    with pytest.raises(PackageError, match="python -m model build"):
        store.open_release(town.package)


@pytest.mark.parametrize("release", ["000000000000", "../../etc", "x"])
def test_a_release_that_is_not_there(town: Town, release: str) -> None:
    town.long(*ROWS)
    town.build()
    with pytest.raises(PackageError, match="is not there"):
        store.open_release(town.package, release)


def test_stale_means_that_an_input_changed(town: Town) -> None:
    town.long(*ROWS)
    assert store.is_stale(town.package)
    town.build()
    assert not store.is_stale(town.package)
    data = town.folder / "sources/register/2025/data.csv"
    os.utime(data, (0, 0))  # a new date alone is no change
    assert not store.is_stale(town.package)
    data.write_text(data.read_text().replace("5", "6"))
    assert store.is_stale(town.package)


@pytest.mark.parametrize("name", ["areas/keys.csv", "sources/register/2026/recipe.toml"])
def test_a_new_file_makes_a_release_stale(town: Town, name: str) -> None:
    town.long(*ROWS)
    town.build()
    town.write(name, "from,to,period,share\n")
    assert store.is_stale(town.package)


def test_a_generator_beside_the_sources_does_not_count(town: Town) -> None:
    town.long(*ROWS)
    town.build()
    town.write("generate.py", "raise SystemExit")
    town.write("sources/generate.py", "raise SystemExit")
    assert not store.is_stale(town.package)


def test_a_damaged_release_is_replaced_by_the_next_build(town: Town) -> None:
    town.long(*ROWS)
    release = town.build()
    (release.folder / store.OBSERVATIONS).write_bytes(b"damaged")
    again = town.build()
    assert again.id == release.id
    assert value(again.table, "births", "01", 2023) == 5


def test_the_areas_come_back_as_they_were(town: Town) -> None:
    town.write(
        "areas/district.toml",
        '[[areas]]\ncode = "01"\nname = "Altstadt"\nparent = "00"\nvalid_to = 2020-01-01\n'
        '[[areas]]\ncode = "02"\nname = "Neustadt"\nparent = "00"\nvalid_from = 2020-01-01\npredecessors = ["01"]\n',
    )
    town.long("02,2023,births,_T,_T,3")
    area = town.build().package.catalogue.area("02")
    assert (area.name, area.parent, area.predecessors, str(area.valid_from)) == ("Neustadt", "00", ("01",), "2020-01-01")


def _kill_while_building(town: Town, stop: str) -> None:
    """Start a build in a process of its own and kill it (no chance to tidy up) when it comes to the function `stop`."""
    program = f"""
import os, signal, sys
sys.path.insert(0, {str(REPOSITORY)!r})
from pathlib import Path
from model.ingest import store
from model.ingest.build import build
from model.catalogue import read_package
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
owner, name = {stop!r}.rsplit(".", 1)
setattr({{"store": store, "Path": Path}}[owner], name, die)
build(read_package({str(town.folder)!r}), say=lambda line: None)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == -signal.SIGKILL, run.stderr


@pytest.mark.parametrize(
    "stop", ["store.area_frame", "store.content_hash", "store._sync", "store._publish", "Path.rename", "Path.replace"]
)
def test_killed_half_way_the_old_release_still_opens(town: Town, stop: str) -> None:
    town.long(*ROWS)
    old = town.build()
    town.long("01,2023,births,_T,_T,50")
    _kill_while_building(town, stop)
    reopened = store.open_release(town.package)
    assert reopened.id == old.id
    assert value(reopened.table, "births", "01", 2023) == 5
    assert value(town.build().table, "births", "01", 2023) == 50  # and the next build succeeds


def test_what_a_killed_build_left_behind_is_swept_away(town: Town) -> None:
    town.long(*ROWS)
    left = town.folder / "tables" / ".build-old"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    town.build()
    assert not left.exists()


def test_areas_round_trip_as_a_table(town: Town) -> None:
    town.long(*ROWS)
    release = town.build()
    frame = pl.read_parquet(release.folder / store.AREAS)
    assert store.area_frame(store.areas_from_frame(frame)).equals(frame)
