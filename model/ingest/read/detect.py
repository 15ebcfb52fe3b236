"""Which family a file belongs to, by its first bytes; names of files are not trusted."""

from __future__ import annotations

import re
from typing import Final

from model.errors import RecipeError
from model.ingest.read.genesis import is_classic, is_flat
from model.ingest.read.table import FORMATS, refusal

HEAD: Final = 4096
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # begins an XLS
_JSON: Final = re.compile(rb"^(\xef\xbb\xbf)?\s*[\{\[]")
_BINARY: Final = {"excel": "a workbook", "parquet": "Parquet", "geopackage": "a GeoPackage", "geojson": "JSON"}
_FITTING: Final = {  # format of the recipe → families it may turn out to be
    "csv": ("csv", "genesis", "genesis-flat"),
    "genesis": ("genesis",),
    "regionaldatenbank": ("genesis",),
    "genesis-flat": ("genesis-flat",),
    "excel": ("excel",),
    "parquet": ("parquet",),
    "kommonitor": ("geojson", "geopackage", "csv"),
}


def detect(head: bytes, file: str, declared: str) -> str:
    """Return the family: csv, genesis, genesis-flat, excel, parquet, geojson or geopackage.

    Raises ReadError if the file's first bytes contradict the declared format.
    """
    if declared not in FORMATS:
        raise RecipeError(f"Format {declared!r} is not known.", where=file, hint=f"Write one of: {', '.join(FORMATS)}.")
    family = _family(head)
    if declared != "auto" and family not in _FITTING[declared]:
        found = _BINARY.get(family, "a table in text form")
        raise refusal(f"The recipe says {declared}, the file is {found}.", file, line=1)
    return "csv" if declared == "csv" else family


def _family(head: bytes) -> str:
    if head.startswith((b"PK\x03\x04", OLE)):
        return "excel"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\0"):
        return "geopackage"
    if _JSON.match(head):
        return "geojson"
    if is_classic(head):
        return "genesis"
    return "genesis-flat" if is_flat(head) else "csv"
