"""The sentences of the product in both languages, and the little grammar that fits names into them.

A title's gender is known only for common nouns of the field; every other title is put in front of a colon, which is always
correct. Judging words (favourable, unfavourable) appear only where the indicator has a direction.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from model.catalogue.entries import Indicator, Words
from model.profile.numbers import format_period

PHRASES: Final[dict[str, Words]] = {
    "value": Words("{subject} liegt {period} {place} bei {value}", "{subject} {place} is {value} {period}"),
    "value_colon": Words("{title}, {area}, {period}: {value}", "{title}, {area}, {period}: {value}"),
    "higher": Words(" – höher als in {city} insgesamt ({other})", " – higher than in {city} as a whole ({other})"),
    "lower": Words(" – niedriger als in {city} insgesamt ({other})", " – lower than in {city} as a whole ({other})"),
    "higher_judged": Words(
        " – höher und damit {judgement} als in {city} insgesamt ({other})",
        " – higher, and so {judgement}, than in {city} as a whole ({other})",
    ),
    "lower_judged": Words(
        " – niedriger und damit {judgement} als in {city} insgesamt ({other})",
        " – lower, and so {judgement}, than in {city} as a whole ({other})",
    ),
    "equal": Words(" – so hoch wie in {city} insgesamt", " – as high as in {city} as a whole"),
    "share_of_city": Words(" – das sind {share} von {city}", " – that is {share} of {city}"),
    "favourable": Words("günstiger", "more favourable"),
    "unfavourable": Words("ungünstiger", "less favourable"),
    "beyond_chance": Words("; der Unterschied ist größer als der Zufall", "; the difference is larger than chance"),
    "within_chance": Words("; der Unterschied liegt im Zufallsbereich", "; the difference is within chance"),
    "places": Words("{places} (1 = höchster Wert).", "{places} (1 = highest value)."),
    "suppressed": Words(
        "{title}, {area}, {period}: Der Wert wird geheim gehalten, weil zu wenige Fälle dahinterstehen. Das heißt nicht null.",
        "{title}, {area}, {period}: The value is confidential, because too few cases stand behind it. That does not mean zero.",
    ),
    "missing": Words(
        "{title}, {area}, {period}: Es ist kein Wert veröffentlicht.",
        "{title}, {area}, {period}: No value has been published.",
    ),
    "not_applicable": Words(
        "{title}, {area}, {period}: Der Wert lässt sich hier nicht bilden, weil die Bezugsgröße fehlt.",
        "{title}, {area}, {period}: There is no such value here, because there is nothing to relate it to.",
    ),
    "is_provisional": Words("Der Wert ist vorläufig.", "The value is provisional."),
    "is_estimated": Words("Der Wert ist geschätzt.", "The value is estimated."),
    "is_imputed": Words("Der Wert ist ergänzt, nicht gemessen.", "The value is imputed, not measured."),
    "is_forecast": Words("Der Wert ist eine Prognose.", "The value is a forecast."),
    "is_break": Words(
        "Er ist mit den Werten davor nicht vergleichbar.", "It cannot be compared with the values before it."
    ),
    "few_cases": Words("Wegen der wenigen Fälle ist er unsicher.", "It is uncertain, because there are few cases."),
    "rise": Words(
        "Gegenüber {period} ist der Wert um {change} gestiegen (von {before} auf {now})",
        "Since {period} the value has risen by {change} (from {before} to {now})",
    ),
    "fall": Words(
        "Gegenüber {period} ist der Wert um {change} gesunken (von {before} auf {now})",
        "Since {period} the value has fallen by {change} (from {before} to {now})",
    ),
    "steady": Words("Gegenüber {period} ist der Wert gleich geblieben", "Since {period} the value has stayed the same"),
    "change_beyond_chance": Words("; das ist mehr als Zufall", "; that is more than chance"),
    "change_within_chance": Words("; das liegt im Zufallsbereich", "; that is within chance"),
    "change_break": Words(
        "Ein Vergleich mit {period} ist nicht möglich: Dazwischen liegt ein Bruch in der Reihe.",
        "A comparison with {period} is not possible: there is a break in the series in between.",
    ),
    "change_suppressed": Words(
        "Der Wert für {period} wird geheim gehalten; die Veränderung lässt sich nicht angeben.",
        "The value for {period} is confidential; the change cannot be given.",
    ),
    "change_missing": Words(
        "Für {period} gibt es keinen Wert zum Vergleich.", "There is no value for {period} to compare with."
    ),
    "interval": Words(
        "Der Zufallsbereich (95\u00a0%) reicht von {lower} bis {upper}.", "The range of chance (95%) is {lower} to {upper}."
    ),
    "pair_higher": Words(
        "{title} {period}: {first} ({value}) liegt höher als {second} ({other})",
        "{title} {period}: {first} ({value}) lies higher than {second} ({other})",
    ),
    "pair_lower": Words(
        "{title} {period}: {first} ({value}) liegt niedriger als {second} ({other})",
        "{title} {period}: {first} ({value}) lies lower than {second} ({other})",
    ),
    "pair_equal": Words(
        "{title} {period}: {first} und {second} liegen gleichauf ({value})",
        "{title} {period}: {first} and {second} are level ({value})",
    ),
    "map_range": Words(
        "von {low} ({lowest}) bis {high} ({highest}), Median {median}",
        "from {low} ({lowest}) to {high} ({highest}), median {median}",
    ),
    "map_highest": Words("{title} {period} am höchsten in {names}", "{title} {period}: highest in {names}"),
    "all_equal": Words("{title} {period} überall gleich", "{title} {period}: the same everywhere"),
    "no_values": Words("{title} {period}: keine Werte", "{title} {period}: no values"),
    "city_value": Words("{city} insgesamt {value}.", "{city} as a whole {value}."),
    "empty_areas": Words("Ohne Wert: {parts}.", "Without a value: {parts}."),
    "ranking_top": Words(
        "{title} {period}: {first} auf Platz 1 ({high}), {last} auf dem letzten Platz ({low})",
        "{title} {period}: {first} comes first ({high}), {last} last ({low})",
    ),
    "ranking_above": Words(
        "{above} von {n} liegen über {city} insgesamt ({value}).", "{above} of {n} lie above {city} as a whole ({value})."
    ),
    "ranking_selected": Words("{area}: {value}, {places}.", "{area}: {value}, {places}."),
    "line_rise": Words("{title} {place} {first} {last} gestiegen", "{title} {place} rose {first} {last}"),
    "line_fall": Words("{title} {place} {first} {last} gesunken", "{title} {place} fell {first} {last}"),
    "line_steady": Words("{title} {place} {first} und {last} gleich hoch", "{title} {place} the same {first} and {last}"),
    "line_one": Words("{title} {place}: nur ein Wert", "{title} {place}: a single value"),
    "line_none": Words("{title} {place}: keine Werte", "{title} {place}: no values"),
    "line_ends": Words("Von {before} ({first}) auf {now} ({last}).", "From {before} ({first}) to {now} ({last})."),
    "line_peak": Words("Höchster Wert {high} ({at_high}), niedrigster {low} ({at_low}).",
                       "Highest value {high} ({at_high}), lowest {low} ({at_low})."),
    "line_break": Words("Bruch in der Reihe: {periods}.", "Break in the series: {periods}."),
    "line_empty": Words("Ohne Wert: {n} von {of} Zeiträumen.", "Without a value: {n} of {of} periods."),
    "scatter_none": Words(
        "Zwischen {x} und {y} zeigt sich kein Zusammenhang, der über den Zufall hinausgeht",
        "{x} and {y} show no relation beyond chance",
    ),
    "scatter_positive": Words(
        "Wo {x} höher ist, ist meist auch {y} höher: ein {strength} Zusammenhang",
        "Where {x} is higher, {y} is mostly higher too: a {strength} relation",
    ),
    "scatter_negative": Words(
        "Wo {x} höher ist, ist {y} meist niedriger: ein {strength} Zusammenhang",
        "Where {x} is higher, {y} is mostly lower: a {strength} relation",
    ),
    "scatter_few": Words("Zu wenige Gebiete mit beiden Werten: {x} und {y}", "Too few areas with both values: {x} and {y}"),
    "scatter_r": Words("r = {r} (95\u00a0%: {lower} bis {upper}), {n} Gebiete.", "r = {r} (95%: {lower} to {upper}), {n} areas."),
    "scatter_r_only": Words("r = {r}, {n} Gebiete.", "r = {r}, {n} areas."),
    "scatter_outliers": Words("Aus der Reihe fallen {names}.", "Off the line: {names}."),
    "scatter_caution": Words("Ein Zusammenhang ist noch keine Ursache.", "A relation is not yet a cause."),
    "weak": Words("schwacher", "weak"),
    "moderate": Words("mittlerer", "moderate"),
    "strong": Words("starker", "strong"),
    "spine_judged": Words(
        "{area} liegt bei {good} von {n} Indikatoren günstiger und bei {bad} ungünstiger als {city} insgesamt",
        "{area} is more favourable than {city} as a whole in {good} of {n} indicators, less favourable in {bad}",
    ),
    "spine_neutral": Words(
        "{area} liegt bei {above} von {n} Indikatoren über und bei {below} unter {city} insgesamt",
        "{area} lies above {city} as a whole in {above} of {n} indicators, below in {below}",
    ),
    "spine_far": Words("Am weitesten entfernt: {names}.", "Farthest away: {names}."),
    "spine_none": Words("{area}: keine Werte zum Vergleich", "{area}: no values to compare"),
    "middle_half": Words(
        "{title} {period}: Die mittlere Hälfte der Gebiete liegt zwischen {lower} und {upper}",
        "{title} {period}: the middle half of the areas lies between {lower} and {upper}",
    ),
    "distribution_detail": Words(
        "Median {median}, {n} Gebiete von {low} bis {high}.", "Median {median}, {n} areas from {low} to {high}."
    ),
    "distribution_outliers": Words("Ausreißer: {values}.", "Outliers: {values}."),
    "distribution_many_outliers": Words("{n} Ausreißer.", "{n} outliers."),
    "twin": Words("{twin} ähnelt {area}", "{twin} is like {area}"),
    "twin_alike": Words("Fast gleich: {names}.", "Almost the same: {names}."),
    "twin_unlike": Words("Am verschiedensten: {names}.", "Most different: {names}."),
    "likeness": Words("{title} ({own} und {other})", "{title} ({own} and {other})"),
    "size": Words("Einwohnerzahl ({own} und {other})", "residents ({own} and {other})"),
    "mover": Words("{title} {place}: {change} auf {value} ({period})", "{title} {place}: {change} to {value} ({period})"),
}  # fmt: skip

_ARTICLES: Final = {
    "Die": "quote rate ung zahl dichte fläche intensität heit keit schaft armut miete dauer kraft menge größe",
    "Der": "anteil quotient saldo wert preis grad index koeffizient bestand",
    "Das": "alter einkommen verhältnis wachstum volumen",
}
_ARTICLE_OF: Final = tuple((article, re.compile(rf".*({'|'.join(ends.split())})", re.I)) for article, ends in _ARTICLES.items())
_SINGULAR: Final = re.compile(
    r".*\b(rate|share|ratio|index|density|age|number|rent|income|balance|proportion|percentage|quota|price|quotient|coefficient)",
    re.I,
)
_HEAD: Final = re.compile(r"\s+(?:of|per|in|for|with|among|at|from|under|aged|by|to)\b|\s*\(")
_FEMININE_PLACE: Final = re.compile(r"(?:Nord|Süd|Ost|West|Nordwest|Nordost|Südwest|Südost|Alt|Neu|Innen|Kern)stadt")
_NEUTER_PLACE: Final = re.compile(r"[A-ZÄÖÜ]\w*(?:viertel|quartier|zentrum)|Zentrum")
_OWN_PREPOSITION: Final = re.compile(r"(?:Am|An|Auf|Beim?|Im|In|Unter|Vor|Zum?|Zur)\b.*")
_PLURAL_UNIT: Final = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:e|er)")

# What stands before a year or month, a quarter or half-year, a school year.
_BEFORE_PERIOD: Final = {
    "de": {
        "in": ("", "im ", "im Schuljahr "),
        "dative": ("", "dem ", "dem Schuljahr "),
        "for": ("", "das ", "das Schuljahr "),
        "from": ("von ", "vom ", "vom Schuljahr "),
        "to": ("bis ", "bis zum ", "bis zum Schuljahr "),
    },
    "en": {
        "in": ("in ", "in ", "in the school year "),
        "dative": ("", "", "the school year "),
        "for": ("", "", "the school year "),
        "from": ("from ", "from ", "from the school year "),
        "to": ("to ", "to ", "to the school year "),
    },
}


def say(key: str, language: str, **parts: object) -> str:
    """Return the phrase `key` in `language` with its parts filled in."""
    return PHRASES[key].of(language).format(**parts)


def subject(indicator: Indicator, language: str) -> str:
    """Return the title as the subject of a sentence, with its article; "" where the article is not known for sure.

    A title with a comma or colon is a heading, not a phrase.
    """
    title = indicator.title.of(language)
    if not title or "," in title or ":" in title:
        return ""
    if language == "en":
        return f"The {in_sentence(title, 'en')}" if _SINGULAR.fullmatch(_HEAD.split(title)[0]) else ""
    first = re.split(r"[\s,(]", title, maxsplit=1)[0]
    return next((f"{article} {title}" for article, noun in _ARTICLE_OF if noun.fullmatch(first)), "")


def in_sentence(title: str, language: str) -> str:
    """Return a title as it stands inside a sentence: English ones begin small unless they begin with an abbreviation."""
    small = language == "en" and len(title) > 1 and not title[1].isupper()
    return title[0].lower() + title[1:] if small else title


def when(case: str, period: date, frequency: str, language: str) -> str:
    """Return a period inside a sentence; `case` is in, dative (after gegenüber, mit), for, from or to."""
    text = format_period(period, frequency, language)
    kind = {"half_yearly": 1, "quarterly": 1, "school_year": 2}.get(frequency, 0)
    if language == "de" and case == "in" and frequency == "monthly":
        kind = 1
    return _BEFORE_PERIOD[language][case][kind] + text


def quoted(title: str, language: str) -> str:
    """Return a title as a name inside a sentence, which spares it article and number."""
    return f"„{title}“" if language == "de" else f"“{title}”"


def in_area(name: str, language: str) -> str:
    """Return the area as a place: in Mürwik, in der Nordstadt, im Bahnhofsviertel, in „Am Kanal“."""
    if language == "de" and _FEMININE_PLACE.fullmatch(name):
        return f"in der {name}"
    if language == "de" and _NEUTER_PLACE.fullmatch(name):
        return f"im {name}"
    return f"in {quoted(name, language) if _OWN_PREPOSITION.fullmatch(name) else name}"


def dative(unit: str, language: str) -> str:
    """Return the unit as it stands after "bei": 40,5 Jahren."""
    return f"{unit}n" if language == "de" and _PLURAL_UNIT.fullmatch(unit) else unit
