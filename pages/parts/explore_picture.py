"""One picture of the map page as a value: its rows, classes and the words about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Indicator
from model.profile.captions import Caption, map_caption
from model.profile.numbers import format_change, format_indicator, format_percent, format_period, format_value
from model.query.change import change
from pages.parts import cache, explore_choices
from pages.parts.explore_choices import Choice
from pages.parts.frame import language, reader, t
from pages.parts.scene import Scene, scene


@dataclass(frozen=True)
class Picture:
    """One map's worth: its indicator and period(s), the rows shown, and their scene."""

    indicator: Indicator
    first: date | None
    period: date
    rows: pl.DataFrame
    scene: Scene
    city: float | None


def picture(choice: Choice, indicator: Indicator, first: date | None, period: date) -> Picture:
    """Return the picture of one indicator: its values at `period`, or their change since `first`."""
    door = reader()
    rows = cache.unit_values(door.release, indicator.id, choice.unit, door.role)
    top = cache.city_values(door.release, indicator.id, door.role)
    if first is not None:
        kind = "relative" if choice.relative else "difference"
        breaks = [b.period for b in indicator.breaks]
        shown, top = (change(table, first, period, kind=kind, breaks=breaks) for table in (rows, top))
        basis = shown["value"]
    else:
        shown = rows.filter(pl.col("period") == period)
        same_scale = choice.view == "two" and choice.second.unit == choice.indicator.unit
        fixed = (choice.look.fixed or same_scale) and choice.view != "threshold"
        basis = rows["value"] if fixed else shown["value"]
    city = value_at(top, period)
    hidden = explore_choices.filtered_out(choice, shown, period)
    rules = explore_choices.scheme(choice, city)
    drawn = scene(
        shown,
        codes(choice.unit),
        basis,
        rules,
        indicator.direction,
        lambda v: write(choice, indicator, v, plain=True),
        language(),
        hidden,
    )
    kept = shown.filter(~pl.col("area").is_in(list(hidden))) if hidden else shown
    return Picture(indicator, first, period, kept, drawn, city)


def write(choice: Choice, indicator: Indicator, value: float | None, *, plain: bool = False) -> str:
    """Write a value of the picture: with unit, a change with its sign; `plain` without unit, for the legend."""
    if choice.view != "change":
        return format_value(value, indicator.decimals, language()) if plain else format_indicator(value, indicator, language())
    if choice.relative:
        return format_value(value, 1, language()) if plain else format_percent(value, 1, language(), signed=True)
    return format_value(value, indicator.decimals, language()) if plain else format_change(value, indicator, language())


def caption(choice: Choice, shown: Picture) -> Caption:
    """Say what the picture shows: a message for the title and details for the text alternative."""
    plain = map_caption(shown.rows, reader().catalogue, shown.indicator, shown.period, shown.city, language())
    if choice.view in ("values", "two"):
        return plain
    there = shown.rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    if there.is_empty():
        return plain
    words = {"indicator": shown.indicator.title.of(language()), "when": when(shown.indicator, shown.period)}
    if choice.view == "threshold":
        limit = shown.scene.classification.scheme.centre or 0.0
        places = shown.indicator.decimals  # as printed, so that title, map and legend agree
        above = there.filter(pl.col("value").round(places) >= round(limit, places)).height
        value = write(choice, shown.indicator, limit)
        return Caption(t("explore.finding_threshold", above=above, of=there.height, value=value, **words), plain.detail)
    assert shown.first is not None
    names, low = reader().catalogue.areas, there["value"][-1]
    message = t(
        "explore.finding_change",
        indicator=words["indicator"],
        first=when(shown.indicator, shown.first),
        last=words["when"],
        high=names[there["area"][0]].name,
        high_value=write(choice, shown.indicator, there["value"][0]),
        low=names[there["area"][-1]].name,
        low_value=write(choice, shown.indicator, low),
        low_word=t("explore.low_fall" if low < 0 else "explore.low_rise"),
    )
    return Caption(message)


def subtitle(choice: Choice, shown: Picture) -> str:
    """Say what is measured: unit, spatial unit, period, and the city's value."""
    catalogue = reader().catalogue
    times = when(shown.indicator, shown.period)
    if shown.first is not None:
        times = f"{when(shown.indicator, shown.first)}–{times}"
    return t(
        "explore.subtitle",
        indicator=shown.indicator.title.of(language()),
        unit=shown.indicator.unit.of(language()),
        areas=catalogue.unit(choice.unit).plural.of(language()),
        when=times,
        city=catalogue.top.name,
        city_value=write(choice, shown.indicator, shown.city),
    )


def unit_words(choice: Choice, shown: Picture) -> str:
    """Return the unit of what the picture shows: a change of per cent is in percentage points."""
    unit = shown.indicator.unit.of(language())
    if choice.view != "change" or (unit != "%" and not choice.relative):
        return unit
    return "%" if choice.relative else t("explore.points")


def codes(unit: str) -> tuple[str, ...]:
    """Return the unit's areas in the order of their geometry."""
    outline = cache.unit_outline(reader().release, unit, reader().role)
    return outline.codes if outline else tuple(a.code for a in reader().catalogue.areas_of(unit))


def value_at(rows: pl.DataFrame, period: date) -> float | None:
    """Return the one value of a period, None where there is none."""
    found = rows.filter(pl.col("period") == period)["value"]
    return found[0] if len(found) else None


def when(indicator: Indicator, period: date) -> str:
    """Return a period of the indicator in words."""
    return format_period(period, indicator.frequency, language())
