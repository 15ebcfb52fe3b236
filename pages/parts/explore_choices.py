"""What the reader can choose on the map page, as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from model.catalogue import Catalogue, Indicator
from model.errors import SelectionError
from model.profile.numbers import format_value
from model.query.classify import METHODS, Scheme, scheme_of, threshold_scheme
from model.query.compare import distribution
from pages.parts import cache, charts, colours, controls, frame, session
from pages.parts.frame import language, narrow, reader, t

VIEWS = ("values", "change", "two", "threshold")
OWN = "default"


@dataclass(frozen=True)
class Look:
    """How values become classes and what else the map shows."""

    method: str
    count: int
    breaks: tuple[float, ...]
    fixed: bool
    zero_apart: bool
    outliers_apart: bool
    labels: bool


@dataclass(frozen=True)
class Filter:
    """Which areas take part; empty means all."""

    parents: tuple[str, ...]
    lowest: float | None
    highest: float | None
    smallest: float | None

    @property
    def active(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.parents) or any(x is not None for x in (self.lowest, self.highest, self.smallest))


@dataclass(frozen=True)
class Choice:
    """Everything the map page shows, but for the period."""

    indicator: Indicator
    unit: str
    view: str
    relative: bool
    second: Indicator
    threshold: str
    threshold_value: float | None
    look: Look
    filter: Filter


def choose(catalogue: Catalogue) -> Choice:
    """Draw the controls, in the order people decide, and return what was chosen."""
    indicator = controls.indicator_choice()
    with st.expander(t("explore.more")) if narrow() else st.container():
        _meaning(indicator)
        unit = controls.unit_choice(catalogue, mapped_units(indicator, catalogue))
        view = controls.choose(t("explore.view"), "view", VIEWS, "values", lambda v: t(f"explore.view_{v}"), "radio")
        relative = view == "change" and controls.switch(t("explore.relative"), "relative")
        second = _second(indicator, catalogue) if view == "two" else indicator
        threshold, value = _threshold(indicator) if view == "threshold" else ("city", None)
        look, limits = _look(indicator, unit), _filter(indicator, unit, catalogue)
    return Choice(indicator, unit, view, relative, second, threshold, value, look, limits)


def mapped_units(indicator: Indicator, catalogue: Catalogue) -> list[str]:
    """Return the spatial units with values of the indicator, the single-area top last."""
    units = [u for u in catalogue.units if cache.has_values(reader().release, indicator.id, u, reader().role)]
    return units or [catalogue.finest.id]


def scheme(choice: Choice, city: float | None) -> Scheme:
    """Return the classification scheme the choice asks for; a change diverges from zero, a threshold from its value."""
    look, decimals = choice.look, choice.indicator.decimals
    if choice.view == "threshold":
        value = {"city": city, "target": choice.indicator.target, "own": choice.threshold_value}[choice.threshold]
        return threshold_scheme(value if value is not None else 0.0, sides=2, decimals=decimals)
    if choice.view == "change":
        method = "quantile" if look.method in (OWN, "manual", "stddev") else look.method
        decimals = max(decimals, 1) if choice.relative else decimals
        return Scheme(method, look.count, decimals=decimals, centre=0.0, zero_apart=look.zero_apart)
    changes: dict[str, Any] = {"zero_apart": look.zero_apart, "outliers_apart": look.outliers_apart}
    if look.method == OWN or (look.method == "manual" and not look.breaks):
        return scheme_of(choice.indicator.classes, decimals, **changes)
    if look.method == "manual":
        return Scheme("manual", len(look.breaks) + 1, look.breaks, decimals=decimals, **changes)
    return Scheme(look.method, look.count, decimals=decimals, **changes)


def _meaning(indicator: Indicator) -> None:
    with st.popover(t("explore.meaning"), icon=":material/help:", width="stretch"):
        st.write(indicator.description.of(language()) or indicator.title.of(language()))
        st.caption(
            f"{t('explore.unit_of_measure')}: {indicator.unit.of(language())} · {t('explore.direction_' + indicator.direction)}"
        )
        if indicator.method.of(language()):
            st.caption(indicator.method.of(language()))


def _second(indicator: Indicator, catalogue: Catalogue) -> Indicator:
    options = list(catalogue.indicators)
    words = {id: i.title.of(language()) for id, i in catalogue.indicators.items()}
    return catalogue.indicator(controls.choose(t("explore.second"), "second", options, indicator.id, lambda id: words[id]))


def _threshold(indicator: Indicator) -> tuple[str, float | None]:
    options = ["city", "own"] if indicator.target is None else ["city", "target", "own"]
    kind = controls.choose(t("explore.threshold"), "threshold", options, "city", lambda o: t(f"explore.threshold_{o}"))
    if kind != "own":
        return kind, None
    return kind, controls.number(t("explore.threshold_value"), "threshold_value")


def _look(indicator: Indicator, unit: str) -> Look:
    with st.popover(t("explore.look"), icon=":material/palette:", width="stretch"):
        method = controls.choose(t("explore.method"), "method", (OWN, *METHODS), OWN, lambda m: t(f"explore.method_{m}"))
        count = int(controls.choose(t("explore.count"), "classes", tuple("3456789"), str(indicator.classes.count), str, "slider"))
        breaks = _manual_breaks(indicator, unit) if method == "manual" else ()
        fixed = controls.switch(t("explore.fixed"), "fixed", True)
        zero = controls.switch(t("explore.zero_apart"), "zero")
        outliers = controls.switch(t("explore.outliers_apart"), "outliers")
        labels = controls.switch(t("explore.labels"), "labels")
    return Look(method, count, breaks, fixed, zero, outliers, labels)


def _manual_breaks(indicator: Indicator, unit: str) -> tuple[float, ...]:
    """Read hand-typed inner breaks such as `5; 7,5; 10` beside a histogram. Raises SelectionError for anything else."""
    start = session.prepare("breaks", lambda values: values[0][:200] if values else "", "")
    typed = st.text_input(t("explore.breaks"), value=start, key="breaks", placeholder="5; 7,5; 10", max_chars=200)
    session.keep("breaks", typed, "")
    try:
        numbers = sorted({float(p.replace(",", ".")) for p in re.split(r"[;\s]+", typed.strip()) if p})
    except ValueError:
        raise SelectionError(t("explore.breaks_wrong", typed=typed)) from None
    _histogram(indicator, unit, numbers)
    if not 2 <= len(numbers) <= 8:
        st.caption(t("explore.breaks_number"))
        return ()
    return tuple(numbers)


def _histogram(indicator: Indicator, unit: str, breaks: Sequence[float]) -> None:
    """Show where the values of all periods lie, with the typed breaks as lines."""
    found = distribution(cache.unit_values(reader().release, indicator.id, unit, reader().role)["value"])
    if found is None:
        return
    bins = charts.bins(
        found.edges, found.counts, lambda v: format_value(v, indicator.decimals, language()), lambda _: colours.CONTEXT
    )
    spec = charts.histogram(bins, breaks, indicator.unit.of(language()), language(), height=110)
    frame.chart(spec, "breaks_histogram", t("explore.distribution"))


def _filter(indicator: Indicator, unit: str, catalogue: Catalogue) -> Filter:
    parents = {a.parent for a in catalogue.areas_of(unit)} & set(catalogue.areas)
    names = {code: catalogue.area(code).name for code in parents}
    with st.popover(t("explore.filter"), icon=":material/filter_alt:", width="stretch"):
        inside: list[str] = []
        if len(names) > 1:
            inside = controls.choose_some(
                t("explore.filter_parent"),
                "parent",
                sorted(names),
                lambda c: names.get(c, c),
                placeholder=t("shared.areas_placeholder"),
            )
        lowest = controls.number(t("explore.filter_lowest", unit=indicator.unit.of(language())), "lowest")
        highest = controls.number(t("explore.filter_highest", unit=indicator.unit.of(language())), "highest")
        smallest = controls.number(t("explore.filter_smallest"), "smallest") if "residents" in catalogue.indicators else None
    return Filter(tuple(inside), lowest, highest, smallest)


def filtered_out(choice: Choice, rows: pl.DataFrame, period: date) -> frozenset[str]:
    """Return the areas that the filter takes out; `rows` are the values shown (area, value)."""
    catalogue, limits = reader().catalogue, choice.filter
    out: set[str] = set()
    if limits.parents:
        out |= {a.code for a in catalogue.areas_of(choice.unit) if a.parent not in limits.parents}
    if limits.lowest is not None:
        out |= set(rows.filter(pl.col("value") < limits.lowest)["area"])
    if limits.highest is not None:
        out |= set(rows.filter(pl.col("value") > limits.highest)["area"])
    if limits.smallest is not None:
        out |= _smaller_than(limits.smallest, choice.unit, period)
    return frozenset(out)


def _smaller_than(residents: float, unit: str, period: date) -> set[str]:
    rows = cache.unit_values(reader().release, "residents", unit, reader().role).filter(pl.col("period") <= period)
    latest = rows.group_by("area").agg(pl.col("value").sort_by("period").last())
    return set(latest.filter(pl.col("value") < residents)["area"])
