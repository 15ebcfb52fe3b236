"""Forecasts that add up: against the closed form, against the general formula written out, and within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.forecast.areas.reconcile import Sum, reconcile, two_levels


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), areas=st.integers(2, 12))
def test_equals_the_closed_form_of_two_levels(seed: int, areas: int) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(50, 100, (areas + 1, 3))
    values[0] = values[1:].sum(axis=0) * random.uniform(0.9, 1.1, 3)
    variances = random.uniform(0.5, 20, values.shape)
    found = reconcile(values, variances, [Sum(0, tuple(range(1, areas + 1)))])
    assert found[1:] == pytest.approx(two_levels(values[0], values[1:], variances[0], variances[1:]), rel=1e-9)
    assert found[0] == pytest.approx(found[1:].sum(axis=0), rel=1e-14)


def test_equals_the_projection_over_three_levels() -> None:
    random = np.random.default_rng(3)
    sums = [Sum(0, (1, 2)), Sum(1, (3, 4, 5)), Sum(2, (6, 7))]
    values, variances = random.uniform(50, 100, (8, 1)), random.uniform(1, 9, (8, 1))
    values[1:3] *= 3
    values[0] *= 6
    c = np.zeros((3, 8))
    for row, one in enumerate(sums):
        c[row, one.parent] = -1
        c[row, list(one.parts)] = 1
    w, y = np.diag(variances[:, 0]), values[:, 0]
    expected = y - w @ c.T @ np.linalg.inv(c @ w @ c.T) @ c @ y
    found = reconcile(values, variances, sums)[:, 0]
    assert found == pytest.approx(expected, rel=1e-9)
    assert np.abs(c @ found).max() < 1e-9


def test_what_adds_up_already_is_left_alone() -> None:
    values = np.array([[30.0], [10.0], [20.0]])
    assert reconcile(values, np.ones((3, 1)), [Sum(0, (1, 2))]) == pytest.approx(values, rel=1e-12)


def test_counts_do_not_fall_below_zero() -> None:
    values, variances = np.array([[10.0], [1.0], [39.0]]), np.array([[0.1], [50.0], [50.0]])
    found = reconcile(values, variances, [Sum(0, (1, 2))])
    assert found[1, 0] == 0.0 and found[0] == pytest.approx(found[2])
    signed = reconcile(values, variances, [Sum(0, (1, 2))], positive=False)
    assert signed[1, 0] < 0 and signed[0] == pytest.approx(signed[1:].sum(axis=0))


def test_control_totals_are_kept() -> None:
    values, fixed = np.array([[100.0], [30.0], [50.0]]), np.array([[True], [False], [False]])
    found = reconcile(values, np.array([[9.0], [1.0], [3.0]]), [Sum(0, (1, 2))], fixed=fixed)
    assert found[:, 0] == pytest.approx([100.0, 35.0, 65.0])


def test_a_sum_with_a_missing_part_is_left_out() -> None:
    values = np.array([[100.0, 100.0], [30.0, 30.0], [np.nan, 50.0]])
    found = reconcile(values, np.ones((3, 2)), [Sum(0, (1, 2))])
    assert found[:2, 0].tolist() == [100.0, 30.0] and np.isnan(found[2, 0])
    assert found[0, 1] == pytest.approx(found[1:, 1].sum())


def test_parts_without_spread_can_still_be_added_up() -> None:
    found = reconcile(np.array([[10.0], [4.0], [4.0]]), np.zeros((3, 1)), [Sum(0, (1, 2))])
    assert found[0, 0] == pytest.approx(found[1, 0] + found[2, 0]) and np.isfinite(found).all()
