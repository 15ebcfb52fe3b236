"""The recipe: one TOML file that says how a published file becomes rows of the indicator table.

A recipe lies beside its file: `sources/<source>/<vintage>/recipe.toml` (or several `recipe-*.toml`). The folder names are
the `source` column: `<source>@<vintage>`. A newer vintage (by folder name) wins where two give the same row.
One recipe describes one table; several tables are `[[table]]` sections, each with all the keys below. What stands above
the first `[[table]]` holds for all of them; a section of the same name in a table replaces it as a whole.

    file = "residents.csv"          beside the recipe, or else under `[files] root` of package.toml (DATENLABOR_FILES);
                                    "archive.zip!table.csv" names a member of a zip file
    files = ["pyramid_*.csv"]       instead of `file`: several files of the same layout, `*` and `?` allowed
    format = "auto"                 auto, csv, excel, parquet, genesis, genesis-flat, regionaldatenbank, kommonitor
    encoding = "cp1252"             utf-8, utf-16, cp1252, latin-1            these seven are detected where that is safe;
    separator = ";"                 ; , | or "\\t"                             where it is not, the file is refused until
    decimal = ","                   "," or "."                                the recipe says which (1.234 is such a case)
    thousands = "."                 ".", ",", " ", "'" or "" for none
    sheet = "Table 1"               name of the sheet of a workbook
    skip_rows = 0                   lines above the header
    header_rows = 1                 1 to 4; the texts of one column are joined with " | "
    footer = 2                      number of last lines that are not data, or a regular expression for the first of them;
                                    copyright lines of the official formats go by themselves
    fill_down = ["Bezirk"]          columns in which an empty cell repeats the one above (merged cells)
    empty = "missing"               what an empty cell of a value means: missing, suppressed, not_applicable, zero, or
                                    "drop": there is no such row
    factor = 1.0                    every value is multiplied by it (1000 for "in thousands")
    combine = "refuse"              two rows with the same key: "refuse" them (equal ones are read once, with a note), or
                                    "sum" them (detail that we do not keep, such as citizenship)
    tolerance = 0.0                 by how much parts may exceed their whole (rounding by the publisher)
    note = "…"                      a remark for the page of sources

    [columns]                       which column plays which role, by its header; "#3" is the third column; a list of
    area = "district_id"            columns is joined with "-" (year and month, for instance)
    period = "year"
    sex = "sex"                     where there is no such column and nothing fixed, sex and age are the total `_T`
    age = "age"
    indicator = "name"              a long table over several indicators
    value = "persons"               the one column of values (several: see [[values]])
    status = "flag"                 marks of the publisher: our status words, the GENESIS letters e p r s, or [map.status]
    numerator = "cases"             columns with the parts of a ratio; they become rows of the indicators that
    denominator = "residents"       indicators.toml names as its numerator and denominator

    [[values]]                      several columns of values; only `column` is needed, and whatever else the column means
    column = "women_65"
    indicator = "residents"
    sex = "F"
    age = "Y_GE65"
    period = "2024"
    area = "0500"
    factor = 1.0
    status = "flag_column"
    numerator = "cases"
    denominator = "residents"

    [wide]                          columns named by a period, an age, a sex, an indicator or an area
    pattern = '^(\\d{4})$'            a regular expression; the group is the value of `dimension`. Several dimensions in one
    dimension = "period"            header: named groups, `^(?P<period>\\d{4}) \\| (?P<sex>.*)$`, and no `dimension`

    [file_name]                     the same for the name of the file: pyramid_2024.csv
    pattern = 'pyramid_(\\d{4})'
    dimension = "period"

    [fixed]                         what holds for every row: indicator, area, period, sex, age
    indicator = "residents"

    [map.area]                      the publisher's codes or names on the left, ours on the right; a text mapped to ""
    "Altstadt" = "0101"             leaves the row out. Also map.period, map.sex, map.age, map.indicator, map.status
    file = "areas.csv"              the same as a CSV file with the columns from,to beside the recipe (both together work)
    others = "keep"                 texts that are not listed: "keep" them as they are, "drop" the rows, or "refuse"

    [area]
    prefix = "S"                    put before every code (after `pad`, not before what [map.area] gave)
    pad = 4                         filled up with leading zeros to this length
    unit = "district"               names are looked up among the areas of this spatial unit

    [[where]]                       row filters; all must hold. One of: equals, not_equals, in, not_in, matches,
    column = "table"                not_matches (regular expressions), empty = true, not_empty = true
    equals = "fl_residents"

    [unlocated]                     rows that the publisher could not place: they count in the city only
    column = "district_id"
    values = ["", "nicht zuordenbar"]

    [period]
    format = "auto"                 auto, year, half_year, quarter, month, month_name, school_year (2016/17), date,
                                    key_date (31.12.2024), multi_year (2016/18: the first year)
    shift_days = 0                  -1 turns the key date 1.1.2025 into 31.12.2024

    [symbols]                       signs beyond the official ones ( - . ... / x () ): missing, suppressed,
    "k. A." = "missing"             not_applicable or zero

    [[marks]]                       rows that get a status: provisional, estimated, imputed or break
    status = "provisional"
    from = "2025"                   `from`, `to` (both included) or `periods`; also `areas`, `indicators`; all must hold
    to = "2025"

Areas are given by our code or by the area's own name; case, blanks and `1.0` for `1` are put right with a note.
Sexes are read as F, M, _T, w, m, weiblich, männlich, female, male, Insgesamt, empty…; ages as our codes (`_T`, `Y7`,
`Y0T4`, `Y_GE65`, `Y_LT18`, which is kept as `Y0T17`) or as the usual words ("18 bis unter 25 Jahre", "65 und älter", "7").
A period falls to the indicator's own frequency: 31.12.2024 is the year 2024 of an annual indicator, 2024-Q4 of a quarterly.
Sums over sexes, ages and parent areas that are absent are added up where all parts are there.
Where an indicator has parts, its value is computed from them and a published value only fills the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model.ingest.periods import FORMS

DIMENSIONS = ("area", "period", "sex", "age", "indicator")
PERIOD_FORMATS = ("auto", *FORMS)
SYMBOL_MEANINGS = ("missing", "suppressed", "not_applicable", "zero")
CHOICES = {
    "format": ("auto", "csv", "excel", "parquet", "genesis", "genesis-flat", "regionaldatenbank", "kommonitor"),
    "empty": (*SYMBOL_MEANINGS, "drop"),
    "combine": ("refuse", "sum"),
}
MARKS = ("provisional", "estimated", "imputed", "break")


@dataclass(frozen=True)
class Columns:
    """Headers of the columns by the role they play; the dimensions may be several columns each."""

    area: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    indicator: tuple[str, ...] = ()
    value: str = ""
    status: str = ""
    numerator: str = ""
    denominator: str = ""


@dataclass(frozen=True)
class ValueColumn:
    """One column of values and what its values mean."""

    column: str
    indicator: str = ""
    sex: str = ""
    age: str = ""
    period: str = ""
    area: str = ""
    factor: float = 1.0
    status: str = ""
    numerator: str = ""
    denominator: str = ""


@dataclass(frozen=True)
class Pattern:
    """A regular expression whose groups are values of dimensions."""

    pattern: str
    dimension: str = ""

    def found_in(self, text: str) -> dict[str, str] | None:
        """Return the dimension values in `text`, or None where the pattern does not match."""
        match = re.search(self.pattern, text)
        if match is None:
            return None
        return match.groupdict() if match.groupdict() else {self.dimension: match.group(1)}


@dataclass(frozen=True)
class Where:
    """One row filter; exactly one condition is set."""

    column: str
    equals: str | None = None
    not_equals: str | None = None
    one_of: tuple[str, ...] | None = None
    not_in: tuple[str, ...] | None = None
    matches: str | None = None
    not_matches: str | None = None
    empty: bool = False
    not_empty: bool = False


@dataclass(frozen=True)
class Unlocated:
    """Texts of a column that mark rows without a place."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class PeriodRule:
    """How the texts of periods are written."""

    format: str = "auto"
    shift_days: int = 0


@dataclass(frozen=True)
class AreaRule:
    """How the publisher's area codes become ours."""

    prefix: str = ""
    pad: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Mark:
    """A status for the rows of some periods, areas or indicators; unset conditions hold for all."""

    status: str
    first: str = ""
    last: str = ""
    periods: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Renaming:
    """Publisher's texts → ours, and what happens to texts that are not listed."""

    entries: Mapping[str, str] = field(default_factory=dict)
    others: str = "keep"


@dataclass(frozen=True)
class Recipe:
    """One table of one recipe file; the module's docstring is the reference of every key."""

    path: Path
    section: int
    source: str
    vintage: str
    files: tuple[str, ...]
    format: str = "auto"
    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    sheet: str | None = None
    skip_rows: int | None = None
    header_rows: int | None = None
    footer: str | int | None = None
    fill_down: tuple[str, ...] = ()
    empty: str = "missing"
    factor: float = 1.0
    combine: str = "refuse"
    tolerance: float = 0.0
    note: str = ""
    columns: Columns = Columns()
    values: tuple[ValueColumn, ...] = ()
    wide: Pattern | None = None
    file_name: Pattern | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    map: Mapping[str, Renaming] = field(default_factory=dict)
    area: AreaRule = AreaRule()
    where: tuple[Where, ...] = ()
    unlocated: Unlocated | None = None
    period: PeriodRule = PeriodRule()
    symbols: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()

    @property
    def source_at_vintage(self) -> str:
        """Return what the column `source` holds: source id @ vintage."""
        return f"{self.source}@{self.vintage}"

    @property
    def title(self) -> str:
        """Return the recipe's name in messages: file, and the number of the table where there are several."""
        name = "/".join(self.path.parts[-3:])
        return f"{name} [[table]] {self.section}" if self.section else name
