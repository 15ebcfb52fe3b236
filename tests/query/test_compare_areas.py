"""Comparison figures by hand and against second libraries."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from model.query.compare import (
    columns_for,
    distribution,
    fisher_interval,
    grid_places,
    robust_scores,
    scatter,
    shared_scale,
    spine,
    z_scores,
)

PAIRS = st.lists(st.tuples(st.integers(-100, 100), st.integers(-100, 100)), min_size=6, max_size=40).filter(
    lambda pairs: len({a for a, _ in pairs}) > 2 and len({b for _, b in pairs}) > 2
)


@given(PAIRS)
def test_scatter_agrees_with_scipy_and_statsmodels(pairs):
    x, y = np.array(pairs, dtype=float).T
    found = scatter(x, y)
    expected = pearsonr(x, y)
    assert found.pearson == pytest.approx(expected.statistic, abs=1e-9)
    assert found.spearman == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)
    model = sm.OLS(y, sm.add_constant(x)).fit()
    assert (found.intercept, found.slope) == pytest.approx(tuple(model.params), abs=1e-6)
    if abs(found.pearson) < 0.999:
        limits = expected.confidence_interval(0.95)
        assert (found.lower, found.upper) == pytest.approx((limits.low, limits.high), abs=1e-9)
        influence = model.get_influence()
        # a residual off an otherwise perfect line is infinite here and huge there
        usual = (influence.hat_matrix_diag < 0.99) & (np.abs(influence.resid_studentized_external) < 1e8)
        assert found.residuals[usual] == pytest.approx(influence.resid_studentized_external[usual], rel=1e-5, abs=1e-7)


def test_weighted_line_agrees_with_statsmodels():
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=20), rng.integers(100, 9000, 20).astype(float)
    y = 2 * x + rng.normal(size=20)
    found = scatter(x, y, w)
    model = sm.WLS(y, sm.add_constant(x), weights=w).fit()
    assert (found.intercept, found.slope) == pytest.approx(tuple(model.params))
    assert found.pearson == pytest.approx(np.sqrt(model.rsquared))
    assert found.pearson == pytest.approx(np.corrcoef(np.repeat(x, w.astype(int)), np.repeat(y, w.astype(int)))[0, 1])
    assert found.lower < scatter(x, y, np.ones(20)).pearson


def test_an_area_far_from_the_line_is_an_outlier():
    x = np.arange(20.0)
    y = 3 * x + np.tile([0.5, -0.5], 10)
    y[7] += 30
    found = scatter([*x, None, 4.0], [*y, 5.0, None])
    assert found.outliers == (7,) and found.n == 20
    assert np.isnan(found.residuals[-2:]).all()
    assert found.beyond_chance


def test_a_perfect_line_has_no_outliers_and_too_few_areas_no_line():
    perfect = scatter(range(8), [3 * v + 1 for v in range(8)])
    assert perfect.pearson == 1 and perfect.outliers == () and (perfect.lower, perfect.upper) == (1, 1)
    for x, y in (([1, 2], [3, 4]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [5, 5, 5]), ([], [])):
        assert scatter(x, y).pearson is None and not scatter(x, y).beyond_chance
    assert scatter([1, 2, 4], [1, 3, 3]).lower is None
    assert fisher_interval(0.5, 28) == pytest.approx((0.1562, 0.7364), abs=1e-3)


def test_spine_has_the_city_in_the_middle_and_good_to_the_right():
    values = [1, 2, 3, 4, 9, None]
    line = spine(values, 3.0, 9.0, "high_good")
    assert (line.lowest, line.lower_quartile, line.median, line.upper_quartile, line.highest) == (1, 2, 3, 4, 9)
    assert line.positions == pytest.approx((0.5 - 2 / 12, 0.5 - 1 / 12, 0.5, 0.5 + 1 / 12, 1.0, 0.5, 1.0))
    bad = spine(values, 3.0, 9.0, "high_bad")
    assert bad.flipped and bad.positions == pytest.approx([1 - p for p in line.positions])
    assert spine(values, None, None).positions[5:] == (None, None)
    assert spine([None], 3.0, 3.0) is None
    assert spine([5, 5], 5, 5).positions == (0.5,) * 7


@given(st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=80))
def test_a_histogram_counts_every_value(values):
    found = distribution(values)
    assert sum(found.counts) == len(values) and len(found.edges) == len(found.counts) + 1 <= 31
    assert found.edges[0] <= min(values) and max(values) <= found.edges[-1]
    assert found.whisker_low <= found.lower_quartile + 1e-9 and found.upper_quartile <= found.whisker_high + 1e-9


def test_distribution_by_hand():
    found = distribution([1, 2, 3, 4, 5, 6, 7, 8, 40, None])
    assert found.outliers == (40.0,) and found.whisker_high == 8 and found.median == 5
    # Freedman–Diaconis: 2 · (7 − 3) ÷ 9^⅓ = 3.85 wide, 39 ÷ 3.85 → 11 bins
    assert len(found.counts) == 11
    assert distribution([None]) is None and distribution([4.0, 4.0]).counts == (2,)


def test_scores_by_hand():
    assert z_scores([2, 4, 4, 4, 5, 5, 7, 9, None]).tolist()[:-1] == [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]
    assert z_scores([1, 3], "high_bad").tolist() == [1, -1]
    assert z_scores([3, 3]).tolist() == [0, 0] and np.isnan(z_scores([None])).all()
    assert robust_scores([1, 2, 3, 4, 100])[:2] == pytest.approx([-2 / 1.4826, -1 / 1.4826])
    assert robust_scores([0, 0, 0, 0, 5])[4] == pytest.approx(5 / 1.2533)
    assert robust_scores([7, 7]).tolist() == [0, 0]


def test_small_charts_share_a_scale_and_stand_in_a_grid():
    assert shared_scale([[1, 2], [None, 9]]) == (1, 9) and shared_scale([[1, 2]], from_zero=True) == (0, 2)
    assert shared_scale([]) is None and shared_scale([[None]]) is None
    assert [columns_for(n) for n in (1, 2, 4, 28)] == [1, 2, 2, 7]
    assert columns_for(9) == 3  # four columns would leave a lone ninth chart


def test_charts_lie_as_the_areas_do():
    # A square of four areas: north-west, north-east, south-west, south-east.
    assert grid_places([0, 1, 0, 1], [1, 1, 0, 0], aspect=1) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    rng = np.random.default_rng(1)
    places = grid_places(rng.normal(size=28), rng.normal(size=28))
    assert len(set(places)) == 28
    assert grid_places([5.0], [5.0]) == [(0, 0)] and grid_places([], []) == []
