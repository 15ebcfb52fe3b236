"""What stands in front of Streamlit: API routes, headers, the page's language, and a start that refuses early."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.disclosure import Reader
from model.errors import DatalabError
from model.publish.api import routes as api_routes
from model.vocabulary import LANGUAGES
from pages.parts import cache, pace

HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"SAMEORIGIN",
}


def routes() -> list[BaseRoute]:
    """Return the API routes; in open mode everybody reads as `public`."""

    def reader_for(request: Request) -> Reader:
        return cache.reader("public")

    def features_for(reader: Reader, unit: str, indicator: str, language: str) -> bytes:
        return cache.features(reader.release, unit, indicator, language, reader.role)

    def forecast_for(reader: Reader, unit: str, indicator: str, language: str, method: str, level: float) -> bytes:
        return cache.forecast_features(reader.release, unit, indicator, language, method, level, reader.role)

    return [Route("/overview", _to_start), *api_routes(reader_for, features_for, forecast_for)]


async def _to_start(request: Request) -> Response:
    """Lead the start page's own address to where Streamlit has it: at the root."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


def middleware() -> list[Middleware]:
    """Return the layers around Streamlit, outermost first."""
    return [Middleware(GZipMiddleware, minimum_size=1000), Middleware(Frontage)]


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the data release before the first reader comes; a package that cannot be shown stops the server here."""
    try:
        cache.reader("public")
    except DatalabError as error:
        sys.stderr.write(f"datalab: {error}\n")
        raise SystemExit(2) from None
    ended = pace.start()
    yield {}
    ended.set()


class Frontage:
    """Add security headers to every answer and the right language to the page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language = _language(scope)
        held: list[Message] = []

        async def onward(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
                if _is_page(message):
                    held.append(message)
                    return
            elif held:
                start, body = held[0], message.get("body", b"")
                message["body"] = re.sub(rb'<html lang="\w+"', b'<html lang="' + language + b'"', body, count=1)
                if len(held) == 1:
                    _set_length(start, len(message["body"]) - len(body))
                    await send(start)
                    held.append(message)
            await send(message)

        await self.app(scope, receive, onward)


def _language(scope: Scope) -> bytes:
    match = re.search(rb"(?:^|&)lang=(\w+)", scope.get("query_string", b""))
    asked = match.group(1).decode() if match else ""
    return (asked if asked in LANGUAGES else cache.settings().language).encode()


def _is_page(message: MutableMapping[str, Any]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])


def _set_length(start: MutableMapping[str, Any], change: int) -> None:
    """Correct the content length; `de` and `en` are equally long, other page languages need not be."""
    start["headers"] = [
        (name, str(int(value) + change).encode() if name.lower() == b"content-length" else value)
        for name, value in start["headers"]
    ]
