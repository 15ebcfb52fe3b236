"""The pyramid of the chosen year, over outlines of today and of the trend."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import polars as pl
import streamlit as st

from model.demography.planner import Ages, Plan
from model.profile.numbers import format_value
from pages.parts import charts_ageing, downloads, frame
from pages.parts.ageing_view import View
from pages.parts.frame import language, t

SEXES = ("F", "M")


def show(view: View) -> None:
    """Draw the pyramid with its key and files."""
    place, year, start = view.question.place, view.year, view.planner.year
    now, own = view.planner.baseline.ages(place, start), view.plan.ages(place, year)
    outline = [] if year == start else _outline("now", now)
    if not view.plan.neutral and year > start:
        outline += _outline("baseline", view.planner.baseline.ages(place, year))
    title = t("ageing.pyramid_title", where=view.question.where, year=year)
    st.markdown(f"**{frame.plain(title)}**")
    spec = charts_ageing.pyramid(
        _bars(own), outline, (t("ageing.women"), t("ageing.men")), t("ageing.people"),
        _reach(view), language(), 330 if frame.narrow() else 380,
    )  # fmt: skip
    frame.chart(spec, "ageing_pyramid", t("ageing.pyramid_alt", where=view.question.where, year=year, median=_middle(own)))
    key = [t("ageing.key_now", year=start)] if year > start else []
    key += [t("ageing.key_baseline", year=year)] if not view.plan.neutral and year > start else []
    key += [t("ageing.key_groups")] if len(own.first) < 50 else []
    below = t("ageing.pyramid_subtitle", first=start)
    words, files = st.columns([1.15, 1])
    words.caption(frame.plain(" · ".join(key)))
    with files:
        downloads.menu(lambda: _shown(view, title, below, spec), "ageing_pyramid")


def _shown(view: View, title: str, below: str, spec: dict[str, Any]) -> downloads.Shown:
    return downloads.Shown(title, below, view.foot, pl.DataFrame(), spec, ready=partial(table, view.plan, view.question.place))


def table(plan: Plan, place: str) -> pl.DataFrame:
    """Return the people of one place by year, sex and age as they are shown; empty where there are too few."""
    rows = [
        {"area": place, "year": year, "sex": sex, "age_from": low, "age_to": high, "people": None if np.isnan(n) else round(n)}
        for year in plan.planner.years
        for ages in [plan.ages(place, year)]
        for side, sex in enumerate(SEXES)
        for low, high, n in zip(ages.first, ages.last, ages.people[side].tolist(), strict=True)
    ]
    return pl.DataFrame(rows)


def _reach(view: View) -> float:
    """Return the largest group of any year, with room for a scenario that grows."""
    place, planner = view.question.place, view.planner
    years = (planner.year, (planner.year + planner.until) // 2, planner.until)
    return float(max(np.nanmax(plan.ages(place, year).people) for plan in (planner.baseline, view.plan) for year in years))


def _bars(ages: Ages) -> list[dict[str, Any]]:
    tongue, few = language(), t("shared.suppressed")
    sides = {"F": t("ageing.women"), "M": t("ageing.men")}
    rows = []
    for side, sex in enumerate(SEXES):
        for low, high, number in zip(ages.first, ages.last, ages.people[side].tolist(), strict=True):
            there = not np.isnan(number)
            rows.append(
                {
                    "sex": sex,
                    "low": low,
                    "high": high + 1 if low < 100 else 101 if high == low and len(ages.first) > 50 else 105,
                    "people": (number if side else -number) if there else None,
                    "label": f"{sides[sex]}, {age_words(low, high)}",
                    "text": format_value(number, 0, tongue) if there else few,
                }
            )
    return rows


def age_words(low: int, high: int) -> str:
    """Write an age or a group of ages."""
    if low == 100:
        return t("ageing.age_open", low=low)
    return t("ageing.age_one", low=low) if low == high else t("ageing.age_group", low=low, high=high)


def _outline(kind: str, ages: Ages) -> list[dict[str, Any]]:
    """Return the corners of the steps, from young to old."""
    corners: list[dict[str, Any]] = []
    fine = len(ages.first) > 50
    for side, sex in enumerate(SEXES):
        for low, high, number in zip(ages.first, ages.last, ages.people[side].tolist(), strict=True):
            signed = None if np.isnan(number) else round(number if side else -number, 1)
            top = high + 1 if low < 100 else 101 if fine else 105
            corners += [{"kind": kind, "sex": sex, "age": age, "people": signed} for age in (low, top)]
    return [{**corner, "order": at} for at, corner in enumerate(corners)]


def _middle(ages: Ages) -> str:
    """Return about which age most people have passed, for the text alternative."""
    total = np.nansum(ages.people, axis=0)
    at = int(np.searchsorted(np.cumsum(total), total.sum() / 2))
    return age_words(ages.first[at], ages.last[at])
