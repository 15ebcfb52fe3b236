"""Fertility schedules: total rate, mean age, births."""

from __future__ import annotations

import numpy as np
import pytest

from model.demography.fertility import births_of, by_sex, mean_age, total_rate, with_mean_age, with_total_rate
from model.demography.population import MOTHERS

ASFR = np.exp(-0.5 * ((MOTHERS - 30.0) / 5.0) ** 2) / 10.0


def test_scaling_reaches_the_total_rate_and_keeps_the_age_pattern() -> None:
    scaled = with_total_rate(ASFR, 1.6)
    assert total_rate(scaled) == pytest.approx(1.6)
    assert scaled / scaled.sum() == pytest.approx(ASFR / ASFR.sum())


def test_shifting_reaches_the_mean_age_and_keeps_the_total_rate() -> None:
    shifted = with_mean_age(ASFR, 32.6)
    assert mean_age(shifted) == pytest.approx(32.6, abs=0.02)
    assert total_rate(shifted) == pytest.approx(total_rate(ASFR))


def test_births_by_hand() -> None:
    """80 women of 20 at the start, 100 at the end, a fifth has a child: 90 × 0.2 = 18, of them 9.22 boys at 1.05."""
    start, end, rate = np.zeros(35), np.zeros(35), np.zeros(35)
    start[5], end[5], rate[5] = 80.0, 100.0, 0.2
    births = births_of(start, end, rate)
    assert births == pytest.approx(18.0)
    assert by_sex(births, 1.05) == pytest.approx([18.0 / 2.05, 18.0 * 1.05 / 2.05])
