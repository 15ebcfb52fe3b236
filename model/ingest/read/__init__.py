"""A published file → its table as written: `read(path, ReadOptions()) -> RawTable`.

Nothing is converted here: cells stay text (model.ingest.values reads them), headers stay as in the file. A file is read
as it is meant, or read with a note of what was repaired, or refused with file, line, column and reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from model.ingest.read.delimited import read_delimited
from model.ingest.read.detect import HEAD, detect
from model.ingest.read.excel import read_excel
from model.ingest.read.genesis import read_classic, read_flat
from model.ingest.read.source import Source, load
from model.ingest.read.table import UPLOAD, Limits, Lines, RawTable, ReadOptions

__all__ = ["UPLOAD", "Limits", "Lines", "RawTable", "ReadOptions", "read"]


def read(path: str | Path, options: ReadOptions | None = None) -> RawTable:
    """Read a file as a table; `archive.zip!member.csv` names a member of a zip file, `.gz` is unpacked.

    Raises ReadError naming file, line, column, value and the reason.
    """
    options = options or ReadOptions()
    source = load(path, options.limits)
    family = detect(source.data[:HEAD], source.name, options.format)
    return _READERS[family](source, options)


def _delimited(source: Source, options: ReadOptions) -> RawTable:
    return read_delimited(source.data, source.name, options)


def _genesis(source: Source, options: ReadOptions) -> RawTable:
    return read_classic(source.data, source.name, options)


def _excel(source: Source, options: ReadOptions) -> RawTable:
    return read_excel(source.data, source.name, options)


def _flat(source: Source, options: ReadOptions) -> RawTable:
    return read_flat(source.data, source.name, options)


_READERS: Final[dict[str, Callable[[Source, ReadOptions], RawTable]]] = {
    "csv": _delimited,
    "excel": _excel,
    "genesis": _genesis,
    "genesis-flat": _flat,
}
