"""Series in, series with a future out: one contract for all methods, calibrated on what they would have said before.

series, scale, future   what goes in, on which scale it is forecast, what comes out
engine/                 the methods: filter bank, benchmarks, statsmodels
assess/                 back-test, width of intervals, learnt trend, track record
areas/                  an indicator of the table for all its areas: adding up, rates as ratios, grades
files/                  long CSV files
inspect, cluster, command   methods laid open, Dask, command line
"""

from model.forecast.engine.run import METHODS, forecast, pool_of
from model.forecast.future import NOTES, REASONS, Future
from model.forecast.scale import Scale, scale_for
from model.forecast.series import Panel, single

__all__ = ["METHODS", "NOTES", "REASONS", "Future", "Panel", "Scale", "forecast", "pool_of", "scale_for", "single"]
