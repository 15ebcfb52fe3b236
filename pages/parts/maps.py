"""Build the thin map: geometry by an immutable address, colours as one expression of a few hundred bytes."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import pydeck

from pages.parts.colours import INK, palette

_TOOLTIP = {
    "backgroundColor": "#ffffff",
    "color": INK,
    "border": "1px solid #c9d1d9",
    "borderRadius": "4px",
    "fontSize": "14px",
    "boxShadow": "0 2px 8px rgba(0,0,0,.15)",
}
# Copied for every map: making a deck anew looks five times for a notebook to be shown in, 5 ms each time.
_EMPTY = pydeck.Deck(
    views=[pydeck.View(type="MapView", controller=True)], map_provider=None, parameters={"clearColor": [1, 1, 1, 0]}
)
PIXELS = pydeck.types.String("pixels")  # a bare string would be read as an expression


@dataclass(frozen=True)
class MapPicture:
    """What the map shows: per area (in the order of the geometry file) an index into `colours`.

    `hatched` and `selected` are positions of areas; `box` is west, south, east, north in degrees. `label_colours`, one per
    label, are for labels that stand on dark and light areas alike; without them labels are dark with a white halo.
    """

    address: str
    hatch_address: str
    tooltip: str
    classes: tuple[int, ...]
    colours: tuple[str, ...]
    hatched: tuple[int, ...]
    selected: tuple[int, ...]
    box: tuple[float, float, float, float]
    labels: tuple[tuple[str, float, float], ...] = ()
    label_colours: tuple[str, ...] = ()
    label_size: int = 12


def draw(picture: MapPicture, height: int, width: int = 720) -> pydeck.Deck:
    """Return the deck of one picture; unchanged parts keep their ids so that the browser redraws nothing else."""
    hatched = [_hatch(picture)] if picture.hatched else []
    named = [_labels(picture)] if picture.labels else []
    layers = [_fill(picture), *hatched, _outline(picture), *named, _touch(picture)]
    deck = copy(_EMPTY)
    deck.layers, deck.initial_view_state = layers, _view(picture.box, width, height)
    deck._tooltip = {"text": picture.tooltip, "style": _TOOLTIP}
    return deck


def _fill(picture: MapPicture) -> pydeck.Layer:
    colour = _by_position(palette(picture.colours), picture.classes)
    trigger = _state(picture.classes, picture.colours)
    return _shapes(
        "fill",
        picture.address,
        filled=True,
        get_line_color=[110, 120, 130],
        get_line_width=0.7,
        transitions={"getFillColor": 400},
        _subLayerProps={"polygons-fill": {"getFillColor": f"@@={colour}", "updateTriggers": {"getFillColor": trigger}}},
    )


def _touch(picture: MapPicture) -> pydeck.Layer:
    """Return the unseen layer that takes hovering and clicks: Streamlit fades whatever it lets the reader select."""
    return pydeck.Layer(
        "GeoJsonLayer",
        id="areas",
        data=picture.address,
        pickable=True,
        auto_highlight=True,
        highlight_color=[0, 0, 0, 50],
        stroked=False,
        filled=True,
        opacity=0.0001,
        get_fill_color=[255, 255, 255],
    )


def _outline(picture: MapPicture) -> pydeck.Layer:
    chosen = _only(picture.selected, len(picture.classes), [0, 0, 0, 255])
    name = f"selection-{_state(picture.selected)}"  # a new layer per selection: Streamlit drops the trigger of line colours
    return _shapes(name, picture.address, get_line_color=chosen, get_line_width=3, line_joint_rounded=True)


def _hatch(picture: MapPicture) -> pydeck.Layer:
    chosen = _only(picture.hatched, len(picture.classes), [120, 128, 136, 255])
    return _shapes(f"hatch-{_state(picture.hatched)}", picture.hatch_address, get_line_color=chosen, get_line_width=1)


def _only(chosen: Sequence[int], areas: int, colour: list[int]) -> str:
    """Return the expression "this colour for the chosen areas, nothing for the others"."""
    return _by_position([[0, 0, 0, 0], colour], [int(i in chosen) for i in range(areas)])


def _shapes(name: str, address: str, **settings: Any) -> pydeck.Layer:
    """Return a layer one cannot touch.

    Colours and their triggers go to the sub-layers: Streamlit rewrites those of the layer itself once something is
    selected, fading all other areas away from their legend.
    """
    return pydeck.Layer(
        "GeoJsonLayer",
        id=name,
        data=address,
        **{"pickable": False, "stroked": True, "filled": False, "line_width_units": PIXELS, **settings},
    )


def _labels(picture: MapPicture) -> pydeck.Layer:
    rows: list[dict[str, Any]] = [{"name": name, "position": [x, y]} for name, x, y in picture.labels]
    for row, colour in zip(rows, palette(picture.label_colours), strict=False):
        row["colour"] = colour
    own = bool(picture.label_colours)
    return pydeck.Layer(
        "TextLayer",
        id="labels",
        data=rows,
        get_position="position",
        get_text="name",
        get_size=picture.label_size,
        get_color="colour" if own else [28, 37, 48],
        outline_width=0 if own else 3,
        outline_color=[255, 255, 255, 230],
        font_family=pydeck.types.String('"Source Sans", sans-serif'),
        font_settings={"sdf": True, "fontSize": 48, "buffer": 6, "radius": 10},
        extensions=[{"@@type": "CollisionFilterExtension"}],
        collision_test_props={"sizeScale": 1.6},
        character_set=pydeck.types.String("auto"),
        pickable=False,
    )


def _by_position(choices: list[list[int]], index: Sequence[int]) -> str:
    """Return the expression "the colour of the class of the feature at this position"."""
    packed = json.dumps(list(index), separators=(",", ":"))
    return f"({json.dumps(choices, separators=(',', ':'))})[({packed})[properties.i]]"


def _state(*parts: Any) -> str:
    return hashlib.blake2s(repr(parts).encode(), digest_size=6).hexdigest()


def _view(box: tuple[float, float, float, float], width: int, height: int) -> pydeck.ViewState:
    """Return the view that fits `box` (Web Mercator, 512 pixels per tile at zoom 0)."""
    west, south, east, north = box
    x = (east - west) / 360
    y = abs(_mercator(north) - _mercator(south)) / (2 * math.pi)
    zoom = min(math.log2(0.94 * width / 512 / max(x, 1e-9)), math.log2(0.94 * height / 512 / max(y, 1e-9)))
    return pydeck.ViewState(longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=round(zoom, 3))


def _mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
