"""The command line: what analysts put in and get out, and one clear line for everything that cannot be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.__main__ import main
from model.forecast import Scale, forecast, single
from model.forecast.command import read_levels
from model.forecast.files.notation import notation_of

SERIES = [12.0, 13.5, 13.0, 15.0, 16.5, 16.0, 18.0, 19.5, 19.0, 21.0]


def write(path: Path, *lines: str) -> Path:
    path.write_text("series,period,value\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def annual(name: str = "a", values: list[float] | None = None, first: int = 2010) -> list[str]:
    return [f"{name},{first + i},{v}" for i, v in enumerate(values or SERIES)]


def run(source: Path, *extra: str) -> pl.DataFrame:
    out = source.with_name("out.csv")
    assert main(["forecast", str(source), "--horizon", "3", "--output", str(out), *extra]) == 0
    return pl.read_csv(out)


def test_gives_the_engine_s_numbers_to_the_last_digit(tmp_path: Path) -> None:
    table = run(write(tmp_path / "in.csv", *annual()))
    assert table.columns == ["series", "period", "value", "lower_80", "upper_80", "lower_95", "upper_95", "method"]
    engine = forecast(single(SERIES, first=2010), 3, Scale("root"))
    assert table["period"].to_list() == [2020, 2021, 2022]
    assert table["value"].to_list() == engine.value[0].tolist()
    assert table["upper_95"].to_list() == engine.interval(95)[1][0].tolist()
    assert set(table["method"]) == {"combination"}


def test_the_order_of_series_and_rows_does_not_matter(tmp_path: Path) -> None:
    lines = [*annual("a"), *annual("b", [v + 50 for v in SERIES], 2005), *annual("c", [1.0, 2.0, 2.5], 2018)]
    table = run(write(tmp_path / "in.csv", *lines))
    shuffled = run(write(tmp_path / "in2.csv", *reversed(lines)))
    assert table["series"].unique(maintain_order=True).to_list() == ["a", "b", "c"]
    assert shuffled["series"].unique(maintain_order=True).to_list() == ["c", "b", "a"]
    assert shuffled.sort("series", "period").equals(table.sort("series", "period"))


@pytest.mark.parametrize(
    ("periods", "following"),
    [
        (["2023-Q3", "2023-Q4", "2024-Q1"], ["2024-Q2", "2024-Q3", "2024-Q4"]),
        (["2023-H1", "2023-H2", "2024-H1"], ["2024-H2", "2025-H1", "2025-H2"]),
        (["2022-12-31", "2023-12-31", "2024-12-31"], ["2025-12-31", "2026-12-31", "2027-12-31"]),
        (["2024-03-31", "2024-06-30", "2024-09-30"], ["2024-12-31", "2025-03-31", "2025-06-30"]),
        (["2023-12-15", "2024-01-15", "2024-02-15"], ["2024-03-15", "2024-04-15", "2024-05-15"]),
        (["2024-01-01", "2024-07-01", "2025-01-01"], ["2025-07-01", "2026-01-01", "2026-07-01"]),
        (["2023-11", "2023-12", "2024-01"], ["2024-02", "2024-03", "2024-04"]),
        (["2020", "2022", "2024"], [2025, 2026, 2027]),
    ],
)
def test_periods_go_on_as_they_are_written(tmp_path: Path, periods: list[str], following: list[object]) -> None:
    table = run(write(tmp_path / "in.csv", *(f"a,{period},{5 + i}" for i, period in enumerate(periods))))
    assert table["period"].to_list() == following


def test_half_years_with_dates_and_a_leap_day() -> None:
    notation = notation_of(["2024-02-29", "2025-02-28"])
    assert notation.season == 1 and [notation.write(y) for y in (2026, 2028)] == ["2026-02-28", "2028-02-29"]


def test_forecast_begins_after_the_last_value_of_each_series(tmp_path: Path) -> None:
    table = run(write(tmp_path / "in.csv", *annual("a"), "a,2020,", *annual("b", first=2000)))
    assert table.filter(pl.col("series") == "a")["period"].to_list() == [2020, 2021, 2022]
    assert table.filter(pl.col("series") == "b")["period"].to_list() == [2010, 2011, 2012]


def test_kinds_keep_their_bounds(tmp_path: Path) -> None:
    falling = write(tmp_path / "in.csv", *annual("a", [9.0, 8.0, 6.5, 5.0, 4.0, 2.6, 1.2, 0.4]))
    low = "lower_95"
    assert run(falling)[low].min() == 0.0  # type: ignore[comparison-overlap]
    assert run(falling, "--kind", "balance")[low].min() < 0  # type: ignore[operator]
    share = run(falling, "--kind", "share")
    assert share[low].min() > 0 and share["upper_95"].max() < 100  # type: ignore[operator]


def test_auto_takes_a_series_with_negative_values_as_a_balance(tmp_path: Path) -> None:
    both = run(write(tmp_path / "in.csv", *annual("a"), *annual("b", [v - 20 for v in SERIES])))
    alone = run(write(tmp_path / "in2.csv", *annual("a")))
    assert both.filter(pl.col("series") == "a").equals(alone)
    assert both.filter(pl.col("series") == "b")["lower_95"].min() < 0  # type: ignore[operator]


def test_levels_and_width(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", *annual())
    table = run(source, "--levels", "50,99.5")
    assert table.columns[3:7] == ["lower_50", "upper_50", "lower_99.5", "upper_99.5"]
    wide = run(source, "--levels", "50", "--width", "1.5")
    assert (np.sqrt(wide["upper_50"]) - np.sqrt(wide["value"])).to_numpy() == pytest.approx(
        1.5 * (np.sqrt(table["upper_50"]) - np.sqrt(table["value"])).to_numpy()
    )
    assert read_levels("80, 95,80") == (80.0, 95.0)


@pytest.mark.parametrize("method", ["ets", "theta", "sarimax", "ucm", "drift", "naive"])
def test_every_method_answers(tmp_path: Path, method: str) -> None:
    table = run(write(tmp_path / "in.csv", *annual()), "--method", method)
    assert set(table["method"]) == {method} and 15 < table["value"].min() < 25  # type: ignore[operator]


def test_a_series_that_cannot_be_forecast_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = run(write(tmp_path / "in.csv", "solo,2024,7"))
    assert table["value"].null_count() == 3 and table["method"][0].startswith("none: only one value")
    assert "'solo'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["series,year,value", "a,2020,1"], "'period' is missing"),
        (["series,period,value,colour", "a,2020,1,red"], "'colour'"),
        (["series,period,value"], "no rows"),
        (["series,period,value", "a,2020,1", "a,2020,2"], "Series 'a', line 3: period 2020 stands there twice"),
        (["series,period,value", "a,2020-01-05,1", "a,2020-01-06,2"], "twice"),
        (["series,period,value", "a,2020,1", "b,2021,many"], "Series 'b', line 3: 'many' is not a number"),
        (["series,period,value", "a,2020,inf", "a,2021,2"], "'inf' is not a number"),
        (["series,period,value", "a,2020,nan", "a,2021,2"], "'nan' is not a number"),
        (["series,period,value", "a,2020,1", "b,2020,", "b,2021,"], "Series 'b' has no value"),
        (["series,period,value", "a,spring 2020,1"], "Series 'a': Period 'spring 2020' cannot be read"),
        (["series,period,value", "a,2020-13-01,1"], "cannot be read"),
        (["series,period,value", "a,2020,1", "a,2021-Q1,1"], "written in different ways"),
        (["series,period,value", "a,9998,1", "a,9999,2"], "Year 10000"),
        (["series,period,value", "a,,1"], "period is empty"),
        (["series,period,value", ",2020,1"], "series is empty"),
    ],
)
def test_bad_input_gives_one_line_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], expected: str
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["forecast", str(source), "--horizon", "3", "--output", str(out)]) == 2
    said = capsys.readouterr().err
    assert expected in said and said.count("\n") == 1 and str(source) in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (["--horizon", "0"], "Horizon 0"),
        (["--horizon", "9999"], "Horizon 9999"),
        ([], "--horizon is missing"),
        (["--horizon", "2", "--levels", "80,195"], "Levels"),
        (["--horizon", "2", "--levels", "high"], "Levels"),
        (["--horizon", "2", "--width", "0"], "--width"),
        (["--horizon", "2", "--kind", "share"], "between 0 and 100"),
    ],
)
def test_bad_options_give_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str], expected: str) -> None:
    source = write(tmp_path / "in.csv", *annual("a", [101.0, *SERIES]))
    assert main(["forecast", str(source), "--output", str(tmp_path / "out.csv"), *extra]) == 2
    assert expected in capsys.readouterr().err and not (tmp_path / "out.csv").exists()


def test_a_count_below_zero_names_the_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", *annual("a"), "b,2020,-3", "b,2021,2")
    out = str(tmp_path / "out.csv")
    assert main(["forecast", str(source), "--horizon", "2", "--kind", "count", "--output", out]) == 2
    assert "series 'b'" in capsys.readouterr().err


def test_an_earlier_result_survives_a_failure(tmp_path: Path) -> None:
    source, out = write(tmp_path / "in.csv", *annual()), tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    source.write_text("nonsense", encoding="utf-8")
    assert main(["forecast", str(source), "--horizon", "2", "--output", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "before"


def test_missing_file_and_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "no" / "out.csv")
    assert main(["forecast", str(tmp_path / "none.csv"), "--horizon", "2", "--output", out]) == 2
    assert "is missing" in capsys.readouterr().err
    assert main(["forecast", str(write(tmp_path / "in.csv", *annual())), "--horizon", "2", "--output", out]) == 2
    assert "Cannot be written" in capsys.readouterr().err


def test_runs_as_a_program_without_traceback(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "a,2020,x")
    words = [sys.executable, "-m", "model", "forecast", str(source), "--horizon", "2", "--output", str(tmp_path / "o.csv")]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.count("\n") == 1
