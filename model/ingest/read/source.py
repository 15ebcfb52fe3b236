"""Path → bytes: plain files, gzip and members of zip files, each within its limits before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from model.ingest.read.table import MEGABYTE, Limits, refusal

_CHUNK: Final = 1 << 22
_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".parquet", ".json", ".geojson", ".gpkg")


def load(path: str | Path, limits: Limits) -> tuple[bytes, str]:
    """Return the bytes and the name of a file, of a gzip file's content, or of the member named after `!` in a zip file."""
    archive, _, member = (str(path), "", "") if Path(path).is_file() else str(path).partition("!")
    file = Path(archive)
    if not file.is_file():
        raise refusal("There is no such file.", archive)
    size = file.stat().st_size
    if size == 0:
        raise refusal("The file is empty.", file.name)
    if limits.upload is not None and size > limits.upload:
        raise refusal(f"The file has {megabytes(size)}, more than {megabytes(limits.upload)} are not taken.", file.name)
    data = file.read_bytes()
    if member or (data.startswith(b"PK\x03\x04") and not _is_workbook(data, file)):
        return _member(file, member, limits)
    if data.startswith(b"\x1f\x8b"):
        return _gunzip(data, file.name, limits), file.name
    return data, file.name


def check_unpacked(unpacked: int, packed: int, name: str, limits: Limits) -> None:
    """Refuse a declared or reached size beyond the limits."""
    if unpacked > limits.unpacked:
        raise refusal(
            f"The content unpacks to {megabytes(unpacked)} or more, the limit is {megabytes(limits.unpacked)}.",
            name,
        )
    if unpacked > MEGABYTE and unpacked > limits.ratio * max(packed, 1):
        raise refusal(
            f"The content unpacks to {unpacked // max(packed, 1)} times its packed size, the limit is {limits.ratio}.", name
        )


def _gunzip(data: bytes, name: str, limits: Limits) -> bytes:
    """Unpack chunk by chunk, because the size that gzip declares cannot be trusted."""
    parts: list[bytes] = []
    size, rest = 0, data
    try:
        while rest:
            unpacker = zlib.decompressobj(wbits=31)
            while not unpacker.eof:
                part = unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
                size += len(part)
                check_unpacked(size, len(data), name, limits)
                parts.append(part)
                if not part and not rest and not unpacker.eof:
                    raise refusal("The gzip file is cut off.", name)
            rest = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise refusal(f"The gzip file is damaged ({error}).", name) from error
    return b"".join(parts)


def _member(file: Path, member: str, limits: Limits) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(file) as archive:
            info = _choose(archive, member, file.name)
            name = f"{file.name}!{info.filename}"
            if info.flag_bits & 1:
                raise refusal("The archive is encrypted.", name)
            check_unpacked(info.file_size, info.compress_size, name, limits)
            with archive.open(info) as stream:
                data = stream.read(info.file_size + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise refusal(f"The archive is damaged or cut off ({error}).", file.name) from error
    if len(data) != info.file_size:
        raise refusal("The archive declares another size than it holds.", name)
    return data, name


def _choose(archive: zipfile.ZipFile, member: str, name: str) -> zipfile.ZipInfo:
    infos = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    refuse_unsafe_names([info.filename for info in infos], name)
    if member:
        chosen = [info for info in infos if info.filename == member]
    else:
        chosen = [info for info in infos if PurePosixPath(info.filename).suffix.lower() in _TABLES] or infos
    if len(chosen) == 1:
        return chosen[0]
    inside = ", ".join(info.filename for info in infos[:8])
    what = f"The archive has no member {member!r}." if member else f"The archive holds {len(chosen)} files."
    raise refusal(
        what, name, hint=f"Name one after an exclamation mark: {name}!{infos[0].filename if infos else '…'}. Inside: {inside}."
    )


def refuse_unsafe_names(names: list[str], archive: str) -> None:
    """Refuse an archive in which a name would lead out of its folder."""
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in name or "\0" in name:
            raise refusal(f"The archive holds the unsafe name {name!r}, which leads out of its folder.", archive)


def megabytes(size: int) -> str:
    """Return a size for people."""
    return f"{size / MEGABYTE:,.0f} MB"


def _is_workbook(data: bytes, file: Path) -> bool:
    named = file.suffix.lower() in (".xlsx", ".xlsm", ".ods")
    return named or b"[Content_Types].xml" in data[:4096] or data[30:38] == b"mimetype"
