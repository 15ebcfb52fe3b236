"""Build a data package: read every recipe, check everything, and publish one release or say all that is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from model.catalogue import Area, Package
from model.ingest import store
from model.ingest.aggregate import ROW
from model.ingest.breach import Findings
from model.ingest.codes import Codebook, Finder
from model.ingest.complete import complete
from model.ingest.duplicates import Origin, in_key_order, without_duplicates
from model.ingest.harmonise import CODED, harmonise, summed
from model.ingest.plausible import check_parts, warn_of_jumps
from model.ingest.read import ReadOptions, read
from model.ingest.read_recipe import find_files, read_recipes
from model.ingest.recipe import Recipe
from model.ingest.reshape import reshape
from model.ingest.territory import read_keys
from model.ingest.totals import tolerances, with_totals
from model.ingest.validate import Teller, validate
from model.vocabulary import COLUMNS, OBSERVED, UNLOCATED

Say = Callable[[str], None]


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@dataclass
class Delivered:
    """What the sources delivered, coded: `frame` has the columns CODED and `origin`, which counts `origins`."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Built:
    """One finished build before it is published."""

    table: pl.DataFrame
    areas: Sequence[Area]
    notes: dict[str, Any]
    inputs: dict[str, tuple[int, str]]


def build(package: Package, keep: int = 5, say: Say = _to_stderr) -> str:
    """Build and publish `package`; return the release hash. Raises DatalabError, and then nothing is written."""
    with store.preparation(package) as folder:
        built = _built(package, folder, say)
        id = store.write_release(package, folder, built.table, built.areas, built.notes, built.inputs, keep)
    _say_warnings(built, say)
    say(f"{package.id}: release {id}, {built.table.height} observations")
    return id


def check(package: Package, say: Say = _to_stderr) -> None:
    """Do everything that `build` does except publishing. Raises DatalabError."""
    with store.preparation(package) as folder:
        built = _built(package, folder, say)
    _say_warnings(built, say)
    say(f"{package.id}: {built.table.height} observations, no breach")


def _say_warnings(built: Built, say: Say) -> None:
    for warning in built.notes["warnings"]:
        say(f"  warning: {warning}")


def _built(package: Package, folder: Path, say: Say) -> Built:
    from model.ingest import boundaries  # the geo stack is needed at build time only

    say(f"{package.id}: boundaries")
    areas, notes = boundaries.build(package, folder)
    findings = Findings(notes=list(notes))
    recipes = read_recipes(package.folder / "sources")
    book = Codebook(package.catalogue.with_areas(areas), tuple({recipe.source_at_vintage for recipe in recipes}))
    delivered = deliver(recipes, package.files, book, findings, say)
    table = table_of(delivered, book, package, findings, say)
    inputs = _inputs(package, [*(entry["path"] for entry in delivered.files), *boundaries.inputs(package)])
    said = {"notes": findings.notes, "warnings": findings.warnings, "files": _files(delivered, package, inputs)}
    return Built(table, _with_unlocated(areas, table, book), said, inputs)


def _inputs(package: Package, paths: Sequence[Path]) -> dict[str, tuple[int, str]]:
    """Return size and hash of everything that was read, by the name it has in a release."""
    named = {store.input_name(package, path): path for path in paths}
    named |= {name: package.folder / name for name in store.package_files(package)}
    return {name: store.fingerprint(path) for name, path in sorted(named.items())}


def _with_unlocated(areas: Sequence[Area], table: pl.DataFrame, book: Codebook) -> list[Area]:
    """Return the areas and, where rows have no place, the pseudo-area that holds them."""
    if not (table["area"] == book.unlocated).any():
        return list(areas)
    return [*areas, Area(book.unlocated, "nicht zuordenbar", UNLOCATED, parent=book.catalogue.top.code)]


def deliver(recipes: Sequence[Recipe], root: Path, book: Codebook, findings: Findings, say: Say) -> Delivered:
    """Read the files of all recipes as coded rows; what cannot be coded is recorded in `findings`."""
    delivered = Delivered()
    for recipe in recipes:
        say(f"  {recipe.title}")
        finder = Finder(book, recipe)
        frames = [f for path in find_files(recipe, root) for f in _deliver_file(recipe, path, finder, delivered, findings)]
        delivered.frames.extend([summed(pl.concat(frames))] if recipe.combine == "sum" else frames)
    return delivered


def _deliver_file(recipe: Recipe, path: Path, finder: Finder, delivered: Delivered, findings: Findings) -> list[pl.DataFrame]:
    """Return the coded rows of one file with `origin`, one frame per column of values."""
    raw = read(path, _options(recipe))
    findings.notes.extend(f"{raw.file}: {note}" for note in raw.notes)
    frames = []
    for part in reshape(raw, recipe):
        frame = harmonise(part, finder, findings)
        origin = pl.lit(len(delivered.origins), pl.UInt32).alias("origin")
        delivered.origins.append(Origin(recipe, raw.file, raw.lines.noun, part.column))
        frames.append(frame.with_columns(origin))
    file = Path(str(path).partition("!")[0])
    rows = sum(frame.height for frame in frames)
    delivered.files.append({"path": file, "name": str(path), "rows": rows, "recipe": recipe})
    return frames


def _options(recipe: Recipe) -> ReadOptions:
    names = ("format", "encoding", "separator", "decimal", "thousands", "sheet", "skip_rows", "header_rows", "footer")
    return ReadOptions(**{name: getattr(recipe, name) for name in names})


def table_of(delivered: Delivered, book: Codebook, package: Package, findings: Findings, say: Say) -> pl.DataFrame:
    """Return the indicator table (codes as Enum) of what was delivered. Raises BreachError with every breach found so far."""
    say("  checking")
    frame = pl.concat(delivered.frames) if delivered.frames else pl.DataFrame(schema=[*CODED, "origin"])
    delivered.frames.clear()
    if findings.breaches:
        frame = frame.drop_nulls(["indicator", "area", "period", "sex", "age"])
    frame = without_duplicates(in_key_order(frame, book), book, delivered.origins, findings)
    tell = Teller(book, delivered.origins, findings)
    validate(frame, book, tell)
    keys = read_keys(package.folder / "areas" / "keys.csv", book.catalogue, findings)
    sources = [origin.recipe.source_at_vintage for origin in delivered.origins]
    source = pl.Series("source", sources, dtype=book.types["source"]).gather(frame["origin"])
    say("  totals, parent areas, ratios")
    allowed = tolerances(frame, delivered.origins)
    warn_of_jumps(frame, book, findings)
    frame = with_totals(frame.with_columns(source), book, tell, allowed)
    check_parts(frame, book, tell, allowed)
    findings.raise_if_any(str(package.folder))
    frame = complete(frame.select(ROW), keys, book, findings)
    return finished(in_key_order(frame, book))


def finished(frame: pl.DataFrame) -> pl.DataFrame:
    """Return coded rows (in key order, with `source`) with the columns of the indicator table; codes stay coded."""
    return frame.with_columns(
        pl.lit(OBSERVED, pl.Enum([OBSERVED])).alias("scenario"),
        pl.lit(None, pl.Float64).alias("lower"),
        pl.lit(None, pl.Float64).alias("upper"),
    ).select(COLUMNS)


def _files(delivered: Delivered, package: Package, inputs: Mapping[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """Return what the page of sources shows about each file."""
    shown = []
    for entry in delivered.files:
        recipe: Recipe = entry["recipe"]
        name = store.input_name(package, entry["path"])
        member = entry["name"].partition("!")[2]
        shown.append(
            {
                "file": f"{name}!{member}" if member else name,
                "sha256": inputs[name][1],
                "rows": entry["rows"],
                "source": recipe.source,
                "vintage": recipe.vintage,
                "recipe": store.input_name(package, recipe.path),
                "table": recipe.section,
                "note": recipe.note,
            }
        )
    return shown
