"""A random table, written in any dialect, is read as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.ingest.read import Lines, RawTable, ReadOptions, read
from model.ingest.values import parse_values

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
alphabet = "abcÄöüßé \"';,|\t\n=<&1."
names = st.builds("{}{}{}".format, st.sampled_from("abÄß"), st.text(alphabet, max_size=10), st.sampled_from('xyz".'))
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 2))
tables = st.lists(st.tuples(names, numbers, st.none() | names), min_size=1, max_size=12)
Rows = list[tuple[str, float, str | None]]


def german(number: float) -> str:
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def write(path: Path, rows: Rows, separator: str, encoding: str, number: str, line_end: str) -> None:
    style = {
        "german": german,
        "plain comma": lambda n: f"{n:.2f}".replace(".", ","),
        "english": lambda n: f"{n:,.2f}",
        "plain": lambda n: f"{n:.2f}",
    }[number]
    memory = io.StringIO()
    writer = csv.writer(memory, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(["name", "value", "note"])
    writer.writerows([(name, style(value), note) for name, value, note in rows])
    path.write_bytes(memory.getvalue().encode(encoding))


@quick
@given(
    tables, st.sampled_from([";", ",", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["german", "plain comma", "english", "plain"]), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_any_dialect_of_csv(tmp_path: Path, rows: Rows, separator: str, encoding: str, number: str, line_end: str) -> None:
    path = tmp_path / "t.csv"
    write(path, rows, separator, encoding, number, line_end)
    raw = read(path, ReadOptions(separator=separator))
    assert raw.frame.columns == ["name", "value", "note"]
    assert raw.frame["name"].to_list() == [name for name, _, _ in rows]
    assert raw.frame["note"].to_list() == [note for _, _, note in rows]
    parsed = parse_values(raw.frame["value"], raw.decimal, raw.thousands)
    assert parsed.breaches.height == 0
    assert parsed.value.to_list() == [value for _, value, _ in rows]


@quick
@given(tables)
def test_lines_lead_back_to_the_file(tmp_path: Path, rows: Rows) -> None:
    """Counted independently: a row begins behind the header and all line breaks of the rows before it."""
    path = tmp_path / "t.csv"
    write(path, rows, ";", "utf-8", "plain", "\n")
    raw = read(path, ReadOptions(separator=";"))
    line = 2
    for row, cells in enumerate(rows):
        assert raw.lines.of(row) == line
        line += 1 + sum(str(cell or "").count("\n") for cell in cells)


@quick
@given(tables)
def test_separator_is_found(tmp_path: Path, rows: Rows) -> None:
    """Where no cell holds a separator of its own, any of the four is found without being declared."""
    plain = [(f"n{number}", value, None) for number, (_, value, _) in enumerate(rows)]
    for separator in (";", ",", "\t", "|"):
        path = tmp_path / "t.csv"
        write(path, plain, separator, "utf-8", "plain", "\n")
        assert read(path).frame.columns[:2] == ["name", "value"]


@quick
@given(tables)
def test_workbook_and_parquet(tmp_path: Path, rows: Rows) -> None:
    tidy = [(name.replace("\n", " "), value, note and note.replace("\n", " ")) for name, value, note in rows]
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx", {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "value", "note"])
    for number, row in enumerate(tidy, 1):
        sheet.write_string(number, 0, row[0])
        sheet.write_number(number, 1, row[1])
        sheet.write(number, 2, row[2])
    book.close()
    frame = pl.DataFrame(tidy, schema={"name": pl.String, "value": pl.Float64, "note": pl.String}, orient="row")
    frame.write_parquet(tmp_path / "t.parquet")
    for path in (tmp_path / "t.xlsx", tmp_path / "t.parquet"):
        raw = read(path)
        parsed = parse_values(raw.frame["value"], raw.decimal, raw.thousands)
        assert parsed.breaches.height == 0
        assert parsed.value.to_list() == frame["value"].to_list()
        assert raw.frame["name"].to_list() == frame["name"].to_list()
        assert raw.frame["note"].to_list() == frame["note"].to_list()


@quick
@given(tables, st.data())
def test_a_file_cut_anywhere_is_never_read_in_silence(tmp_path: Path, rows: Rows, data: st.DataObject) -> None:
    """A cut file is refused or read with a note; only a cut exactly between two lines cannot be seen."""
    path = tmp_path / "t.csv"
    write(path, rows, ";", "utf-8", "plain", "\n")
    whole = path.read_bytes()
    position = data.draw(st.integers(1, len(whole) - 1))
    path.write_bytes(whole[:position])
    try:
        raw = read(path, ReadOptions(separator=";"))
    except Exception as error:
        assert type(error).__name__ == "ReadError", error
        return
    assert raw.notes or whole[position - 1 : position] == b"\n"


def test_large_files_are_read_alike(tmp_path: Path) -> None:
    """Beyond the sampled head nothing changes: 200,000 rows with one quoted line break in the middle."""
    lines = [f"{number:06d};{number % 97},5;x" for number in range(200_000)]
    lines[150_000] = '150000;"7,5";"two\nlines"'
    path = tmp_path / "t.csv"
    path.write_text("key;value;note\n" + "\n".join(lines) + "\n")
    raw = read(path)
    assert raw.frame.height == 200_000
    assert raw.frame.row(150_000) == ("150000", "7,5", "two\nlines")
    assert (raw.lines.of(150_000), raw.lines.of(150_001)) == (150_002, 150_004)
    assert parse_values(raw.frame["value"], raw.decimal).value.sum() == sum(
        number % 97 + 0.5 for number in range(200_000)
    ) + 7.5 - (150_000 % 97 + 0.5)


def test_ods_as_another_program_writes_it(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document, table = OpenDocumentSpreadsheet(), Table(name="Data")
    for texts in (["area", "value"], ["01", 1.5], ["02", 1234.567]):
        row = TableRow()
        for content in texts:
            typed = {"valuetype": "float", "value": content} if isinstance(content, float) else {"valuetype": "string"}
            made = TableCell(**typed)
            made.addElement(P(text=str(content)))
            row.addElement(made)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(tmp_path / "t.ods")
    raw = read(tmp_path / "t.ods")
    assert raw.frame.rows() == [("01", "1.5"), ("02", "1234.567")]
    assert raw.decimal == "."


def test_declared_decimal_holds_for_a_workbook_too(tmp_path: Path) -> None:
    """Whoever declares the comma gets number cells with a comma, so that recipe and table agree."""
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate((["area", "value"], ["01", 1.5], ["02", "1.234,5"])):
        sheet.write_row(number, 0, row)
    book.close()
    raw = read(tmp_path / "t.xlsx", ReadOptions(decimal=",", thousands="."))
    assert raw.frame["value"].to_list() == ["1,5", "1234,5"]
    assert parse_values(raw.frame["value"], raw.decimal, raw.thousands).value.to_list() == [1.5, 1234.5]


@pytest.mark.parametrize(
    ("row", "column", "said"), [(None, None, "t.csv"), (3, None, "t.csv, line 10"), (3, "a", "t.csv, line 10, column 'a'")]
)
def test_places_in_words(row: int | None, column: str | None, said: str) -> None:
    assert RawTable(pl.DataFrame(), "t.csv", Lines(7)).where(row, column) == said
