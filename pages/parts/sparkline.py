"""Draw a course over time as a small picture of a few hundred bytes, for cards. Knows no Streamlit."""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pages.parts.colours import ACCENT, CONTEXT

Point = tuple[float, float | None, int]


@dataclass(frozen=True)
class Course:
    """Points of one line: time, value (None leaves a gap), and the part of the line between two breaks."""

    points: tuple[Point, ...]
    colour: str = ACCENT
    width: float = 2.0


def sparkline(own: Course, alt: str, *, behind: Course | None = None, width: int = 132, height: int = 44) -> str:
    """Return the picture as an image of HTML: the area's line with a dot at its last value, the city's thin line behind."""
    courses = [c for c in (behind, own) if c is not None]
    there = [(x, y) for course in courses for x, y, _ in course.points if y is not None]
    if len(there) < 2:
        return ""
    low_x, high_x = min(x for x, _ in there), max(x for x, _ in there)
    low_y, high_y = min(y for _, y in there), max(y for _, y in there)
    margin = 4.0

    def place(x: float, y: float) -> tuple[float, float]:
        right = (x - low_x) / ((high_x - low_x) or 1.0)
        up = (y - low_y) / (high_y - low_y) if high_y > low_y else 0.5
        return margin + right * (width - 2 * margin), height - margin - up * (height - 2 * margin)

    drawn = "".join(_path(course, place) for course in courses)
    x, y = place(*[(x, y) for x, y, _ in own.points if y is not None][-1]) if _has_value(own) else (-9.0, -9.0)
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{own.colour}"></circle>'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{drawn}{dot}</svg>'
    return (
        f'<img src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}" alt="{html.escape(alt, quote=True)}" '
        f'width="{width}" height="{height}" style="flex:0 1 auto;min-width:0;height:auto;max-width:46%">'
    )


def city_course(points: Sequence[Point]) -> Course:
    """Return the line of the whole city: thin and grey."""
    return Course(tuple(points), CONTEXT, 1.6)


def _has_value(course: Course) -> bool:
    return any(y is not None for _, y, _ in course.points)


def _path(course: Course, place: Callable[[float, float], tuple[float, float]]) -> str:
    """Return one path per unbroken stretch; a single value becomes a short line so that it is seen."""
    found = []
    number = 0
    keyed = []
    for x, y, part in course.points:
        number += y is None
        keyed.append((number, part, x, y))
    for _, stretch in groupby(keyed, key=lambda k: (k[0], k[1])):
        spots = [place(x, y) for _, _, x, y in stretch if y is not None]
        if spots:
            spots = spots if len(spots) > 1 else [(spots[0][0] - 1, spots[0][1]), (spots[0][0] + 1, spots[0][1])]
            found.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in spots))
    return (
        f'<path d="{"".join(found)}" fill="none" stroke="{course.colour}" stroke-width="{course.width}" '
        'stroke-linejoin="round" stroke-linecap="round"></path>'
    )
