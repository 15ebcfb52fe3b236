"""The coverage grid: area × period, each kind of cell with its own colour and its own mark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from pages.parts.charts import finish
from pages.parts.colours import BLUE, EMPTY, INK

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

ROW_HEIGHT: Final = 18
# Order of the legend: values, then the kinds of empty. The mark says without colour what the cell is.
COLOURS: Final = {
    "normal": BLUE[4], "break": BLUE[4], "provisional": BLUE[2], "estimated": BLUE[2], "imputed": BLUE[2], "forecast": BLUE[2],
    "zero": BLUE[0], "suppressed": "#aab3bc", "missing": EMPTY["missing"], "not_applicable": EMPTY["suppressed"],
}  # fmt: skip
MARKS: Final = {
    "normal": "", "break": "|", "provisional": "p", "estimated": "≈", "imputed": "+", "forecast": "›",
    "zero": "0", "suppressed": "■", "missing": "○", "not_applicable": "–",
}  # fmt: skip


def coverage(rows: Rows, periods: Mapping[str, str], areas: Sequence[str], words: Mapping[str, str], language: str) -> Spec:
    """Draw the grid.

    Rows: area (name), period (key of `periods`), when (in words), kind. `periods` are the columns with their labels, ""
    where a label would be one too many; `areas` are the lines from top to bottom; `words` names each kind.
    """
    kinds = [kind for kind in COLOURS if any(row["kind"] == kind for row in rows)]
    values = [{**row, "word": words[row["kind"]], "mark": MARKS[row["kind"]]} for row in rows]
    labels = {key: label for key, label in periods.items() if label}
    x = {
        "field": "period",
        "type": "ordinal",
        "scale": {"domain": list(periods), "paddingInner": 0.06},
        "axis": {
            "title": None, "orient": "top", "values": list(labels), "labelExpr": f"({json.dumps(labels)})[datum.value]",
            "labelAngle": 0, "labelOverlap": True, "labelSeparation": 6, "ticks": False, "domain": False,
        },
    }  # fmt: skip
    y = {
        "field": "area",
        "type": "nominal",
        "scale": {"domain": list(areas), "paddingInner": 0.08},
        "axis": {"title": None, "ticks": False, "domain": False, "labelColor": INK, "labelLimit": 150},
    }
    colour = {"field": "kind", "type": "nominal", "legend": None,
              "scale": {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]}}  # fmt: skip
    tip = [{"field": "area", "title": " "}, {"field": "when", "title": " "}, {"field": "word", "title": " "}]
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "stroke": "#c9d1d9", "strokeWidth": 0.5},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip},
        },
        {
            "transform": [{"filter": "datum.mark !== ''"}],
            "mark": {"type": "text", "fontSize": 11, "color": INK},
            "encoding": {"x": x, "y": y, "text": {"field": "mark"}, "tooltip": tip},
        },
    ]
    return finish({"data": {"values": values}, "layer": layers}, language, ROW_HEIGHT * max(len(areas), 1))


def coverage_legend(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Return the legend in HTML: every kind that occurs, with its mark and its number of cells."""
    items = "".join(_item(kind, counts[kind], words[kind]) for kind in COLOURS if counts.get(kind))
    return (
        '<ul style="list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;font-size:.88rem">'
        f"{items}</ul>"
    )


def _item(kind: str, count: int, word: str) -> str:
    box = f"background:{COLOURS[kind]};border:1px solid #8a949e"
    return (
        '<li style="display:flex;align-items:center;gap:.4rem">'
        f'<span style="width:1.5rem;height:1.1rem;display:inline-flex;align-items:center;justify-content:center;{box};'
        f'color:#1c2530">{escape(MARKS[kind])}</span>{escape(word)}'
        f'<span style="color:#5b6673;font-variant-numeric:tabular-nums">{count}</span></li>'
    )
