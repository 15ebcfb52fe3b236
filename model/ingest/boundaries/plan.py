"""Read areas/<unit>.toml: where the outlines of one spatial unit come from."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from model.catalogue import Package, SpatialUnit
from model.errors import ReadError, RecipeError, UnknownName

ROLES: Final = ("code", "name", "parent", "valid_from", "valid_to", "predecessors", "wkt")
TEXTS: Final = ("code", "name", "parent")
_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("file", "layer", "crs", "encoding"), str),
    **dict.fromkeys(("swap_axes", "merge", "valid_to_inclusive"), bool),
    **dict.fromkeys(("columns", "pattern", "map"), dict),
    **dict.fromkeys(("where", "areas", "bounds"), list),
    "expected": int,
    "close_gaps": (int, float),
}
SAID: Final = ("code", "name", "parent", "valid_from", "valid_to", "predecessors")


@dataclass(frozen=True)
class Plan:
    """The boundary recipe of one spatial unit, ready for use; `path` names it in messages."""

    unit: SpatialUnit
    path: Path
    file: Path | None = None
    member: str = ""
    layer: str = ""
    crs: str = ""
    encoding: str = ""
    swap_axes: bool = False
    bounds: tuple[float, float, float, float] | None = None
    expected: int | None = None
    merge: bool = False
    close_gaps: float = 2.0
    valid_to_inclusive: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    pattern: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    map: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    where: tuple[Mapping[str, Any], ...] = ()
    areas: tuple[Mapping[str, Any], ...] = ()

    def header(self, role: str) -> str:
        """Return the header of the column with this role: the role's own name unless the recipe says another."""
        return self.columns.get(role, role)


def read_plan(package: Package, unit: SpatialUnit) -> Plan:
    """Return the boundary recipe of `unit`. Raises RecipeError, ReadError or UnknownName with file and key."""
    path = package.folder / "areas" / f"{unit.id}.toml"
    raw = _toml(path) if path.exists() else {}
    known = {f.name for f in fields(Plan)} - {"unit", "path", "member"}
    for key, value in raw.items():
        if key not in known:
            raise UnknownName("Key", key, known, where=str(path))
        if not isinstance(value, _TYPES[key]):
            raise RecipeError(f"{key} = {value!r} has the wrong type.", where=str(path))
    file, member = _find(raw.get("file", ""), path, package)
    for entry in raw.get("areas", ()):
        _check_said(entry, path)
    for rule in raw.get("where", ()):
        _check_rule(rule, path)
    return Plan(
        unit=unit,
        path=path,
        file=file,
        member=member,
        bounds=_bounds(raw["bounds"], path) if "bounds" in raw else None,
        columns=_check_keys(raw.get("columns", {}), ROLES, path, "[columns]"),
        pattern=_patterns(raw.get("pattern", {}), path),
        map={role: _mapping(m, path) for role, m in _check_keys(raw.get("map", {}), TEXTS, path, "[map]").items()},
        where=tuple(raw.get("where", ())),
        areas=tuple(raw.get("areas", ())),
        **{key: raw[key] for key in raw if key not in ("file", "bounds", "columns", "pattern", "map", "where", "areas")},
    )


def plan_files(plan: Plan) -> list[Path]:
    """Return the files a plan was made from, for the question whether a build is stale."""
    return [path for path in (plan.path, plan.file) if path is not None and path.exists()]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"Not valid TOML: {error}.", where=str(path)) from error


def _find(said: str, path: Path, package: Package) -> tuple[Path | None, str]:
    """Return the file of outlines and the member inside it; None where the unit has no file of its own."""
    if not said:
        beside = path.with_suffix(".geojson")
        return (beside, "") if beside.exists() else (None, "")
    name, _, member = said.partition("!")
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise RecipeError(f"The file {said!r} leaves the package.", where=str(path), hint="Name it below [files] root.")
    for folder in (path.parent, package.files):
        if (folder / name).is_file():
            return folder / name, member
    hint = f"Looked in {path.parent} and {package.files}; the variable DATENLABOR_FILES names another folder."
    raise ReadError(f"The file of boundaries {name!r} is not there.", where=str(path), hint=hint)


def _check_keys(table: Mapping[str, Any], known: tuple[str, ...], path: Path, where: str) -> Mapping[str, Any]:
    for key in table:
        if key not in known:
            raise UnknownName("Key", key, known, where=f"{path} {where}")
    return table


def _patterns(raw: Mapping[str, str], path: Path) -> dict[str, re.Pattern[str]]:
    found = {}
    for role, text in _check_keys(raw, TEXTS, path, "[pattern]").items():
        try:
            found[role] = re.compile(text)
        except re.error as error:
            raise RecipeError(f"The pattern {text!r} cannot be used: {error}.", where=f"{path} [pattern] {role}") from error
        if found[role].groups != 1:
            raise RecipeError(f"The pattern {text!r} needs exactly one group.", where=f"{path} [pattern] {role}")
    return found


def _mapping(raw: Mapping[str, str], path: Path) -> dict[str, str]:
    if set(raw) != {"file"}:
        return {key: str(value) for key, value in raw.items()}
    file = path.parent / raw["file"]
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return {row["from"]: row["to"] for row in csv.DictReader(lines)}
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise RecipeError(f"The mapping file with columns from,to cannot be read: {error}.", where=str(file)) from error


def _check_said(entry: Mapping[str, Any], path: Path) -> None:
    where = f"{path} [[areas]] {entry.get('code', '')}".strip()
    for key, value in _check_keys(entry, SAID, path, "[[areas]]").items():
        wanted = {"predecessors": list, "valid_from": date, "valid_to": date}.get(key, str)
        if not isinstance(value, wanted):
            raise RecipeError(f"{key} = {value!r} has the wrong type.", where=where)


def _check_rule(rule: Mapping[str, Any], path: Path) -> None:
    _check_keys(rule, ("column", "equals", "in"), path, "[[where]]")
    if "column" not in rule or ("equals" in rule) == ("in" in rule):
        raise RecipeError("A filter has column and one of equals and in.", where=f"{path} [[where]]")


def _bounds(raw: list[Any], path: Path) -> tuple[float, float, float, float]:
    if len(raw) != 4 or not all(isinstance(value, int | float) for value in raw):
        raise RecipeError("bounds are four numbers: west, south, east, north.", where=str(path))
    west, south, east, north = map(float, raw)
    return west, south, east, north
