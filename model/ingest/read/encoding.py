"""Bytes → UTF-8 without byte order mark, with `\\n` between lines; what cannot be told for sure is refused."""

from __future__ import annotations

import codecs
import re
from typing import Final

from model.errors import ReadError
from model.ingest.read.table import place, refusal, shorten

_MARKS: Final = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 taken for cp1252 and written as UTF-8 again: "ä" becomes "Ã¤"
_TWICE: Final = re.compile(
    rb"\xc3[\x83\x82](?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2(?:\x80[\x90-\xba]|\x82\xac|\x84\xa2))"
    rb"|\xc3\xa2\xe2\x82\xac"
)
_PAIR: Final = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x90-\xba]")
_OTHER: Final = re.compile(rb"[^\x00-\x7f]")
_DOS: Final = re.compile(rb"[A-Za-z][\x81\x84\x8e\x94\x99\x9a\xe1][a-z]")  # ü ä Ä ö Ö Ü ß of cp850 inside a word
_LOST: Final = "\ufffd".encode()
_CHUNK: Final = 1 << 24


def to_utf8(data: bytes, file: str, declared: str | None = None) -> tuple[bytes, tuple[str, ...]]:
    """Return the text as UTF-8 with plain line ends, and notes of what was repaired.

    Raises ReadError for NUL bytes, a mixture of encodings, text encoded twice, or bytes outside the declared encoding.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            text, notes = _marked(data, mark, name, file, declared)
            break
    else:
        text, notes = _unmarked(data, file, declared)
    _refuse_doubled(text, file)
    if text.endswith(b"\x1a"):  # end-of-file sign of DOS programs
        text = text[:-1]
    if (lost := text.count(_LOST)) > 0:
        line = line_of(text, text.index(_LOST))
        notes = (*notes, f"{lost} letters had been lost before publication (replacement sign, first in line {line})")
    return _line_ends(text, notes)


def line_of(data: bytes, position: int) -> int:
    """Return the line (from 1) of a byte position."""
    return data.count(b"\n", 0, position) + 1


def _marked(data: bytes, mark: bytes, name: str, file: str, declared: str | None) -> tuple[bytes, tuple[str, ...]]:
    if declared and codecs.lookup(_codec(declared, file)).name.removesuffix("-le").removesuffix("-be") != name:
        raise refusal(f"The byte order mark says {name}, the recipe says {declared}.", file, line=1)
    if name == "utf-8":
        body = data[len(mark) :]
        _refuse_nul(body, file)
        _strict(body, "utf-8", file)
        return body, ()
    text = _decode(data, name, file)
    if "\0" in text:
        raise refusal("A NUL character stands in the text.", file, line=text.count("\n", 0, text.index("\0")) + 1)
    return text.removeprefix("\ufeff").encode(), (f"read as {name.upper()}",)


def _unmarked(data: bytes, file: str, declared: str | None) -> tuple[bytes, tuple[str, ...]]:
    if declared:
        codec = _codec(declared, file)
        if "utf-16" in codec.lower():
            return _decode(data, codec, file).encode(), ()
        _refuse_nul(data, file)
        return (data if data.isascii() else _decode(data, codec, file).encode()), ()
    _refuse_nul(data, file)
    if data.isascii():
        return data, ()
    broken = _first_invalid(data)
    if broken is None:
        return data, ()
    _refuse_mixture(data, broken, file)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise refusal(
            f"Byte 0x{data[error.start]:02x} belongs neither to UTF-8 nor to cp1252.",
            file, line=line_of(data, error.start), hint="Declare `encoding` in the recipe (perhaps cp850).",
        ) from error  # fmt: skip
    return text.encode(), ("no UTF-8; read as cp1252 (Windows, includes latin-1)",)


def _refuse_mixture(data: bytes, broken: int, file: str) -> None:
    if pair := _PAIR.search(data):
        later = max(pair.start(), broken)
        raise refusal(
            "The file mixes two encodings: some letters are UTF-8, others are not.",
            file, line=line_of(data, later), hint=f"First seen in lines {line_of(data, min(pair.start(), broken))} and "
            f"{line_of(data, later)}; save the file in one encoding.",
        )  # fmt: skip
    if dos := _DOS.search(data):
        word = data[dos.start() : dos.end()].decode("cp850")
        raise refusal(
            "The letters are neither UTF-8 nor cp1252; they look like the DOS encoding cp850.",
            file, line=line_of(data, dos.start()), hint=f"If {word!r} is right, declare encoding = \"cp850\" in the recipe.",
        )  # fmt: skip


def _refuse_nul(data: bytes, file: str) -> None:
    position = data.find(b"\0")
    if position >= 0:
        hint = "It may be UTF-16 without byte order mark: declare `encoding`." if data.count(b"\0") > len(data) // 4 else ""
        raise refusal("A NUL byte stands in the text.", file, line=line_of(data, position), hint=hint)


def _refuse_doubled(data: bytes, file: str) -> None:
    if data.isascii():
        return
    if match := _TWICE.search(data):
        start = max(data.rfind(b"\n", 0, match.start()) + 1, match.start() - 20)
        seen = data[start : match.end() + 10].decode(errors="ignore").splitlines()[0]
        raise refusal(
            f"The text was encoded twice: {shorten(seen)!r}.",
            file, line=line_of(data, match.start()), hint="Ask for the file again, or save it in one encoding.",
        )  # fmt: skip


def _first_invalid(data: bytes) -> int | None:
    """Return the position of the first byte that is no UTF-8, chunk by chunk to keep memory low."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _strict(data: bytes, codec: str, file: str) -> None:
    if not data.isascii() and (broken := _first_invalid(data)) is not None:
        raise refusal(
            f"Byte 0x{data[broken]:02x} does not belong to {codec}, which the file claims.", file, line=line_of(data, broken)
        )


def _decode(data: bytes, codec: str, file: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise refusal(
            f"Byte 0x{data[error.start]:02x} does not belong to {codec}.", file, line=line_of(data, error.start)
        ) from error


def _codec(declared: str, file: str) -> str:
    try:
        return codecs.lookup(declared).name
    except LookupError as error:
        raise ReadError(
            f"Encoding {declared!r} is not known.", where=place(file), hint="Write utf-8, utf-16, cp1252 or latin-1."
        ) from error


def _line_ends(text: bytes, notes: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    if b"\r" not in text:
        return text, notes
    text = text.replace(b"\r\n", b"\n")
    if b"\r" in text and b"\n" not in text:
        return text.replace(b"\r", b"\n"), (*notes, "lines ended with CR alone")
    return text, notes
