"""Build the real packages once each, in a copy, from the public files beside the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from model.catalogue import read_package
from model.ingest.build import build
from model.ingest.store import Release, open_release

HERE = Path(__file__).resolve().parent
FILES = Path(os.environ.get("DATENLABOR_FILES") or HERE.parents[2] / "shared" / "data")


class City:
    """A built package and a short way to one of its figures."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.table = release.table
        self.catalogue = release.package.catalogue

    def rows(self, indicator: str, area: str | None = None, year: int | None = None) -> pl.DataFrame:
        rows = self.table.filter(pl.col("indicator") == indicator)
        rows = rows if area is None else rows.filter(pl.col("area") == area)
        return rows if year is None else rows.filter(pl.col("period") == date(year, 1, 1))

    def figure(self, indicator: str, area: str, year: int, sex: str = "_T", age: str = "_T") -> tuple[float | None, str]:
        """Return value and status of the one row with this key."""
        rows = self.rows(indicator, area, year).filter(pl.col("sex") == sex, pl.col("age") == age)
        assert rows.height == 1, f"{rows.height} rows of {indicator} {area} {year} {sex} {age}"
        return rows["value"].item(), rows["status"].item()


@pytest.fixture(scope="session")
def city_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], City]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATENLABOR_FILES", str(FILES))

        @cache
        def city(name: str) -> City:
            if not (FILES / name).is_dir():
                pytest.skip(f"the public data of {name} are not at {FILES}")
            folder = tmp_path_factory.mktemp("package") / name
            shutil.copytree(HERE / name, folder, ignore=shutil.ignore_patterns("tables"))
            package = read_package(folder)
            build(package, say=lambda line: None)
            return City(open_release(package))

        yield city
