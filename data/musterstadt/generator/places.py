"""The quarters of the invented city: where they lie, what they are like, and the reform of 2019."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

CITY = "00"
CITY_NAME = "Musterstadt"
DISTRICTS = {"01": "Mitte", "02": "Nord", "03": "Ost", "04": "Süd", "05": "West", "06": "Ortschaften"}
REFORM_YEAR = 2019


@dataclass(frozen=True)
class Place:
    """One Stadtteil.

    `x`, `y`: kilometres east and north of the market place. `kind` picks the age profile (people.PROFILES).
    `residents`: aim for the end of 2025; `growth`: change since 2005, relative. `deprivation`: standard scores in 2015,
    high is poor; `drift`: its change in ten years. `care`: care-home places; `refuge`: places for refugees.
    `boom`: year in which new housing begins (0: none).
    """

    code: str
    name: str
    x: float
    y: float
    kind: str
    residents: int
    growth: float
    deprivation: float
    drift: float
    care: int = 0
    refuge: int = 0
    boom: int = 0

    @property
    def district(self) -> str:
        """Return the code of the Stadtbezirk, the first digits of the area's own."""
        return self.code[:-2]


@dataclass(frozen=True)
class Reform:
    """One old area that was split into current ones on 1 January of `year`."""

    code: str
    name: str
    year: int
    parts: tuple[str, ...]


PLACES = (
    Place("0101", "Altstadt", 0.0, -0.7, "centre", 7900, 0.02, 0.1, -0.35, care=120),
    Place("0102", "Neustadt", 0.3, 1.0, "gentry", 10600, 0.07, 0.2, -0.75),
    Place("0103", "Bahnhofsviertel", -1.3, 0.9, "station", 8300, 0.06, 1.55, -0.10, refuge=120),
    Place("0104", "Universitätsviertel", 1.6, -0.6, "student", 9800, 0.10, 0.3, -0.20),
    Place("0105", "Am Wasserturm", -1.2, -1.3, "gentry", 9200, 0.05, -0.1, -0.60),
    Place("0201", "Nordstadt", 0.4, 2.6, "worker", 13800, 0.05, 1.15, -0.05),
    Place("0202", "Hafen", -2.9, 1.6, "harbour", 5900, 0.95, 0.2, -0.90, boom=2012),
    Place("0203", "Industriehafen", -5.1, 2.7, "industry", 410, -0.12, 0.9, 0.10),
    Place("0204", "Eichkamp", 2.3, 5.0, "suburb", 7200, -0.01, -0.3, 0.05),
    Place("0205", "Kreuzheide", -1.0, 4.3, "estate", 12900, -0.03, 1.75, 0.25, refuge=350),
    Place("0301", "Oststadt", 2.3, 1.5, "worker", 12700, 0.04, 0.65, -0.15, care=90),
    Place("0302", "Gartenstadt", 4.2, 2.7, "garden", 7600, -0.04, -0.4, 0.10, care=60),
    Place("0303", "Am Klinikum", 3.8, 0.6, "care", 5100, 0.02, 0.0, 0.00, care=340),
    Place("0304", "Lerchenfeld", 5.9, 1.0, "estate", 9700, 0.02, 1.35, 0.15, refuge=520),
    Place("0305", "Sonnenberg", 5.7, 4.2, "family", 7400, 0.34, -0.8, 0.00, boom=2006),
    Place("0401", "Südstadt", 0.5, -2.4, "bourgeois", 12300, 0.03, -0.6, -0.15, care=110),
    Place("0402", "Schlosspark", 2.4, -2.2, "wealthy", 5600, 0.00, -1.5, -0.05, care=80),
    Place("0403", "Mühlenviertel", 4.1, -1.9, "suburb", 8400, 0.02, -0.2, 0.00),
    Place("0404", "Waldhöhe", 2.0, -4.6, "wealthy", 4300, -0.05, -1.4, 0.05, care=70),
    Place("0501", "Weststadt", -2.9, -0.8, "worker", 13100, 0.04, 0.85, 0.05, care=100),
    Place("0502", "Rosenhang", -3.0, -2.7, "garden", 6900, -0.03, -0.5, 0.10),
    Place("0503", "Am Kanal", -4.9, -0.3, "worker", 8200, 0.01, 1.05, 0.20, refuge=180),
    Place("0505", "Westfeld-Dorf", -5.4, -2.4, "suburb", 6200, 0.02, -0.3, 0.00, care=50),
    Place("0506", "Neu-Westfeld", -7.2, -0.9, "suburb", 4500, 0.03, 0.3, 0.10),
    Place("0601", "Brunsrode", -2.6, 6.7, "village", 2900, -0.07, -0.7, 0.00),
    Place("0602", "Altenhagen", 8.7, 1.2, "village", 3300, -0.08, -0.5, 0.10, care=40),
    Place("0603", "Hohenlinde", 5.2, -4.6, "village", 2400, -0.09, -0.8, 0.05),
    Place("0604", "Kleinwiesen", -3.0, -5.7, "family", 3500, 0.22, -1.0, 0.00, boom=2016),
)
REFORMS = (Reform("0504", "Westfeld", REFORM_YEAR, ("0505", "0506")),)

_FIRST = (
    "Linden",
    "Eichen",
    "Mühlen",
    "Rosen",
    "Kirch",
    "Wiesen",
    "Hohen",
    "Alten",
    "Neuen",
    "Birken",
    "Stein",
    "Sand",
    "Brunnen",
    "Lerchen",
    "Schön",
    "Wolfs",
    "Heide",
    "Ziegel",
    "Kloster",
    "Garten",
)
_LAST = (
    "feld",
    "berg",
    "hof",
    "rode",
    "hagen",
    "au",
    "kamp",
    "heide",
    "winkel",
    "hain",
    "burg",
    "brück",
    "grund",
    "moor",
    "dorf",
    "büttel",
    "wiek",
    "tal",
    "höhe",
    "ufer",
    "garten",
    "siedlung",
    "mark",
)
_INNER = ("centre", "gentry", "station", "student", "gentry", "worker", "bourgeois")
_MIDDLE = ("worker", "suburb", "estate", "care", "bourgeois", "worker", "harbour")
_OUTER = ("suburb", "garden", "family", "wealthy", "village", "estate", "suburb")
_TYPICAL = {p.kind: p for p in reversed(PLACES)}


def city(areas: int, seed: int) -> tuple[tuple[Place, ...], dict[str, str], tuple[Reform, ...]]:
    """Return places, names of districts and reforms: Musterstadt for 28 areas, a larger city of its kind otherwise."""
    if areas == len(PLACES):
        return PLACES, DISTRICTS, REFORMS
    return _larger(areas, np.random.default_rng([seed, 1]))


def _larger(areas: int, rng: np.random.Generator) -> tuple[tuple[Place, ...], dict[str, str], tuple[Reform, ...]]:
    radius = 7.5 * np.sqrt(areas / len(PLACES))
    spots = _spread(areas, rng) * radius * (1.2, 1.0)
    order = np.argsort(np.hypot(spots[:, 0], spots[:, 1]))
    districts = max(2, areas // 12)
    sector = _sectors(spots, districts)
    names = _names(areas, rng)
    counts = dict.fromkeys(range(districts), 0)
    places = []
    for rank, i in enumerate(order):
        counts[sector[i]] += 1
        code = f"{sector[i] + 1:02d}{counts[sector[i]]:02d}"
        places.append(_like(code, names[rank], spots[i], rank / areas, rng))
    places.sort(key=lambda p: p.code)
    titles = {f"{k + 1:02d}": f"Bezirk {k + 1}" for k in range(districts)}
    first, second = places[0], places[1]
    reform = Reform(f"{first.district}99", f"{first.name} und {second.name}", REFORM_YEAR, (first.code, second.code))
    return tuple(places), titles, (reform,)


def _spread(areas: int, rng: np.random.Generator) -> np.ndarray:
    """Return points in the unit disc, dense in the middle: a sunflower with some unrest."""
    k = np.arange(areas)
    radius = ((k + 0.5) / areas) ** 0.7
    angle = k * np.pi * (3 - np.sqrt(5)) + rng.normal(0, 0.12, areas)
    radius = radius * (1 + rng.normal(0, 0.02, areas))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _sectors(spots: np.ndarray, districts: int) -> np.ndarray:
    """Return the district of each point: rings cut into sectors of about the same number of areas."""
    distance, angle = np.hypot(*spots.T), np.arctan2(spots[:, 1], spots[:, 0])
    ring = np.argsort(np.argsort(distance)) * 3 // len(spots)
    first, out = 0, np.zeros(len(spots), dtype=int)
    for k, cuts in enumerate(np.diff(np.linspace(0, districts, 4).round().astype(int))):
        inside = ring == k
        rank = np.argsort(np.argsort(angle[inside]))
        out[inside] = first + rank * max(cuts, 1) // max(inside.sum(), 1)
        first += cuts
    return np.minimum(out, districts - 1)


def _names(areas: int, rng: np.random.Generator) -> list[str]:
    pairs = [f"{a}{b}" for a in _FIRST for b in _LAST]
    repeated = pairs + [f"{pair}-{side}" for side in ("Nord", "Süd", "Ost", "West") for pair in pairs]
    return [repeated[i] for i in rng.permutation(len(pairs))[:areas]] + repeated[len(pairs) : max(areas, len(pairs))]


def _like(code: str, name: str, spot: np.ndarray, rank: float, rng: np.random.Generator) -> Place:
    """Return a place like one of Musterstadt's, with its own size and luck."""
    kinds = _INNER if rank < 0.25 else _MIDDLE if rank < 0.55 else _OUTER
    model = _TYPICAL[kinds[rng.integers(len(kinds))]]
    return replace(
        model,
        code=code,
        name=name,
        x=float(spot[0]),
        y=float(spot[1]),
        residents=int(model.residents * rng.lognormal(0, 0.2)),
        growth=model.growth + float(rng.normal(0, 0.03)),
        deprivation=model.deprivation + float(rng.normal(0, 0.3)),
        drift=model.drift + float(rng.normal(0, 0.1)),
    )
