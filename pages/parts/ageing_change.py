"""Why it changes: a waterfall of one group of ages, and the components of change year by year."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from model.demography.answer import REASONS
from model.demography.decompose import PARTS
from model.profile.numbers import format_signed, format_value
from pages.parts import cache, charts_ageing, controls, downloads, frame, session
from pages.parts.ageing_pyramid import age_words
from pages.parts.ageing_view import View
from pages.parts.frame import language, reader, t

COMPONENTS = ("births", "deaths", "arrivals", "departures", "inside", "housing")


def prepare() -> None:
    """Take from the address whether the range of the difference is asked for, even while it is not drawn."""
    session.prepare("a_sure", lambda values: bool(values) and values[0] == "1", False)


def show(view: View) -> None:
    """Draw waterfall and components, and how sure the difference to the trend is when asked."""
    left, right = st.columns(2, gap="medium")
    with left:
        _waterfall(view)
    with right:
        _components(view)
    if not view.plan.neutral:
        _difference(view)


def people_words(view: View) -> str:
    """Say which people the waterfall counts."""
    first, last = view.question.measure.ages
    if (first, last) == (0, 130):
        return t("ageing.everybody")
    return t("ageing.age_open", low=first) if last > 100 else age_words(first, last)


def _waterfall(view: View) -> None:
    title = t("ageing.why_title", people=people_words(view), where=view.question.where, first=view.planner.year, last=view.year)
    title = title[:1].upper() + title[1:]
    st.markdown(f"**{frame.plain(title)}**")
    if view.year == view.planner.year:
        st.info(t("ageing.why_later"), icon=":material/info:")
        return
    parts = view.plan.reasons(view.question.measure, view.question.place, view.year)
    spec = charts_ageing.waterfall(steps(parts, view), t("ageing.people"), language())
    said = ", ".join(f"{REASONS[n].of(language())} {format_signed(parts[n], 0, language())}" for n in PARTS if parts[n])
    frame.chart(spec, "ageing_why", f"{title}: {said}")
    st.caption(t("ageing.why_key"))
    table = pl.DataFrame([{"part": name, "people": number} for name, number in parts.items()])
    downloads.menu(
        lambda: downloads.Shown(title, t("ageing.people"), view.foot, pl.DataFrame(), spec, ready=lambda: table), "ageing_why"
    )


def steps(parts: dict[str, float], view: View) -> list[dict[str, Any]]:
    """Return the bars of the waterfall; a part that is nothing is left out."""
    tongue, level = language(), parts["start"]
    rows = [_bar(str(view.planner.year), 0.0, level, format_value(level, 0, tongue), "whole")]
    for name in PARTS:
        if parts[name]:
            words, kind = format_signed(parts[name], 0, tongue), "rise" if parts[name] > 0 else "fall"
            rows.append(_bar(REASONS[name].of(tongue), level, level + parts[name], words, kind))
            level += parts[name]
    return [*rows, _bar(str(view.year), 0.0, parts["end"], format_value(parts["end"], 0, tongue), "whole")]


def _bar(label: str, begin: float, end: float, text: str, kind: str) -> dict[str, Any]:
    return {"label": label[:1].upper() + label[1:], "low": min(begin, end), "high": max(begin, end), "text": text, "kind": kind}


def _components(view: View) -> None:
    title = t("ageing.components_title", where=view.question.where)
    st.markdown(f"**{frame.plain(title)}**")
    found, tongue = view.plan.balance(view.question.place), language()
    names = {name: t(f"ageing.component_{name}") for name in (*COMPONENTS, "change")}
    used = [name for name in COMPONENTS if found[name].any()]
    rows = [
        {"year": str(year), "part": names[name], "value": value, "text": format_signed(value, 0, tongue), "sum": name == "change"}
        for name in (*used, "change")
        for year, value in zip(list(view.planner.years)[1:], found[name].tolist(), strict=True)
    ]
    spec = charts_ageing.components(rows, [names[n] for n in used], names["change"], t("ageing.people"), tongue)
    total = format_signed(float(found["change"].sum()), 0, tongue)
    frame.chart(spec, "ageing_components", t("ageing.components_alt", title=title, total=total, last=view.planner.until))
    st.caption(t("ageing.components_key"))
    table = pl.DataFrame({"year": list(view.planner.years)[1:], **found})
    downloads.menu(
        lambda: downloads.Shown(title, t("ageing.people"), view.foot, pl.DataFrame(), spec, ready=lambda: table),
        "ageing_components",
    )


def _difference(view: View) -> None:
    """Say how sure the difference is; it takes draws of its own, so only when asked."""
    if not controls.switch(t("ageing.difference_sure"), "a_sure"):
        return
    door, measure, tongue = reader(), view.question.measure, language()
    found = cache.contrast(door.release, view.settings, measure.id, door.role)
    at = view.year - view.planner.year, view.planner.where.position(view.question.place)
    write = partial(format_signed, decimals=measure.decimals, language=tongue)
    st.markdown(
        frame.plain(
            t(
                "ageing.difference_said",
                measure=measure.title.of(tongue),
                where=view.question.where,
                year=view.year,
                number=write(float(found.central[at])),
                low=write(float(found.lower[at])),
                high=write(float(found.upper[at])),
                level=round(10 * view.band.level),
            )
        )
    )
