"""Rates of small areas: how far their own numbers carry, which areas are alike."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.small_areas import area_types, reliability, shrinkage, shrunk_level


def test_areas_that_differ_by_chance_alone_get_the_level_of_the_city() -> None:
    draw = np.random.default_rng(4)
    expected = draw.uniform(20.0, 200.0, 60)
    levels = shrunk_level(draw.poisson(expected).astype(float), expected)
    assert np.abs(levels - 1.0).max() < 0.12


def test_the_known_spread_between_areas_is_found() -> None:
    """Levels drawn with standard deviation 0.3: k should be about 1 / 0.09 = 11."""
    draw = np.random.default_rng(5)
    expected = np.full(4000, 50.0)
    true = draw.gamma(1 / 0.09, 0.09, 4000)
    events = draw.poisson(expected * true).astype(float)
    assert shrinkage(events, expected) == pytest.approx(1 / 0.09, rel=0.15)
    shrunk = shrunk_level(events, expected)
    assert ((shrunk - true) ** 2).mean() < ((events / expected - true) ** 2).mean()


def test_the_level_is_events_and_k_over_expected_and_k() -> None:
    events, expected = np.array([30.0, 80.0, 10.0]), np.array([40.0, 50.0, 30.0])
    k = shrinkage(events, expected)
    assert shrunk_level(events, expected) == pytest.approx((events + k) / (expected + k))


def test_similar_profiles_share_a_type_and_weak_areas_join_one() -> None:
    young, old = np.array([80.0, 15.0, 5.0]), np.array([5.0, 15.0, 80.0])
    profiles = np.stack([young, young * 3, old, old * 2, old * 0.01])
    types = area_types(profiles, most=2, weight=profiles.sum(axis=1))
    assert types[0] == types[1] != types[2]
    assert types[2] == types[3] == types[4]


def test_grades_follow_the_number_of_residents() -> None:
    grades = reliability(np.array([12_000.0, 9_000.0, 5_000.0, 400.0]))
    assert [grade.id for grade in grades] == ["good", "limited", "weak", "very_weak"]
