"""What changed in a public record, as an Atom feed: the statements received last, newest first."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from lineofsight.oversight.statements import Statement
from lineofsight.queries import statements as read
from lineofsight.queries.record import View
from lineofsight.service.pages.public_record.asked import asked_of
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import moment_of

MOST_ENTRIES = 100


@login_not_required
@require_safe
def changes(request: HttpRequest, authority: str) -> HttpResponse:
    """The feed of one authority's record. It gives what is known now, whatever day an address asks for."""
    asked = asked_of(request, authority)
    among = read.statements(asked.record, View(None, asked.now, public=True))
    newest = sorted(
        among, key=lambda each: (each.witnessed_at, each.attested_at, each.reference), reverse=True
    )
    home = request.build_absolute_uri(asked.path())
    feed = Atom1Feed(
        title=f"{asked.name} children’s services: statements added or changed",
        link=home,
        description=asked.profile.synthetic or "Public statements, each with its source.",
        feed_url=request.build_absolute_uri(asked.path("changes.atom")),
        language="en-GB",
    )
    for statement in newest[:MOST_ENTRIES]:
        _add(feed, request, statement)
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _add(feed: Atom1Feed, request: HttpRequest, statement: Statement) -> None:
    address = request.build_absolute_uri(read.address_of(statement))
    moment = moment_of(statement.witnessed_at)
    feed.add_item(
        title=statement.title,
        link=address,
        unique_id=address,
        description=f"{statement.says} ({statement.said_by}, {in_words(statement.said_on)}. {statement.kind.capitalize()}.)",
        categories=statement.topics,
        pubdate=moment,
        updateddate=moment,
    )
