"""Charts of a projection: pyramid with outlines, course with interval, components, waterfall. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.parts.charts import finish
from pages.parts.colours import ACCENT, CATEGORICAL, CONTEXT, GRID, INK, MUTED, SCENARIO

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

WOMEN, MEN = ACCENT, "#4c9ac4"
OUTLINES = {"now": (INK, 1.2, [2, 2]), "baseline": (SCENARIO, 1.6, [1, 0])}
RISE, FALL, WHOLE = ACCENT, "#c0703a", "#8a949e"
_TOP = {"top": 18, "left": 5, "right": 5, "bottom": 5}


def pyramid(bars: Rows, outline: Rows, sides: tuple[str, str], unit: str, reach: float, language: str, height: int = 380) -> Spec:
    """Draw people by age, women to the left and men to the right, with outlines of now and of the baseline.

    Bars: low, high (ages), people (signed, None where hidden), sex, label, text. Outline: kind, sex, age, people (signed),
    order. `reach` is the largest number of any year, so that nothing jumps while playing.
    """
    fine = len(bars) > 50
    x = {"type": "quantitative", "scale": {"domain": [-1.04 * reach, 1.04 * reach], "nice": False},
         "axis": {"title": unit, "tickCount": 6, "labelExpr": "format(abs(datum.value), ',')", "gridColor": GRID}}  # fmt: skip
    y = {"type": "quantitative", "scale": {"nice": False, "zero": False, "domain": [0, 105 if not fine else 101]},
         "axis": {"title": None, "tickCount": 11, "grid": False, "domain": False}}  # fmt: skip
    tip = [{"field": "label", "title": " "}, {"field": "text", "title": " "}]
    colour = {"field": "sex", "type": "nominal", "scale": {"domain": ["F", "M"], "range": [WOMEN, MEN]}, "legend": None}
    layers: list[Spec] = [
        {"mark": {"type": "rect", "strokeWidth": 0.5 if fine else 0.8},
         "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}, "x": {**x, "field": "people"}, "x2": {"datum": 0},
                      "color": colour, "stroke": colour if fine else {"value": "#ffffff"}, "tooltip": tip}},
        *(_outline(kind, outline, x, y) for kind in OUTLINES if any(row["kind"] == kind for row in outline)),
        _side(sides[0], "left", 0.0),
        _side(sides[1], "right", 1.0),
    ]  # fmt: skip
    return finish({"data": {"values": list(bars)}, "layer": layers, "padding": _TOP}, language, height)


def _outline(kind: str, rows: Rows, x: Spec, y: Spec) -> Spec:
    colour, width, dash = OUTLINES[kind]
    return {
        "data": {"values": [row for row in rows if row["kind"] == kind]},
        "mark": {
            "type": "line",
            "color": colour,
            "strokeWidth": width,
            "strokeDash": dash,
            "invalid": "break-paths-show-domains",
        },
        "encoding": {
            "y": {**y, "field": "age"},
            "x": {**x, "field": "people"},
            "order": {"field": "order"},
            "detail": {"field": "sex"},
        },
    }


def _side(words: str, align: str, at: float) -> Spec:
    mark = {"type": "text", "align": align, "baseline": "bottom", "fontSize": 13, "fontWeight": 600, "y": -4,
            "x": {"expr": f"width * {at}"}}  # fmt: skip
    return {"data": {"values": [{}]}, "mark": mark, "encoding": {"text": {"value": words}}}


def course(rows: Rows, band: Rows, now: int, year: int, unit: str, language: str, height: int = 280) -> Spec:
    """Draw what was counted, what is projected with its interval, and the baseline thin under a scenario.

    Rows: role (observed, projected, baseline, capacity), series (words), period (ISO date), value, text, last (bool).
    Band: period, low, high. `year` is marked by a rule.
    """
    time = {"field": "period", "type": "temporal",
            "axis": {"title": None, "format": "%Y", "tickCount": 8, "labelOverlap": True, "grid": False}}  # fmt: skip
    axis = {"title": unit, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8, "tickCount": 5}
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": axis}
    roles = ("observed", "projected", "baseline", "capacity")
    colour = {"field": "role", "type": "nominal", "legend": None,
              "scale": {"domain": list(roles), "range": [INK, ACCENT, SCENARIO, MUTED]}}  # fmt: skip
    width = {"condition": {"test": "datum.role === 'baseline' || datum.role === 'capacity'", "value": 1.3}, "value": 2.6}
    dash = {"condition": [{"test": "datum.role === 'projected'", "value": [7, 3]},
                          {"test": "datum.role === 'capacity'", "value": [2, 3]}], "value": [1, 0]}  # fmt: skip
    tip = [{"field": "series", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    common = {"x": time, "y": value, "color": colour}
    layers: list[Spec] = [
        {"data": {"values": list(band)}, "mark": {"type": "area", "color": ACCENT, "opacity": 0.16},
         "encoding": {"x": time, "y": {**value, "field": "low"}, "y2": {"field": "high"}}},
        {"data": {"values": [{"period": f"{year}-01-01"}]}, "mark": {"type": "rule", "color": CONTEXT},
         "encoding": {"x": time}},
        {"mark": {"type": "line", "invalid": "break-paths-show-domains"},
         "encoding": {**common, "strokeWidth": width, "strokeDash": dash}},
        {"mark": {"type": "point", "size": 90, "opacity": 0, "filled": True}, "encoding": {**common, "tooltip": tip}},
        {"transform": [{"filter": "datum.last"}],
         "mark": {"type": "text", "align": "left", "dx": 7, "limit": 120, "clip": False},
         "encoding": {**common, "y": {**value, "field": "label_at"}, "text": {"field": "series"}}},
    ]  # fmt: skip
    return finish({"data": {"values": list(rows)}, "layer": layers, "padding": {**_TOP, "right": 120}}, language, height)


def components(rows: Rows, order: Sequence[str], change_word: str, unit: str, language: str, height: int = 300) -> Spec:
    """Draw the components of change per year as stacked bars, above zero what adds, below what takes, and their sum.

    Rows: year, part (words), value, text, sum (bool). `order` are the parts' words.
    """
    year = {"field": "year", "type": "ordinal", "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}}
    axis = {"title": unit, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8}
    value = {"field": "value", "type": "quantitative", "axis": axis}
    tip = [{"field": "part", "title": " "}, {"field": "year", "title": " "}, {"field": "text", "title": " "}]
    names = [*order, change_word]
    colour = {"field": "part", "type": "nominal", "scale": {"domain": names, "range": [*CATEGORICAL[: len(order)], INK]},
              "legend": {"title": None, "orient": "bottom", "columns": 2, "labelLimit": 220}}  # fmt: skip
    layers: list[Spec] = [
        {"transform": [{"filter": "!datum.sum"}], "mark": {"type": "bar"},
         "encoding": {"x": year, "y": {**value, "stack": "zero"}, "color": colour, "tooltip": tip}},
        {"transform": [{"filter": "datum.sum"}], "mark": {"type": "line", "color": INK, "point": {"color": INK, "size": 30}},
         "encoding": {"x": year, "y": value, "color": colour, "tooltip": tip}},
    ]  # fmt: skip
    return finish({"data": {"values": list(rows)}, "layer": layers, "padding": _TOP}, language, height)


def waterfall(rows: Rows, unit: str, language: str, height: int = 300) -> Spec:
    """Draw how one number becomes another: start, parts, end.

    Rows: label, low, high, middle, text, kind (whole, rise, fall), next (where the following bar begins), at (position).
    """
    words = {
        "title": None,
        "labelAngle": 0,
        "labelLimit": 110,
        "labelFontSize": 11,
        "labelExpr": "split(datum.label, ' ')",
        "ticks": False,
    }
    place = {"field": "label", "type": "nominal", "sort": None, "axis": words}
    axis = {"title": unit, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8, "tickCount": 5}
    value = {"type": "quantitative", "axis": axis, "scale": {"zero": True}}
    colour = {"field": "kind", "type": "nominal", "legend": None,
              "scale": {"domain": ["whole", "rise", "fall"], "range": [WHOLE, RISE, FALL]}}  # fmt: skip
    tip = [{"field": "label", "title": " "}, {"field": "text", "title": " "}]
    layers: list[Spec] = [
        {"mark": {"type": "bar", "width": {"band": 0.72}},
         "encoding": {"x": place, "y": {**value, "field": "low"}, "y2": {"field": "high"}, "color": colour, "tooltip": tip}},
        {"mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": 600},
         "encoding": {"x": place, "y": {**value, "field": "high"}, "text": {"field": "text"}}},
    ]  # fmt: skip
    return finish({"data": {"values": list(rows)}, "layer": layers, "padding": _TOP}, language, height)
