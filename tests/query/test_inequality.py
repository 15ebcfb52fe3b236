"""Inequality by hand, against a second formula, and as properties."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.query.inequality import dissimilarity, dissimilarity_over_time, gini, inequality_over_time, quintile_ratio
from model.vocabulary import SCHEMA

AMOUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 30)), min_size=1, max_size=25).filter(
    lambda pairs: any(v for v, _ in pairs)
)


@given(AMOUNTS)
def test_gini_agrees_with_the_mean_difference_of_all_pairs_of_people(pairs):
    values, weights = np.array(pairs, dtype=float).T
    people = np.repeat(values, weights.astype(int))
    expected = np.abs(people[:, None] - people[None, :]).mean() / (2 * people.mean())
    found = gini(values, weights)
    assert found == pytest.approx(expected, abs=1e-9) and 0 <= found <= 1


@given(AMOUNTS, st.floats(0.1, 100))
def test_gini_does_not_depend_on_the_unit_or_the_order(pairs, factor):
    values, weights = np.array(pairs, dtype=float).T
    assert gini(values * factor, weights) == pytest.approx(gini(values, weights), abs=1e-9)
    assert gini(values[::-1], weights[::-1]) == pytest.approx(gini(values, weights), abs=1e-9)


def test_gini_by_hand():
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)  # one of four has everything
    assert gini([1, 3, None]) == pytest.approx(0.25)
    assert gini([1, 3], [3, 1]) == pytest.approx(gini([1, 1, 1, 3]))
    assert gini([]) is None and gini([0, 0]) is None and gini([-1, 2]) is None


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=30))
def test_dissimilarity_is_a_share_and_symmetric(pairs):
    a, b = np.array(pairs, dtype=float).T
    found = dissimilarity(a, b)
    if a.sum() and b.sum():
        # the second formula: one minus what both distributions have in common
        assert found == pytest.approx(1 - np.minimum(a / a.sum(), b / b.sum()).sum(), abs=1e-9)
        assert found == pytest.approx(dissimilarity(b, a)) and -1e-12 <= found <= 1 + 1e-12
    else:
        assert found is None


def test_dissimilarity_by_hand():
    assert dissimilarity([10, 0], [0, 50]) == 1 and dissimilarity([10, 20], [1, 2]) == pytest.approx(0)
    assert dissimilarity([30, 10, None], [10, 30, 5]) == pytest.approx(0.5)


def test_quintile_ratio_by_hand():
    assert quintile_ratio([1, 2, 3, 4, 5]) == 5
    assert quintile_ratio([10, 10, 20]) == 2
    # 100 people: the lowest 20 are 10 at 1 and 10 at 2 (mean 1.5), the highest 20 are at 6
    assert quintile_ratio([1, 2, 6], [10, 60, 30]) == pytest.approx(4)
    assert quintile_ratio([0, 1, 2, 3, 4]) is None and quintile_ratio([None]) is None


def rows(*values: tuple[str, int, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("x", a, date(y, 1, 1), "_T", "_T", "observed", v, None, None, "normal" if v is not None else "suppressed", "s")
            for a, y, v in values
        ],
        schema=SCHEMA,
        orient="row",
    )


def test_the_course_over_time_leaves_out_empty_areas():
    table = rows(("b", 2021, 3.0), ("a", 2020, 1.0), ("b", 2020, 3.0), ("c", 2020, None), ("a", 2021, 3.0))
    course = inequality_over_time(table)
    assert course["period"].to_list() == [date(2020, 1, 1), date(2021, 1, 1)]
    assert course["n"].to_list() == [2, 2] and course["range"].to_list() == [2.0, 0.0]
    assert course["gini"].to_list() == pytest.approx([0.25, 0.0]) and course["quintile_ratio"].to_list() == pytest.approx(
        [3.0, 1.0]
    )
    weighted = inequality_over_time(table, rows(("a", 2020, 3.0), ("b", 2020, 1.0)))
    assert weighted["period"].to_list() == [date(2020, 1, 1)] and weighted["gini"][0] == pytest.approx(0.25)
    assert inequality_over_time(table.clear()).height == 0


def test_dissimilarity_over_time():
    group = rows(("a", 2020, 10.0), ("b", 2020, 0.0), ("a", 2021, None), ("b", 2021, 4.0))
    others = rows(("a", 2020, 0.0), ("b", 2020, 9.0), ("a", 2021, 4.0), ("b", 2021, 4.0))
    course = dissimilarity_over_time(group, others)
    assert course["dissimilarity"].to_list() == [1.0, 0.0] and course["n"].to_list() == [2, 1]
