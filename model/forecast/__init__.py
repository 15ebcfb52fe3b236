"""Series in, series with a future out: one contract for all methods, calibrated on what they would have said before."""

from model.forecast.engine.run import METHODS, forecast, pool_of
from model.forecast.future import NOTES, REASONS, Future
from model.forecast.scale import Scale, scale_for
from model.forecast.series import Panel, single

__all__ = ["METHODS", "NOTES", "REASONS", "Future", "Panel", "Scale", "forecast", "pool_of", "scale_for", "single"]
