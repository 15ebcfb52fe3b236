"""The command line of the room: project long tables, or a package."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from model.catalogue import read_package
from model.demography.baseline import Baseline, baseline
from model.demography.exchange import component_table, read_inputs, stock_table, write_together
from model.demography.fertility import SEX_RATIO
from model.demography.levers import parse_settings, shared_out
from model.demography.load import groups_of, observed_of
from model.demography.measures import MEASURES
from model.demography.observed import read_sources
from model.demography.projection import Projection, project
from model.demography.steer import run as steer_run
from model.errors import ProjectionError
from model.ingest.store import open_release
from model.settings import ROOT

FILES = ("population", "mortality", "fertility", "migration")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments of `project`."""
    parser.add_argument("package", nargs="?", help="folder of a data package; without it the four tables are needed")
    parser.add_argument("--population", type=Path, help="jump-off stock: area,sex,age,value")
    parser.add_argument("--mortality", type=Path, help="probability of dying q(x): year,sex,age,rate[,area]")
    parser.add_argument("--fertility", type=Path, help="births per woman: year,age,rate[,area]")
    parser.add_argument("--migration", type=Path, help="net migrants: year,sex,age,value[,area], or columns in and out")
    parser.add_argument("--years", type=int, help="number of years to project")
    parser.add_argument("--output", type=Path, help="where to write area,year,sex,age,value")
    parser.add_argument("--components", type=Path, help="where to write births, deaths and moves by area, year, sex, age")
    parser.add_argument("--sex-ratio", type=float, default=SEX_RATIO, help="boys per girl at birth (default 1.05)")
    parser.add_argument("--jump-off", type=int, help="year of the stock (default: the year before the first rates)")
    parser.add_argument("--set", action="append", default=[], metavar="LEVER=VALUE", help="a lever of a package's scenario")


def run(arguments: Namespace) -> int:
    """Project and write; return the exit code. Raises DatalabError with nothing written."""
    return _run_package(arguments) if arguments.package else _run_files(arguments)


def _run_files(arguments: Namespace) -> int:
    missing = [f"--{name}" for name in (*FILES, "years", "output") if getattr(arguments, name) is None]
    if missing:
        raise ProjectionError(f"{', '.join(missing)} is missing.", hint="Name a package or give all four tables.")
    if arguments.set:
        raise ProjectionError("--set steers a package, not tables.", hint="Change the tables themselves.")
    years = _years(arguments)
    inputs = read_inputs(
        *(getattr(arguments, name) for name in FILES), sex_ratio=arguments.sex_ratio, jump_off=arguments.jump_off
    )
    outcome = project(inputs.base, inputs.assumptions, years, components=arguments.components is not None)
    _write(arguments, outcome)
    for note in inputs.notes:
        print(note, file=sys.stderr)
    return 0


def _run_package(arguments: Namespace) -> int:
    given = [f"--{name}" for name in FILES if getattr(arguments, name) is not None]
    if given:
        raise ProjectionError(f"{', '.join(given)} and a package exclude each other.")
    if arguments.years is not None:
        _years(arguments)
    release = open_release(read_package(_folder(arguments.package)))
    sources = read_sources(release.package.folder)
    observed = observed_of(release, sources)
    until = None if arguments.years is None else observed.last_year + arguments.years
    base = baseline(observed, sources, until)
    groups = {**groups_of(release, base.base.areas), release.package.catalogue.top.code: base.base.areas}
    levers = shared_out(parse_settings(arguments.set), groups)
    outcome = steer_run(base, levers)
    if arguments.output is not None:
        _write(arguments, outcome)
    for line in _report(base, outcome):
        print(line)
    return 0


def _folder(package: str) -> Path:
    """Return the package's folder, named by path or by its name below data/."""
    path = Path(package)
    return path if path.is_dir() else ROOT / "data" / package


def _report(base: Baseline, outcome: Projection) -> list[str]:
    """Return what the projection says about the whole, line by line, every five years."""
    measures = ("population", "under_6", "aged_65_plus", "aged_80_plus", "old_age_dependency", "median_age")
    lines = [note.en for note in base.notes]
    lines.append("year  " + "  ".join(f"{name:>18}" for name in measures))
    for year in outcome.years:
        if year in (outcome.years[0], outcome.years[-1]) or year % 5 == 0:
            city = outcome.at(year).sum(axis=0)
            cells = (f"{float(MEASURES[name].compute(city)):18,.{MEASURES[name].decimals}f}" for name in measures)
            lines.append(f"{year}  " + "  ".join(cells))
    return lines


def _write(arguments: Namespace, outcome: Projection) -> None:
    files = {arguments.output: stock_table(outcome)}
    if arguments.components is not None:
        files[arguments.components] = component_table(outcome)
    write_together(files)


def _years(arguments: Namespace) -> int:
    if not 1 <= arguments.years <= 200:
        raise ProjectionError(f"--years {arguments.years} is outside 1…200.")
    if not 0.5 <= arguments.sex_ratio <= 2.0:
        raise ProjectionError(f"--sex-ratio {arguments.sex_ratio} is outside 0.5…2.")
    return int(arguments.years)
