"""Charts of the forecast page as plain Vega-Lite: fan, what was said in earlier years, small fans. Knows no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.parts.charts import finish
from pages.parts.colours import ACCENT, CATEGORICAL, INK, MUTED, SCENARIO

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

LEVELS = (95, 80, 50)  # drawn in this order, so that the narrow ones lie on the wide ones
SHADES = {95: 0.16, 80: 0.2, 50: 0.26}
DASH = [6, 4]
HALO: Spec = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
_ON_TOP = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8}


@dataclass(frozen=True)
class Fan:
    """What a fan chart shows.

    `past`: rows of series.line_rows. `future`: series, role, period, value, text, when, low_L, high_L, joint (the last observed
    value, where it begins), band (drawn with its interval). `simple` (benchmarks): name, period, value, last, label_at.
    `marks`: period, label. `at`: the chosen period of the first series (period, value, label). `limit`: value, label.
    `ends`: series, period, label_at.
    """

    past: Rows
    future: Rows
    levels: tuple[int, ...]
    simple: Rows
    marks: Rows
    ends: Rows
    at: Mapping[str, Any] | None
    limit: Mapping[str, Any] | None
    order: Sequence[str]
    city: str


def fan(shown: Fan, unit: str, language: str, height: int = 380, room: int = 110) -> Spec:
    """Draw history as solid lines and forecasts as lighter, dashed continuations with their intervals."""
    time = {"field": "period", "type": "temporal",
            "axis": {"title": None, "format": "%Y", "tickCount": 8, "labelOverlap": True, "grid": False}}  # fmt: skip
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False, "nice": True},
             "axis": {**_ON_TOP, "title": unit, "tickCount": 6}}  # fmt: skip
    tones = {"domain": list(shown.order), "range": _tones(shown.order, shown.city)}
    colour = {"field": "series", "type": "nominal", "scale": tones, "legend": None}
    common = {"x": time, "y": value, "color": colour}
    tip = [{"field": "series", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    layers = [
        _future(shown, common, tip),
        *([_limit(shown.limit, value)] if shown.limit else []),
        *([_marks(shown.marks, time)] if shown.marks else []),
        *([_simple(shown.simple, time, value)] if shown.simple else []),
        _past(shown.past, common, tip),
        {"data": {"values": list(shown.ends)}, "mark": {"type": "text", "align": "left", "dx": 7, "limit": room - 5},
         "encoding": {**common, "y": {**value, "field": "label_at"}, "text": {"field": "series"}}},
        *(_at(shown.at, time, value) if shown.at else []),
    ]  # fmt: skip
    return finish({"layer": layers, "padding": {"right": room, "left": 5, "top": 20, "bottom": 5}}, language, height)


def _tones(order: Sequence[str], city: str) -> list[str]:
    others = iter(CATEGORICAL * (len(order) // len(CATEGORICAL) + 1))
    return [INK if name == city and len(order) > 1 else next(others) for name in order]


def _future(shown: Fan, common: Spec, tip: list[Spec]) -> Spec:
    """Draw the intervals of the series marked `band`, the dashed continuation of all, and what hovering needs.

    One interval alone is drawn a little stronger than in a fan of three.
    """
    thin = {"condition": {"test": "datum.role === 'city'", "value": 1.2}, "value": 2}
    bands: list[Spec] = [
        {"transform": [{"filter": "datum.band"}],
         "mark": {"type": "area", "opacity": SHADES[level] if len(shown.levels) > 1 else 0.22},
         "encoding": {**common, "y": {**common["y"], "field": f"low_{level}"}, "y2": {"field": f"high_{level}"}}}
        for level in shown.levels
    ]  # fmt: skip
    lines: list[Spec] = [
        {"mark": {"type": "line", "strokeDash": DASH, "opacity": 0.75}, "encoding": {**common, "strokeWidth": thin}},
        {"transform": [{"filter": "!datum.joint"}], "mark": {"type": "point", "size": 140, "filled": True, "opacity": 0},
         "encoding": {**common, "tooltip": tip}},
    ]  # fmt: skip
    return {"data": {"values": list(shown.future)}, "layer": [*bands, *lines]}


def _past(past: Rows, common: Spec, tip: list[Spec]) -> Spec:
    thin = {"condition": {"test": "datum.role === 'city'", "value": 1.4}, "value": 2.4}
    hollow = {"condition": {"test": "datum.open", "value": 0}, "value": 1}
    layers: list[Spec] = [
        {"mark": {"type": "line", "invalid": "break-paths-show-domains"},
         "encoding": {**common, "strokeWidth": thin, "detail": [{"field": "part"}]}},
        {"transform": [{"filter": "datum.value !== null"}], "mark": {"type": "point", "size": 26, "filled": True},
         "encoding": {**common, "fillOpacity": hollow, "tooltip": tip}},
    ]  # fmt: skip
    return {"data": {"values": list(past)}, "layer": layers}


def _simple(simple: Rows, time: Spec, value: Spec) -> Spec:
    """Draw the benchmarks: thin, dotted, named at their ends."""
    place = {"x": time, "y": value, "detail": {"field": "name"}}
    return {
        "data": {"values": list(simple)},
        "layer": [
            {"mark": {"type": "line", "color": MUTED, "strokeWidth": 1.1, "strokeDash": [2, 3]}, "encoding": place},
            {"transform": [{"filter": "datum.last"}],
             "mark": {"type": "text", "align": "left", "dx": 7, "color": MUTED, "fontSize": 10.5},
             "encoding": {"x": time, "y": {**value, "field": "label_at"}, "text": {"field": "name"}}},
        ],
    }  # fmt: skip


def _marks(marks: Rows, time: Spec) -> Spec:
    words = {"type": "text", "angle": 270, "align": "right", "dx": -4, "dy": -6, "color": MUTED, "fontSize": 10, "limit": 170}
    rule = {"type": "rule", "color": "#8a949e", "strokeDash": [2, 3]}
    return {
        "data": {"values": list(marks)},
        "layer": [
            {"mark": rule, "encoding": {"x": time, "tooltip": {"field": "label", "title": " "}}},
            {"mark": words, "encoding": {"x": time, "y": {"value": 0}, "text": {"field": "label"}}},
        ],
    }


def _limit(limit: Mapping[str, Any], value: Spec) -> Spec:
    """Draw the reader's threshold as a horizontal rule, named at its left end."""
    words: Spec = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -3, "color": SCENARIO, **HALO}
    plain = {k: v for k, v in words.items() if k not in HALO}
    label = {"y": value, "x": {"value": 0}, "text": {"field": "label"}}
    return {
        "data": {"values": [dict(limit)]},
        "layer": [
            {"mark": {"type": "rule", "color": SCENARIO, "strokeWidth": 1.4, "strokeDash": [8, 3]}, "encoding": {"y": value}},
            {"mark": words, "encoding": label},
            {"mark": plain, "encoding": label},
        ],
    }


def _at(at: Mapping[str, Any], time: Spec, value: Spec) -> list[Spec]:
    """Mark the chosen period of the first series: a thin rule, a dot and the number."""
    data = {"data": {"values": [dict(at)]}}
    words: Spec = {"type": "text", "dy": -13, "fontWeight": 600, "fontSize": 13}
    place = {"x": time, "y": value}
    return [
        {**data, "mark": {"type": "rule", "color": INK, "strokeWidth": 0.8, "opacity": 0.6}, "encoding": {"x": time}},
        {**data, "mark": {"type": "point", "size": 70, "filled": True, "opacity": 1, "color": INK}, "encoding": place},
        {**data, "mark": {**words, **HALO}, "encoding": {**place, "text": {"field": "label"}}},
        {**data, "mark": words, "encoding": {**place, "text": {"field": "label"}}},
    ]


def track(rows: Rows, unit: str, language: str, width: int = 250, height: int = 92) -> Spec:
    """Draw what was said in earlier years, one small picture per year: the interval then, and what came.

    Rows: label (of the year), kind (known, said, came; beyond: after a break), period, value (None: a gap), low, high, text,
    when, missed (bool), and of those known part (a new one begins after a gap).
    """
    time = {"field": "period", "type": "temporal",
            "axis": {"title": None, "format": "%Y", "tickCount": 5, "grid": False, "labelFontSize": 10}}  # fmt: skip
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False},
             "axis": {"title": None, "tickCount": 3, "labelFontSize": 10}}  # fmt: skip
    tip = [{"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    gaps = {"invalid": "break-paths-show-domains"}
    said, came = {"filter": "datum.kind === 'said'"}, {"filter": "datum.kind === 'came'"}
    place = {"x": time, "y": value}
    layers = [
        {"transform": [said], "mark": {"type": "area", "color": ACCENT, "opacity": 0.2, **gaps},
         "encoding": {"x": time, "y": {**value, "field": "low"}, "y2": {"field": "high"}}},
        {"transform": [{"filter": "datum.kind === 'known'"}], "mark": {"type": "line", "color": INK, "strokeWidth": 1.6, **gaps},
         "encoding": {**place, "detail": {"field": "part"}}},
        {"transform": [said], "mark": {"type": "line", "color": ACCENT, "strokeDash": [4, 3], "strokeWidth": 1.6, **gaps},
         "encoding": place},
        {"transform": [{"filter": "datum.kind === 'beyond'"}],
         "mark": {"type": "point", "size": 24, "stroke": MUTED, "strokeWidth": 1.2, "opacity": 1},
         "encoding": {**place, "tooltip": tip}},
        {"transform": [came],
         "mark": {"type": "point", "filled": True, "opacity": 1, "size": 34},
         "encoding": {**place, "tooltip": tip,
                      "shape": {"condition": {"test": "datum.missed", "value": "cross"}, "value": "circle"},
                      "size": {"condition": {"test": "datum.missed", "value": 70}, "value": 30},
                      "color": {"condition": {"test": "datum.missed", "value": SCENARIO}, "value": INK}}},
        {"transform": [said, {"filter": "datum.value !== null"}], "mark": {"type": "point", "size": 120, "opacity": 0},
         "encoding": {**place, "tooltip": tip}},
    ]  # fmt: skip
    header = {"title": None, "labelFontSize": 12, "labelAnchor": "start", "labelPadding": 3}
    one: Spec = {
        "data": {"values": list(rows)},
        "facet": {"field": "label", "type": "nominal", "sort": list(dict.fromkeys(r["label"] for r in rows)), "header": header},
        "columns": 1,
        "spacing": 10,
        "spec": {"width": width, "height": height, "layer": layers},
    }
    return _one_down(one, language)


def _one_down(spec: Spec, language: str) -> Spec:
    """Finish a chart of small pictures; its rows stand one level down, because at the top Streamlit makes a table of them."""
    return {k: v for k, v in finish({"vconcat": [spec]}, language).items() if k != "autosize"}


def multiples(rows: Rows, unit: str, language: str, *, columns: int, width: int, common: bool, height: int = 86) -> Spec:
    """Draw one small fan per area; `common` puts all on one scale.

    Rows: name, kind (past, future), period, value, low, high, text, when, part, chosen (bool: the chosen period), label.
    """
    time = {"field": "period", "type": "temporal",
            "axis": {"title": None, "format": "%Y", "tickCount": 2, "grid": False, "labelFontSize": 10}}  # fmt: skip
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False},
             "axis": {"title": None, "tickCount": 3, "labelFontSize": 10}}  # fmt: skip
    place = {"x": time, "y": value}
    tip = [{"field": "name", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    future, past = {"filter": "datum.kind === 'future'"}, {"filter": "datum.kind === 'past'"}
    words: Spec = {"type": "text", "dy": -9, "fontSize": 10.5}
    line: Spec = {"type": "line", "color": ACCENT, "strokeWidth": 1.7}
    number = {**place, "text": {"field": "label"}}
    layers = [
        {"transform": [future], "mark": {"type": "area", "color": ACCENT, "opacity": 0.22},
         "encoding": {"x": time, "y": {**value, "field": "low"}, "y2": {"field": "high"}}},
        {"transform": [past], "mark": {**line, "invalid": "break-paths-show-domains"},
         "encoding": {**place, "detail": {"field": "part"}}},
        {"transform": [future], "mark": {**line, "strokeDash": [4, 3], "opacity": 0.75},
         "encoding": place},
        {"transform": [{"filter": "datum.value !== null"}], "mark": {"type": "point", "size": 90, "opacity": 0},
         "encoding": {**place, "tooltip": tip}},
        {"transform": [{"filter": "datum.chosen"}], "layer": [
            {"mark": {"type": "point", "size": 30, "filled": True, "opacity": 1, "color": INK}, "encoding": place},
            {"mark": {**words, **HALO}, "encoding": number}, {"mark": words, "encoding": number}]},
    ]  # fmt: skip
    one: Spec = {
        "data": {"values": list(rows)},
        "facet": {"field": "name", "type": "nominal", "sort": list(dict.fromkeys(row["name"] for row in rows)),
                  "header": {"title": None, "labelFontSize": 12, "labelLimit": width + 30, "labelPadding": 3}},
        "columns": columns,
        "spacing": {"row": 12, "column": 14},
        "spec": {"width": width, "height": height, "layer": layers},
        **({} if common else {"resolve": {"scale": {"y": "independent"}}}),
    }  # fmt: skip
    return _one_down(one, language)


def methods(
    past: Rows, lines: Rows, band: Rows, level: int, unit: str, language: str, order: Sequence[str], *, narrow: bool = False
) -> Spec:
    """Draw every method's continuation of one series, and the interval of the one that is shown elsewhere.

    `lines`: method, period, value, text, when. `band`: rows of the chosen method with low_L and high_L.
    """
    time = {"field": "period", "type": "temporal",
            "axis": {"title": None, "format": "%Y", "tickCount": 8, "labelOverlap": True, "grid": False}}  # fmt: skip
    value = {"field": "value", "type": "quantitative", "scale": {"zero": False},
             "axis": {**_ON_TOP, "title": unit, "tickCount": 6}}  # fmt: skip
    legend = {"title": None, "orient": "bottom" if narrow else "right", "symbolSize": 220, "symbolStrokeWidth": 2.4,
              "columns": 1, "labelLimit": 260}  # fmt: skip
    colour = {"field": "method", "type": "nominal", "legend": legend,
              "scale": {"domain": list(order), "range": list(CATEGORICAL[: len(order)])}}  # fmt: skip
    dash = {"field": "method", "type": "nominal", "legend": legend,
            "scale": {"domain": list(order), "range": [[6, 4], [8, 2], [4, 2], [2, 2], [10, 4], [1, 3], [1, 5]]}}  # fmt: skip
    tip = [{"field": "method", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    place = {"x": time, "y": value}
    solid: Spec = {"type": "line", "color": INK, "strokeWidth": 2, "point": {"size": 20, "color": INK}}
    drawn = {"data": {"values": list(lines)}}
    layers = [
        {"data": {"values": list(band)}, "mark": {"type": "area", "color": ACCENT, "opacity": 0.16},
         "encoding": {"x": time, "y": {**value, "field": f"low_{level}"}, "y2": {"field": f"high_{level}"}}},
        {"data": {"values": list(past)}, "mark": {**solid, "invalid": "break-paths-show-domains"},
         "encoding": {**place, "detail": {"field": "part"}}},
        {**drawn, "mark": {"type": "line", "strokeWidth": 2}, "encoding": {**place, "color": colour, "strokeDash": dash}},
        {**drawn, "mark": {"type": "point", "size": 120, "opacity": 0},
         "encoding": {**place, "tooltip": tip, "detail": {"field": "method"}}},
    ]  # fmt: skip
    spec = {"layer": layers, "padding": {"right": 10, "left": 5, "top": 20, "bottom": 5}}
    return finish(spec, language, 360 if not narrow else 420)


def continued(spec: Spec, future: Rows, unit: str, level: int) -> Spec:
    """Add forecast years to a chart of lines: each line goes on lighter and dashed, with its interval where marked.

    `future`: rows of ahead.continuation, those with `label_at` name their line at its end. Scales and colours are the chart's.
    """
    if not future:
        return spec
    common = {key: channel for key, channel in _value_encoding(spec).items() if key in ("x", "y", "color")}
    tip = [{"field": "series", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    span = {"y": {**common["y"], "field": f"low_{level}"}, "y2": {"field": f"high_{level}"}}
    layers: list[Spec] = [
        {"transform": [{"filter": "datum.band"}], "mark": {"type": "area", "opacity": 0.2}, "encoding": {**common, **span}},
        {"mark": {"type": "line", "strokeDash": DASH, "strokeWidth": 1.8, "opacity": 0.75},
         "encoding": {**common, "detail": {"field": "series"}}},
        {"transform": [{"filter": "!datum.joint"}], "mark": {"type": "point", "size": 120, "opacity": 0},
         "encoding": {**common, "tooltip": tip}},
        {"transform": [{"filter": "isValid(datum.label_at)"}],
         "mark": {"type": "text", "align": "left", "dx": 7, "limit": 105, "clip": False},
         "encoding": {**common, "y": {**common["y"], "field": "label_at"}, "text": {"field": "series"}}},
    ]  # fmt: skip
    return {**spec, "layer": [*spec["layer"], {"data": {"values": list(future)}, "layer": layers}]}


def _value_encoding(spec: Spec) -> Spec:
    """Return the encoding of the first layer that draws values. Raises StopIteration where there is none."""
    inside: list[Spec] = [
        one["encoding"] for one in spec["layer"] if one.get("encoding", {}).get("y", {}).get("field") == "value"
    ]
    return inside[0] if inside else next(_value_encoding(one) for one in spec["layer"] if "layer" in one)
