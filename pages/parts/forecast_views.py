"""The pictures of the forecast page: one sentence above, the chosen picture, what stands behind it, source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from model.forecast.areas.table import Forecast
from model.forecast.assess.record import Record
from pages.parts import ahead, controls, forecast_words, frame
from pages.parts import forecast_data as data
from pages.parts.forecast_choices import Choice
from pages.parts.frame import reader, t

OF_ALL = ("map", "multiples")  # views whose finding is about all areas


@dataclass(frozen=True)
class Outlook:
    """Everything a picture needs: the forecast, the chosen period, what is expected of the first area then, its record."""

    choice: Choice
    made: Forecast
    period: date
    found: data.Point | None
    record: Record | None


def show(choice: Choice) -> None:
    """Draw heading, picture and source."""
    from pages.parts import forecast_fan, forecast_map, forecast_methods, forecast_multiples

    heading, timeline, body = st.container(), st.container(), st.container()
    with st.spinner(t("forecast.working"), show_time=True):
        made = ahead.forecast_of(choice.indicator, choice.method)
        record = data.record_of(choice)
    coming = data.periods(made, choice.until) if made else []
    if made is None or not coming:
        with heading:
            frame.head(forecast_words.title(choice, None, None, None))
            st.info(frame.plain(forecast_words.why_none(choice, None)), icon=":material/block:")
        return
    with timeline:
        period = _period(choice, coming)
    shown = Outlook(choice, made, period, data.point(choice, made, choice.area, period), record)
    with heading:
        _head(shown)
    draw: dict[str, Callable[[Outlook], None]] = {
        "fan": forecast_fan.show,
        "map": forecast_map.show,
        "multiples": forecast_multiples.show,
        "methods": forecast_methods.show,
    }
    with body:
        draw[choice.view](shown)
        frame.source_line([choice.indicator], t("forecast.source_extra"))


def _period(choice: Choice, coming: Sequence[date]) -> date:
    default = max([p for p in coming if p.year <= 2035] or coming[:1])
    return controls.period_choice(t("forecast.year"), "f_year", coming, choice.indicator.frequency, default, slider=True)


def _head(shown: Outlook) -> None:
    """Say what to expect, how sure that is and how often such statements came true."""
    choice, found = shown.choice, shown.found
    title = forecast_words.title(choice, shown.made, shown.period, found)
    of_all = choice.view in OF_ALL
    head = forecast_words.unit_finding(choice, shown.period).message if of_all else title
    frame.head(head, forecast_words.subtitle(choice))
    if found is None:
        why = forecast_words.why_none(choice, shown.made)
        st.info(frame.plain(f"{title}. {why}" if of_all else why), icon=":material/block:")
        return
    grade, why = forecast_words.certainty(choice, shown.made, shown.record, found)
    expected = forecast_words.expectation(choice, shown.made, shown.period, found)
    sure = t("forecast.sure", grade=frame.plain(grade), why=frame.plain(why))
    past = " ".join(forecast_words.came_true(choice, shown.record)[:1])
    first = frame.plain(f"{title}." if of_all else expected)
    st.markdown(f"{first} {sure} {frame.plain(past)}")
    said = forecast_words.odds(choice, shown.made, shown.period, choice.area)
    if said:
        st.markdown(f":material/flag: **{frame.plain(said)}**")


def codes_with_city(choice: Choice) -> tuple[str, ...]:
    """Return the chosen areas and the city, which goes with every picture that can hold it."""
    top = reader().catalogue.top.code
    fits = top in choice.areas or not choice.indicator.is_sum
    return tuple(dict.fromkeys((*choice.areas, top))) if fits else choice.areas
