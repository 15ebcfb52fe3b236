"""Charts of one area: population pyramid against the city, small lines, twins in a row of dots. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.parts.charts import finish
from pages.parts.colours import ACCENT, CONTEXT, GRID, INK, MUTED, SCENARIO

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

LEFT, RIGHT = ACCENT, "#4c9ac4"
_ROW = 17


def pyramid(bars: Rows, outline: Rows, sides: tuple[str, str], unit: str, hidden: str, language: str) -> Spec:
    """Draw people by five-year groups, women to the left and men to the right, the city as an outline.

    Bars: low, high (ages), label, share (signed, None where empty), sex (F or M), text, empty (bool). Outline: age, share
    (signed), order, sex. `sides` are the words for women and men; `hidden` stands where a group has no value.
    """
    ages = len({row["low"] for row in bars})
    reach = 1.08 * max((abs(r["share"]) for r in (*bars, *outline) if r["share"] is not None), default=1.0)
    x = {"type": "quantitative", "scale": {"domain": [-reach, reach], "nice": False},
         "axis": {"title": unit, "tickCount": 8, "labelExpr": "format(abs(datum.value), '~g')", "gridColor": GRID}}  # fmt: skip
    y = {"type": "quantitative", "scale": {"nice": False, "zero": False},
         "axis": {"title": None, "tickCount": 11, "grid": False, "domain": False}}  # fmt: skip
    tip = [{"field": "label", "title": " "}, {"field": "text", "title": " "}]
    colour = {"field": "sex", "type": "nominal", "scale": {"domain": ["F", "M"], "range": [LEFT, RIGHT]}, "legend": None}
    text = {"type": "text", "fontSize": 10, "text": hidden}
    layers: list[Spec] = [
        {"mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 0.8},
         "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}, "x": {**x, "field": "share"}, "x2": {"datum": 0},
                      "color": colour, "tooltip": tip}},
        {"data": {"values": list(outline)}, "mark": {"type": "line", "color": INK, "strokeWidth": 1.7},
         "encoding": {"y": {**y, "field": "age"}, "x": {**x, "field": "share"}, "order": {"field": "order"},
                      "detail": {"field": "sex"}}},
        *(_hidden({**text, **paint}, {"y": {**y, "field": "middle"}, "x": {**x, "field": "beside"}, "tooltip": tip}) for paint in
          ({"stroke": "#ffffff", "strokeWidth": 3}, {"color": MUTED})),
        _side(sides[0], "left", 0.0),
        _side(sides[1], "right", 1.0),
    ]  # fmt: skip
    data = [{**r, "middle": (r["low"] + r["high"]) / 2, "beside": reach * (-0.12 if r["sex"] == "F" else 0.12)} for r in bars]
    return finish({"data": {"values": data}, "layer": layers, "padding": {"top": 18, "left": 5, "right": 5, "bottom": 5}},
                  language, max(240, _ROW * ages))  # fmt: skip


def _hidden(mark: Spec, encoding: Spec) -> Spec:
    """Write in place of a bar that its group has no value."""
    return {"transform": [{"filter": "datum.empty"}], "mark": mark, "encoding": encoding}


def _side(words: str, align: str, at: float) -> Spec:
    place = {"expr": f"width * {at}"}
    mark = {"type": "text", "align": align, "baseline": "bottom", "fontSize": 13, "fontWeight": 600, "x": place, "y": -4}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": {"text": {"value": words}}}


def small_lines(rows: Rows, unit: str, language: str, height: int = 130) -> Spec:
    """Draw one indicator's course: the area as a strong line, the city thin and grey.

    Rows: role (area, city), series, period, value, text, when, part, open, last (see series.line_rows).
    """
    years = [int(row["period"][:4]) for row in rows]
    # Without whole years as ticks two neighbouring years would be written several times each.
    every = {"interval": "year", "step": max(1, round((max(years) - min(years)) / 4))}
    axis = {"title": None, "format": "%Y", "tickCount": every, "labelOverlap": True, "grid": False}
    time = {"field": "period", "type": "temporal", "axis": axis}
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
             "axis": {"title": None, "tickCount": 3}}  # fmt: skip
    colour = {"field": "role", "type": "nominal", "legend": None, "scale": {"domain": ["city", "area"], "range": [MUTED, ACCENT]}}
    common = {"x": time, "y": value, "color": colour}
    thick = {"condition": {"test": "datum.role === 'city'", "value": 1.3}, "value": 2.4}
    dash = {"condition": {"test": "datum.role === 'city'", "value": [4, 3]}, "value": [1, 0]}
    hollow = {"condition": {"test": "datum.open", "value": 0}, "value": 1}
    tip = [{"field": "series", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    layers: list[Spec] = [
        {"mark": {"type": "line", "invalid": "break-paths-show-domains"},
         "encoding": {**common, "strokeWidth": thick, "strokeDash": dash, "detail": [{"field": "part"}]}},
        {"transform": [{"filter": "datum.value !== null && datum.role === 'area'"}],
         "mark": {"type": "point", "size": 18, "filled": True},
         "encoding": {**common, "fillOpacity": hollow}},
        {"transform": [{"filter": "datum.value !== null"}], "mark": {"type": "point", "size": 120, "opacity": 0},
         "encoding": {**common, "tooltip": tip}},
    ]  # fmt: skip
    # One level down the rows go to the browser as they are; at the top Streamlit would first make a table of them.
    return finish({"layer": [{"data": {"values": list(rows)}, "layer": layers}]}, language, height)


def sheet_of_lines(charts: Sequence[tuple[str, Rows]], language: str, columns: int) -> Spec:
    """Return many small line charts in one picture, each under its title."""
    parts = []
    for title, rows in charts:
        one = small_lines(rows, "", language)
        heading = {"text": title, "fontSize": 11, "anchor": "start", "limit": 270}
        parts.append({"title": heading, "width": 250, "height": one["height"], "layer": one["layer"]})
    resolve = {"scale": {"x": "independent", "y": "independent", "color": "shared"}}
    spec = finish({"concat": parts, "columns": columns, "spacing": 26, "resolve": resolve}, language)
    return {k: v for k, v in spec.items() if k != "autosize"}


def likeness(
    ticks: Rows,
    dots: Rows,
    names: Sequence[str],
    labels: Sequence[str],
    steps: tuple[str, str, str],
    language: str,
    *,
    narrow: bool = False,
) -> Spec:
    """Draw where the area and its twins stand among all areas, one row per indicator.

    Ticks (all areas): label, score. Dots: label, score, area, text. `names` are area and twins in order, the area first;
    `steps` the words below, at and above the middle.
    """
    axis = {"title": None, "values": [-2, 0, 2], "orient": "top", "domain": False, "ticks": False, "grid": True,
            "labelExpr": f"datum.value < 0 ? {steps[0]!r} : datum.value > 0 ? {steps[2]!r} : {steps[1]!r}"}  # fmt: skip
    x = {"field": "score", "type": "quantitative", "scale": {"domain": [-4, 4], "nice": False}, "axis": axis}
    y = {"field": "label", "type": "nominal", "sort": list(labels),
         "axis": {"title": None, "domain": False, "ticks": False, "labelColor": INK, "labelPadding": 8,
                  "labelFontSize": 12, "labelLimit": 130 if narrow else 280,
                  "labelExpr": "split(datum.label, '\\n')"}}  # fmt: skip
    marks = ["circle", "diamond", "square", "triangle-up", "triangle-down", "cross"][: len(names)]
    tones = [ACCENT, SCENARIO, "#009e73", "#8a6d00", "#6a3d9a", "#4d4d4d"][: len(names)]
    legend = {"title": None, "orient": "bottom", "columns": 2 if narrow else 4, "symbolSize": 110}
    shape = {"field": "area", "type": "nominal", "sort": None, "legend": legend}
    layers: list[Spec] = [
        {"data": {"values": list(ticks)}, "mark": {"type": "tick", "color": CONTEXT, "thickness": 1.2, "height": 14},
         "encoding": {"x": x, "y": y}},
        {"data": {"values": list(dots)},
         "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 0.8},
         "encoding": {"x": x, "y": y,
                      "color": {**shape, "scale": {"domain": list(names), "range": tones}},
                      "shape": {**shape, "scale": {"domain": list(names), "range": marks}},
                      "tooltip": [{"field": name, "title": " "} for name in ("area", "label", "text")]}},
    ]  # fmt: skip
    return finish({"layer": layers}, language, 60 + (46 if narrow else 30) * len(labels))
