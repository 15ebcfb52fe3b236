"""What the reader can choose on the forecast page, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from model.catalogue import Catalogue, Indicator
from model.forecast import METHODS
from pages.parts import cache, controls
from pages.parts.frame import language, narrow, plain, reader, t

VIEWS = ("fan", "map", "multiples", "methods")
LEVELS = ("50", "80", "95")
HORIZONS = ("2030", "2035", "2040")


@dataclass(frozen=True)
class Choice:
    """Everything the forecast page shows, but for the period.

    `areas` are the chosen ones, or the whole city; the first is the one that is put into words. `until` is a year.
    """

    indicator: Indicator
    unit: str
    areas: tuple[str, ...]
    view: str
    method: str
    level: int
    until: int
    threshold: float | None
    benchmarks: bool

    @property
    def area(self) -> str:
        """Return the area that is put into words."""
        return self.areas[0]


def choose(catalogue: Catalogue) -> Choice:
    """Draw the controls, in the order people decide, and return what was chosen."""
    indicator = controls.indicator_choice()
    with st.expander(t("forecast.more")) if narrow() else st.container():
        unit = controls.unit_choice(catalogue, units_of(indicator, catalogue))
        chosen = controls.areas_choice(catalogue.areas_of(unit))
        view = controls.choose(t("forecast.view"), "f_view", VIEWS, VIEWS[0],
                               lambda v: t(f"forecast.view_{v}"), "radio")  # fmt: skip
        threshold = controls.number(
            t("forecast.threshold", unit=plain(indicator.unit.of(language()))),
            "f_threshold",
            format=f"%.{indicator.decimals}f",
            help=t("forecast.threshold_help"),
        )
        level = controls.choose(t("forecast.level"), "f_level", LEVELS, "80", lambda v: t(f"forecast.level_{v}"), "segments",
                                help=t("forecast.level_help"))  # fmt: skip
        until = controls.choose(t("forecast.horizon"), "f_horizon", HORIZONS, "2040", str, "segments")
        method = controls.choose(t("forecast.method"), "f_method", METHODS, METHODS[0], lambda m: t(f"forecast.method_{m}"))
        benchmarks = controls.switch(t("forecast.benchmarks"), "f_benchmarks", True)
    areas = tuple(chosen) or (catalogue.top.code,)
    return Choice(indicator, unit, areas, view, method, int(level), int(until), threshold, benchmarks)


def units_of(indicator: Indicator, catalogue: Catalogue) -> list[str]:
    """Return the spatial units with values of the indicator, the single-area top last."""
    units = [u for u in catalogue.units if cache.has_values(reader().release, indicator.id, u, reader().role)]
    return units or [catalogue.finest.id]
