"""Where the area lies, what else is to be known about it, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from model.catalogue import Area, Catalogue
from model.profile.numbers import format_value, join_names
from pages.parts import cache, frame, links, maps, session
from pages.parts.colours import ACCENT
from pages.parts.frame import language, reader, t

HEIGHT, WIDTH = 240, 240  # what the map fits into
PAPER, LIKE_IT = "#e9edf1", "#8fbcd9"


def locator(area: Area, alike: Sequence[str]) -> None:
    """Show the area in its spatial unit, twins in a lighter tone; a click on another area goes there."""
    door = reader()
    outline = cache.unit_outline(door.release, area.unit, door.role)
    indicator = _any_indicator(area.unit)
    if outline is None or indicator is None or area.code not in outline.codes:
        return
    tone = {code: 1 for code in alike} | {area.code: 2}
    deck = maps.draw(
        maps.MapPicture(
            address=f"/api/v1/map/{door.release}/{area.unit}/{indicator}.geojson?lang={language()}",
            hatch_address="",
            tooltip="{name}",
            classes=tuple(tone.get(code, 0) for code in outline.codes),
            colours=(PAPER, LIKE_IT, ACCENT),
            hatched=(),
            selected=(outline.codes.index(area.code),),
            box=outline.box,
        ),
        HEIGHT,
        WIDTH,
    )
    names = reader().catalogue.areas
    alt = t("area.locator_alt", area=area.name, kind=_kind(area, reader().catalogue))
    st.pydeck_chart(
        deck, height=HEIGHT, key="a_map", selection_mode="single-object", on_select=lambda: _clicked(outline.codes), alt=alt
    )
    words = t("area.locator_hint")
    if alike:
        words = f"{t('area.locator_alike', names=join_names([names[code].name for code in alike], language()))} {words}"
    st.caption(frame.plain(words))


def _clicked(allowed: Sequence[str]) -> None:
    objects = (session.widget("a_map") or {}).get("selection", {}).get("objects", {})
    codes = [o.get("properties", o).get("code", "") for found in objects.values() for o in found]
    if codes and codes[0] in allowed:
        session.remember("place", codes[0])


def _any_indicator(unit: str) -> str | None:
    """Return an indicator with values for the unit: its geometry is the same for all, the default's is in the browser already."""
    door = reader()
    default = cache.package().default_indicator
    offered = [default, *door.catalogue.indicators] if default in door.catalogue.indicators else list(door.catalogue.indicators)
    return next((id for id in offered if cache.has_values(door.release, id, unit, door.role)), None)


def about(area: Area, catalogue: Catalogue) -> str:
    """Say what kind of area this is, in which larger one it lies, how large it is and where it came from."""
    parent = catalogue.areas.get(area.parent)
    found = [_kind(area, catalogue)]
    if parent is not None:
        found.append(t("area.lies_in", parent=parent.name))
    if area.square_km is not None:
        found.append(t("area.square_km", size=format_value(area.square_km, 1, language())))
    if area.valid_from is not None:
        before = [catalogue.areas[code].name for code in area.predecessors if code in catalogue.areas]
        key = "area.since_from" if before else "area.since"
        found.append(t(key, year=area.valid_from.year, names=join_names(before, language())))
    return " · ".join(found)


def _kind(area: Area, catalogue: Catalogue) -> str:
    return catalogue.unit(area.unit).title.of(language())


def ways(area: Area, catalogue: Catalogue) -> None:
    """Offer the map and the comparison with this area selected, the larger area, and the address of this view."""
    if area.code != catalogue.top.code:
        unit = {} if area.unit == catalogue.finest.id else {"unit": area.unit}
        with links.listed("a_ways"):
            if cache.unit_outline(reader().release, area.unit, reader().role) is not None:
                links.to("explore", t("area.to_map"), icon="map", area=area.code, **unit)
            links.to("compare", t("area.to_compare"), icon="bar_chart", area=area.code, **unit)
            parent = catalogue.areas.get(area.parent)
            if parent is not None:
                links.within(t("area.to_parent", parent=parent.name), "a_up", icon="arrow_upward", place=parent.code)
    frame.link_button("a_link")
