"""All caching: what every session shares, read-only and bounded."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import streamlit as st

from model.catalogue import Package, read_package
from model.disclosure import Reader
from model.errors import ConfigurationError, SelectionError
from model.ingest.store import Release, current_id, open_release
from model.publish.features import Outline, geometry, hatch, map_features, outline
from model.settings import Settings, read_settings


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """Return the settings this server was started with."""
    return read_settings()


@st.cache_resource(max_entries=1, show_spinner=False)
def _package(folder: Path) -> Package:
    return read_package(folder)


@st.cache_resource(max_entries=2, show_spinner=False)
def _release(folder: Path, id: str) -> Release:
    package = read_package(folder)  # afresh: a new release may come with new metadata
    if settings().access_mode == "open" and not package.open:
        raise ConfigurationError(
            f"The package {package.id!r} may not be shown without log-in.",
            where=str(folder / "package.toml"),
            hint="Set open = true there only if everybody may see it.",
        )
    return open_release(package, id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _reader(folder: Path, id: str, role: str) -> Reader:
    return Reader(_release(folder, id), role)


def reader(role: str = "public") -> Reader:
    """Return the door to the current data release for `role`; a new release is picked up by itself."""
    folder = settings().package
    return _reader(folder, current_id(_package(folder)), role)


def package() -> Package:
    """Return the shown package."""
    return reader().package


@st.cache_resource(max_entries=64, show_spinner=False)
def features(release: str, unit: str, indicator: str, language: str, role: str) -> bytes:
    """Return the map of one indicator as GeoJSON bytes: geometry once, values as ready text for hovering."""
    return map_features(reader(role), unit, indicator, language)


@st.cache_resource(max_entries=128, show_spinner=False)
def unit_values(release: str, indicator: str, unit: str, role: str) -> pl.DataFrame:
    """Return the totals of one indicator over the current areas of one unit, sorted by area and period."""
    door = reader(role)
    codes = [area.code for area in door.catalogue.areas_of(unit)]
    rows = door.table(indicator).filter(
        pl.col("area").is_in(codes) & (pl.col("sex") == "_T") & (pl.col("age") == "_T") & (pl.col("scenario") == "observed")
    )
    return rows.sort("area", "period")


@st.cache_resource(max_entries=2048, show_spinner=False)
def has_values(release: str, indicator: str, unit: str, role: str) -> bool:
    """Tell whether the indicator has any row for the unit's current areas."""
    return not unit_values(release, indicator, unit, role).is_empty()


@st.cache_resource(max_entries=16, show_spinner=False)
def unit_outline(release: str, unit: str, role: str) -> Outline | None:
    """Return order and extent of the unit's geometry; None where it has no boundaries."""
    try:
        return outline(reader(role), unit)
    except SelectionError:
        return None


@st.cache_resource(max_entries=128, show_spinner=False)
def city_values(release: str, indicator: str, role: str) -> pl.DataFrame:
    """Return the totals of one indicator for the whole city, sorted by period."""
    door = reader(role)
    rows = door.table(indicator).filter(
        (pl.col("area") == door.catalogue.top.code)
        & (pl.col("sex") == "_T")
        & (pl.col("age") == "_T")
        & (pl.col("scenario") == "observed")
    )
    return rows.sort("period")


@st.cache_resource(max_entries=16, show_spinner=False)
def unit_geometry(release: str, unit: str, role: str) -> bytes | None:
    """Return the unit's screen geometry as GeoJSON bytes; None where it has no boundaries."""
    try:
        return geometry(reader(role), unit)
    except SelectionError:
        return None


@st.cache_resource(max_entries=16, show_spinner=False)
def unit_hatch(release: str, unit: str, role: str) -> bytes | None:
    """Return the unit's hatch lines as GeoJSON bytes; None where it has no boundaries."""
    try:
        return hatch(reader(role), unit)
    except SelectionError:
        return None
