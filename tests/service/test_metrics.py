"""Metrics: absent unless asked for, closed to the network without a token, right across workers, and without a child."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from prometheus_client.parser import text_string_to_metric_families

from lineofsight.service.pages import measured
from lineofsight.service.serving import metrics
from lineofsight.service.store import stamps
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, a_statement, filled_once, load
from tests.service.test_serving import ask, served

TOKEN = "a-token-of-the-tests-only"


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    load(a_statement("one"))
    return home


def values(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


@pytest.mark.parametrize("setting", ["9109", "localhost:9109", "127.0.0.1:", "127.0.0.1:x"])
def test_a_place_that_cannot_be_used_is_refused(setting: str) -> None:
    with pytest.raises(Refused, match="address and a port"):
        metrics.place(setting, TOKEN)


@pytest.mark.parametrize("setting", ["0.0.0.0:9109", "10.0.0.4:9109", "[::]:9109"])
def test_no_other_machine_may_ask_without_a_token(setting: str) -> None:
    with pytest.raises(Refused, match="LINEOFSIGHT_METRICS_TOKEN"):
        metrics.place(setting, "short")
    assert metrics.place(setting, TOKEN) is not None


def test_nothing_listens_unless_somebody_asks_for_it() -> None:
    assert metrics.place("", "") is None
    assert metrics.place("127.0.0.1:9109", "") == ("127.0.0.1", 9109)
    assert metrics.place("[::1]:9109", "") == ("::1", 9109)
    with pytest.raises(MiddlewareNotUsed):
        measured.measured(lambda _request: HttpResponse())


@pytest.mark.django_db
def test_the_service_itself_has_no_such_address() -> None:
    assert Client().get("/metrics").status_code == 404


@contextlib.contextmanager
def answering(token: str) -> Iterator[int]:
    page = SimpleNamespace(text=lambda: b"numbers\n")
    server = metrics.server(("127.0.0.1", 0), token, page)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_whoever_does_not_send_the_token_is_told_nothing() -> None:
    with answering(TOKEN) as port:
        for wrong in ({}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": f"Bearer {TOKEN}x"}):
            status, body, _ = ask(port, "/metrics", wrong)
            assert (status, b"numbers" in body) == (401, False)
        assert ask(port, "/metrics", {"Authorization": f"Bearer {TOKEN}"})[:2] == (200, b"numbers\n")
        assert ask(port, "/other", {"Authorization": f"Bearer {TOKEN}"})[0] == 404
    with answering("") as port:
        assert ask(port, "/metrics")[:2] == (200, b"numbers\n")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/metrics")
        assert connection.getresponse().status == 501
        connection.close()


@pytest.mark.databases
def test_the_numbers_are_those_of_the_record(record: Home) -> None:
    assert record.run("verify").returncode == 0
    found = values(metrics.Page().text().decode())
    of = (("authority", "901"), ("source", "record"))
    assert found["lineofsight_deliveries_total", (*of[:1], ("outcome", "read"), *of[1:])] == 1
    assert 0 <= found["lineofsight_newest_delivery_age_seconds", of] < 86_400
    assert found["lineofsight_database_up", ()] == 1
    assert found["lineofsight_deliveries_waiting", ()] == 0
    assert found["lineofsight_verify_holds", ()] == 1
    assert found["lineofsight_record_bytes", ()] > 100_000
    assert ("lineofsight_backup_age_seconds", ()) not in found
    stamps.note(stamps.BACKED_UP)
    assert ("lineofsight_backup_age_seconds", ()) in values(metrics.Page().text().decode())


def test_a_route_is_named_and_an_address_or_a_method_that_somebody_made_up_is_not() -> None:
    request = RequestFactory().generic("FIND-CHILD-C123", "/service/999/child/C123/")
    assert measured.route_of(request) == "none"
    assert measured.method_of(request) == "other"
    with override_settings(METRICS="127.0.0.1:9109"):
        counted = measured.measured(lambda _request: HttpResponse(status=404))
    assert counted(request).status_code == 404
    labels = [one.labels for family in measured.REQUESTS.collect() for one in family.samples]
    assert "C123" not in str(labels)
    assert {"none"} <= {one["route"] for one in labels}


@pytest.mark.slow
def test_requests_of_all_workers_are_counted_together(record: Home) -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{trial.getsockname()[1]}"
    with served(record, LINEOFSIGHT_METRICS=place) as (port, _):
        for _ in range(20):
            assert ask(port, "/about/?never=kept", {"Cookie": "sessionid=none"})[0] == 200
        assert ask(port, "/service/999/child/C123/")[0] == 302
        number = int(place.rpartition(":")[2])
        until = time.monotonic() + 60
        text = ""
        while 'route="about"' not in text and time.monotonic() < until:
            with contextlib.suppress(OSError):
                text = ask(number, "/metrics")[1].decode()
            time.sleep(1)
        found = values(text)
    counts = {
        dict(labels)["route"]: value
        for (name, labels), value in found.items()
        if name == "lineofsight_request_seconds_count"
    }
    assert counts["about"] == 20
    assert "C123" not in text
    assert not re.search(r'="/', text)
    assert found["lineofsight_database_up", ()] == 1
