"""A small town whose figures one can add up in the head, built from texts in a temporary folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from model.catalogue import Package, read_package
from model.errors import BreachError
from model.ingest.breach import Breach
from model.ingest.build import build
from model.ingest.store import Release, open_release

PACKAGE = """
id = "smalltown"
title = "Smalltown"
synthetic = true
open = true
licence = "none"
[files]
root = "files"
[[units]]
id = "district"
title = "District"
parent = "city"
[[units]]
id = "city"
title = "City"
"""

SOURCES = "".join(f'[sources.{id}]\ntitle = "{id}"\npublisher = "Office"\nlicence = "none"\n' for id in ("register", "survey"))

_KINDS = {
    "residents": 'kind = "count"',
    "births": 'kind = "count"',
    "children": 'kind = "count"',
    "share_children": 'kind = "share"\nnumerator = "children"\ndenominator = "residents"\nfactor = 100',
    "satisfied": 'kind = "share"',
    "rent": 'kind = "mean"\nweight = "residents"\ndecimals = 2',
    "debt": 'kind = "amount"',
    "growth": 'kind = "balance"',
    "jobless": 'kind = "count"\nfrequency = "quarterly"',
}
INDICATORS = '[topics.all]\ntitle = "All"\n' + "".join(
    f'[indicators.{id}]\ntitle = "{id}"\ntopic = "all"\nunit = "x"\nsource = "register"\n{rest}\n' for id, rest in _KINDS.items()
)
DISTRICTS = "".join(
    f'[[areas]]\ncode = "{code}"\nname = "{name}"\nparent = "00"\n' for code, name in (("01", "Altstadt"), ("02", "Neustadt"))
)
CITY = '[[areas]]\ncode = "00"\nname = "Smalltown"\n'
LONG = """
file = "data.csv"
[columns]
area = "area"
period = "period"
indicator = "indicator"
sex = "sex"
age = "age"
value = "value"
"""
HEADER = "area,period,indicator,sex,age,value\n"


class Town:
    """A package that grows by sources and is built on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("package.toml", PACKAGE)
        self.write("indicators.toml", INDICATORS)
        self.write("sources.toml", SOURCES)
        self.write("areas/district.toml", DISTRICTS)
        self.write("areas/city.toml", CITY)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def source(
        self, data: str | bytes, recipe: str, source: str = "register", vintage: str = "2025", name: str = "data.csv"
    ) -> None:
        self.write(f"sources/{source}/{vintage}/{name}", data)
        self.write(f"sources/{source}/{vintage}/recipe.toml", recipe)

    def long(self, *rows: str, extra: str = "", source: str = "register", vintage: str = "2025") -> None:
        """Add a long CSV: area,period,indicator,sex,age,value."""
        self.source(HEADER + "\n".join(rows) + "\n", extra + LONG, source, vintage)

    @property
    def package(self) -> Package:
        return read_package(self.folder)

    def build(self) -> Release:
        package = self.package
        build(package, say=lambda line: None)
        return open_release(package)

    def table(self) -> pl.DataFrame:
        return self.build().table

    def breaches(self) -> tuple[Breach, ...]:
        """Return what the build complains about, and make sure that it wrote nothing."""
        with pytest.raises(BreachError) as caught:
            build(self.package, say=lambda line: None)
        assert not (self.folder / "tables" / "CURRENT").exists()
        assert not [path for path in (self.folder / "tables").iterdir() if path.is_dir()]
        return caught.value.breaches


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "smalltown")


def cell(
    table: pl.DataFrame, indicator: str, area: str, period: int | date, sex: str = "_T", age: str = "_T"
) -> dict[str, object]:
    """Return the one row with this key."""
    day = date(period, 1, 1) if isinstance(period, int) else period
    rows = table.filter(
        pl.col("indicator") == indicator, pl.col("area") == area, pl.col("period") == day,
        pl.col("sex") == sex, pl.col("age") == age,
    )  # fmt: skip
    assert rows.height == 1, f"{rows.height} rows of {indicator} {area} {day} {sex} {age}"
    return rows.row(0, named=True)


def value(table: pl.DataFrame, indicator: str, area: str, period: int | date, sex: str = "_T", age: str = "_T") -> object:
    return cell(table, indicator, area, period, sex, age)["value"]


def rules(breaches: tuple[Breach, ...]) -> list[str]:
    return sorted({breach.rule for breach in breaches})
