"""Levers in plain words, as frozen values: bounds, units, sources, and how they are written in a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from model.catalogue import Words
from model.demography.housing import move_in
from model.errors import PackageError, ProjectionError, UnknownName

ALL = "all"

ByArea = tuple[tuple[str, float], ...]
ByAreaAndYear = tuple[tuple[str, int, float], ...]


@dataclass(frozen=True)
class Lever:
    """What a user may move: bounds and unit of its value, what it does, where the assumption comes from."""

    id: str
    title: Words
    unit: Words
    low: float
    high: float
    step: float
    help: Words
    source: Words
    by: str = "city"  # city · area · area and year


_PER_CENT = Words("% des Trends", "% of the trend")
_YEARS = Words("Jahre", "years")
_OWN = Words("eigene Annahme; 100 = Mittel der letzten Jahre", "your assumption; 100 = mean of recent years")
_L2 = Words("Destatis, 14. koordinierte Vorausberechnung, Annahme L2: 84,4 (m) und 88,1 (w) Jahre bis 2060",
            "Destatis, 14th coordinated projection, assumption L2: 84.4 (m) and 88.1 (f) years by 2060")  # fmt: skip
_G = Words("Destatis: 1,35 (2023), 1,55 (Annahme G2 der 14. Vorausberechnung)", "Destatis: 1.35 (2023), 1.55 (assumption G2)")

LEVERS: dict[str, Lever] = {
    lever.id: lever
    for lever in (
        Lever("tfr", Words("Kinder je Frau", "Children per woman"), Words("Kinder", "children"), 0.8, 2.5, 0.05,
              Words("wird in fünf Jahren erreicht", "reached within five years"), _G),
        Lever("life_expectancy_f", Words("Lebenserwartung Frauen", "Life expectancy, women"), _YEARS, 78.0, 95.0, 0.1,
              Words("bei Geburt, im letzten Jahr", "at birth, in the last year"), _L2),
        Lever("life_expectancy_m", Words("Lebenserwartung Männer", "Life expectancy, men"), _YEARS, 72.0, 93.0, 0.1,
              Words("bei Geburt, im letzten Jahr", "at birth, in the last year"), _L2),
        Lever("arrivals", Words("Zuzüge von außen", "Arrivals from outside"), _PER_CENT, 0.0, 300.0, 5.0,
              Words("ab dem ersten Jahr", "from the first year on"), _OWN, "area"),
        Lever("departures", Words("Fortzüge nach außen", "Departures to outside"), _PER_CENT, 0.0, 300.0, 5.0,
              Words("gemessen am Anteil, der fortzieht", "measured by the share that leaves"),
              _OWN, "area"),
        Lever("dwellings", Words("Neue Wohnungen über den Trend hinaus", "New dwellings beyond the trend"),
              Words("Wohnungen", "dwellings"), 0.0, 5000.0, 10.0,
              Words("bezogen im genannten Jahr", "occupied in the year given"),
              Words("Bauprogramm der Stadt", "the city's building programme"), "area and year"),
        Lever("occupancy", Words("Menschen je neuer Wohnung", "People per new dwelling"), Words("Personen", "people"),
              0.8, 6.0, 0.1, Words("sonst nach Art des Bezugs", "else by kind of move-in"), Words("Annahme", "assumption")),
        Lever("from_city", Words("Anteil aus der Stadt selbst", "Share from the city itself"), Words("%", "%"), 0.0, 100.0, 5.0,
              Words("Rest zieht von außen zu", "the rest arrives from outside"), Words("Annahme", "assumption")),
        Lever("care_places", Words("Zusätzliche Pflegeheimplätze", "Additional care-home places"), Words("Plätze", "places"),
              -1000.0, 1000.0, 10.0, Words("ab dem genannten Jahr, voll belegt", "from the year given on, all taken"),
              Words("Pflegebedarfsplanung", "care planning"), "area and year"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Levers:
    """Where the levers stand; the value made without arguments is neutral. Percentages: 100 is the trend."""

    tfr: float | None = None
    life_expectancy_f: float | None = None
    life_expectancy_m: float | None = None
    arrivals: ByArea = ()
    departures: ByArea = ()
    dwellings: ByAreaAndYear = ()
    move_in: str = "mixed"
    occupancy: float | None = None
    from_city: float = 40.0
    care_places: ByAreaAndYear = ()

    @property
    def neutral(self) -> bool:
        """Tell whether nothing is moved; who would move into dwellings that nobody builds does not matter."""
        single = (self.tfr, self.life_expectancy_f, self.life_expectancy_m)
        moves = [value for _, value in (*self.arrivals, *self.departures) if value != 100.0]
        built = [value for *_, value in (*self.dwellings, *self.care_places) if value != 0.0]
        return all(value is None for value in single) and not moves and not built


NEUTRAL = Levers()


def check(levers: Levers) -> None:
    """Refuse a value outside its lever's bounds. Raises ProjectionError or UnknownName."""
    move_in(levers.move_in)
    for id, lever in LEVERS.items():
        value = getattr(levers, id)
        values = [entry[-1] for entry in value] if isinstance(value, tuple) else [value]
        for number in values:
            if number is not None and not lever.low <= number <= lever.high:
                bounds = f"Choose {lever.low:g} to {lever.high:g} {lever.unit.en}."
                raise ProjectionError(f"{id} = {number:g} is out of bounds.", hint=bounds)


_SETTING = re.compile(r"(?P<id>[a-z_]+)(?:\[(?P<area>[^,\]]+)(?:,(?P<first>\d{4})(?:-(?P<last>\d{4}))?)?\])?=(?P<value>[^=]+)")


def parse_settings(settings: Iterable[str]) -> Levers:
    """Return the levers written as `tfr=1.6`, `arrivals=120`, `arrivals[0201]=150`, `dwellings[0201,2027-2030]=300`.

    Dwellings and care places over several years are spread evenly. Raises ProjectionError or UnknownName.
    """
    values: dict[str, object] = {}
    for setting in settings:
        match = _SETTING.fullmatch(setting.replace(" ", ""))
        if match is None:
            raise ProjectionError(f"{setting!r} is not a lever.", hint="Write tfr=1.6 or dwellings[AREA,2027-2030]=300.")
        id = match["id"]
        if id not in (f.name for f in fields(Levers)):
            raise UnknownName("Lever", id, [f.name for f in fields(Levers)])
        if id == "move_in":
            values[id] = match["value"]
        else:
            _add(values, id, match)
    levers = Levers(**values)  # type: ignore[arg-type]
    check(levers)
    return levers


def _add(values: dict[str, object], id: str, match: re.Match[str]) -> None:
    try:
        number = float(match["value"])
    except ValueError:
        raise ProjectionError(f"{match['value']!r} is not a number.", where=id) from None
    by, area = LEVERS[id].by, match["area"]
    kept = values.get(id, ())
    assert isinstance(kept, tuple)
    if by == "city":
        if area is not None:
            raise ProjectionError(f"{id} holds for the whole city.", hint=f"Write {id}={match['value']}.")
        values[id] = number
    elif by == "area":
        values[id] = (*kept, (area or ALL, number))
    elif area is None or match["first"] is None:
        raise ProjectionError(f"{id} needs an area and a year.", hint=f"Write {id}[AREA,2030]={match['value']}.")
    else:
        years = range(int(match["first"]), int(match["last"] or match["first"]) + 1)
        if not years:
            raise ProjectionError(f"{match['first']}-{match['last']} is not a span of years.", where=id)
        values[id] = (*kept, *((area, year, number / len(years)) for year in years))


def as_settings(levers: Levers) -> tuple[str, ...]:
    """Return the levers as settings that `parse_settings` reads back: the state of a link."""
    written = []
    for field in fields(Levers):
        value = getattr(levers, field.name)
        if value == field.default:
            continue
        if not isinstance(value, tuple):
            written.append(f"{field.name}={value:g}" if isinstance(value, float) else f"{field.name}={value}")
            continue
        for *where, number in value:
            place = "" if where == [ALL] else f"[{','.join(map(str, where))}]"
            written.append(f"{field.name}{place}={number:.10g}")
    return tuple(written)


def dwellings_over(areas: Sequence[str], number: float, first: int, last: int) -> ByAreaAndYear:
    """Return `number` dwellings spread evenly over `areas` and the years first…last: "300 flats in the north by 2030"."""
    years = range(first, last + 1)
    each = number / max(len(areas) * len(years), 1)
    return tuple((area, year, each) for area in areas for year in years)


def shared_out(levers: Levers, groups: Mapping[str, Sequence[str]]) -> Levers:
    """Return levers that name areas only: what is planned for one of `groups` is spread evenly over its areas."""

    def spread(wanted: ByAreaAndYear) -> ByAreaAndYear:
        return tuple(
            (area, year, number / len(groups.get(place, (place,))))
            for place, year, number in wanted
            for area in groups.get(place, (place,))
        )

    return replace(levers, dwellings=spread(levers.dwellings), care_places=spread(levers.care_places))


@dataclass(frozen=True)
class Preset:
    """A named position of the levers; the places of dwellings and care places may be groups of areas."""

    id: str
    title: Words
    levers: Levers
    settings: tuple[str, ...] = ()


PRESETS = (
    Preset("trend", Words("Trend", "Trend"), NEUTRAL),
    Preset("more_arrivals", Words("Mehr Zuzug", "More arrivals"), Levers(arrivals=((ALL, 115.0),))),
    Preset("no_migration", Words("Ohne Wanderung", "No migration"), Levers(arrivals=((ALL, 0.0),), departures=((ALL, 0.0),))),
)


def presets_of(declared: Iterable[Mapping[str, Any]]) -> tuple[Preset, ...]:
    """Return the general presets and those a package declares: id, title (de, en), settings as in `parse_settings`.

    Raises ProjectionError or UnknownName for settings that are none, PackageError for a preset without id or title.
    """
    general = [replace(preset, settings=as_settings(preset.levers)) for preset in PRESETS]
    own = []
    for raw in declared:
        try:
            id, title, settings = str(raw["id"]), Words(raw["title"]["de"], raw["title"]["en"]), tuple(raw["settings"])
        except (KeyError, TypeError) as error:
            hint = "A preset has id, title = { de, en } and settings."
            raise PackageError("A preset is not complete.", where="[demography] presets", hint=hint) from error
        own.append(Preset(id, title, parse_settings(settings), settings))
    return (*general, *own)
