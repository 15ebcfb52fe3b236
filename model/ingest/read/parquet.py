"""Parquet → RawTable; the footer is asked for rows and columns before any page is unpacked."""

from __future__ import annotations

import io
from typing import Final

import polars as pl

from model.ingest.read.table import Lines, RawTable, ReadOptions, refusal, shorten

_MAGIC: Final = b"PAR1"


def read_parquet(data: bytes, file: str, options: ReadOptions) -> RawTable:
    """Read a Parquet file; numbers stay numbers, dates become ISO text, nested columns are refused."""
    if len(data) < 12 or not data.endswith(_MAGIC):
        raise refusal("The Parquet file is cut off: its footer is missing.", file)
    limits = options.limits
    try:
        scan = pl.scan_parquet(io.BytesIO(data))
        schema = scan.collect_schema()
        rows = int(scan.select(pl.len()).collect().item())
        if len(schema) > limits.columns:
            raise refusal(f"The file has {len(schema)} columns, more than {limits.columns} are not read.", file)
        if rows * len(schema) > limits.cells or rows > (limits.rows or rows):
            raise refusal(f"The file unpacks to {rows:,} rows with {len(schema)} columns, which is too large.", file)
        plain = [_plain(name, dtype, file) for name, dtype in schema.items()]
        frame = scan.select(plain).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise refusal(f"The Parquet file is damaged ({shorten(str(error), 120)}).", file) from error
    if frame.height == 0 or frame.width == 0:
        raise refusal("The file has a header but no rows.", file)
    return RawTable(frame, file, Lines(1, noun="row"), ".", "")


def _plain(name: str, dtype: pl.DataType, file: str) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_numeric() or dtype == pl.String:
        return column
    if dtype == pl.Datetime:
        return column.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if dtype in (pl.Date, pl.Boolean, pl.Null) or isinstance(dtype, (pl.Enum, pl.Categorical)):
        return column.cast(pl.String)
    raise refusal(f"The column is of type {dtype}; text, numbers and dates are read.", file, column=name)
