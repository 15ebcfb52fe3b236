"""Colours: light is low, the middle is grey, and what is meant to be told apart can be."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.vocabulary import DIRECTIONS
from pages.parts import colours


def luminance(colour: str) -> float:
    """Return the relative luminance after WCAG 2."""
    parts = [c / 255 for c in colours.rgb(colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("count", range(1, 10))
def test_sequential_scales_darken_from_class_to_class(direction, count):
    scale = colours.sequential(direction, count)
    assert len(scale) == count
    assert all(luminance(low) > luminance(high) for low, high in pairwise(scale))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(("below", "above"), [(0, 1), (1, 0), (1, 1), (2, 3), (4, 4), (3, 0), (0, 4)])
def test_diverging_scales_are_lightest_at_the_middle_and_have_two_sides(direction, below, above):
    scale = colours.diverging(direction, below, above)
    assert len(scale) == below + above
    under, over = scale[:below], scale[below:]
    assert all(luminance(a) < luminance(b) for a, b in pairwise(under))
    assert all(luminance(a) > luminance(b) for a, b in pairwise(over))
    assert set(under).isdisjoint(over)


def test_good_and_bad_swap_the_sides():
    assert colours.diverging("high_bad", 2, 2) == colours.diverging("high_good", 2, 2)[::-1]


def test_text_is_readable_on_every_class_and_lines_on_paper():
    scales = [c for d in DIRECTIONS for c in colours.sequential(d, 9) + colours.diverging(d, 4, 4)]
    assert min(contrast(c, colours.readable_on(c)) for c in scales) > 4.5
    assert min(contrast(c, "#ffffff") for c in (colours.INK, colours.MUTED, colours.ACCENT)) > 4.5
    assert min(contrast(c, "#ffffff") for c in (colours.SCENARIO, *colours.CATEGORICAL[:5])) > 2.8


def test_palettes_are_numbers_for_the_map():
    assert colours.palette(["#000000", "#0b5c8a"]) == [[0, 0, 0], [11, 92, 138]]
