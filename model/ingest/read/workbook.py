"""What a workbook holds besides its cells, looked up before anything is unpacked: sizes, hidden parts, merged cells.

XLSX and ODS are zip files of XML, so what would harm (paths, entities, sheets of a billion cells) is refused here, and
what a cell reader does not tell (a formula without its value, hidden rows) is found here. XLS is not looked into.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from model.ingest.read.source import check_unpacked, refuse_unsafe_names
from model.ingest.read.table import Limits, refusal

MOST_CELLS: Final = 50_000_000
_MEMBERS: Final = 5_000
_DECLARED: Final = re.compile(rb"<\0?!\0?(D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_CELL: Final = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_TELLING: Final = re.compile(rb"""<(?:\w+:)?(?:f|mergeCell)[ >/]|hidden=""")
_RANGE: Final = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, all from 1


@dataclass(slots=True)
class Sheet:
    """Collect what was found about one sheet; rows and columns count from 1."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    valueless: list[str] = field(default_factory=list)  # cells with a formula and no stored value
    left: int = 0  # empty columns before the first used one; calamine leaves them out


def is_zip(data: bytes) -> bool:
    """Tell whether the workbook is a zip file (XLSX, ODS) and not a binary XLS."""
    return data.startswith(b"PK\x03\x04")


def inspect(data: bytes, file: str, sheet: str, limits: Limits) -> Sheet:
    """Return what is known about a sheet beyond its cells; an XLS tells nothing."""
    if not is_zip(data):
        return Sheet()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "content.xml" in archive.namelist():
            return _Ods(sheet, file, limits).scan(archive.read("content.xml"))
        part = _part_of(archive, sheet)
        return Sheet() if part is None else _inspect_xlsx(archive.read(part), file, limits)


def check_archive(data: bytes, file: str, limits: Limits) -> None:
    """Refuse a workbook whose archive is damaged, unsafe, too large when unpacked, or declares entities in its XML."""
    if not is_zip(data):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            refuse_unsafe_names([info.filename for info in infos], file)
            if len(infos) > _MEMBERS or len({info.filename for info in infos}) < len(infos):
                raise refusal("The workbook holds too many parts, or one of them twice.", file)
            if any(info.flag_bits & 1 for info in infos):
                raise refusal("The workbook is encrypted.", file, hint="Save it without password.")
            check_unpacked(sum(info.file_size for info in infos), len(data), file, limits)
            for info in infos:  # reading checks size and checksum, so that a lying header is found
                content = archive.read(info)
                if info.filename.endswith((".xml", ".rels")) and _DECLARED.search(content):
                    raise refusal(f"The part {info.filename!r} declares entities; a workbook needs none.", file)
                if info.filename == "content.xml":  # calamine lays out all its sheets as soon as it opens the file
                    _Ods(None, file, limits).scan(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise refusal(f"The workbook is damaged or cut off ({error}).", file) from error


def column_number(letters: str) -> int:
    """Return the number (from 1) of the column called by these letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column (from 1)."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the part of the archive that holds the sheet."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in archive.namelist() else None
    return None


def _inspect_xlsx(xml: bytes, file: str, limits: Limits) -> Sheet:
    places = _CELL.findall(xml)
    columns = [column_number(letters.decode()) for letters in {letters for letters, _ in places}]
    height = max((int(row) for row in {row for _, row in places}), default=0)
    check_extent(max(columns, default=0), height, file, limits)
    sheet = _Xlsx().scan(xml) if _TELLING.search(xml) else Sheet()
    sheet.left = min(columns, default=1) - 1
    return sheet


def check_extent(width: int, height: int, file: str, limits: Limits) -> None:
    """Refuse a sheet whose used area is too wide or too large to be laid out in memory."""
    if width > limits.columns:
        raise refusal(f"The sheet reaches to column {column_letters(width)}; {limits.columns} columns are read at most.", file)
    if width * height > MOST_CELLS:
        raise refusal(f"The sheet reaches over {width} × {height} cells, which is too large.", file)


class _Xlsx:
    """Walk through the XML of an XLSX sheet."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.cell: dict[str, str] = {}
        self.formula = self.value = self.inside = False

    def scan(self, xml: bytes) -> Sheet:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)
        return self.sheet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name == "c":
            self.cell, self.formula, self.value = attributes, False, False
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.inside = True
        elif name == "row" and attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.append(int(attributes.get("r", "0")))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.sheet.hidden_columns.extend(range(first, min(last, first + 999) + 1))
        elif name == "mergeCell" and (match := _RANGE.fullmatch(attributes.get("ref", ""))):
            left, top, right, bottom = match.groups()
            self.sheet.merged.append((int(top), column_number(left), int(bottom), column_number(right)))

    def _text(self, text: str) -> None:
        if self.inside and text:
            self.value = True

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "v":
            self.inside = False
        elif name == "c" and self.formula and not self.value and self.cell.get("t") != "str":
            self.sheet.valueless.append(self.cell.get("r", "?"))


class _Ods:
    """Walk through the XML of an ODS file and look at one of its sheets, or at all of them (name None)."""

    def __init__(self, name: str | None, file: str, limits: Limits) -> None:
        self.sheet, self.name, self.file, self.limits = Sheet(), name, file, limits
        self.here = False
        self.row = self.column = self.repeat = self.cells = 0

    def scan(self, xml: bytes) -> Sheet:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.Parse(xml, True)
        return self.sheet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "table":
            self.here, self.row = self.name in (None, given.get("name")), 0
        if not self.here:
            return
        if name == "table-row":
            self.repeat, self.column = int(given.get("number-rows-repeated", "1")), 0
            if given.get("visibility") in ("collapse", "filter"):
                self.sheet.hidden_rows.extend(range(self.row + 1, self.row + 1 + min(self.repeat, 1_000)))
        elif name == "table-cell":
            self._cell(given)

    def _cell(self, given: dict[str, str]) -> None:
        times = int(given.get("number-columns-repeated", "1"))
        if "value-type" in given or "formula" in given:
            self.cells += times * self.repeat
            self.sheet.left = min(self.sheet.left, self.column) if self.cells > times * self.repeat else self.column
            check_extent(self.column + times, self.cells // max(self.column + times, 1), self.file, self.limits)
        place = f"{column_letters(self.column + 1)}{self.row + 1}"
        if "formula" in given and "value-type" not in given:
            self.sheet.valueless.append(place)
        across, down = int(given.get("number-columns-spanned", "1")), int(given.get("number-rows-spanned", "1"))
        if across > 1 or down > 1:
            self.sheet.merged.append((self.row + 1, self.column + 1, self.row + down, self.column + across))
        self.column += times

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "table":
            self.here = False
        elif name == "table-row" and self.here:
            self.row += self.repeat
