"""Build Vega-Lite charts as plain dictionaries: grey is the context, one accent is the selection.

Every builder takes rows of plain values with their texts already written and returns a complete specification; the
page shows it, the download draws it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from pages.parts.colours import ACCENT, CATEGORICAL, CONTEXT, GRID, INK, MUTED
from pages.parts.scene import Scene

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_NUMBERS = {
    "de": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"], "minus": "−"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""], "minus": "−"},
}
_ON_TOP = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 4, "titleY": -8}  # the unit above the axis
_CLEAN = {"grid": False, "domain": False, "ticks": False}


def finish(spec: Spec, language: str, height: int | None = None) -> Spec:
    """Add what all charts share: schema, number format of the language, quiet axes."""
    config = {
        "font": '"Source Sans", "Source Sans 3", "DejaVu Sans", sans-serif',
        "locale": {"number": _NUMBERS[language]},
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED, "titleColor": MUTED, "gridColor": GRID, "domainColor": "#8a949e", "tickColor": "#8a949e",
            "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 200,
        },
        "text": {"color": INK, "fontSize": 12},
        "legend": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontWeight": "normal"},
        "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": MUTED},
    }  # fmt: skip
    size = {"height": height} if height else {}
    quiet = {"$schema": SCHEMA, "autosize": {"type": "fit-x", "contains": "padding"}, **size, **_unnamed(spec)}
    return {**quiet, "config": config}


def _unnamed(spec: Spec) -> Spec:
    """Hide single marks from screen readers: the chart as a whole has a text alternative, nameless marks are noise."""
    hidden = dict(spec)
    if "mark" in spec:
        mark = spec["mark"]
        hidden["mark"] = {**(mark if isinstance(mark, dict) else {"type": mark}), "aria": False}
    for part in ("layer", "hconcat", "vconcat"):
        if part in spec:
            hidden[part] = [_unnamed(inner) for inner in spec[part]]
    if "spec" in spec:
        hidden["spec"] = _unnamed(spec["spec"])
    return hidden


def ranking(rows: Rows, city: float | None, city_label: str, unit: str, language: str, reference: str = "") -> Spec:
    """Draw horizontal bars from high to low.

    Rows: code, name, value, text, colour, chosen (bool), optional low and high (interval). `city` is a thin rule.
    """
    base = {
        "y": {
            "field": "name",
            "type": "nominal",
            "sort": None,
            "axis": {"title": None, **_CLEAN, "labelColor": INK, "labelLimit": 150},
        }
    }
    bars: Spec = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.78}},
        "params": [{"name": "areas", "select": {"type": "point", "fields": ["code"], "on": "click"}}],
        "encoding": {
            **base,
            "x": {
                "field": "value",
                "type": "quantitative",
                "scale": _room(rows, city),
                "axis": {"title": unit or None, "tickCount": 4},
            },
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "stroke": {"condition": {"test": "datum.chosen", "value": "#000000"}, "value": None},
            "strokeWidth": {"value": 1.6},
            "tooltip": [{"field": "name", "title": " "}, {"field": "text", "title": unit or " "}],
        },
    }
    layers = [bars, _bar_text(base, "datum.value >= 0", "left", 5), _bar_text(base, "datum.value < 0", "right", -5)]
    if any(row.get("low") is not None for row in rows):
        layers.insert(1, _whiskers(base))
    if city is not None:
        layers.insert(0, _rule(city, city_label))
    return finish({"data": {"values": list(rows)}, "layer": layers}, language, max(120, 21 * len(rows)))


def _room(rows: Rows, city: float | None) -> Spec:
    """Return the scale of the bars with room for the numbers at their ends."""
    ends = [0.0, *(row[k] for row in rows for k in ("value", "low", "high") if row.get(k) is not None), city or 0.0]
    low, high = min(ends), max(ends)
    room = 0.28 * (high - low or 1.0)
    return {"domain": [low - room if low < 0 else low, high + room if high > 0 else high], "nice": False}


def _bar_text(base: Spec, which: str, align: str, dx: int) -> Spec:
    """Write the numbers at the ends of the bars, on a white halo where the city's rule passes."""
    text = {"type": "text", "align": align, "dx": dx}
    halo = {**text, "stroke": "#ffffff", "strokeWidth": 3.5}
    encoding = {**base, "x": {"field": "value", "type": "quantitative"}, "text": {"field": "text"}}
    return {
        "transform": [{"filter": which}],
        "layer": [{"mark": halo, "encoding": encoding}, {"mark": text, "encoding": encoding}],
    }


def _whiskers(base: Spec) -> Spec:
    return {
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
        "encoding": {**base, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
    }


def _rule(value: float, label: str) -> Spec:
    """Draw the city's value as a thin vertical rule with its name on top."""
    at = {"x": {"datum": value, "type": "quantitative"}}
    return {
        "data": {"values": [{}]},
        "layer": [
            {"mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 3]}, "encoding": at},
            {
                "mark": {"type": "text", "color": MUTED, "fontSize": 11, "dy": -6, "baseline": "bottom"},
                "encoding": {**at, "y": {"value": 0}, "text": {"value": label}},
            },
        ],
    }


def lines(
    rows: Rows,
    band: Rows,
    marks: Rows,
    unit: str,
    language: str,
    *,
    height: int = 300,
    zero: bool = False,
    order: Sequence[str] = (),
) -> Spec:
    """Draw lines over time.

    Rows: series, period (ISO date), value, text, when (period in words), role (city, area), status. Band rows: period,
    low, high. Marks (breaks and events): period, label. `order` fixes the series' colours.
    """
    axis = {"title": None, "format": "%Y", "tickCount": 8, "labelOverlap": True, "grid": False}
    time = {"field": "period", "type": "temporal", "axis": axis}
    scale = {"zero": zero, "nice": True}
    value = {"field": "value", "type": "quantitative", "scale": scale, "axis": {**_ON_TOP, "title": unit, "tickCount": 5}}
    colour = {"field": "series", "type": "nominal", "scale": _colour_scale(rows, order), "legend": None}
    common = {"x": time, "y": value, "color": colour}
    layers = [_band(band, time, value)] if band else []
    layers += [_marks(marks, time)] if marks else []
    layers += [*_paths(common, unit), _end_labels(common)]
    return finish(
        {"data": {"values": list(rows)}, "layer": layers, "padding": {"right": 110, "left": 5, "top": 18, "bottom": 5}},
        language,
        height,
    )


def _band(band: Rows, time: Spec, value: Spec) -> Spec:
    """Draw the span from the lowest to the highest value as a grey area behind the lines."""
    y = {**value, "field": "low"}
    encoding = {"x": time, "y": y, "y2": {"field": "high"}}
    return {"data": {"values": list(band)}, "mark": {"type": "area", "color": CONTEXT, "opacity": 0.35}, "encoding": encoding}


def _paths(common: Spec, unit: str) -> list[Spec]:
    """Draw lines and points: the city dashed, what is not final hollow, nothing across a part's end."""
    tooltip = [{"field": "series", "title": " "}, {"field": "when", "title": " "}, {"field": "text", "title": unit or " "}]
    dash = {"condition": {"test": "datum.role === 'city'", "value": [5, 3]}, "value": [1, 0]}
    hollow = {"condition": {"test": "datum.open", "value": 0}, "value": 1}
    return [
        {
            "mark": {"type": "line", "strokeWidth": 2.4, "invalid": "break-paths-show-domains"},
            "encoding": {**common, "strokeDash": dash, "detail": [{"field": "part"}]},
        },
        {
            "transform": [{"filter": "datum.value !== null"}],
            "mark": {"type": "point", "size": 34, "filled": True},
            "encoding": {**common, "fillOpacity": hollow, "tooltip": tooltip},
        },
    ]


def _end_labels(common: Spec) -> Spec:
    """Write each line's name at its end; `label_at` keeps names of neighbouring lines apart."""
    place = {**common["y"], "field": "label_at"}
    return {
        "transform": [{"filter": "datum.last"}],
        "mark": {"type": "text", "align": "left", "dx": 7, "limit": 105, "clip": False},
        "encoding": {**common, "y": place, "text": {"field": "series"}},
    }


def _marks(marks: Rows, time: Spec) -> Spec:
    rule = {
        "mark": {"type": "rule", "color": "#8a949e", "strokeDash": [2, 3]},
        "encoding": {"x": time, "tooltip": {"field": "label", "title": " "}},
    }
    label = {
        "mark": {
            "type": "text",
            "angle": 270,
            "align": "right",
            "dx": -4,
            "dy": -6,
            "color": MUTED,
            "fontSize": 10,
            "limit": 150,
        },
        "encoding": {"x": time, "y": {"value": 0}, "text": {"field": "label"}},
    }
    return {"data": {"values": list(marks)}, "layer": [rule, label]}


def _colour_scale(rows: Rows, order: Sequence[str]) -> Spec:
    names = list(order) or list(dict.fromkeys(str(row["series"]) for row in rows))
    city = {str(row["series"]) for row in rows if row.get("role") == "city"}
    palette = iter(CATEGORICAL * (len(names) // len(CATEGORICAL) + 1))
    return {"domain": names, "range": [INK if name in city else next(palette) for name in names]}


def multiples(rows: Rows, unit: str, language: str, columns: int = 6) -> Spec:
    """Draw one small line per area on one common scale, the city as thin grey line behind.

    Rows: name, period, value, city, text, when, chosen.
    """
    time = {"field": "period", "type": "temporal", "axis": {"title": None, "format": "%Y", "tickCount": 2, "grid": False}}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"title": None, "tickCount": 3}}
    city = {"mark": {"type": "line", "color": CONTEXT, "strokeWidth": 1.4}, "encoding": {"x": time, "y": {"field": "city", **y}}}
    own = {
        "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 8, "opacity": 0}, "invalid": "break-paths-show-domains"},
        "encoding": {
            "x": time,
            "y": {"field": "value", **y},
            "color": {"condition": {"test": "datum.chosen", "value": "#d55e00"}, "value": ACCENT},
            "tooltip": [
                {"field": "name", "title": " "},
                {"field": "when", "title": " "},
                {"field": "text", "title": unit or " "},
            ],
        },
    }
    spec: Spec = {
        "data": {"values": list(rows)},
        "facet": {"field": "name", "type": "nominal", "sort": None, "header": {"title": None, "labelFontSize": 12}},
        "columns": columns,
        "spacing": 14,
        "spec": {"width": 125, "height": 78, "layer": [city, own]},
    }
    return {k: v for k, v in finish(spec, language).items() if k != "autosize"}


def bins(edges: Sequence[float], counts: Sequence[int], write: Callable[[float], str], colour: Callable[[float], str]) -> Rows:
    """Return the rows of a histogram; `colour` gives the colour of a value in the middle of its bin."""
    return [
        {"low": low, "high": high, "count": n, "colour": colour((low + high) / 2), "text": f"{write(low)} – {write(high)}"}
        for low, high, n in zip(edges, edges[1:], counts, strict=False)
    ]


def histogram(bins: Rows, breaks: Sequence[float], unit: str, language: str, height: int = 130) -> Spec:
    """Draw a histogram (rows: low, high, count, colour, text) with class breaks as rules."""
    bars = {
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 0.6},
        "encoding": {
            "x": {
                "field": "low",
                "type": "quantitative",
                "scale": {"zero": False, "nice": False},
                "axis": {"title": unit, "tickCount": 6, "grid": False},
            },
            "x2": {"field": "high"},
            "y": {"field": "count", "type": "quantitative", "axis": {"title": None, "tickCount": 3, "tickMinStep": 1}},
            "y2": {"datum": 0},
            "color": {"field": "colour", "type": "nominal", "scale": None},
            "tooltip": [{"field": "text", "title": " "}, {"field": "count", "title": " "}],
        },
    }
    rules = {
        "data": {"values": [{"at": b} for b in breaks]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    return finish({"data": {"values": list(bins)}, "layer": [bars, rules]}, language, height)


def map_picture(geometry: bytes, hatch: bytes | None, scene: Scene, names: Mapping[str, str], language: str) -> Spec:
    """Draw a map as a picture for files: the scene's colours, hatched where suppressed, with the legend beside it."""
    colour = {code: scene.colours[i] for code, i in zip(scene.codes, scene.index, strict=True)}
    areas = _features(geometry, lambda code: {"colour": colour.get(code, "#ffffff")})
    hidden = {scene.codes[i] for i in scene.hatched}
    layers: list[Spec] = [
        {
            "data": {"values": areas},
            "mark": {"type": "geoshape", "stroke": "#6e7882", "strokeWidth": 0.6},
            "encoding": {"color": {"field": "properties.colour", "type": "nominal", "scale": None}},
        }
    ]
    if hatch is not None and hidden:
        lines_ = [f for f in _features(hatch, lambda code: {}) if f["properties"]["code"] in hidden]
        layers.append(
            {"data": {"values": lines_}, "mark": {"type": "geoshape", "filled": False, "stroke": "#788088", "strokeWidth": 0.8}}
        )
    drawn: Spec = {"width": 640, "height": 560, "projection": {"type": "mercator"}, "layer": layers}
    spec = {"hconcat": [drawn, _legend(scene, names)], "spacing": 24}
    return {k: v for k, v in finish(spec, language).items() if k != "autosize"}


def _legend(scene: Scene, names: Mapping[str, str]) -> Spec:
    rows = [
        {"at": i, "label": f"{names.get(e.kind, e.label)}  ({e.count})", "colour": e.colour} for i, e in enumerate(scene.legend)
    ]
    place = {"y": {"field": "at", "type": "ordinal", "axis": None}}
    box: Spec = {
        "mark": {"type": "square", "size": 320, "stroke": "#8a949e", "strokeWidth": 0.8, "opacity": 1},
        "encoding": {**place, "x": {"value": 12}, "color": {"field": "colour", "type": "nominal", "scale": None}},
    }
    words: Spec = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12},
        "encoding": {**place, "x": {"value": 30}, "text": {"field": "label"}},
    }
    return {"data": {"values": rows}, "width": 210, "height": {"step": 24}, "layer": [box, words]}


def _features(collection: bytes, properties: Callable[[str], dict[str, Any]]) -> list[Spec]:
    features: list[Spec] = json.loads(collection)["features"]
    return [{**f, "properties": {"code": f["properties"]["code"], **properties(f["properties"]["code"])}} for f in features]


def apart(ends: Sequence[float], gap: float) -> list[float]:
    """Return places near `ends` that are at least `gap` from each other, in the same order from low to high."""
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    places = [ends[i] for i in order]
    for _ in range(20):
        for at in range(1, len(places)):
            short = gap - (places[at] - places[at - 1])
            if short > 1e-12:
                places[at - 1] -= short / 2
                places[at] += short / 2
    back = dict(zip(order, places, strict=True))
    return [back[i] for i in range(len(ends))]


def titled(spec: Spec, title: str, subtitle: str, foot: str, width: int = 900) -> Spec:
    """Return the chart as it leaves the screen: finding as title, what is measured below, source at the foot."""
    heading = {
        "text": title, "subtitle": subtitle, "anchor": "start", "frame": "group", "offset": 14, "fontSize": 18, "color": INK,
        "subtitleFontSize": 12.5, "subtitleColor": MUTED, "subtitlePadding": 5,
    }  # fmt: skip
    config = spec.get("config", {})
    inner = {k: v for k, v in spec.items() if k not in ("$schema", "config", "autosize", "padding")}
    if "facet" not in inner:
        inner.setdefault("width", width)
    lines_of_foot = wrap(foot, width // 7)
    caption: Spec = {
        "data": {"values": [{}]},
        "height": 14 * len(lines_of_foot),
        "width": width,
        "mark": {"type": "text", "align": "left", "baseline": "top", "x": 0, "y": 0, "fontSize": 11, "color": MUTED},
        "encoding": {"text": {"value": lines_of_foot}},
    }
    return {
        "$schema": SCHEMA,
        "title": heading,
        "vconcat": [inner, caption],
        "config": config,
        "background": "white",
        "padding": 16,
    }
