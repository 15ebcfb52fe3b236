"""Look up indicators, sources, units and areas by their ids; unknown names come with near ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from model.catalogue.entries import Area, Indicator, Source, SpatialUnit, Topic
from model.errors import UnknownName
from model.vocabulary import AUDIENCES_OF

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Catalogue:
    """Everything known about one package's data; mappings keep the order of the files."""

    indicators: Mapping[str, Indicator]
    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    units: Mapping[str, SpatialUnit]
    areas: Mapping[str, Area] = field(default_factory=dict)

    def indicator(self, id: str) -> Indicator:
        """Return the indicator `id`. Raises UnknownName."""
        return _look_up("Indicator", id, self.indicators)

    def source(self, id: str) -> Source:
        """Return the source `id`. Raises UnknownName."""
        return _look_up("Source", id, self.sources)

    def unit(self, id: str) -> SpatialUnit:
        """Return the spatial unit `id`. Raises UnknownName."""
        return _look_up("Spatial unit", id, self.units)

    def area(self, code: str) -> Area:
        """Return the area `code`. Raises UnknownName."""
        return _look_up("Area", code, self.areas)

    def areas_of(self, unit: str, *, current: bool = True) -> tuple[Area, ...]:
        """Return the areas of `unit`, only those that still exist unless told otherwise."""
        self.unit(unit)
        return tuple(a for a in self.areas.values() if a.unit == unit and (a.is_current or not current))

    @property
    def top(self) -> Area:
        """Return the city (or state): the one current area of the unit without a parent."""
        top_unit = next(u.id for u in self.units.values() if not u.parent)
        return self.areas_of(top_unit)[0]

    @property
    def finest(self) -> SpatialUnit:
        """Return the spatial unit listed first: the one shown by default."""
        return next(iter(self.units.values()))

    def with_areas(self, areas: Iterable[Area]) -> Catalogue:
        """Return this catalogue with `areas`."""
        return replace(self, areas={area.code: area for area in areas})

    def for_role(self, role: str) -> Catalogue:
        """Return what `role` may see: indicators, units and areas of other audiences are absent, not hidden."""
        seen = AUDIENCES_OF[role]
        units = {u.id: u for u in self.units.values() if u.audience in seen}
        return replace(
            self,
            indicators={i.id: i for i in self.indicators.values() if i.audience in seen},
            units=units,
            areas={a.code: a for a in self.areas.values() if a.unit in units},
        )


def _look_up(kind: str, id: str, entries: Mapping[str, Entry]) -> Entry:
    try:
        return entries[id]
    except KeyError:
        raise UnknownName(kind, id, entries) from None
