"""Every damaged file gets the verdict that is promised for it, in words that lead to the place."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from damaged_corpus import CASES, Case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.errors import ReadError
from model.ingest.read import Limits, RawTable, ReadOptions, read
from model.ingest.values import explain, parse_values


def read_case(case: Case, folder: Path) -> tuple[RawTable, list[float | None] | None]:
    """Read a case as the build does: the file, then the numbers of its column `value`; unreadable cells are a refusal."""
    path = folder / case.file
    path.write_bytes(case.make())
    table = read(f"{path}!{case.member}" if case.member else path, ReadOptions(**case.options, limits=Limits(**case.limits)))
    if "value" not in table.frame.columns:
        return table, None
    parsed = parse_values(table.frame["value"], table.decimal, table.thousands)
    if parsed.breaches.height:
        row, text, rule = parsed.breaches.row(0)
        raise ReadError(explain(text, rule), where=table.where(row, "value"))
    return table, parsed.value.to_list()


@pytest.mark.parametrize("case", [case for case in CASES if case.verdict == "refuse"], ids=lambda case: case.id)
def test_refused_with_place_and_reason(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as refused:
        read_case(case, tmp_path)
    message = str(refused.value)
    assert message.startswith(case.file), message
    for words in case.says:
        assert words in message
    assert len(message) < 500, "a message is a line, not a file"
    assert str(tmp_path) not in message


@pytest.mark.parametrize("case", [case for case in CASES if case.verdict != "refuse"], ids=lambda case: case.id)
def test_read_as_meant(case: Case, tmp_path: Path) -> None:
    table, values = read_case(case, tmp_path)
    notes = "\n".join(table.notes)
    assert bool(notes) == (case.verdict == "note"), notes
    for words in case.says:
        assert words in notes
    for name, cells in case.cells.items():
        assert table.frame[name].to_list() == cells
    if case.values is not None:
        assert values == case.values


def test_every_kind_that_concerns_reading_is_covered() -> None:
    """The list of kinds is that of the reliability promise."""
    least = {
        "encoding": 20, "number": 30, "structure": 40, "injection": 5, "xlsx": 25, "ods": 3, "xls": 1, "parquet": 8,
        "geojson": 10, "geopackage": 4, "bomb": 15,
    }  # fmt: skip
    found = Counter(case.kind for case in CASES)
    assert set(found) == set(least)
    assert {kind for kind, number in least.items() if found[kind] < number} == set()


def test_names_are_distinct() -> None:
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []


def test_refusals_of_text_files_name_a_line() -> None:
    """Whoever writes a case of a damaged row must promise its line."""
    silent = [
        case.id
        for case in CASES
        if case.verdict == "refuse" and case.kind == "number" and not re.search(r"line \d", " ".join(case.says))
    ]
    assert silent == []


SOUND = [case for case in CASES if case.name in ("sound", "merged header", "UTF-8", "footer of official tables")]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SOUND), st.data())
def test_no_damage_breaks_the_reader(tmp_path: Path, case: Case, data: st.DataObject) -> None:
    """Whatever bytes are changed, cut out or put in: the file is read or refused, nothing else."""
    content = bytearray(case.make())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=5))
    path = tmp_path / case.file
    path.write_bytes(bytes(content) or b"x")
    try:
        assert read(path, ReadOptions(limits=Limits(child=False))).frame.height > 0
    except ReadError as error:
        assert str(error).startswith(case.file)
