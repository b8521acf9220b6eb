"""What people type finds what was said: folding, stems, names, days, phrases, near words, and words meant to do harm."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.queries import search_text
from lineofsight.queries.search import Found, find
from lineofsight.queries.search_index import SHOWN, WEIGHTS, SearchIndex, texts_of
from lineofsight.queries.search_question import MOST_WORDS, instead, read_question, unquoted
from lineofsight.queries.search_text import fold, fold_for_stems, joined, phrase, stems, words_of
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import a_known

PLAIN = {
    "headline": "H",
    "subject": "x",
    "says": "x",
    "said_by": "x",
    "source_title": "x",
    "source_publisher": "x",
}


def index_of(*cells: dict[str, Any]) -> SearchIndex:
    """Statements that say nothing but what is given."""
    return SearchIndex(a_known(**{"id": f"s-{at}", **PLAIN, **each}) for at, each in enumerate(cells))


def found(typed: str, *says: str) -> list[str]:
    """Which of these, each said by a statement of its own, what was typed finds, the best first."""
    answer = find(index_of(*({"says": each} for each in says)), typed)
    return [hit.statement.says for hit in answer.hits]


# -- folding and stems -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("childrens services", "children's services"),
        ("children's services", "children\u2019s services"),
        ("Ofsted's", "Ofsted said"),
        ("OFSTED", "ofsted said"),
        ("best value", "a best-value inspector"),
        ("best-value", "a best value inspector"),
        ("rereferrals", "re-referrals rose"),
        ("re-referrals", "rereferrals rose"),
        ("re-referrals", "re\u2010referrals rose"),
        ("4161", "4,161 children"),
        ("4,161", "4161 children"),
        ("Zoe", "Zo\u00eb spoke"),
        ("resignation", "the chair resigned"),
        ("director's", "two directors"),
        ("mismanaged", "mismanagement of money"),
        ("s.114", "a section 114 notice"),
        ("s 114", "a section 114 notice"),
        ("section 114", "an S114 notice"),
        ("bankruptcy", "a section 114 notice"),
        ("LSCB", "the safeguarding board met"),
        ("DCS", "the director of children's services left"),
        ("dcs", "the director left"),
        ("locum", "agency staff"),
        ("SCR", "a practice review was published"),
        ("anne longfield", "the Children's Commissioner for England wrote"),
        ("unallocated", "children without a social worker"),
        ("improvement partner", "Lincolnshire helps"),
        ("nct", "the children's trust opened"),
        ("unitaries", "two unitary councils"),
    ],
)
def test_what_is_typed_finds_it(typed: str, says: str) -> None:
    assert found(typed, says, "something else altogether") == [says]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("commissioner", "the council may commission a company"),
        ("director", "a direction was issued"),
        ("departure", "the department wrote"),
        ("director", "the DCS spoke"),
        ("4161", "4,1610 or 41,61"),
    ],
)
def test_what_only_looks_alike_is_not_found(typed: str, says: str) -> None:
    assert found(typed, says) == []


def test_a_folded_text_is_as_long_as_the_text() -> None:
    text = "The children's 4,161 commissioners' re-referrals,\x00 \ue000caf\u00e9"
    assert len(fold(text)) == len(fold_for_stems(text)) == len(text)
    assert joined("best-value and re-referrals, 2018-19") == ["bestvalue", "rereferrals", "201819"]
    assert stems("Commissioners' directors") == ("commissioneq", "directoq")
    assert stems("commission") not in [stems("commissioner"), stems("commissioners")]


@given(st.text(max_size=80))
def test_any_text_folds_to_one_as_long_and_makes_a_phrase_of_words_alone(text: str) -> None:
    assert len(fold_for_stems(text)) == len(text)
    assert all(text[word.start : word.end] == word.typed for word in words_of(text))
    assert phrase(text).count('"') == 2


# -- what is read of what was typed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "looked_for", "left_out", "kinds"),
    [
        (
            "Why did the director leave in October 2019?",
            ["director", "leave", "October 2019"],
            ["Why", "did", "the", "in"],
            ["reason"],
        ),
        ("oct 2019", ["October 2019"], [], []),
        ("9th Oct 2019", ["9 October 2019"], [], []),
        ("45 october 2019", ["45", "October 2019"], [], []),
        ("2019-10-09", ["9 October 2019"], [], []),
        ("2019-13-09", ["2019-13-09"], [], []),
        ("may 2019", ["May 2019"], [], []),
        ("october nineteen", ["october", "nineteen"], [], []),
        ("what reason did they state", ["state"], ["what reason", "did", "they"], ["reason"]),
        ("the a-post", ["a-post"], ["the"], []),
        ("post-a", ["post-a"], [], []),
        ("wasn't it", ["wasn't", "it"], [], []),
        ("re-referrals re-referrals", ["re-referrals"], [], []),
        ("who is who", ["who", "is", "who"], [], []),
        ('who said "no  plausible reason"?', ["\u201cno plausible reason\u201d"], ["who", "said"], []),
        ("\u201clack of transparency\u201d", ["\u201clack of transparency\u201d"], [], []),
        ('an unclosed "mark', ["unclosed", "mark"], ["an"], []),
        ('""', [], [], []),
        ("???", [], [], []),
        ("", [], [], []),
    ],
)
def test_what_is_looked_for(typed: str, looked_for: list[str], left_out: list[str], kinds: list[str]) -> None:
    question = read_question(typed)
    assert [term.typed for term in question.terms] == looked_for
    assert (list(question.left_out), list(question.kinds)) == (left_out, kinds)


def test_no_more_than_so_many_words_are_looked_for() -> None:
    words = [f"word{number}" for number in range(MOST_WORDS + 5)]
    question = read_question(" ".join(words))
    assert [term.typed for term in question.terms] == words[:MOST_WORDS]
    assert list(question.left_out) == words[MOST_WORDS:]
    assert len(read_question(" ".join(f'"{word}"' for word in words)).terms) == MOST_WORDS


def test_what_was_typed_with_other_words() -> None:
    assert unquoted(' a "b  c" \u201cd\u201d') == "a b c d"
    assert instead("malcom who", {"malcom": "Malcolm"}) == "Malcolm who"
    assert instead("mal-com", {"mal com": "Malcolm"}) == "mal-com Malcolm"


# -- which come first ---------------------------------------------------------------------------------


def test_those_with_every_word_come_first_and_none_with_less_than_half() -> None:
    every, most, few = (
        "the chair of the board resigned in private",
        "the chair of the board board board spoke",
        "the chair spoke",
    )
    answer = find(index_of(*({"says": each} for each in (few, most, every))), "chair board resigned")
    assert [hit.statement.says for hit in answer.hits] == [every, most]
    assert answer.with_every_word == 1
    assert (answer.hits[1].words, answer.hits[1].without) == (("chair", "board"), ("resigned",))


def test_a_headline_counts_for_more_than_a_source() -> None:
    answer = find(
        index_of(
            {"source_title": "Caller"}, {"headline": "Caller"}, {"says": "Caller"}, {"headline": "Other"}
        ),
        "caller",
    )
    assert [hit.statement.id for hit in answer.hits] == ["s-1", "s-2", "s-0"]


def test_who_asks_why_finds_reasons_first() -> None:
    about = {"headline": "The director leaves", "says": "The director leaves"}
    cells = (
        {**about, "kind": "claim"},
        {"says": "The director was leaving", "headline": "H", "kind": "reason"},
    )
    assert [hit.statement.id for hit in find(index_of(*cells), "why did the director leave").hits] == [
        "s-1",
        "s-0",
    ]
    assert [hit.statement.id for hit in find(index_of(*cells), "director leave").hits] == ["s-0", "s-1"]


def test_a_day_is_found_in_what_a_statement_is_about_and_when_it_was_said() -> None:
    answer = find(
        index_of(
            {"said_on": "2019-10-09", "about_from": "2016-07", "about_to": "2016-07"},
            {"said_on": "2013", "about_from": "2019-10", "about_to": "2019-10"},
            {"said_on": "2019-09", "due_on": "2020-07"},
        ),
        "October 2019",
    )
    assert [hit.statement.id for hit in answer.hits] == ["s-1", "s-0"]


def test_names_of_people_and_an_id_find_a_statement() -> None:
    index = index_of(
        {"id": "a-post", "holder": "Andrew Christie"}, {"asked_of": "Malcolm Newsam"}, {"headline": "H"}
    )
    assert [hit.statement.id for hit in find(index, "christie").hits] == ["a-post"]
    assert [hit.statement.id for hit in find(index, "Malcolm Newsam").hits] == ["s-1"]
    assert [hit.statement.id for hit in find(index, "a-post").hits] == ["a-post"]


# -- quotation marks ----------------------------------------------------------------------------------


def test_words_in_quotation_marks_are_found_only_word_for_word() -> None:
    says = "nothing much has changed", "nothing much had changed", "much changed, nothing had"
    assert found('"nothing much had changed"', *says) == ["nothing much had changed"]
    assert found("nothing much had changed", *says) != ["nothing much had changed"]
    assert found('"nothing much had change"', *says) == []
    assert found('"children\'s services"', "the childrens services", "a service for children") == [
        "the childrens services"
    ]


def test_a_quotation_has_to_be_there_whatever_else_is() -> None:
    says = "the trust opens in July", "the trust, later", "July and the trust opens"
    assert found('"trust opens" July', *says) == ["the trust opens in July", "July and the trust opens"]
    assert found('"trust never opens" July trust', *says) == []


# -- nothing found ------------------------------------------------------------------------------------


def answer_to(typed: str) -> Found:
    return find(
        index_of({"holder": "Malcolm Newsam", "says": "He resigned. Resigned again.", "headline": "H"}), typed
    )


def test_a_word_that_no_statement_has_is_named_with_words_spelt_nearly_like_it() -> None:
    answer = answer_to("malcom newsham")
    assert answer.hits == ()
    assert [(unknown.word, unknown.near) for unknown in answer.unknown] == [
        ("malcom", ("Malcolm",)),
        ("newsham", ("Newsam",)),
    ]
    assert answer.looked_for == ["malcom", "newsham"]
    assert answer.corrected == "Malcolm Newsam"


def test_the_other_words_are_found_without_it() -> None:
    answer = answer_to("newsham resigned xyzzy")
    assert [hit.without for hit in answer.hits] == [("newsham", "xyzzy")]
    assert answer.with_every_word == 1
    assert answer.corrected == "Newsam resigned xyzzy"
    assert answer_to("xyzzy").corrected == ""


def test_a_quotation_that_is_nowhere_has_no_near_words() -> None:
    answer = answer_to('"he never resigned"')
    assert (answer.hits, answer.unknown, answer.corrected, answer.is_quoted) == ((), (), "", True)
    assert not answer_to("resigned").is_quoted


def test_nothing_is_found_where_nothing_is_looked_for_or_nothing_is_held() -> None:
    assert answer_to("?!").hits == ()
    empty = find(SearchIndex([]), "anything")
    assert (empty.hits, empty.with_every_word) == ((), 0)


# -- what a reader sees -------------------------------------------------------------------------------


def marked(typed: str, **cells: Any) -> dict[str, str]:
    answer = find(index_of(cells, {"headline": "H"}), typed)
    (parts,) = answer.marked(answer.hits).values()
    return {
        column: "".join(f"[{part.text}]" if part.found else part.text for part in parts[column])
        for column in parts
    }


def test_words_found_are_marked_as_they_were_written() -> None:
    says = marked(
        "commissioner childrens 4161", says="The Commissioner\u2019s 4,161 children's\x00 files", headline="H"
    )
    assert says["says"] == "The [Commissioner\u2019s] [4,161] [children's]\x00 files"
    assert says["headline"] == "H"
    assert list(says) == list(SHOWN)


def test_another_name_of_what_was_typed_is_marked() -> None:
    assert (
        marked("bankruptcy", says="A section 114 notice came.", headline="H")["says"]
        == "A [section 114 notice] came."
    )
    assert marked("why leave", headline="Leaving")["headline"] == "[Leaving]"


def test_what_was_found_where_nobody_sees_it_marks_nothing() -> None:
    assert marked("staffing", topic="staffing", headline="H", says="S")["says"] == "S"


def test_every_column_is_filled_or_made() -> None:
    assert [*texts_of(a_known()), "names", "more_names"] == list(WEIGHTS)


# -- words meant to do harm ---------------------------------------------------------------------------


HOSTILE = (
    '"',
    '"""',
    "' OR 1=1 --",
    "headline:chair",
    "{says kind} : chair",
    "chair NOT board",
    "chair AND",
    "OR OR OR",
    "NEAR(chair board, 2)",
    "chair*",
    "^chair",
    "chair + board",
    "-chair",
    "(chair",
    "chair)))",
    "chair\x00board",
    "\x00",
    "\ue000 \ue001",
    "\x02chair\x03",
    "\ud800",
    "%s %(x)s {0}",
    "a" * 100_000,
    "chair " * 20_000,
    '"' * 5_000,
    "-" * 5_000,
    "\u0301" * 500,
    "<script>alert(1)</script>",
)


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_is_taken_for_a_query_of_the_database(typed: str) -> None:
    index = index_of({"headline": "The chair of the board", "says": typed[:200]})
    answer = find(index, typed)
    assert answer.looked_for == [term.typed for term in read_question(typed).terms]
    assert set(answer.marked(answer.hits)) == {hit.statement.reference for hit in answer.hits}


@given(st.text(alphabet="chair\"*^:(){}-+ANDORNTE \x00'", max_size=60))
def test_operators_of_the_query_language_are_words_or_nothing(typed: str) -> None:
    find(index_of({"headline": "The chair"}), typed)


def test_as_many_names_as_can_be_typed_are_looked_for() -> None:
    names = (
        "section 114 dcs lscb scr trust unitaries locum vacancies leave start appoint publish decide transfer "
        * 4
    )
    assert find(index_of({"headline": "A bankrupt trust left"}), names).hits


# -- what search needs --------------------------------------------------------------------------------


def test_a_python_without_full_text_search_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed: list[bool] = []

    class Without:
        def execute(self, _: str) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr(search_text.sqlite3, "connect", lambda *_, **__: Without())
    with pytest.raises(Refused, match="FTS5"):
        search_text.connect()
    assert closed == [True]
