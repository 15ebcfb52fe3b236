"""Which area the page is about."""

from __future__ import annotations

from model.catalogue import Area, Catalogue
from pages.parts import controls, series
from pages.parts.frame import language, t


def choose(catalogue: Catalogue) -> Area:
    """Let the reader choose one area of any spatial unit."""
    units = list(catalogue.units.values())
    codes = [area.code for unit in units for area in sorted(catalogue.areas_of(unit.id), key=lambda a: a.name)]
    names = series.unique_names(codes)
    kinds = {code: catalogue.unit(catalogue.areas[code].unit).title.of(language()) for code in codes}
    first = catalogue.areas_of(catalogue.finest.id)[0].code
    return catalogue.area(controls.choose(t("area.place"), "place", codes, first, lambda code: f"{names[code]} · {kinds[code]}"))
