"""The command line on long tables: what comes out, and what is refused without writing."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import polars as pl
import pytest

from model.demography.command import FILES, add_arguments, run
from model.errors import DatalabError

Tables = dict[str, pl.DataFrame]


def ages(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def tables() -> Tables:
    """Return two areas of 10 women and 8 men at every age, with some dying, births and arrivals from 2021 on."""
    sexes = ["F"] * 101 + ["M"] * 101
    both = ages(0, 100) * 2
    people = [{"area": area, "sex": s, "age": a, "value": 10 if s == "F" else 8}
              for area in ("a", "b") for s, a in zip(sexes, both, strict=True)]  # fmt: skip
    return {
        "population": pl.DataFrame(people),
        "mortality": pl.DataFrame({"year": 2021, "sex": sexes, "age": both, "rate": 0.02}),
        "fertility": pl.DataFrame({"year": 2021, "age": ages(15, 49), "rate": 0.04}),
        "migration": pl.DataFrame({"year": 2021, "sex": sexes, "age": both, "value": 0.5}),
    }


def command(folder: Path, given: Tables, *more: str) -> Path:
    """Run the command on `given` and return the output path."""
    options = []
    for name, table in given.items():
        table.write_csv(folder / f"{name}.csv")
        options += [f"--{name}", str(folder / f"{name}.csv")]
    parser = ArgumentParser()
    add_arguments(parser)
    out = folder / "out.csv"
    arguments = parser.parse_args([*options, "--years", "3", "--output", str(out), *more])
    assert run(arguments) == 0
    return out


def test_the_output_is_a_long_table_of_the_projected_years(tmp_path: Path) -> None:
    out = pl.read_csv(command(tmp_path, tables()))
    assert out.columns == ["area", "year", "sex", "age", "value"]
    assert out.height == 2 * 3 * 2 * 101
    assert out["year"].unique().sort().to_list() == [2021, 2022, 2023]


def test_components_account_for_the_change(tmp_path: Path) -> None:
    parts = tmp_path / "parts.csv"
    given = tables()
    out = pl.read_csv(command(tmp_path, given, "--components", str(parts)))
    sums = pl.read_csv(parts).group_by("year").agg(pl.col("births", "deaths", "in", "out").sum()).sort("year")
    change = (sums["births"] - sums["deaths"] + sums["in"] - sums["out"]).sum()
    after = out.filter(pl.col("year") == 2023)["value"].sum()
    assert after - given["population"]["value"].sum() == pytest.approx(change)
    assert sums["in"].to_list() == pytest.approx([101.0] * 3)


def test_net_migrants_equal_the_same_arrivals_and_departures(tmp_path: Path) -> None:
    given = tables()
    given["migration"] = given["migration"].with_columns(value=pl.when(pl.col("age") > 60).then(-0.4).otherwise(0.5))
    net = pl.read_csv(command(tmp_path, given))
    gross = given["migration"].select(
        "year", "sex", "age", pl.col("value").clip(0).alias("in"), (-pl.col("value")).clip(0).alias("out")
    )
    assert pl.read_csv(command(tmp_path, given | {"migration": gross})).equals(net)


def test_the_sex_ratio_is_that_of_the_births(tmp_path: Path) -> None:
    parts = tmp_path / "parts.csv"
    command(tmp_path, tables(), "--components", str(parts), "--sex-ratio", "1.1")
    births = pl.read_csv(parts).group_by("sex").agg(pl.col("births").sum())
    boys, girls = (births.filter(pl.col("sex") == sex)["births"][0] for sex in "MF")
    assert boys / girls == pytest.approx(1.1)


def test_the_year_of_the_stock_can_be_said(tmp_path: Path) -> None:
    out = pl.read_csv(command(tmp_path, tables(), "--jump-off", "2018"))
    assert out["year"].min() == 2019


def without_age(t: Tables) -> Tables:
    return t | {"population": t["population"].filter(~((pl.col("age") == 40) & (pl.col("sex") == "M")))}


def changed(name: str, column: str, value: object) -> object:
    def change(t: Tables) -> Tables:
        here = pl.int_range(pl.len()) == 5
        return t | {name: t[name].with_columns(pl.when(here).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))}

    return change


BAD = {
    "a missing age": (without_age, r"population.csv: Nothing is given for age 40, sex M"),
    "a missing age in the life table": (
        lambda t: t | {"mortality": t["mortality"].filter(pl.col("age") != 77)}, r"mortality.csv: .*age 77"),
    "a negative stock": (changed("population", "value", -1), r"population.csv, line 7: value -1.0 is negative"),
    "a rate above one": (changed("mortality", "rate", 1.2), r"mortality.csv, line 7: rate 1.2 is above 1"),
    "an unknown sex": (changed("mortality", "sex", "X"), r"mortality.csv, line 7: sex 'X' is not F or M"),
    "an age above 100": (changed("population", "age", 101), r"line 7: age 101 is outside"),
    "text for a number": (changed("population", "value", "many"), r"line 7: value 'many' is not a number"),
    "a row twice": (changed("population", "age", 4), r"given twice"),
    "a column missing": (lambda t: t | {"fertility": t["fertility"].drop("rate")}, r"Column 'rate' is not known"),
    "a strange area": (
        lambda t: t | {"migration": t["migration"].with_columns(area=pl.lit("z"))}, r"Area 'z' is not known"),
    "births at 60": (
        lambda t: t | {"fertility": pl.DataFrame({"year": 2021, "age": ages(15, 60), "rate": 0.01})}, r"age 50"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_clear_line_and_nothing_is_written(tmp_path: Path, what: str) -> None:
    spoil, message = BAD[what]
    with pytest.raises(DatalabError, match=message) as caught:
        command(tmp_path, spoil(tables()))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def test_an_output_folder_that_is_missing_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DatalabError, match="Cannot be written"):
        command(tmp_path, tables(), "--components", str(tmp_path / "nowhere" / "parts.csv"))
    assert not list(tmp_path.glob("out*"))


def test_areas_with_their_own_rates(tmp_path: Path) -> None:
    given = tables()
    rates = pl.concat([given["mortality"].with_columns(area=pl.lit(a), rate=pl.lit(r)) for a, r in (("a", 0.0), ("b", 0.1))])
    closed = {"migration": given["migration"].with_columns(value=0.0), "fertility": given["fertility"].with_columns(rate=0.0)}
    out = pl.read_csv(command(tmp_path, given | closed | {"mortality": rates})).filter(pl.col("year") == 2021)
    totals = dict(out.group_by("area").agg(pl.col("value").sum()).rows())
    assert totals["a"] == pytest.approx(1818.0)
    assert totals["b"] == pytest.approx(1818.0 * 0.9)
    assert out["value"].is_finite().all()


def test_through_the_front_door_bad_input_ends_with_two_and_one_line(tmp_path: Path) -> None:
    for name, table in without_age(tables()).items():
        table.write_csv(tmp_path / f"{name}.csv")
    options = [word for name in FILES for word in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    words = [sys.executable, "-m", "model", "project", *options, "--years", "2", "--output", str(tmp_path / "out.csv")]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[2], check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_levers_steer_packages_only(tmp_path: Path) -> None:
    with pytest.raises(DatalabError, match="steers a package"):
        command(tmp_path, tables(), "--set", "tfr=1.6")
