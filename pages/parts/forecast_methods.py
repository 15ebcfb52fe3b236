"""What each method makes of the first area's series: its forecast, its parameters, and whether its errors look like noise."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from model.forecast import METHODS, REASONS
from model.forecast.inspect import Checks, Inspection
from model.forecast.series import first_day, ordinal
from model.profile.numbers import format_indicator, format_percent, format_period, format_value, join_names
from model.publish.outlook import QUICK, span_words
from model.vocabulary import FREQUENCIES
from pages.parts import ahead, cache, charts_forecast, downloads, forecast_words, frame, series
from pages.parts import forecast_data as data
from pages.parts.forecast_views import Outlook
from pages.parts.frame import language, reader, t

DOUBT = 0.05  # a residual check below it is remarked upon
PARAMETERS = (
    "par_smoothing_level", "par_smoothing_trend", "par_smoothing_seasonal", "par_damping_trend", "par_filters", "par_drift",
    "par_alpha", "par_intercept", "par_sigma2", "par_ma_l1", "par_ma_s_l4", "par_ma_s_l2", "par_sigma2_irregular",
    "par_sigma2_level", "par_sigma2_trend", "par_sigma2_seasonal", "par_x1",
)  # fmt: skip
BIASED = 0.5  # mean error in units of its spread
Rows = list[dict[str, Any]]


def show(shown: Outlook) -> None:
    """Fit every method to the first area's series and lay the fits side by side."""
    if ahead.last_observed(shown.choice.indicator, shown.choice.area) is None or shown.found is None:
        return
    fits = _fits(shown)
    st.markdown(f"**{frame.plain(_finding(shown, fits))}**")
    spec = _spec(shown, fits)
    st.vega_lite_chart(None, spec, theme=None, key="f_methods", alt=t("forecast.methods_alt", finding=_finding(shown, fits)))
    st.caption(frame.plain(t("forecast.methods_note")))
    rows = _table(shown, fits)
    st.table(rows, hide_index=True)
    st.caption(frame.plain(t("forecast.checks_note")))
    choice = shown.choice
    with st.container(horizontal=True):
        foot = frame.source_words([choice.indicator])
        files = downloads.Shown(_finding(shown, fits), forecast_words.subtitle(choice), foot, pl.DataFrame(), spec,
                                ready=lambda: _file(shown, fits))  # fmt: skip
        downloads.menu(files, "f_methods")
        frame.link_button("f_methods_link")


def _fits(shown: Outlook) -> list[Inspection]:
    """Return every method's fit; the first time it takes seconds, and a bar says how far it has come."""
    door, choice = reader(), shown.choice
    place = st.empty()
    fits = []
    for at, method in enumerate(METHODS):
        place.progress(at / len(METHODS), t("forecast.fitting", method=t(f"forecast.method_{method}")))
        fits.append(cache.inspected(door.release, choice.indicator.id, choice.area, method, door.role))
    place.empty()
    return fits


def _finding(shown: Outlook, fits: list[Inspection]) -> str:
    """Say how far the methods are apart in the chosen period."""
    values = [v for v in (_value(shown, fit) for fit in fits) if v is not None]
    when = format_period(shown.period, shown.choice.indicator.frequency, language())
    if not values:
        return t("forecast.methods_none", when=when)
    span = span_words(min(values), max(values), shown.choice.indicator, language())
    return t("forecast.methods_finding", n=len(values), when=when, span=span)


def _value(shown: Outlook, fit: Inspection) -> float | None:
    at = _step(shown, fit)
    return None if at is None else float(fit.future.value[0, at])


def _step(shown: Outlook, fit: Inspection) -> int | None:
    """Return the step of the chosen period after the series' last value, None where the method has no forecast."""
    if fit.reason:
        return None
    season = _season(shown)
    step = ordinal(shown.period, season) - int(fit.future.last[0]) - 1
    return step if 0 <= step < fit.future.centre.shape[1] else None


def _season(shown: Outlook) -> int:
    return FREQUENCIES[shown.choice.indicator.frequency]


def _spec(shown: Outlook, fits: list[Inspection]) -> dict[str, Any]:
    """Return the chart of the past and every method's line, the chosen method with its interval."""
    choice = shown.choice
    name = reader().catalogue.area(choice.area).name
    past = series.line_rows(choice.indicator, data.observed(choice.indicator, choice.area), choice.area, name, "area")
    lines: Rows = []
    for fit in fits:
        lines += _line(shown, fit)
    last = ahead.last_observed(choice.indicator, choice.area)
    assert last is not None
    future = ahead.points(choice.indicator, choice.method, choice.area, choice.until, choice.level)
    return charts_forecast.methods(
        past, lines, future, choice.level, choice.indicator.unit.of(language()), language(),
        [t(f"forecast.method_{m}") for m in METHODS], narrow=frame.narrow(),
    )  # fmt: skip


def _line(shown: Outlook, fit: Inspection) -> Rows:
    if fit.reason:
        return []
    choice, season = shown.choice, _season(shown)
    last = ahead.last_observed(choice.indicator, choice.area)
    assert last is not None
    name = t(f"forecast.method_{fit.method}")
    points: Rows = [{"method": name, "period": last[0].isoformat(), "value": last[1], "text": "", "when": ""}]
    for step, value in enumerate(fit.future.value[0]):
        period = first_day(int(fit.future.last[0]) + 1 + step, season)
        if period.year <= choice.until:
            points.append({
                "method": name, "period": period.isoformat(), "value": float(value),
                "text": format_indicator(float(value), choice.indicator, language()),
                "when": format_period(period, choice.indicator.frequency, language()),
            })  # fmt: skip
    return points


def _table(shown: Outlook, fits: list[Inspection]) -> pl.DataFrame:
    """Return one row of ready words per method."""
    choice, tongue = shown.choice, language()
    when = format_period(shown.period, choice.indicator.frequency, tongue)
    rows = []
    for fit in fits:
        at = _step(shown, fit)
        said = REASONS[fit.reason].of(tongue) if fit.reason else "–"
        if at is not None:
            low, high = (float(end[0, at]) for end in fit.future.interval(choice.level))
            value = format_indicator(float(fit.future.value[0, at]), choice.indicator, tongue)
            said = f"{value} ({span_words(low, high, choice.indicator, tongue)})"
        rows.append({
            t("forecast.col_method"): t(f"forecast.method_{fit.method}"),
            t("forecast.col_value", when=when): said,
            t("forecast.col_error"): _error(shown, fit.method),
            t("forecast.col_checks"): _checked(fit.checks),
            t("forecast.col_parameters"): _parameters(fit),
        })  # fmt: skip
    return pl.DataFrame(rows)


def _error(shown: Outlook, method: str) -> str:
    """Return the method's error in back-tests relative to "it stays as it is", for methods that are tried out."""
    door = reader()
    if method not in QUICK:
        return t("forecast.not_tried")
    record = cache.track_records(door.release, shown.choice.indicator.id, method, door.role).get(shown.choice.indicator.id)
    if record is None or not record.cases or not record.mase_naive > 0:
        return "–"
    return format_percent(100 * record.mase / record.mase_naive, 0, language())


def _checked(checks: Checks | None) -> str:
    """Say whether the one-step errors look like mere noise."""
    if checks is None:
        return t("forecast.check_few")
    doubts = [
        t(f"forecast.check_{name}", p=format_value(p, 2, language()))
        for name, p in (("autocorrelation", checks.autocorrelation), ("normality", checks.normality))
        if p < DOUBT
    ]
    doubts += [t("forecast.check_bias")] if abs(checks.bias) > BIASED else []
    return join_names(doubts, language()) if doubts else t("forecast.check_fine")


def _parameters(fit: Inspection) -> str:
    return ", ".join(
        f"{_parameter_words(name)} {format_value(value, 2, language())}"
        for name, value in fit.parameters.items()
        if not name.startswith("initial_")
    )


def _parameter_words(name: str) -> str:
    """Name a parameter; a method's own word where there is none in the reader's language."""
    key = f"par_{name.lower().replace('.', '_')}"
    return t(f"forecast.{key}") if key in PARAMETERS else name


def _file(shown: Outlook, fits: list[Inspection]) -> pl.DataFrame:
    """Return every method's forecast, interval, parameters and checks in the chosen period, as codes for files."""
    rows = []
    for fit in fits:
        at, checks = _step(shown, fit), fit.checks
        low, high = fit.future.interval(shown.choice.level)
        rows.append({
            "indicator": shown.choice.indicator.id, "area": shown.choice.area, "period": shown.period.isoformat(),
            "method": fit.method, "value": _value(shown, fit),
            "lower": None if at is None else float(low[0, at]), "upper": None if at is None else float(high[0, at]),
            "level": shown.choice.level, "status": "forecast" if at is not None else fit.reason,
            "autocorrelation_p": checks.autocorrelation if checks else None,
            "normality_p": checks.normality if checks else None, "bias": checks.bias if checks else None,
            "parameters": "; ".join(f"{k}={v:.6g}" for k, v in fit.parameters.items()), "release": reader().release,
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)
