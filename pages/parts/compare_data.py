"""What several views of the comparison need to know: values of a period, chance, reference, names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from model.catalogue import Indicator
from model.profile.numbers import format_period
from model.query.change import change
from model.query.interval import chance_kind, indicator_intervals
from pages.parts import cache, series
from pages.parts.colours import ACCENT, CONTEXT, MUTED
from pages.parts.compare_choices import Choice
from pages.parts.frame import language, reader, t


@dataclass(frozen=True)
class Reference:
    """What the areas are held against: the city, or for sums the mean of the areas; `rows` has period, value."""

    label: str
    rows: pl.DataFrame
    is_city: bool

    def at(self, period: date) -> float | None:
        """Return the value of one period."""
        found = self.rows.filter(pl.col("period") == period)["value"]
        return found[0] if len(found) else None


def reference(indicator: Indicator, rows: pl.DataFrame) -> Reference:
    """Return the reference of an indicator: a sum over the whole city says nothing about a single area."""
    if indicator.is_sum:
        mean = rows.drop_nulls("value").group_by("period").agg(pl.col("value").mean()).sort("period")
        return Reference(t("compare.mean_of_areas"), mean, False)
    door = reader()
    city = cache.city_values(door.release, indicator.id, door.role)
    return Reference(door.catalogue.top.name, city.select("period", "value"), True)


def chance(indicator: Indicator) -> str:
    """Return `share` or `rate` where the indicator's values have an interval, else ""."""
    kind = chance_kind(indicator, reader().catalogue)
    return kind if kind in ("share", "rate") else ""


def intervals(indicator: Indicator, unit: str, period: date) -> pl.DataFrame | None:
    """Return area, count, base, lower, upper, grade … of one period; None where the indicator has no interval."""
    kind, door = chance(indicator), reader()
    if not kind:
        return None
    at = pl.col("period") == period
    above, below = (
        cache.unit_values(door.release, part, unit, door.role).filter(at) for part in (indicator.numerator, indicator.denominator)
    )
    return indicator_intervals(above, below, indicator, kind)


def at(rows: pl.DataFrame, period: date, codes: Sequence[str]) -> pl.DataFrame:
    """Return area, value, status of one period, one row for every code; an absent row is a missing value."""
    found = rows.filter(pl.col("period") == period).select("area", "value", pl.col("status").cast(pl.String))
    wanted = pl.DataFrame({"area": list(codes)}, schema={"area": pl.String})
    return wanted.join(found, on="area", how="left", maintain_order="left").with_columns(pl.col("status").fill_null("missing"))


def colour(choice: Choice, code: str) -> str:
    """Return the accent for chosen areas and grey for the others; without a choice all bear the accent."""
    return ACCENT if not choice.chosen or code in choice.chosen else CONTEXT


def dot_colour(choice: Choice, code: str) -> str:
    """Return the colour of an area's dot: a darker grey than that of bars, or small dots would be lost."""
    return ACCENT if not choice.chosen or code in choice.chosen else MUTED


def names(codes: Sequence[str]) -> dict[str, str]:
    """Return a name of its own for every area."""
    return series.unique_names(codes)


def plural(choice: Choice) -> str:
    """Return the areas' word in the plural: Stadtteile."""
    return reader().catalogue.unit(choice.unit).plural.of(language())


def when(indicator: Indicator, period: date) -> str:
    """Return the period in words."""
    return format_period(period, indicator.frequency, language())


def comparable_since(indicator: Indicator, periods: Sequence[date]) -> date:
    """Return the first period from which on values are comparable with the last one."""
    marks = [b.period for b in indicator.breaks if b.period in periods[:-1]]
    return max(marks, default=periods[0])


def changes(choice: Choice, first: date, last: date, kind: str) -> pl.DataFrame:
    """Return the change of every compared area between two periods, greatest first; areas without one are left out."""
    rows = choice.rows.filter(pl.col("area").is_in(list(choice.compared)))
    found = change(rows, first, last, kind=kind, breaks=[b.period for b in choice.indicator.breaks])
    return found.drop_nulls("value").sort("value", "area", descending=[True, False])


def empty_words(statuses: pl.Series) -> str:
    """Say how many values are empty, by kind; "" if none."""
    counts = dict(statuses.cast(pl.String).value_counts().iter_rows())
    kinds = ("suppressed", "missing", "not_applicable")
    parts = [f"{counts[kind]} {t(f'shared.{kind}')}" for kind in kinds if counts.get(kind)]
    return t("compare.empty", parts=", ".join(parts)) if parts else ""


def scope(choice: Choice) -> str:
    """Say which areas are compared, and how to choose others."""
    n = len(choice.compared)
    if len(choice.chosen) >= 2:
        return t("compare.scope_chosen", n=n, areas=plural(choice))
    key = "compare.scope_one" if choice.chosen else "compare.scope_all"
    name = reader().catalogue.area(choice.chosen[0]).name if choice.chosen else ""
    return t(key, n=n, areas=plural(choice), area=name)
