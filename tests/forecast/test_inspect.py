"""What lies behind a forecast: parameters, residuals that mean something, grades that follow from stated limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from model.forecast import METHODS, Scale, forecast, single
from model.forecast.areas.reliability import reliability
from model.forecast.areas.table import forecast_table
from model.forecast.assess.package import backtest_indicator
from model.forecast.inspect import checks_of, inspect, inspect_area
from tests.forecast.city import UNTIL, catalogue, table

PLAIN = Scale("plain")


def test_every_method_shows_its_forecast_and_its_errors() -> None:
    values = np.cumsum(np.random.default_rng(0).normal(0.3, 1, 30)) + 20
    found = inspect(single(values), 5, PLAIN)
    assert [one.method for one in found] == list(METHODS)
    for one in found:
        assert np.array_equal(one.future.value, forecast(single(values), 5, PLAIN, one.method).value)
        assert len(one.residuals) >= 25 and one.checks is not None
        assert np.std(one.residuals) == pytest.approx(1.0, abs=0.35)  # the noise that was put in
        assert one.checks.autocorrelation > 0.01
    drift = next(one for one in found if one.method == "drift")
    assert drift.parameters["drift"] == pytest.approx((values[-1] - values[0]) / 29)


def test_checks_notice_errors_that_are_not_noise() -> None:
    noise = np.random.default_rng(2).normal(size=200)
    assert checks_of(noise).autocorrelation > 0.05 and checks_of(noise).normality > 0.05  # type: ignore[union-attr]
    assert checks_of(np.cumsum(noise)).autocorrelation < 1e-6  # type: ignore[union-attr]
    assert checks_of(np.append(noise, 30.0)).normality < 1e-6  # type: ignore[union-attr]
    assert checks_of(noise + 2).bias == pytest.approx(2, abs=0.2)  # type: ignore[union-attr]
    assert checks_of(np.zeros(20)) is None and checks_of(noise[:7]) is None


def test_an_area_that_cannot_be_forecast_says_why() -> None:
    short = table().filter((pl.col("area") == "D1") & (pl.col("period") > date(2023, 6, 1)))
    found = inspect_area(short, catalogue(), "people", "D1", UNTIL, ("combination", "ets"))
    assert [one.reason for one in found] == ["one_value", "one_value"] and found[0].checks is None


def test_grades_follow_width_size_and_record() -> None:
    frame, known = table(), catalogue()
    record = replace(backtest_indicator(frame, known, "people"), mase=1.0, mase_drift=2.0, coverage={"80": 0.8, "95": 0.95})
    made = forecast_table(frame, known, "people", UNTIL, records={"people": record})
    near, far = (reliability(made, date(year, 1, 1)) for year in (2025, 2040))
    assert set(near["grade"]) == {"good"}
    assert (far["half_width"] > near["half_width"]).all()
    unproven = forecast_table(frame, known, "people", UNTIL)
    assert set(reliability(unproven, date(2025, 1, 1))["grade"]) == {"fair"}
    tiny = frame.with_columns(value=pl.col("value") / 1000)
    small = reliability(forecast_table(tiny, known, "people", UNTIL, records={"people": record}), date(2025, 1, 1))
    assert small.filter(pl.col("area") == "D0")["grade"].item() == "poor"
