"""The open-data routes under /api/v1; every answer comes through a Reader."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from model.disclosure import Reader
from model.errors import DatalabError, SelectionError, UnknownName
from model.forecast import METHODS
from model.publish.entries import open_indicators
from model.publish.features import geometry, hatch
from model.query.select import Selection
from model.vocabulary import LANGUAGES, TOTAL, parse_period

ReaderFor = Callable[[Request], Reader]
FeaturesFor = Callable[[Reader, str, str, str], bytes]
ForecastFor = Callable[[Reader, str, str, str, str, float], bytes]
Handler = Callable[[Request], Awaitable[Response]]

IMMUTABLE: Final = "max-age=31536000, immutable"
CHANGING: Final = {"Cache-Control": "no-cache"}
NAMED: Final = {"lang": ("Language", LANGUAGES), "method": ("Method", METHODS), "level": ("Level", ("80", "50", "95"))}
EVERY: Final = "all"  # sex=all, age=all: every breakdown


def routes(reader_for: ReaderFor, features_for: FeaturesFor, forecast_for: ForecastFor) -> list[Route]:
    """Return the routes; `reader_for` gives the door for a request.

    `features_for` gives the (cached) map of an indicator, `forecast_for` that of its forecast by a method at a level.
    """

    def health(request: Request) -> Response:
        reader = reader_for(request)
        rows = sum(reader.table(id).height for id in reader.catalogue.indicators)
        return JSONResponse(
            {
                "package": reader.package.id,
                "release": reader.release,
                "indicators": len(reader.catalogue.indicators),
                "areas": len(reader.catalogue.areas),
                "observations": rows,
            },
            headers=CHANGING,
        )

    def indicators(request: Request) -> Response:
        listed = [asdict(indicator) for indicator in open_indicators(reader_for(request).catalogue)]
        body = json.dumps(listed, default=str, ensure_ascii=False)
        return Response(body, media_type="application/json", headers=CHANGING)

    def areas(request: Request) -> Response:
        reader = _pinned(reader_for(request), request)
        name = request.path_params["name"]
        body = hatch(reader, name.removesuffix("-hatch")) if name.endswith("-hatch") else geometry(reader, name)
        return Response(body, media_type="application/geo+json", headers=_for_good(reader))

    def indicator_map(request: Request) -> Response:
        reader = _pinned(reader_for(request), request)
        body = features_for(reader, request.path_params["unit"], request.path_params["indicator"], _named(request, "lang"))
        return Response(body, media_type="application/geo+json", headers=_for_good(reader))

    def forecast_map(request: Request) -> Response:
        reader = _pinned(reader_for(request), request)
        language, method = (_named(request, kind) for kind in ("lang", "method"))
        level = float(_named(request, "level"))
        path = request.path_params
        body = forecast_for(reader, path["unit"], path["indicator"], language, method, level)
        return Response(body, media_type="application/geo+json", headers=_for_good(reader))

    def data(request: Request) -> Response:
        reader = reader_for(request)
        rows = reader.select(_selection(request))
        if request.path_params["format"] == "csv":
            return Response(rows.write_csv(), media_type="text/csv; charset=utf-8", headers=CHANGING)
        return Response(rows.write_json(), media_type="application/json", headers=CHANGING)

    return [
        Route("/api/v1/health", _guarded(health)),
        Route("/api/v1/indicators", _guarded(indicators)),
        Route("/api/v1/data/{indicator}.{format:str}", _guarded(data)),
        Route("/api/v1/areas/{release}/{name}.geojson", _guarded(areas)),
        Route("/api/v1/map/{release}/{unit}/{indicator}.geojson", _guarded(indicator_map)),
        Route("/api/v1/forecast/{release}/{unit}/{indicator}.geojson", _guarded(forecast_map)),
    ]


def _named(request: Request, kind: str) -> str:
    """Return a parameter that is one of a list, the first of it where none is given. Raises UnknownName."""
    name, allowed = NAMED[kind]
    asked = request.query_params.get(kind, allowed[0])
    if asked not in allowed:
        raise UnknownName(name, asked, allowed)
    return asked


def _guarded(answer: Callable[[Request], Response]) -> Handler:
    """Run the answer beside the event loop and turn our own errors into a short JSON with the right status."""

    async def handler(request: Request) -> Response:
        try:
            return await run_in_threadpool(answer, request)
        except UnknownName as error:
            return _refusal(error, 404)
        except DatalabError as error:
            return _refusal(error, 400)

    return handler


def _for_good(reader: Reader) -> dict[str, str]:
    """Return the headers of an answer that never changes; only what everybody may see goes into shared caches."""
    return {"Cache-Control": f"{'public' if reader.role == 'public' else 'private'}, {IMMUTABLE}"}


def _refusal(error: DatalabError, status: int) -> Response:
    body: dict[str, Any] = {"error": error.what, "hint": error.hint}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def _pinned(reader: Reader, request: Request) -> Reader:
    """Return the reader if the address names its release: immutable addresses never change their content."""
    if request.path_params["release"] != reader.release:
        raise UnknownName("Data release", request.path_params["release"], [reader.release])
    return reader


def _selection(request: Request) -> Selection:
    if request.path_params["format"] not in ("csv", "json"):
        raise SelectionError("The format is csv or json.")
    query = request.query_params
    periods = tuple(parse_period(p) for p in query.getlist("period"))
    return Selection(
        indicators=(request.path_params["indicator"],),
        unit=query.get("unit") or None,
        areas=tuple(query.getlist("area")),
        periods=periods,
        sex=_breakdown(query.get("sex", TOTAL)),
        age=_breakdown(query.get("age", TOTAL)),
    )


def _breakdown(code: str) -> str | None:
    return None if code == EVERY else code
