"""What is shipped has a licence that somebody has read: ours, the vendored files, and every library of the lock."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

from docs import licences
from tests.support.surroundings import ROOT


def test_the_project_states_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License\n")
    for pattern in project["license-files"]:
        assert list(ROOT.glob(pattern)), pattern


def test_every_library_of_the_lock_has_an_allowed_licence() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    found = {one.name: one.licence for one in licences.libraries(lock)}
    assert len(found) == len(re.findall(r"^[\w.-]+(?:\[.*\])?==", lock, re.MULTILINE)) > 40
    assert found["django"] == "BSD-3-Clause"


@pytest.mark.parametrize("stated", ["AGPL-3.0-only", "BSD", ""])
def test_a_new_library_with_another_licence_is_refused(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    about = importlib.metadata.metadata("click")
    del about["License-Expression"]
    about["License-Expression"] = stated
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _name: about)
    with pytest.raises(ValueError, match="not among those allowed"):
        list(licences.libraries("new-library==1.0 \\\n    --hash=sha256:00\n"))


def test_a_library_that_is_not_installed_is_refused_until_its_licence_is_read() -> None:
    with pytest.raises(ValueError, match="not installed"):
        list(licences.libraries("no-such-library-of-ours==1.0 \\\n"))


def test_of_alternatives_one_is_enough_and_of_several_each_counts() -> None:
    licences.check("it", "GPL-3.0-only OR MIT")
    with pytest.raises(ValueError, match="not among"):
        licences.check("it", "GPL-3.0-only AND MIT")


def test_a_static_file_that_nobody_owns_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "lineofsight/service/static/lineofsight"
    folder.mkdir(parents=True)
    for name in ("lineofsight.css", "other.css"):
        (folder / name).touch()
    assert licences.without_owner(tmp_path) == ["lineofsight/service/static/lineofsight/other.css"]
    assert licences.without_owner(ROOT) == []


def test_every_notice_named_is_shipped() -> None:
    notices = ROOT / "lineofsight/service/static/lineofsight/notices"
    named = {name for one in licences.SHIPPED for name in one.notice.split(", ") if name}
    assert named == {path.name for path in notices.iterdir()}
