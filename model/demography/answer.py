"""The answer as a sentence: number, interval, change, difference to the trend, reasons; German and English."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from model.catalogue import Words
from model.demography.bands import Band, Contrast, Places
from model.demography.decompose import Reasons
from model.demography.measures import Measure
from model.demography.projection import Projection

REASONS = {
    "ageing": Words("Älterwerden", "ageing in place"),
    "births": Words("Geburten", "births"),
    "deaths": Words("Sterbefälle", "deaths"),
    "outside": Words("Zu- und Fortzüge", "arrivals and departures"),
    "inside": Words("Umzüge in der Stadt", "moves inside the city"),
    "housing": Words("neue Wohnungen", "new dwellings"),
}


@dataclass(frozen=True)
class Answer:
    """One figure with everything that belongs to it; `difference` is that to the baseline, None under the trend itself."""

    measure: Measure
    place: str
    start_year: int
    year: int
    start: float
    value: float
    lower: float
    upper: float
    level: float
    difference: tuple[float, float, float] | None = None
    reasons: tuple[tuple[str, float], ...] = ()

    @property
    def where(self) -> str:
        """Return the place with its preposition; a place that brings its own (im Bahnhofsviertel) keeps it."""
        return self.place if self.place.startswith(("in ", "im ")) else f"in {self.place}"

    def sentence(self) -> Words:
        """Return the answer in words."""
        return Words(*(self._sentence(language) for language in ("de", "en")))

    def headline(self, language: str) -> str:
        """Return the figure with interval and change, without a full stop: the title of a page."""
        return self._figure(language).removesuffix(".")

    def detail(self, language: str) -> str:
        """Return what the assumptions make and why it changes."""
        return (self._difference(language) + self._reasons(language)).strip()

    def _sentence(self, language: str) -> str:
        return self._figure(language) + self._difference(language) + self._reasons(language)

    def _figure(self, language: str) -> str:
        german = language == "de"
        figure, unit, decimals = self.measure.title.of(language), self.measure.unit.of(language), self.measure.decimals
        value, low, high = (spell(x, decimals, language) for x in (self.value, self.lower, self.upper))
        change = spell(self.value - self.start, decimals, language, signed=True) + self._points(language)
        amount = f"{value}%" if unit == "%" and not german else f"{value}\u00a0{unit}"
        tenths = round(10 * self.level)
        if german:
            sure = f"in {tenths} von 10 Fällen {low} bis {high}"
            text = f"{figure} {self.year} {self.where}: {amount} ({sure}), {change} gegenüber {self.start_year}."
        else:
            sure = f"{tenths} times in 10: {low} to {high}"
            text = f"{figure} {self.where} in {self.year}: {amount} ({sure}), {change} since {self.start_year}."
        return text

    def _points(self, language: str) -> str:
        """Return the unit of a change where it is another than that of the figure."""
        if self.measure.unit.of("en") != "%":
            return ""
        return " Prozentpunkte" if language == "de" else " percentage points"

    def _difference(self, language: str) -> str:
        """Say what the assumptions make; their interval takes longer to find than the rest and may be nan."""
        if self.difference is None:
            return ""
        more, low, high = (spell(x, self.measure.decimals, language, signed=True) for x in self.difference)
        more += self._points(language)
        if isnan(self.difference[1]):
            return f" Die Annahmen machen {more} aus." if language == "de" else f" The assumptions make {more}."
        if language == "de":
            return f" Die Annahmen machen {more} aus ({low} bis {high})."
        return f" The assumptions make {more} ({low} to {high})."

    def _reasons(self, language: str) -> str:
        told = [f"{REASONS[name].of(language)} {spell(x, 0, language, signed=True)}" for name, x in self.reasons if abs(x) >= 0.5]
        if not told:
            return ""
        return f" {'Warum' if language == 'de' else 'Why'}: {', '.join(told)}."


def answer(
    projection: Projection,
    where: Places,
    place: str,
    year: int,
    band: Band,
    *,
    title: str = "",
    contrast: Contrast | None = None,
    why: Reasons | None = None,
) -> Answer:
    """Return the figure of `band`'s measure at `place` in `year`; `title` is the place's name on the screen.

    `why` are the reasons of the same group of ages at the areas of the place, from the jump-off year to `year`.
    """
    position, number = where.position(place), year - projection.year
    central = where.values(projection.stock, band.measure)
    lower, upper = band.around(central)
    ends = None if contrast is None else (contrast.central, contrast.lower, contrast.upper)
    difference = None if ends is None else tuple(float(end[number, position]) for end in ends)
    members = where.members[position]
    parts = () if why is None else tuple((name, float(members @ values)) for name, values in why.parts.items())
    return Answer(
        band.measure,
        title or place,
        projection.year,
        year,
        float(central[0, position]),
        float(central[number, position]),
        float(lower[number, position]),
        float(upper[number, position]),
        band.level,
        difference,  # type: ignore[arg-type]
        parts,
    )


def spell(number: float, decimals: int, language: str, *, signed: bool = False) -> str:
    """Return a number as the rest of the screen writes it: decimal comma and narrow spaces in German, a true minus sign."""
    rounded = round(number, decimals) + 0.0
    text = f"{abs(rounded):,.{decimals}f}"
    if language == "de":
        text = text.replace(",", "\u202f").replace(".", ",")
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else "±" if signed else ""
    return sign + text
