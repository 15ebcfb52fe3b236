"""A reform is bridged by a key: old figures follow it as estimates, and nothing counts twice."""

from __future__ import annotations

import polars as pl
import pytest

from tests.ingest.conftest import Town, cell, rules, value

UNITS = """
[[units]]
id = "district"
title = "District"
parent = "quarter"
[[units]]
id = "quarter"
title = "Quarter"
parent = "city"
[[units]]
id = "city"
title = "City"
"""


@pytest.fixture
def reformed(town: Town) -> Town:
    """Quarter P: 01, and 02 that was split in 2020 into 21 (60 %) and 22 (40 %); quarter Q: 03."""
    head = town.folder / "package.toml"
    head.write_text(head.read_text().split("[[units]]")[0] + UNITS)
    entries = [
        ("01", "P", ""), ("02", "P", "valid_to = 2020-01-01\n"), ("21", "P", 'valid_from = 2020-01-01\npredecessors = ["02"]\n'),
        ("22", "P", 'valid_from = 2020-01-01\npredecessors = ["02"]\n'), ("03", "Q", ""),
    ]  # fmt: skip
    town.write(
        "areas/district.toml",
        "".join(f'[[areas]]\ncode = "{c}"\nname = "D{c}"\nparent = "{p}"\n{more}' for c, p, more in entries),
    )
    town.write("areas/quarter.toml", "".join(f'[[areas]]\ncode = "{c}"\nname = "Q{c}"\nparent = "00"\n' for c in "PQ"))
    town.write("areas/keys.csv", "from,to,period,share\n02,21,2020,0.6\n02,22,2020,0.4\n")
    return town


def test_old_counts_are_shared_out_as_estimates(reformed: Town) -> None:
    reformed.long("02,2019,residents,_T,_T,1000", "21,2020,residents,_T,_T,610", "22,2020,residents,_T,_T,400")
    table = reformed.table()
    assert value(table, "residents", "21", 2019) == 600
    assert cell(table, "residents", "22", 2019)["status"] == "estimated"
    assert cell(table, "residents", "22", 2019)["source"] == "territory-key"
    assert value(table, "residents", "02", 2019) == 1000  # the old area's own row stays
    assert cell(table, "residents", "21", 2020)["status"] == "normal"


def test_parents_count_everybody_once_and_exactly(reformed: Town) -> None:
    reformed.long("01,2019,residents,_T,_T,10", "02,2019,residents,_T,_T,1001", "03,2019,residents,_T,_T,100")
    table = reformed.table()
    assert (cell(table, "residents", "P", 2019)["value"], cell(table, "residents", "P", 2019)["status"]) == (1011, "normal")
    assert (cell(table, "residents", "00", 2019)["value"], cell(table, "residents", "00", 2019)["status"]) == (1111, "normal")


def test_a_reform_across_quarters_makes_the_old_sums_estimates(reformed: Town) -> None:
    file = reformed.folder / "areas/district.toml"
    file.write_text(
        file.read_text().replace('code = "22"\nname = "D22"\nparent = "P"', 'code = "22"\nname = "D22"\nparent = "Q"')
    )
    reformed.long("01,2019,residents,_T,_T,10", "02,2019,residents,_T,_T,1000", "03,2019,residents,_T,_T,100")
    table = reformed.table()
    assert [cell(table, "residents", area, 2019)["value"] for area in ("P", "Q", "00")] == [610, 500, 1110]
    assert cell(table, "residents", "Q", 2019)["status"] == "estimated"


def test_rates_follow_from_their_shared_parts(reformed: Town) -> None:
    reformed.long("02,2019,residents,_T,_T,1000", "02,2019,children,_T,_T,200")
    assert value(reformed.table(), "share_children", "21", 2019) == pytest.approx(20.0)


def test_a_mean_stays_what_it_was(reformed: Town) -> None:
    reformed.long("02,2019,rent,_T,_T,8.5", "02,2019,residents,_T,_T,1000")
    found = cell(reformed.table(), "rent", "21", 2019)
    assert (found["value"], found["status"]) == (8.5, "estimated")


def test_a_suppressed_count_stays_suppressed(reformed: Town) -> None:
    reformed.long("02,2019,births,_T,_T,.")
    assert cell(reformed.table(), "births", "21", 2019)["status"] == "suppressed"


def test_figures_that_were_delivered_for_the_new_area_win(reformed: Town) -> None:
    reformed.long("02,2019,births,_T,_T,100", "21,2019,births,_T,_T,55")
    assert [cell(reformed.table(), "births", "21", 2019)[name] for name in ("value", "status")] == [55, "normal"]


def test_a_new_code_alone_is_no_estimate(reformed: Town) -> None:
    file = reformed.folder / "areas/district.toml"
    file.write_text(file.read_text() + '[[areas]]\ncode = "99"\nname = "Old"\nparent = "Q"\nvalid_to = 2015-01-01\n')
    reformed.write("areas/keys.csv", "from,to,period,share\n02,21,2020,0.6\n02,22,2020,0.4\n99,03,2015,1\n")
    reformed.long("99,2014,births,_T,_T,7")
    assert [cell(reformed.table(), "births", "03", 2014)[name] for name in ("value", "status")] == [7, "normal"]


def test_breakdowns_are_converted_like_totals(reformed: Town) -> None:
    reformed.long("02,2019,residents,F,Y0T17,50", "02,2019,residents,M,Y0T17,50")
    table = reformed.table()
    assert value(table, "residents", "22", 2019, "F", "Y0T17") == 20
    assert table.filter(pl.col("area") == "22", pl.col("period").dt.year() >= 2020).is_empty()


@pytest.mark.parametrize(
    ("keys", "words"),
    [("02,21,2020,0.6\n", "add up to 0.6"), ("02,77,2020,1\n", "'77' is not known"), ("02,21,2020,1.5\n", "between 0 and 1"),
     ("02,21,soon,1\n", "Period 'soon' cannot be read"), ("02,21,2020,half\n", "half")],
)  # fmt: skip
def test_wrong_keys_are_breaches(reformed: Town, keys: str, words: str) -> None:
    reformed.write("areas/keys.csv", "from,to,period,share\n" + keys)
    reformed.long("01,2019,births,_T,_T,1")
    breaches = reformed.breaches()
    assert rules(breaches) == ["conversion key"]
    assert any(words in breach.what for breach in breaches)
