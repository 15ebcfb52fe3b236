"""Colours of maps and charts: readable for colour-blind people, light is low, neutral grey in the middle.

The scales are ColorBrewer's (Cynthia Brewer, colorbrewer2.org), nine steps each; the categorical ones Okabe and Ito's.
"""

from __future__ import annotations

from collections.abc import Sequence

Rgb = tuple[int, int, int]

BLUE = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
TEAL = ("#f7fcfd", "#e5f5f9", "#ccece6", "#99d8c9", "#66c2a4", "#41ae76", "#238b45", "#006d2c", "#00441b")
RUST = ("#fff5eb", "#fee6ce", "#fdd0a2", "#fdae6b", "#fd8d3c", "#f16913", "#d94801", "#a63603", "#7f2704")
RUST_BLUE = ("#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f0f0f0", "#fddbc7", "#f4a582", "#d6604d", "#b2182b")
PURPLE_GREEN = ("#762a83", "#9970ab", "#c2a5cf", "#e7d4e8", "#f0f0f0", "#d9f0d3", "#a6dba0", "#5aae61", "#1b7837")
SEQUENTIAL = {"high_bad": RUST, "high_good": TEAL, "neutral": BLUE}
DIVERGING = {"high_bad": RUST_BLUE, "high_good": tuple(reversed(RUST_BLUE)), "neutral": PURPLE_GREEN}
CATEGORICAL = ("#0b5c8a", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#6a3d9a", "#4d4d4d")

INK, MUTED, GRID, CONTEXT = "#1c2530", "#5b6673", "#e3e8ed", "#b4bdc7"
ACCENT, SCENARIO = "#0b5c8a", "#d55e00"
EMPTY = {"zero": "#ffffff", "suppressed": "#e4e7ea", "missing": "#ffffff", "not_applicable": "#cfd6dd"}
OUTLIERS = {"low_outlier": "#cbb7e0", "high_outlier": "#54278f"}  # outside every scale, light still low

# Positions in the nine steps for 2–9 classes: spread out, the lightest step left to paper where possible.
_STEPS = {
    1: (5,), 2: (3, 7), 3: (2, 5, 7), 4: (1, 3, 5, 7), 5: (1, 3, 4, 6, 8), 6: (1, 2, 4, 5, 6, 8),
    7: (1, 2, 3, 4, 5, 6, 8), 8: (1, 2, 3, 4, 5, 6, 7, 8), 9: (0, 1, 2, 3, 4, 5, 6, 7, 8),
}  # fmt: skip


def sequential(direction: str, count: int) -> list[str]:
    """Return `count` (1–9) colours from light (low) to dark (high) for an indicator of this direction."""
    return [SEQUENTIAL[direction][step] for step in _STEPS[count]]


def diverging(direction: str, below: int, above: int) -> list[str]:
    """Return colours for `below` classes under and `above` classes over the middle; the middle itself has none."""
    low, high = DIVERGING[direction][:4], DIVERGING[direction][5:]
    pick = {1: (2,), 2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 2, 3)}
    down = [low[3 - step] for step in reversed(pick[min(below, 4)])] if below else []
    up = [high[step] for step in pick[min(above, 4)]] if above else []
    return down + up


def rgb(colour: str) -> Rgb:
    """Return `#rrggbb` as three numbers 0–255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def readable_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on `colour` (WCAG relative luminance)."""
    parts = [c / 255 for c in rgb(colour)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return "#000000" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18 else "#ffffff"


def palette(colours: Sequence[str]) -> list[list[int]]:
    """Return colours as lists of numbers, as deck.gl wants them."""
    return [list(rgb(colour)) for colour in colours]
