"""YAML, JSON and JSON Lines: text stays text, files that mean harm are refused, nothing given twice is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.written_lists import NotText, Twice, fields_of, read_list
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import a_statement, as_json, as_json_lines, as_yaml, codes_of, findings_of, read


def listed(content: str | bytes, name: str = "f.yaml") -> list[Any]:
    return read_list(
        NamedBytes(name, content.encode() if isinstance(content, str) else content), "statements"
    )


def refusal(content: str | bytes, name: str = "f.yaml") -> str:
    with pytest.raises(Refused) as refused:
        listed(content, name)
    assert repr(name) in str(refused.value)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# -- what is meant -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "yes",
        "2018-10-17",
        "2018-10",
        "0123",
        "1e3",
        "1_000",
        "0x1F",
        "12:30:45",
        ".nan",
        "null",
        "~",
        "!x y",
    ],
)
def test_yaml_scalars_stay_the_text_they_are(text: str) -> None:
    """YAML would make `no` false, 12:30:45 a number of seconds, 0123 eighty-three and a date a date. Somebody
    wrote what they wrote. (A tag before a scalar is no part of its text.)"""
    assert listed(f"statements:\n- id: {text}\n") == [{"id": text.removeprefix("!x ")}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.10", "1.10"),
        ("1e999", "1e999"),
        ("9" * 5_000, "9" * 5_000),
        ("NaN", "NaN"),
        ("-0", "-0"),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('"x"', "x"),
        ('["a", null, " b "]', "a b"),
        ("[]", ""),
    ],
)
def test_json_values_stay_the_text_they_are(text: str, value: str | None) -> None:
    """1.10 is not 1.1, and a number too long for Python's own is a text like any."""
    for name, content in (("f.json", f'[{{"id": {text}}}]'), ("f.jsonl", f'{{"id": {text}}}')):
        (item,) = listed(content, name)
        assert fields_of(item, {}) == {"id": value}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.yaml", "statements:\n- id: a\n"),
        ("f.YML", "- id: a\n"),
        ("f.yaml", "\ufeff---\nother: 1\nstatements: [{id: a}]\n...\n"),
        ("f.yaml", "statements:\r\n  - {id: 'a'}\r\n"),
        ("f.json", '{"statements": [{"id": "a"}]}'),
        ("f.json", '\ufeff[{"id": "a"}]'),
        ("f.jsonl", '{"id": "a"}'),
        ("f.JSONL", '\n\r\n{"id": "a"}\r\n   \n'),
    ],
)
def test_the_ways_to_write_a_list(name: str, content: str) -> None:
    assert listed(content, name) == [{"id": "a"}]


def test_an_empty_list_is_a_list() -> None:
    assert listed("statements: []") == listed("[]", "f.json") == []


@given(st.lists(st.dictionaries(st.text(), st.text() | st.lists(st.text()), max_size=3), max_size=4))
@example([{"a": "\u2028\x85\u2029", "b": ["\x1c"]}])
def test_what_json_holds_is_read_back(items: list[dict[str, Any]]) -> None:
    """Also U+2028 and its like, which JSON allows inside a text and which some take for the end of a line."""
    plain = json.dumps(items, ensure_ascii=False, default=str)
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    assert listed(plain, "f.json") == items
    if items:
        assert listed(lines, "f.jsonl") == items


@given(
    st.lists(st.dictionaries(st.text("abc", min_size=1), st.text("xyz é:-#\n'\"&*"), max_size=3), max_size=4)
)
def test_what_yaml_holds_is_read_back(items: list[dict[str, str]]) -> None:
    assert listed(yaml.safe_dump({"statements": items}, allow_unicode=True)) == items


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["f.yaml", "f.yml", "f.json", "f.jsonl"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfea\x00",
        "café".encode("cp1252"),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"%PDF-1.7\n1 0 obj\n<< >>\n",
        b"\x00\x01",
        b"PK\x03\x04",
        b"<html></html>",
        b"{",
        b"'",
        b"[1, 2",
    ],
)
def test_what_is_something_else_is_refused(name: str, content: bytes) -> None:
    refusal(content, name)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("statements:\n- id: a\n  says: x: y\n", "line 3"),
        ("other: []\n", "has no list called statements"),
        ("statements: text\n", "has no list called statements"),
        ("statements:\n", "has no list called statements"),
        ("just text", "has no list called statements"),
        ("statements: []\n---\nstatements: []\n", "second document at line 2"),
        ("statements:\n- id: a\nstatements:\n- id: b\n", "two parts called 'statements'"),
        ("statements:\n- ? [a, b]\n  : c\n", "a name that is not text"),
        ("statements:\n- id: a\x08\n", "bytes that are not text"),
    ],
)
def test_yaml_that_is_no_list_of_statements(content: str, says: str) -> None:
    """Two lists of the same name would be one to most readers, and the first of them gone."""
    assert says in refusal(content)


@pytest.mark.parametrize(
    "content",
    [
        "a: &a [x, x]\nb: &b [*a, *a, *a]\nstatements: [*b, *b]\n",
        "statements:\n- id: &a x\n- id: *a\n",
        "statements:\n- id: *Quentin\n",
        "statements: &a\n- *a\n",
    ],
)
def test_yaml_references_are_refused(content: str) -> None:
    """Nine lines of them can stand for a billion rows. The name of one is a word of the file: not repeated."""
    assert "uses YAML references" in refusal(content)
    assert "Quentin" not in refusal(content)


def test_a_star_or_an_ampersand_in_a_text_is_no_reference() -> None:
    item = a_statement(headline="5 * 4 & more", says="*starred* & so on")
    assert codes_of(read(as_yaml([item]))) == []


@pytest.mark.parametrize(
    "content",
    [
        "statements: " + "[" * 100_000,
        "statements: " + "[" * 900 + "]" * 900,
        "statements: " + "{a: " * 100_000,
        "statements:\n" + "- " * 100_000 + "x",
        "? " * 50_000 + "x",
        "".join(" " * depth + "a:\n" for depth in range(500)),
        "statements:\n- id: " + "[" * 300 + "]" * 300,
    ],
    ids=["brackets", "brackets closed", "braces", "dashes", "questions", "indents", "inside a statement"],
)
def test_yaml_nested_without_end_is_refused(content: str) -> None:
    """PyYAML's own way ends the process on the first of these, and with it every delivery behind it."""
    assert "nested too deep" in refusal(content)


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 100_000])
@pytest.mark.parametrize("name", ["f.json", "f.jsonl"])
def test_json_nested_without_end_is_refused(name: str, content: str) -> None:
    assert "is not JSON that can be read" in refusal(content, name)


@pytest.mark.parametrize("name", ["f.json", "f.jsonl"])
@pytest.mark.parametrize(
    "content", [r'[{"id": "\ud800"}]', r'[{"\udfff": "a"}]', r'[{"\udcff": "x", "\udcff": "y"}]']
)
def test_half_a_character_is_refused(name: str, content: str) -> None:
    r"""`\ud800` alone is no character, and could be neither shown nor sealed."""
    assert "is not JSON that can be read" in refusal(content, name)


def test_a_whole_character_written_in_halves_is_one() -> None:
    assert listed(r'[{"id": "\ud834\udd1e"}]', "f.json") == [{"id": "𝄞"}]


def test_json_names_the_line() -> None:
    assert "at line 3" in refusal('{"statements": [\n{"id": "a"},\n{"id": }]}', "f.json")
    assert "at line 2" in refusal('{"id": "a"}\n{"id": "b"\n', "f.jsonl")


@given(st.binary(max_size=40), st.sampled_from(["f.yaml", "f.json", "f.jsonl"]))
@example(b"- !!binary x", "f.yaml")
@example(b"%YAML 9.9\n---\n[]", "f.yaml")
@example(b"[1" + b"0" * 5000 + b"]", "f.json")
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        assert isinstance(listed(content, name), list)
    except Refused:
        pass


def test_tags_of_yaml_make_nothing_happen() -> None:
    """`!!python/object` starts programs in other readers. Here it is a list, and no statement."""
    assert listed("statements:\n- !!python/object/apply:os.system [exit 1]\n") == [["exit 1"]]


# -- fields --------------------------------------------------------------------------------------


def test_fields_inside_a_field_are_named_after_it() -> None:
    said = fields_of(
        {"id": "a", "source": {"title": "T", "date": None}, "topic": ["x", " y "], "theme": ["p", "q r"]},
        {"theme": "; "},
    )
    assert said == {"id": "a", "source_title": "T", "source_date": None, "topic": "x y", "theme": "p; q r"}


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("text", "is not a statement with fields"),
        (None, "is not a statement with fields"),
        (["id"], "is not a statement with fields"),
        (Twice("says", {"id": "a"}), "gives the field 'says' twice"),
        ({"source_title": "T", "source": {"title": "U"}}, "gives the field 'source_title' twice"),
        ({"source": {"title": {"deep": "T"}}}, "The field 'source_title' of this item is neither"),
        ({"topic": [["a"], "b"]}, "The field 'topic' of this item is neither"),
        ({"topic": [{"a": "b"}]}, "The field 'topic' of this item is neither"),
        ({"source": Twice("title", {})}, "The field 'source' of this item is neither"),
        ({"says": "a\x00b"}, "The field 'says' of this item is neither"),
        ({"topic": ["a\x00b"]}, "The field 'topic' of this item is neither"),
    ],
)
def test_what_is_not_text(item: Any, says: str) -> None:
    with pytest.raises(NotText, match=says):
        fields_of(item, {})


@pytest.mark.parametrize("write", [as_yaml, as_json, as_json_lines])
def test_items_that_are_no_statements_are_findings_at_their_place(write: Any) -> None:
    """Counted and told of; the statements beside them are taken."""
    items = [
        a_statement(id="one"),
        "Quentin",
        a_statement(says={"deep": {"er": "Quentin"}}),
        [],
        a_statement(id="two"),
    ]
    reading = read(write(items))
    assert [(one["code"], one["row"]) for one in findings_of(reading)] == [("F05", 2), ("F05", 3), ("F05", 4)]
    assert not any("Quentin" in one["says"] for one in findings_of(reading))
    assert (reading.received, reading.quarantined) == (5, 3)
    assert reading.rows["statement"].select("id", "_row").rows() == [("one", 1), ("two", 5)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.yaml", "statements:\n- id: a\n  says: one\n  says: two\n"),
        ("f.json", '[{"id": "a", "says": "one", "says": "two"}]'),
        ("f.jsonl", '{"id": "a", "says": "one", "says": "two"}'),
    ],
)
def test_a_field_given_twice_is_found(name: str, content: str) -> None:
    """Every common reader lets the second silently win."""
    reading = read(NamedBytes(name, content.encode()))
    assert [(one["code"], one["row"]) for one in findings_of(reading)] == [("F05", 1)]
    assert (reading.received, reading.quarantined) == (1, 1)
    assert reading.present["statement"][0]["id"].to_list() == ["a"]


def test_a_field_that_is_none_of_ours_is_told_of_once() -> None:
    reading = read(as_yaml([a_statement(id="a", colour="red"), a_statement(id="b", colour="blue", size="9")]))
    found = findings_of(reading)
    assert [(one["code"], one["severity"]) for one in found] == [("F04", "warning")] * 2
    assert [one["says"].split("'")[1] for one in found] == ["colour", "size"]
    assert reading.quarantined == 0
