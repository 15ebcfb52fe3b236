"""Many indicators at once: the spine chart of a topic and the radar of at most eight indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from streamlit.delta_generator import DeltaGenerator

from model.catalogue import Indicator
from model.profile.captions import Caption, spine_caption
from model.profile.numbers import format_cell, format_indicator, format_signed, join_names
from model.query.breaks import Floats
from model.query.compare import Spine, spine, z_scores
from pages.parts import cache, charts_compare_profile, compare_choices, controls, frame
from pages.parts import compare_data as data
from pages.parts.compare_choices import Choice
from pages.parts.compare_views import View
from pages.parts.frame import language, reader, t

MOST_AREAS = 4
MOST_SPOKES, FEWEST_SPOKES = 8, 3


@dataclass(frozen=True)
class Line:
    """One indicator's values over all areas in its last period."""

    indicator: Indicator
    period: date
    values: Floats
    cells: Mapping[str, tuple[float | None, str]]
    scores: Mapping[str, float | None]
    city: float | None

    def of(self, area: str) -> tuple[float | None, str]:
        """Return value and status of one area."""
        return self.cells[area]

    def score(self, area: str) -> float | None:
        """Return how many standard deviations the area lies above the mean of all areas, below where high is bad."""
        return self.scores[area]


def spine_view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the spine chart of the chosen topic."""
    lines = _lines(choice, compare_choices.profile_indicators(choice.topic, choice.unit))
    if not lines:
        return _nothing(choice)
    areas, notes = _areas(choice, lines)
    drawn = [(line, spine(line.values, line.city, line.of(areas[0])[0], line.indicator.direction)) for line in lines]
    known = [(line, found) for line, found in drawn if found is not None]
    catalogue, names = reader().catalogue, data.names(areas)
    caption = spine_caption({line.indicator.id: s for line, s in known}, catalogue, catalogue.area(areas[0]), language())
    spec = charts_compare_profile.spine(
        [_spine_row(line, found) for line, found in known],
        [_spine_point(line, found, area, names[area]) for line, found in known for area in areas if line.of(area)[0] is not None],
        list(names.values()), (t("compare.spine_left"), t("compare.spine_right")),
        "" if frame.narrow() else catalogue.top.name, language(),
    )  # fmt: skip
    return View(
        caption, _subtitle(choice, lines), spec, lambda: _frame(lines, areas), [line.indicator for line in lines],
        [*notes, t("compare.spine_note", city=catalogue.top.name), _gaps(lines, areas)],
    )  # fmt: skip


def radar_view(choice: Choice, settings: DeltaGenerator) -> View:
    """Return the radar of three to eight indicators."""
    offered = compare_choices.profile_indicators(choice.topic, choice.unit)
    words = compare_choices.words_of(offered)
    with settings:
        ids = controls.choose_some(
            t("compare.spokes"),
            "c_indicators",
            list(words),
            lambda id: words[id],
            list(words)[:6],
            max_selections=MOST_SPOKES,
            placeholder=t("compare.spokes_placeholder"),
        )
    lines = _lines(choice, [i for i in offered if i.id in ids])
    if len(lines) < FEWEST_SPOKES:
        return View(Caption(t("compare.radar_few")), t("compare.radar_few_hint"), None, pl.DataFrame, [choice.indicator])
    areas, notes = _areas(choice, lines)
    names = data.names(areas)
    rows = [_radar_point(line, at, area, names[area]) for area in areas for at, line in enumerate(lines)]
    narrow = frame.narrow()
    labels = [_wrapped(line.indicator.title.of(language()), 15 if narrow else 22) for line in lines]
    steps = {-2: "−2", -1: "−1", 0: t("compare.radar_mean"), 1: "+1", 2: "+2"}
    spec = charts_compare_profile.radar(rows, labels, list(names.values()), steps, language(), size=215 if narrow else 470)
    return View(
        _radar_caption(lines, areas[0]), _subtitle(choice, lines), spec, lambda: _frame(lines, areas),
        [line.indicator for line in lines], [*notes, t("compare.radar_note", areas=data.plural(choice)), _gaps(lines, areas)],
        fixed_width=True,
    )  # fmt: skip


def _radar_point(line: Line, axis: int, area: str, name: str) -> dict[str, object]:
    title = line.indicator.title.of(language())
    return {"area": name, "axis": axis, "score": line.score(area), "text": _words(line, area), "label": title}


def _lines(choice: Choice, indicators: Sequence[Indicator]) -> list[Line]:
    """Return each indicator's values in its last period with any; indicators without values are left out."""
    door, codes = reader(), [area.code for area in reader().catalogue.areas_of(choice.unit)]
    found = []
    for indicator in indicators:
        rows = cache.unit_values(door.release, indicator.id, choice.unit, door.role)
        period = rows.filter(pl.col("value").is_not_null())["period"].max()
        if not isinstance(period, date):
            continue
        cells = dict.fromkeys(codes, (None, "missing")) | {
            area: (value, str(status))
            for area, value, status in rows.filter(pl.col("period") == period).select("area", "value", "status").iter_rows()
        }
        values = np.array([cells[code][0] for code in codes], dtype=float)
        scores = [float(score) if np.isfinite(score) else None for score in z_scores(values, indicator.direction)]
        city = data.reference(indicator, rows).at(period)
        found.append(Line(indicator, period, values, cells, dict(zip(codes, scores, strict=True)), city))
    return found


def _areas(choice: Choice, lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Return the areas to draw and what is to be said about them; without a selection one area serves as an example."""
    if not choice.chosen:
        first = lines[0]
        area = max(first.cells, key=lambda code: (value if (value := first.of(code)[0]) is not None else float("-inf"), code))
        words = {"area": reader().catalogue.area(area).name, "indicator": first.indicator.title.of(language())}
        return [area], [t("compare.example", **words)]
    notes = [t("compare.first_areas", n=MOST_AREAS)] if len(choice.chosen) > MOST_AREAS else []
    return list(choice.chosen[:MOST_AREAS]), notes


def _spine_row(line: Line, found: Spine) -> dict[str, object]:
    low, lower, median, upper, high = (p or 0.0 for p in found.positions[:5])
    write = [
        format_indicator(v, line.indicator, language())
        for v in (found.lowest, found.lower_quartile, found.median, found.upper_quartile, found.highest, found.city)
    ]
    words = dict(zip(("lowest", "lower", "median", "upper", "highest", "city"), write, strict=True))
    ends = {
        "low": min(low, high),
        "lower": min(lower, upper),
        "median": median,
        "upper": max(lower, upper),
        "high": max(low, high),
    }
    return {"label": _label(line.indicator), **ends, "tip": t("compare.spine_tip", **words)}


def _spine_point(line: Line, found: Spine, area: str, name: str) -> dict[str, object]:
    own = spine(line.values, line.city, line.of(area)[0], line.indicator.direction)
    return {"label": _label(line.indicator), "at": own.positions[-1] if own else None, "area": name, "text": _words(line, area)}


def _label(indicator: Indicator) -> str:
    """Mark indicators without a judgement: for them right means higher."""
    title = indicator.title.of(language())
    return _wrapped(f"{title} ↔" if indicator.direction == "neutral" else title, 20 if frame.narrow() else 60)


def _words(line: Line, area: str) -> str:
    value, status = line.of(area)
    return f"{format_cell(value, status, line.indicator, language())} ({data.when(line.indicator, line.period)})"


def _radar_caption(lines: Sequence[Line], area: str) -> Caption:
    """Say where the first area lies farthest from the mean of the areas, and to which side."""
    scored = [(line.indicator, score) for line in lines if (score := line.score(area)) is not None]
    head = {"area": reader().catalogue.area(area).name}
    far = [pair for pair in sorted(scored, key=lambda pair: -abs(pair[1])) if abs(pair[1]) >= 1][:2]
    if not far:
        return Caption(t("compare.radar_ordinary", **head))
    sides = [t("compare.radar_far", title=i.title.of(language()), side=t(f"compare.side_{_side(i, score)}")) for i, score in far]
    scores = [
        t("compare.radar_score", title=i.title.of(language()), score=format_signed(score, 1, language())) for i, score in far
    ]
    message = t("compare.radar_finding", names=join_names(sides, language()), **head)
    return Caption(message, t("compare.radar_scores", names=join_names(scores, language())))


def _side(indicator: Indicator, score: float) -> str:
    if indicator.direction == "neutral":
        return "high" if score > 0 else "low"
    return "good" if score > 0 else "bad"


def _subtitle(choice: Choice, lines: Sequence[Line]) -> str:
    catalogue = reader().catalogue
    every = choice.topic == controls.EVERY_TOPIC
    topic = t("compare.headline") if every else catalogue.topics[choice.topic].title.of(language())
    years = sorted({data.when(line.indicator, line.period) for line in lines})
    return t("compare.topic_subtitle", topic=topic, areas=data.plural(choice), when=join_names(years, language()))


def _gaps(lines: Sequence[Line], areas: Sequence[str]) -> str:
    statuses = [line.of(area)[1] for line in lines for area in areas if line.of(area)[0] is None]
    return data.empty_words(pl.Series(statuses, dtype=pl.String))


def _frame(lines: Sequence[Line], areas: Sequence[str]) -> pl.DataFrame:
    names, tongue = reader().catalogue.areas, language()
    rows = []
    for line in lines:
        found = spine(line.values, line.city, None)
        for area in areas:
            value, status = line.of(area)
            rows.append(
                {
                    "indicator": line.indicator.title.of(tongue), "unit": line.indicator.unit.of(tongue),
                    "period": data.when(line.indicator, line.period), "area_name": names[area].name, "value": value,
                    "city": line.city, "lowest": found and found.lowest, "lower_quartile": found and found.lower_quartile,
                    "median": found and found.median, "upper_quartile": found and found.upper_quartile,
                    "highest": found and found.highest, "score": line.score(area), "status": status, "area": area,
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def _wrapped(words: str, width: int) -> str:
    """Break words into lines of about `width` letters."""
    from textwrap import wrap

    return "\n".join(wrap(words, width, break_long_words=False))


def _nothing(choice: Choice) -> View:
    return View(Caption(t("compare.topic_nothing")), t("compare.topic_nothing_hint"), None, pl.DataFrame, [choice.indicator])
