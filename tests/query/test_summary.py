"""Statistics, band and trend by hand and against a second library."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy.stats import linregress

from model.errors import SelectionError
from model.query.summary import band, summary, trend

YEARS = [date(y, 1, 1) for y in range(2010, 2020)]


def test_summary_by_hand():
    found = summary([2, 4, None, 9], [1, 1, 5, 2])
    assert (found.n, found.empty, found.lowest, found.highest, found.median) == (3, 1, 2, 9, 4)
    assert found.mean == 6.0 and found.spread == pytest.approx(np.std([2, 4, 9]))
    assert summary([2, 4]).mean == 3 and summary([None]) is None
    assert np.isnan(summary([2, 4], [None, None]).mean)


def test_band_leaves_out_empty_areas():
    table = pl.DataFrame({
        "period": [YEARS[1], YEARS[0], YEARS[0], YEARS[0], YEARS[0], YEARS[0], YEARS[0]],
        "value": [7.0, 1.0, 2.0, 3.0, 4.0, 9.0, None],
    })  # fmt: skip
    assert band(table).rows() == [(YEARS[0], 5, 1.0, 2.0, 3.0, 4.0, 9.0), (YEARS[1], 1, 7.0, 7.0, 7.0, 7.0, 7.0)]


def test_linear_trend_agrees_with_scipy_and_skips_gaps():
    values = np.array([1, 3, 2, 5, 4, 6, 8, 7, 9, 12], dtype=float)
    values[4] = np.nan
    found = trend(YEARS, values)
    there = ~np.isnan(values)
    line = linregress(np.arange(2010, 2020)[there], values[there])
    assert found.per_year == pytest.approx(line.slope) and found.r_squared == pytest.approx(line.rvalue**2)
    assert found.fitted == pytest.approx(line.intercept + line.slope * np.arange(2010, 2020))


def test_exponential_and_cubic_trends_find_their_own_curves():
    growth = trend(YEARS, [100 * 1.05**n for n in range(10)], "exponential")
    assert growth.per_year == pytest.approx(5) and growth.r_squared == pytest.approx(1)
    curve = trend(YEARS, [n**3 - 4 * n for n in range(10)], "cubic")
    assert curve.r_squared == pytest.approx(1) and curve.per_year is None
    assert curve.fitted == pytest.approx([n**3 - 4 * n for n in range(10)], abs=1e-6)


def test_a_quarter_is_a_quarter_of_a_year():
    quarters = [date(2020, m, 1) for m in (1, 4, 7, 10)]
    assert trend(quarters, [0, 1, 2, 3]).per_year == pytest.approx(4)


def test_what_has_no_trend():
    assert trend(YEARS[:2], [1, 2]) is None and trend(YEARS[:4], [1, 2, 3, 4], "cubic") is None
    assert trend(YEARS, [0, *range(9)], "exponential") is None
    assert trend(YEARS, [3] * 10).r_squared == 1
    with pytest.raises(SelectionError, match="not known"):
        trend(YEARS, range(10), "wave")
