"""Find our code for a publisher's text: areas by code or name, sexes, ages, indicators; say why where there is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from model.catalogue import Area, Catalogue
from model.errors import near_names
from model.ingest.recipe import DIMENSIONS, Recipe
from model.ingest.words import AGE, age_of, sex_of
from model.vocabulary import SEXES, UNLOCATED

Kept = TypeVar("Kept")

KEY_COLUMNS = ("indicator", "area", "period", "sex", "age")
_EPOCH, _DAYS = 150_000, 300_000  # days before 1970 and in all that a period may lie in: about 1560 to 2380
METHODS = ("ratio", "sum", "territory-key", "total", "weighted-mean")  # what `source` says of rows we made


@dataclass(frozen=True)
class Found:
    """The code a text stands for; without a code either `rule` and `problem` say why, or the row is left out."""

    code: str | None = None
    rule: str = ""
    problem: str = ""
    note: str = ""


@dataclass(frozen=True)
class Codebook:
    """All codes that may stand in the indicator table, as types whose order is the order of the texts."""

    catalogue: Catalogue
    sources: tuple[str, ...] = ()

    @cached_property
    def types(self) -> Mapping[str, pl.Enum]:
        """Return the type of each coded column."""
        areas = {*self.catalogue.areas, self.unlocated}
        return {
            "indicator": pl.Enum(sorted(self.catalogue.indicators)),
            "area": pl.Enum(sorted(areas)),
            "sex": pl.Enum(SEXES),
            "age": AGE,
            "source": pl.Enum(sorted({*self.sources, *METHODS})),
        }

    def key(self, *left_out: str, area: str = "area") -> pl.Expr:
        """Return one number per row that equals where the key does and sorts as the key does.

        `left_out` dimensions do not count; `area` is the column to take the area from.
        """
        number = pl.lit(0, pl.UInt64)
        for name in KEY_COLUMNS:
            if name in left_out:
                continue
            if name == "period":
                digit, size = pl.col("period").to_physical().cast(pl.Int64) + _EPOCH, _DAYS
            else:
                digit, size = pl.col(area if name == "area" else name).to_physical(), len(self.types[name].categories)
            number = number * size + digit.cast(pl.UInt64)
        return number.alias("key")

    @property
    def unlocated(self) -> str:
        """Return the code of the pseudo-area for rows without a place."""
        return f"{self.catalogue.top.code}-{UNLOCATED}"

    @cached_property
    def names(self) -> Mapping[str, tuple[Area, ...]]:
        """Return the areas of each name, compared without case and spare blanks."""
        found: dict[str, list[Area]] = defaultdict(list)
        for area in self.catalogue.areas.values():
            found[_folded(area.name)].append(area)
        return {name: tuple(areas) for name, areas in found.items()}

    @cached_property
    def folded_codes(self) -> Mapping[str, str]:
        """Return code by the code without case and blanks, where that is unique."""
        return _unique((_folded(code), code) for code in self.catalogue.areas)

    @cached_property
    def bare_codes(self) -> Mapping[str, str]:
        """Return code by the code without leading zeros, where that is unique."""
        return _unique((code.lstrip("0"), code) for code in self.catalogue.areas)


@dataclass
class Finder:
    """Find codes for one recipe; each distinct text is looked up once."""

    book: Codebook
    recipe: Recipe
    _seen: dict[tuple[str, str], Found] = field(default_factory=dict)
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what `make` gave for this key the first time; the columns of a wide table share most of their work."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept

    def find(self, dimension: str, text: str | None) -> Found:
        """Return what `text` stands for in `dimension` (any but period)."""
        key = dimension, text or ""
        if key not in self._seen:
            self._seen[key] = self._look_up(*key)
        return self._seen[key]

    def renamed(self, dimension: str, text: str) -> tuple[str | None, Found | None]:
        """Apply [map.<dimension>]: return the text to go on with, or what is already decided."""
        renaming = self.recipe.map.get(dimension)
        if renaming is None:
            return text, None
        for candidate in (text, text.strip()):
            if candidate in renaming.entries:
                ours = renaming.entries[candidate]
                return (None, Found()) if ours == "" else (ours, None)
        if renaming.others == "drop":
            return None, Found()
        if renaming.others == "refuse":
            near = _suggest(text, renaming.entries)
            return None, Found(rule=f"unlisted {dimension}", problem=f"{text!r} is not listed in [map.{dimension}].{near}")
        return text, None

    def _look_up(self, dimension: str, text: str) -> Found:
        assert dimension in DIMENSIONS
        ours, decided = self.renamed(dimension, text)
        if decided is not None or ours is None:
            return decided or Found()
        if dimension == "area":
            return self._area(ours.strip(), mapped=ours != text)
        if dimension == "indicator":
            return self._indicator(ours.strip())
        code = sex_of(ours) if dimension == "sex" else age_of(ours)
        if code is not None:
            return Found(code)
        hint = f"Name it in [map.{dimension}]."
        return Found(rule=f"unknown {dimension}", problem=f"{ours!r} is no {dimension} that is known here. {hint}")

    def _indicator(self, text: str) -> Found:
        known = self.book.catalogue.indicators
        if text in known:
            return Found(text)
        hint = "Name it in [map.indicator] or in indicators.toml."
        return Found(rule="unknown indicator", problem=f"{text!r} is not an indicator.{_suggest(text, known)} {hint}")

    def _area(self, text: str, mapped: bool) -> Found:
        known = self.book.catalogue.areas
        rule = self.recipe.area
        if not text:
            return Found(rule="empty area", problem="The area is empty. [unlocated] or [[where]] says what such rows are.")
        code = text if mapped else rule.prefix + text.zfill(rule.pad)
        if code in known:
            return Found(code)
        named = self._by_name(text)
        if named:
            return self._named(text, named)
        tidy = self._repaired(text)
        if tidy:
            return Found(tidy, note=f"{text!r} was read as the area {tidy!r} ({known[tidy].name}).")
        return self._unknown(text, code)

    def _by_name(self, text: str) -> tuple[Area, ...]:
        areas = self.book.names.get(_folded(text), ())
        unit = self.recipe.area.unit
        areas = tuple(a for a in areas if a.unit == unit) if unit else areas
        return tuple(a for a in areas if a.is_current) or areas

    def _named(self, text: str, areas: tuple[Area, ...]) -> Found:
        if len(areas) == 1:
            note = "" if areas[0].name == text else f"{text!r} was read as the area {areas[0].code!r} ({areas[0].name})."
            return Found(areas[0].code, note=note)
        codes = ", ".join(f"{a.code} ({a.unit})" for a in areas)
        return Found(rule="ambiguous area", problem=f"{text!r} is the name of {codes}. Set [area] unit.")

    def _repaired(self, text: str) -> str:
        """Return the one code that differs by case, blanks or a spreadsheet's `.0`."""
        rule = self.recipe.area
        whole = re.sub(r"\.0+$", "", text) if re.fullmatch(r"\d+\.0+", text) else text
        for candidate in (whole, rule.prefix + whole.zfill(rule.pad)):
            code = self.book.folded_codes.get(_folded(candidate), "")
            if code:
                return code
        return ""

    def _unknown(self, text: str, code: str) -> Found:
        bare = self.book.bare_codes.get(code.lstrip("0"), "")
        if bare and code.isdigit():
            problem = f"{text!r} lost its leading zeros: {bare!r} ({self.book.catalogue.areas[bare].name}) is meant?"
            return Found(rule="lost leading zero", problem=f"{problem} Set [area] pad = {len(bare)}.")
        areas = self.book.catalogue.areas.values()
        names = {f"{a.code} ({a.name})": (a.code, a.name) for a in areas}
        near = [*near_names(text, [a.name for a in areas]), *near_names(code, [a.code for a in areas])]
        shown = [label for label, (c, name) in names.items() if c in near or name in near][:3]
        meant = f" Did you mean {', '.join(shown)}?" if shown else " Name it in [map.area]."
        return Found(rule="unknown area", problem=f"{text!r} is not an area.{meant}")


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    doubled = set()
    for short, code in pairs:
        doubled |= {short} if short in found else set()
        found[short] = code
    return {short: code for short, code in found.items() if short not in doubled}


def _suggest(text: str, known: Mapping[str, object]) -> str:
    near = near_names(text, known)
    return f" Did you mean {', '.join(map(repr, near))}?" if near else ""
