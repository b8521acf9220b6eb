"""Similarity of findings: what is compared, what is offered, and that a score depends on two passages alone."""

from __future__ import annotations

import random
from datetime import date

import pytest

from lineofsight.oversight.returning import CONFIRMED, FLOOR, OFFERED, REFUSED, Verdict, offered
from lineofsight.oversight.similarity import PARAGRAPH, SHORT, Passage, Similarity, comparable, terms_of
from lineofsight.vocabulary.rarity import rarity_of
from lineofsight.vocabulary.similarity_curve import curve, step_at
from lineofsight.vocabulary.subjects import PRACTICE, THEME, practices_of, subjects

WORDS = [
    "visits",
    "plans",
    "pathway",
    "caseload",
    "supervision",
    "neglect",
    "advocacy",
    "permanence",
    "audit",
    "threshold",
    "homeless",
]


def passage(name: str, says: str, on: int = 1, themes: frozenset[str] = frozenset()) -> Passage:
    return Passage(name, "926", "an inspection", on, says, 1, themes)


def words(count: int) -> Passage:
    return passage(f"926/a/{count}", " ".join(["plans"] * count))


@pytest.mark.parametrize(
    ("one", "other", "compared"),
    [
        (5, 5, True),
        (7, 56, True),
        (7, 57, False),
        (SHORT, PARAGRAPH, True),
        (SHORT, PARAGRAPH + 1, False),
        (SHORT + 1, PARAGRAPH + 1, True),
        (200, 400, True),
        (1, 9, False),
    ],
)
def test_a_short_statement_is_not_compared_with_a_paragraph(one: int, other: int, compared: bool) -> None:
    assert comparable(words(one), words(other)) is compared
    assert comparable(words(other), words(one)) is compared
    alike = Similarity([passage("a", words(one).says), passage("b", words(other).says)])
    assert (alike.score("a", "b") > 0.9) is compared


def test_a_score_depends_on_the_two_passages_alone() -> None:
    """What else was loaded changes nothing, so a pair looks the same in every record."""
    pair = [
        passage("a", "Return home interviews in time."),
        passage("b", "The take-up of return conversations."),
    ]
    alone = Similarity(pair)
    among = Similarity(
        [*pair, *(passage(str(n), f"Return home interviews in {word}.") for n, word in enumerate(WORDS))]
    )
    assert alone.score("a", "b") == alone.score("b", "a") == among.score("a", "b") > FLOOR
    assert alone.score("a", "a") == pytest.approx(1)


def test_a_practice_is_the_same_under_any_of_its_names() -> None:
    for one, other in (
        ("return home interviews", "return conversations"),
        ("the PLO", "pre-proceedings work"),
        ("personal education plans", "PEPs"),
        ("independent reviewing officers", "IROs"),
    ):
        assert practices_of(one) & practices_of(other), (one, other)
    assert not practices_of("the plot thickens") and not practices_of("iron")


def test_a_stated_theme_counts_as_one_that_the_words_name() -> None:
    says, theme = "The council did not act.", frozenset({"care leavers"})
    assert "theme: care leavers" in terms_of(says, theme) and "theme: care leavers" not in terms_of(says)
    alike = Similarity(
        [passage("a", says, themes=theme), passage("b", "Support for care leavers."), passage("c", says)]
    )
    assert alike.score("a", "b") > alike.score("c", "b") == 0


def test_a_passage_without_a_word_is_like_nothing() -> None:
    alike = Similarity([passage("a", ""), passage("b", "12 3"), passage("c", "Plans.")])
    assert [alike.score("a", other) for other in "abc"] == [0, 0, 0]


def test_what_was_added_gives_the_same_as_comparing_each() -> None:
    drawn = random.Random(7)
    many = [passage(f"{n:03}", " ".join(drawn.choices(WORDS, k=drawn.randint(1, 60)))) for n in range(80)]
    alike = Similarity(many)
    for one in many[:60]:
        alike.add(one.reference)
    for later in many[60:]:
        each = alike.best(later.reference, [one.reference for one in many[:60]], 60)
        kept = [(name, pytest.approx(score)) for name, score in each if score >= FLOOR][:OFFERED]
        assert alike.best_added(later.reference, FLOOR) == kept


def test_nothing_below_the_floor_is_offered_but_what_somebody_decided() -> None:
    interviews = passage("926/a/1", "Return home interviews in time.", 1)
    plans = passage("926/a/2", "Pathway plans for care leavers.", 1)
    later = passage("926/b/1", "The take-up of return home interviews.", 2)
    (found,) = offered([interviews, plans, later], [])
    assert [one.earlier for one in found.candidates] == [interviews]
    decided = Verdict(later.reference, plans.reference, REFUSED, "another group", "dora", 3)
    (found,) = offered([interviews, plans, later], [decided])
    assert [(one.earlier, one.verdict) for one in found.candidates] == [(interviews, None), (plans, decided)]
    assert found.candidates[1].score < FLOOR


def test_findings_of_one_day_are_not_offered_to_each_other_nor_later_ones_to_earlier() -> None:
    says = "Return home interviews in time"
    found = offered([passage("926/a/1", f"{says} for all.", 2), passage("926/a/2", f"{says}.", 2)], [])
    assert found == []
    wrong = Verdict("926/a/1", "926/b/1", CONFIRMED, "why", "dora", 3)
    assert offered([passage("926/a/1", says, 1), passage("926/b/1", says, 2)], [wrong])[0].later.on == 2


def test_a_rare_term_weighs_more_than_a_common_one_and_an_unlisted_one_most() -> None:
    common, rare = "theme: plans and permanence", "practice: unaccompanied children"
    assert 1 < rarity_of(common) < 3 < rarity_of("practice: private fostering") < rarity_of("nosuchterm")
    assert rarity_of(rare) == rarity_of("nosuchterm"), "fewer findings than are listed have it"


def test_every_listed_subject_is_one_that_a_passage_can_name() -> None:
    for kind in (THEME, PRACTICE):
        names = [subject.name for subject in subjects(kind)]
        assert len(names) == len(set(names)) > 10
        assert all(subject.words or subject.whole_words or subject.pattern for subject in subjects(kind))
        assert all(words == words.lower() for subject in subjects(kind) for words in subject.words)


def test_the_floor_is_where_it_is_said_to_be_on_the_curve() -> None:
    at, lower = step_at(FLOOR), step_at(0.15)
    assert 0.55 < at.precision < 0.65 and 0.75 < at.recall < 0.85
    assert (at.findings, at.repeats) == (curve()[0].findings, curve()[0].repeats)
    assert lower.right - at.right < 0.4 * (lower.offered - at.offered), "what lies just below is mostly wrong"
    recalls = [step.recall for step in curve()]
    assert recalls == sorted(recalls, reverse=True)


@pytest.mark.parametrize(
    ("written", "last"), [("", "2013-02-01"), ("2013-02-01", "2013-02-01"), ("2013-02", "2013-02-28")]
)
def test_a_passage_may_be_of_every_day_that_its_source_leaves_open(written: str, last: str) -> None:
    first = date(2013, 2, 1)
    found = Passage("928/a", "928", "a visit", first.toordinal(), "Late.", written=written)
    assert (found.days.first, found.days.last) == (first, date.fromisoformat(last))
