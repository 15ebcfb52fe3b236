"""Everybody is accounted for: the published files balance in every cell."""

from __future__ import annotations

import polars as pl
from musterstadt_files import REGISTER

KEY = ["area", "sex", "age", "year"]


def test_every_cell_balances(residents: pl.DataFrame, movements: dict[str, pl.DataFrame]) -> None:
    aged = residents.with_columns(age=(pl.col("age") + 1).clip(upper_bound=100), year=pl.col("year") + 1)
    born = movements["births"].group_by("area", "sex", "year").agg(pl.col("value").sum()).with_columns(age=pl.lit(0, pl.Int64))
    account = [aged.select(*KEY, "value"), born.filter(pl.col("year") > 2005).select(*KEY, "value")]
    signs = {"deaths": -1, "arrivals": 1, "departures": -1, "moves_in": 1, "moves_out": -1}
    account += [
        movements[name].filter(pl.col("year") > 2005).with_columns(pl.col("value") * sign) for name, sign in signs.items()
    ]
    expected = pl.concat(account).filter(pl.col("year") <= 2025).group_by(KEY).agg(pl.col("value").sum().alias("expected"))
    compared = residents.filter(pl.col("year") > 2005).join(expected, on=KEY, how="full", coalesce=True)
    assert compared.height == 28 * 2 * 101 * 20
    assert compared.filter(pl.col("value").ne_missing(pl.col("expected"))).is_empty()


def test_moves_within_the_city_cancel_by_sex_and_age(movements: dict[str, pl.DataFrame]) -> None:
    come = movements["moves_in"].group_by("sex", "age", "year").agg(pl.col("value").sum())
    gone = movements["moves_out"].group_by("sex", "age", "year").agg(pl.col("value").sum())
    both = come.join(gone, on=["sex", "age", "year"])
    assert both.filter(pl.col("value") != pl.col("value_right")).is_empty()
    assert come["value"].sum() > 200_000


def test_totals_in_the_file_are_the_sums_of_their_rows(residents: pl.DataFrame) -> None:
    wide = pl.read_csv(REGISTER / "bevoelkerung_alter.csv", separator=";", infer_schema=False)
    total = wide.filter((pl.col("Alter") == "insgesamt") & (pl.col("Geschlecht") == "insgesamt")).sort("Stadtteil")
    sums = residents.filter(pl.col("year") == 2025).group_by("area").agg(pl.col("value").sum()).sort("area")
    assert total["2025"].cast(pl.Int64).to_list() == sums["value"].to_list()


def test_key_figures_agree_with_the_table_by_age(residents: pl.DataFrame) -> None:
    long = pl.read_csv(REGISTER / "merkmale.csv", separator=";", infer_schema=False)
    old = long.filter((pl.col("Merkmal") == "Einwohner 65 und älter") & (pl.col("Geschlecht") == "weiblich"))
    counted = residents.filter((pl.col("age") >= 65) & (pl.col("sex") == "F")).group_by("area", "year").agg(pl.col("value").sum())
    stated = old.select(
        area="Schlüssel", year=pl.col("Stichtag").str.slice(6).cast(pl.Int64), stated=pl.col("Wert").cast(pl.Int64)
    )
    joined = counted.join(stated, on=["area", "year"])
    assert joined.height == 28 * 21
    assert (joined["value"] == joined["stated"]).all()


def test_the_city_has_about_210_000_and_one_area_about_400(residents: pl.DataFrame) -> None:
    last = residents.filter(pl.col("year") == 2025).group_by("area").agg(pl.col("value").sum())
    assert abs(last["value"].sum() - 210_000) < 4_000
    small = last.filter(pl.col("value") < 1_000)
    assert small["area"].to_list() == ["0203"]
    assert 350 <= small["value"][0] <= 480


def test_quarters_have_the_profiles_they_are_named_for(residents: pl.DataFrame) -> None:
    share = _shares(residents, 2025)
    assert share["0104"]["students"] == max(s["students"] for s in share.values())
    assert share["0305"]["children"] == max(s["children"] for s in share.values())
    assert share["0303"]["very_old"] > 1.3 * share["00"]["very_old"]
    for village in ("0601", "0602", "0603"):
        assert share[village]["old"] > share["00"]["old"] + 4
    assert _shares(residents, 2005)["0603"]["old"] + 4 < share["0603"]["old"]


def _shares(residents: pl.DataFrame, year: int) -> dict[str, dict[str, float]]:
    bands = {"students": (18, 29), "children": (0, 17), "old": (65, 100), "very_old": (80, 100)}
    rows = residents.filter(pl.col("year") == year)
    rows = pl.concat([rows, rows.with_columns(area=pl.lit("00"))])
    parts = [pl.col("value").filter(pl.col("age").is_between(*ages)).sum().alias(name) for name, ages in bands.items()]
    table = rows.group_by("area").agg(*parts, pl.col("value").sum().alias("all"))
    return {r["area"]: {name: 100 * r[name] / r["all"] for name in bands} for r in table.to_dicts()}


def test_waves_of_arrivals_show_where_the_housing_is(movements: dict[str, pl.DataFrame]) -> None:
    arrivals = movements["arrivals"].filter(pl.col("area") == "0304").group_by("year").agg(pl.col("value").sum())
    by_year = dict(zip(arrivals["year"], arrivals["value"], strict=True))
    assert by_year[2015] > 1.3 * by_year[2013]
    assert by_year[2022] > 1.5 * by_year[2021]
    women = movements["arrivals"].filter((pl.col("area") == "0304") & pl.col("age").is_between(18, 60))
    sexes = {
        y: dict(women.filter(pl.col("year") == y).group_by("sex").agg(pl.col("value").sum()).iter_rows()) for y in (2015, 2022)
    }
    assert sexes[2015]["M"] > sexes[2015]["F"]
    assert sexes[2022]["F"] > sexes[2022]["M"]


def test_new_housing_fills_the_harbour(residents: pl.DataFrame) -> None:
    hafen = residents.filter(pl.col("area") == "0202").group_by("year").agg(pl.col("value").sum())
    by_year = dict(zip(hafen["year"], hafen["value"], strict=True))
    assert abs(by_year[2010] / by_year[2005] - 1) < 0.15
    assert by_year[2025] > 1.6 * by_year[2011]
