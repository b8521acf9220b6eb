"""Numbers about an install for a monitor, worked out from the database and the home when they are asked for.

No label holds anything of a child or a person: an authority's code, the name of a source, the kind of a link.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Max
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from lineofsight.service.health import looking
from lineofsight.service.models import Link
from lineofsight.service.receive import earlier
from lineofsight.service.store import chain, clock, stamps
from lineofsight.vocabulary.moments import moment_of

_MOST_SOURCES = 200
_OUTCOMES = {
    chain.RECEIVED: "received",
    chain.RECEIVED_AGAIN: "received again",
    chain.READ: "read",
    chain.AWAITING_CONFIRMATION: "awaited confirmation",
    chain.SET_ASIDE: "set aside",
}
_AGES = {
    stamps.READER: ("lineofsight_reader_sign_age_seconds", "How long ago a reader last gave a sign"),
    stamps.BACKED_UP: ("lineofsight_backup_age_seconds", "How long ago the record was backed up"),
    stamps.VERIFIED: ("lineofsight_verify_age_seconds", "How long ago the record was verified"),
    stamps.DRILLED: (
        "lineofsight_restore_drill_age_seconds",
        "How long ago a backup was restored as a drill",
    ),
}
_HELD = {
    stamps.VERIFIED: ("lineofsight_verify_holds", "Whether the record held when it was last verified"),
    stamps.DRILLED: (
        "lineofsight_restore_drill_holds",
        "Whether the backup held that was last restored as a drill",
    ),
}


class Numbers(Collector):
    """What a monitor reads of this install, besides how long requests take."""

    def collect(self) -> Iterable[Metric]:
        """Every number there is just now; those of the database only where it answers."""
        now = clock.now()
        try:
            from_database = [*_deliveries(now)]
        except DatabaseError:
            connection.close()
            from_database = []
        up = "Whether the database answers"
        yield GaugeMetricFamily("lineofsight_database_up", up, value=float(bool(from_database)))
        yield from from_database
        yield from _stamps(now)
        yield from _room()


def _deliveries(now: datetime) -> Iterable[Metric]:
    of_source = Link.objects.exclude(source="").values("authority", "source")
    counted = CounterMetricFamily(
        "lineofsight_deliveries",
        "Deliveries by what became of them",
        labels=["authority", "source", "outcome"],
    )
    newest = GaugeMetricFamily(
        "lineofsight_newest_delivery_age_seconds",
        "How long ago a source last delivered",
        labels=["authority", "source"],
    )
    received = of_source.filter(kind__in=(chain.RECEIVED, chain.RECEIVED_AGAIN, chain.READ))
    last = list(received.annotate(last=Max("witnessed_at")).order_by("-last")[:_MOST_SOURCES])
    names = {(one["authority"], one["source"]) for one in last}
    for one in last:
        age = (now - moment_of(one["last"])).total_seconds()
        newest.add_metric([one["authority"], one["source"]], age)
    outcomes = of_source.filter(kind__in=_OUTCOMES).values_list("authority", "source", "kind")
    for authority, source, kind, count in outcomes.annotate(count=Count("number")):
        if (authority, source) in names:
            counted.add_metric([authority, source, _OUTCOMES[kind]], count)
    yield counted
    yield newest
    waits = "Deliveries received and not yet read"
    yield GaugeMetricFamily("lineofsight_deliveries_waiting", waits, value=earlier.unread().count())
    confirm = "Deliveries that need a person's confirmation"
    yield GaugeMetricFamily("lineofsight_deliveries_to_confirm", confirm, value=looking.to_confirm().count())
    links = Link.objects.aggregate(newest=Max("number"))["newest"] or 0
    yield CounterMetricFamily("lineofsight_links", "Links of the chain", value=links)


def _stamps(now: datetime) -> Iterable[Metric]:
    for name, (metric, says) in _AGES.items():
        stamp = stamps.read(name)
        if stamp is not None:
            yield GaugeMetricFamily(metric, says, value=(now - stamp.at).total_seconds())
            if name in _HELD:
                yield GaugeMetricFamily(*_HELD[name], value=float(bool(stamp.says.get("holds"))))


def _room() -> Iterable[Metric]:
    room = looking.disk()
    yield GaugeMetricFamily("lineofsight_record_bytes", "What the record takes", value=room.record)
    yield GaugeMetricFamily("lineofsight_disk_free_bytes", "What is free on the home's disk", value=room.free)
    mode = GaugeMetricFamily("lineofsight_info", "The mode of this install", labels=["mode"])
    mode.add_metric([settings.MODE], 1)
    yield mode
