"""No page asks the database more than twelve times, whoever opens it, the first time after a change or again."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service.homes import Home
from tests.service.pages.test_who_may import READ, client_of, expected, filled
from tests.service.pages.test_who_may import service as service  # a fixture

MOST = 12
_TRANSACTIONS = ("BEGIN", "COMMIT")


@pytest.mark.parametrize("name", ["director", "manager", "worker", "member", "administrator"])
def test_no_page_asks_the_database_more_than_twelve_times(service: Home, name: str) -> None:
    client = client_of(name)
    too_many = {}
    for address in READ:
        if expected(READ, address, name) != 200:
            continue
        page = filled(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        said = [query["sql"] for query in asked.captured_queries]
        queries = [sql for sql in said if not sql.startswith(_TRANSACTIONS)]
        if len(queries) > MOST:
            too_many[address] = Counter(sql[:120] for sql in queries)
    assert too_many == {}
