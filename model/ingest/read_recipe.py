"""Read recipe files strictly: unknown keys are refused with a suggestion; find the files they name."""

from __future__ import annotations

import csv
import dataclasses
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from model.errors import RecipeError, UnknownName
from model.ingest.recipe import (
    CHOICES,
    DIMENSIONS,
    MARKS,
    PERIOD_FORMATS,
    SYMBOL_MEANINGS,
    AreaRule,
    Columns,
    Mark,
    Pattern,
    PeriodRule,
    Recipe,
    Renaming,
    Unlocated,
    ValueColumn,
    Where,
)

_RENAMED = {"in": "one_of", "from": "first", "to": "last"}  # TOML keys that are words of Python, or say less there
_SECTIONS = {"columns": Columns, "unlocated": Unlocated, "period": PeriodRule, "area": AreaRule}
_LISTS = {"values": ValueColumn, "where": Where, "marks": Mark}
_PATTERNS = ("wide", "file_name")
_CONDITIONS = ("equals", "not_equals", "one_of", "not_in", "matches", "not_matches", "empty", "not_empty")


def read_recipes(folder: Path) -> tuple[Recipe, ...]:
    """Return all recipes below `folder` (a package's `sources`), sorted by source, vintage and file name.

    Raises RecipeError or UnknownName with file and key.
    """
    paths = sorted(p for p in folder.glob("*/*/recipe*.toml") if p.is_file())
    if not paths:
        raise RecipeError("There is no recipe.", where=str(folder), hint="Put one at <source>/<vintage>/recipe.toml.")
    return tuple(recipe for path in paths for recipe in read_recipe(path))


def read_recipe(path: Path) -> tuple[Recipe, ...]:
    """Return the tables that one recipe file describes. Raises RecipeError or UnknownName with file and key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"Not valid TOML: {error}.", where=str(path)) from error
    tables = raw.pop("table", None)
    if tables is None:
        return (_recipe(path, 0, raw),)
    if not isinstance(tables, list):
        raise RecipeError("table must be a list.", where=str(path), hint="Write [[table]] with two brackets.")
    return tuple(_recipe(path, number, {**raw, **table}) for number, table in enumerate(tables, start=1))


def find_files(recipe: Recipe, root: Path) -> tuple[Path, ...]:
    """Return the files of `recipe`, beside it or else under `root`; a zip member keeps its `!name`.

    Raises RecipeError where a name finds nothing or leaves both folders.
    """
    found: dict[Path, None] = {}
    for name in recipe.files:
        found.update(dict.fromkeys(_find(name, (recipe.path.parent, root), recipe)))
    return tuple(found)


def _find(name: str, folders: tuple[Path, Path], recipe: Recipe) -> list[Path]:
    outer, mark, member = name.partition("!")
    if Path(outer).is_absolute() or ".." in Path(outer).parts:
        raise RecipeError(f"File {name!r} leaves the package.", where=str(recipe.path), hint="Name it below [files] root.")
    for folder in folders:
        hits = sorted(p for p in folder.glob(outer) if p.is_file()) if folder.is_dir() else []
        if hits:
            return [Path(f"{hit}{mark}{member}") for hit in hits]
    hint = (
        f"Looked in {folders[0]} and {folders[1]}; [files] root in package.toml or the variable DATENLABOR_FILES "
        "says where files lie."
    )
    raise RecipeError(f"File {name!r} is not there.", where=str(recipe.path), hint=hint)


def _recipe(path: Path, section: int, raw: Mapping[str, Any]) -> Recipe:
    where = f"{path} [[table]] {section}" if section else str(path)
    values: dict[str, Any] = {"path": path, "section": section, "source": path.parts[-3], "vintage": path.parts[-2]}
    known = {f.name for f in dataclasses.fields(Recipe)} - values.keys() | {"file"}
    for key, value in raw.items():
        if key not in known:
            raise UnknownName("Key", key, known, where=where)
        if key == "file":
            values["files"] = (_checked("file", value, "str", where),)
        else:
            values[key] = _section(key, value, path, where)
    if not values.get("files"):
        raise RecipeError("file is missing.", where=where, hint='Write file = "name.csv" or files = ["a_*.csv"].')
    recipe = Recipe(**values)
    _check(recipe, where)
    return recipe


def _section(key: str, value: Any, path: Path, where: str) -> Any:
    """Return one key's value as the type that Recipe declares for it."""
    where = f"{where} [{key}]" if isinstance(value, dict | list) else where
    if key in _SECTIONS:
        return _entry(_SECTIONS[key], value, where)
    if key in _PATTERNS:
        return _pattern(value, where)
    if key in _LISTS:
        if not isinstance(value, list):
            raise RecipeError(f"{key} must be a list.", where=where, hint=f"Write [[{key}]] with two brackets.")
        return tuple(_entry(_LISTS[key], item, f"{where} {number}") for number, item in enumerate(value, start=1))
    if key == "map":
        return _renamings(value, path, where)
    if key in ("fixed", "symbols"):
        return {name: str(item) for name, item in _table(value, where).items()}
    types = {f.name: str(f.type) for f in dataclasses.fields(Recipe)}
    return _checked(key, value, types[key], where)


def _entry(kind: type[Any], raw: Any, where: str) -> Any:
    """Return the dataclass `kind` filled from a TOML table."""
    fields = {f.name: f for f in dataclasses.fields(kind)}
    shown = {python: toml for toml, python in _RENAMED.items() if python in fields}
    names = {shown.get(name, name): name for name in fields}
    values = {}
    for key, value in _table(raw, where).items():
        if key not in names:
            raise UnknownName("Key", key, names, where=where)
        values[names[key]] = _checked(key, value, str(fields[names[key]].type), where)
    missing = [f.name for f in fields.values() if f.default is dataclasses.MISSING and f.name not in values]
    if missing:
        raise RecipeError(f"{', '.join(missing)} is missing.", where=where)
    return kind(**values)


def _checked(key: str, value: Any, type_name: str, where: str) -> Any:
    """Return `value` as `type_name` where it means just that; numbers may stand for texts (2024 for "2024")."""
    scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    match type_name.removesuffix(" | None"):
        case "str" if scalar:
            return str(value)
        case "float" if scalar and not isinstance(value, str):
            return float(value)
        case "int" if isinstance(value, int) and not isinstance(value, bool) and value >= -366:
            return value
        case "bool" if isinstance(value, bool):
            return value
        case "str | int" if scalar and not isinstance(value, float):
            return value
        case "tuple[str, ...]" if isinstance(value, list) or scalar:
            items = value if isinstance(value, list) else [value]
            return tuple(_checked(key, item, "str", where) for item in items)
    kinds = {"str": "a text", "float": "a number", "int": "a whole number", "bool": "true or false"}
    wanted = kinds.get(type_name.removesuffix(" | None"), "a list of texts")
    raise RecipeError(f"{key} must be {wanted}, not {value!r}.", where=where)


def _pattern(raw: Any, where: str) -> Pattern:
    pattern: Pattern = _entry(Pattern, raw, where)
    try:
        expression = re.compile(pattern.pattern)
    except re.error as error:
        raise RecipeError(f"pattern is not a regular expression: {error}.", where=where) from error
    names = tuple(expression.groupindex) or ((pattern.dimension,) if pattern.dimension else ())
    if not names or not expression.groups:
        hint = "Put round brackets round the period, age … and name it by dimension."
        raise RecipeError("pattern says no dimension.", where=where, hint=hint)
    for name in names:
        if name not in DIMENSIONS:
            raise UnknownName("Dimension", name, DIMENSIONS, where=where)
    return pattern


def _renamings(raw: Any, path: Path, where: str) -> dict[str, Renaming]:
    known = (*DIMENSIONS, "status")
    for name in _table(raw, where):
        if name not in known:
            raise UnknownName("Key", name, known, where=where)
    return {name: _renaming(dict(_table(entries, f"{where} {name}")), path, where) for name, entries in raw.items()}


def _renaming(raw: dict[str, Any], path: Path, where: str) -> Renaming:
    file, others = raw.pop("file", None), str(raw.pop("others", "keep"))
    _one_of("others", others, ("keep", "drop", "refuse"), where)
    entries = _mapping_file(path.parent / str(file)) if file is not None else {}
    return Renaming({**entries, **{key: str(value) for key, value in raw.items()}}, others)


def _mapping_file(path: Path) -> dict[str, str]:
    """Return a mapping file with the columns from,to (commas or semicolons)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RecipeError("The mapping file is missing.", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise RecipeError("The mapping file is not UTF-8.", where=str(path)) from error
    lines = text.splitlines()
    rows = list(csv.DictReader(lines, delimiter=";" if lines and lines[0].count(";") else ","))
    if not rows or not {"from", "to"} <= rows[0].keys():
        raise RecipeError("The mapping file needs the columns from,to.", where=str(path))
    entries: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        if row["from"] in entries:
            raise RecipeError(f"{row['from']!r} stands twice.", where=f"{path}:{line}")
        entries[row["from"]] = row["to"] or ""
    return entries


def _check(recipe: Recipe, where: str) -> None:
    """Refuse choices outside their lists and recipes that cannot name a value."""
    for key, allowed in CHOICES.items():
        _one_of(key, getattr(recipe, key), allowed, where)
    for symbol in recipe.symbols.values():
        _one_of("[symbols]", symbol, SYMBOL_MEANINGS, where)
    _one_of("[period] format", recipe.period.format, PERIOD_FORMATS, where)
    for name in recipe.fixed:
        _one_of("[fixed]", name, DIMENSIONS, where)
    for number, mark in enumerate(recipe.marks, start=1):
        _one_of(f"[[marks]] {number} status", mark.status, MARKS, where)
    for number, rule in enumerate(recipe.where, start=1):
        if sum(getattr(rule, name) not in (None, False) for name in _CONDITIONS) != 1:
            hint = "Write one of equals, not_equals, in, not_in, matches, not_matches, empty, not_empty."
            raise RecipeError("A filter has exactly one condition.", where=f"{where} [[where]] {number}", hint=hint)
    for name in DIMENSIONS:
        if name in recipe.fixed and getattr(recipe.columns, name):
            raise RecipeError(f"{name} is both a column and fixed.", where=where, hint="Keep one of the two.")
    ways = [bool(recipe.columns.value), bool(recipe.values), recipe.wide is not None]
    if sum(ways) != 1:
        hint = "Use one of: [columns] value, [[values]], [wide]."
        raise RecipeError("It must be said once where the values are.", where=where, hint=hint)


def _one_of(key: str, value: str, allowed: Iterable[str], where: str) -> None:
    if value not in allowed:
        raise UnknownName(key, value, allowed, where=where)


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RecipeError(f"A section is expected, not {value!r}.", where=where)
    return value
