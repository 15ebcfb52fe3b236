"""Over time: small multiples of all areas on one scale, and lines, absolute or as an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.catalogue.entries import Words
from model.profile.captions import Caption, line_caption
from model.profile.numbers import format_change, format_percent, format_value
from model.query.change import index_to
from model.query.compare import columns_for, shared_scale
from pages.parts import charts, charts_compare, controls, frame, series
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

MOST_CELLS = 60
MOST_CONTEXT = 60
GRID_WIDTH, GRID_WIDTH_NARROW = 915, 330
LINE_HEIGHT = 400


def multiples(choice: Choice, settings: DeltaGenerator) -> View:
    """Return one small chart per area, all on one scale."""
    with settings:
        order = controls.choose(t("compare.order"), "c_order", ("value", "name"), "value", lambda o: t(f"compare.order_{o}"))
        zero = controls.switch(t("compare.from_zero"), "c_zero")
    codes = _ordered(choice, order)
    shown, against = codes[:MOST_CELLS], data.reference(choice.indicator, choice.rows)
    rows = choice.rows.filter(pl.col("area").is_in(shown))
    low, high = shared_scale([rows["value"], against.rows["value"]], from_zero=zero) or (0.0, 1.0)
    gap = 0.12 * (high - low or 1.0)
    columns = 2 if frame.narrow() else columns_for(len(shown))
    room = GRID_WIDTH_NARROW if frame.narrow() else GRID_WIDTH
    spec = charts_compare.multiples(
        _cells(choice.indicator, rows, shown),
        [{"period": p.isoformat(), "value": v} for p, v in against.rows.select("period", "value").iter_rows()],
        (low - (0 if zero and low >= 0 else gap), high + 1.6 * gap),
        choice.indicator.unit.of(language()),
        language(),
        columns=columns,
        width=min(230, (room - 45) // columns - 14),
    )
    notes = [
        data.scope(choice),
        t("compare.multiples_note", reference=against.label),
        data.empty_words(rows["status"].filter(rows["value"].is_null())),
        t("compare.cells", n=MOST_CELLS, of=len(codes)) if len(codes) > MOST_CELLS else "",
    ]
    return View(
        _moves(choice, None),
        _subtitle(choice, choice.indicator.unit.of(language())),
        spec,
        lambda: _wide(choice, choice.rows),
        [choice.indicator],
        notes,
        choice.indicator.decimals,
        fixed_width=True,
    )


def lines(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the selection's lines with the city, absolute or as an index of a chosen base period."""
    indicator = choice.indicator
    with settings:
        scale = controls.choose(
            t("compare.scale"), "c_scale", ("absolute", "index"), "absolute", lambda s: t(f"compare.scale_{s}"), "segments"
        )
        base = _base(choice) if scale == "index" else None
        context = controls.switch(t("compare.context_lines"), "c_context", True)
    measured = indicator if base is None else replace(indicator, unit=Words("Index", "Index"), decimals=1, kind="rate")
    rows = choice.rows if base is None else _indexed(choice.rows, indicator, base)
    spec = _line_chart(choice, measured, rows, base, context)
    unit = indicator.unit.of(language()) if base is None else t("compare.index_unit", when=data.when(indicator, base))
    mine = rows.filter(pl.col("area").is_in(list(choice.compared)))
    notes = [
        data.scope(choice) if len(choice.chosen) >= 2 else t("compare.lines_none"),
        t("compare.context_note") if context else "",
        t("compare.index_note", when=data.when(indicator, base)) if base is not None else "",
        data.empty_words(mine["status"].filter(mine["value"].is_null())),
    ]
    caption = _moves(choice, base)
    if len(choice.chosen) == 1 and base is None:
        own = choice.rows.filter(pl.col("area") == choice.chosen[0])
        caption = line_caption(own, reader().catalogue.area(choice.chosen[0]), indicator, language())
    labels = {} if base is None else {"value": unit}
    rows_shown = partial(_wide, choice, rows)
    return View(caption, _subtitle(choice, unit), spec, rows_shown, [indicator], notes, measured.decimals, labels=labels)


def _base(choice: Choice) -> date:
    periods, frequency = choice.periods, choice.indicator.frequency
    default = data.comparable_since(choice.indicator, periods)
    return controls.period_choice(t("compare.base"), "c_base", periods, frequency, default)


def _indexed(rows: pl.DataFrame, indicator: Indicator, base: date) -> pl.DataFrame:
    """Return the rows as an index; what a level break parts from the base is no longer comparable and left out."""
    found = index_to(rows, base, breaks=[b.period for b in indicator.breaks])
    beyond = (pl.col("status") == "break") & (pl.col("period") != base)
    return found.with_columns(value=pl.when(beyond).then(None).otherwise(pl.col("value")))


def _line_chart(choice: Choice, measured: Indicator, rows: pl.DataFrame, base: date | None, context: bool) -> dict[str, Any]:
    drawn, names = _reference_line(choice, measured, base), data.names(choice.chosen)
    order = [row["series"] for row in drawn[:1]] + list(names.values())
    for code in choice.chosen:
        drawn += series.line_rows(measured, rows.filter(pl.col("area") == code), code, names[code], "area")
    height = max(LINE_HEIGHT, 16 * len(choice.chosen))
    others = rows.filter(~pl.col("area").is_in(list(choice.chosen)))
    behind = others if context else others.clear()
    many = behind["area"].n_unique() > MOST_CONTEXT
    band = series.band(behind) if many else []
    values = [v for row in drawn if (v := row["value"]) is not None] + [v for v in behind["value"].drop_nulls()]
    _keep_apart(drawn, (max(values, default=1.0) - min(values, default=0.0)) * 15 / height)
    unit = measured.unit.of(language())
    spec = charts.lines(drawn, band, series.marks(choice.indicator, choice.rows), unit, language(), height=height, order=order)
    return spec if many else charts_compare.add_context(spec, _plain_lines(measured, behind))


def _next_break(indicator: Indicator, period: date) -> date:
    """Return the first level break after a period; until then values are comparable with it."""
    return min((b.period for b in indicator.breaks if b.period > period), default=date.max)


def _reference_line(choice: Choice, measured: Indicator, base: date | None) -> list[dict[str, Any]]:
    against = data.reference(choice.indicator, choice.rows)
    rows = against.rows.with_columns(
        status=pl.when(pl.col("value").is_null()).then(pl.lit("missing")).otherwise(pl.lit("normal"))
    )
    if base is not None:
        start = against.at(base)
        last = _next_break(choice.indicator, base)
        first = max((b.period for b in choice.indicator.breaks if b.period <= base), default=date.min)
        inside = pl.col("period").is_between(first, last, closed="left")
        rows = rows.filter(inside).with_columns(pl.col("value") * 100 / start) if start else rows.clear()
    return series.line_rows(measured, rows, "", against.label, "city")


def _keep_apart(drawn: list[dict[str, Any]], gap: float) -> None:
    ends = [row for row in drawn if row["last"]]
    for row, place in zip(ends, charts.apart([row["value"] for row in ends], gap), strict=True):
        row["label_at"] = place


def _plain_lines(indicator: Indicator, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the points of the grey lines: only what is drawn, to keep the message small."""
    marks = sorted(b.period for b in indicator.breaks)
    codes = rows["area"].unique(maintain_order=True).to_list()
    names = data.names(codes)
    return [
        {"series": names[area], "period": period.isoformat(), "value": value, "part": sum(m <= period for m in marks)}
        for area, period, value in rows.select("area", "period", "value").iter_rows()
    ]


def _ordered(choice: Choice, order: str) -> list[str]:
    areas = reader().catalogue.areas
    by_name = sorted(choice.compared, key=lambda code: areas[code].name)
    if order == "name":
        return by_name
    last = choice.rows.filter(pl.col("period") == choice.periods[-1]).select("area", "value")
    values = {area: value for area, value in last.iter_rows() if value is not None}
    return sorted(by_name, key=lambda code: -values.get(code, float("-inf")))


def _cells(indicator: Indicator, rows: pl.DataFrame, codes: Sequence[str]) -> list[dict[str, Any]]:
    names, tongue = data.names(codes), language()
    parts = rows.partition_by("area", as_dict=True)
    cells = []
    for code in codes:
        own = parts.get((code,))
        if own is None:
            continue
        points = series.line_rows(indicator, own, code, names[code], "area")
        empty = [point["value"] is None for point in points]
        statuses = own.sort("period")["status"].cast(pl.String).to_list()
        for at, (point, status) in enumerate(zip(points, statuses, strict=True)):
            lone = (at == 0 or empty[at - 1]) and (at + 1 == len(points) or empty[at + 1])
            number = format_value(point["value"], indicator.decimals, tongue) if point["last"] else ""
            cells.append(
                {
                    "name": names[code], "period": point["period"], "value": point["value"], "text": point["text"],
                    "when": point["when"], "part": point["part"], "dot": point["last"] or lone, "label": number,
                    "status": status if point["value"] is None else "",
                }
            )  # fmt: skip
    return cells


def _moves(choice: Choice, base: date | None) -> Caption:
    """Say in how many areas the value rose since the base or the last level break, and where most and least."""
    indicator, periods = choice.indicator, choice.periods
    first = base or data.comparable_since(indicator, periods)
    last = max(p for p in periods if p < _next_break(indicator, first))
    title = indicator.title.of(language())
    head = {"indicator": title, "first": data.when(indicator, first), "last": data.when(indicator, last)}
    found = data.changes(choice, first, last, "difference" if base is None else "relative") if first < last else None
    if found is None or found.is_empty():
        return Caption(t("compare.moves_unknown", **head))
    areas = reader().catalogue.areas

    def words(value: float) -> str:
        return format_change(value, indicator, language()) if base is None else format_percent(value, 1, language(), signed=True)

    up = found.filter(pl.col("value") > 0).height
    counts = {"up": up, "of": found.height, "areas": data.plural(choice)}
    high, low = found.row(0, named=True), found.row(-1, named=True)
    kind = "none" if up == 0 else "all" if up == found.height else "some"
    message = t("compare.moves_" + kind, **head, **counts)
    detail = t(
        f"compare.moves_detail_{kind}", high=areas[high["area"]].name, high_change=words(high["value"]),
        low=areas[low["area"]].name, low_change=words(low["value"]),
    )  # fmt: skip
    since = [b for b in indicator.breaks if b.period == first and base is None]
    return Caption(message, f"{detail} {t('compare.since_break', **head)}" if since else detail)


def _subtitle(choice: Choice, unit: str) -> str:
    indicator, periods = choice.indicator, choice.periods
    return t(
        "compare.subtitle_time", indicator=indicator.title.of(language()), unit=unit, areas=data.plural(choice),
        first=data.when(indicator, periods[0]), last=data.when(indicator, periods[-1]),
    )  # fmt: skip


def _wide(choice: Choice, rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is drawn as rows: area, period, value, status."""
    areas, indicator = reader().catalogue.areas, choice.indicator
    kept = rows.filter(pl.col("area").is_in(list(choice.compared))).sort("area", "period")
    return pl.DataFrame(
        {
            "area_name": [areas[code].name for code in kept["area"]],
            "period": [data.when(indicator, period) for period in kept["period"]],
            "value": kept["value"],
            "status": kept["status"].cast(pl.String),
            "area": kept["area"],
        }
    )
