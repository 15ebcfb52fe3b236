"""Sum up what became of past forecasts: width factor, errors against naive and drift, coverage, misses after 1, 3, 5 years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.catalogue import Indicator
from model.forecast.assess.rolling import Past
from model.forecast.assess.trend import steered, steered_as_known, trend_of
from model.forecast.series import Flags, Floats

NARROWEST: Final = 0.8
WIDEST: Final = 1.6
UNKNOWN_WIDTH: Final = 1.10  # with fewer residuals than FEW nothing can be learnt
FEW: Final = 30
NORMAL: Final = {80.0: 1.2815515655446004, 95.0: 1.959963984540054}
MISS_YEARS: Final = (1, 3, 5)


@dataclass(frozen=True)
class Record:
    """Hold the track record of one indicator under one method.

    `width` is the conformal factor on the intervals, `trend` the part of the forecast trend that came true; `coverage`
    (80 and 95 %) is measured with the factor learnt from the other origins; the errors are mean absolute scaled errors, the
    unit being the mean yearly change before the origin; `score` is the mean scaled 95 % interval score; `miss` the median
    miss after 1, 3, 5 years in the indicator's unit.
    """

    indicator: str
    method: str
    cases: int
    residuals: int
    origins: tuple[int, ...]
    width: float
    trend: float
    mase: float
    mase_naive: float
    mase_drift: float
    coverage: Mapping[str, float]
    score: float
    score_uncalibrated: float
    miss: Mapping[str, float]

    @property
    def drift_wins(self) -> bool:
        """Tell whether a random walk with drift would have missed by less."""
        return self.mase_drift < self.mase

    @property
    def naive_wins(self) -> bool:
        """Tell whether "it stays as it is" would have missed by less."""
        return self.mase_naive < self.mase

    def sentence(self, indicator: Indicator, language: str = "de") -> str:
        """Return the record in plain words: how often right, how far off after five years (or the longest known)."""
        return _sentence(self, indicator, language)


def summarise(past: Past, indicator: str, method: str = "combination", *, steer: bool = False) -> Record:
    """Return the track record of past forecasts; `steer` lets the trend be learnt, and judges it as it was known then."""
    trend = trend_of(past) if steer else 1.0
    width = width_of(steered(past, trend).distance)
    past = steered_as_known(past) if steer else past
    scaled = past.unit > 0
    unit = np.where(scaled, past.unit, 1.0)

    def error(said: Floats) -> float:
        return _mean((np.abs(past.actual - said) / unit)[scaled])

    factors = _factors_of_others(past)
    return Record(
        indicator=indicator,
        method=method,
        cases=past.cases,
        residuals=len(past.actual),
        origins=tuple(int(origin) for origin in np.unique(past.origin)),
        width=width,
        trend=trend,
        mase=error(past.value),
        mase_naive=error(past.naive),
        mase_drift=error(past.drift),
        coverage={f"{level:g}": _mean(np.abs(past.distance) <= NORMAL[level] * factors) for level in NORMAL},
        score=_mean((_score(past, factors) / unit)[scaled]),
        score_uncalibrated=_mean((_score(past, np.ones(len(unit))) / unit)[scaled]),
        miss={str(years): _miss(past, years) for years in MISS_YEARS},
    )


def width_of(distance: Floats) -> float:
    """Return the factor on the spread that makes the 80 and 95 % intervals right on these residuals, within bounds."""
    known = np.abs(distance[~np.isnan(distance)])
    if len(known) < FEW:
        return UNKNOWN_WIDTH
    ratios = [float(np.quantile(known, level / 100)) / normal for level, normal in NORMAL.items()]
    return float(np.clip(np.sqrt(ratios[0] * ratios[1]), NARROWEST, WIDEST))


def _factors_of_others(past: Past) -> Floats:
    """Return, per residual, the width learnt from all origins but its own: a factor must not judge itself."""
    factors = np.ones(len(past.origin))
    for origin in np.unique(past.origin):
        own = past.origin == origin
        factors[own] = width_of(past.distance[~own])
    return factors


def _score(past: Past, factors: Floats) -> Floats:
    reach = NORMAL[95.0] * factors * past.spread
    lower, upper = past.scale.back(past.centre - reach), past.scale.back(past.centre + reach)
    outside = np.maximum(lower - past.actual, 0.0) + np.maximum(past.actual - upper, 0.0)
    return upper - lower + 2 / 0.05 * outside


def _miss(past: Past, years: int) -> float:
    then = past.step == years * past.season
    return float(np.median(np.abs(past.actual - past.value)[then])) if then.any() else float("nan")


def _mean(values: Floats | Flags) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _sentence(record: Record, indicator: Indicator, language: str) -> str:
    german = language != "en"
    if not record.cases:
        return "Noch keine Rückrechnung möglich." if german else "No back-test is possible yet."
    inside = f"{10 * record.coverage['80']:.0f}"
    years = max((int(y) for y, miss in record.miss.items() if not np.isnan(miss)), default=0)
    miss = f"{record.miss[str(years)]:,.{indicator.decimals}f}" if years else ""
    unit = indicator.unit.of(language)
    unit = ("Punkte" if german else "points") if "%" in unit else unit
    if german:
        miss = miss.replace(",", "\u202f").replace(".", ",")
        tail = f"; Prognosen über {years} Jahr{'e' * (years > 1)} verfehlten den Wert im Median um {miss} {unit}" if years else ""
        return (
            f"In {inside} von 10 vergleichbaren früheren Fällen lag der Wert im dunklen Band{tail} "
            f"({record.cases} Rückrechnungen)."
        )
    tail = f"; {years}-year forecasts missed by {miss} {unit} on the median" if years else ""
    return f"In {inside} of 10 comparable past cases the value lay in the dark band{tail} ({record.cases} back-tests)."
