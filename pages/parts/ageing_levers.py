"""The levers in plain words; their positions are parameters of the address, so that a link restores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.demography.housing import MOVE_IN
from model.demography.levers import LEVERS, Lever, Levers, Preset, as_settings, parse_settings, presets_of
from model.demography.planner import Planner
from model.profile.numbers import format_value
from pages.parts import ageing_projects, controls, frame, session
from pages.parts.frame import language, t

CITY = ("tfr", "life_expectancy_f", "life_expectancy_m", "arrivals", "departures")
STEPS = {"tfr": 0.05, "life_expectancy_f": 0.5, "life_expectancy_m": 0.5, "arrivals": 5.0, "departures": 5.0}
DECIMALS = {"tfr": 2, "life_expectancy_f": 1, "life_expectancy_m": 1, "occupancy": 1}
FROM_CITY = Levers().from_city


def choose(planner: Planner, building: DeltaGenerator) -> tuple[str, ...]:
    """Draw presets and levers and return the positions as settings; nothing moved is an empty tuple.

    What is built needs a wide table: it is drawn into `building`.
    """
    buttons = st.container()
    settings = [setting for id in CITY if (setting := _lever(planner, LEVERS[id]))]
    with building:
        settings += _building(planner)
    chosen = tuple(settings)
    with buttons:
        _presets(planner, chosen)
    return chosen


def _building(planner: Planner) -> list[str]:
    """Draw the table of what is built, its label saying what stands in it, and who moves in."""
    planned = ageing_projects.said(ageing_projects.planned(planner))
    with st.expander(f"{t('ageing.projects')}: {frame.plain(planned)}", icon=":material/home_work:", key="ageing_building"):
        projects = ageing_projects.choose(planner)
        if any(p.startswith("dwellings") for p in projects):
            return [*projects, *_who_moves_in()]
    for id in ("move_in", "occupancy", "from_city"):  # asked of nobody: nothing of it stays in the address
        last = session.recall(f"a_{id}")
        session.keep(f"a_{id}", last, last)
    return projects


def _presets(planner: Planner, chosen: tuple[str, ...]) -> None:
    st.caption(t("ageing.presets"))
    now = as_settings(parse_settings(chosen))
    with st.container(horizontal=True, gap="small"):
        for preset in presets_of(planner.sources.presets):
            st.button(
                preset.title.of(language()),
                key=f"ageing_preset_{preset.id}",
                type="primary" if as_settings(preset.levers) == now else "secondary",
                on_click=partial(_apply, preset, planner),
            )


def _apply(preset: Preset, planner: Planner) -> None:
    """Put every lever where the preset has it, all others back to the trend."""
    given = dict(s.split("=") for s in preset.settings if "[" not in s)
    for id in CITY:
        value = float(given[id]) if id in given else planner.trend(id)
        session.remember(f"a_{id}", _written(id, value))
    kind = given.get("move_in", "mixed")
    usual = {"move_in": kind, "occupancy": _usual_occupancy(kind), "from_city": f"{FROM_CITY:.0f}"}
    for id, position in usual.items():
        session.remember(f"a_{id}", given.get(id, position))
    ageing_projects.replace([s for s in preset.settings if "[" in s])


def _lever(planner: Planner, lever: Lever) -> str:
    """Draw one lever; return its setting, empty where it stands at the trend."""
    trend = _written(lever.id, planner.trend(lever.id))
    options = _positions(lever, STEPS[lever.id], trend)
    left, right = st.columns([6, 1], vertical_alignment="bottom", gap="small")
    with left:
        chosen = controls.choose(
            lever.title.of(language()), f"a_{lever.id}", options, trend, _words(lever), "slider",
            help=about(lever, trend),
        )  # fmt: skip
    with right:
        _reset(f"a_{lever.id}", trend, moved=chosen != trend)
    return "" if chosen == trend else f"{lever.id}={chosen}"


def _reset(name: str, trend: str, *, moved: bool) -> None:
    """Offer the way back; it stands there always, so that nothing jumps when a lever moves."""
    st.button(
        "", icon=":material/undo:", key=f"ageing_reset_{name}", disabled=not moved, type="tertiary",
        help=t("ageing.reset_one"), on_click=partial(session.remember, name, trend),
    )  # fmt: skip


def _positions(lever: Lever, step: float, trend: str) -> list[str]:
    """Return every position between the lever's bounds and that of the trend, from low to high."""
    count = round((lever.high - lever.low) / step)
    grid = {_written(lever.id, lever.low + at * step) for at in range(count + 1)}
    return sorted({*grid, trend}, key=float)


def _written(id: str, value: float) -> str:
    return f"{value:.{DECIMALS.get(id, 0)}f}"


def _words(lever: Lever) -> Callable[[str], str]:
    """Return what writes a position; text and language are looked up once, for there are many positions."""
    pattern, tongue, decimals = t(f"ageing.position_{lever.id}", number="{}"), language(), DECIMALS.get(lever.id, 0)
    return lambda position: pattern.format(format_value(float(position), decimals, tongue))


def about(lever: Lever, trend: str) -> str:
    """Say what a lever is: how it works, bounds, trend, source, and that it is an assumption."""
    decimals = DECIMALS.get(lever.id, 0)
    low, high = (format_value(bound, 1 if lever.id == "tfr" else 0, language()) for bound in (lever.low, lever.high))
    return frame.plain(
        t(
            "ageing.about_lever",
            how=lever.help.of(language()),
            low=low,
            high=high,
            unit=lever.unit.of(language()),
            trend=format_value(float(trend), decimals, language()),
            source=lever.source.of(language()),
        )
    )


def _as_many_as_usual() -> None:
    """Put the people per dwelling to what is usual for whoever moves in now."""
    session.remember("a_occupancy", _usual_occupancy(session.widget("a_move_in")))


def _usual_occupancy(kind: str) -> str:
    return f"{MOVE_IN[kind].occupancy:.1f}"


def _who_moves_in() -> Sequence[str]:
    """Ask who moves into new dwellings; every answer is an assumption."""
    kinds = {id: known.title.of(language()) for id, known in MOVE_IN.items()}
    left, middle, right = st.columns(3, gap="medium", vertical_alignment="bottom")
    with left:
        kind = controls.choose(
            t("ageing.move_in"), "a_move_in", list(MOVE_IN), "mixed", kinds.__getitem__,
            help=t("ageing.move_in_help"), on_change=_as_many_as_usual,
        )  # fmt: skip
    usual = _usual_occupancy(kind)
    people = [f"{n / 10:.1f}" for n in range(8, 61)]
    with middle:
        occupancy = controls.choose(
            LEVERS["occupancy"].title.of(language()), "a_occupancy", people, usual,
            _words(LEVERS["occupancy"]), "slider",
        )  # fmt: skip
    shares = [str(n) for n in range(0, 101, 5)]
    with right:
        inside = controls.choose(
            LEVERS["from_city"].title.of(language()), "a_from_city", shares, f"{FROM_CITY:.0f}",
            _words(LEVERS["from_city"]), "slider",
        )  # fmt: skip
    written = [f"move_in={kind}"] if kind != "mixed" else []
    written += [f"occupancy={occupancy}"] if occupancy != usual else []
    return [*written, *([f"from_city={inside}"] if float(inside) != FROM_CITY else [])]
