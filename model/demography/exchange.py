"""Long CSV tables in and out: what the command line projects from and writes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from model.demography.assumptions import Assumptions
from model.demography.mortality import between_year_ends
from model.demography.population import AGES, MOTHERS, OLDEST, SEXES, Array, Population
from model.demography.projection import Projection
from model.errors import ProjectionError, UnknownName

ALL = ""  # the area of rows that hold for every area


@dataclass(frozen=True)
class Inputs:
    """What four long tables say: the jump-off stock and the assumptions from the following year on."""

    base: Population
    assumptions: Assumptions
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """One file's values as (years, areas, sexes, ages); areas is 1 long where the file has none."""

    years: tuple[int, ...]
    values: Array
    by_area: bool


def read_inputs(
    population: Path, mortality: Path, fertility: Path, migration: Path, *, sex_ratio: float, jump_off: int | None = None
) -> Inputs:
    """Return the inputs of a projection from four long CSV files.

    The first projected year is the first for which mortality, fertility and migration are all given, unless
    `jump_off` (the year of the stock) says otherwise. Raises ProjectionError naming file, line and rule.
    """
    people = _rows(population, ("area", "sex", "age"), ("value",))
    people, dated = _one_year(people, population)
    areas = tuple(people["area"].unique(maintain_order=True).to_list())
    _within(people, "value", 0.0, None, population)
    stock = _grid(people, "value", areas, SEXES, (0, OLDEST), population, whole=True)
    deaths = _rows(mortality, ("year", "sex", "age"), ("rate",))
    _within(deaths, "rate", 0.0, 1.0, mortality)
    births = _rows(fertility, ("year", "age"), ("rate",))
    _within(births, "rate", 0.0, 1.0, fertility)
    qx = _grid(deaths, "rate", areas, SEXES, (0, OLDEST), mortality, whole=True)
    asfr = _grid(births, "rate", areas, (), (0, OLDEST), fertility)
    arrivals, departures, notes = _migration(migration, areas)
    start = next((y for y in (jump_off, dated) if y is not None), max(g.years[0] for g in (qx, asfr, arrivals)) - 1)
    arriving, leaving = (_shared_out(grid, stock.values[0]) for grid in (arrivals, departures))
    assumptions = Assumptions(
        dying=between_year_ends(_from(qx, start)),
        asfr=_fertile(_from(asfr, start)[:, :, 0], fertility),
        arrivals=_from(arriving, start),
        departures=_from(leaving, start),
        sex_ratio=sex_ratio,
    )
    return Inputs(Population(areas, start, stock.values[0]), assumptions, notes)


def _one_year(people: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, int | None]:
    """Return the stock without its year, and the year where the file gives one. Raises ProjectionError for several."""
    if "year" not in people.columns:
        return people, None
    years = _numbers(people, "year", pl.Int64, path)["year"].unique().sort().to_list()
    if len(years) > 1:
        raise ProjectionError(f"The stock is given for several years ({years[0]}…{years[-1]}).", where=str(path))
    return people.drop("year"), int(years[0])


def _migration(path: Path, areas: Sequence[str]) -> tuple[Grid, Grid, tuple[str, ...]]:
    """Return arrivals and departures; net migrants count as the one or the other by their sign."""
    header = _header(path)
    if {"in", "out"} <= set(header):
        rows = _rows(path, ("year", "sex", "age"), ("in", "out"))
        for column in ("in", "out"):
            _within(rows, column, 0.0, None, path)
        both = tuple(_grid(rows, column, areas, SEXES, (0, OLDEST), path) for column in ("in", "out"))
    else:
        rows = _rows(path, ("year", "sex", "age"), ("value",))
        net = _grid(rows, "value", areas, SEXES, (0, OLDEST), path)
        both = tuple(Grid(net.years, np.maximum(sign * net.values, 0.0), net.by_area) for sign in (1.0, -1.0))
    shared = len(areas) > 1 and not both[0].by_area
    note = "Migration has no area: it is shared out in proportion to the jump-off stock of each sex and age."
    return both[0], both[1], (note,) if shared else ()


def _shared_out(grid: Grid, stock: Array) -> Grid:
    """Give every area its part of counts that hold for all areas together."""
    if grid.by_area:
        return grid
    whole = stock.sum(axis=0, keepdims=True)
    everybody = stock.sum(axis=(1, 2), keepdims=True) / max(float(stock.sum()), 1e-12)
    part = np.where(whole > 0.0, stock / np.where(whole > 0.0, whole, 1.0), everybody)
    return Grid(grid.years, grid.values * part, True)


def _header(path: Path) -> list[str]:
    try:
        return pl.read_csv(path, n_rows=0).columns
    except FileNotFoundError:
        raise ProjectionError("The file is missing.", where=str(path)) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ProjectionError(f"Not readable as CSV: {error}.", where=str(path)) from error


def _rows(path: Path, keys: Sequence[str], values: Sequence[str]) -> pl.DataFrame:
    """Return the file with whole-number years and ages and numeric values, plus its line numbers."""
    header = _header(path)
    for name in (*keys, *values):
        if name not in header:
            raise UnknownName("Column", name, header, where=str(path))
    try:
        text = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError as error:
        raise ProjectionError(f"Not readable as CSV: {error}.", where=str(path)) from error
    if text.is_empty():
        raise ProjectionError("The file has no rows.", where=str(path))
    text = text.with_row_index("line", offset=2)
    for name, kind in {"year": pl.Int64, "age": pl.Int64, **dict.fromkeys(values, pl.Float64)}.items():
        if name in (*keys, *values):
            text = _numbers(text, name, kind, path)
    if "sex" in keys:
        _refuse(text.filter(~pl.col("sex").is_in(SEXES)), "sex", "is not F or M", path)
    _refuse(text.filter(~pl.col("age").is_between(0, OLDEST)), "age", "is outside 0…100 (100 is 100+)", path)
    area = pl.col("area") if "area" in header else pl.lit(ALL).alias("area")
    text = text.with_columns(area)
    _refuse(text.filter(pl.col("area").is_null()), "area", "is not a code", path)
    return text


def _numbers(text: pl.DataFrame, name: str, kind: type[pl.DataType], path: Path) -> pl.DataFrame:
    number = pl.col(name).str.strip_chars().cast(kind, strict=False)
    bad = text.filter(number.is_null() | ~number.cast(pl.Float64).is_finite())
    _refuse(bad, name, "is not a whole number" if kind == pl.Int64 else "is not a number", path)
    return text.with_columns(number)


def _within(rows: pl.DataFrame, name: str, low: float, high: float | None, path: Path) -> None:
    _refuse(rows.filter(pl.col(name) < low), name, "is negative", path)
    if high is not None:
        _refuse(rows.filter(pl.col(name) > high), name, f"is above {high:g}", path)


def _refuse(bad: pl.DataFrame, name: str, rule: str, path: Path) -> None:
    if bad.height:
        more = f" ({bad.height} rows)" if bad.height > 1 else ""
        raise ProjectionError(f"{name} {bad[name][0]!r} {rule}{more}.", where=f"{path}, line {bad['line'][0]}")


def _grid(
    rows: pl.DataFrame, value: str, areas: Sequence[str], sexes: Sequence[str], ages: tuple[int, int], path: Path,
    *, whole: bool = False,
) -> Grid:  # fmt: skip
    """Return the rows as an array. A cell that is missing is an error; outside the ages given at all, `whole` decides."""
    by_area = rows["area"][0] != ALL
    places = tuple(areas) if by_area else (ALL,)
    strangers = rows.filter(~pl.col("area").is_in(places))
    if strangers.height:
        raise UnknownName("Area", strangers["area"][0], areas, where=f"{path}, line {strangers['line'][0]}")
    years = tuple(sorted(rows["year"].unique().to_list())) if "year" in rows.columns else (0,)
    values = np.full((len(years), len(places), max(len(sexes), 1), AGES), np.nan)
    at = (
        _positions(rows, "year", years), _positions(rows, "area", places),
        _positions(rows, "sex", sexes), rows["age"].to_numpy(),
    )  # fmt: skip
    seen = np.zeros(values.shape, dtype=np.int64)
    np.add.at(seen, at, 1)
    twice = rows.filter(pl.Series(seen[at] > 1))
    _refuse(twice, "age", "is given twice for the same area, year and sex", path)
    values[at] = rows[value].to_numpy()
    if not whole:
        given = slice(int(rows["age"].min()), int(rows["age"].max()) + 1)  # type: ignore[arg-type]
        values[..., : given.start] = values[..., given.stop :] = 0.0
    _complete(values, years, places, sexes, path)
    return Grid(years, values, by_area)


def _positions(rows: pl.DataFrame, name: str, known: Sequence[int] | Sequence[str]) -> NDArray[np.int64]:
    if name not in rows.columns or not known or len(known) == 1:
        return np.zeros(rows.height, dtype=np.int64)
    return rows[name].replace_strict(list(known), list(range(len(known))), return_dtype=pl.Int64).to_numpy()


def _complete(values: Array, years: Sequence[int], places: Sequence[str], sexes: Sequence[str], path: Path) -> None:
    gaps = np.argwhere(np.isnan(values))
    if len(gaps):
        year, area, sex, age = gaps[0]
        cell = [f"age {age}"]
        cell += [f"sex {sexes[sex]}"] if sexes else []
        cell += [f"year {years[year]}"] if years != (0,) else []
        cell += [f"area {places[area]}"] if places[area] else []
        raise ProjectionError(f"Nothing is given for {', '.join(cell)} ({len(gaps)} missing in all).", where=str(path))


def _from(grid: Grid, start: int) -> Array:
    """Return the values of the years after `start`; a year that is missing takes the last given before it."""
    last = max(grid.years[-1], start + 1)
    given = np.array(grid.years)
    picks = [max(int(np.searchsorted(given, year, side="right")) - 1, 0) for year in range(start + 1, last + 1)]
    return grid.values[picks]


def _fertile(asfr: Array, path: Path) -> Array:
    outside = asfr.copy()
    outside[..., MOTHERS] = 0.0
    if (outside > 0.0).any():
        age = int(np.argwhere(outside > 0.0)[0][-1])
        raise ProjectionError(f"A birth rate is given for age {age}; births are counted from 15 to 49.", where=str(path))
    return asfr[..., MOTHERS]


def long_table(projection: Projection, values: Mapping[str, Array], first: int) -> pl.DataFrame:
    """Return `area, year, sex, age` and one column per entry of `values`, each (years, areas, 2, 101) from `first` on."""
    years, areas = next(iter(values.values())).shape[:2]
    shape = (years, areas, len(SEXES), AGES)
    cells = [grid.ravel() for grid in np.indices(shape)]
    return pl.DataFrame(
        {
            "area": pl.Series(projection.areas, dtype=pl.String).gather(cells[1]),
            "year": cells[0] + first,
            "sex": pl.Series(SEXES, dtype=pl.String).gather(cells[2]),
            "age": cells[3],
            **{name: np.broadcast_to(value, shape).ravel() for name, value in values.items()},
        }
    )


def stock_table(projection: Projection) -> pl.DataFrame:
    """Return the projected stock, without the jump-off year, as `area, year, sex, age, value`."""
    return long_table(projection, {"value": projection.stock[1:]}, projection.year + 1)


def component_table(projection: Projection) -> pl.DataFrame:
    """Return every component of change by age reached at the end of the year, one column each."""
    parts = projection.components
    if parts is None:
        raise ProjectionError("The components of this projection were not kept.")
    births = np.zeros(parts.deaths.shape)
    births[..., 0] = parts.births
    columns = {"births": births, "deaths": parts.deaths, "in": parts.arrivals, "out": parts.departures}
    inner = {"moved_in": parts.moved_in, "moved_out": parts.moved_out, "housing": parts.housing}
    columns |= {name: values for name, values in inner.items() if values.any()}
    return long_table(projection, columns, projection.year + 1)


def write_together(files: Mapping[Path, pl.DataFrame]) -> None:
    """Write all files or none: each beside its place first, then moved there. Raises ProjectionError."""
    drafts = {path: path.with_name(path.name + ".part") for path in files}
    try:
        for path, table in files.items():
            table.write_csv(drafts[path])
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise ProjectionError(f"Cannot be written: {error.strerror or error}.", where=str(next(iter(files)))) from error
