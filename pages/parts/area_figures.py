"""Key figures of one area: cards of the headline indicators or of a topic, and all of them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Area, Catalogue, Indicator
from model.profile.figures import KeyFigure
from model.profile.findings import change_sentence, sentence
from model.profile.numbers import format_cell, format_change, format_period, format_places, format_status
from pages.parts import cache, cards, controls, downloads, frame
from pages.parts.frame import language, reader, t

COLUMNS = 3
MOST_UNMARKED = 9


def headline_figures(area: Area, catalogue: Catalogue) -> tuple[KeyFigure, ...]:
    """Return the key figures of the headline indicators."""
    return _figures(area, headline(area, catalogue))


def headline(area: Area, catalogue: Catalogue) -> list[Indicator]:
    """Return the headline indicators with values for the area's unit; without any, the first ones."""
    known = with_values(area, catalogue)
    return [i for i in known if i.headline] or known[:MOST_UNMARKED]


def with_values(area: Area, catalogue: Catalogue) -> list[Indicator]:
    """Return the indicators with values for the area's spatial unit."""
    door = reader()
    return [i for i in catalogue.indicators.values() if cache.has_values(door.release, i.id, area.unit, door.role)]


def of_topic(area: Area, catalogue: Catalogue, topic: str) -> list[Indicator]:
    """Return the indicators of a topic and its sub-topics, the headline ones first; of all topics only those."""
    if topic == controls.EVERY_TOPIC:
        return headline(area, catalogue)
    inside = [i for i in with_values(area, catalogue) if i.topic == topic or i.topic.startswith(f"{topic}/")]
    return sorted(inside, key=lambda i: not i.headline)


def topic_choice(area: Area, catalogue: Catalogue) -> str:
    """Let the reader choose the headline figures or a topic that has values here."""
    used = {i.topic for i in with_values(area, catalogue)}
    topics = [id for id in catalogue.topics if any(u == id or u.startswith(f"{id}/") for u in used)]
    return controls.choose(
        t("shared.topic"), "topic", [controls.EVERY_TOPIC, *topics], controls.EVERY_TOPIC, lambda id: _topic_words(catalogue, id)
    )


def _topic_words(catalogue: Catalogue, id: str) -> str:
    if id == controls.EVERY_TOPIC:
        return t("area.headline")
    return "\u2003" * id.count("/") + catalogue.topics[id].title.of(language())


def show(area: Area, catalogue: Catalogue) -> Sequence[str]:
    """Draw the cards of the chosen topic and the table of everything."""
    with st.container(width=360):
        topic = topic_choice(area, catalogue)
    figures = _figures(area, of_topic(area, catalogue, topic))
    if not figures:
        st.info(t("area.nothing"), icon=":material/info:")
        return ()
    cards.grid(figures, COLUMNS, area.unit)
    if any(f.city_now is not None and not f.indicator.is_sum for f in figures):
        st.caption(frame.plain(t("area.figures_note", city=catalogue.top.name)))
    with st.expander(t("area.all_figures"), icon=":material/table:", on_change="rerun", key="a_all_figures") as table:
        if table.open:
            _everything(area, catalogue)
    frame.source_line([f.indicator for f in figures])
    return ()


def _figures(area: Area, indicators: Sequence[Indicator]) -> tuple[KeyFigure, ...]:
    door = reader()
    return cache.figures(door.release, area.code, tuple(i.id for i in indicators), door.role)


def _everything(area: Area, catalogue: Catalogue) -> None:
    """Show all key figures as a table of words, with files of numbers."""
    known = with_values(area, catalogue)
    figures = sorted(_figures(area, known), key=lambda f: not f.indicator.headline)
    rows = pl.DataFrame([_words(f, catalogue) for f in figures])
    config: dict[str, Any] = {name: t(f"area.col_{name}") for name in rows.columns}
    config |= {
        name: st.column_config.TextColumn(t(f"area.col_{name}"), alignment="right") for name in ("value", "city", "change")
    }
    st.dataframe(rows, hide_index=True, key="a_figures_rows", column_config=config, height=430, alt=t("area.all_figures"))
    title = t("area.figures_of", area=area.name)
    foot = frame.source_words(known)
    downloads.menu(
        downloads.Shown(title, t("area.all_figures"), foot, pl.DataFrame(), ready=lambda: numbers(figures)),
        "a_figures",
    )


def _words(figure: KeyFigure, catalogue: Catalogue) -> dict[str, str]:
    tongue, indicator, city, step = language(), figure.indicator, figure.city_now, figure.change
    ranked = figure.best is not None and figure.worst is not None
    return {
        "topic": catalogue.topics[indicator.topic].title.of(tongue),
        "title": indicator.title.of(tongue),
        "period": format_period(figure.now.period, indicator.frequency, tongue),
        "value": format_cell(figure.now.value, figure.now.status, indicator, tongue),
        "city": "" if city is None else format_cell(city.value, city.status, indicator, tongue),
        "change": "" if step is None or step.value is None else format_change(step.value, indicator, tongue),
        "places": format_places(figure.best or 0, figure.worst or 0, figure.of, tongue) if ranked else "",
        "status": format_status(figure.now.status, tongue),
        "said": f"{sentence(figure, tongue)} {change_sentence(figure, tongue)}".strip(),
    }


def numbers(figures: Sequence[KeyFigure]) -> pl.DataFrame:
    """Return key figures as rows for files: one per indicator, numbers as numbers."""
    tongue = language()
    return pl.DataFrame(
        [
            {
                "indicator": f.indicator.id, "title": f.indicator.title.of(tongue), "area": f.area.code, "area_name": f.area.name,
                "period": format_period(f.now.period, f.indicator.frequency, tongue), "value": f.now.value,
                "unit": f.indicator.unit.of(tongue), "status": f.now.status, "lower": f.lower, "upper": f.upper,
                "city": f.city_now.value if f.city_now else None, "best_place": f.best, "worst_place": f.worst,
                "of": f.of or None, "before": f.before.value if f.before else None,
                "change": f.change.value if f.change else None, "sentence": sentence(f, tongue),
            }
            for f in figures
        ],
        infer_schema_length=None,
    )  # fmt: skip
