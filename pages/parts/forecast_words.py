"""What to expect, how sure that is and how often such statements came true: the sentences of the forecast page."""

from __future__ import annotations

from datetime import date
from math import isnan

import polars as pl

from model.catalogue import Indicator
from model.forecast.areas.reliability import HONEST, SMALL_COUNT
from model.forecast.areas.table import Forecast
from model.forecast.assess.record import Record
from model.forecast.future import NOTES
from model.profile.captions import Caption, map_caption
from model.profile.findings import printed
from model.profile.numbers import format_change, format_indicator, format_percent, format_period, format_value, with_unit
from model.profile.phrases import in_area, when
from model.publish.outlook import GRADE_WORDS, QUICK, WITHHELD, why_not
from pages.parts import ahead
from pages.parts.forecast_choices import Choice
from pages.parts.forecast_data import Point
from pages.parts.frame import language, reader, t

OPEN = 0.06  # nearer to one half neither rise nor fall is the likelier


def title(choice: Choice, made: Forecast | None, period: date | None, found: Point | None) -> str:
    """Say in one sentence what to expect of the first area in the chosen period, and how sure that is."""
    head = {"indicator": choice.indicator.title.of(language()), "place": _place(choice.area)}
    if made is None or period is None or found is None:
        return t("forecast.title_none", **head)
    return t(
        "forecast.title",
        **head,
        when=when("in", period, choice.indicator.frequency, language()),
        value=_write(found.value, choice.indicator),
        odds=t(f"forecast.odds_{choice.level}"),
        low=format_value(found.lower, choice.indicator.decimals, language()),
        high=_write(found.upper, choice.indicator),
    )


def why_none(choice: Choice, made: Forecast | None) -> str:
    """Say why the first area cannot be forecast."""
    if made is None:
        return t("forecast.cannot", why=t("forecast.why_nothing"))
    reasons = [why for code, why in zip(made.keys["area"], made.reasons, strict=True) if code == choice.area]
    if reasons and reasons[0] in WITHHELD:
        return t("forecast.cannot", why=t(f"forecast.why_{reasons[0]}"))
    return t("forecast.cannot", why=why_not(made, choice.area, language()) or t("forecast.why_observed"))


def subtitle(choice: Choice) -> str:
    """Say what is measured: unit, and by which method it is continued."""
    indicator, tongue = choice.indicator, language()
    last = ahead.last_observed(indicator, choice.area)
    return t(
        "forecast.subtitle",
        indicator=indicator.title.of(tongue),
        unit=indicator.unit.of(tongue),
        method=t(f"forecast.method_{choice.method}"),
        last=format_period(last[0], indicator.frequency, tongue) if last else "–",
    )


def unit_finding(choice: Choice, period: date) -> Caption:
    """Say where the highest value of the spatial unit is expected."""
    codes = [area.code for area in reader().catalogue.areas_of(choice.unit)]
    rows = ahead.quantiles(choice.indicator, choice.method).filter((pl.col("period") == period) & pl.col("area").is_in(codes))
    there = rows.with_columns(status=pl.lit("forecast"))
    said = map_caption(there, reader().catalogue, choice.indicator, period, None, language())
    return Caption(t("forecast.unit_finding", finding=said.message), said.detail)


def expectation(choice: Choice, made: Forecast, period: date, found: Point) -> str:
    """Say how the expected value compares with the latest one, and how likely a rise is."""
    last = ahead.last_observed(choice.indicator, choice.area)
    if last is None:
        return ""
    step = printed(found.value, choice.indicator) - printed(last[1], choice.indicator)
    change = format_change(abs(step), choice.indicator, language()).lstrip("+±")
    kind = "rise" if step > 0 else "fall" if step < 0 else "steady"
    rise = made.probability_above(choice.area, period, last[1])
    return t(
        f"forecast.expect_{kind}",
        last=format_period(last[0], choice.indicator.frequency, language()),
        value=_write(last[1], choice.indicator),
        change=change,
        direction=_direction(rise),
    )


def _direction(rise: float) -> str:
    """Say how likely a rise or fall is; near one half that it is open."""
    if abs(rise - 0.5) < OPEN:
        return t("forecast.open")
    side = t("forecast.higher" if rise > 0.5 else "forecast.lower")
    return t("forecast.direction", chance=chance(max(rise, 1 - rise)), side=side)


def odds(choice: Choice, made: Forecast, period: date, area: str) -> str:
    """Say how likely the value lies beyond the reader's threshold, the likelier side first; "" without a threshold."""
    if choice.threshold is None:
        return ""
    above = made.probability_above(area, period, choice.threshold)
    return t(
        "forecast.odds_above" if above >= 0.5 else "forecast.odds_below",
        chance=chance(max(above, 1 - above)),
        other=chance(min(above, 1 - above)),
        place=_place(area),
        indicator=choice.indicator.title.of(language()),
        threshold=_write(choice.threshold, choice.indicator),
        when=when("in", period, choice.indicator.frequency, language()),
    )


def chance(probability: float) -> str:
    """Write a probability in whole per cent; nothing about the future is certain."""
    if probability > 0.99:
        return t("forecast.chance_over", chance=format_percent(99, 0, language()))
    if probability < 0.01:
        return t("forecast.chance_under", chance=format_percent(1, 0, language()))
    return format_percent(100 * probability, 0, language())


def certainty(choice: Choice, made: Forecast, record: Record | None, found: Point) -> tuple[str, str]:
    """Return the grade of reliability in words, and why it is not better."""
    row = made.row(choice.area)
    reasons = [t("forecast.because_width", half=format_percent(100 * found.half_width, 0, language()))]
    if choice.indicator.kind == "count" and found.value < SMALL_COUNT:
        reasons.append(t("forecast.because_small", n=format_value(SMALL_COUNT, 0, language())))
    if record is None or not record.cases:
        reasons.append(t("forecast.because_unproven"))
    elif record.coverage["80"] < HONEST:
        reasons.append(t("forecast.because_dishonest"))
    elif record.drift_wins:
        reasons.append(t("forecast.because_drift"))
    reasons += [NOTES[note].of(language()) for note in made.notes[row]]
    return GRADE_WORDS[found.grade].of(language()), "; ".join(reasons)


def came_true(choice: Choice, record: Record | None) -> list[str]:
    """Say how often such statements came true over all areas, how far off they were, and what would have done better."""
    if choice.method not in QUICK:
        return [t("forecast.record_slow")]
    if record is None or not record.cases:
        return [t("forecast.record_none")]
    level = "95" if choice.level == 95 else "80"
    share, of = record.coverage[level], 20 if level == "95" else 10
    cases = format_value(record.cases, 0, language())
    few = t("forecast.record_share", share=format_percent(100 * share, 0, language()), cases=cases)
    said = [few if round(of * share) == of else t("forecast.record", n=round(of * share), of=of, cases=cases)]
    years = max((int(y) for y, miss in record.miss.items() if not isnan(miss)), default=0)
    if years:
        said.append(t("forecast.record_miss_one" if years == 1 else "forecast.record_miss", years=years,
                      miss=_miss(record.miss[str(years)], choice.indicator)))  # fmt: skip
    return [*said, *_better(choice, record)]


def _better(choice: Choice, record: Record) -> list[str]:
    """Name the benchmark that would have missed by least, where the method did not."""
    errors = {choice.method: record.mase, "drift": record.mase_drift, "naive": record.mase_naive}
    best = min(errors, key=lambda method: errors[method])
    return [] if best == choice.method else [t(f"forecast.record_{best}")]


def _miss(value: float, indicator: Indicator) -> str:
    """Write a median miss with one more decimal than the indicator where it would else read as nothing."""
    decimals = indicator.decimals + (abs(value) < 0.5 * 10.0**-indicator.decimals)
    unit = indicator.unit.of(language())
    return with_unit(format_value(value, decimals, language()), t("forecast.points") if unit == "%" else unit, language())


def _write(value: float, indicator: Indicator) -> str:
    return format_indicator(value, indicator, language())


def _place(area: str) -> str:
    return in_area(reader().catalogue.area(area).name, language())
