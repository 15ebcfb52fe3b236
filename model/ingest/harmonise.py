"""Turn a part's texts into codes, dates, numbers and statuses; whatever cannot be turned is a breach with file and line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import polars as pl

from model.errors import RecipeError
from model.ingest.breach import Findings
from model.ingest.codes import Codebook, Finder, Found
from model.ingest.marks import marked
from model.ingest.periods import parse_periods
from model.ingest.recipe import DIMENSIONS, PeriodRule, Recipe
from model.ingest.reshape import Part
from model.ingest.values import explain, parse_flags, parse_values
from model.vocabulary import EMPTY_STATUSES, FREQUENCIES, STATUSES, TOTAL

STATUS = pl.Enum(STATUSES)
CODED = ("indicator", "area", "period", "sex", "age", "value", "status", "line")
_UNPLACED = "\0unplaced"  # stands for "no place" among the texts of areas; no file can hold it
_STEP = {1: "1y", 2: "6mo", 4: "1q", 12: "1mo"}


@dataclass(frozen=True)
class _Distinct:
    """A column as its distinct texts and, per row, the place in them; None stands for a constant."""

    texts: Sequence[str]
    index: pl.Series | None

    def spread(self, values: pl.Series, height: int) -> pl.Series:
        """Return one of `values` (one per distinct text) for every row."""
        return values.new_from_index(0, height) if self.index is None else values.gather(self.index)


def harmonise(part: Part, finder: Finder, findings: Findings) -> pl.DataFrame:
    """Return the rows of `part` with the columns CODED; dimensions have the types of the code book.

    Texts that mean nothing are recorded in `findings`; their rows have null there. Raises RecipeError where the recipe
    does not say area, period or indicator at all.
    """
    part = _without_blank(part)
    height = part.rows.height
    texts = _distinct(part)
    coded: dict[str, pl.Series] = {}
    kept = pl.repeat(True, height, dtype=pl.Boolean, eager=True)
    for dimension in ("indicator", "area", "sex", "age"):
        column, left_out = _codes(texts[dimension], part, dimension, finder, findings)
        coded[dimension] = column.rename(dimension)
        kept = kept if left_out is None else kept & ~left_out
    period, left_out = _periods(texts["period"], part, finder, findings)
    coded["period"] = period.rename("period")
    kept = kept if left_out is None else kept & ~left_out
    coded["line"] = part.lines.rename("line")
    frame = pl.DataFrame(coded).with_columns(part.rows.select(c for c in ("text", "flag") if c in part.rows.columns))
    frame = frame if kept.all() else frame.filter(kept)
    frame = _aligned(frame, finder.book)
    return marked(_with_values(frame, part, findings), part.recipe, finder.book).select(CODED)


def summed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return CODED rows (and `origin`) with one row per key: values added, the weakest status, the first line.

    An empty part empties the sum.
    """
    key = ["indicator", "area", "period", "sex", "age"]
    empty = pl.col("value").is_null()
    return frame.group_by(key, maintain_order=True).agg(
        pl.when(empty.any()).then(None).otherwise(pl.col("value").sum()).alias("value"),
        pl.when(empty.all()).then(pl.col("status").first())
        .when(empty.any()).then(pl.lit("missing", STATUS))
        .otherwise(pl.col("status").max()).alias("status"),
        pl.col("line", "origin").first(),
    ).select(frame.columns)  # fmt: skip


def _without_blank(part: Part) -> Part:
    """Leave out the rows without a value where the recipe says that they are none."""
    if part.recipe.empty != "drop":
        return part
    written = part.rows["text"].is_not_null()
    if part.rows.schema["text"] == pl.String:
        written = written & (part.rows["text"].str.strip_chars() != "")
    return replace(part, rows=part.rows.filter(written), lines=part.lines.filter(written))


def _distinct(part: Part) -> dict[str, _Distinct]:
    """Return every dimension as its distinct texts; all columns at once, so that all processors have work."""
    constant: dict[str, _Distinct] = {}
    columns: dict[str, pl.Expr] = {}
    for name in DIMENSIONS:
        text = _text_of(part, name)
        if isinstance(text, str):
            constant[name] = _Distinct((text,), None)
        else:
            columns[name] = text.alias(name)
    kinds = {name: pl.Categorical(pl.Categories.random()) for name in columns}  # of their own: numbered from 0, in order
    coded = part.rows.select(**{name: column.cast(kinds[name]) for name, column in columns.items()})
    return constant | {name: _Distinct(_texts(coded[name]), coded[name].to_physical()) for name in columns}


def _texts(column: pl.Series) -> list[str]:
    """Return the texts of a Categorical column in the order of its numbers."""
    if column.is_empty():
        return []
    top = column.to_physical().to_frame().select(pl.first().max()).item()
    numbers = pl.select(number=pl.int_range(top + 1, dtype=pl.UInt32))
    return numbers.select(pl.col("number").cat.to(column.dtype).cast(pl.String)).to_series().to_list()


def _text_of(part: Part, dimension: str) -> str | pl.Expr:
    """Return the texts of a dimension: one constant, or a column without nulls."""
    placed = "unlocated" in part.rows.columns and dimension == "area"
    column: str | pl.Expr
    if dimension in part.constants:
        column = part.constants[dimension]
    elif dimension in part.rows.columns:
        column = pl.col(dimension).fill_null("") if part.rows[dimension].null_count() else pl.col(dimension)
    elif dimension in ("sex", "age"):
        column = TOTAL
    else:
        hint = f"Name a column in [columns] {dimension} or write it in [fixed]."
        raise RecipeError(f"The recipe does not say which {dimension} the values belong to.", where=part.recipe.title, hint=hint)
    if not placed:
        return column
    known = pl.lit(column) if isinstance(column, str) else column
    return pl.when("unlocated").then(pl.lit(_UNPLACED)).otherwise(known)


def _with_role(found: Found, part: Part, finder: Finder) -> Found:
    """Turn the ratio named into its numerator or denominator, where the part's values are those."""
    ratio = finder.book.catalogue.indicators.get(found.code or "")
    if not part.role or ratio is None:
        return found
    code = getattr(ratio, part.role)
    if code:
        return Found(code)
    problem = f"{ratio.id!r} has no {part.role} in indicators.toml, but the recipe gives one."
    return Found(rule="no parts", problem=problem)


def _codes(
    texts: _Distinct, part: Part, dimension: str, finder: Finder, findings: Findings
) -> tuple[pl.Series, pl.Series | None]:
    """Return the code of every row and, where rows are left out, which."""

    def look_up() -> tuple[list[Found], pl.Series, pl.Series]:
        found = [_with_role(_found(finder, dimension, text), part, finder) for text in texts.texts]
        return found, pl.Series([f.code for f in found], dtype=finder.book.types[dimension]), _left_out(found)

    found, codes, left_out = finder.once((dimension, part.role, tuple(texts.texts)), look_up)
    _record(found, texts, part, dimension, findings)
    height = part.rows.height
    return texts.spread(codes, height), texts.spread(left_out, height) if left_out.any() else None


def _found(finder: Finder, dimension: str, text: str) -> Found:
    return Found(finder.book.unlocated) if text == _UNPLACED else finder.find(dimension, text)


def _left_out(found: Sequence[Found]) -> pl.Series:
    """Tell which texts a mapping sent to nothing: no code, and no rule that is broken."""
    return pl.Series([f.code is None and not f.rule for f in found], dtype=pl.Boolean)


def _record(found: Sequence[Found], texts: _Distinct, part: Part, dimension: str, findings: Findings) -> None:
    """Record notes and problems, each with the first line and the number of rows it concerns."""
    header = ", ".join(getattr(part.recipe.columns, dimension)) or None
    for place, result in enumerate(found):
        if result.note:
            note = f"{part.recipe.title}: {result.note}"
            findings.notes.extend([note] if note not in findings.notes else [])
        if not result.rule:
            continue
        rows = pl.int_range(part.rows.height, eager=True) if texts.index is None else (texts.index == place).arg_true()
        if len(rows):
            findings.breach(result.rule, result.problem, part.where(part.lines[rows[0]], header), len(rows))


def _periods(texts: _Distinct, part: Part, finder: Finder, findings: Findings) -> tuple[pl.Series, pl.Series | None]:
    """Return the date of every row (not yet brought to the indicator's frequency) and, where rows are left out, which."""

    def look_up() -> tuple[list[Found], pl.Series, pl.Series]:
        decided = [finder.renamed("period", text) for text in texts.texts]
        days = _days([ours or "" for ours, _ in decided], part.recipe.period)
        found = [f or _dated(text, day) for (_, f), text, day in zip(decided, texts.texts, days, strict=True)]
        return found, pl.Series(days, dtype=pl.Date), _left_out(found)

    found, days, left_out = finder.once(("period", tuple(texts.texts)), look_up)
    _record(found, texts, part, "period", findings)
    height = part.rows.height
    return texts.spread(days, height), texts.spread(left_out, height) if left_out.any() else None


def _days(texts: Sequence[str], rule: PeriodRule) -> list[date | None]:
    shift = timedelta(days=rule.shift_days)
    days = (
        [_day(texts[0], rule.format)] if len(texts) == 1 else parse_periods(pl.Series(texts, dtype=pl.String), rule.format).first
    )
    return [None if day is None else day + shift for day in days]


@cache
def _day(text: str, form: str) -> date | None:
    """Return the day of one period; tables with years in columns ask for the same few again and again."""
    return parse_periods(pl.Series([text]), form).first[0]


def _dated(text: str, day: date | None) -> Found:
    if day is None:
        return Found(rule="unreadable period", problem=f"{text!r} is not a period. [period] format or [map.period] helps.")
    if day > date.today():
        return Found(rule="future period", problem=f"The period {text!r} has not begun yet.")
    return Found(day.isoformat())


def _aligned(frame: pl.DataFrame, book: Codebook) -> pl.DataFrame:
    """Bring every date to the first day of its indicator's period."""
    per_year = {id: FREQUENCIES[i.frequency] for id, i in book.catalogue.indicators.items()}
    present = frame["indicator"].drop_nulls().unique().cast(pl.String).to_list()
    steps = {per_year[id] for id in present} or {1}
    if len(steps) == 1:
        return frame.with_columns(_truncated(frame["period"], _STEP[steps.pop()]))
    aligned = pl.col("period")
    for step in steps:
        ids = pl.Series([id for id in present if per_year[id] == step], dtype=book.types["indicator"])
        own = pl.col("indicator").is_in(ids.implode())
        aligned = pl.when(own).then(pl.col("period").dt.truncate(_STEP[step])).otherwise(aligned)
    return frame.with_columns(aligned.alias("period"))


def _truncated(dates: pl.Series, step: str) -> pl.Series:
    """Truncate dates; millions of rows have few distinct ones, and mostly they are right already."""
    distinct = dates.unique()
    right = distinct.to_frame().select((pl.first() == pl.first().dt.truncate(step)).all()).item()
    return dates if right else dates.to_frame().select(pl.first().dt.truncate(step)).to_series()


def _with_values(frame: pl.DataFrame, part: Part, findings: Findings) -> pl.DataFrame:
    recipe = part.recipe
    texts = _meant(frame["text"], recipe)
    symbols = {sign: status for sign, status in recipe.symbols.items() if status != "zero"}
    values = parse_values(texts, recipe.decimal or part.raw.decimal, _thousands(part), symbols)
    if values.breaches.height:
        _record_cells(values.breaches, frame["line"], part, explain, findings)
    value = values.value if part.factor == 1 else (values.value * part.factor).round(6)
    frame = frame.with_columns(value.alias("value"), values.status.alias("status"))
    return _flagged(frame, part, findings) if "flag" in frame.columns else frame


def _thousands(part: Part) -> str | None:
    return part.recipe.thousands if part.recipe.thousands is not None else part.raw.thousands


def _meant(texts: pl.Series, recipe: Recipe) -> pl.Series:
    """Write the recipe's own zeros and empties with the official symbols."""
    if texts.dtype != pl.String:
        return texts.fill_null(0) if recipe.empty == "zero" else texts
    zeros = [sign for sign, meaning in recipe.symbols.items() if meaning == "zero"]
    if zeros:
        texts = texts.replace(zeros, ["-"] * len(zeros))
    official = {"missing": "...", "suppressed": ".", "not_applicable": "x", "zero": "-"}
    if recipe.empty in ("missing", "drop"):
        return texts
    blank = texts.fill_null("").str.strip_chars() == ""
    return texts.set(blank, official[recipe.empty])


def _record_cells(
    breaches: pl.DataFrame, lines: pl.Series, part: Part, say: Callable[[str, str], str], findings: Findings
) -> None:
    """Record unreadable cells, equal ones together."""
    groups = breaches.group_by("text", "rule", maintain_order=True).agg(pl.col("row").first(), pl.len())
    for text, rule, row, rows in groups.iter_rows():
        findings.breach(f"unreadable value ({rule})", say(text, rule), part.where(lines[row]), rows)


def _flagged(frame: pl.DataFrame, part: Part, findings: Findings) -> pl.DataFrame:
    """Let the publisher's mark speak where the value itself says nothing; a mark for empty empties the value."""
    renaming = part.recipe.map.get("status")
    status, breaches = parse_flags(frame["flag"], renaming.entries if renaming else None)
    if breaches.height:
        hint = "is not a status that is known here. Name it in [map.status]."
        _record_cells(breaches, frame["line"], part, lambda text, _: f"{text!r} {hint}", findings)
    empty = pl.col("mark").cast(pl.String).is_in(EMPTY_STATUSES)
    plain = (pl.col("status") == "normal") | (pl.col("value").is_null() & empty)
    return frame.with_columns(status.alias("mark")).with_columns(
        pl.when(plain & pl.col("mark").is_not_null()).then("mark").otherwise("status").alias("status"),
        pl.when(~empty.fill_null(False)).then("value").alias("value"),
    )
