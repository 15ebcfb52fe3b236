"""A published file → its table as written: `read(path, ReadOptions()) -> RawTable`.

Nothing is converted here: cells stay text (model.ingest.values reads them), headers stay as in the file. A file is read
as it is meant, or read with a note of what was repaired, or refused with file, line, column and reason.
"""

from __future__ import annotations

from pathlib import Path

from model.ingest.read.delimited import read_delimited
from model.ingest.read.source import load
from model.ingest.read.table import UPLOAD, Limits, Lines, RawTable, ReadOptions

__all__ = ["UPLOAD", "Limits", "Lines", "RawTable", "ReadOptions", "read"]


def read(path: str | Path, options: ReadOptions | None = None) -> RawTable:
    """Read a file as a table; `archive.zip!member.csv` names a member of a zip file, `.gz` is unpacked.

    Raises ReadError naming file, line, column, value and the reason.
    """
    options = options or ReadOptions()
    source = load(path, options.limits)
    return read_delimited(source.data, source.name, options)
