"""The posts of an authority: who held each on the day, who left around it and why, and their timeline."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.utils.safestring import SafeString

from lineofsight.charts import Lane, Span, spans
from lineofsight.oversight import leadership
from lineofsight.oversight.leadership import Tenure
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.public_record.presenters import Section, address, shown
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day

_FIRST_POSTS = (
    "director of children's services",
    "assistant director of children's services",
    "lead member for children's services",
    "leader of the council",
    "chief executive",
    "commissioner for children's services",
    "best-value commissioners",
    "chair of the safeguarding board",
)


def leaders(asked: PublicPage, among: Statements) -> Section:
    """Each post on the day: its holder, a vacancy, or nobody named; the departures around it; the timeline."""
    found = leadership.posts(among, london_day(asked.view.known_by))
    names = in_order(found)
    first = asked.day - timedelta(days=120)
    leaving = [
        one
        for name in names
        for tenure in found[name]
        for one in tenure.leaving
        if first <= one.first_day <= asked.day + timedelta(days=31)
    ]
    leaving.sort(key=lambda one: one.begun_on)
    posts = [_post(asked, name, found[name]) for name in names]
    return {
        "posts": [post for post in posts if post["held"] or post["name"] in _FIRST_POSTS],
        "unnamed": [post["name"] for post in posts if not post["held"] and post["name"] not in _FIRST_POSTS],
        "departures": _departures(asked, leaving, among),
        **_claimed_and_named(asked, among, found),
        "drawing": posts_drawing(asked, {name: found[name] for name in names}),
    }


def in_order(names: Collection[str]) -> list[str]:
    """Posts in the order of a page: the director's first, and those that no council must have last."""
    return [*(n for n in _FIRST_POSTS if n in names), *(n for n in names if n not in _FIRST_POSTS)]


def _claimed_and_named(asked: PublicPage, among: Statements, found: dict[str, list[Tenure]]) -> Section:
    """What a document claims of how many held a post, beside the people whom sources name."""
    claim = asked.profile.claim
    if claim is None:
        return {"named": [], "claims": []}
    claims = among.where(document=claim.document, item=claim.item)
    return {
        "named": leadership.named_and_gone(found.get(claim.post, []), claim.first, claim.last),
        "claims": [shown(asked, one, among) for one in claims],
    }


def _post(asked: PublicPage, name: str, tenures: list[Tenure]) -> dict[str, Any]:
    held = leadership.holding(tenures, asked.day)
    return {
        "name": name,
        "held": [_tenure(asked, one) for one in held],
        "disputed": len(held) > 1 and for_one_person(name),
        "all": [_tenure(asked, one) for one in tenures],
    }


def for_one_person(post: str) -> bool:
    """Whether a post has one holder at a time: `director of …`, not `commissioners for …`."""
    return not post.partition(" of ")[0].partition(" for ")[0].endswith("s")


def _tenure(asked: PublicPage, one: Tenure) -> dict[str, Any]:
    return {
        "holder": one.holder or "Vacant",
        "vacant": one.holder is None,
        "terms": one.terms,
        "begun": one.from_words,
        "ended": one.until_words,
        "statements": [{"href": address(asked, s), "text": s.title} for s in one.statements],
        "href": address(asked, one.statements[0]),
    }


def _departures(asked: PublicPage, leaving: list[Statement], among: Statements) -> list[dict[str, Any]]:
    """Departures by post and holder, each once, with the reasons stated, by whom, and who disputes them.

    A statement that does not name the holder is put with the one person others name as leaving that post then.
    """
    groups: dict[tuple[str, str], list[Statement]] = {}
    for one in leaving:
        groups.setdefault((one.subject, one.holder or _only_one(one, leaving) or "not named"), []).append(one)
    return [_departure(asked, post, holder, found, among) for (post, holder), found in groups.items()]


def _only_one(one: Statement, leaving: list[Statement]) -> str | None:
    named = {other.holder for other in leaving if other.subject == one.subject and other.holder}
    return named.pop() if len(named) == 1 else None


def _departure(
    asked: PublicPage, post: str, holder: str, found: list[Statement], among: Statements
) -> dict[str, Any]:
    reasons = {o.reference: o for one in found for o in _reasons(one, among)}
    about = [*found, *reasons.values()]
    disputes = {
        o.reference: o for one in about for o in among.contradictions(one) if o.reference not in reasons
    }
    exact = max(found, key=lambda one: (one.event == "left", len(one.about_from or one.said_on)))
    return {
        "post": post,
        "holder": holder,
        "left": in_words(exact.about_from or exact.said_on),
        "said": [shown(asked, o, among, links=False) for o in found if o.reference not in reasons],
        "reasons": [shown(asked, o, among, links=False) for o in reasons.values()],
        "disputes": [
            shown(asked, o, among, links=False)
            for o in disputes.values()
            if o.reference not in {one.reference for one in found}
        ],
    }


def _reasons(one: Statement, among: Statements) -> list[Statement]:
    stated = [o for o in among if o.kind == "reason" and o.subject == one.subject and _close(o, one)]
    return [*stated, *(o for o in among.of(one, "answers") if o.kind == "reason")]


def _close(reason: Statement, departure: Statement) -> bool:
    return abs((reason.last_day or reason.first_day).toordinal() - departure.begun_on) < 120


def axis_of(asked: PublicPage, posts: dict[str, list[Tenure]]) -> tuple[date, date] | None:
    """From the first day known of any post to the last that has come, or the day shown; None if none is dated."""
    days = [day for several in posts.values() for one in several for day in (one.begun, one.ended) if day]
    if not days:
        return None
    begin = asked.profile.drawn_from or min(days).replace(month=1, day=1)
    return begin, max(begin, min(max(*days, asked.day), london_day(asked.now)))


def posts_drawing(
    asked: PublicPage,
    posts: dict[str, list[Tenure]],
    key: str = "",
    *,
    title: str = "Who held each post",
    axis: tuple[date, date] | None = None,
) -> SafeString | str:
    """Every post that sources date. `axis`: the first and last day, if it has those of other drawings beside it."""
    dated = {name: [one for one in tenures if one.begun or one.ended] for name, tenures in posts.items()}
    ends = axis or axis_of(asked, posts)
    if not ends or not any(dated.values()):
        return ""
    begin, end = ends
    lanes = [
        Lane(name[0].upper() + name[1:], bars)
        for name, tenures in dated.items()
        if (bars := [_span(asked, one) for one in tenures if (one.ended or end) >= begin])
    ]
    told = "; ".join(
        f"{one.post}: {one.holder or 'vacant'} from {one.from_words} to {one.until_words}"
        for tenures in dated.values()
        for one in tenures
    )
    return drawn(
        lambda width: spans(
            lanes,
            title=title,
            description=told,
            day=asked.day,
            begin=begin,
            end=end,
            width=width,
            key=key,
        )
    )


_TONES = {"interim": "interim", "acting": "interim", "fixed term": "interim"}


def _span(asked: PublicPage, one: Tenure) -> Span:
    return Span(
        one.begun or one.ended or asked.day,
        one.ended or (None if one.still_open else one.begun),
        one.holder or "Vacant",
        one.sure_begin,
        one.sure_end,
        _tone(one),
        address(asked, one.statements[0]),
        begin_by=one.begun_by if one.begun else None,
        end_from=one.ended_from if one.ended and one.said_to_end else None,
    )


def _tone(tenure: Tenure) -> str:
    if tenure.holder is None:
        return "vacant"
    return "unknown" if tenure.holder == "not named" else _TONES.get(tenure.terms, "holder")
