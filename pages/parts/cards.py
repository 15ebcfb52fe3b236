"""Key figures as cards: value, period, change, place, course over time and what it means in words."""

from __future__ import annotations

import html
from collections.abc import Sequence

import polars as pl
import streamlit as st

from model.catalogue import Indicator
from model.profile.captions import Caption
from model.profile.figures import KeyFigure
from model.profile.findings import judgement, printed, sentence
from model.profile.numbers import format_cell, format_change, format_period, format_places, format_status, format_value
from pages.parts import cache, links, sparkline
from pages.parts.colours import INK, MUTED
from pages.parts.frame import language, reader, t

_TONES = {"favourable": "#006d2c", "unfavourable": "#a63603", "": MUTED}
_WORTH_SAYING = ("provisional", "estimated", "imputed", "break")


def grid(figures: Sequence[KeyFigure], columns: int, unit: str) -> None:
    """Show figures as cards in rows; each leads to the map of its indicator over `unit`."""
    for start in range(0, len(figures), columns):
        for place, figure in zip(st.columns(columns), figures[start : start + columns], strict=False):
            with place, st.container(border=True, height="stretch", gap="xsmall"):
                st.html(card_html(figure))
                _onward(figure, unit)


def _onward(figure: KeyFigure, unit: str) -> None:
    door, id = reader(), figure.indicator.id
    if not cache.has_values(door.release, id, unit, door.role):
        return
    place = {} if figure.area.code == figure.city.code else {"area": figure.area.code}
    units = {} if unit == door.catalogue.finest.id else {"unit": unit}
    help = figure.indicator.title.of(language())
    if cache.unit_outline(door.release, unit, door.role) is None:
        links.to("compare", t("cards.in_comparison"), icon="bar_chart", help=help, indicator=id, **units, **place)
    else:
        links.to("explore", t("cards.on_map"), icon="map", help=help, indicator=id, **units, **place)


def card_html(figure: KeyFigure) -> str:
    """Return one card: title, value, change, place and city, course, sentences."""
    tongue, indicator, now = language(), figure.indicator, figure.now
    value = format_cell(now.value, now.status, indicator, tongue)
    number = "" if now.is_empty else format_value(now.value, indicator.decimals, tongue)
    lines = [_line(_when(figure), MUTED), _change(figure), *(_line(words, INK) for words in _standing(figure))]
    return (
        f'<h3 style="font-size:.98rem;font-weight:600;margin:0 0 .35rem;padding:0;line-height:1.3;hyphens:auto">'
        f"{html.escape(indicator.title.of(tongue))}</h3>"
        '<div style="display:flex;justify-content:space-between;align-items:flex-end;gap:.6rem">'
        f'<div style="line-height:1.15;font-variant-numeric:tabular-nums;color:{INK}">'
        f'<span style="font-size:1.6rem;font-weight:650">{html.escape(number)}</span>'
        f'<span style="font-size:1.05rem;font-weight:500">{html.escape(value.removeprefix(number))}</span></div>'
        f"{_course(figure)}</div>"
        f'<div style="margin:.3rem 0 .5rem">{"".join(lines)}</div>'
        f'<p style="font-size:.88rem;line-height:1.45;margin:0;color:{INK}">{html.escape(_said(figure))}</p>'
    )


def _said(figure: KeyFigure) -> str:
    """Return the card's sentence: an area against the city, the city itself against its past."""
    tongue = language()
    if figure.now.is_empty or figure.area.code != figure.city.code:
        return sentence(figure, tongue)
    return f"{course_of(figure.indicator, figure.area.code).message}."


def _line(words: str, colour: str) -> str:
    style = f"font-size:.86rem;line-height:1.5;color:{colour};font-variant-numeric:tabular-nums"
    return f'<div style="{style}">{html.escape(words)}</div>' if words else ""


def _when(figure: KeyFigure) -> str:
    period = format_period(figure.now.period, figure.indicator.frequency, language())
    return f"{period}, {format_status(figure.now.status, language())}" if figure.now.status in _WORTH_SAYING else period


def change_words(figure: KeyFigure) -> tuple[str, str]:
    """Return the change in short words and its judgement: favourable, unfavourable or ""."""
    if figure.before is None or figure.change is None:
        return "", ""
    period = format_period(figure.before.period, figure.indicator.frequency, language())
    step = figure.change.value
    if step is None or figure.change.status == "break" or figure.now.value is None or figure.before.value is None:
        return t("cards.no_change", period=period), ""
    seen = printed(figure.now.value, figure.indicator) - printed(figure.before.value, figure.indicator)
    seen = round(seen, figure.indicator.decimals)
    since = t("cards.since", period=period)
    if seen == 0:
        return f"{t('cards.steady')} {since}", ""
    words = f"{'▲' if seen > 0 else '▼'} {format_change(seen, figure.indicator, language())} {since}"
    if figure.change_beyond_chance is False:
        return f"{words}, {t('cards.within_chance')}", ""
    judged = judgement(seen, figure.indicator)
    return (f"{words}, {t(f'cards.{judged}')}" if judged else words), judged


def _change(figure: KeyFigure) -> str:
    words, judged = change_words(figure)
    return _line(words, _TONES[judged])


def _standing(figure: KeyFigure) -> list[str]:
    """Return the city's value and the area's place, each where there is one."""
    found = []
    city = figure.city_now
    if city is not None:
        value = format_cell(city.value, city.status, figure.indicator, language())
        found.append(t("cards.city_value", city=figure.city.name, value=value))
    if figure.best is not None and figure.worst is not None:
        places = format_places(figure.best, figure.worst, figure.of, language())
        found.append(places[0].upper() + places[1:])
    return found


def _course(figure: KeyFigure) -> str:
    rows = series_of(figure.indicator, figure.area.code)
    if rows.height < 2:
        return ""
    own = sparkline.Course(points(figure.indicator, rows))
    behind = None
    if figure.area.code != figure.city.code and not figure.indicator.is_sum:
        behind = sparkline.city_course(points(figure.indicator, series_of(figure.indicator, figure.city.code)))
    return sparkline.sparkline(own, course_of(figure.indicator, figure.area.code).alt, behind=behind)


def series_of(indicator: Indicator, area: str) -> pl.DataFrame:
    """Return the totals of one indicator in one area, sorted by period."""
    return cache.area_values(reader().release, indicator.id, area, reader().role)


def course_of(indicator: Indicator, area: str) -> Caption:
    """Return what the line of one indicator in one area says."""
    return cache.course(reader().release, indicator.id, area, language(), reader().role)


def points(indicator: Indicator, rows: pl.DataFrame) -> tuple[sparkline.Point, ...]:
    """Return the points of a line over time; every level break starts a new part."""
    breaks = [b.period for b in indicator.breaks]
    return tuple(
        (period.toordinal(), value, sum(b <= period for b in breaks))
        for period, value in rows.select("period", "value").iter_rows()
    )
