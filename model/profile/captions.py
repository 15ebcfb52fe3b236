"""Caption charts and maps: the message as title, the detail below, both together as the text alternative."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from model.catalogue import Area, Catalogue, Indicator
from model.profile.findings import judgement, printed
from model.profile.numbers import (
    EMPTY_WORDS,
    format_indicator,
    format_period,
    format_places,
    format_value,
    join_names,
)
from model.profile.phrases import in_area, quoted, say, when
from model.query.compare import Distribution, Scatter, Spine

_MOST_NAMES: Final = 3
_MODERATE, _STRONG = 0.3, 0.6


@dataclass(frozen=True)
class Caption:
    """What a picture says: `message` (a title without full stop) and `detail` (sentences)."""

    message: str
    detail: str = ""

    @property
    def alt(self) -> str:
        """Return the text alternative, message first."""
        return f"{self.message}. {self.detail}".strip()


def map_caption(
    rows: pl.DataFrame, catalogue: Catalogue, indicator: Indicator, period: date, city_value: float | None, language: str = "de"
) -> Caption:
    """Caption a map: where the value is highest, its range and median, and how many areas have none and why.

    `rows` are the indicator table's rows on the map, one per area.
    """
    write = _writer(indicator, language)
    head = {"title": indicator.title.of(language), "period": when("in", period, indicator.frequency, language)}
    there = rows.drop_nulls("value").sort("value", "area", descending=[True, False])
    empty = _empty_areas(rows, language)
    if not there.height:
        return Caption(say("no_values", language, **head), empty)
    names = [catalogue.area(code).name for code in there["area"]]
    values = [printed(v, indicator) for v in there["value"]]
    if values[0] == values[-1]:
        return Caption(f"{say('all_equal', language, **head)} ({write(values[0])})", empty)
    top = [name for name, value in zip(names, values, strict=True) if value == values[0]][:_MOST_NAMES]
    span = say(
        "map_range", language, low=write(values[-1]), high=write(values[0]), lowest=names[-1], highest=top[0],
        median=write(float(np.median(there["value"].to_numpy()))),
    )  # fmt: skip
    detail = [span[0].upper() + span[1:] + ".", *_city(catalogue.top, city_value, write, language), empty]
    return Caption(
        f"{say('map_highest', language, names=join_names(top, language), **head)} ({write(values[0])})",
        " ".join(part for part in detail if part),
    )


def ranking_caption(
    ranking: pl.DataFrame,
    catalogue: Catalogue,
    indicator: Indicator,
    period: date,
    *,
    city_value: float | None = None,
    selected: Sequence[str] = (),
    language: str = "de",
) -> Caption:
    """Caption a ranking (see rank.ranking): first and last, how many lie above the city, the selected areas' places."""
    write = _writer(indicator, language)
    head = {"title": indicator.title.of(language), "period": when("in", period, indicator.frequency, language)}
    there = ranking.drop_nulls("value")
    if not there.height:
        return Caption(say("no_values", language, **head), _empty_areas(ranking, language))
    first, last = there.row(0, named=True), there.row(-1, named=True)
    message = say(
        "ranking_top", language, **head, first=catalogue.area(first["area"]).name, last=catalogue.area(last["area"]).name,
        high=write(first["value"]), low=write(last["value"]),
    )  # fmt: skip
    detail = []
    if city_value is not None:
        above = sum(1 for value in there["value"] if printed(value, indicator) > printed(city_value, indicator))
        city = {"city": catalogue.top.name, "value": write(city_value)}
        detail.append(say("ranking_above", language, above=above, n=there.height, **city))
    for row in there.filter(pl.col("area").is_in(list(selected))).head(_MOST_NAMES).to_dicts():
        places = format_places(row["best"] or row["rank"], row["worst"] or row["rank"], there.height, language)
        name = catalogue.area(row["area"]).name
        detail.append(say("ranking_selected", language, area=name, value=write(row["value"]), places=places))
    return Caption(message, " ".join([*detail, _empty_areas(ranking, language)]).strip())


def line_caption(series: pl.DataFrame, area: Area, indicator: Indicator, language: str = "de") -> Caption:
    """Caption one area's line: whether it rose, its ends, its highest and lowest value, breaks and empty periods.

    Only the stretch since the last break in the series is compared.
    """
    write = _writer(indicator, language)
    rows = series.sort("period")
    breaks = _breaks(rows, indicator)
    there = rows.drop_nulls("value")
    if breaks and there.filter(pl.col("period") >= breaks[-1]).height > 1:
        there = there.filter(pl.col("period") >= breaks[-1])
    head = {"title": indicator.title.of(language), "place": in_area(area.name, language)}
    if there.height < 2:
        empty = say("line_none" if not there.height else "line_one", language, **head)
        return Caption(empty, _line_gaps(rows, breaks, indicator, language))
    periods = [format_period(p, indicator.frequency, language) for p in there["period"]]
    values = there["value"].to_list()
    step = printed(values[-1], indicator) - printed(values[0], indicator)
    key = "line_rise" if step > 0 else "line_fall" if step < 0 else "line_steady"
    cases = ("in", "in") if key == "line_steady" else ("from", "to")
    first, last = (when(c, there["period"][at], indicator.frequency, language) for c, at in zip(cases, (0, -1), strict=True))
    message = say(key, language, first=first, last=last, **head)
    high, low = int(np.argmax(values)), int(np.argmin(values))
    ends = say("line_ends", language, before=write(values[0]), now=write(values[-1]), first=periods[0], last=periods[-1])
    peak = say(
        "line_peak", language, high=write(values[high]), low=write(values[low]), at_high=periods[high], at_low=periods[low]
    )
    return Caption(message, " ".join(part for part in (ends, peak, _line_gaps(rows, breaks, indicator, language)) if part))


def scatter_caption(found: Scatter, x: Indicator, y: Indicator, names: Sequence[str], language: str = "de") -> Caption:
    """Caption a scatter: the relation in words, r with its interval, the areas off the line, and that it proves no cause.

    `names` are the areas' names in the order of the values given to scatter.
    """
    pair = {"x": quoted(x.title.of(language), language), "y": quoted(y.title.of(language), language)}
    if found.pearson is None:
        return Caption(say("scatter_few", language, **pair))
    r = {"r": format_value(found.pearson, 2, language), "n": found.n}
    if found.lower is None or found.upper is None:
        detail = say("scatter_r_only", language, **r)
    else:
        limits = {"lower": format_value(found.lower, 2, language), "upper": format_value(found.upper, 2, language)}
        detail = say("scatter_r", language, **r, **limits)
    off = [names[at] for at in found.outliers[:_MOST_NAMES]]
    outliers = [say("scatter_outliers", language, names=join_names(off, language))] if off else []
    if not found.beyond_chance:
        return Caption(say("scatter_none", language, **pair), " ".join([detail, *outliers]))
    size = abs(found.pearson)
    strength = say("strong" if size >= _STRONG else "moderate" if size >= _MODERATE else "weak", language)
    message = say("scatter_positive" if found.pearson > 0 else "scatter_negative", language, strength=strength, **pair)
    return Caption(message, " ".join([detail, *outliers, say("scatter_caution", language)]))


def spine_caption(lines: Mapping[str, Spine], catalogue: Catalogue, area: Area, language: str = "de") -> Caption:
    """Caption a spine chart of one area: in how many indicators it stands better or worse than the city, and where most.

    Only indicators with a direction are judged; without any, higher and lower are counted.
    """
    known = [(catalogue.indicator(id), s, s.area, s.city) for id, s in lines.items()]
    away = [(i, s, printed(a, i) - printed(c, i)) for i, s, a, c in known if a is not None and c is not None]
    if not away:
        return Caption(say("spine_none", language, area=area.name))
    far = sorted((row for row in away if row[2]), key=lambda row: -abs((row[1].positions[-1] or 0.5) - 0.5))[:_MOST_NAMES]
    names = [quoted(i.title.of(language), language) for i, _, _ in far]
    detail = say("spine_far", language, names=join_names(names, language)) if names else ""
    head = {"area": area.name, "city": catalogue.top.name}
    judged = [judgement(step, i) for i, _, step in away if i.direction != "neutral"]
    if judged:
        counts = {"good": judged.count("favourable"), "bad": judged.count("unfavourable"), "n": len(judged)}
        return Caption(say("spine_judged", language, **head, **counts), detail)
    counts = {"above": sum(s > 0 for _, _, s in away), "below": sum(s < 0 for _, _, s in away), "n": len(away)}
    return Caption(say("spine_neutral", language, **head, **counts), detail)


def distribution_caption(found: Distribution | None, indicator: Indicator, period: date, language: str = "de") -> Caption:
    """Caption a histogram or box plot: the middle half, median, range and outliers."""
    write = _writer(indicator, language)
    head = {"title": indicator.title.of(language), "period": when("in", period, indicator.frequency, language)}
    if found is None:
        return Caption(say("no_values", language, **head))
    message = say("middle_half", language, lower=write(found.lower_quartile), upper=write(found.upper_quartile), **head)
    low, high = min((found.whisker_low, *found.outliers)), max((found.whisker_high, *found.outliers))
    detail = say(
        "distribution_detail", language, median=write(found.median), n=sum(found.counts), low=write(low), high=write(high)
    )
    if len(found.outliers) > _MOST_NAMES:
        detail += " " + say("distribution_many_outliers", language, n=len(found.outliers))
    elif found.outliers:
        far = join_names([write(v) for v in found.outliers], language)
        detail += " " + say("distribution_outliers", language, values=far)
    return Caption(message, detail)


def _writer(indicator: Indicator, language: str) -> Callable[[float], str]:
    return lambda value: format_indicator(value, indicator, language)


def _city(city: Area, value: float | None, write: Callable[[float], str], language: str) -> list[str]:
    return [] if value is None else [say("city_value", language, city=city.name, value=write(value))]


def _empty_areas(rows: pl.DataFrame, language: str) -> str:
    """Return how many areas have no value, by kind: Ohne Wert: 2 geheim gehalten, 1 nicht veröffentlicht."""
    counts = dict(rows.filter(pl.col("value").is_null()).group_by(pl.col("status").cast(pl.String)).len().iter_rows())
    parts = [f"{counts[status]} {words.of(language)}" for status, words in EMPTY_WORDS.items() if counts.get(status)]
    return say("empty_areas", language, parts=", ".join(parts)) if parts else ""


def _breaks(rows: pl.DataFrame, indicator: Indicator) -> list[date]:
    known = set(rows["period"])
    return sorted(
        {*rows.filter(pl.col("status") == "break")["period"], *(b.period for b in indicator.breaks if b.period in known)}
    )


def _line_gaps(rows: pl.DataFrame, breaks: list[date], indicator: Indicator, language: str) -> str:
    parts = []
    if breaks:
        periods = [format_period(p, indicator.frequency, language) for p in breaks]
        parts.append(say("line_break", language, periods=join_names(periods, language)))
    if missing := rows["value"].null_count():
        parts.append(say("line_empty", language, n=missing, of=rows.height))
    return " ".join(parts)
