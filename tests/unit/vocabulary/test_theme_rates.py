"""National rates of themes: known themes only, each once, and shown beside a failing raised again."""

from __future__ import annotations

from lineofsight.oversight.returning import CONFIRMED, Verdict, chains
from lineofsight.oversight.similarity import Passage
from lineofsight.vocabulary.subjects import themes_of
from lineofsight.vocabulary.theme_rates import rates, rates_of

SAID = [
    "The quality of pathway plans for care leavers.",
    "Pathway planning with care leavers and their advisers.",
]


def test_every_rate_is_of_a_theme_that_passages_can_be_under_and_a_share() -> None:
    known = themes_of(
        "caseload assessment supervision workforce permanence visits leaving care placement missing private fostering"
    )
    assert set(rates()) <= known
    assert all(0 < rate.share < 100 for rate in rates().values())


def test_themes_counted_as_one_are_given_once_and_those_without_a_rate_not_at_all() -> None:
    found = rates_of(["workforce stability", "allocation and caseloads", "care leavers", "children in care"])
    assert [(rate.share, rate.counted_as) for rate in found] == [
        (65, "care leavers' support, pathway plans"),
        (23, "caseloads, workforce stability"),
    ]


def test_a_chain_has_the_themes_that_all_its_passages_are_under() -> None:
    passages = [Passage(f"926/{at}/1", "926", "a report", 737000 + at, says) for at, says in enumerate(SAID)]
    (chain,) = chains(passages, [Verdict("926/1/1", "926/0/1", CONFIRMED, "why", "dora", 738000)])
    assert "care leavers" in chain.themes
    assert chain.themes == themes_of(SAID[0]) & themes_of(SAID[1])
