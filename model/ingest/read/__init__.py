"""A published file → its table as written: `read(path, ReadOptions()) -> RawTable`.

Nothing is converted here: cells stay text (model.ingest.values reads them), headers stay as in the file. A file is read
as it is meant, or read with a note of what was repaired, or refused with file, line, column and reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from model.ingest.read.child import read_in_child
from model.ingest.read.delimited import read_delimited
from model.ingest.read.detect import HEAD, OLE, detect
from model.ingest.read.excel import read_excel
from model.ingest.read.genesis import read_classic, read_flat
from model.ingest.read.kommonitor import read_geojson, read_geopackage
from model.ingest.read.parquet import read_parquet
from model.ingest.read.source import load
from model.ingest.read.table import UPLOAD, Limits, Lines, RawTable, ReadOptions

__all__ = ["UPLOAD", "Limits", "Lines", "RawTable", "ReadOptions", "read"]

_READERS: Final[dict[str, Callable[[bytes, str, ReadOptions], RawTable]]] = {
    "csv": read_delimited,
    "excel": read_excel,
    "genesis": read_classic,
    "genesis-flat": read_flat,
    "geojson": read_geojson,
    "geopackage": read_geopackage,
    "parquet": read_parquet,
}


def read(path: str | Path, options: ReadOptions | None = None) -> RawTable:
    """Read a file as a table; `archive.zip!member.csv` names a member of a zip file, `.gz` is unpacked.

    Raises ReadError naming file, line, column, value and the reason.
    """
    options = options or ReadOptions()
    if options.limits.child:
        return read_in_child(path, options)
    data, name = load(path, options.limits)
    family = detect(data[:HEAD], name, options.format)
    if data.startswith(OLE) and options.limits.child is None:
        return read_in_child(path, options)
    return _READERS[family](data, name, options)
