"""Texts of tables → values with a status: numbers in either convention and the symbols of official statistics.

Source of the symbols: the explanation of signs in the tables of the German statistical offices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from model.ingest.convention import BLANKS, Convention, convention_of
from model.ingest.periods import Periods, parse_periods
from model.vocabulary import STATUSES

__all__ = ["RULES", "SYMBOLS", "Periods", "Values", "explain", "parse_flags", "parse_periods", "parse_values"]

SYMBOLS: Final[dict[str, str]] = {
    "-": "normal",  # exactly zero
    "–": "normal",
    "—": "normal",
    ".": "suppressed",
    "•": "suppressed",
    "·": "suppressed",
    "...": "missing",  # not yet available
    "…": "missing",
    "/": "missing",  # too uncertain
    "()": "missing",
    ":": "missing",  # Eurostat
    "x": "not_applicable",
    "X": "not_applicable",
    "": "missing",
}
MARKS: Final = {"p": "provisional", "r": "normal", "s": "estimated", "e": "estimated", "u": "estimated", "b": "break"}
FLAGS: Final = {  # GENESIS keeps the quality in a column of its own, and there e means final
    "": "normal", "e": "normal", "r": "normal", "p": "provisional", "s": "estimated", "()": "estimated", "u": "estimated",
    "b": "break", ".": "suppressed", "...": "missing", "/": "missing", "x": "not_applicable", "-": "normal",
}  # fmt: skip

RULES: Final[dict[str, str]] = {
    "ambiguous": "may be a decimal or thousands; declare `decimal` in the recipe",
    "mixed": "stands in a column that mixes decimal comma and decimal point; declare `decimal` in the recipe",
    "decimal": "does not fit the decimal mark and the thousands separator of this file",
    "date": "is a date where a number is meant (spreadsheets turn 1.3 into the first of March)",
    "not_finite": "is not a finite number",
    "overflow": "is too large to be kept exactly",
    "error_cell": "is the error of a spreadsheet formula",
    "formula": "is a formula without its value",
    "unit": "carries a unit; numbers stand alone",
    "not_a_number": "is neither a number nor a symbol of official statistics",
}

EXACT: Final = 2.0**53  # beyond it a Float64 no longer tells neighbouring whole numbers apart
_MONTHS = "jan|feb|mär|mrz|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec"
_DATE: Final = (
    rf"(?i)^(\d{{1,2}}\.\s?({_MONTHS})\p{{L}}*\.?( ?\d{{2,4}})?|({_MONTHS})\p{{L}}*\.?[ -]\d{{2,4}}|\d{{1,2}}-({_MONTHS})\p{{L}}*"
    r"|\d{4}-\d\d-\d\d([T ].*)?|\d{1,2}\.\d{1,2}\.(\d{4}|\d\d)?|\d{1,2}/\d{1,2}/\d{2,4})$"
)
_UNREADABLE: Final = (  # first match names the rule
    ("error_cell", r"^#[\p{L}0-9/_]+[!?]?$"),
    ("formula", r"^="),
    ("not_finite", r"(?i)^[+-]?(nan|inf|infinity|unendlich)$"),
    ("date", _DATE),
    ("unit", r"^[+-]?[\d.,\s]+ ?(%|€|EUR|Prozent|Anzahl)$"),
    ("decimal", r"^[(+-]?[0-9.,' ]*[0-9][0-9.,' ]*\)?$"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Values:
    """Hold a column of numbers: `value` Float64 and `status` Enum(STATUSES), one each per row.

    `breaches` has row (UInt32, from 0), text and rule (a key of RULES) of every cell that could not be read; such a cell
    is null and `missing`.
    """

    value: pl.Series
    status: pl.Series
    breaches: pl.DataFrame
    decimal: str | None = None
    thousands: str | None = None


def parse_values(
    column: pl.Series, decimal: str | None = None, thousands: str | None = None, symbols: Mapping[str, str] | None = None
) -> Values:
    """Read the texts of a column as numbers with a status.

    `decimal` None: found out over the whole column, and ambiguous cells (`1.234`) are breaches. `thousands` None: whichever
    fits the decimal mark, `""`: none. `symbols` adds the publisher's own texts, each with a status of ours (empty ones only).
    """
    if column.dtype.is_numeric():
        return _numeric(column)
    text = column.cast(pl.String)
    found = Convention(decimal, thousands) if decimal else convention_of(text, thousands)
    plain = _plain(text, found.decimal)
    left = (plain.is_null() | ~plain.is_finite() | (plain.abs() >= EXACT)).fill_null(True)
    if found.doubtful:
        left = left | text.str.contains(r"[.,]").fill_null(True)
    if not left.any():
        return Values(plain, _statuses(len(text)), _no_breaches(), found.decimal, found.thousands)
    rows = left.arg_true()
    texts = text.gather(rows).fill_null("")
    known = _parse_distinct(texts.unique(), found, dict(symbols or {}))
    cells = pl.DataFrame({"row": rows.cast(pl.UInt32), "text": texts}).join(known, on="text", how="left", maintain_order="left")
    value = plain.scatter(rows, cells["value"])
    breaches = cells.filter(pl.col("rule").is_not_null()).select("row", "text", "rule")
    return Values(value, _statuses(len(text), rows, cells["code"]), breaches, found.decimal, found.thousands)


def parse_flags(column: pl.Series, flags: Mapping[str, str] | None = None) -> tuple[pl.Series, pl.DataFrame]:
    """Read a column of quality marks (GENESIS `e`, `p`, `()`, …, or our own words) as status.

    Returns the statuses (Enum) and the breaches (row, text, rule) of marks that nobody knows.
    """
    known = {**{word: word for word in STATUSES}, **FLAGS, **(flags or {})}
    text = column.cast(pl.String).fill_null("").str.strip_chars()
    status = text.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Enum(STATUSES))
    rows = status.is_null().arg_true()
    breaches = pl.DataFrame({"row": rows.cast(pl.UInt32), "text": text.gather(rows)}).with_columns(rule=pl.lit("flag"))
    return status, breaches


def explain(text: str, rule: str) -> str:
    """Return one sentence on why a cell could not be read."""
    return f"{text!r} {RULES.get(rule, 'is not known here')}."


def _numeric(column: pl.Series) -> Values:
    value = column.cast(pl.Float64)
    bad = (~value.is_finite() | (value.abs() >= EXACT)).fill_null(False)
    rows = bad.arg_true()
    breaches = pl.DataFrame(
        {"row": rows.cast(pl.UInt32), "text": value.gather(rows).cast(pl.String)}, schema_overrides={"text": pl.String}
    ).with_columns(
        rule=pl.when(pl.col("text").str.contains("(?i)nan|inf")).then(pl.lit("not_finite")).otherwise(pl.lit("overflow"))
    )
    empty = (value.is_null() | bad).arg_true()
    code = pl.repeat(STATUSES.index("missing"), len(empty), dtype=pl.UInt8, eager=True)
    return Values(value.set(bad, None), _statuses(len(value), empty, code), breaches, ".", "")


def _plain(text: pl.Series, decimal: str | None) -> pl.Series:
    """Return the numbers among the texts that need no closer look, null elsewhere."""
    if decimal != ",":
        return text.cast(pl.Float64, strict=False)
    dotted = text.str.contains(".", literal=True)
    if dotted.any():
        text = text.set(dotted.fill_null(False), None)
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _parse_distinct(texts: pl.Series, found: Convention, extra: Mapping[str, str]) -> pl.DataFrame:
    """Return text, value, code (of the status) and rule for each distinct text."""
    tidy = pl.col("text").str.replace_all(rf"[{BLANKS}]", " ").str.strip_chars().str.replace_all(r"^(\(?)−", "${1}-")
    frame = pl.DataFrame({"text": texts}).with_columns(tidy=tidy).with_columns(symbol=_symbol(extra))
    numbers = frame.filter(pl.col("symbol").is_null())
    symbols = frame.filter(pl.col("symbol").is_not_null()).select(
        "text",
        value=pl.when(pl.col("symbol") == "normal").then(0.0),
        code=pl.col("symbol").cast(pl.Enum(STATUSES)).to_physical().cast(pl.UInt8),
        rule=pl.lit(None, pl.String),
    )
    return pl.concat([symbols, _parse_numbers(numbers, found)])


def _symbol(extra: Mapping[str, str]) -> pl.Expr:
    known = {**SYMBOLS, **extra}
    squeezed = pl.col("tidy").str.replace_all(" ", "", literal=True)
    exact, loose = (text.replace_strict(list(known), list(known.values()), default=None) for text in (pl.col("tidy"), squeezed))
    return pl.coalesce(exact, loose)


def _parse_numbers(frame: pl.DataFrame, found: Convention) -> pl.DataFrame:
    """Return text, value, code and rule of the texts (column tidy) that are no symbols."""
    drop = "".join(mark for mark in found.groupings) + "’"
    digits = pl.col("number").str.replace_all(rf"[{drop}]", "").str.replace(found.decimal or ".", ".", literal=True)
    estimated = pl.when(pl.col("open").is_not_null()).then(pl.lit("estimated"))
    mark = pl.col("mark").replace_strict(list(MARKS), list(MARKS.values()), default=None)
    frame = frame.with_columns(part=pl.col("tidy").str.extract_groups(found.pattern)).unnest("part")
    frame = frame.with_columns(value=digits.cast(pl.Float64, strict=False), status=pl.coalesce(estimated, mark, pl.lit("normal")))
    frame = frame.with_columns(rule=_rule(found)).with_columns(value=pl.when(pl.col("rule").is_null()).then("value"))
    status = pl.when(pl.col("rule").is_null()).then("status").otherwise(pl.lit("missing"))
    code = status.cast(pl.Enum(STATUSES)).to_physical().cast(pl.UInt8)
    return frame.select("text", "value", code.alias("code"), "rule")


def _rule(found: Convention) -> pl.Expr:
    """Return the rule that a cell breaks, null for a readable one."""
    unpaired = pl.col("open").is_null() != pl.col("close").is_null()
    named = [pl.when(pl.col("tidy").str.contains(pattern)).then(pl.lit(rule)) for rule, pattern in _UNREADABLE]
    unreadable = pl.coalesce(*named, pl.lit("not_a_number"))
    marked = pl.col("tidy").str.contains(r"^[(+-]?[\d., ]*[.,][\d., ]*\)?$") & ~pl.col("tidy").str.contains(_DATE)
    doubtful = pl.lit(bool(found.doubtful)) & marked
    return (
        pl.when(doubtful)
        .then(pl.lit(found.doubtful))
        .when(pl.col("value").is_null() | unpaired)
        .then(unreadable)
        .when(~pl.col("value").is_finite() | (pl.col("value").abs() >= EXACT))
        .then(pl.lit("overflow"))
    )


def _statuses(height: int, rows: pl.Series | None = None, codes: pl.Series | None = None) -> pl.Series:
    """Return `height` times the status `normal`, at `rows` those of `codes`."""
    status = pl.repeat(STATUSES.index("normal"), height, dtype=pl.UInt8, eager=True).alias("status")
    if rows is not None and codes is not None and len(rows):
        status = status.scatter(rows, codes)
    return status.cat.to(pl.Enum(STATUSES))


def _no_breaches() -> pl.DataFrame:
    return pl.DataFrame(schema={"row": pl.UInt32, "text": pl.String, "rule": pl.String})
