"""The page of one statement: what was said, what became of it, what stands beside it, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.oversight.statements import INVERSES, Statement, Statements
from lineofsight.oversight.wording import about_words, counted_words, is_claimed_zero, value_words
from lineofsight.queries import statements as read
from lineofsight.queries.as_json import to_json
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.service.pages import render
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.public_record import answers
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.presenters import register_of, shown
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import moment_of, written

_BECAME = ("broken_by", "kept_by", "became", "answered_by", "corrected_by")
"""The links, from their other end, that say what became of a statement."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("What became of it", _BECAME),
    ("Contradicted by", ("contradicts", "contradicted_by")),
    ("Counted differently by", ("counts_differently", "counted_differently_by")),
    ("The same, from another source", ("also_says", "also_said_by")),
    ("It answers or follows", ("answers", "keeps", "breaks", "became_of", "corrects")),
    ("Background", ("borne_on_by", "bears_on")),
)
"""The parts of the page: a heading, and the links that belong under it, from either end."""
_MOST_SHOWN = 20
_AGAINST = ("wrong", "disputed")
"""The findings that are read before the number they are on."""


@login_not_required
@require_safe
def statement(request: HttpRequest, authority: str, source: str, id: str) -> HttpResponse:
    """One statement, as known by the moment; 404 where no version of it was ever held."""
    asked = asked_of(request, authority)
    among = asked.statements()
    found = among.by_reference.get(f"{source}/{id}")
    versions = read.versions(asked.record, f"{source}/{id}", public=asked.view.public)
    if not versions:
        raise Http404
    if render.wants_json(request):
        full = read.full_statement(asked.record, found, among) if found else None
        return answers.json(asked, lambda: {"statement": to_json(full)})
    if found is None:
        return _not_public_yet(request, asked, versions[0])
    return render.html(
        request, asked, "public_record/statement.html", "statements", _shown(request, asked, found, versions)
    )


def _not_public_yet(request: HttpRequest, asked: PublicPage, first: Statement) -> HttpResponse:
    """A page that says from when a statement is public, and nothing of what it says: that was not known yet."""
    address = read.address_of(first)
    more = {
        "public_from": local_time(moment_of(first.attested_at)),
        "now": f"{address}?as_at={asked.day}&known=now",
    }
    return render.html(request, asked, "public_record/not_public_yet.html", "statements", more)


def _shown(
    request: HttpRequest, asked: PublicPage, current: Statement, versions: list[Statement]
) -> dict[str, Any]:
    """Everything the page shows, with the versions that were public by the moment."""
    among = asked.statements()
    return {
        "one": current,
        "register": register_of(asked, current),
        "shown": shown(asked, current, among),
        "value": _value(current),
        "found_against": bool(current.note) and current.our_finding in _AGAINST,
        "about": about_words(current),
        "groups": groups_of(asked, current, among),
        "versions": [_version(each) for each in versions if _known(asked, each)],
        "delivery": read.origin_of(asked.record, current),
        "attested": local_time(moment_of(current.attested_at)),
        "witnessed": local_time(moment_of(current.witnessed_at)),
        "lost": [to for relation in RELATIONS for to in among.lost(current, relation)],
        "cite": cited(asked, current, request.build_absolute_uri(read.address_of(current))),
    }


def _value(statement: Statement) -> str:
    return counted_words(statement) if is_claimed_zero(statement) else value_words(statement)


def _known(asked: PublicPage, version: Statement) -> bool:
    moment = version.witnessed_at if asked.view.witnessed else version.attested_at
    return moment <= asked.view.moment


def groups_of(asked: PublicPage, current: Statement, among: Statements) -> list[dict[str, Any]]:
    """Everything linked to a statement, from either end, each other statement once, under the first heading it fits."""
    full = _linked(current, among)
    placed: set[str] = set()
    groups = []
    for heading, links in GROUPS:
        fresh = {
            other.reference: other for link in links for other in full(link) if other.reference not in placed
        }
        placed |= fresh.keys()
        if fresh:
            groups.append(_group(asked, current, heading, fresh.values(), among))
    return groups


def _linked(current: Statement, among: Statements) -> Any:
    """A function from a link's name, seen from this statement, to the statements at its other end."""
    from_other_end = {name: relation for relation, name in INVERSES.items()}

    def linked(name: str) -> list[Statement]:
        relation = from_other_end.get(name)
        return among.of(current, relation) if relation else among.to(current, name)

    return linked


def _group(
    asked: PublicPage, current: Statement, heading: str, found: Iterable[Statement], among: Statements
) -> dict[str, Any]:
    """A heading's statements, oldest first. A long group shows what is not a published statistic, and links to all."""
    several = list(found)
    first = sorted(several, key=lambda other: other.area is not None)[:_MOST_SHOWN]
    first.sort(key=lambda other: (other.said_first, other.reference))
    more = len(several) > len(first)
    return {
        "words": heading,
        "folded": heading == "Background",
        "count": len(several),
        "statements": [shown(asked, other, among, links=False) for other in first],
        "href": asked.link("statements", [("linked", current.reference)]) if more else "",
    }


def cited(asked: PublicPage, current: Statement, address: str) -> str:
    """How to cite a statement, in plain text: who, when, where it stands, and its permanent address here."""
    source = f"{current.source_title}, {current.source_publisher}"
    dated = f", {in_words(current.source_date)}" if current.source_date else ""
    at = f", {current.source_place}" if current.source_place else ""
    held = f"Public record of {asked.name} children’s services, Line of Sight, statement {current.reference}"
    read_on = in_words(asked.view.known_day.isoformat())
    return f"{current.said_by}, {in_words(current.said_on)}, in: {source}{dated}{at}. {held}, as known on {read_on}. {address}"


def _version(version: Statement) -> dict[str, str]:
    return {
        "attested": local_time(moment_of(version.attested_at)),
        "witnessed": local_time(moment_of(version.witnessed_at)),
        "attested_iso": written(moment_of(version.attested_at)),
        "says": version.says,
        "value": value_words(version),
    }
