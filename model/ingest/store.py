"""Keep built releases: written whole or not at all, named by the hash of their content, opened by CURRENT.

A release is prepared in a hidden folder inside `tables/`, forced to the disk, renamed to its hash, and only then named in
CURRENT. Whoever is killed in between leaves the previous release as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from model.catalogue import Area, Package
from model.errors import PackageError
from model.vocabulary import SCHEMA

OBSERVATIONS, AREAS, NOTES, HEAD, CURRENT = "observations.parquet", "areas.parquet", "notes.json", "release.json", "CURRENT"
AREA_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name": pl.String(),
    "unit": pl.String(),
    "parent": pl.String(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "predecessors": pl.List(pl.String()),
    "longitude": pl.Float64(),
    "latitude": pl.Float64(),
    "square_km": pl.Float64(),
}
_ID = re.compile(r"[0-9a-f]{12}")
_LEFT_BEHIND = 3600.0  # seconds after which a preparation folder belongs to nobody any more


@dataclass(frozen=True)
class Release:
    """One built state of a package: `table` has vocabulary.SCHEMA, `package.catalogue` knows the areas."""

    package: Package
    id: str
    table: pl.DataFrame
    folder: Path
    notes: Mapping[str, Any]


def open_release(package: Package, release: str | None = None) -> Release:
    """Open the current release of `package`, or the one named. Raises PackageError where there is none."""
    id = release or current_id(package)
    folder = package.tables / id
    if not _ID.fullmatch(id) or not (folder / HEAD).is_file():
        raise PackageError(f"The data release {id!r} is not there.", where=str(package.tables), hint=_how(package))
    areas = areas_from_frame(pl.read_parquet(folder / AREAS))
    known = replace(package, catalogue=package.catalogue.with_areas(areas))
    table = pl.read_parquet(folder / OBSERVATIONS).cast(SCHEMA)  # type: ignore[arg-type]  # kept coded in the file
    notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
    return Release(package=known, id=id, table=table, folder=folder, notes=notes)


def current_id(package: Package) -> str:
    """Return the hash of the current release. Raises PackageError where nothing has been built."""
    try:
        return (package.tables / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        where = str(package.folder)
        raise PackageError("The package has not been built.", where=where, hint=_how(package)) from None


def is_stale(package: Package) -> bool:
    """Tell whether the inputs changed since the current release was built, or nothing was built."""
    try:
        head = json.loads((package.tables / current_id(package) / HEAD).read_text(encoding="utf-8"))
    except (PackageError, FileNotFoundError, json.JSONDecodeError):
        return True
    inputs: dict[str, list[Any]] = head["inputs"]
    if head.get("builder") != builder_hash() or package_files(package) != [n for n in inputs if not n.startswith("files:")]:
        return True
    return any(_changed(input_path(package, name), size, digest) for name, (size, digest) in inputs.items())


@contextmanager
def preparation(package: Package) -> Iterator[Path]:
    """Give a fresh hidden folder inside `tables/` to prepare a release in; it is removed unless it was published."""
    package.tables.mkdir(parents=True, exist_ok=True)
    _sweep(package.tables)
    folder = Path(tempfile.mkdtemp(prefix=".build-", dir=package.tables))
    folder.chmod(0o755)  # the server may run as another user than the one who builds
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_release(
    package: Package,
    prepared: Path,
    table: pl.DataFrame,
    areas: Iterable[Area],
    notes: Mapping[str, Any],
    inputs: Mapping[str, tuple[int, str]],
    keep: int = 5,
) -> str:
    """Publish the folder `prepared` (boundaries are in it already) with the tables given; return the release hash.

    Either the new release is current afterwards or the old one still is. Older releases beyond `keep` are removed.
    """
    table.write_parquet(prepared / OBSERVATIONS, compression="zstd", compression_level=1, statistics=True)
    area_frame(areas).write_parquet(prepared / AREAS)
    (prepared / NOTES).write_text(_json(notes), encoding="utf-8")
    id = content_hash(prepared)
    head = {
        "package": package.id,
        "release": id,
        "indicators": table["indicator"].n_unique(),
        "areas": table["area"].n_unique(),
        "observations": table.height,
        "builder": builder_hash(),
        "inputs": dict(sorted(inputs.items())),
    }
    (prepared / HEAD).write_text(_json(head), encoding="utf-8")
    for path in prepared.iterdir():
        _sync(path)
    _sync(prepared)
    _publish(prepared, package.tables, id)
    _prune(package.tables, id, keep)
    return id


def content_hash(folder: Path) -> str:
    """Return the release hash: the first 12 hex digits of a SHA-256 over names and contents of the built files."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != HEAD:
            total.update(f"{path.name}\n{file_hash(path)}\n".encode())
    return total.hexdigest()[:12]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def builder_hash() -> str:
    """Return a hash of the code that builds, so that tables of an older program count as stale."""
    core = Path(__file__).resolve().parent.parent
    paths = [core / "vocabulary.py", *sorted((core / "catalogue").rglob("*.py")), *sorted((core / "ingest").rglob("*.py"))]
    return hashlib.sha256("".join(file_hash(path) for path in paths).encode()).hexdigest()[:12]


def package_files(package: Package) -> list[str]:
    """Return the names, relative to the package, of all files inside it that decide what is built."""
    folder = package.folder
    heads = [folder / name for name in ("package.toml", "indicators.toml", "sources.toml")]
    below = [path for part in ("areas", "sources") for path in (folder / part).rglob("*")]
    kept = [p for p in (*heads, *below) if p.is_file() and p.suffix != ".py" and not p.name.startswith(".")]
    return sorted(p.relative_to(folder).as_posix() for p in kept)


def input_name(package: Package, path: Path) -> str:
    """Return how an input is called in a release: relative to the package, or `files:` and relative to its files root."""
    if path.is_relative_to(package.folder):
        return path.relative_to(package.folder).as_posix()
    return f"files:{path.relative_to(package.files).as_posix()}"


def input_path(package: Package, name: str) -> Path:
    """Return where the input called `name` lies."""
    return package.files / name.removeprefix("files:") if name.startswith("files:") else package.folder / name


def fingerprint(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file."""
    return path.stat().st_size, file_hash(path)


def area_frame(areas: Iterable[Area]) -> pl.DataFrame:
    """Return areas as a table, AREA_SCHEMA."""
    rows = [{name: getattr(area, name) for name in AREA_SCHEMA} for area in areas]
    listed = [{**row, "predecessors": list(row["predecessors"])} for row in rows]
    return pl.DataFrame(listed, schema=AREA_SCHEMA)


def areas_from_frame(frame: pl.DataFrame) -> tuple[Area, ...]:
    """Return the rows of an area table as areas."""
    return tuple(Area(**{**row, "predecessors": tuple(row["predecessors"] or ())}) for row in frame.iter_rows(named=True))


def _publish(prepared: Path, tables: Path, id: str) -> None:
    folder = tables / id
    if folder.exists() and content_hash(folder) != id:  # somebody damaged it: put it away, the good one takes its place
        folder.rename(tables / f".build-damaged-{id}-{time.time_ns()}")
    if not folder.exists():
        prepared.rename(folder)
    os.utime(folder)
    _sync(tables)
    pointer = tables / f".{CURRENT}-{os.getpid()}"
    pointer.write_text(id + "\n", encoding="ascii")
    _sync(pointer)
    pointer.replace(tables / CURRENT)
    _sync(tables)


def _prune(tables: Path, current: str, keep: int) -> None:
    releases = [p for p in tables.iterdir() if _ID.fullmatch(p.name) and p.name != current]
    releases.sort(key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for folder in releases[max(keep - 1, 0) :]:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(tables: Path) -> None:
    """Remove preparation folders that a killed build left behind."""
    for folder in tables.glob(".build-*"):
        if time.time() - folder.stat().st_mtime > _LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)


def _changed(path: Path, size: int, digest: str) -> bool:
    return not path.is_file() or path.stat().st_size != size or file_hash(path) != digest


def _sync(path: Path) -> None:
    """Force a file or folder to the disk; Windows knows no handle of a folder."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _how(package: Package) -> str:
    return f"Run: python -m model build {package.folder}"
