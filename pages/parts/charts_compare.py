"""Charts of the comparison page as plain Vega-Lite: ranking with ranges, small multiples, scatter, distributions.

Like charts.py: rows of plain values with their texts already written in, a complete specification out; no Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pages.parts.charts import finish
from pages.parts.colours import ACCENT, CONTEXT, INK, MUTED

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

ABOVE_AXIS: Spec = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8}
QUIET: Spec = {"grid": False, "domain": False, "ticks": False}
HALO: Spec = {"stroke": "#ffffff", "strokeWidth": 4.5, "strokeJoin": "round"}
# Kinds of empty as small marks at the foot of a line; words beside the chart explain them.
EMPTY_SHAPES: Spec = {"domain": ["suppressed", "missing", "not_applicable"], "range": ["square", "circle", "stroke"]}


def ranking(rows: Rows, reference: float | None, label: str, unit: str, language: str, row_height: int = 21) -> Spec:
    """Draw bars from high to low with whiskers where there is an interval.

    Rows: code, label (name and place), name, value, low, high, end (where the number stands), text, tip, colour. Empty areas
    have no value and say why in `text`.
    """
    ends = [row[k] for row in rows for k in ("value", "high", "low") if row[k] is not None] + [reference or 0.0]
    domain = [min(0.0, 1.25 * min(ends)), max(0.0, 1.16 * max(ends)) or 1.0]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "axis": {**QUIET, "title": None, "labelColor": INK, "labelLimit": 230},
    }
    x = {"field": "value", "type": "quantitative", "scale": {"domain": domain, "nice": False},
         "axis": {"title": unit or None, "tickCount": 5}}  # fmt: skip
    tooltip = [{"field": "name", "title": " "}, {"field": "tip", "title": unit or " "}]
    bars: Spec = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.74}},
        "params": [{"name": "areas", "select": {"type": "point", "fields": ["code"], "on": "click"}}],
        "encoding": {"y": y, "x": x, "color": {"field": "colour", "type": "nominal", "scale": None}, "tooltip": tooltip},
    }
    layers = [bars]
    if reference is not None:
        layers.append(_rule_at(reference, label))
    if any(row["low"] is not None for row in rows):
        layers += _whiskers(y)
    layers += _bar_words(y)
    return finish({"data": {"values": list(rows)}, "layer": layers}, language, max(90, row_height * len(rows)))


def _whiskers(y: Spec) -> list[Spec]:
    spans = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    ticks = [
        {"mark": {"type": "tick", "color": INK, "thickness": 1.2, "size": 7},
         "encoding": {"y": y, "x": {"field": end, "type": "quantitative"}}}
        for end in ("low", "high")
    ]  # fmt: skip
    light = {"mark": {"type": "rule", "color": "#ffffff", "strokeWidth": 4}, "encoding": {"y": y, **spans}}  # seen on dark bars
    rule = {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.4}, "encoding": {"y": y, **spans}}
    return [{"transform": [{"filter": "datum.low !== null"}], "layer": [light, rule, *ticks]}]


def _bar_words(y: Spec) -> list[Spec]:
    """Write the number beyond the end of bar and whisker, and in place of a bar why there is none."""
    at_end = {"y": y, "x": {"field": "end", "type": "quantitative"}, "text": {"field": "text"}}
    layers: list[Spec] = []
    for which, align, dx in (("datum.value >= 0", "left", 5), ("datum.value < 0", "right", -5)):
        mark = {"type": "text", "align": align, "dx": dx}
        both = [{"mark": {**mark, **HALO}, "encoding": at_end}, {"mark": mark, "encoding": at_end}]
        layers.append({"transform": [{"filter": f"datum.value !== null && {which}"}], "layer": both})
    why: Spec = {"type": "text", "align": "left", "dx": 5, "fontStyle": "italic", "color": MUTED}
    nothing = {"y": y, "x": {"datum": 0}, "text": {"field": "text"}}
    return [*layers, {"transform": [{"filter": "datum.value === null"}], "mark": why, "encoding": nothing}]


def _rule_at(value: float, label: str) -> Spec:
    place = {"x": {"datum": value, "type": "quantitative"}}
    words = {**place, "y": {"value": 0}, "text": {"value": label}}
    return {
        "data": {"values": [{}]},
        "layer": [
            {"mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]}, "encoding": place},
            {"mark": {"type": "text", "color": INK, "fontSize": 11, "dy": -6, "baseline": "bottom"}, "encoding": words},
        ],
    }


def multiples(
    rows: Rows, reference: Rows, domain: Sequence[float], unit: str, language: str, *, columns: int, width: int, height: int = 78
) -> Spec:
    """Draw one small line per area on one scale, the reference as a thin grey line behind each.

    Rows: name, period, value, text, when, part, dot (last or lone value), label (at the dot), status. Reference: period, value.
    """
    axis = {"title": None, "format": "%Y", "tickCount": 2, "grid": False, "labelFontSize": 10}
    time = {"field": "period", "type": "temporal", "axis": axis}
    scale = {"domain": list(domain), "nice": False, "zero": False}
    y_axis = {"title": None, "tickCount": 3, "labelFontSize": 10}
    value = {"field": "value", "type": "quantitative", "scale": scale, "axis": y_axis}
    tooltip = [{"field": "name", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    names = list(dict.fromkeys(row["name"] for row in rows))
    header = {"title": None, "labelFontSize": 12, "labelLimit": width, "labelPadding": 3}
    layers = [
        *_small_lines(reference, time, value),
        _last_number(time, value),
        _points(time, value, tooltip),
        _empty(time, tooltip),
    ]
    spec: Spec = {
        "data": {"values": list(rows)},
        "facet": {"field": "name", "type": "nominal", "sort": names, "header": header},
        "columns": columns,
        "spacing": {"row": 12, "column": 14},
        "spec": {"width": width, "height": height, "layer": layers},
    }
    return {k: v for k, v in finish(spec, language).items() if k != "autosize"}


def _small_lines(reference: Rows, time: Spec, value: Spec) -> list[Spec]:
    behind = {
        "data": {"values": list(reference)},
        "mark": {"type": "line", "color": "#9aa5b1", "strokeWidth": 1.3},
        "encoding": {"x": time, "y": value},
    }
    own = {
        "mark": {"type": "line", "strokeWidth": 2, "color": ACCENT, "invalid": "break-paths-show-domains"},
        "encoding": {"x": time, "y": value, "detail": {"field": "part"}},
    }
    return [behind, own]


def _points(time: Spec, value: Spec, tooltip: list[Spec]) -> Spec:
    """Draw the last value and values without neighbours; the others only answer to the pointer."""
    shown = {"condition": {"test": "datum.dot", "value": 1}, "value": 0}
    return {
        "transform": [{"filter": "datum.value !== null"}],
        "mark": {"type": "point", "filled": True, "color": ACCENT, "size": 26},
        "encoding": {"x": time, "y": value, "opacity": shown, "tooltip": tooltip},
    }


def _last_number(time: Spec, value: Spec) -> Spec:
    mark = {"type": "text", "align": "right", "dy": -9, "dx": 4, "fontSize": 11}
    encoding = {"x": time, "y": value, "text": {"field": "label"}}
    layers = [{"mark": {**mark, **HALO}, "encoding": encoding}, {"mark": mark, "encoding": encoding}]
    return {"transform": [{"filter": "datum.label !== ''"}], "layer": layers}


def _empty(time: Spec, tooltip: list[Spec]) -> Spec:
    """Mark empty periods at the foot, each kind with its own shape."""
    return {
        "transform": [{"filter": "datum.value === null"}],
        "mark": {"type": "point", "size": 22, "color": MUTED, "strokeWidth": 1.2},
        "encoding": {
            "x": time,
            "y": {"value": "height"},
            "yOffset": {"value": -5},
            "shape": {"field": "status", "type": "nominal", "scale": EMPTY_SHAPES, "legend": None},
            "tooltip": tooltip,
        },
    }


def add_context(spec: Spec, others: Rows) -> Spec:
    """Return a line chart with thin grey lines behind it; rows: series, period, value, text, when, part."""
    if not others:
        return spec
    drawn = spec["layer"][-3]["encoding"]
    grey = {
        "data": {"values": list(others)},
        "mark": {"type": "line", "color": CONTEXT, "strokeWidth": 1, "invalid": "break-paths-show-domains"},
        "encoding": {
            "x": drawn["x"],
            "y": drawn["y"],
            "detail": [{"field": "series"}, {"field": "part"}],
            "tooltip": {"field": "series", "title": " "},
        },
    }
    return {**spec, "layer": [grey, *spec["layer"]]}


def scatter(rows: Rows, line: Rows, x_title: str, y_title: str, size_title: str, language: str, height: int = 470) -> Spec:
    """Draw areas by two indicators with the regression line.

    Rows: name, x, y, size, text (x in words), text_y, text_size, label ("" without), chosen, colour. Line: two rows x, y.
    """
    scale = {"zero": False}
    below = {"title": x_title, "titlePadding": 10, "tickCount": 7}
    above = {**ABOVE_AXIS, "title": y_title, "titleLimit": 600, "tickCount": 7}
    x = {"field": "x", "type": "quantitative", "scale": scale, "axis": below}
    y = {"field": "y", "type": "quantitative", "scale": scale, "axis": above}
    tooltip = [{"field": "name", "title": " "}, {"field": "text", "title": x_title}, {"field": "text_y", "title": y_title}]
    colour = {"field": "colour", "type": "nominal", "scale": None}
    dots: Spec = {
        "mark": {"type": "point", "filled": True, "strokeWidth": 1.2},
        "encoding": {
            "x": x,
            "y": y,
            "color": colour,
            "fillOpacity": {"condition": {"test": "datum.chosen", "value": 0.8}, "value": 0.45},
            "stroke": {"condition": {"test": "datum.chosen", "value": "#000000"}, **colour},
            "size": _dot_size(rows, size_title) if size_title else {"value": 90},
            "tooltip": [*tooltip, {"field": "text_size", "title": size_title}] if size_title else tooltip,
        },
    }
    layers = [_regression(line, x, y), dots, _dot_names(x, y)]
    padding = {"top": 20, "left": 5, "right": 5, "bottom": 5}
    return finish({"data": {"values": list(rows)}, "layer": layers, "padding": padding}, language, height)


def _dot_size(rows: Rows, title: str) -> Spec:
    greatest = max((row["size"] or 0.0 for row in rows), default=1.0)
    legend = {"title": title, "orient": "bottom", "direction": "horizontal", "values": _round_sizes(rows)}
    scale = {"domain": [0, greatest], "range": [20, 700]}
    outline = {"symbolFillColor": "#ffffff", "symbolStrokeColor": MUTED}
    return {"field": "size", "type": "quantitative", "scale": scale, "legend": {**legend, **outline}}


def _round_sizes(rows: Rows) -> list[float]:
    """Return two or three round numbers up to the greatest size, for the legend."""
    greatest = max((row["size"] or 0.0 for row in rows), default=0.0)
    step = 10.0 ** (len(str(int(greatest))) - 1)
    leading = int(greatest // step) if step else 0
    return [leading * step / 10, leading * step / 2, leading * step] if leading else []


def _regression(line: Rows, x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": list(line)},
        "mark": {"type": "line", "color": MUTED, "strokeDash": [6, 4], "strokeWidth": 1.5},
        "encoding": {"x": x, "y": y},
    }


def _dot_names(x: Spec, y: Spec) -> Spec:
    mark = {"type": "text", "align": "left", "dx": 9, "dy": -7}
    encoding = {"x": x, "y": y, "text": {"field": "label"}}
    layers = [{"mark": {**mark, **HALO}, "encoding": encoding}, {"mark": mark, "encoding": encoding}]
    return {"transform": [{"filter": "datum.label !== ''"}], "layer": layers}
