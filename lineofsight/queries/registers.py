"""The registers that grow out of statements: people in charge, reviews, government orders, who is responsible.

Each answer begins with a `RegisterHead`; anybody may read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from lineofsight.oversight import directions as instruments_of
from lineofsight.oversight import duties as duties_of
from lineofsight.oversight import improvement as improvement_of
from lineofsight.oversight import reviews as reviews_of
from lineofsight.oversight.directions import Instrument
from lineofsight.oversight.improvement import Action
from lineofsight.oversight.inheritance import Inherited as InheritedOf
from lineofsight.oversight.inheritance import inheritances
from lineofsight.oversight.leadership import Tenure as TenureOf
from lineofsight.oversight.leadership import body_of
from lineofsight.oversight.leadership import posts as posts_of
from lineofsight.oversight.reviews import Review as ReviewOf
from lineofsight.oversight.reviews import Timed, codes_of
from lineofsight.queries.as_json import Moment, named
from lineofsight.queries.orders import Direction, Requirement, direction_of, requirement_of
from lineofsight.queries.record import Record, RestsOn, View, position
from lineofsight.queries.statements import Brief, brief, briefs, statements


@dataclass(frozen=True)
class RegisterHead:
    """How every answer of a register begins."""

    authority: str
    as_at: date
    known_by: Moment
    rests_on: RestsOn
    position: int


def head(record: Record, view: View) -> RegisterHead:
    """The head of an answer given from a view."""
    at = position(record, view.moment, witnessed=view.witnessed)
    return RegisterHead(record.authority, view.as_at, view.known_by, view.rests_on, at)


# -- people in charge -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tenure:
    """One holder of a post, or a vacancy (`holder` None): from when, until when, and how exactly both are known.

    `from` is the first day it can have begun and `from_latest` the last, if a source gives only a month or a year;
    `until` is the last day it can have ended and `until_earliest` the first.
    """

    holder: str | None
    vacant: bool
    terms: str
    from_: Annotated[date | None, named("from")]
    from_exact: bool
    until: date | None
    until_exact: bool
    end_told: bool
    from_latest: date | None
    until_earliest: date | None
    from_words: str
    until_words: str
    statements: list[Brief]


@dataclass(frozen=True)
class ReviewName:
    """A review that was not settled when somebody came into post."""

    code: str
    publication: str


@dataclass(frozen=True)
class InheritedFigure(Brief):
    """The number of unallocated children that was stated when somebody came into post."""

    value: float | int


@dataclass(frozen=True)
class Inherited:
    """What was open on the day a holder came into post."""

    holder: str | None
    on: date
    on_words: str
    after: str | None
    requirements: list[Requirement]
    undertakings: list[Brief]
    reviews: list[ReviewName]
    unallocated: InheritedFigure | None


@dataclass(frozen=True)
class Post:
    """One post of a body (empty: the council itself): who holds it on the day, everybody who ever did, and what each found open when they came."""

    post: str
    body: str
    on_the_day: list[Tenure]
    tenures: list[Tenure]
    inherited: list[Inherited]


@dataclass(frozen=True)
class Posts(RegisterHead):
    """The posts of a children's service and their holders."""

    posts: list[Post]


def tenures(record: Record, view: View) -> dict[str, list[TenureOf]]:
    """Each post's holders and vacancies that began by the day; an end after it is shown where it was foretold."""
    day = view.as_at
    found = posts_of(statements(record, view), min(day, view.known_day))
    begun = {
        name: [each for each in several if (each.begun or each.ended or date.min) <= day]
        for name, several in found.items()
    }
    return {name: several for name, several in begun.items() if several}


def inherited(record: Record, view: View, held: list[TenureOf]) -> list[InheritedOf]:
    """For each holder of a post, what was open on the day they came, by what is known by the moment."""
    return inheritances(statements(record, view), held, view.as_at)


def posts(record: Record, view: View) -> Posts:
    """The answer of `posts --json`."""
    found = [
        Post(
            name,
            body_of(name),
            [_tenure(each) for each in several if each.covers(view.as_at)],
            [_tenure(each) for each in several],
            [_inherited(each) for each in inherited(record, view, several)],
        )
        for name, several in tenures(record, view).items()
    ]
    return Posts(**vars(head(record, view)), posts=found)


def _tenure(each: TenureOf) -> Tenure:
    return Tenure(
        holder=each.holder,
        vacant=each.holder is None,
        terms=each.terms,
        from_=each.begun,
        from_exact=each.sure_begin,
        until=each.ended,
        until_exact=each.sure_end,
        end_told=each.said_to_end,
        from_latest=each.begun_by,
        until_earliest=each.ended_from,
        from_words=each.from_words,
        until_words=each.until_words,
        statements=briefs(each.statements),
    )


def _inherited(each: InheritedOf) -> Inherited:
    figure = each.unallocated
    return Inherited(
        holder=each.tenure.holder,
        on=each.day,
        on_words=each.tenure.from_words,
        after=each.before,
        requirements=[requirement_of(required) for required in each.requirements],
        undertakings=[brief(promise.statement) for promise in each.promises],
        reviews=[ReviewName(review.code, review.publication) for review in each.reviews],
        unallocated=InheritedFigure(**vars(brief(figure.statement)), value=figure.number) if figure else None,
    )


# -- reviews ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recommendation:
    """A recommendation that somebody followed with an action."""

    name: str
    title: str
    standing: str
    owner: str | None
    holders: list[str]
    due: str | None
    overdue: bool
    statements: list[Brief]


@dataclass(frozen=True)
class CountedRecommendations(Brief):
    """How many recommendations a statement says a review made."""

    value: str | None


@dataclass(frozen=True)
class ReviewStep(Brief):
    """A step of a review, and where it led."""

    on: date
    to: str


@dataclass(frozen=True)
class ReviewClock:
    """A time limit of a review, with the law or guidance it comes from."""

    code: str
    says: str
    limit: str
    source: str
    confidence: str
    from_: Annotated[date | None, named("from")]
    due: date | None
    done: date | None
    state: str


@dataclass(frozen=True)
class Ground(Brief):
    """A reason that somebody gave for a decision, in the source's words if it is quoted."""

    says: str


@dataclass(frozen=True)
class Review:
    """One review by its code: where it stands, what was decided about publishing it, and its time limits.

    `grounds` are the reasons given for the decision. `panel` is the last step that says whether the national panel
    had the report; None if no source says.
    """

    recommendations: list[Recommendation]
    recommendations_told: list[CountedRecommendations]
    code: str
    regime: str
    standing: str
    publication: str
    look_again_on: str | None
    decision: Brief | None
    grounds: list[Ground]
    panel: Brief | None
    steps: list[ReviewStep]
    out_of_order: list[Brief]
    after_a_gap: list[Brief]
    clocks: list[ReviewClock]
    statements: list[Brief]


@dataclass(frozen=True)
class Reviews(RegisterHead):
    """Reviews by code, never by whom they are about."""

    reviews: list[Review]


def reviews_known(record: Record, view: View) -> list[ReviewOf]:
    """Every review known by the day, by code."""
    return reviews_of.reviews(statements(record, view), view.as_at)


def reviews(record: Record, view: View) -> Reviews:
    """The answer of `reviews --json`."""
    followed = improvement_of.actions(statements(record, view), view.as_at)
    found = [_review(each, followed, view.as_at) for each in reviews_known(record, view)]
    return Reviews(**vars(head(record, view)), reviews=found)


def _recommendation(action: Action, day: date) -> Recommendation:
    return Recommendation(
        name=action.name,
        title=action.title,
        standing=action.standing,
        owner=action.owner,
        holders=list(action.holders),
        due=action.due,
        overdue=action.is_overdue(day),
        statements=briefs(action.statements),
    )


def _review(each: ReviewOf, followed: Iterable[Action], day: date) -> Review:
    own = [action for action in followed if any(each.code in codes_of(about) for about in action.about)]
    counted = [about for about in each.statements if about.value and "recommendation" in (about.unit or "")]
    return Review(
        recommendations=[_recommendation(action, day) for action in own],
        recommendations_told=[
            CountedRecommendations(**vars(brief(about)), value=about.value) for about in counted
        ],
        code=each.code,
        regime=each.regime.name,
        standing=each.progress.standing,
        publication=each.publication,
        look_again_on=each.look_again_on,
        decision=brief(each.decision) if each.decision else None,
        grounds=[Ground(**vars(brief(told)), says=told.quotation or told.says) for told in each.grounds],
        panel=brief(each.panel) if each.panel else None,
        steps=[
            ReviewStep(**vars(brief(step)), on=step.first_day, to=to) for step, to in each.progress.reached
        ],
        out_of_order=briefs(each.progress.out_of_order),
        after_a_gap=briefs(each.progress.gaps),
        clocks=[_clock(timed) for timed in each.clocks],
        statements=briefs(each.statements),
    )


def _clock(timed: Timed) -> ReviewClock:
    clock = timed.clock
    return ReviewClock(
        code=clock.code,
        says=clock.says,
        limit=clock.limit,
        source=clock.source,
        confidence=clock.confidence,
        from_=timed.begun_on,
        due=timed.due_on,
        done=timed.ended_on,
        state=timed.state,
    )


# -- government orders ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Directions(RegisterHead):
    """Directions, notices and orders of every issuer."""

    instruments: list[Direction]


def instruments(record: Record, view: View) -> list[Instrument]:
    """Every instrument issued by the day."""
    return instruments_of.instruments(statements(record, view), view.as_at)


def directions(record: Record, view: View) -> Directions:
    """The answer of `directions --json`."""
    found = [direction_of(each) for each in instruments(record, view)]
    return Directions(**vars(head(record, view)), instruments=found)


# -- who is liable, who commissions, who operates -----------------------------------------------------


@dataclass(frozen=True)
class DutyHolding(Brief):
    """A body that was liable for a function, commissioned it or operated it, from when until when.

    `about_from` and `until_about` are the day, month or year of both as the source gives them.
    """

    part: str
    body: str
    from_: Annotated[date, named("from")]
    until: date | None
    until_about: str | None


@dataclass(frozen=True)
class Function:
    """One function: the bodies by part on the day, and everybody who ever had a part in it."""

    function: str
    on_the_day: dict[str, list[str]]
    holds: list[DutyHolding]


@dataclass(frozen=True)
class Duties(RegisterHead):
    """For each function, who is liable for it, who commissions it and who operates it."""

    functions: list[Function]
    scope: list[Brief]


def duties(record: Record, view: View) -> Duties:
    """The answer of `duties --json`."""
    among, day = statements(record, view), view.as_at
    every = duties_of.held(among, day)
    functions = [
        Function(
            name,
            {part: [holding.body for holding in several] for part, several in parts.items()},
            [_holding(each) for each in every if each.function == name],
        )
        for name, parts in duties_of.on_day(among, day).items()
    ]
    return Duties(
        **vars(head(record, view)), functions=functions, scope=briefs(duties_of.outside(among, day))
    )


def _holding(each: duties_of.Held) -> DutyHolding:
    return DutyHolding(
        **vars(brief(each.statement)),
        part=each.part,
        body=each.body,
        from_=each.begun_on,
        until=each.ended_on,
        until_about=each.ended_about,
    )
