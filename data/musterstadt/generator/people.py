"""The people of the invented city: one year after another, every person born, moved or buried exactly once.

Counts are whole numbers in arrays area × sex (0 women, 1 men) × age 0…100 (100 and over). Age is the year minus the
year of birth, so everybody in a cell belongs to one cohort and the account closes in every cell:

    residents(t, a) = residents(t−1, a−1) + arrivals − departures + moves_in − moves_out − deaths      (a ≥ 1)
    residents(t, 0) = births + arrivals − departures + moves_in − moves_out − deaths

with all movements at the age reached at the end of the year; the last class takes in 99 and 100+ of the year before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator import rates
from generator.places import Place

SEXES = ("F", "M")
AGES = 101
BURN_IN = 25  # years before the first, so that the pyramids have grown out of the moves themselves


@dataclass(frozen=True)
class People:
    """Residents at the end of each year and the movements during it; arrays area × sex × age × year.

    `births` is area × mother's age 15…49 × sex of the child × year.
    """

    years: np.ndarray
    residents: np.ndarray
    births: np.ndarray
    deaths: np.ndarray
    arrivals: np.ndarray
    departures: np.ndarray
    moves_in: np.ndarray
    moves_out: np.ndarray


@dataclass(frozen=True)
class Traits:
    """What the yearly step needs to know of each place, as arrays over areas."""

    arrive: np.ndarray  # area × sex × age, shares of people moving in that sum to 1
    settle: np.ndarray  # the same for moves inside the city
    leave: np.ndarray  # area × 1 × age, factor on the rates of leaving
    mortality: np.ndarray  # area × 1 × age
    fertility: np.ndarray  # area
    aims: np.ndarray  # area × year, residents wished for
    refuge: np.ndarray  # area × year, people arriving in refugee housing


def simulate(places: Sequence[Place], first: int, last: int, seed: int) -> People:
    """Return the city's people from the end of `first` to the end of `last`."""
    rng = np.random.default_rng([seed, 3])
    start = first - BURN_IN
    calendar = np.arange(start, last + 1)
    traits = _traits(places, calendar)
    state = rng.poisson(_pyramid(traits, start) * traits.aims[:, 0, None, None])
    stock, flows = [state], []
    for step in range(1, len(calendar)):
        state, flow = _year(state, int(calendar[step]), step, traits, rng)
        stock.append(state)
        flows.append(flow)
    return _collect(calendar, stock, flows, traits, first)


def _year(
    state: np.ndarray, year: int, step: int, traits: Traits, rng: np.random.Generator
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return residents at the end of `year` and its movements."""
    births = _births(state, year, traits, rng)
    cohort = np.zeros_like(state)
    cohort[:, :, 1:] = state[:, :, :-1]
    cohort[:, :, 100] += state[:, :, 100]
    cohort[:, :, 0] = births.sum(axis=1)
    deaths = rng.binomial(cohort, np.minimum(rates.mortality(year)[None] * traits.mortality, 1.0))
    left = cohort - deaths
    departures = rng.binomial(left, np.minimum(rates.DEPARTURE * traits.leave, 0.6))
    left = left - departures
    moves_out = rng.binomial(left, np.minimum(rates.MOVE * np.sqrt(traits.leave), 0.6))
    left = left - moves_out
    wanted = np.maximum(traits.aims[:, step] - left.sum(axis=(1, 2)), 0.12 * traits.aims[:, step] ** 0.95)
    moves_in = _share_out(moves_out.sum(axis=0), wanted, traits.settle, rng)
    arrivals = _arrive(wanted - moves_in.sum(axis=(1, 2)), year, step, traits, rng)
    flow = {
        "births": births,
        "deaths": deaths,
        "arrivals": arrivals,
        "departures": departures,
        "moves_in": moves_in,
        "moves_out": moves_out,
    }
    return left + moves_in + arrivals, flow


def _births(state: np.ndarray, year: int, traits: Traits, rng: np.random.Generator) -> np.ndarray:
    """Return births by area, mother's age 15…49 at the end of the year and sex of the child."""
    mothers = state[:, 0, 14:49]  # a year younger at the start
    births = rng.poisson(mothers * rates.fertility(year) * traits.fertility[:, None])
    girls = rng.binomial(births, rates.SHARE_GIRLS)
    return np.stack([girls, births - girls], axis=2)


def _share_out(pool: np.ndarray, wanted: np.ndarray, settle: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share the city's movers of each sex and age out to areas by room and liking; nobody is lost."""
    weights = np.moveaxis(settle * wanted[:, None, None], 0, -1) + 1e-12
    return np.moveaxis(rng.multinomial(pool, weights / weights.sum(axis=-1, keepdims=True)), -1, 0)


def _arrive(room: np.ndarray, year: int, step: int, traits: Traits, rng: np.random.Generator) -> np.ndarray:
    """Return arrivals from outside: as many as there is room for, never fewer than 2.5 per cent, and refugees."""
    arrive = traits.arrive * rates.cohort(year)
    arrive = arrive / arrive.sum(axis=(1, 2), keepdims=True)
    expected = np.maximum(room, 0.025 * traits.aims[:, step])[:, None, None] * arrive
    expected = expected + traits.refuge[:, step, None, None] * rates.refugees(year)[None]
    return rng.poisson(expected)


def _pyramid(traits: Traits, year: int) -> np.ndarray:
    """Return shares by area, sex and age to begin with: cohorts by size, thinned by age, and those who like the area."""
    flat = np.minimum(1.0, np.exp(-((np.arange(AGES) - 35.0).clip(0) ** 2) / 1300.0)) * rates.cohort(year)
    flat = np.broadcast_to(flat / flat.sum() / 2, traits.settle.shape)
    liked = traits.settle * rates.cohort(year)
    return 0.7 * flat + 0.3 * liked / liked.sum(axis=(1, 2), keepdims=True)


def _traits(places: Sequence[Place], calendar: np.ndarray) -> Traits:
    poor = np.array([p.deprivation for p in places])
    care = np.array([p.care / p.residents for p in places])
    arrive = np.stack([rates.profile(p.kind, "arrive") for p in places])
    settle = np.stack([rates.profile(p.kind, "settle") for p in places])
    settle = settle + care[:, None, None] * 18.0 * rates.CARE_HOME[None]
    frail = rates.CARE_HOME.mean(axis=0)[None, None] / rates.CARE_HOME.max()
    refuge = np.array([p.refuge for p in places])
    return Traits(
        arrive=arrive / arrive.sum(axis=(1, 2), keepdims=True),
        settle=settle,
        leave=np.stack([rates.leaving(p.kind) for p in places])[:, None, :],
        mortality=np.exp(0.09 * (poor - 0.3))[:, None, None] * (1 + 3.0 * care[:, None, None] * frail),
        fertility=np.exp(0.06 * poor) * np.array([rates.CHILDREN[p.kind] for p in places]),
        aims=np.stack([_aim(p, calendar) for p in places]),
        refuge=refuge[:, None] * rates.wave(calendar)[None],
    )


def _aim(place: Place, calendar: np.ndarray) -> np.ndarray:
    """Return the residents the place has room for in each year; new housing fills within about ten years."""
    if place.boom:
        done = 1 / (1 + np.exp(-(calendar - place.boom - 5.0) / 2.0))
    else:
        done = np.interp(calendar, [1990, 2005, 2011, 2025], [-0.1, 0.0, 0.1, 1.0])
    base = place.residents / (1 + place.growth)
    refuge = place.refuge * rates.occupied(calendar)
    return (base * (1 + place.growth * done) + refuge) * rates.city_growth(calendar)


def _collect(calendar: np.ndarray, stock: list, flows: list, traits: Traits, first: int) -> People:
    kept = slice(int(first - calendar[0]), None)
    series = {name: np.stack([f[name] for f in flows], axis=-1)[..., kept.start - 1 :] for name in flows[0]}
    return People(years=calendar[kept], residents=np.stack(stock, axis=-1)[..., kept], **series)
