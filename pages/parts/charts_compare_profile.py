"""Charts of many indicators or of a whole distribution: spine chart, radar, histogram with box, boxes over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import Any

from pages.parts.charts import finish
from pages.parts.charts_compare import ABOVE_AXIS, HALO, QUIET
from pages.parts.colours import CATEGORICAL, CONTEXT, INK, MUTED

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left")
RADAR_STEPS = (-2, -1, 0, 1, 2)
RADAR_REACH = 3.0  # standard deviations from the middle of the picture to the ring of the mean
_RING = 72


def spine(rows: Rows, points: Rows, areas: Sequence[str], ends: tuple[str, str], city: str, language: str) -> Spec:
    """Draw each indicator as one line: range, middle half, median, city in the middle, areas as marks.

    Rows: label (line breaks allowed), low, lower, median, upper, high (0–1), tip. Points: label, at (0–1), area, text.
    `ends` says what left and right mean; without a name for the city its line stays bare.
    """
    words = {"labelExpr": "split(datum.label, '\\n')", "labelColor": INK, "labelLimit": 270, "labelPadding": 8}
    y = {"field": "label", "type": "nominal", "sort": None, "axis": {**QUIET, "title": None, **words}}
    axis = {
        **QUIET,
        "title": None,
        "values": [0.02, 0.98],
        "orient": "top",
        "labelExpr": f"datum.value < 0.5 ? {ends[0]!r} : {ends[1]!r}",
        "labelAlign": {"expr": "datum.value < 0.5 ? 'left' : 'right'"},
    }
    x = {"type": "quantitative", "scale": {"domain": [-0.01, 1.01], "nice": False}, "axis": axis}
    tip = [{"field": "label", "title": " "}, {"field": "tip", "title": " "}]
    bar = {"type": "bar", "cornerRadius": 2}
    layers: list[Spec] = [
        {"mark": {**bar, "height": {"band": 0.34}, "color": "#e3e8ed"},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "tooltip": tip}},
        {"mark": {**bar, "height": {"band": 0.34}, "color": "#b4c3d0"},
         "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "tooltip": tip}},
        {"mark": {"type": "tick", "color": MUTED, "thickness": 1.5, "height": {"band": 0.34}},
         "encoding": {"y": y, "x": {**x, "field": "median"}}},
        _city_line(x, city),
        _spine_points(points, areas, x, y),
    ]  # fmt: skip
    row_height = max(36, 17 * (1 + max((row["label"].count("\n") for row in rows), default=0)))
    return finish({"data": {"values": list(rows)}, "layer": layers}, language, max(140, row_height * len(rows)))


def _city_line(x: Spec, city: str) -> Spec:
    place = {"x": {**x, "datum": 0.5}}
    words = {"type": "text", "baseline": "bottom", "dy": -6, "fontSize": 12, "color": INK}
    return {
        "data": {"values": [{}]},
        "layer": [
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.2}, "encoding": place},
            {"mark": words, "encoding": {**place, "y": {"value": 0}, "text": {"value": city}}},
        ],
    }


def _spine_points(points: Rows, areas: Sequence[str], x: Spec, y: Spec) -> Spec:
    mark = {"type": "point", "filled": True, "size": 130, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}
    return {
        "data": {"values": list(points)},
        "mark": mark,
        "encoding": {"y": y, "x": {**x, "field": "at"}, **_area_marks(areas, 2)},
    }


def radar(rows: Rows, labels: Sequence[str], areas: Sequence[str], steps: Mapping[int, str], language: str, *, size: int) -> Spec:
    """Draw areas as closed lines around the mean of all areas.

    Rows: area, axis (position), score (standard deviations, good is outward; None where empty), text, label. `labels` names the
    spokes (line breaks allowed), `steps` the rings. The picture is `size` pixels high and wider for the labels.
    """
    many = len(labels)
    wide = 1.6
    reach = RADAR_REACH + RADAR_STEPS[-1] + 1.1
    frame = {"x": _hidden("x", reach * wide), "y": _hidden("y", reach)}
    layers = [*_web(many, frame), _ring_words(steps, many, frame), _spoke_words(labels, frame)]
    placed = [{**row, **_place(row["axis"], row["score"], many)} for row in rows]
    marks = _area_marks(areas, 2)
    line = {
        "mark": {"type": "line", "strokeWidth": 2.2},
        "data": {"values": _loops(placed, areas, many)},
        "encoding": {**frame, "order": {"field": "axis"}, "color": marks["color"], "detail": {"field": "piece"}},
    }
    dots = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "data": {"values": [row for row in placed if row["score"] is not None]},
        "encoding": {**frame, **marks},
    }
    spec = {"width": int(size * wide), "height": size, "layer": [*layers, line, dots]}
    return {**finish(spec, language), "autosize": {"type": "pad"}}  # a fitted width would press the circle into an oval


def _hidden(field: str, reach: float) -> Spec:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [-reach, reach], "nice": False}}


def _place(axis: float, score: float | None, many: int) -> dict[str, float | None]:
    """Return where a score stands: the first spoke points up, the next ones follow clockwise."""
    if score is None:
        return {"x": None, "y": None}
    radius = RADAR_REACH + max(min(score, RADAR_STEPS[-1] + 0.8), -RADAR_REACH + 0.2)
    angle = 2 * pi * axis / many
    return {"x": round(radius * sin(angle), 4), "y": round(radius * cos(angle), 4)}


def _loops(placed: Rows, areas: Sequence[str], many: int) -> list[dict[str, Any]]:
    """Return the lines' points in order, closed where the first and last spoke both have a value; a gap parts the line."""
    points: list[dict[str, Any]] = []
    for area in areas:
        own = {row["axis"]: row for row in placed if row["area"] == area and row["score"] is not None}
        piece = 0
        for step in range(many + 1):
            row = own.get(step % many)
            if row is None:
                piece += 1
                continue
            points.append({"area": area, "piece": f"{area}{piece}", "axis": step, "x": row["x"], "y": row["y"]})
    return points


def _web(many: int, frame: Spec) -> list[Spec]:
    rings = [
        {"ring": step, "step": at, **_place(at * many / _RING, step, many)} for step in RADAR_STEPS for at in range(_RING + 1)
    ]
    spokes = [{"spoke": s, "step": i, **_place(s, score, many)} for s in range(many) for i, score in enumerate((-2.8, 2.3))]
    mean = {"condition": {"test": "datum.ring === 0", "value": INK}, "value": "#d5dce3"}
    return [
        {"data": {"values": spokes}, "mark": {"type": "line", "color": "#e3e8ed", "strokeWidth": 1},
         "encoding": {**frame, "detail": {"field": "spoke"}, "order": {"field": "step"}}},
        {"data": {"values": rings}, "mark": {"type": "line", "strokeWidth": 1},
         "encoding": {**frame, "detail": {"field": "ring"}, "order": {"field": "step"}, "stroke": mean}},
    ]  # fmt: skip


def _ring_words(steps: Mapping[int, str], many: int, frame: Spec) -> Spec:
    at = [{**_place(0.5, step, many), "words": words} for step, words in steps.items()]
    mark: Spec = {"type": "text", "align": "center", "baseline": "middle", "fontSize": 10.5, "color": MUTED}
    encoding = {**frame, "text": {"field": "words"}}
    return {
        "data": {"values": at},
        "layer": [{"mark": {**mark, **HALO}, "encoding": encoding}, {"mark": mark, "encoding": encoding}],
    }


def _spoke_words(labels: Sequence[str], frame: Spec) -> Spec:
    many = len(labels)
    turns = [(sin(2 * pi * i / many), cos(2 * pi * i / many)) for i in range(many)]
    places = [
        {"words": words, "side": _side(*turn), **_place(i, 2.5, many)}
        for i, (words, turn) in enumerate(zip(labels, turns, strict=True))
    ]
    common: Spec = {"type": "text", "lineBreak": "\n", "fontSize": 12, "color": INK}
    anchors: dict[str, tuple[str, str]] = {
        "right": ("left", "middle"),
        "left": ("right", "middle"),
        "top": ("center", "bottom"),
        "bottom": ("center", "top"),
    }
    layers: list[Spec] = [
        {
            "transform": [{"filter": {"field": "side", "equal": side}}],
            "mark": {**common, "align": align, "baseline": baseline},
            "encoding": {**frame, "text": {"field": "words"}},
        }
        for side, (align, baseline) in anchors.items()
    ]
    return {"data": {"values": places}, "layer": layers}


def _side(across: float, up: float) -> str:
    """Return on which side of the circle a spoke ends."""
    if abs(across) <= 0.1:
        return "top" if up > 0 else "bottom"
    return "right" if across > 0 else "left"


def spread(bins: Rows, box: Mapping[str, Any], dots: Rows, city: Mapping[str, Any] | None, unit: str, language: str) -> Spec:
    """Draw a histogram above, a box plot with all areas as dots below, on one axis.

    Bins: low, high, count, text. Box: low, lower, median, upper, high. Dots: name, value, text, chosen, colour, jitter (0–1).
    City: value, label.
    """
    top = max((row["count"] for row in bins), default=1)
    foot = -0.55 * top
    x = {"type": "quantitative", "scale": {"zero": False, "nice": False, "padding": 12},
         "axis": {"title": unit, "grid": False, "tickCount": 8}}  # fmt: skip
    ticks = list(range(0, top + 1, max(1, round(top / 4))))
    y = {"type": "quantitative", "scale": {"domain": [foot, top * 1.08], "nice": False},
         "axis": {**ABOVE_AXIS, "title": None, "values": ticks, "domain": False, "ticks": False}}  # fmt: skip
    bars = {
        "data": {"values": list(bins)},
        "mark": {"type": "bar", "color": "#9dbad0", "stroke": "#ffffff", "strokeWidth": 0.8},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": {**y, "field": "count"}, "y2": {"datum": 0},
                     "tooltip": [{"field": "text", "title": " "}, {"field": "count", "title": " "}]},
    }  # fmt: skip
    layers: list[Spec] = [bars, *_box(box, x, y, 0.42 * foot), _dots(dots, x, y, foot)]
    if city is not None:
        place = {"x": {**x, "datum": city["value"]}}
        layers += [
            {"data": {"values": [{}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]}, "encoding": place},
            {"data": {"values": [{}]}, "mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": 11, "color": INK},
             "encoding": {**place, "y": {"value": 0}, "text": {"value": city["label"]}}},
        ]  # fmt: skip
    return finish({"layer": layers, "padding": {"top": 18, "left": 5, "right": 5, "bottom": 5}}, language, 430)


def _box(box: Mapping[str, Any], x: Spec, y: Spec, middle: float) -> list[Spec]:
    data = {"values": [dict(box)]}
    level = {"y": {**y, "datum": middle}}
    return [
        {"data": data, "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.4},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, **level}},
        {"data": data, "mark": {"type": "bar", "height": 24, "color": "#dfe7ee", "stroke": MUTED, "strokeWidth": 1},
         "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, **level}},
        {"data": data, "mark": {"type": "tick", "color": INK, "thickness": 2, "size": 24},
         "encoding": {"x": {**x, "field": "median"}, **level}},
    ]  # fmt: skip


def _dots(dots: Rows, x: Spec, y: Spec, foot: float) -> Spec:
    places = [{**dot, "level": foot * (0.74 + 0.2 * dot["jitter"])} for dot in dots]
    tooltip = [{"field": "name", "title": " "}, {"field": "text", "title": " "}]
    point = {"type": "point", "filled": True, "size": 62}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    words = {"type": "text", "align": "center", "dy": -10, "fontSize": 11}
    level = {"x": {**x, "field": "value"}, "y": {**y, "field": "level"}}
    chosen = [{"filter": "datum.chosen"}]
    text = {**level, "text": {"field": "name"}}
    return {
        "data": {"values": places},
        "layer": [
            {"mark": {**point, "opacity": 0.75}, "encoding": {**level, "color": colour, "tooltip": tooltip}},
            {"transform": chosen, "mark": {**words, **HALO}, "encoding": text},
            {"transform": chosen, "mark": words, "encoding": text},
        ],
    }


def boxes(rows: Rows, dots: Rows, reference: Rows, unit: str, language: str, names: Sequence[str]) -> Spec:
    """Draw one box per period: range, middle half, median; chosen areas as coloured dots, the reference as a dashed line.

    Rows: period (words), lowest, lower, median, upper, highest, tip. Dots: period, value, area, text. Reference: period, value.
    """
    axis = {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False}
    x = {"field": "period", "type": "ordinal", "sort": None, "axis": axis}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {**ABOVE_AXIS, "title": unit}}
    tip = [{"field": "period", "title": " "}, {"field": "tip", "title": " "}]
    line = {"type": "line", "color": INK, "strokeDash": [4, 3], "strokeWidth": 1.2}

    def layer(mark: Spec, field: str, to: str = "", **more: Any) -> Spec:
        end = {"y2": {"field": to}} if to else {}
        return {"mark": mark, "encoding": {"x": x, "y": {**y, "field": field}, **end, **more}}

    layers: list[Spec] = [
        layer({"type": "rule", "color": CONTEXT, "strokeWidth": 1.5}, "lowest", "highest"),
        layer({"type": "bar", "color": "#dfe7ee", "stroke": "#8a949e", "strokeWidth": 0.8, "width": {"band": 0.6}},
              "lower", "upper", tooltip=tip),
        layer({"type": "tick", "color": INK, "thickness": 1.8, "width": {"band": 0.6}}, "median"),
        {"data": {"values": list(reference)}, **layer(line, "value")},
    ]  # fmt: skip
    if names:
        own = layer({"type": "point", "filled": True, "size": 60, "opacity": 1}, "value", **_area_marks(names, 4))
        layers.append({"data": {"values": list(dots)}, **own})
    drawn = {"data": {"values": list(rows)}, "layer": layers, "padding": {"top": 18, "left": 5, "right": 5, "bottom": 5}}
    return finish(drawn, language, 400)


def _area_marks(areas: Sequence[str], columns: int) -> Spec:
    """Return the encodings that tell areas apart, by colour and by shape, with one legend for both."""
    legend = {"title": None, "orient": "bottom", "labelFontSize": 12, "symbolSize": 110, "columns": columns}
    common = {"field": "area", "type": "nominal", "sort": None, "legend": legend}
    used = len(areas)
    return {
        "color": {**common, "scale": {"domain": list(areas), "range": list(CATEGORICAL[:used])}},
        "shape": {**common, "scale": {"domain": list(areas), "range": list(SHAPES[:used])}},
        "tooltip": [{"field": name, "title": " "} for name in ("area", "label", "text")],
    }
