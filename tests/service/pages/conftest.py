"""The public record of one county, loaded once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from lineofsight.service.receive.recipe import Outcome
from tests.support.records import the_public_record


@pytest.fixture(scope="module")
def record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Outcome]:
    with django_db_blocker.unblock(), the_public_record() as outcome:
        yield outcome
