"""Forecast on one machine or on an existing Dask cluster: batches of series, the same code, the same digits.

Dask is optional; its workers need this program's folder on their path and the packages of requirements.txt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from model.errors import ForecastError
from model.forecast.engine.run import forecast
from model.forecast.engine.walk import Pool
from model.forecast.future import Future, joined
from model.forecast.scale import Scale
from model.forecast.series import Panel

LOCAL: Final = "local"
SCHEME: Final = "dask://"
BATCH: Final = 5_000  # series per task: some 50 ms of the combination, under 2 MB each way
PORT: Final = 8786
PATIENCE: Final = "5s"


def forecast_on(
    engine: str, panel: Panel, horizon: int, scale: Scale, method: str = "combination", pool: Pool | None = None
) -> Future:
    """Return what `forecast` returns, computed on `engine`: "local", or "dask://HOST[:PORT]" of a running scheduler.

    Raises ForecastError where the engine is unknown or does not answer.
    """
    if engine == LOCAL or not panel.names:
        return forecast(panel, horizon, scale, method, pool)
    if not engine.startswith(SCHEME) or engine == SCHEME:
        raise ForecastError(f"Engine {engine!r} is not known.", hint=f"Use {LOCAL}, or {SCHEME}HOST[:PORT].")
    work = partial(forecast, horizon=horizon, scale=scale, method=method, pool=pool)
    starts = range(0, len(panel.names), BATCH)
    batches = [panel.take(np.arange(start, min(start + BATCH, len(panel.names)))) for start in starts]
    return joined(_mapped(engine, work, batches), np.arange(len(panel.names)))


def _mapped(engine: str, work: Callable[..., Future], batches: list[Panel]) -> list[Future]:
    client_type, no_answer = _dask()
    host, _, port = engine.removeprefix(SCHEME).partition(":")
    try:
        with client_type(f"tcp://{host}:{port or PORT}", timeout=PATIENCE, set_as_default=False) as client:
            return list(client.gather(client.map(work, client.scatter(batches), pure=False)))
    except no_answer as error:
        raise ForecastError("The cluster does not answer.", where=engine, hint="Is its scheduler running?") from error


def _dask() -> tuple[Any, tuple[type[BaseException], ...]]:
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise ForecastError("Dask is not installed.", hint="pip install 'dask[distributed]'.") from None
    return Client, (OSError, TimeoutError, CommClosedError)
