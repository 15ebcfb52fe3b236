"""Everything to take away: the whole data release in one file, and the addresses programs ask."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import streamlit as st

from model.catalogue import Indicator
from model.profile.numbers import format_value
from model.vocabulary import period_code
from pages.parts import cache, frame
from pages.parts.files import safe_name
from pages.parts.frame import language, reader, t


@dataclass(frozen=True)
class Route:
    """One address of the API: its pattern, what it answers, and an example that works here."""

    pattern: str
    name: str
    example: str


def show() -> None:
    """Show the downloads of the release and the description of the API."""
    door = reader()
    rows = format_value(sum(door.table(id).height for id in door.catalogue.indicators), 0, language())
    frame.head(
        t("sources.data_title", rows=rows),
        t("sources.data_subtitle", indicators=len(door.catalogue.indicators), release=door.release, licence=door.package.licence),
    )
    _downloads()
    st.subheader(t("sources.api"), anchor=False)
    st.markdown(t("sources.api_words"))
    for route in routes():
        st.markdown(
            f"**{t(f'sources.api_{route.name}')}**  \n`GET {route.pattern}`  \n[{_shown(route.example)}]({route.example})"
        )
    st.markdown(t("sources.api_parameters"))
    _programs()
    frame.source_line(list(door.catalogue.indicators.values()))


def _downloads() -> None:
    door = reader()
    st.markdown(t("sources.release_words"))
    name = safe_name(door.package.id, "synthetisch" if door.package.synthetic else "", door.release).replace("__", "_")
    with st.container(horizontal=True):
        st.download_button(
            t("sources.release_zip"), lambda: cache.archive(door.release, door.role), file_name=f"{name}.zip",
            mime="application/zip", key="release_zip", on_click="ignore", icon=":material/folder_zip:",
        )  # fmt: skip
        st.download_button(
            t("sources.release_parquet"), lambda: cache.release_parquet(door.release, door.role), file_name=f"{name}.parquet",
            mime="application/octet-stream", key="release_parquet", on_click="ignore", icon=":material/table:",
        )  # fmt: skip
    st.caption(t("sources.release_hint"))


def routes() -> list[Route]:
    """Return the addresses of the API with examples from this package."""
    door = reader()
    indicator = door.catalogue.indicator(cache.package().default_indicator)
    unit = _mapped_unit()
    listed = [
        Route("/api/v1/health", "health", "/api/v1/health"),
        Route("/api/v1/indicators", "indicators", "/api/v1/indicators"),
        Route("/api/v1/data/{indicator}.{csv|json}", "data", data_address(indicator)),
    ]
    if unit:
        base = f"/{door.release}/{unit}"
        listed += [
            Route("/api/v1/areas/{release}/{unit}.geojson", "areas", f"/api/v1/areas{base}.geojson"),
            Route("/api/v1/map/{release}/{unit}/{indicator}.geojson", "map", f"/api/v1/map{base}/{indicator.id}.geojson?lang=en"),
        ]
    return listed


def data_address(indicator: Indicator) -> str:
    """Return the address of an indicator's last periods in its finest unit."""
    door = reader()
    there = cache.extent_of(door.release, indicator.id, door.role)
    asked = {"unit": there.units[0]} if there.units else {}
    if there.last is not None:
        asked["period"] = period_code(there.last, indicator.frequency)
    query = f"?{urlencode(asked)}" if asked else ""
    return f"/api/v1/data/{indicator.id}.csv{query}"


def _mapped_unit() -> str:
    """Return the finest spatial unit with boundaries; "" if there is none."""
    door = reader()
    return next((u for u in door.catalogue.units if cache.unit_outline(door.release, u, door.role)), "")


def _shown(address: str) -> str:
    return frame.plain(address)


def _programs() -> None:
    """Show how a program reads a table."""
    place = urlsplit(str(st.context.url or ""))
    base = f"{place.scheme}://{place.netloc}" if place.netloc else "http://localhost:8501"
    address = base + data_address(reader().catalogue.indicator(cache.package().default_indicator))
    st.markdown(t("sources.programs"))
    st.code(
        f'# Python\nimport polars as pl\nrows = pl.read_csv("{address}", schema_overrides={{"area": pl.String}})',
        language="python",
    )
    st.code(f'# R\nrows <- read.csv("{address}", colClasses = c(area = "character"))', language="r", wrap_lines=True)
