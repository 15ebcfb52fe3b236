"""From the indicator table to arrays and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.demography.bands import bands, places
from model.demography.baseline import baseline
from model.demography.load import measure_table, residents_table
from model.demography.measures import MEASURES
from model.demography.observed import DemographySources, Observed, observe, read_sources
from model.errors import PackageError, ProjectionError, UnknownName
from model.vocabulary import COLUMNS, SCHEMA
from tests.demography.towns import observed_town

SOURCES = DemographySources("residents", births="births", deaths="deaths", arrivals="arrivals", departures="departures")


def rows(indicator: str, values: np.ndarray, seen: Observed, ages: list[str], sexes: list[str]) -> pl.DataFrame:
    """Return (years, areas, sexes, ages) as rows of the indicator table; what is nan is left out."""
    place = [axis.ravel() for axis in np.indices(values.shape)]
    frame = pl.DataFrame(
        {
            "indicator": indicator,
            "area": np.array(seen.areas)[place[1]].tolist(),
            "period": [date(seen.first_year + int(y), 1, 1) for y in place[0]],
            "sex": np.array(sexes)[place[2]].tolist(),
            "age": np.array(ages)[place[3]].tolist(),
            "scenario": "observed",
            "value": values.ravel(),
            "lower": None,
            "upper": None,
            "status": "normal",
            "source": "test",
        }
    ).filter(pl.col("value").is_not_nan())
    return frame.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


SINGLE = [f"Y{age}" for age in range(100)] + ["Y_GE100"]


def table(seen: Observed, deaths: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return what a package would hold: stocks, births by mother's age, movements by single age, totals beside."""
    both = ["F", "M"]
    parts = [
        rows("residents", seen.stock, seen, SINGLE, both),
        rows("residents", seen.stock.sum(axis=(2, 3), keepdims=True), seen, ["_T"], ["_T"]),
        rows("births", seen.by_age["births"][:, :, None], seen, SINGLE[15:50], ["_T"]),
        rows("arrivals", seen.by_age["arrivals"], seen, SINGLE, both),
        rows("departures", seen.by_age["departures"], seen, SINGLE, both),
        rows("deaths", seen.by_age["deaths"], seen, SINGLE, both) if deaths is None else deaths,
    ]
    return pl.concat(parts)


def test_the_table_reads_back_as_what_was_seen() -> None:
    seen = observed_town(6)
    read = observe(table(seen), SOURCES, seen.areas)
    assert read.first_year == seen.first_year and read.areas == seen.areas
    assert read.stock == pytest.approx(seen.stock)
    assert read.by_age["deaths"][1:] == pytest.approx(seen.by_age["deaths"][1:])
    assert np.isnan(read.by_age["deaths"][0]).all()


def test_mothers_age_at_the_end_of_the_year_is_brought_to_that_at_birth() -> None:
    """Who is 31 at the end of the year was 30 or 31 when the child was born, half and half."""
    seen = observed_town(3)
    births = np.zeros_like(seen.by_age["births"])
    births[1:, :, 31 - 15] = 10.0
    known = replace(seen, by_age=seen.by_age | {"births": births})
    at_end = observe(table(known), SOURCES, seen.areas).by_age["births"]
    at_birth = observe(table(known), replace(SOURCES, event_age="at_event"), seen.areas).by_age["births"]
    assert at_end[1, 0, [15, 16]] == pytest.approx([5.0, 5.0])
    assert at_birth[1, 0, 16] == pytest.approx(10.0)


def test_age_groups_are_shared_out_by_the_people_there_are() -> None:
    seen = observed_town(3)
    groups = ["Y0T39", "Y40T79", "Y_GE80"]
    grouped = np.stack([seen.by_age["deaths"][..., a:b].sum(axis=-1) for a, b in ((0, 40), (40, 80), (80, 101))], axis=-1)
    read = observe(table(seen, rows("deaths", grouped, seen, groups, ["F", "M"])), SOURCES, seen.areas).by_age["deaths"]
    assert read[1:, ..., 40:80].sum(axis=-1) == pytest.approx(grouped[1:, ..., 1])
    ratio = read[2, 1, 0, 50] / read[2, 1, 0, 60]
    assert ratio == pytest.approx(seen.stock[2, 1, 0, 50] / seen.stock[2, 1, 0, 60])


def test_groups_beside_single_years_are_not_counted_twice() -> None:
    seen = observed_town(3)
    young = seen.by_age["deaths"][..., :20].sum(axis=-1, keepdims=True)
    single = rows("deaths", seen.by_age["deaths"], seen, SINGLE, ["F", "M"])
    both = pl.concat([single, rows("deaths", young, seen, ["Y_LT20"], ["F", "M"])])
    read = observe(table(seen, both), SOURCES, seen.areas)
    assert read.by_age["deaths"][1:] == pytest.approx(seen.by_age["deaths"][1:])


def test_a_movement_known_in_total_only_is_a_total() -> None:
    seen = observed_town(3)
    total = seen.by_age["deaths"].sum(axis=(2, 3), keepdims=True)
    read = observe(table(seen, rows("deaths", total, seen, ["_T"], ["_T"])), SOURCES, seen.areas)
    assert "deaths" not in read.by_age
    assert read.totals["deaths"][1:] == pytest.approx(total[1:, :, 0, 0])


def test_a_break_in_the_status_is_a_break() -> None:
    seen = observed_town(4)
    third = (pl.col("period") == date(seen.first_year + 3, 1, 1)) & (pl.col("indicator") == "residents")
    status = pl.when(third).then(pl.lit("break")).otherwise(pl.col("status").cast(pl.String)).cast(SCHEMA["status"])
    read = observe(table(seen).with_columns(status=status), SOURCES, seen.areas)
    assert read.breaks == (seen.first_year + 3,)


def test_without_single_ages_there_is_no_projection() -> None:
    seen = observed_town(2)
    totals = table(seen).filter(pl.col("age") == "_T")
    with pytest.raises(ProjectionError, match="single year of age"):
        observe(totals, SOURCES, seen.areas)


def test_a_section_that_is_not_there_or_misspelt_says_so(tmp_path: Path) -> None:
    (tmp_path / "package.toml").write_text("id = 'x'\n", encoding="utf-8")
    with pytest.raises(PackageError, match="population is missing"):
        read_sources(tmp_path)
    (tmp_path / "package.toml").write_text("[demography]\npopulation = 'r'\ndeath = 'd'\n", encoding="utf-8")
    with pytest.raises(UnknownName, match="Did you mean 'deaths'"):
        read_sources(tmp_path)


def test_projected_residents_are_rows_of_the_indicator_table() -> None:
    base = baseline(observed_town(), DemographySources("residents", until=2040))
    made = residents_table(base.projection, "residents", city="00")
    assert tuple(made.columns) == COLUMNS and made.schema == pl.Schema(SCHEMA)
    assert made.select(COLUMNS[:6]).is_duplicated().sum() == 0
    last = made.filter(pl.col("period") == date(2040, 1, 1))
    areas, city = (last.filter(part)["value"].sum() for part in (pl.col("area") != "00", pl.col("area") == "00"))
    assert areas == pytest.approx(city) == pytest.approx(base.projection.at(2040).sum())


def test_measures_are_rows_with_their_intervals() -> None:
    base = baseline(observed_town(), DemographySources("residents", until=2040))
    ids = ["aged_80_plus", "share_65_plus"]
    made = measure_table(base.projection, ids, bands=bands(base, ids, draws=30), city="00")
    row = made.filter(pl.col("indicator") == "aged_80_plus", pl.col("area") == "00", pl.col("period") == date(2040, 1, 1))
    expected = places(base.base.areas).values(base.projection.at(2040), MEASURES["aged_80_plus"])[-1]
    assert row["value"][0] == pytest.approx(expected)
    assert row["lower"][0] < row["value"][0] < row["upper"][0]
    assert made["status"].unique().to_list() == ["forecast"]


def test_a_gap_among_the_living_is_named_and_nobody_at_a_hundred_is_nobody() -> None:
    seen = observed_town(2)
    whole = table(seen)
    hole = (pl.col("indicator") == "residents") & (pl.col("area") == "east") & (pl.col("sex") == "M")
    without_oldest = whole.filter(~(hole & (pl.col("age") == "Y_GE100")))
    assert (observe(without_oldest, SOURCES, seen.areas).stock[:, 1, 1, 100] == 0.0).all()
    with pytest.raises(ProjectionError, match=r"area east.*age 40, sex M"):
        observe(whole.filter(~(hole & (pl.col("age") == "Y40"))), SOURCES, seen.areas)
