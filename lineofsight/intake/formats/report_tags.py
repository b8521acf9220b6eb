"""The tags of the children's social care national framework that reports put behind an item since 2025."""

from __future__ import annotations

import re

_NUMBERS = ("one", "two", "three", "four", "five")
_NUMBER = rf"(?:{'|'.join(_NUMBERS)}|[1-5])"
_PART = rf"(?:outcomes?|enablers?|principles?) {_NUMBER}(?:(?:,| and|,? &) (?:(?:outcome|enabler|principle) )?{_NUMBER})*"
_FRAMEWORK = r"(?:(?:children[’']s )?(?:social care )?national (?:social care )?framework)"
_BRACKETED = re.compile(
    rf"\s*[(\[]\s*(?P<inside>[^()\[\]]*\b(?:outcome|enabler|principle)s?\b[^()\[\]]*{_FRAMEWORK}"
    rf"|{_FRAMEWORK}[^()\[\]]*\b(?:outcome|enabler|principle)s?\b[^()\[\]]*"
    rf"|{_PART}(?:[,;:]? (?:and )?{_PART})*)\s*[)\]]",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<=[.;])\s*(?P<inside>{_PART}[:,]? {_FRAMEWORK})\.?$", re.IGNORECASE)


def without_tags(words: str) -> tuple[str, list[str]]:
    """An item's words without its tags, and the tags: `Outcome three`, however they are written."""
    tags = [tag for found in _BRACKETED.finditer(words) for tag in _tags(found.group("inside"))]
    rest = _BRACKETED.sub("", words)
    if found := _BARE.search(rest):
        tags += _tags(found.group("inside"))
        rest = rest[: found.start()]
    return rest.strip(), tags


def _tags(inside: str) -> list[str]:
    bare = re.sub(_FRAMEWORK, "", inside, flags=re.IGNORECASE)
    parts = re.split(r"\s*[;,]\s*(?=outcome|enabler|principle|$)", bare.strip(" ,;:–-"), flags=re.IGNORECASE)
    return [_spelt(part.strip(" ,;:.–-")) for part in parts if part.strip(" ,;:.–-")]


def _spelt(tag: str) -> str:
    """A tag as it is kept: its number in letters."""
    lettered = re.sub(r"\b[1-5]\b", lambda digit: _NUMBERS[int(digit.group()) - 1], tag)
    return " ".join(lettered.split()).capitalize()
