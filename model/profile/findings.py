"""Say key figures in whole sentences, with the caution that the numbers deserve.

Numbers that stand beside each other in a sentence are compared as they are printed, so that no sentence calls 9,8 higher
than 9,8 or lets a change differ from the two values it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.catalogue import Area, Catalogue, Indicator
from model.profile.figures import Cell, KeyFigure
from model.profile.numbers import (
    MINUS,
    PERCENT_SIGN,
    format_indicator,
    format_percent,
    format_period,
    format_places,
    format_value,
    join_names,
    with_unit,
)
from model.profile.phrases import dative, in_area, say, subject, when
from model.profile.twins import POPULATION, Likeness, Twin
from model.query.interval import WORST_GRADE

_CAUTIONS = ("provisional", "estimated", "imputed", "forecast", "break")


def sentence(figure: KeyFigure, language: str = "de") -> str:
    """Return what the figure says: value, city, chance, places and every caution; or why there is no value."""
    if figure.now.is_empty:
        return say(_why_empty(figure.now), language, **_names(figure, language))
    main = f"{_value(figure, language)}{_against_city(figure, language)}."
    return " ".join([main, *_places(figure, language), *_cautions(figure, language)])


def change_sentence(figure: KeyFigure, language: str = "de") -> str:
    """Return how the value changed since the earlier period, or why that cannot be said; "" without an earlier period."""
    if figure.before is None or figure.change is None or figure.now.is_empty:
        return ""
    then = (figure.before.period, figure.indicator.frequency, language)
    if figure.change.status == "break":
        return say("change_break", language, period=when("dative", *then))
    if figure.before.is_empty:
        key = "change_suppressed" if figure.before.status == "suppressed" else "change_missing"
        return say(key, language, period=when("for", *then))
    return _moved(figure, figure.before, when("dative", *then), language)


def interval_sentence(figure: KeyFigure, language: str = "de") -> str:
    """Return how far chance alone could move the value; "" without an interval."""
    if figure.lower is None or figure.upper is None:
        return ""
    lower, upper = (format_indicator(limit, figure.indicator, language) for limit in (figure.lower, figure.upper))
    return say("interval", language, lower=lower, upper=upper)


def pair_sentence(first: KeyFigure, second: KeyFigure, beyond_chance: bool | None, language: str = "de") -> str:
    """Return which of two areas lies higher and whether by more than chance (see pair_beyond_chance); "" if one is empty."""
    if first.now.is_empty or second.now.is_empty or first.now.value is None or second.now.value is None:
        return ""
    indicator = first.indicator
    away = printed(first.now.value, indicator) - printed(second.now.value, indicator)
    key = "pair_equal" if away == 0 else "pair_higher" if away > 0 else "pair_lower"
    value, other = (format_indicator(f.now.value, indicator, language) for f in (first, second))
    period = when("in", first.now.period, indicator.frequency, language)
    names = {"title": indicator.title.of(language), "first": first.area.name, "second": second.area.name}
    text = say(key, language, value=value, other=other, period=period, **names)
    return text + (_verdict(beyond_chance, language) if away else "") + "."


def difference_words(difference: float, indicator: Indicator, language: str = "de") -> str:
    """Return the size of a difference: per cent as percentage points; counts and rates without their unit."""
    unit, number = indicator.unit.of(language), format_value(abs(difference), indicator.decimals, language)
    if unit == PERCENT_SIGN:
        return with_unit(number, "Prozentpunkte" if language == "de" else "percentage points", language)
    return number if indicator.kind in ("count", "rate") else with_unit(number, unit, language)


def judgement(difference: float, indicator: Indicator) -> str:
    """Return `favourable`, `unfavourable` or "" for a value that is higher (difference above 0) or lower."""
    if indicator.direction == "neutral" or difference == 0:
        return ""
    return "favourable" if (difference > 0) == (indicator.direction == "high_good") else "unfavourable"


def printed(value: float, indicator: Indicator) -> float:
    """Return the value as its printed form reads."""
    return float(f"{value:.{indicator.decimals}f}")


def _why_empty(cell: Cell) -> str:
    return cell.status if cell.status in ("suppressed", "not_applicable") else "missing"


def _names(figure: KeyFigure, language: str) -> dict[str, str]:
    return {
        "title": figure.indicator.title.of(language),
        "area": figure.area.name,
        "period": format_period(figure.now.period, figure.indicator.frequency, language),
    }


def _value(figure: KeyFigure, language: str) -> str:
    names, indicator = _names(figure, language), figure.indicator
    number, unit = format_value(figure.now.value, indicator.decimals, language), _unit(indicator, language)
    whom = subject(indicator, language)
    if not whom:
        return say("value_colon", language, value=with_unit(number, unit, language), **names)
    place = in_area(figure.area.name, language)
    period = when("in", figure.now.period, indicator.frequency, language)
    value = with_unit(number, dative(unit, language), language)
    return say("value", language, subject=whom, place=place, value=value, period=period)


def _unit(indicator: Indicator, language: str) -> str:
    """Return the unit, or "" where the title has said it already: Haushalte, Kita-Plätze je 100 Kinder."""
    unit = indicator.unit.of(language)
    return "" if unit in indicator.title.of(language) else unit


def _against_city(figure: KeyFigure, language: str) -> str:
    city = figure.city_now
    if city is None or city.is_empty or city.value is None or figure.now.value is None:
        return ""
    if figure.indicator.is_sum:
        return _share_of_city(figure, figure.now.value, city.value, language)
    away = printed(figure.now.value, figure.indicator) - printed(city.value, figure.indicator)
    number = format_value(city.value, figure.indicator.decimals, language)
    other = with_unit(number, _unit(figure.indicator, language), language)
    if away == 0:
        return say("equal", language, city=figure.city.name)  # a difference too small to print is not worth a verdict
    judged = judgement(away, figure.indicator) if figure.beyond_chance else ""
    key = ("higher" if away > 0 else "lower") + ("_judged" if judged else "")
    word = say(judged, language) if judged else ""
    return say(key, language, city=figure.city.name, other=other, judgement=word) + _verdict(figure.beyond_chance, language)


def _verdict(beyond_chance: bool | None, language: str) -> str:
    if beyond_chance is None:
        return ""
    return say("beyond_chance" if beyond_chance else "within_chance", language)


def _share_of_city(figure: KeyFigure, value: float, city: float, language: str) -> str:
    if figure.indicator.kind == "balance" or city <= 0 or value < 0:
        return ""
    return say("share_of_city", language, share=format_percent(100 * value / city, 1, language), city=figure.city.name)


def _places(figure: KeyFigure, language: str) -> list[str]:
    if figure.best is None or figure.worst is None:
        return []
    places = format_places(figure.best, figure.worst, figure.of, language)
    return [say("places", language, places=places[0].upper() + places[1:])]


def _cautions(figure: KeyFigure, language: str) -> list[str]:
    found = [say(f"is_{figure.now.status}", language)] if figure.now.status in _CAUTIONS else []
    return [*found, say("few_cases", language)] if figure.grade == WORST_GRADE else found


def _number(value: float, indicator: Indicator, language: str) -> str:
    return format_value(value, indicator.decimals, language)


def _moved(figure: KeyFigure, before: Cell, period: str, language: str) -> str:
    assert before.value is not None and figure.now.value is not None
    indicator = figure.indicator
    step = printed(figure.now.value, indicator) - printed(before.value, indicator)
    if round(step, indicator.decimals) == 0:
        return say("steady", language, period=period) + "."
    percent = indicator.unit.of(language) == PERCENT_SIGN
    earlier = format_indicator if percent else _number
    parts = {
        "change": difference_words(step, indicator, language),
        "before": earlier(before.value, indicator, language),
        "now": format_indicator(figure.now.value, indicator, language),
    }
    text = say("rise" if step > 0 else "fall", language, period=period, **parts)
    if figure.change_beyond_chance is not None:
        text += say("change_beyond_chance" if figure.change_beyond_chance else "change_within_chance", language)
    return text + "."


def twin_sentence(twin: Twin, area: Area, catalogue: Catalogue, language: str = "de") -> str:
    """Return who the twin is, what is almost the same, and what differs most."""
    parts = [say("twin", language, twin=catalogue.area(twin.area).name, area=area.name) + "."]
    for key, reasons in (("twin_alike", twin.alike), ("twin_unlike", twin.unlike)):
        if reasons:
            names = [_likeness(r, catalogue, language) for r in reasons]
            parts.append(say(key, language, names=join_names(names, language)))
    return " ".join(parts)


def mover_sentence(row: Mapping[str, Any], catalogue: Catalogue, language: str = "de") -> str:
    """Return one row of coverage.movers as a line: Kinderarmut in Mürwik: +3,1 Prozentpunkte auf 18,2 % (2025)."""
    indicator = catalogue.indicator(row["indicator"])
    step = printed(row["value"], indicator) - printed(row["before"], indicator)
    value = format_indicator(row["value"], indicator, language)
    return say(
        "mover", language, title=indicator.title.of(language), place=in_area(catalogue.area(row["area"]).name, language),
        change=_sign(step) + difference_words(step, indicator, language), value=value,
        period=format_period(row["period"], indicator.frequency, language),
    )  # fmt: skip


def _sign(step: float) -> str:
    return MINUS if step < 0 else "+" if step > 0 else "±"


def _likeness(reason: Likeness, catalogue: Catalogue, language: str) -> str:
    if reason.indicator == POPULATION:
        people = (format_value(value, 0, language) for value in (reason.own, reason.other))
        return say("size", language, own=next(people), other=next(people))
    indicator = catalogue.indicator(reason.indicator)
    own, other = (format_indicator(value, indicator, language) for value in (reason.own, reason.other))
    return say("likeness", language, title=indicator.title.of(language), own=own, other=other)
