"""Ranking: bars with the reference, places among all areas, on demand the range that chance leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.profile.captions import Caption, ranking_caption
from model.profile.figures import Cell, KeyFigure
from model.profile.findings import pair_sentence
from model.profile.numbers import format_cell, format_indicator, format_status, format_value, join_names
from model.profile.phrases import when as within
from model.query.interval import difference
from model.query.rank import ranking
from pages.parts import charts_compare, compare_choices, controls, session
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

MOST_BARS = 36
MOST_PAIRS = 4
WEAK_GRADES = ("B", "C")


def view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the ranking."""
    with settings:
        period = compare_choices.period_choice(choice)
        possible = bool(data.chance(choice.indicator))
        shown = controls.switch(t("compare.intervals"), "c_intervals", disabled=not possible, help=t("compare.intervals_help"))
        context = len(choice.chosen) < 2 or controls.switch(t("compare.context"), "c_context", True)
    everyone = [a.code for a in reader().catalogue.areas_of(choice.unit)]
    limits = data.intervals(choice.indicator, choice.unit, period)
    ranked = ranking(data.at(choice.rows, period, everyone), limits)
    drawn = _drawn(ranked, choice.chosen, context)
    against = data.reference(choice.indicator, choice.rows)
    with_ranges = shown and possible
    spec = charts_compare.ranking(
        _bars(drawn, choice, with_ranges), against.at(period), against.label, choice.indicator.unit.of(language()), language()
    )
    notes = [*_notes(choice, limits, with_ranges, possible), _shortened(drawn, ranked, context)]
    return View(
        _caption(choice, ranked, limits, period, against),
        _subtitle(choice, ranked, period, against),
        spec,
        lambda: _frame(ranked if context else drawn, choice, period),
        [choice.indicator],
        notes,
        choice.indicator.decimals,
        on_select=lambda: _clicked(everyone),
    )


def _drawn(ranked: pl.DataFrame, chosen: Sequence[str], context: bool) -> pl.DataFrame:
    """Return the areas to draw: all, only the chosen ones, or of very many the two ends and the chosen ones."""
    mine = pl.col("area").is_in(list(chosen))
    if not context:
        return ranked.filter(mine)
    if ranked.height <= MOST_BARS:
        return ranked
    there = ranked.drop_nulls("value")
    ends = [*there["area"].head(MOST_BARS // 2), *there["area"].tail(MOST_BARS // 2)]
    return ranked.filter(pl.col("area").is_in(ends) | mine)


def _bars(drawn: pl.DataFrame, choice: Choice, with_ranges: bool) -> list[dict[str, Any]]:
    tongue, indicator = language(), choice.indicator
    named = data.names(drawn["area"].to_list())
    grades = {grade: t(f"compare.grade_{grade}") for grade in "ABC"}
    bars = []
    for row in drawn.iter_rows(named=True):
        value, low, high = row["value"], row["lower"] if with_ranges else None, row["upper"] if with_ranges else None
        place = "" if row["rank"] is None else str(row["rank"])
        if with_ranges and row["best"] and row["best"] != row["worst"]:
            place = f"{min(row['best'], row['rank'])}–{max(row['worst'], row['rank'])}"
        words = format_value(value, indicator.decimals, tongue) if value is not None else format_status(row["status"], tongue)
        mark = f" · {row['grade']}" if row["grade"] in WEAK_GRADES else ""
        bars.append(
            {
                "code": row["area"],
                "name": named[row["area"]],
                "label": f"{named[row['area']]}\u2002{place}" if place else named[row["area"]],
                "value": value,
                "low": low,
                "high": high,
                "end": max(value, high or value) if value is not None and value >= 0 else value if low is None else low,
                "text": words + mark,
                "tip": _tip(row, indicator, tongue, grades),
                "colour": data.colour(choice, row["area"]),
            }
        )
    return bars


def _tip(row: dict[str, Any], indicator: Indicator, tongue: str, grades: dict[str, str]) -> str:
    words = format_cell(row["value"], row["status"], indicator, tongue)
    return f"{words} · {grades[row['grade']]}" if row["grade"] else words


def _caption(choice: Choice, ranked: pl.DataFrame, limits: pl.DataFrame | None, period: date, against: data.Reference) -> Caption:
    """Return the finding: of two areas how they differ, of several the ends of the selection, else of all."""
    indicator, catalogue, chosen = choice.indicator, reader().catalogue, choice.chosen
    city = against.at(period) if against.is_city else None
    said = ranking_caption(ranked, catalogue, indicator, period, city_value=city, selected=chosen, language=language())
    if len(chosen) < 2:
        return said
    mine = ranked.filter(pl.col("area").is_in(list(chosen))).drop_nulls("value")
    if len(chosen) == 2 and mine.height == 2:
        return Caption(_pair(choice, mine, limits, period).rstrip("."), said.detail)
    if mine.height < 2:
        return said
    ends = [mine.row(at, named=True) for at in (0, -1)]
    words = {
        key: value
        for end, row in zip(("high", "low"), ends, strict=True)
        for key, value in (
            (end, catalogue.area(row["area"]).name),
            (f"{end}_value", format_indicator(row["value"], indicator, language())),
        )
    }
    head = {"indicator": indicator.title.of(language()), "when": within("in", period, indicator.frequency, language())}
    message = t("compare.ranking_finding", n=len(chosen), areas=data.plural(choice), **head, **words)
    return Caption(message, " ".join(part for part in (said.detail, _chance_sentence(choice, limits)) if part))


def _pair(choice: Choice, mine: pl.DataFrame, limits: pl.DataFrame | None, period: date) -> str:
    catalogue = reader().catalogue
    first, second = (
        KeyFigure(choice.indicator, catalogue.area(row["area"]), catalogue.top, Cell(period, row["value"], row["status"]))
        for row in mine.iter_rows(named=True)
    )
    verdicts = _verdicts(choice, limits)
    beyond = next(iter(verdicts.values()), None)
    return pair_sentence(first, second, beyond, language())


def _verdicts(choice: Choice, limits: pl.DataFrame | None) -> dict[tuple[str, str], bool]:
    """Return for every pair of chosen areas whether they differ by more than chance; pairs without counts are left out."""
    if limits is None or len(choice.chosen) < 2:
        return {}
    counts = {area: (count, base) for area, count, base in limits.select("area", "count", "base").iter_rows()}
    pairs = [(a, b) for a, b in combinations(choice.chosen, 2) if a in counts and b in counts]
    if not pairs:
        return {}
    columns = [[counts[pair[side]][part] for pair in pairs] for side in (0, 1) for part in (0, 1)]
    arrays = [pl.Series(column, dtype=pl.Float64) for column in columns]
    found = difference(*arrays, kind=data.chance(choice.indicator))
    triples = zip(pairs, found.known, found.beyond_chance, strict=True)
    return {pair: bool(beyond) for pair, known, beyond in triples if known}


def _chance_sentence(choice: Choice, limits: pl.DataFrame | None) -> str:
    """Say which differences inside the selection are within chance."""
    verdicts = _verdicts(choice, limits)
    close = [pair for pair, beyond in verdicts.items() if not beyond]
    if not verdicts:
        return ""
    if not close:
        return t("compare.all_beyond_chance", of=len(verdicts))
    areas = reader().catalogue.areas
    named = [t("compare.pair", first=areas[a].name, second=areas[b].name) for a, b in close[:MOST_PAIRS]]
    more = len(close) - len(named)
    listed = join_names(named, language()) if not more else "; ".join(named) + t("compare.and_more", n=more)
    return t("compare.within_chance", n=len(close), of=len(verdicts), pairs=listed)


def _subtitle(choice: Choice, ranked: pl.DataFrame, period: date, against: data.Reference) -> str:
    indicator = choice.indicator
    value = against.at(period)
    return t(
        "compare.ranking_subtitle",
        indicator=indicator.title.of(language()),
        unit=indicator.unit.of(language()),
        when=data.when(indicator, period),
        n=ranked["value"].count(),
        areas=data.plural(choice),
        reference=against.label,
        value=format_indicator(value, indicator, language()) if value is not None else t("shared.missing"),
    )


def _notes(choice: Choice, limits: pl.DataFrame | None, with_ranges: bool, possible: bool) -> list[str]:
    notes = [data.scope(choice)]
    if with_ranges:
        notes.append(t(f"compare.ranges_{data.chance(choice.indicator)}"))
    if limits is not None and limits["grade"].is_in(list(WEAK_GRADES)).any():
        notes.append(f"{t('compare.grades')} {t('compare.grades_picture')}")
    return notes if possible else [*notes, t("compare.no_intervals")]


def _shortened(drawn: pl.DataFrame, ranked: pl.DataFrame, context: bool) -> str:
    return t("compare.shortened", n=MOST_BARS // 2, of=ranked.height) if context and drawn.height < ranked.height else ""


def _frame(ranked: pl.DataFrame, choice: Choice, period: date) -> pl.DataFrame:
    """Return the ranking as rows for reading and for files."""
    areas, indicator = reader().catalogue.areas, choice.indicator
    return ranked.select(
        "rank",
        pl.col("area").replace_strict({code: area.name for code, area in areas.items()}, default="").alias("area_name"),
        pl.lit(data.when(indicator, period)).alias("period"),
        "value",
        pl.lit(indicator.unit.of(language())).alias("unit"),
        "lower",
        "upper",
        pl.col("best").alias("best_rank"),
        pl.col("worst").alias("worst_rank"),
        "grade",
        "status",
        "area",
    )


def _clicked(allowed: Sequence[str]) -> None:
    """Add the clicked bar to the selection, or take it out."""
    found = (session.widget("c_ranking") or {}).get("selection", {}).get("areas", [])
    now = {str(o.get("code", "")) for o in found if isinstance(o, dict)}
    before = set(session.recall("_c_ranking_seen", []))
    session.remember("_c_ranking_seen", sorted(now))
    controls.toggle_areas(sorted(now - before), allowed)
