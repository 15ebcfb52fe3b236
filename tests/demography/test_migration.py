"""Movements: gross from net, smooth profiles, destinations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.demography.migration import destinations, net_to_gross, smooth_over_age

AMOUNT = st.floats(0.01, 1e4)


@given(arrivals=AMOUNT, departures=AMOUNT, net=st.floats(-1e4, 1e4))
def test_gross_moves_differ_by_the_net_and_keep_their_product(arrivals: float, departures: float, net: float) -> None:
    grown, shrunk = net_to_gross(np.array(arrivals), np.array(departures), np.array(net))
    assert float(grown - shrunk) == pytest.approx(net, abs=1e-6 * max(abs(net), 1.0))
    assert float(grown * shrunk) == pytest.approx(arrivals * departures, rel=1e-4)


def test_a_net_that_is_there_already_changes_nothing() -> None:
    grown, shrunk = net_to_gross(np.array([30.0]), np.array([20.0]), np.array([10.0]))
    assert (grown[0], shrunk[0]) == pytest.approx((30.0, 20.0))


def test_where_no_gross_moves_are_known_the_net_decides() -> None:
    grown, shrunk = net_to_gross(np.zeros(2), np.zeros(2), np.array([5.0, -3.0]))
    assert grown.tolist() == [5.0, 0.0]
    assert shrunk.tolist() == [0.0, 3.0]


def test_smoothing_keeps_the_sum_and_the_first_age() -> None:
    values = np.random.default_rng(2).uniform(0.0, 10.0, (3, 101))
    smooth = smooth_over_age(values)
    assert smooth.sum(axis=-1) == pytest.approx(values.sum(axis=-1))
    assert (smooth[:, 0] == values[:, 0]).all()
    assert np.abs(np.diff(smooth[:, 1:])).mean() < np.abs(np.diff(values[:, 1:])).mean() / 2


def test_destinations_sum_to_one_even_where_nobody_moved() -> None:
    moved = np.zeros((3, 2, 101))
    moved[0, :, 30] = 5.0
    shares = destinations(moved, np.ones((3, 2, 101)))
    assert shares.sum(axis=0) == pytest.approx(np.ones((2, 101)))
    assert shares[0, 0, 30] > 0.99
