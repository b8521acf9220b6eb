"""HEAD: what GET would say of an answer, without the answer. A server that is given a body for it complains."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def without_a_body(get_response: Answer) -> Answer:
    """Answer HEAD with the length the body would have had, and no body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return middleware
