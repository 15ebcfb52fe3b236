"""Places, percentiles and rank ranges by hand and as properties."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import percentileofscore, rankdata

from model.query.rank import percentile, quartile, rank, rank_range, ranking

NUMBERS = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=40)


def test_ties_share_the_better_place_and_empty_values_have_none():
    assert rank([5.0, 9.0, None, 9.0, 1.0]).tolist() == [3, 1, 0, 1, 4]
    assert rank([5.0, 9.0, None, 9.0, 1.0], descending=False).tolist() == [2, 3, 0, 3, 1]


@given(NUMBERS)
def test_rank_agrees_with_scipy_and_does_not_depend_on_the_scale(values):
    places = rank(values)
    assert places.tolist() == rankdata(-np.array(values), method="min").tolist()
    assert places.tolist() == rank([3 * v + 7 for v in values]).tolist()
    assert places.tolist() == rank([-v for v in values], descending=False).tolist()


@given(NUMBERS, st.randoms())
def test_rank_follows_its_area_when_the_order_of_rows_changes(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    assert rank([values[i] for i in order]).tolist() == rank(values)[order].tolist()


def test_rank_range_by_hand():
    # a 8–10, b 5–9, c 1–4, d without interval: c is surely below both, a and b overlap.
    span = rank_range([8, 5, 1, np.nan], [10, 9, 4, np.nan])
    assert span.best.tolist() == [1, 1, 3, 0]
    assert span.worst.tolist() == [2, 2, 3, 0]
    rising = rank_range([8, 5, 1, np.nan], [10, 9, 4, np.nan], descending=False)
    assert rising.best.tolist() == [2, 2, 1, 0] and rising.worst.tolist() == [3, 3, 1, 0]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 20)), min_size=1, max_size=30), st.booleans())
def test_rank_range_holds_the_rank_and_shrinks_to_it_without_width(pairs, descending):
    values = np.array([v for v, _ in pairs], dtype=float)
    widths = np.array([w for _, w in pairs], dtype=float)
    places = rank(values, descending=descending)
    span = rank_range(values - widths, values + widths, descending=descending)
    assert (span.best <= places).all() and (places <= span.worst).all()
    exact = rank_range(values, values, descending=descending)
    assert exact.best.tolist() == places.tolist()


@given(NUMBERS.filter(lambda v: len(v) > 1))
def test_percentile_agrees_with_scipy_apart_from_the_area_itself(values):
    for at, found in enumerate(percentile(values)):
        others = values[:at] + values[at + 1 :]
        assert abs(found - percentileofscore(others, values[at], kind="mean")) < 1e-9


def test_percentile_and_quartile_by_hand():
    assert percentile([1, 2, 3, np.nan]).tolist()[:3] == [0, 50, 100]
    assert np.isnan(percentile([1, 2, 3, np.nan])[3])
    assert percentile([7.0]).tolist() == [50.0]
    assert quartile([1, 2, 3, 4, np.nan]).tolist() == [1, 2, 3, 4, 0]
    assert quartile([np.nan]).tolist() == [0]


def test_ranking_is_ordered_and_keeps_empty_areas_at_the_end():
    table = pl.DataFrame({"area": ["a", "b", "c"], "value": [1.0, None, 3.0], "status": ["normal", "suppressed", "normal"]})
    intervals = pl.DataFrame({"area": ["a", "c"], "lower": [0.5, 2.0], "upper": [2.5, 4.0], "grade": ["C", "A"]})
    frame = ranking(table, intervals)
    assert frame["area"].to_list() == ["c", "a", "b"]
    assert frame["rank"].to_list() == [1, 2, None]
    assert frame["best"].to_list() == [1, 1, None] and frame["worst"].to_list() == [2, 2, None]
    assert frame["percentile"].to_list() == [100.0, 0.0, None]
    assert frame["grade"].to_list() == ["A", "C", ""]
    assert ranking(table)["best"].to_list() == [None, None, None]
