"""Make the invented city: python data/musterstadt/generate.py [--areas 448 --first 2001 --seed 7 --into DIR].

Without arguments the files of this folder are made anew, to the byte. With `--into` a whole package is written elsewhere:
the hand-written metadata (package.toml, indicators.toml, sources.toml, recipes) is copied, the rest is generated.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generator import boundaries, debt, homes, offices, people, places, register, services, society, write  # noqa: E402

LAST = 2025
VINTAGE = "2026-06"


def main(arguments: list[str] | None = None) -> None:
    """Read the arguments and write the package."""
    parser = argparse.ArgumentParser(description="Make the invented city Musterstadt, or a larger one of its kind.")
    parser.add_argument("--areas", type=int, default=len(places.PLACES), help="number of Stadtteile (28 is Musterstadt)")
    parser.add_argument("--first", type=int, default=2005, help="first year")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--into", type=Path, default=HERE, help="folder of the package")
    parser.add_argument("--light", action="store_true", help="leave out births, deaths and moves by age (large benchmarks)")
    chosen = parser.parse_args(arguments)
    generate(chosen.into, areas=chosen.areas, first=chosen.first, seed=chosen.seed, light=chosen.light)


def generate(folder: Path, *, areas: int, first: int, seed: int, light: bool = False) -> None:
    """Write a package of `areas` Stadtteile from `first` to 2025 into `folder`."""
    if folder.resolve() != HERE:
        copy_metadata(folder, light=light)
        rename(folder / "package.toml", areas)
    quarters, districts, reforms = places.city(areas, seed)
    boundaries.write(folder / "areas", quarters, districts, reforms, seed)
    inhabitants = people.simulate(quarters, first, LAST, seed)
    s = society.setting(quarters, inhabitants, seed)
    facts, clients = all_facts(s, seed)
    city = write.Map(quarters, districts, reforms)
    publish(folder, city, s, facts, clients, seed, light=light)


def all_facts(s: society.Setting, seed: int) -> tuple[society.Facts, np.ndarray]:
    """Return every figure of every office by the id of its indicator, and clients of debt advice by half-year."""
    rng = np.random.default_rng([seed, 5])
    living = homes.households(s, rng)
    facts = {
        **society.population(s, rng),
        **society.work(s, rng),
        **society.benefits(s, rng),
        **living,
        **homes.dwellings(s, rng, living["households"]),
        **homes.rents(s, living["households"]),
        **services.schools(s, rng),
        **services.health(s, rng),
        **services.economy(s, rng),
        **debt.over_indebtedness(s, seed),
    }
    facts["loneliness_index"] = services.loneliness(s, facts)
    more, clients = services.advice(s, facts["overindebted"].sum(axis=1), rng)
    return {**facts, **more}, clients


def publish(
    folder: Path, city: write.Map, s: society.Setting, facts: society.Facts, clients: np.ndarray, seed: int, *, light: bool
) -> None:
    """Write the files of every office below `folder`."""
    sources = folder / "sources"
    register.publish(sources / "population_register" / VINTAGE, city, s, facts, by_age=not light)
    offices.households(sources / "households" / VINTAGE, city, s, facts)
    offices.labour(sources / "labour_agency" / VINTAGE, city, s, facts)
    offices.social(sources / "social_office" / VINTAGE, city, s, facts, np.random.default_rng([seed, 6]))
    offices.credit(sources / "credit_agency" / VINTAGE, city, s, facts)
    offices.debt_advice(sources / "debt_advice" / VINTAGE, city, s, facts, clients)
    offices.kommonitor(sources / "housing_office" / VINTAGE, city, s, facts)
    offices.schools(sources / "school_office" / VINTAGE, city, s, facts)
    offices.health(sources / "health_office" / VINTAGE, city, s, facts)
    offices.economy(sources / "economy_office" / VINTAGE, city, s, facts)
    offices.keys(folder / "areas" / "keys.csv", city, s)


def copy_metadata(folder: Path, *, light: bool) -> None:
    """Copy what is written by hand into another folder."""
    for path in sorted([*HERE.glob("*.toml"), *HERE.glob("areas/*.toml"), *HERE.glob("sources/*/*/*.toml")]):
        if light and path.name == "recipe-movements.toml":
            continue
        target = folder / path.relative_to(HERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def rename(package: Path, areas: int) -> None:
    """Give a larger city an id and a title of its own, so that nobody takes it for Musterstadt."""
    if areas != len(places.PLACES):
        text = package.read_text(encoding="utf-8")
        text = text.replace('id = "musterstadt"', f'id = "musterstadt-{areas}"').replace(
            '"Musterstadt (', f'"Musterstadt {areas} ('
        )
        package.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
