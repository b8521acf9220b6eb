"""Words of the search: every line of the file is one that can be read, and no name is lost behind another."""

from __future__ import annotations

from importlib import resources

from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.search_words import kept_apart, question_words, same


def test_every_line_is_of_a_kind_that_is_read() -> None:
    lines = (resources.files("lineofsight.vocabulary") / "search_words.csv").read_text("utf-8").splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == {"same", "question", "apart"}


def test_names_of_a_thing_are_found_by_each_other_and_what_is_also_meant_only_by_them() -> None:
    (council,) = [names for names in same() if "s114" in names.typed]
    assert {"section 114", "bankruptcy", "s 114"} <= set(council.typed)
    (director,) = [names for names in same() if "dcs" in names.typed]
    assert "director" in director.written
    assert "director" not in director.typed


def test_a_question_asks_for_a_kind_of_statement_that_there_is() -> None:
    assert question_words()["why"] == "reason"
    assert question_words()["the"] == ""
    assert set(question_words().values()) - {""} <= set(code_set("statement_kind"))


def test_a_word_that_names_something_is_not_left_out() -> None:
    """A question word that is itself a name would never be looked for, and neither would the name."""
    assert not set(question_words()) & {name for names in same() for name in names.typed}


def test_words_kept_apart_are_whole_words_in_small_letters() -> None:
    assert kept_apart()
    assert all(word.isalpha() and word.islower() for word in kept_apart())
