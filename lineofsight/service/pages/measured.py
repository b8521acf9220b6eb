"""How long requests take, by the name of their route: never by address, which may name a child."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

Answer = Callable[[HttpRequest], HttpResponse]

_METHODS = frozenset({"GET", "HEAD", "POST"})
REQUESTS = Histogram(
    "lineofsight_request_seconds",
    "How long requests took, by route, method and kind of answer",
    ["route", "method", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def measured(get_response: Answer) -> Answer:
    """Count each request and how long it took. Left out where nobody asks for metrics."""
    if not settings.METRICS:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        status = f"{response.status_code // 100}xx"
        labels = (route_of(request), method_of(request), status)
        REQUESTS.labels(*labels).observe(time.perf_counter() - begun)
        return response

    return middleware


def route_of(request: HttpRequest) -> str:
    """The name of the route that answered; `none` where none did: a file, a page drawn before, an address that is not there."""
    match = request.resolver_match
    return "none" if match is None else match.url_name or "unnamed"


def method_of(request: HttpRequest) -> str:
    """The method, where it is one that pages answer: anybody can make up another."""
    return request.method if request.method in _METHODS else "other"
