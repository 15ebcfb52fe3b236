"""Files of all other offices, each in a layout of its own, with the blemishes real files have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generator.debt import AGE_GROUPS
from generator.society import Facts, Setting
from generator.write import Map, lines, number, official, workbook

QUARTERS_SINCE = 2015
SEASON = (1.06, 1.00, 0.99, 0.95)
SEX_LABELS = {"GESW": "weiblich", "GESM": "männlich", "": "Insgesamt"}
UNPLACED = 0.012  # share of cases the agency could not place


def households(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write an Excel table with two header rows, the year above and the figure below."""
    titles = {
        "households": "Haushalte",
        "households_single": "Einpersonenhaushalte",
        "alone_65plus": "Alleinlebende ab 65",
        "households_children": "Haushalte mit Kindern",
        "single_parents": "Alleinerziehende",
        "loneliness_index": "Einsamkeitsindex",
    }
    upper: list[str | float | None] = ["", ""]
    upper += [str(year) if not k else "" for year in s.years for k in range(len(titles))]
    rows: list[list[str | float | None]] = [upper, ["Schlüssel", "Stadtteil", *(t for _ in s.years for t in titles.values())]]
    for i, place in enumerate(city.places):
        rows.append([place.code, place.name, *(float(facts[k][i, t]) for t in range(len(s.years)) for k in titles)])
    workbook(folder / "haushalte.xlsx", "Haushalte", "Haushalte in Musterstadt (synthetische Daten)", rows)


def labour(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write the annual figures as GENESIS flat CSV and the quarters as a wide CSV, both by the boundaries of their time."""
    lines(folder / "13211-K01_de_flat.csv", _flat(city, s, facts), encoding="utf-8-sig")
    lines(folder / "arbeitslose_quartale.csv", _quarters(city, s, facts["unemployed"]), encoding="cp1252")


def _flat(city: Map, s: Setting, facts: Facts) -> Iterator[list[str]]:
    head = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
    for k in (1, 2):
        head += [f"{k}_variable_{part}" for part in ("code", "label", "attribute_code", "attribute_label")]
    yield [*head, "value", "value_unit", "value_variable_code", "value_variable_label", "value_q"]
    for code, label, sex, values, unplaced in _measures(facts):
        for area, row in (city.former(values, s.years) | city.upper(values, unplaced)).items():
            for year, value in zip(s.years, row, strict=True):
                if np.isnan(value):
                    continue
                table = ["13211", "Arbeitsmarktstatistik (synthetisch)", "JAHR", "Jahr", str(year)]
                place = ["STTEIL", "Stadtteile", area, city.names[area], "GES", "Geschlecht", sex, SEX_LABELS[sex]]
                cell = official(value, below=0 if code == "ERWP" else 10)
                yield [*table, *place, cell, "Anzahl", code, label, "p" if year == s.years[-1] else "e"]


def _measures(facts: Facts) -> list[tuple[str, str, str, np.ndarray, np.ndarray]]:
    """Return code, label, sex, area × year and cases without an address of each measure; the sexes add up."""
    women, men = facts["unemployed_women"], facts["unemployed"] - facts["unemployed_women"]
    both = _unplaced(women) + _unplaced(men)
    totals = [
        ("ERWP", "Zivile Erwerbspersonen", facts["labour_force"]),
        ("ALOL", "Langzeitarbeitslose", facts["unemployed_long"]),
        ("ALOJ", "Arbeitslose unter 25 Jahren", facts["unemployed_young"]),
        ("SVB", "Sozialversicherungspflichtig Beschäftigte am Wohnort", facts["employees"]),
    ]
    return [
        ("ALO", "Arbeitslose", "GESW", women, _unplaced(women)),
        ("ALO", "Arbeitslose", "GESM", men, _unplaced(men)),
        ("ALO", "Arbeitslose", "", facts["unemployed"], both),
        *((code, label, "", values, _unplaced(values)) for code, label, values in totals),
    ]


def _unplaced(values: np.ndarray) -> np.ndarray:
    return np.round(UNPLACED * values.sum(axis=0))


def _quarters(city: Map, s: Setting, unemployed: np.ndarray) -> Iterator[list[str]]:
    years = s.years[s.years >= QUARTERS_SINCE]
    steps = np.repeat(years, 4)
    yield ["Gebiet", "Name", *(f"{y}-Q{k % 4 + 1}" for k, y in enumerate(steps))]
    at = (np.arange(len(steps)) + 0.5) / 4 + QUARTERS_SINCE
    smooth = np.stack([np.interp(at, s.years + 0.5, row) for row in unemployed])
    values = np.round(smooth * np.tile(SEASON, len(years)))
    rows = city.former(values, steps) | city.upper(values, _unplaced(values))
    for area, row in rows.items():
        yield [area, city.names[area], *("" if np.isnan(v) else official(v, below=10) for v in row)]


def social(folder: Path, city: Map, s: Setting, facts: Facts, rng: np.random.Generator) -> None:
    """Write wide tables with a title line above and footnotes below, in the old Western encoding."""
    titles = {
        "benefit_recipients": "grundsicherung",
        "benefit_children": "grundsicherung_kinder",
        "old_age_support": "grundsicherung_alter",
        "housing_benefit": "wohngeld",
        "refugee_housing": "unterkuenfte",
    }
    notes = [
        ["Zeichen: - nichts vorhanden, . Zahlenwert unbekannt oder geheim zu halten"],
        ["© Stadt Musterstadt, Amt für Soziales (synthetische Daten)"],
    ]
    for name, file in titles.items():
        rows = city.current(facts[name]) | city.upper(facts[name])
        body = [[area, city.names[area], *(official(v, below=4) for v in row)] for area, row in rows.items()]
        head = [[f"Stand am 31. Dezember: {file}"], ["Nr.", "Stadtteil", *(f"31.12.{y}" for y in s.years)]]
        lines(folder / f"{file}.csv", [*head, *body, *notes], encoding="cp1252")
    lines(folder / "hilfen.csv", _help(city, s, facts, rng), separator="\t")


def _help(city: Map, s: Setting, facts: Facts, rng: np.random.Generator) -> Iterator[list[str]]:
    """Yield a long table of two delicate figures; some cases have no address."""
    yield ["bezirk", "stadtteil", "jahr", "hilfen_zur_erziehung", "drohende_wohnungslosigkeit"]
    lost = rng.poisson(0.06 * facts["homelessness_risk"].sum(axis=0)), rng.poisson(0.01 * facts["help_upbringing"].sum(axis=0))
    for k, year in enumerate(s.years):
        for i, place in enumerate(city.places):
            yield [
                place.district,
                place.code,
                str(year),
                str(int(facts["help_upbringing"][i, k])),
                str(int(facts["homelessness_risk"][i, k])),
            ]
        yield ["", "nicht zuordenbar", str(year), str(int(lost[1][k])), str(int(lost[0][k]))]


def credit(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write a long table in the international manner (comma, one line a cell) by the boundaries of their time."""
    lines(folder / "overindebtedness.csv", _credit(city, s, facts["debt_adults"], facts["overindebted"]), separator=",")


def _credit(city: Map, s: Setting, adults: np.ndarray, cases: np.ndarray) -> Iterator[list[str]]:
    yield ["area_code", "area_name", "year", "age_group", "adults", "overindebted", "overindebted_60plus"]
    for k, group in enumerate([*AGE_GROUPS, "total"]):
        picked = (adults[:, k], cases[:, k]) if group != "total" else (adults.sum(axis=1), cases.sum(axis=1))
        old = cases[:, 4:].sum(axis=1)
        tables = [city.former(v, s.years) | city.upper(v) for v in (*picked, old)]
        for area in tables[0]:
            for year, n, hit, aged in zip(s.years, *(t[area] for t in tables), strict=True):
                if np.isnan(n):
                    continue
                counted = [official(hit, below=10), official(aged, below=10) if group == "total" else ""]
                yield [area, city.names[area], str(year), group, str(int(n)), *counted]


def debt_advice(folder: Path, city: Map, s: Setting, facts: Facts, clients: np.ndarray) -> None:
    """Write clients by half-year in long form with people who gave no address, and insolvencies by year."""
    rows = [["Stadtteil", "Halbjahr", "Ratsuchende"]]
    for k in range(clients.shape[1]):
        half = f"{s.years[k // 2]}-H{k % 2 + 1}"
        rows += [[p.name, half, str(int(clients[i, k]))] for i, p in enumerate(city.places)]
        rows.append(["ohne Angabe", half, str(round(0.04 * clients[:, k].sum()))])
    lines(folder / "schuldnerberatung.csv", rows, separator="|")
    head = ["Stadtteil", *(f"Insolvenzen {y}" for y in s.years)]
    body = [[p.code, *(str(int(v)) for v in facts["insolvencies"][i])] for i, p in enumerate(city.places)]
    lines(folder / "insolvenzen.csv", [head, *body])


def kommonitor(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write one file per figure in the layout of KomMonitor: ID, NAME and one column per key date."""
    decimals = {"rent_paid": 1, "tenant_income": 1, "rent_sqm": 2}
    names = (
        "dwellings",
        "dwellings_completed",
        "tenants",
        "rent_paid",
        "tenant_income",
        "rent_sqm",
        "social_dwellings",
        "living_space",
    )
    for name in names:
        head = ["ID", "NAME", *(f"{y}-12-31" for y in s.years)]
        body = [[p.code, p.name, *(number(v, decimals.get(name, 0)) for v in facts[name][i])] for i, p in enumerate(city.places)]
        lines(folder / f"{name}.csv", [head, *body])


def schools(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write day care by key date and schools by school year, with areas where day care does not apply."""
    daycare = {
        "children_under3": "Kinder unter 3",
        "daycare_under3": "betreute Kinder unter 3",
        "daycare_places_under3": "Plätze unter 3",
        "children_3to5": "Kinder von 3 bis 5",
        "daycare_places_3to5": "Plätze von 3 bis 5",
    }
    rows = [["Kennziffer", "Stadtteil", "Name", *(str(y) for y in s.years)]]
    for name, title in daycare.items():
        series = city.current(facts[name]) | city.upper(facts[name])
        rows += [[title, area, city.names[area], *map(official, row)] for area, row in series.items()]
    lines(folder / "kita.csv", rows)
    school = {
        "school_starters": "Untersuchte",
        "school_starters_german": "Förderbedarf Deutsch",
        "school_transfers": "Übergänge",
        "school_transfers_grammar": "Übergänge Gymnasium",
    }
    rows = [["Kennziffer", "Stadtteil", *(f"{y}/{(y + 1) % 100:02d}" for y in s.years)]]
    for name, title in school.items():
        gone = (2020, 2021) if name == "school_starters_german" else ()  # no examinations in the pandemic
        rows += [
            [title, p.code, *("..." if y in gone else official(v) for y, v in zip(s.years, facts[name][i], strict=True))]
            for i, p in enumerate(city.places)
        ]
    lines(folder / "schule.csv", rows)


def health(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write care statistics of every second year and doctors, the years in rows and the figures in columns."""
    rows = [["Jahr", "Stadtteil", "Pflegebedürftige", "Heimplätze", "Heimbewohner", "Hausärzte"]]
    names = ("care_recipients", "care_home_places", "care_home_residents", "family_doctors")
    for k, year in enumerate(s.years):
        for i, place in enumerate(city.places):
            cells = [official(facts[n][i, k]) for n in names]
            if year % 2 == 0 or year == s.years[-1]:
                cells[0] = "..."
            rows.append([str(year), place.code, *cells])
    lines(folder / "pflege_und_aerzte.csv", rows)


def economy(folder: Path, city: Map, s: Setting, facts: Facts) -> None:
    """Write a long table with dots for thousands; the last trade tax is not yet known."""
    names = {
        "jobs": "Beschäftigte am Arbeitsort",
        "businesses": "Betriebe",
        "businesses_founded": "Gewerbeanmeldungen",
        "businesses_closed": "Gewerbeabmeldungen",
        "purchasing_power": "Kaufkraft je Einwohner",
        "trade_tax": "Gewerbesteuer (Mio. Euro)",
    }
    rows = [["Merkmal", "Gebiet", "Stichtag", "Wert"]]
    for name, title in names.items():
        for i, place in enumerate(city.places):
            for year, value in zip(s.years, facts[name][i], strict=True):
                late = name == "trade_tax" and year == s.years[-1]
                cell = "..." if late else number(value, 2 if name == "trade_tax" else 0, ".")
                rows.append([title, place.code, f"31.12.{year}", cell])
    lines(folder / "wirtschaft.csv", rows)


def keys(path: Path, city: Map, s: Setting) -> None:
    """Write how an old area's counts go over to the new ones: by residents at the end of the year before the reform."""
    rows = [["from", "to", "period", "share"]]
    index = {p.code: i for i, p in enumerate(city.places)}
    for reform in city.reforms:
        people = {c: float(s.aged(0)[index[c], np.searchsorted(s.years, reform.year - 1)]) for c in reform.parts}
        rows += [[reform.code, c, f"{reform.year}-01-01", f"{n / sum(people.values()):.6f}"] for c, n in people.items()]
    lines(path, rows, separator=",")
