"""What the people will need: an editable table of sourced factors, the needs over time, the year places run out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import streamlit as st

from model.demography.bands import Band
from model.demography.needs import NEEDS, Factor, crossing_year
from model.demography.planner import Planner, need_measure
from model.demography.population import Array
from model.profile.numbers import format_value
from pages.parts import ageing_course, ageing_rows, cache, charts_ageing, controls, downloads, frame, session
from pages.parts.ageing_pyramid import age_words
from pages.parts.ageing_view import View
from pages.parts.frame import language, reader, t

FACTORS, MOST = "a_factor", 80
DEFAULT = "care_homes"


def prepare(planner: Planner) -> None:
    """Take the need and the factors from the address even while they are not drawn, lest a link lose them."""
    usual = planner.factors()
    session.prepare("a_need", session.one_of(list(NEEDS)), DEFAULT)
    session.prepare(FACTORS, lambda values: [_change(value, usual) and value for value in values], [])


def show(view: View) -> None:
    """Draw one need over time against the places there are, all needs as a table, and the factors."""
    prepare(view.planner)
    titles = {id: known.title.of(language()) for id, known in NEEDS.items()}
    need = controls.choose(t("ageing.need"), "a_need", list(NEEDS), DEFAULT, titles.__getitem__)
    course = st.container()
    every = st.container()
    factors = _factors(view)
    with course:
        _course(view, need, factors)
    with every:
        _table(view, factors)


def _band(need: str) -> Band:
    """Return the interval of a need; counts have relative ones, which hold for edited factors too."""
    return cache.bands(reader().release, reader().role)[f"need_{need}"]


def _course(view: View, need: str, factors: tuple[Factor, ...]) -> None:
    at, tongue = view.planner.where.position(view.question.place), language()
    measure, years = need_measure(need, factors), list(view.planner.years)
    wanted = view.plan.values(measure)[:, at]
    lower, upper = (end[:, at] for end in view.plan.interval(measure, _band(need)))
    places = places_of(view, need)
    said = finding(view, need, wanted, lower, upper, places)
    st.subheader(frame.plain(said), anchor=False)
    rows = ageing_course.points("projected", t("ageing.needed"), years, wanted, 0)
    if not view.plan.neutral:
        rows += ageing_course.points("baseline", t("ageing.trend"), years, view.planner.baseline.values(measure)[:, at], 0)
    if places is not None:
        rows += ageing_course.points("capacity", t("ageing.capacity"), years, places, 0)
    spans = ageing_course.band(years, lower, upper)
    ageing_course.place_labels(rows, spans, 240)
    spec = charts_ageing.course(rows, spans, view.planner.year, view.year, NEEDS[need].unit.of(tongue), tongue, 240)
    frame.chart(spec, "ageing_need", said)
    st.caption(t("ageing.need_key"))
    downloads.menu(
        lambda: downloads.Shown(
            said, t("ageing.factors_assumed"), view.foot, pl.DataFrame(), spec, ready=partial(needs_table, view, factors)
        ),
        "ageing_need",
    )


def places_of(view: View, need: str) -> Array | None:
    """Return the places there are at the place of the question, None where nobody counts them there."""
    found = view.planner.capacity(need, view.plan.levers)
    if found is None:
        return None
    own = found[:, view.planner.where.position(view.question.place)]
    return own if own.any() else None


def finding(view: View, need: str, wanted: Array, lower: Array, upper: Array, places: Array | None) -> str:
    """Say the need, its interval, and from which year there are too few places."""
    tongue, at = language(), view.year - view.planner.year
    if np.isnan(wanted[at]):
        return t("ageing.hidden_title", where=view.question.where, year=view.year)
    write = partial(format_value, decimals=0, language=tongue)
    words = {
        "need": NEEDS[need].title.of(tongue),
        "where": view.question.where,
        "year": view.year,
        "number": write(float(wanted[at])),
        "low": write(float(lower[at])),
        "high": write(float(upper[at])),
        "level": round(10 * view.band.level),
    }
    said = t("ageing.need_said", **words)
    if places is None:
        return said + (f" {t('ageing.need_no_places')}" if NEEDS[need].capacity else "")
    year = crossing_year(wanted, places, view.planner.year)
    if year is None:
        return f"{said} {t('ageing.need_enough', places=write(float(places[at])), last=view.planner.until)}"
    key = "ageing.need_already" if year == view.planner.year else "ageing.need_crossing"
    return f"{said} {t(key, places=write(float(places[year - view.planner.year])), crossing=year)}"


def _table(view: View, factors: tuple[Factor, ...]) -> None:
    shown = needs_table(view, factors)
    tongue = language()
    years = [c for c in shown.columns if c.isdigit()]
    words = {
        "need": t("ageing.need"), **{y: y for y in years}, "lower": t("ageing.column_lower"), "upper": t("ageing.column_upper"),
        "places": t("ageing.capacity"), "short_from": t("ageing.column_short"),
    }  # fmt: skip
    st.markdown(f"**{frame.plain(t('ageing.needs_title', where=view.question.where))}**")
    write = partial(format_value, decimals=0, language=tongue)
    written = [{words[c]: v if c in ("need", "short_from") else write(v) for c, v in row.items()} for row in shown.to_dicts()]
    right = {words[c]: st.column_config.TextColumn(alignment="right") for c in words if c not in ("need", "short_from")}
    st.dataframe(pl.DataFrame(written), hide_index=True, key=f"ageing_needs_{tongue}", column_config=right)


def needs_table(view: View, factors: tuple[Factor, ...]) -> pl.DataFrame:
    """Return every need today, in the middle and in the year of the question, with places and the year they run out."""
    at = view.planner.where.position(view.question.place)
    first, middle = view.planner.year, (view.planner.year + view.planner.until + 1) // 2
    years = sorted({first, min(2030, view.planner.until) if first < 2030 else middle, view.year})
    rows = []
    for id, need in NEEDS.items():
        measure = need_measure(id, factors)
        wanted = view.plan.values(measure)[:, at]
        lower, upper = (end[:, at] for end in view.plan.interval(measure, _band(id)))
        places = places_of(view, id)
        short = None if places is None else crossing_year(wanted, places, first)
        rows.append(
            {
                "need": need.title.of(language()),
                **{str(year): _number(wanted[year - first]) for year in years},
                "lower": _number(lower[view.year - first]),
                "upper": _number(upper[view.year - first]),
                "places": None if places is None else _number(places[view.year - first]),
                "short_from": "" if short is None else str(short),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(round(value))


def _factors(view: View) -> tuple[Factor, ...]:
    """Draw the table of factors; only rates can be changed, and what was changed stands in the address."""
    usual = view.planner.factors()
    changes = dict(_change(value, usual) for value in session.current(FACTORS))
    with st.expander(t("ageing.factors"), icon=":material/edit:", on_change="rerun", key="ageing_factors_open") as box:
        if box.open:
            changes = _editor(view, usual, changes)
    return tuple(replace(f, rate=changes[at]) if at in changes else f for at, f in enumerate(usual))


def _editor(view: View, usual: tuple[Factor, ...], changes: dict[int, float]) -> dict[int, float]:
    st.caption(t("ageing.factors_assumed"))
    first, key = ageing_rows.begin(FACTORS, sorted(changes.items()))
    base = dict(first)
    rows = pl.DataFrame(
        {
            "need": [NEEDS[f.need].title.of(language()) for f in usual],
            "ages": [age_words(f.first, f.last) if f.last < 100 else t("ageing.age_open", low=f.first) for f in usual],
            "sex": [{"F": t("ageing.women"), "M": t("ageing.men")}.get(f.sex, t("ageing.both")) for f in usual],
            "rate": [round(100 * base.get(at, f.rate), 2) for at, f in enumerate(usual)],
            "source": [f.source for f in usual],
        }
    )
    named = {c: st.column_config.TextColumn(t(f"ageing.factor_{c}"), disabled=True) for c in ("need", "ages", "sex", "source")}
    number = st.column_config.NumberColumn(t("ageing.factor_rate"), min_value=0.0, max_value=200.0, step=0.1, format="%.1f")
    edited = st.data_editor(rows, hide_index=True, key=key, column_config={**named, "rate": number}, height=280)
    rates = [None if rate is None else rate / 100.0 for rate in edited["rate"].to_list()]
    found = {at: r for at, (f, r) in enumerate(zip(usual, rates, strict=True)) if r is not None and abs(r - f.rate) > 5.1e-5}
    written = [_written(usual[at], rate) for at, rate in sorted(found.items())][:MOST]
    ageing_rows.end(FACTORS, sorted(found.items()))
    session.remember(FACTORS, written)
    session.keep(FACTORS, written, [])
    return found


def _written(factor: Factor, rate: float) -> str:
    return f"{factor.need}:{factor.first}-{factor.last}:{factor.sex}={rate:.6g}"


def _change(value: str, usual: tuple[Factor, ...]) -> tuple[int, float]:
    """Return which factor a parameter changes, and to what. Raises ValueError."""
    name, _, rate = value.partition("=")
    names = [f"{f.need}:{f.first}-{f.last}:{f.sex}" for f in usual]
    number = float(rate)
    if not 0.0 <= number <= 2.0:
        raise ValueError(value)
    return names.index(name), number
