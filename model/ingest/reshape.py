"""Bring a raw table of any layout into parts: one column of values each, with its dimensions beside it or constant.

Nothing is interpreted here: texts stay as the publisher wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import polars as pl

from model.errors import RecipeError, UnknownName
from model.ingest.read.table import RawTable, place
from model.ingest.recipe import DIMENSIONS, Recipe, ValueColumn, Where

UNPLACED = "\0unlocated"  # no header of a file can be called so


@dataclass(frozen=True)
class Part:
    """One column of values.

    `rows` has `text` (the values as written), those dimensions that are columns (String) and, where the recipe asks for
    them, `flag` (String) and `unlocated` (Boolean); `lines` are their lines in the file (UInt32), kept apart because a
    column added to a table of many chunks copies it. `constants` are the other dimensions. `role` is `numerator` or
    `denominator` where the values are that part of the indicator named.
    """

    recipe: Recipe
    raw: RawTable
    column: str
    rows: pl.DataFrame
    lines: pl.Series
    constants: Mapping[str, str] = field(default_factory=dict)
    factor: float = 1.0
    role: str = ""

    def where(self, line: int | None = None, column: str | None = None) -> str:
        """Return the place of a line as messages name it; the column is the values' own unless another is given."""
        return place(self.raw.file, line, column or self.column, self.raw.lines.noun)

    @property
    def indicator_texts(self) -> list[str]:
        """Return the distinct names of indicators in this part."""
        if "indicator" in self.constants:
            return [self.constants["indicator"]]
        return sorted(self.rows["indicator"].drop_nulls().unique()) if "indicator" in self.rows.columns else []


def reshape(raw: RawTable, recipe: Recipe) -> list[Part]:
    """Return the parts of `raw` that `recipe` describes. Raises RecipeError where a column it names is not there."""
    headers = _Headers(raw, recipe)
    frame, lines = _kept_rows(raw, recipe, headers)
    constants = {**_from_file_name(raw, recipe), **recipe.fixed}
    parts = [part for cells in _value_columns(recipe, headers) for part in _parts(cells, recipe, raw, frame, lines, headers)]
    return [replace(part, constants={**constants, **part.constants}) for part in parts]


class _Headers:
    """Find columns by header or by position (`#3`)."""

    def __init__(self, raw: RawTable, recipe: Recipe) -> None:
        self.names = raw.frame.columns
        self._tidy = {name.strip(): name for name in self.names}
        self._where = f"{recipe.title}, {raw.file}"

    def find(self, name: str) -> str:
        """Return the column's own name. Raises UnknownName with near headers."""
        if name in self.names:
            return name
        position = re.fullmatch(r"#(\d+)", name)
        if position and 1 <= int(position[1]) <= len(self.names):
            return self.names[int(position[1]) - 1]
        if name.strip() in self._tidy:
            return self._tidy[name.strip()]
        error = UnknownName("Column", name, self.names, where=self._where)
        if not error.near:
            hint = f"The file has: {', '.join(map(repr, self.names[:12]))}{', …' if len(self.names) > 12 else ''}"
            raise RecipeError(error.what, where=self._where, hint=hint)
        raise error

    def matching(self, recipe: Recipe, used: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the columns that [wide] means, with the dimensions in their headers."""
        assert recipe.wide is not None
        taken = set(used)
        for name in self.names:
            found = recipe.wide.found_in(name) if name not in taken else None
            if found is not None:
                yield name, found


def _value_columns(recipe: Recipe, headers: _Headers) -> list[ValueColumn]:
    """Return every column of values, whichever way the recipe says it."""
    columns = recipe.columns
    if recipe.values:
        return list(recipe.values)
    if recipe.wide is None:
        return [
            ValueColumn(
                columns.value, status=columns.status, numerator=columns.numerator, denominator=columns.denominator
            )
        ]  # fmt: skip
    used = [headers.find(name) for dimension in DIMENSIONS for name in getattr(columns, dimension)]
    found = [replace(ValueColumn(name), **dimensions) for name, dimensions in headers.matching(recipe, used)]
    if not found:
        hint = f"The headers are: {', '.join(map(repr, headers.names[:12]))}"
        raise RecipeError(f"No column matches [wide] {recipe.wide.pattern!r}.", where=recipe.title, hint=hint)
    return found


def _parts(
    cells: ValueColumn, recipe: Recipe, raw: RawTable, frame: pl.DataFrame, lines: pl.Series, headers: _Headers
) -> Iterator[Part]:  # fmt: skip
    """Yield the part of one value column, and one each for its numerator and denominator."""
    constants = {name: text for name in DIMENSIONS if (text := getattr(cells, name))}
    factor = recipe.factor * cells.factor
    for role, name in (("", cells.column), ("numerator", cells.numerator), ("denominator", cells.denominator)):
        if not name:
            continue
        column = headers.find(name)
        taken = {n for n in DIMENSIONS if getattr(recipe.columns, n) and n not in constants}
        rows = frame.select(
            pl.col(column).alias("text"),
            *(_dimension(getattr(recipe.columns, n), n, headers) for n in sorted(taken)),
            *([pl.col(headers.find(cells.status)).cast(pl.String).alias("flag")] if cells.status and not role else []),
            *([pl.col(UNPLACED).alias("unlocated")] if recipe.unlocated else []),
        )
        yield Part(recipe, raw, column, rows, lines, constants, factor if not role else 1.0, role)


def _dimension(names: tuple[str, ...], dimension: str, headers: _Headers) -> pl.Expr:
    columns = [pl.col(headers.find(name)).cast(pl.String) for name in names]
    return (columns[0] if len(columns) == 1 else pl.concat_str(columns, separator="-")).alias(dimension)


def _kept_rows(raw: RawTable, recipe: Recipe, headers: _Headers) -> tuple[pl.DataFrame, pl.Series]:
    """Return the rows that pass every filter, with UNPLACED where the recipe asks for it, and their lines."""
    frame, lines = raw.frame, raw.lines.series(raw.frame.height)
    if recipe.fill_down:
        frame = frame.with_columns(pl.col(headers.find(name)).forward_fill() for name in recipe.fill_down)
    if recipe.unlocated:
        text = _text(headers.find(recipe.unlocated.column))
        frame = frame.with_columns(text.is_in(list(recipe.unlocated.values)).alias(UNPLACED))
    if recipe.where:
        conditions = [_condition(rule, _text(headers.find(rule.column))) for rule in recipe.where]
        kept = frame.select(pl.all_horizontal(conditions)).to_series()
        frame, lines = frame.filter(kept), lines.filter(kept)
    return frame, lines


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null("").str.strip_chars()


def _condition(rule: Where, text: pl.Expr) -> pl.Expr:
    if rule.equals is not None:
        return text == rule.equals
    if rule.not_equals is not None:
        return text != rule.not_equals
    if rule.one_of is not None:
        return text.is_in(list(rule.one_of))
    if rule.not_in is not None:
        return ~text.is_in(list(rule.not_in))
    if rule.matches is not None:
        return text.str.contains(rule.matches)
    if rule.not_matches is not None:
        return ~text.str.contains(rule.not_matches)
    return text == "" if rule.empty else text != ""


def _from_file_name(raw: RawTable, recipe: Recipe) -> dict[str, str]:
    if recipe.file_name is None:
        return {}
    name = PurePath(raw.file).name
    found = recipe.file_name.found_in(name)
    if found is None:
        raise RecipeError(f"The file name {name!r} does not match [file_name].", where=recipe.title)
    return found
