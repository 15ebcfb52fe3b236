"""Files of the population register: residents and movements by single year of age, and a table of key figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generator.people import AGES, People
from generator.society import Facts, Setting
from generator.write import Map, lines, number

SEX_WORDS = ("weiblich", "männlich", "insgesamt")
MOVEMENTS = {
    "deaths": "sterbefaelle",
    "arrivals": "zuzuege",
    "departures": "fortzuege",
    "moves_in": "umzuege_zu",
    "moves_out": "umzuege_fort",
}
GROUPS = {
    "unter 15": (0, 14),
    "unter 18": (0, 17),
    "unter 65": (0, 64),
    "15 bis 64": (15, 64),
    "20 bis 64": (20, 64),
    "65 und älter": (65, 100),
    "80 und älter": (80, 100),
}


def publish(folder: Path, city: Map, s: Setting, facts: Facts, *, by_age: bool = True) -> None:
    """Write the register's files into `folder`; without `by_age` the movements by age are left out."""
    lines(folder / "bevoelkerung_alter.csv", _by_age(city, s.people.residents, s.years))
    lines(folder / "merkmale.csv", _key_figures(city, s, facts))
    if by_age:
        for name, file in MOVEMENTS.items():
            lines(folder / f"{file}_alter.csv", _by_age(city, getattr(s.people, name), s.years))
        lines(folder / "geburten_alter_mutter.csv", _births(city, s.people))


def _by_age(city: Map, cells: np.ndarray, years: np.ndarray) -> Iterator[list[str]]:
    """Yield a wide table: sex × single age with both kinds of totals, one column a year. `cells`: area × 2 × 101 × year."""
    yield ["Stadtteil", "Geschlecht", "Alter", *(str(y) for y in years)]
    both = np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1)
    full = np.concatenate([both, both.sum(axis=2, keepdims=True)], axis=2).astype(np.int64)
    ages = [*(str(a) for a in range(AGES - 1)), "100 und älter", "insgesamt"]
    for place, rows in zip(city.places, full, strict=True):
        for sex, by_age in zip(SEX_WORDS, rows, strict=True):
            for age, row in zip(ages, by_age.tolist(), strict=True):
                yield [place.code, sex, age, *map(str, row)]


def _births(city: Map, people: People) -> Iterator[list[str]]:
    yield ["Stadtteil", "Alter der Mutter", "Geschlecht des Kindes", *(str(y) for y in people.years)]
    both = np.concatenate([people.births, people.births.sum(axis=2, keepdims=True)], axis=2)
    full = np.concatenate([both, both.sum(axis=1, keepdims=True)], axis=1)
    for place, rows in zip(city.places, full.tolist(), strict=True):
        for age, by_sex in zip([*map(str, range(15, 50)), "insgesamt"], rows, strict=True):
            for sex, row in zip(SEX_WORDS, by_sex, strict=True):
                yield [place.code, age, sex, *map(str, row)]


def _key_figures(city: Map, s: Setting, facts: Facts) -> Iterator[list[str]]:
    """Yield a long table: one number a row."""
    yield ["Schlüssel", "Stadtteil", "Stichtag", "Merkmal", "Geschlecht", "Wert"]
    people = s.people
    by_sex = {f"Einwohner {words}": people.residents[:, :, a : b + 1].sum(axis=2) for words, (a, b) in GROUPS.items()}
    by_sex |= {"Geburten": people.births.sum(axis=1)}
    words = {
        "deaths": "Sterbefälle",
        "arrivals": "Zuzüge",
        "departures": "Fortzüge",
        "moves_in": "Umzüge herein",
        "moves_out": "Umzüge hinaus",
    }
    by_sex |= {title: getattr(people, name).sum(axis=2) for name, title in words.items()}
    moves = people.arrivals - people.departures + people.moves_in - people.moves_out
    by_sex |= {"Wanderungssaldo": moves.sum(axis=2)}
    for title, cells in by_sex.items():
        full = np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1)
        for sex, values in zip(SEX_WORDS, np.moveaxis(full, 1, 0), strict=True):
            yield from _long(city, s.years, title, sex, values, 0)
    yield from _long(city, s.years, "Einwohner ohne deutschen Pass", "insgesamt", facts["residents_foreign"], 0)
    yield from _long(city, s.years, "Durchschnittsalter", "insgesamt", facts["mean_age"], 2)


def _long(city: Map, years: np.ndarray, title: str, sex: str, values: np.ndarray, decimals: int) -> Iterator[list[str]]:
    for place, row in zip(city.places, values.tolist(), strict=True):
        for year, value in zip(years, row, strict=True):
            yield [place.code, place.name, f"31.12.{year}", title, sex, number(value, decimals)]
