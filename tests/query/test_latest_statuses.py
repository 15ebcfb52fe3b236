"""What areas show in each indicator's last period, counted by hand."""

from __future__ import annotations

from datetime import date

import polars as pl

from model.query.coverage import latest_statuses

Y1, Y2 = date(2023, 1, 1), date(2024, 1, 1)


def test_last_period_is_the_last_with_a_value_and_absent_areas_are_missing() -> None:
    rows = pl.DataFrame(
        [
            ("a", "1", Y1, 5.0, "normal"),
            ("a", "2", Y1, None, "suppressed"),
            ("a", "1", Y2, None, "missing"),  # nobody has a value yet: 2023 stays the last period
            ("b", "1", Y1, 1.0, "normal"),
            ("b", "1", Y2, 0.0, "normal"),  # a true zero is a value
            ("b", "2", Y2, None, "not_applicable"),
            ("b", "9", Y2, 7.0, "normal"),  # not among the areas asked for
            ("c", "1", Y2, None, "missing"),  # never any value
        ],
        schema=["indicator", "area", "period", "value", "status"],
        orient="row",
    )
    found = {row["indicator"]: row for row in latest_statuses(rows, ["1", "2", "3"]).to_dicts()}
    assert found["a"] == {"indicator": "a", "period": Y1, "shown": 1, "suppressed": 1, "missing": 1, "not_applicable": 0}
    assert found["b"] == {"indicator": "b", "period": Y2, "shown": 1, "suppressed": 0, "missing": 1, "not_applicable": 1}
    assert found["c"] == {"indicator": "c", "period": Y2, "shown": 0, "suppressed": 0, "missing": 3, "not_applicable": 0}
