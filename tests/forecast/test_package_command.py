"""Back-test and forecast of a built package on the command line give what the pages show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.__main__ import main
from model.catalogue import read_package
from model.disclosure import Reader
from model.forecast.areas.table import forecast_table
from model.forecast.assess.package import FILE, read_records
from model.ingest.store import open_release

FILES = {
    "package.toml": """
        id = "tiny"
        title = "Tiny"
        synthetic = true
        licence = "CC0"
        [[units]]
        id = "district"
        title = "District"
        parent = "city"
        [[units]]
        id = "city"
        title = "City"
    """,
    "sources.toml": '[sources.register]\ntitle = "Register"\npublisher = "Office"\nlicence = "CC0"\n',
    "indicators.toml": """
        [topics.people]
        title = "People"
        [indicators.people]
        title = "People"
        topic = "people"
        unit = "persons"
        kind = "count"
        source = "register"
        [indicators.homes]
        title = "Homes"
        topic = "people"
        unit = "homes"
        kind = "count"
        source = "register"
    """,
    "areas/district.toml": '[[areas]]\ncode = "A"\nname = "A"\nparent = "C"\n[[areas]]\ncode = "B"\nname = "B"\nparent = "C"\n',
    "areas/city.toml": '[[areas]]\ncode = "C"\nname = "C"\n',
    "sources/register/1/recipe.toml": """
        file = "r.csv"
        [columns]
        area = "area"
        period = "year"
        [[values]]
        column = "people"
        indicator = "people"
        [[values]]
        column = "homes"
        indicator = "homes"
    """,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    random, lines = np.random.default_rng(0), ["area,year,people,homes"]
    for year in range(2005, 2025):
        values = {area: (1000 + 10 * (year - 2005) + random.integers(0, 40), 400 + year - 2005) for area in "AB"}
        values["C"] = (values["A"][0] + values["B"][0], values["A"][1] + values["B"][1])
        lines += [f"{area},{year},{people},{homes}" for area, (people, homes) in values.items()]
    for name, text in {**FILES, "sources/register/1/r.csv": "\n".join(lines) + "\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n".join(line.strip() for line in text.splitlines()) + "\n", encoding="utf-8")
    assert main(["build", str(folder)]) == 0
    return folder


def test_backtest_prints_and_keeps_the_record(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", str(package)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["indicator", "people", "homes"]
    folder = open_release(read_package(package)).folder
    records = read_records(folder)
    assert f"{records['people'].cases} " in lines[1] and records["people"].cases == 3 * 10
    before = (folder / FILE).read_bytes()
    assert main(["backtest", str(package), "--indicator", "homes"]) == 0
    assert main(["backtest", str(package), "--method", "drift"]) == 0
    assert (folder / FILE).read_bytes() == before


def test_package_forecast_is_the_page_s_to_the_last_digit(package: Path, tmp_path: Path) -> None:
    main(["backtest", str(package)])
    out = tmp_path / "out.csv"
    assert main(["forecast", str(package), "--indicator", "people", "--until", "2030", "--output", str(out)]) == 0
    written = pl.read_csv(out)
    reader = Reader(open_release(read_package(package)), "public")
    records = read_records(reader.folder)
    shown = forecast_table(reader.table("people"), reader.catalogue, "people", date(2030, 12, 31), records=records).quantiles()
    for column in ("value", "lower_80", "upper_95"):
        assert written[column].to_list() == shown[column].to_list()
    assert set(written["release"]) == {reader.release} and set(written["status"]) == {"forecast"}
    assert written["period"].to_list()[:2] == [2025, 2026]


def test_unknown_indicator_and_missing_option(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert main(["forecast", str(package), "--indicator", "peopel", "--output", str(out)]) == 2
    assert "Did you mean 'people'" in capsys.readouterr().err
    assert main(["forecast", str(package), "--output", str(out)]) == 2
    assert "--indicator is missing" in capsys.readouterr().err
    assert main(["forecast", str(package), "--indicator", "people", "--until", "99999", "--output", str(out)]) == 2
    assert "--until 99999" in capsys.readouterr().err
    assert main(["backtest", str(package), "--indicator", "peopel"]) == 2
    assert not out.exists()
