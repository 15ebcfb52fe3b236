"""The whole page: question and levers on the left, the answer and its pictures on the right; runs as a fragment."""

from __future__ import annotations

from math import isnan

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.demography.planner import Planner
from pages.parts import (
    ageing_change,
    ageing_course,
    ageing_levers,
    ageing_map,
    ageing_needs,
    ageing_pyramid,
    ageing_question,
    ageing_sure,
    ageing_table,
    cache,
    controls,
    frame,
)
from pages.parts.ageing_question import Question
from pages.parts.ageing_view import View
from pages.parts.frame import language, narrow, reader, t


def show() -> None:
    """Draw the page, or say in one sentence why there is no projection."""
    with frame.boundary():
        door = reader()
        planner = cache.planner(door.release, door.role)
        if planner is None:
            frame.head(t("ageing.none_title", city=door.catalogue.top.name))
            st.info(t("ageing.none"), icon=":material/info:")
            return
        choices, right = st.columns([1, 2.9], gap="medium")
        with right:
            heading, building, pictures = st.container(), st.container(), st.container()
        with choices:
            question = ageing_question.choose(planner)
            with st.expander(t("ageing.levers"), expanded=not narrow(), icon=":material/tune:"):
                settings = ageing_levers.choose(planner, building)
        with pictures:
            _pictures(planner, settings, question, heading)


def _pictures(planner: Planner, settings: tuple[str, ...], question: Question, heading: DeltaGenerator) -> None:
    door = reader()
    timeline, middle = st.container(), st.container()
    with timeline:
        year = ageing_question.choose_year(planner)
    plan = cache.plan(door.release, settings, door.role)
    band = cache.bands(door.release, door.role)[question.measure.id]
    view = View(planner, plan, settings, question, year, band)
    with heading:
        _heading(view)
    with middle:
        left, right = st.columns([1, 1.15], gap="medium") if question.unit else (st.container(), None)
        with left:
            ageing_pyramid.show(view)
        if right is not None:
            with right:
                ageing_map.show(view)
    ageing_course.show(view)
    _parts(view)
    st.caption(frame.plain(view.foot))


def _heading(view: View) -> None:
    answer, tongue = view.answer, language()
    title = (
        t("ageing.hidden_title", where=view.question.where, year=view.year) if isnan(answer.value) else answer.headline(tongue)
    )
    frame.head(title[:1].upper() + title[1:], _subtitle(view))
    said = answer.detail(tongue) if not isnan(answer.value) else ""
    if view.question.measure.kind != "count" and said:
        said = said.replace(t("ageing.why"), t("ageing.why_people"))
    left, right = st.columns([5, 1], vertical_alignment="center")
    words = frame.plain(said) if said else f":gray[{t('ageing.trend_only')}]"
    left.markdown(" ".join([words, *_badges(view)]))
    with right:
        frame.link_button("ageing_link")


def _subtitle(view: View) -> str:
    planner = view.planner
    return t("ageing.subtitle", first=planner.year, last=planner.until, level=round(10 * view.band.level))


def _badges(view: View) -> list[str]:
    """Name what a reader must not overlook: assumptions, small areas, standard schedules."""
    found = []
    if not view.plan.neutral:
        found.append(f":orange-badge[:material/tune: {t('ageing.assumption')}]")
    grade = view.planner.grades[view.question.place]
    if grade.id != "good":
        found.append(f":gray-badge[:material/warning: {frame.plain(grade.title.of(language()))}]")
    if view.planner.standards:
        found.append(f":gray-badge[:material/info: {t('ageing.standard')}]")
    return found


def _parts(view: View) -> None:
    """Draw one of the parts below the pictures; which one stands in the address, what is closed is not computed."""
    ageing_needs.prepare(view.planner)
    ageing_change.prepare()
    draw = {"change": ageing_change.show, "needs": ageing_needs.show, "table": ageing_table.show, "sure": ageing_sure.show}
    words = {name: t(f"ageing.tab_{name}") for name in draw}
    chosen = controls.choose(
        t("ageing.part"), "a_part", list(draw), "change", words.__getitem__, "segments", label_visibility="collapsed"
    )
    draw[chosen](view)
