"""What was chosen by the real series of the Kreise still holds on them."""

from __future__ import annotations

import numpy as np

from model.forecast.assess.record import summarise
from model.forecast.assess.trend import steered_as_known
from tests.forecast.districts import OF_KIND, error, panels, past, score


def test_logit_is_the_better_scale_of_shares() -> None:
    shares = panels()["share"]
    logit, plain = ([past(panel, form) for panel in shares] for form in ("logit", "plain"))
    assert np.mean([error(one) for one in logit]) < np.mean([error(one) for one in plain])
    assert np.exp(np.mean(np.log([score(a) / score(b) for a, b in zip(logit, plain, strict=True)]))) < 1


def test_learning_the_trend_lowers_the_error_judged_by_earlier_outcomes_only() -> None:
    made = [past(panel, OF_KIND[kind]) for kind, found in panels().items() for panel in found]
    untouched, learnt = (np.mean([error(one) for one in each]) for each in (made, map(steered_as_known, made)))
    assert learnt < untouched - 0.1 and learnt < 1.05


def test_calibrated_intervals_are_honest_on_average() -> None:
    records = [
        summarise(past(panel, OF_KIND[kind]), "district", steer=True) for kind, found in panels().items() for panel in found
    ]
    assert 0.76 < np.mean([record.coverage["80"] for record in records]) < 0.90
    assert 0.90 < np.mean([record.coverage["95"] for record in records]) < 0.97
