"""Forecasts of the indicator table: coherent, from protected values only, calibrated, with the row format of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from model.errors import ForecastError, UnknownName
from model.forecast import METHODS, Scale, forecast, single
from model.forecast.areas.table import forecast_table
from model.forecast.assess.package import backtest_indicator
from model.forecast.assess.record import UNKNOWN_WIDTH
from model.forecast.assess.track import track
from model.vocabulary import SCHEMA
from tests.forecast.city import UNTIL, YEARS, catalogue, indicator, rows, table, with_status

CATALOGUE, TABLE = catalogue(), table()


def at(frame: pl.DataFrame, year: int) -> dict[str, float]:
    chosen = frame.filter(pl.col("period").dt.year() == year)
    return dict(zip(chosen["area"], chosen["value"], strict=True))


@pytest.mark.parametrize("id", ["people", "old", "balance"])
def test_counts_add_up_from_quarters_to_the_city(id: str) -> None:
    made = forecast_table(TABLE, CATALOGUE, id, UNTIL).rows()
    for year in (2025, 2030, 2040):
        values = at(made, year)
        assert values["C"] == pytest.approx(sum(values[d] for d in "DEF"), abs=1e-9 * abs(values["C"]) + 1e-9)
        for district in "DEF":
            assert values[district] == pytest.approx(sum(values[f"{district}{i}"] for i in range(3)), rel=1e-9, abs=1e-9)


def test_rates_are_ratios_of_reconciled_parts() -> None:
    shares, old, people = (at(forecast_table(TABLE, CATALOGUE, id, UNTIL).rows(), 2035) for id in ("share_old", "old", "people"))
    for area in ("C", "D", "E1"):
        assert shares[area] == pytest.approx(100 * old[area] / people[area], rel=1e-9)


def test_rows_are_rows_of_the_indicator_table() -> None:
    made = forecast_table(TABLE, CATALOGUE, "share_old", UNTIL)
    frame = made.rows(95)
    assert dict(frame.schema) == SCHEMA
    assert set(frame["scenario"]) == {"baseline"} and set(frame["status"]) == {"forecast"}
    assert set(frame["source"]) == {"forecast combination"}
    assert frame.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    assert frame["period"].min() == date(2025, 1, 1) and frame["period"].max() == date(2040, 1, 1)
    assert "gone" not in frame["area"]
    quantiles = made.quantiles()
    ordered = ["lower_95", "lower_80", "lower_50", "value", "upper_50", "upper_80", "upper_95"]
    assert (np.diff(quantiles.select(ordered).to_numpy(), axis=1) > 0).all()
    assert quantiles["lower_95"].to_list() == frame["lower"].to_list()


def test_withheld_values_are_gaps_and_never_filled_in() -> None:
    withheld = with_status(TABLE, "old", "D1", range(2018, 2024), "suppressed")
    made = forecast_table(withheld, CATALOGUE, "old", UNTIL).rows()
    other = withheld.with_columns(  # whatever is written into the withheld cells must not matter
        value=pl.when(pl.col("status") == "suppressed").then(999_999.0).otherwise(pl.col("value"))
    )
    assert forecast_table(other, CATALOGUE, "old", UNTIL).rows().equals(made)


def test_no_forecast_is_made_for_a_withheld_period() -> None:
    withheld = with_status(TABLE, "old", "D1", range(2020, 2025), "suppressed")
    made = forecast_table(withheld, CATALOGUE, "old", UNTIL).rows()
    assert made.filter(pl.col("area") == "D1")["period"].min() == date(2025, 1, 1)
    late = with_status(TABLE, "old", "D1", range(2023, 2025), "missing")
    made = forecast_table(late, CATALOGUE, "old", UNTIL).rows()
    assert made.filter(pl.col("area") == "D1")["period"].min() == date(2023, 1, 1)
    assert made.filter(pl.col("area") == "D2")["period"].min() == date(2025, 1, 1)


def test_an_area_without_values_says_why_and_spares_its_parents_sum() -> None:
    withheld = with_status(TABLE, "old", "D1", YEARS, "suppressed")
    made = forecast_table(withheld, CATALOGUE, "old", UNTIL)
    assert made.reasons[made.row("D1")] == "no_value"
    values = at(made.rows(), 2030)
    assert "D1" not in values and values["D"] != pytest.approx(values["D0"] + values["D2"])
    assert values["E"] == pytest.approx(values["E0"] + values["E1"] + values["E2"], rel=1e-9)


def test_areas_that_do_not_add_up_in_the_data_are_not_forced_to() -> None:
    doubled = TABLE.with_columns(value=pl.when(pl.col("area") == "C").then(2 * pl.col("value")).otherwise(pl.col("value")))
    values = at(forecast_table(doubled, CATALOGUE, "people", UNTIL).rows(), 2030)
    assert values["C"] > 1.8 * sum(values[d] for d in "DEF")


def test_totals_of_a_projection_are_kept() -> None:
    total = rows("people", {"C": np.full(len(YEARS), 40_000.0)}).with_columns(
        period=pl.col("period").dt.offset_by("21y"), scenario=pl.lit("baseline")
    )
    values = at(forecast_table(TABLE, CATALOGUE, "people", UNTIL, totals=total).rows(), 2030)
    assert values["C"] == pytest.approx(40_000.0, rel=1e-12)
    assert sum(values[d] for d in "DEF") == pytest.approx(40_000.0, rel=1e-9)


def test_a_declared_break_is_used() -> None:
    made = forecast_table(TABLE, CATALOGUE, "renamed", UNTIL)
    assert made.notes[made.row("C")] == ("step",)


def test_imputed_values_are_gaps_and_provisional_ones_are_said() -> None:
    marked = with_status(TABLE, "people", "D0", range(2010, 2012), "imputed")
    marked = with_status(marked, "people", "D1", range(2024, 2025), "provisional")
    made = forecast_table(marked, CATALOGUE, "people", UNTIL)
    assert made.notes[made.row("D0")] == ("gaps",) and made.notes[made.row("D1")] == ("provisional",)


def test_the_city_alone_equals_the_engine() -> None:
    alone = TABLE.filter((pl.col("area") == "C") & (pl.col("indicator") == "people"))
    made = forecast_table(alone, CATALOGUE, "people", UNTIL)
    series = single(alone.sort("period")["value"].to_numpy(), first=2004)
    engine = forecast(series, 16, Scale("root")).widened(UNKNOWN_WIDTH)
    assert np.array_equal(made.value, engine.value)
    assert np.array_equal(made.future().quantile(0.9), engine.quantile(0.9))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_serves_the_table(method: str) -> None:
    small = TABLE.filter(pl.col("area").is_in(["C", "D", "E", "F"]))
    made = forecast_table(small, CATALOGUE, "people", date(2028, 1, 1), method)
    values = at(made.rows(), 2028)
    assert values["C"] == pytest.approx(sum(values[d] for d in "DEF"), rel=1e-9)


def test_probability_of_a_threshold() -> None:
    made = forecast_table(TABLE, CATALOGUE, "share_old", UNTIL)
    year = date(2030, 1, 1)
    value = made.value[made.row("C"), made.column(year)]
    assert made.probability_above("C", year, float(value)) == pytest.approx(0.5)
    assert made.probability_above("C", year, 0.0) == 1.0 and made.probability_above("C", year, 100.0) == 0.0
    with pytest.raises(UnknownName):
        made.probability_above("Z", year, 1.0)
    with pytest.raises(ForecastError, match="not in the forecast"):
        made.probability_above("C", date(2050, 1, 1), 1.0)


def test_a_record_sets_the_width() -> None:
    record = replace(backtest_indicator(TABLE, CATALOGUE, "people"), width=1.5, trend=1.0)
    plain, wide = (forecast_table(TABLE, CATALOGUE, "people", UNTIL, records=r) for r in (None, {"people": record}))
    assert wide.width == 1.5 and wide.spread == pytest.approx(plain.spread * 1.5 / UNKNOWN_WIDTH)


def test_a_record_steers_the_trend_of_a_count_and_of_the_rates_made_of_it() -> None:
    record = replace(backtest_indicator(TABLE, CATALOGUE, "people"), trend=0.0)
    records = {"people": record, "old": replace(record, indicator="old")}
    last = TABLE.filter(pl.col("period") == date(2024, 1, 1))
    for id in ("people", "share_old"):
        now = at(last.filter(pl.col("indicator") == id), 2024)
        then = at(forecast_table(TABLE, CATALOGUE, id, UNTIL, records=records).rows(), 2040)
        assert {area: then[area] for area in ("C", "D", "E1")} == pytest.approx({a: now[a] for a in ("C", "D", "E1")}, rel=1e-9)
    other = forecast_table(TABLE, CATALOGUE, "people", UNTIL, "drift", records=records)
    assert (
        other.record is None and at(other.rows(), 2040)["C"] > 1.001 * at(last.filter(pl.col("indicator") == "people"), 2024)["C"]
    )


def test_refuses_what_cannot_be_asked() -> None:
    with pytest.raises(UnknownName, match="people"):
        forecast_table(TABLE, CATALOGUE, "poeple", UNTIL)
    with pytest.raises(ForecastError, match="already observed"):
        forecast_table(TABLE, CATALOGUE, "people", date(2020, 1, 1))
    with pytest.raises(ForecastError, match="no observed values"):
        forecast_table(TABLE.filter(pl.col("indicator") == "old"), CATALOGUE, "people", UNTIL)
    with pytest.raises(UnknownName):
        forecast_table(TABLE, CATALOGUE, "people", UNTIL, "prophet")


def test_a_rate_whose_parts_are_not_there_is_forecast_itself() -> None:
    alone = TABLE.filter(pl.col("indicator") == "share_old")
    values = at(forecast_table(alone, CATALOGUE, "share_old", UNTIL).rows(), 2030)
    assert 0 < values["C"] < 100


def test_quarters_of_a_year_go_on_as_quarters() -> None:
    quarterly = replace(indicator("jobless", "count"), frequency="quarterly")
    known = replace(CATALOGUE, indicators={"jobless": quarterly})
    periods = [date(y, m, 1) for y in range(2015, 2025) for m in (1, 4, 7, 10)]
    cycle = np.resize([120.0, 100.0, 90.0, 110.0], len(periods)) + np.random.default_rng(0).normal(0, 1, len(periods))
    frame = TABLE.clear().vstack(
        pl.DataFrame(
            [
                ("jobless", "C", p, "_T", "_T", "observed", v, None, None, "normal", "x")
                for p, v in zip(periods, cycle, strict=True)
            ],
            schema=SCHEMA,
            orient="row",
        )
    )
    made = forecast_table(frame, known, "jobless", date(2026, 12, 31)).rows()
    assert made["period"].to_list()[:2] == [date(2025, 1, 1), date(2025, 4, 1)] and made.height == 8
    assert made["value"].to_list()[:4] == pytest.approx([120, 100, 90, 110], abs=4)


def test_track_says_what_would_have_been_said_without_looking_ahead() -> None:
    said = track(TABLE, CATALOGUE, "share_old", "C", UNTIL, (2015, 2018))
    changed = TABLE.with_columns(value=pl.when(pl.col("period") > date(2018, 12, 31)).then(1.0).otherwise(pl.col("value")))
    again = track(changed, CATALOGUE, "share_old", "C", UNTIL, (2015, 2018))
    assert said.drop("actual", "inside").equals(again.drop("actual", "inside"))
    first = said.row(0, named=True)
    assert first["origin"] == 2015 and first["period"] == date(2016, 1, 1)
    assert first["inside"] == (first["lower"] <= first["actual"] <= first["upper"])
    assert said.filter(pl.col("period") > date(2024, 1, 1))["inside"].null_count() == 2 * 16


def test_track_before_the_first_value_is_empty() -> None:
    assert track(TABLE, CATALOGUE, "people", "C", UNTIL, (1990,)).is_empty()
