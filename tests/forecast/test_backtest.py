"""The track record: against hand-made cases, and on simulated data whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from model.errors import ForecastError
from model.forecast import Panel, Scale, forecast
from model.forecast.assess.package import (
    FILE,
    backtest_indicator,
    backtest_package,
    read_records,
    write_records,
)
from model.forecast.assess.record import NARROWEST, UNKNOWN_WIDTH, WIDEST, summarise, width_of
from model.forecast.assess.rolling import rolling
from model.forecast.assess.trend import steer, trend_of, trends_by_origin
from tests.forecast.city import catalogue, indicator, rows, table, with_status

PLAIN = Scale("plain")


def walks(count: int, length: int, seed: int = 5) -> Panel:
    values = np.cumsum(np.random.default_rng(seed).normal(0, 1, (count, length)), axis=1)
    return Panel(tuple(map(str, range(count))), values, 2000)


def test_naive_forecasts_of_the_past_are_what_stood_there() -> None:
    panel = walks(4, 15)
    past = rolling(panel, PLAIN, "naive")
    for place in range(len(past.actual)):
        series, origin, step = past.series[place], past.origin[place] - 2000, past.step[place]
        assert past.value[place] == past.naive[place] == panel.values[series, origin]
        assert past.actual[place] == panel.values[series, origin + step]
        assert past.unit[place] == pytest.approx(np.abs(np.diff(panel.values[series, : origin + 1])).mean())
    assert past.cases == 4 * 9  # origins 2005 … 2013
    assert len(past.actual) == 4 * (5 * 5 + 4 + 3 + 2 + 1)


def test_an_origin_uses_nothing_that_came_later() -> None:
    panel = walks(3, 15)
    changed = panel.with_values(np.where(np.arange(15) > 10, 99.0, panel.values))
    both = [rolling(p, PLAIN) for p in (panel, changed)]
    early = [past.take(past.origin <= 2010) for past in both]
    assert np.array_equal(early[0].centre, early[1].centre) and not np.array_equal(early[0].actual, early[1].actual)


def test_width_makes_the_intervals_right_and_stays_in_bounds() -> None:
    normal = np.random.default_rng(0).normal(size=20_000)
    assert width_of(normal) == pytest.approx(1.0, abs=0.02)
    assert width_of(1.3 * normal) == pytest.approx(1.3, abs=0.03)
    assert width_of(9 * normal) == WIDEST and width_of(normal / 9) == NARROWEST
    assert width_of(normal[:29]) == UNKNOWN_WIDTH


def test_scores_of_naive_against_itself_and_hand_made_coverage() -> None:
    record = summarise(rolling(walks(200, 20), PLAIN, "naive"), "walk", "naive")
    assert record.mase == record.mase_naive
    assert 0.75 < record.coverage["80"] < 0.86 and 0.92 < record.coverage["95"] < 0.97
    assert record.mase > 1  # several steps ahead a walk strays by more than one step
    assert record.miss["1"] == pytest.approx(0.674, abs=0.06)  # the median of a standard normal's absolute value
    assert record.miss["5"] == pytest.approx(0.674 * np.sqrt(5), abs=0.15)


def test_drift_wins_where_it_is_the_truth_and_the_record_says_so() -> None:
    panel = walks(100, 20)
    panel = panel.with_values(panel.values + 2.0 * np.arange(20))
    record = summarise(rolling(panel, PLAIN), "walk")
    assert record.drift_wins and not record.naive_wins
    still = summarise(rolling(walks(100, 20), PLAIN), "walk")
    assert still.naive_wins


def test_the_trend_is_learnt_where_it_comes_true_and_where_it_does_not() -> None:
    panel = walks(100, 20)
    rising = panel.with_values(panel.values + 2.0 * np.arange(20))
    assert trend_of(rolling(rising, PLAIN)) == 1.0
    assert trend_of(rolling(panel, PLAIN)) <= 0.25
    assert trend_of(rolling(walks(1, 9), PLAIN)) == 1.0  # too few residuals to tell
    judged = summarise(rolling(panel, PLAIN), "walk", steer=True)
    assert judged.trend <= 0.25 and judged.mase < summarise(rolling(panel, PLAIN), "walk").mase


def test_the_trend_is_judged_by_what_was_known_then() -> None:
    panel = walks(60, 20)
    rising = panel.with_values(panel.values + 2.0 * np.arange(20))
    halted = rising.with_values(np.where(np.arange(20) > 11, rising.values[:, 11:12], rising.values))
    trends, straight = (trends_by_origin(rolling(one, PLAIN)) for one in (halted, rising))
    assert [trends[origin] for origin in (2009, 2010, 2011)] == [straight[origin] for origin in (2009, 2010, 2011)]
    assert trends[2011] == 1.0 and trends[2018] < 1.0


def test_steering_by_one_is_the_very_same_future() -> None:
    panel = walks(3, 12)
    future, stay = forecast(panel, 4, PLAIN), forecast(panel, 4, PLAIN, "naive")
    assert steer(future, stay, 1.0) is future
    assert np.array_equal(steer(future, stay, 0.0).centre, stay.centre)
    assert steer(future, stay, 0.5).centre == pytest.approx((future.centre + stay.centre) / 2)


def test_beyond_a_break_nothing_is_judged() -> None:
    panel = walks(3, 18)
    breaks = np.zeros(panel.values.shape, dtype=bool)
    breaks[:, 12] = True
    past = rolling(replace(panel, breaks=breaks), PLAIN, "naive")
    assert not ((past.origin < 2012) & (past.origin + past.step >= 2012)).any()
    assert (past.origin >= 2012).any()


def test_records_survive_the_file(tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    records = backtest_package(table(), catalogue(), progress=lambda *words: heard.append(words))
    assert list(records) == ["people", "old", "share_old", "balance", "renamed"]
    assert heard[0] == (0, 5, "people") and heard[-1] == (5, 5, "")
    write_records(records, tmp_path)
    assert read_records(tmp_path) == records
    (tmp_path / FILE).write_text('{"version": 0, "records": {}}', encoding="utf-8")
    assert read_records(tmp_path) == {}
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(ForecastError, match="backtest"):
        read_records(tmp_path)
    assert read_records(tmp_path / "elsewhere") == {}


def test_a_record_without_cases_survives_the_file_too(tmp_path: Path) -> None:
    short = table().filter(pl.col("period") > date(2021, 1, 1))
    record = backtest_indicator(short, catalogue(), "people")
    assert record.cases == 0 and record.width == UNKNOWN_WIDTH
    assert "keine Rückrechnung" in record.sentence(indicator("people", "count"))
    write_records({"people": record}, tmp_path)
    assert read_records(tmp_path)["people"].cases == 0


def test_the_record_of_a_rate_judges_the_ratio_of_its_parts() -> None:
    frame, known = table(), catalogue()
    record = backtest_indicator(frame, known, "share_old")
    parts = {}
    for id in ("old", "people"):
        series = frame.filter((pl.col("indicator") == id) & (pl.col("area") == "C")).sort("period")["value"].to_numpy()
        panel = Panel(("C",), series[None], 2004)
        trend = trends_by_origin(rolling(panel, Scale("root")))[2019]
        futures = (forecast(panel.until(2019), 5, Scale("root"), method) for method in ("combination", "naive"))
        parts[id] = steer(*futures, trend).value[0]
    only_city = frame.filter(pl.col("area") == "C")
    one = backtest_indicator(only_city, known, "share_old")
    assert record.cases == 13 * 10 and one.cases == 10
    from model.forecast.areas.observed import observe
    from model.forecast.assess.package import past_of

    past = past_of(observe(only_city, known, "share_old"), only_city, known, "combination", 10, {})
    assert past.value[past.origin == 2019] == pytest.approx(100 * parts["old"] / parts["people"], rel=1e-9)


def test_sentence_in_both_languages() -> None:
    record = replace(backtest_indicator(table(), catalogue(), "share_old"), cases=312, miss={"1": 0.4, "3": 1.0, "5": 1.44})
    record = replace(record, coverage={"80": 0.81, "95": 0.95})
    known = catalogue().indicator("share_old")
    assert record.sentence(known) == (
        "In 8 von 10 vergleichbaren früheren Fällen lag der Wert im dunklen Band; "
        "Prognosen über 5 Jahre verfehlten den Wert im Median um 1,4 Punkte (312 Rückrechnungen)."
    )
    assert "5-year forecasts missed by 1.4 points on the median (312 back-tests)" in record.sentence(known, "en")


def test_withheld_values_do_not_enter_the_record() -> None:
    withheld = with_status(table(), "people", "D1", range(2015, 2025), "suppressed")
    poisoned = withheld.with_columns(value=pl.when(pl.col("status") == "suppressed").then(1e9).otherwise(pl.col("value")))
    known = catalogue()
    assert backtest_indicator(poisoned, known, "people") == backtest_indicator(withheld, known, "people")


def test_rows_of_a_constant_indicator_do_not_break_the_record() -> None:
    record = backtest_indicator(rows("people", {"C": np.full(21, 5.0), "D": np.full(21, 2.0)}), catalogue(), "people")
    assert record.coverage["95"] == 1.0 and record.miss["5"] == pytest.approx(0.0, abs=1e-12)
