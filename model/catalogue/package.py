"""Read a data package's metadata files: package.toml, indicators.toml, sources.toml."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from model.catalogue.catalogue import Catalogue
from model.catalogue.entries import NO_WORDS, Break, Classes, Event, Indicator, Source, SpatialUnit, Topic, Words
from model.errors import PackageError, UnknownName
from model.vocabulary import AUDIENCES, DIRECTIONS, FREQUENCIES, KINDS, parse_period


@dataclass(frozen=True)
class Package:
    """A municipality's folder: who it is, what may be shown, and its catalogue (areas come with the built tables)."""

    folder: Path
    id: str
    title: Words
    synthetic: bool
    open: bool
    licence: str
    attribution: str
    contact: str
    files: Path
    catalogue: Catalogue
    events: tuple[Event, ...] = ()
    default_indicator: str = ""

    @property
    def tables(self) -> Path:
        """Return the folder of the built data releases."""
        return self.folder / "tables"


def read_package(folder: Path | str) -> Package:
    """Return the package in `folder`. Raises PackageError or UnknownName with file and key."""
    folder = Path(folder).resolve()
    head = _toml(folder / "package.toml")
    where = str(folder / "package.toml")
    root = os.environ.get("DATENLABOR_FILES") or head.get("files", {}).get("root", ".")
    catalogue = _catalogue(folder, head)
    return Package(
        folder=folder,
        id=_need(head, "id", where),
        title=words(_need(head, "title", where)),
        synthetic=bool(_need(head, "synthetic", where)),
        open=bool(head.get("open", False)),
        licence=_need(head, "licence", where),
        attribution=head.get("attribution", ""),
        contact=head.get("contact", ""),
        files=(folder / root).resolve(),
        catalogue=catalogue,
        events=tuple(Event(_period(e["period"]), words(e["title"])) for e in head.get("events", ())),
        default_indicator=head.get("default_indicator", next(iter(catalogue.indicators), "")),
    )


def _catalogue(folder: Path, head: Mapping[str, Any]) -> Catalogue:
    indicators_file, sources_file = folder / "indicators.toml", folder / "sources.toml"
    listed = _toml(indicators_file)
    sources = {id: _entry(Source, id, raw, sources_file) for id, raw in _toml(sources_file).get("sources", {}).items()}
    topics = {id: Topic(id, words(raw["title"])) for id, raw in listed.get("topics", {}).items()}
    indicators = {id: _entry(Indicator, id, raw, indicators_file) for id, raw in listed.get("indicators", {}).items()}
    units = {raw["id"]: _entry(SpatialUnit, raw["id"], raw, folder / "package.toml") for raw in head.get("units", ())}
    catalogue = Catalogue(indicators=indicators, topics=topics, sources=sources, units=units)
    for indicator in indicators.values():
        _check_indicator(indicator, catalogue, str(indicators_file))
    for unit in units.values():
        if unit.parent:
            catalogue.unit(unit.parent)
    return catalogue


def _check_indicator(indicator: Indicator, catalogue: Catalogue, where: str) -> None:
    where = f"{where} [indicators.{indicator.id}]"
    choices = {"kind": KINDS, "direction": DIRECTIONS, "frequency": tuple(FREQUENCIES), "audience": AUDIENCES}
    for key, allowed in choices.items():
        if getattr(indicator, key) not in allowed:
            raise UnknownName(key, getattr(indicator, key), allowed, where=where)
    if indicator.topic not in catalogue.topics:
        raise UnknownName("Topic", indicator.topic, catalogue.topics, where=where)
    if indicator.source not in catalogue.sources:
        raise UnknownName("Source", indicator.source, catalogue.sources, where=where)
    for part in (indicator.numerator, indicator.denominator, indicator.weight):
        if part and part not in catalogue.indicators:
            raise UnknownName("Indicator", part, catalogue.indicators, where=where)
    if bool(indicator.numerator) != bool(indicator.denominator):
        raise PackageError("numerator and denominator belong together.", where=where)


def words(raw: str | Mapping[str, str]) -> Words:
    """Return a text given as one string for both languages or as `{ de = …, en = … }`."""
    if isinstance(raw, str):
        return Words(raw, raw)
    return Words(raw["de"], raw.get("en", raw["de"]))


def _entry(kind: type[Any], id: str, raw: Mapping[str, Any], file: Path) -> Any:
    """Build the dataclass `kind` from its TOML table; unknown keys are refused with a suggestion."""
    fields = {f.name: f for f in dataclasses.fields(kind)}
    where = f"{file} [{id}]"
    values: dict[str, Any] = {"id": id}
    for key, value in raw.items():
        if key not in fields:
            raise UnknownName("Key", key, fields, where=where)
        values[key] = _value(fields[key].type, value)
    needed = [f.name for f in fields.values() if f.default is dataclasses.MISSING and f.name not in values]
    if "plural" in needed and "title" in values:
        values["plural"] = values["title"]
        needed.remove("plural")
    if needed:
        raise PackageError(f"{', '.join(needed)} is missing.", where=where)
    return kind(**values)


def _value(type_name: Any, value: Any) -> Any:
    match str(type_name):
        case "Words":
            return words(value) if value else NO_WORDS
        case "Classes":
            return Classes(**{**value, "breaks": tuple(float(b) for b in value.get("breaks", ()))})
        case "tuple[Break, ...]":
            return tuple(Break(_period(b["period"]), words(b["note"])) for b in value)
        case "tuple[str, ...]":
            return tuple(value)
    return value


def _period(value: str | int | date) -> date:
    return value if isinstance(value, date) else parse_period(str(value))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackageError("The file is missing.", where=str(path), hint="Is this the folder of a data package?") from None
    except tomllib.TOMLDecodeError as error:
        raise PackageError(f"Not valid TOML: {error}.", where=str(path)) from error


def _need(table: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in table:
        raise PackageError(f"{key} is missing.", where=where)
    return table[key]
