"""The causes built into over-indebtedness can be found again in the published files."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from generator import debt
from musterstadt_files import PACKAGE

OFFICE = PACKAGE / "sources"


def test_age_groups_add_up_for_the_city_and_the_districts(credit: pl.DataFrame) -> None:
    upper = credit.filter(pl.col("area_code").str.len_chars() == 2)
    parts = upper.filter(pl.col("age_group") != "total").group_by("area_code", "year").agg(pl.col("adults", "overindebted").sum())
    hidden = upper.filter(pl.col("overindebted").is_null()).select("area_code", "year").unique()
    whole = upper.filter(pl.col("age_group") == "total").join(parts, on=["area_code", "year"])
    whole = whole.join(hidden, on=["area_code", "year"], how="anti")
    assert 6 * 21 <= whole.height < 7 * 21
    assert (whole["adults"] == whole["adults_right"]).all()
    assert (whole["overindebted"] == whole["overindebted_right"]).all()


def test_areas_add_up_to_the_city(credit: pl.DataFrame) -> None:
    total = credit.filter(pl.col("age_group") == "total")
    areas = total.filter(pl.col("area_code").str.len_chars() == 4).group_by("year").agg(pl.col("adults", "overindebted").sum())
    joined = total.filter(pl.col("area_code") == "00").join(areas, on="year")
    assert (joined["adults"] == joined["adults_right"]).all()
    assert (joined["overindebted"] == joined["overindebted_right"]).all()


def test_old_age_over_indebtedness_rises(credit: pl.DataFrame) -> None:
    city = credit.filter((pl.col("area_code") == "00") & (pl.col("age_group") == "total")).sort("year")
    share = (city["overindebted_60plus"] / city["overindebted"]).to_list()
    assert share[-1] > 1.6 * share[0]
    assert share[-1] > share[10] > share[0]


def test_the_storage_step_is_the_published_one() -> None:
    """Creditreform 2023: 8.51 % by the old rule, 8.15 % by the new one."""
    odds = np.log(0.0815 / 0.9185) - np.log(0.0851 / 0.9149)
    assert pytest.approx(odds, abs=0.001) == debt.STORAGE


def test_slopes_can_be_recovered_from_the_published_files(credit: pl.DataFrame) -> None:
    """Two-way fixed effects of log odds on both drivers; chance in the published rates pulls slopes to zero a little."""
    panel = _panel(credit)
    weight = np.sqrt(panel["overindebted"].to_numpy())
    columns = [_demeaned(panel, name) * weight for name in ("odds", "unemployment", "burden")]
    slopes, *_ = np.linalg.lstsq(np.column_stack(columns[1:]), columns[0], rcond=None)
    assert slopes[0] == pytest.approx(debt.SLOPE_UNEMPLOYMENT, abs=0.010)
    assert slopes[1] == pytest.approx(debt.SLOPE_RENT, abs=0.010)


def _panel(credit: pl.DataFrame) -> pl.DataFrame:
    """Return areas that never changed × years: log odds, unemployment rate and rent burden in per cent."""
    total = credit.filter((pl.col("age_group") == "total") & (pl.col("area_code").str.len_chars() == 4)).drop_nulls(
        "overindebted"
    )
    odds = (pl.col("overindebted") / (pl.col("adults") - pl.col("overindebted"))).log()
    table = total.select("year", "overindebted", area="area_code", odds=odds)
    table = table.filter(~pl.col("area").is_in(["0504", "0505", "0506"]))
    return table.join(_unemployment(), on=["area", "year"]).join(_burden(), on=["area", "year"])


def _unemployment() -> pl.DataFrame:
    flat = pl.read_csv(OFFICE / "labour_agency/2026-06/13211-K01_de_flat.csv", separator=";", infer_schema=False)
    both = flat.filter(pl.col("2_variable_attribute_label") == "Insgesamt").with_columns(
        pl.col("value").cast(pl.Float64, strict=False)
    )
    wide = both.pivot("value_variable_code", index=["1_variable_attribute_code", "time"], values="value")
    rate = 100 * pl.col("ALO") / pl.col("ERWP")
    return wide.select(area="1_variable_attribute_code", year=pl.col("time").cast(pl.Int64), unemployment=rate).drop_nulls()


def _burden() -> pl.DataFrame:
    parts = []
    for name in ("rent_paid", "tenant_income"):
        wide = pl.read_csv(OFFICE / f"housing_office/2026-06/{name}.csv", separator=";", infer_schema=False)
        long = wide.unpivot(index=["ID", "NAME"], variable_name="date", value_name=name)
        parts.append(long.with_columns(pl.col(name).str.replace(",", ".").cast(pl.Float64)))
    both = parts[0].join(parts[1], on=["ID", "date"])
    year = pl.col("date").str.slice(0, 4).cast(pl.Int64)
    return both.select(area="ID", year=year, burden=100 * pl.col("rent_paid") / pl.col("tenant_income"))


def _demeaned(panel: pl.DataFrame, name: str) -> np.ndarray:
    """Return the column without its area and year means, weighted by cases (the panel has gaps, so in turns)."""
    table = panel.select("area", "year", "overindebted", value=name)
    for _ in range(30):
        for by in ("area", "year"):
            mean = (pl.col("value") * pl.col("overindebted")).sum().over(by) / pl.col("overindebted").sum().over(by)
            table = table.with_columns(value=pl.col("value") - mean)
    return table["value"].to_numpy()
