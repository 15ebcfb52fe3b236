"""Build the areas of a package and their geometry for the screen from its boundary recipes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.catalogue import Area, Package, SpatialUnit
from model.errors import PackageError, ReadError
from model.ingest.boundaries import screen
from model.ingest.boundaries.layer import read_layer
from model.ingest.boundaries.outline import Outline, check, outlines_of, with_measures, with_said
from model.ingest.boundaries.parent import with_parents
from model.ingest.boundaries.place import place
from model.ingest.boundaries.plan import Plan, plan_files, read_plan

Outlines = dict[str, list[Outline]]


def build(package: Package, into: Path) -> tuple[list[Area], list[str]]:
    """Return the package's areas, units finest first and codes in order, and notes of what was repaired.

    Writes `<unit>.geojson` and `<unit>-hatch.geojson` into the folder `into` for every unit with geometry.
    Raises ReadError, RecipeError, PackageError or UnknownName for the first thing that cannot be used; the keys of the
    recipes stand in the docstring of model.ingest.boundaries.
    """
    into.mkdir(parents=True, exist_ok=True)
    plans = _plans(package)
    outlines, notes = _read(package, plans)
    notes += _add_parents(outlines, plans)
    origin = _dissolve(outlines, plans)
    check(outlines, plans)
    _check_top(outlines, plans)
    notes += _draw(outlines, origin, plans, into)
    return [area for unit in package.catalogue.units for area in with_measures(outlines[unit])], notes


def inputs(package: Package) -> list[Path]:
    """Return the files the areas are built from (recipes and outlines), for the question whether a build is stale."""
    return [path for plan in _plans(package).values() for path in plan_files(plan)]


def _plans(package: Package) -> dict[str, Plan]:
    """Return one plan per unit, those far below the top first: children come before what is dissolved from them."""
    units = package.catalogue.units

    def depth(unit: SpatialUnit) -> int:
        return 1 + depth(units[unit.parent]) if unit.parent else 0

    return {unit.id: read_plan(package, unit) for unit in sorted(units.values(), key=depth, reverse=True)}


def _read(package: Package, plans: Mapping[str, Plan]) -> tuple[Outlines, list[str]]:
    outlines: Outlines = {}
    notes: list[str] = []
    for unit, plan in plans.items():
        if plan.file is not None:
            features, repairs = place(read_layer(plan), plan)
            outlines[unit] = outlines_of(features, plan)
            notes += repairs
        else:
            outlines[unit] = with_said({}, plan) or _whole(package, plan)
    return outlines, notes


def _whole(package: Package, plan: Plan) -> list[Outline]:
    """Return the one area of the top unit that no recipe describes."""
    if plan.unit.parent:
        hint = f"Write {plan.path} with file = … or [[areas]] (code, name, parent)."
        raise ReadError(f"Nothing says which areas the unit {plan.unit.id!r} has.", where=str(plan.path), hint=hint)
    area = Area(code=package.id, name=package.title.de, unit=plan.unit.id)
    return [Outline(area, None, str(package.folder / "package.toml"))]


def _add_parents(outlines: Outlines, plans: Mapping[str, Plan]) -> list[str]:
    notes: list[str] = []
    for unit, plan in plans.items():
        if plan.unit.parent:
            outlines[unit], found = with_parents(outlines[unit], outlines[plan.unit.parent], plan)
            notes += found
        else:
            outlines[unit] = [replace(o, area=replace(o.area, parent="")) for o in outlines[unit]]
    return notes


def _dissolve(outlines: Outlines, plans: Mapping[str, Plan]) -> dict[str, str]:
    """Give units without a file their children's geometry, those far below the top first.

    Returns from which unit each is to be drawn: also a unit with a file, where its areas are just made of their children.
    """
    origin: dict[str, str] = {}
    for unit, plan in plans.items():
        child = next((u for u, p in plans.items() if p.unit.parent == unit and _drawn(outlines[u])), "")
        if not child:
            continue
        shapes = screen.dissolved(_by_parent(outlines[child], [o.geometry for o in _drawn(outlines[child])]))
        if plan.file is None:
            outlines[unit] = [replace(o, geometry=shapes.get(o.area.code)) for o in outlines[unit]]
            origin[unit] = child
        elif screen.same({o.area.code: o.geometry for o in _drawn(outlines[unit])}, shapes):
            origin[unit] = child
    return origin


def _draw(outlines: Outlines, origin: Mapping[str, str], plans: Mapping[str, Plan], into: Path) -> list[str]:
    """Write the screen geometry; what is made of children is drawn from their lines: borders coincide."""
    notes: list[str] = []
    shapes: dict[str, list[Any]] = {}
    for unit, plan in plans.items():
        drawn = _drawn(outlines[unit])
        if not drawn:
            continue
        if unit in origin:
            child = origin[unit]
            union = screen.dissolved(_by_parent(outlines[child], shapes[child]))
            shapes[unit] = [union[outline.area.code] for outline in drawn]
        else:
            coverage, fitted = screen.sound_coverage(drawn, plan.close_gaps)
            shapes[unit] = screen.simplified(coverage)
            notes += fitted
        screen.write(into, unit, drawn, shapes[unit])
    return notes


def _drawn(own: Sequence[Outline]) -> list[Outline]:
    """Return the outlines that stand on the map: areas that still exist and have geometry."""
    return [outline for outline in own if outline.area.is_current and outline.geometry is not None]


def _by_parent(own: Sequence[Outline], shapes: Sequence[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for outline, shape in zip(_drawn(own), shapes, strict=True):
        groups[outline.area.parent].append(shape)
    return groups


def _check_top(outlines: Outlines, plans: Mapping[str, Plan]) -> None:
    for unit, plan in plans.items():
        current = [outline.area.code for outline in outlines[unit] if outline.area.is_current]
        if not plan.unit.parent and len(current) != 1:
            what = f"The top unit {unit!r} must have exactly one current area, it has {len(current)}."
            raise PackageError(what, where=str(plan.path), hint="Add a unit above it.")
