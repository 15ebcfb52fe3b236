"""What a package has observed: stocks and movements as arrays, and where in the package they stand."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from model.demography.population import AGES, SEXES, Array, Population
from model.errors import PackageError, ProjectionError, UnknownName
from model.vocabulary import OBSERVED, TOTAL, age_bounds

LEVELS = ("care_residents", "care_places", "care_recipients", "daycare_places_under3", "daycare_places_3to5")
ALMOST_NOBODY = 95  # from this age on, a row that is missing means that nobody is that old
EVENTS = ("births", "deaths", "arrivals", "departures", "moves_in", "moves_out")


@dataclass(frozen=True)
class DemographySources:
    """Which indicators of a package hold what; section [demography] of package.toml.

    `population` is by single age and sex. Of the movements each may be by age and sex, by age, or in total only, or be
    missing (""). `event_age`: movements are counted by the age reached at the end of the year ("year_end") or by the age
    at the event ("at_event"). `care_residents` are held apart as a special group; `care_places` is the capacity. Further
    indicators held apart are named in `held_apart` with their age profile: { student_beds = "students" }, or refugees.
    `presets` are named positions of the levers (id, title, settings; see levers.presets_of).
    `window`, `migration_window`: years that rates are averaged over. `until`: last projected year.
    """

    population: str
    unit: str = ""
    births: str = ""
    deaths: str = ""
    arrivals: str = ""
    departures: str = ""
    moves_in: str = ""
    moves_out: str = ""
    care_residents: str = ""
    care_places: str = ""
    care_recipients: str = ""
    daycare_places_under3: str = ""
    daycare_places_3to5: str = ""
    event_age: str = "year_end"
    window: int = 5
    migration_window: int = 10
    until: int = 2040
    held_apart: Mapping[str, str] = field(default_factory=dict)
    presets: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Observed:
    """Observed stocks (years, areas, 2, 101) at the ends of `first_year` … and movements during those years.

    A movement is (years, areas, 2, 101) by age reached at the end of the year where the package has it by age, else its
    total (years, areas); births by mother's age are (years, areas, 35). nan where a year is missing. `breaks` are years
    whose stock counts something else than that of the year before.
    """

    areas: tuple[str, ...]
    first_year: int
    stock: Array
    by_age: Mapping[str, Array] = field(default_factory=dict)
    totals: Mapping[str, Array] = field(default_factory=dict)
    levels: Mapping[str, Array] = field(default_factory=dict)
    breaks: tuple[int, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the stocks."""
        return tuple(range(self.first_year, self.first_year + len(self.stock)))

    @property
    def last_year(self) -> int:
        """Return the last year observed."""
        return self.years[-1]

    def until(self, year: int) -> Observed:
        """Return what was known at the end of `year`. Raises ProjectionError for a year without a stock."""
        if year not in self.years or np.isnan(self.stock[year - self.first_year]).any():
            raise ProjectionError(f"There is no stock of {year}.", hint=f"Choose {self.years[0]} to {self.last_year}.")
        cut = slice(0, year - self.first_year + 1)
        by_age, totals, levels = ({k: v[cut] for k, v in part.items()} for part in (self.by_age, self.totals, self.levels))
        breaks = tuple(b for b in self.breaks if b <= year)
        return Observed(self.areas, self.first_year, self.stock[cut], by_age, totals, levels, breaks)

    def jump_off(self) -> Population:
        """Return the last stock."""
        return Population(self.areas, self.last_year, self.stock[-1])

    def total(self, event: str) -> Array | None:
        """Return the movement as totals (years, areas), None where the package has none."""
        if event in self.by_age:
            detail = self.by_age[event]
            return np.asarray(detail.sum(axis=tuple(range(2, detail.ndim))))
        return self.totals.get(event)

    def together(self) -> Observed:
        """Return all areas as one."""

        def one(parts: Mapping[str, Array]) -> dict[str, Array]:
            return {k: v.sum(axis=1, keepdims=True) for k, v in parts.items() if not k.startswith("moves")}

        stock = self.stock.sum(axis=1, keepdims=True)
        parts = (one(self.by_age), one(self.totals), one(self.levels))
        return Observed(("all",), self.first_year, stock, *parts, self.breaks)


def has_sources(folder: Path) -> bool:
    """Tell whether the package has a section [demography]."""
    return "demography" in tomllib.loads((folder / "package.toml").read_text(encoding="utf-8"))


def read_sources(folder: Path) -> DemographySources:
    """Return the section [demography] of the package's package.toml. Raises PackageError or UnknownName."""
    path = folder / "package.toml"
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("demography", {})
    where = f"{path} [demography]"
    if "population" not in raw:
        raise PackageError("population is missing: the package cannot be projected.", where=where)
    known = [f.name for f in dataclasses.fields(DemographySources)]
    for key in raw:
        if key not in known:
            raise UnknownName("Key", key, known, where=where)
    sources = DemographySources(**raw)
    if sources.event_age not in ("year_end", "at_event"):
        raise UnknownName("event_age", sources.event_age, ("year_end", "at_event"), where=where)
    return sources


def observe(table: pl.DataFrame, sources: DemographySources, areas: Sequence[str]) -> Observed:
    """Return what the indicator table holds for `areas`. Raises ProjectionError where the stock has gaps."""
    wanted = {name: getattr(sources, name) for name in ("population", *EVENTS, *LEVELS)}
    wanted |= {id: id for id in sources.held_apart}
    rows = table.filter(
        pl.col("indicator").is_in([id for id in wanted.values() if id]),
        pl.col("scenario") == OBSERVED,
        pl.col("area").is_in(list(areas)),
        pl.col("value").is_not_null(),
    ).with_columns(year=pl.col("period").dt.year(), sex=pl.col("sex").cast(pl.String))
    by_id = rows.partition_by("indicator", as_dict=True)
    found = {name: by_id[(id,)] for name, id in wanted.items() if (id,) in by_id}
    people = found.get("population", rows.clear())
    years = _years_with_single_ages(people, len(areas))
    stock = _stocks(people, years, areas)
    by_age: dict[str, Array] = {}
    totals: dict[str, Array] = {}
    for event in EVENTS:
        if event in found:
            _read_event(found[event], event, areas, years, stock, sources.event_age, by_age, totals)
    levels = {name: _totals(found[name], areas, years) for name in (*LEVELS, *sources.held_apart) if name in found}
    breaks = people.filter(pl.col("status") == "break")["year"].unique().sort().to_list()
    known = {name: values for name, values in levels.items() if values is not None}
    return Observed(tuple(areas), years[0], stock, by_age, totals, known, tuple(int(b) for b in breaks))


def _stocks(people: pl.DataFrame, years: Sequence[int], areas: Sequence[str]) -> Array:
    """Return the stocks (years, areas, 2, 101), nan in years without single ages; ages above 100 join 100+.

    Rows are often left out where nobody is that old, so from 95 on a missing row is nobody. Raises ProjectionError naming
    the first other gap.
    """
    stock = np.full((years[-1] - years[0] + 1, len(areas), len(SEXES), AGES), np.nan)
    single = people.filter(pl.col("year").is_in(years), pl.col("sex").is_in(SEXES))
    single = single.with_columns(_single_years(single["age"]).alias("age")).drop_nulls("age")
    cells = single.group_by("year", "area", "sex", "age").agg(pl.col("value").sum())
    cells = cells.with_columns(pl.col("year") - years[0], _place(areas), pl.col("sex") == "M")
    stock[tuple(cells[name].cast(pl.Int64).to_numpy() for name in ("year", "area", "sex", "age"))] = cells["value"].to_numpy()
    given = [year - years[0] for year in years]
    stock[given, ..., ALMOST_NOBODY:] = np.nan_to_num(stock[given, ..., ALMOST_NOBODY:])
    gaps = np.argwhere(np.isnan(stock[given]))
    if len(gaps):
        year, area, sex, age = gaps[0]
        where = f"area {areas[area]}, {years[year]}"
        raise ProjectionError(f"Nothing is given for age {age}, sex {SEXES[sex]} ({len(gaps)} missing in all).", where=where)
    return stock


def _single_years(ages: pl.Series) -> pl.Series:
    """Return each age code as a number up to 100; totals and groups of several years become null."""
    years: dict[str, int | None] = {}
    for code in ages.unique().to_list():
        first, last = age_bounds(code)
        years[code] = min(first, AGES - 1) if first == last or first >= AGES - 1 else None
    return ages.replace_strict(years, return_dtype=pl.Int64)


def _years_with_single_ages(people: pl.DataFrame, areas: int) -> list[int]:
    """Return the first and last year whose stock is there by single age for every area, and those between."""
    single = people.filter(pl.col("age").str.contains(r"^Y\d+$") & pl.col("sex").is_in(SEXES))
    counted = single.group_by("year").agg(pl.len().alias("cells")).filter(pl.col("cells") >= areas * 2 * ALMOST_NOBODY)
    years = sorted(counted["year"].to_list())
    if not years:
        raise ProjectionError(
            "The population is not there by single year of age and sex.", hint="Ages are Y0 … Y99 and Y_GE100, sexes F and M."
        )
    return [int(year) for year in years]


def _read_event(
    found: pl.DataFrame, event: str, areas: Sequence[str], years: Sequence[int], stock: Array, event_age: str,
    by_age: dict[str, Array], totals: dict[str, Array],
) -> None:  # fmt: skip
    """Put the movement where it belongs: by age where at least three age groups are there, else as a total."""
    if len([code for code in found["age"].unique().to_list() if code != TOTAL]) < 3:
        values = _totals(found, areas, years)
        if values is not None:
            totals[event] = values
    elif event == "births":
        both = found.filter(pl.col("sex") == TOTAL) if (found["sex"] == TOTAL).any() else found
        both = both.group_by("area", "year", "age").agg(pl.col("value").sum()).with_columns(sex=pl.lit("F"))
        mothers = _detail(both, areas, years, stock)[:, :, 0]
        fertile = mothers[..., 15:50].copy()
        fertile[..., 0] += mothers[..., :15].sum(axis=-1)
        fertile[..., -1] += mothers[..., 50:].sum(axis=-1)
        by_age[event] = fertile if event_age == "at_event" else _half_younger(fertile)
    else:
        detail = _detail(found, areas, years, stock)
        by_age[event] = _half_older(detail) if event_age == "at_event" else detail


def _detail(found: pl.DataFrame, areas: Sequence[str], years: Sequence[int], stock: Array) -> Array:
    """Return (years, areas, 2, 101); age groups, and both sexes together, are shared out by the people there are."""
    values = np.zeros((years[-1] - years[0] + 1, len(areas), len(SEXES), AGES))
    seen = np.zeros(len(values), dtype=bool)
    living = np.nan_to_num(stock) + 1e-9
    sexes = SEXES if found["sex"].is_in(SEXES).any() else (TOTAL,)
    spans = _finest([str(code) for code in found["age"].unique().to_list() if code != TOTAL])
    kept = found.filter(pl.col("sex").is_in(sexes), pl.col("age").is_in(list(spans)))
    kept = kept.filter(pl.col("year").is_between(years[0], years[-1])).with_columns(pl.col("year") - years[0], _place(areas))
    for (code, sex), part in kept.partition_by("age", "sex", as_dict=True).items():
        first, last = spans[str(code)]
        which = slice(0, 2) if sex == TOTAL else slice(SEXES.index(str(sex)), SEXES.index(str(sex)) + 1)
        year, area, counted = (part[name].to_numpy() for name in ("year", "area", "value"))
        if first == last and sex != TOTAL:
            values[year, area, which.start, first] = counted
        else:
            weights = living[year, area][:, which, first : last + 1]
            share = weights / weights.sum(axis=(1, 2), keepdims=True)
            values[year, area, which, first : last + 1] += share * counted[:, None, None]
        seen[year] = True
    values[~seen] = np.nan
    return values


def _finest(codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the ages of the codes that do not overlap, the narrowest first: groups beside single years are left out."""
    spans = {code: tuple(min(age, AGES - 1) for age in age_bounds(code)) for code in codes}
    taken = np.zeros(AGES, dtype=bool)
    kept: dict[str, tuple[int, int]] = {}
    for code, (first, last) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
        if not taken[first : last + 1].any():
            taken[first : last + 1] = True
            kept[code] = (first, last)
    return kept


def _place(areas: Sequence[str]) -> pl.Expr:
    return pl.col("area").replace_strict(list(areas), list(range(len(areas))), return_dtype=pl.Int64)


def _totals(found: pl.DataFrame, areas: Sequence[str], years: Sequence[int]) -> Array | None:
    whole = found.filter(pl.col("year").is_between(years[0], years[-1]), pl.col("age") == TOTAL)
    if whole.is_empty():
        return None
    kept = whole.filter(pl.col("sex") == TOTAL) if (whole["sex"] == TOTAL).any() else whole
    sums = kept.group_by("year", "area").agg(pl.col("value").sum()).with_columns(pl.col("year") - years[0], _place(areas))
    values = np.full((years[-1] - years[0] + 1, len(areas)), np.nan)
    values[sums["year"].to_numpy(), sums["area"].to_numpy()] = sums["value"].to_numpy()
    return values


def _half_older(events: Array) -> Array:
    """Move events from the age at the event to that at the end of the year: half of them have their birthday to come."""
    moved = 0.5 * events
    moved[..., 1:] += 0.5 * events[..., :-1]
    moved[..., -1] += 0.5 * events[..., -1]
    return moved


def _half_younger(mothers: Array) -> Array:
    """Move births from mothers' age at the end of the year to that at birth."""
    moved = 0.5 * mothers
    moved[..., :-1] += 0.5 * mothers[..., 1:]
    moved[..., 0] += 0.5 * mothers[..., 0]
    return moved
