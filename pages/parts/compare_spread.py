"""How far areas lie apart: histogram and box of one period, boxes over time, measures of inequality over time."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.profile.captions import Caption, distribution_caption
from model.profile.findings import difference_words
from model.profile.numbers import format_indicator, format_value
from model.query.compare import Distribution, distribution
from model.query.inequality import dissimilarity_over_time, inequality_over_time
from model.query.summary import band
from pages.parts import cache, charts, charts_compare_profile, compare_choices, controls, series
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

MOST_DOTS = 8
STEADY = 0.015  # a change of the Gini or dissimilarity below this is called none


def spread(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the distribution of one period, or of all periods side by side."""
    with settings:
        kind = controls.choose(
            t("compare.spread"), "c_spread", ("one", "time"), "one", lambda k: t(f"compare.spread_{k}"), "segments"
        )
        period = compare_choices.period_choice(choice) if kind == "one" else choice.periods[-1]
    return _one(choice, period) if kind == "one" else _over_time(choice)


def _one(choice: Choice, period: date) -> View:
    indicator = choice.indicator
    codes = [area.code for area in reader().catalogue.areas_of(choice.unit)]
    rows = data.at(choice.rows, period, codes)
    found, against = distribution(rows["value"]), data.reference(indicator, choice.rows)
    caption = distribution_caption(found, indicator, period, language())
    value = against.at(period)
    city = None if value is None else {"value": value, "label": against.label}
    spec = None if found is None else charts_compare_profile.spread(
        _bins(found, indicator), _box(found), _dots(choice, rows), city, indicator.unit.of(language()), language()
    )  # fmt: skip
    notes = [t("compare.spread_note"), data.empty_words(rows["status"].filter(rows["value"].is_null()))]
    return View(
        caption, _subtitle(choice, data.when(indicator, period)), spec, lambda: _named(rows, choice, period), [indicator],
        notes, indicator.decimals,
    )  # fmt: skip


def _bins(found: Distribution, indicator: Indicator) -> list[dict[str, Any]]:
    tongue = language()

    def write(value: float) -> str:
        return format_value(value, indicator.decimals, tongue)

    pairs = zip(found.edges, found.edges[1:], found.counts, strict=False)
    return [{"low": low, "high": high, "count": n, "text": f"{write(low)} – {write(high)}"} for low, high, n in pairs]


def _box(found: Distribution) -> dict[str, float]:
    return {"low": found.whisker_low, "lower": found.lower_quartile, "median": found.median, "upper": found.upper_quartile,
            "high": found.whisker_high}  # fmt: skip


def _dots(choice: Choice, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the areas as dots; neighbours stand at different heights so that none hides the other."""
    names, tongue = data.names(rows["area"].to_list()), language()
    there = rows.drop_nulls("value").sort("value")
    return [
        {"name": names[area], "value": value, "text": format_indicator(value, choice.indicator, tongue),
         "chosen": area in choice.chosen, "colour": data.dot_colour(choice, area), "jitter": (at * 3 % 5) / 4}
        for at, (area, value) in enumerate(there.select("area", "value").iter_rows())
    ]  # fmt: skip


def _over_time(choice: Choice) -> View:
    indicator, spans = choice.indicator, band(choice.rows)
    against, shown = data.reference(indicator, choice.rows), set(spans["period"])
    line = [{"period": data.when(indicator, p), "value": v} for p, v in against.rows.iter_rows() if p in shown]
    names = data.names(choice.chosen[:MOST_DOTS])
    spec = charts_compare_profile.boxes(
        _boxes(spans, indicator),
        _chosen_dots(choice, names),
        line,
        indicator.unit.of(language()),
        language(),
        list(names.values()),
    )
    notes = [t("compare.box_note", reference=against.label), _breaks(indicator)]
    when = f"{data.when(indicator, choice.periods[0])}–{data.when(indicator, choice.periods[-1])}"
    return View(
        _box_caption(choice, spans), _subtitle(choice, when), spec, lambda: _quartiles(spans, indicator), [indicator], notes,
        indicator.decimals,
    )  # fmt: skip


def _boxes(spans: pl.DataFrame, indicator: Indicator) -> list[dict[str, Any]]:
    tongue = language()

    def write(value: float) -> str:
        return format_indicator(value, indicator, tongue)

    return [
        {"period": data.when(indicator, p), "lowest": low, "lower": q1, "median": median, "upper": q3, "highest": high,
         "tip": t("compare.box_tip", lower=write(q1), upper=write(q3))}
        for p, _, low, q1, median, q3, high in spans.iter_rows()
    ]  # fmt: skip


def _chosen_dots(choice: Choice, names: dict[str, str]) -> list[dict[str, Any]]:
    own = choice.rows.filter(pl.col("area").is_in(list(names))).drop_nulls("value")
    dots = []
    for area, period, value in own.select("area", "period", "value").iter_rows():
        when, words = data.when(choice.indicator, period), format_indicator(value, choice.indicator, language())
        dots.append({"period": when, "value": value, "area": names[area], "label": when, "text": words})
    return dots


def _box_caption(choice: Choice, spans: pl.DataFrame) -> Caption:
    """Say whether the middle half of the areas has drawn apart or together since values are comparable."""
    indicator = choice.indicator
    first, last = data.comparable_since(indicator, choice.periods), choice.periods[-1]
    widths = {p: q3 - q1 for p, q1, q3 in spans.select("period", "lower_quartile", "upper_quartile").iter_rows()}
    before, now = widths[first], widths[last]
    head = {"indicator": indicator.title.of(language()), "first": data.when(indicator, first), "last": data.when(indicator, last)}
    detail = t(
        "compare.box_detail",
        before=difference_words(before, indicator, language()),
        now=difference_words(now, indicator, language()),
    )
    return Caption(t(_direction("compare.box", before, now, 0.05 * before), **head), detail)


def inequality(choice: Choice, settings: DeltaGenerator) -> View:
    """Return one measure of inequality over time."""
    indicator, share = choice.indicator, data.chance(choice.indicator) == "share"
    options = ("gini", "quintile_ratio", *(("dissimilarity",) if share else ()))
    with settings:
        measure = controls.choose(
            t("compare.measure"), "c_measure", options, "gini", lambda m: t(f"compare.measure_{m}"), "radio"
        )
        of_people = _weights(indicator) != "" and measure != "dissimilarity"
        weighted = of_people and controls.switch(t("compare.weighted"), "c_weighted", True, help=t("compare.weighted_help"))
    found = _measured(choice, measure, weighted)
    known = found.drop_nulls("value")
    notes = [t(f"compare.{measure}_note"), t("compare.sum_note") if indicator.is_sum else "", _breaks(indicator)]
    if known.is_empty():
        empty = Caption(t("compare.inequality_none", indicator=indicator.title.of(language())))
        return View(empty, _subtitle(choice, ""), None, lambda: found, [indicator], notes)
    spec = _measure_chart(choice, known, measure)
    when = f"{data.when(indicator, known['period'][0])}–{data.when(indicator, known['period'][-1])}"
    return View(
        _inequality_caption(choice, known, measure), f"{t(f'compare.measure_{measure}')} · {_subtitle(choice, when)}", spec,
        lambda: found.with_columns(period=pl.Series([data.when(indicator, p) for p in found["period"]], dtype=pl.String)),
        [indicator], notes, 3, labels={"value": t(f"compare.measure_{measure}")},
    )  # fmt: skip


def _weights(indicator: Indicator) -> str:
    """Return the indicator whose people the figure is about; "" for sums and where the reader may not see it."""
    id = "" if indicator.is_sum else indicator.denominator or indicator.weight
    return id if id in reader().catalogue.indicators else ""


def _measured(choice: Choice, measure: str, weighted: bool) -> pl.DataFrame:
    """Return period, value, n of the measure."""
    door, indicator = reader(), choice.indicator
    if measure == "dissimilarity":
        group, base = (
            cache.unit_values(door.release, p, choice.unit, door.role) for p in (indicator.numerator, indicator.denominator)
        )
        others = base.join(group.select("area", "period", part="value"), on=["area", "period"]).with_columns(
            pl.col("value") - pl.col("part")
        )
        return dissimilarity_over_time(group, others).select("period", pl.col("dissimilarity").alias("value"), "n")
    people = cache.unit_values(door.release, _weights(indicator), choice.unit, door.role) if weighted else None
    return inequality_over_time(choice.rows, people).select("period", pl.col(measure).alias("value"), "n")


def _measure_chart(choice: Choice, known: pl.DataFrame, measure: str) -> dict[str, Any]:
    label = t(f"compare.measure_{measure}")
    breaks = sorted(b.period for b in choice.indicator.breaks)
    last = known["period"][-1]
    drawn = [
        {
            "code": "",
            "series": label,
            "role": "area",
            "period": p.isoformat(),
            "value": v,
            "text": f"{format_value(v, 2, language())} (n = {n})",
            "when": data.when(choice.indicator, p),
            "part": sum(b <= p for b in breaks),
            "open": False,
            "last": p == last,
            "label_at": v,
        }
        for p, v, n in known.select("period", "value", "n").iter_rows()
    ]
    return charts.lines(drawn, [], series.marks(choice.indicator, choice.rows), "", language(), height=360, zero=True)


def _inequality_caption(choice: Choice, known: pl.DataFrame, measure: str) -> Caption:
    indicator = choice.indicator
    first, last = data.comparable_since(indicator, known["period"].to_list()), known["period"][-1]
    values = dict(known.select("period", "value").iter_rows())
    before, now = values[first], values[last]
    head = {
        "indicator": indicator.title.of(language()),
        "areas": data.plural(choice),
        "first": data.when(indicator, first),
        "last": data.when(indicator, last),
    }
    key = _direction("compare.inequality", before, now, STEADY if measure != "quintile_ratio" else 0.05 * before)
    detail = t("compare.inequality_detail", measure=t(f"compare.measure_{measure}"), before=format_value(before, 2, language()),
               now=format_value(now, 2, language()), **head)  # fmt: skip
    return Caption(t(key, **head), detail)


def _direction(key: str, before: float | None, now: float | None, tolerance: float) -> str:
    """Return the key of the sentence that fits: _more, _less or _same."""
    if before is None or now is None or abs(now - before) < max(tolerance, 1e-12):
        return f"{key}_same"
    return f"{key}_more" if now > before else f"{key}_less"


def _breaks(indicator: Indicator) -> str:
    if not indicator.breaks:
        return ""
    return t("compare.break_note", when=", ".join(data.when(indicator, b.period) for b in indicator.breaks))


def _subtitle(choice: Choice, when: str) -> str:
    indicator = choice.indicator
    n = len(reader().catalogue.areas_of(choice.unit))
    return t("compare.subtitle_areas", indicator=indicator.title.of(language()), unit=indicator.unit.of(language()), n=n,
             areas=data.plural(choice), when=when)  # fmt: skip


def _named(rows: pl.DataFrame, choice: Choice, period: date) -> pl.DataFrame:
    areas = reader().catalogue.areas
    names = pl.Series("area_name", [areas[code].name for code in rows["area"]], dtype=pl.String)
    when = pl.lit(data.when(choice.indicator, period)).alias("period")
    return rows.select(names, when, "value", "status", "area").sort("value", descending=True, nulls_last=True)


def _quartiles(spans: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    return spans.with_columns(period=pl.Series([data.when(indicator, p) for p in spans["period"]], dtype=pl.String))
