"""What the reader asks the projection: which figure, where, when, and how the map shows it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from model.demography.measures import MEASURES, Measure
from model.demography.planner import Planner
from model.profile.phrases import in_area
from pages.parts import controls, series, session
from pages.parts.frame import language, reader, t

DEFAULT = "aged_80_plus"
MAPS = ("values", "difference")
STEP = 1.0  # seconds per year while playing


@dataclass(frozen=True)
class Question:
    """A measure at a place; `unit` is what the map shows, `view` whether values or the difference to the baseline."""

    measure: Measure
    place: str
    unit: str
    view: str

    @property
    def name(self) -> str:
        """Return the name of the place."""
        return reader().catalogue.area(self.place).name

    @property
    def where(self) -> str:
        """Return the place with its preposition."""
        return in_area(self.name, language())


def choose(planner: Planner) -> Question:
    """Draw the controls of the question."""
    titles = {id: measure.title.of(language()) for id, measure in MEASURES.items()}
    measure = controls.choose(t("ageing.measure"), "a_measure", list(MEASURES), DEFAULT, titles.__getitem__)
    codes = places(planner)
    names = series.unique_names(codes)
    kinds = {c: reader().catalogue.unit(reader().catalogue.area(c).unit).title.of(language()) for c in codes}
    place = planner.city
    if len(codes) > 1:
        place = controls.choose(t("ageing.place"), "a_place", codes, planner.city, lambda c: f"{names[c]} · {kinds[c]}")
    units = mapped_units(planner)
    unit, view = (units or [""])[0], "values"
    if len(units) > 1:
        plural = {u: reader().catalogue.unit(u).plural.of(language()) for u in units}
        unit = controls.choose(t("ageing.map_unit"), "a_unit", units, units[0], plural.__getitem__, "segments")
    if units:
        words = {m: t(f"ageing.map_{m}") for m in MAPS}
        view = controls.choose(t("ageing.map_shows"), "a_map", MAPS, "values", words.__getitem__, "segments")
    return Question(MEASURES[measure], place, unit, view)


def places(planner: Planner) -> list[str]:
    """Return the codes of all places, the city first, then groups, then areas, each by name."""
    areas = reader().catalogue.areas
    groups, single = (sorted(codes, key=lambda c: areas[c].name) for codes in (planner.groups, planner.areas))
    return list(dict.fromkeys([planner.city, *groups, *single]))


def mapped_units(planner: Planner) -> list[str]:
    """Return the spatial units whose every area is a place of the projection, the finest first, without the city."""
    catalogue = reader().catalogue
    known = {catalogue.area(code).unit for code in (*planner.areas, *planner.groups)} - {catalogue.top.unit}
    return [unit for unit in catalogue.units if unit in known]


def choose_year(planner: Planner) -> int:
    """Let the reader choose the year, or play from now to the end."""
    years = [str(year) for year in planner.years]
    button, slider = st.columns([1, 5], vertical_alignment="bottom")
    with button:
        _play(years)
    with slider:
        return int(controls.choose(t("ageing.year"), "a_year", years, years[-1], str, "slider"))


def playing() -> bool:
    """Tell whether the years are running."""
    return bool(session.recall("a_playing", False))


def _play(years: list[str]) -> None:
    if playing():
        _step(years)
    label, icon = (t("explore.pause"), "pause") if playing() else (t("explore.play"), "play_arrow")
    if st.button(label, icon=f":material/{icon}:", key="ageing_play"):
        started = not playing()
        session.remember("a_playing", started)
        if started:
            session.remember("a_year", years[0])
        st.rerun()


def _step(years: list[str]) -> None:
    now = session.recall("a_year", years[-1])
    at = years.index(now) if now in years else 0
    if at + 1 >= len(years):
        session.remember("a_playing", False)
        st.rerun()  # without the timer
    session.remember("a_year", years[at + 1])
