"""Two installs from one codebase: a public record without any place for children, and a service without an open page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from lineofsight.intake.formats import formats
from lineofsight.record.tables import CASE_TABLES, OF_A_SERVICE
from lineofsight.samples import county
from lineofsight.service.cli.commands import lineofsight
from lineofsight.service.store import home_mode
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home
from tests.service.test_inspections import report
from tests.support import surroundings

SAMPLES = surroundings.ROOT / "tests" / "unit" / "intake" / "samples"
OF_CHILDREN = re.compile(
    r"child|unallocated/|caseload|looks|restriction|glass|teams|figure|data-quality|deliver|improvement"
)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A new home in mode public."""
    path = tmp_path_factory.mktemp("public") / "home"
    return Home(path, settings={"LINEOFSIGHT_MODE": "public", "LINEOFSIGHT_MFA": "optional"})


@pytest.fixture(scope="module")
def walked(public: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What exists in it, and what it answers, as a process of its own says."""
    folder = tmp_path_factory.mktemp("deliveries")
    shutil.copy(SAMPLES / "statements" / "statements.yaml", folder / "1-statements.yaml")
    (folder / "2-report.pdf").write_bytes(report("Norfolk", "7 to 18 November 2022", ["Neglect."]))
    shutil.copytree(SAMPLES / "ssd_tables", folder / "3-ssd")
    shutil.copytree(SAMPLES / "annex_a", folder / "4-annex-a")
    hidden = folder / "5-beside-statements"
    hidden.mkdir()
    shutil.copy(SAMPLES / "statements" / "statements.yaml", hidden / "more.yaml")
    (hidden / "extract.xlsx").write_bytes(b"PK\x03\x04 a workbook of children")
    shutil.copy(county.plan(), folder / "5-own-work.yaml")
    # Rows that other checks refuse, or that cannot be read at all: the words would be stored with the file.
    (folder / "5-own-work-refused.yaml").write_text(
        "statements:\n- id: a b\n  subject_kind: Action\n  says: zebra\n- id: c\n"
    )
    (folder / "5-own-work-unread.yaml").write_text(
        "statements:\n- id: c\n  subject_kind: gate\n  says: {a: {b: zebra}}\n"
    )
    shutil.copytree(SAMPLES / "inspection_outcomes", folder / "7-outcomes")
    shutil.copytree(SAMPLES / "ssd_tables", folder / "8-ssd-as-outcomes")
    for kind, name in (("source", "nightly.toml"), ("worklist", "duty.csv")):
        shutil.copy(SAMPLES / kind / name, folder / f"6-{name}")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.public_home", str(folder)],
        env=public.environment, cwd=tmp_path_factory.mktemp("cwd"), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_public_record_has_no_table_of_children(walked: dict[str, Any]) -> None:
    assert {name: child for name, child in walked["tables"].items() if child} == {}
    assert not {table.name for table in OF_A_SERVICE} & walked["tables"].keys()
    assert {"statement", "inspection", "finding"} <= walked["tables"].keys()
    names = set(walked["database"])
    assert {"service_link", "service_block", "service_grant"} <= names
    for gone in ("service_look", "service_restriction", "service_restriction_allowed", "service_brokenglass"):
        assert gone not in names
    assert not [name for name in names if OF_CHILDREN.search(name)]


def test_a_public_record_has_no_format_for_children(walked: dict[str, Any]) -> None:
    of_cases = {one.name for one in formats().values() if one.is_case}
    assert len(of_cases) >= 3
    assert not of_cases & set(walked["formats"])
    assert {
        "statements",
        "inspection_report",
        "inspection_outcomes",
        "source",
        "holidays",
        "service_file",
    } == set(walked["formats"])


def test_a_public_record_has_no_address_for_children(walked: dict[str, Any]) -> None:
    allowed = "public-record/<str:authority>/unallocated"  # what was published about the count
    found = [route for route in walked["routes"] if OF_CHILDREN.search(route) and route != allowed]
    assert found == []
    own = {route for route in walked["routes"] if route.startswith("service/")}
    assert own and all(re.search("/people/|/reports/", route) for route in own)


def test_every_address_of_a_public_record_answers(walked: dict[str, Any]) -> None:
    failed = {route: codes for route, codes in walked["answers"].items() if max(codes) >= 500}
    assert failed == {}
    assert walked["answers"][""] == [200, 200]
    assert walked["answers"]["public-record/<str:authority>/inspections"] == [200, 200]
    assert walked["answers"]["service/<str:authority>/people/"] == [302, 200]
    assert walked["answers"]["my-access/"] == [302, 200]


def test_a_public_record_has_no_command_for_children(walked: dict[str, Any]) -> None:
    gone = {
        "demo", "preview", "figure", "register", "trend", "bridge", "caseload", "child", "county", "access-log",
        "data-quality", "reading", "actions", "questions", "signing-key", "make-public",
    }  # fmt: skip
    assert gone <= lineofsight.commands.keys()
    assert not gone & walked["commands"].keys()
    assert "load" in walked["commands"]
    assert not [name for name, options in walked["commands"].items() if "--child" in options]
    assert "--statement" in walked["commands"]["erase"]


def test_a_public_record_has_no_permission_about_children(walked: dict[str, Any]) -> None:
    assert walked["permissions"] == ["CONFIRM_ROLES", "JUDGE", "PEOPLE", "STATE"]


def test_a_public_record_loads_statements_and_reports_only(walked: dict[str, Any]) -> None:
    loaded = walked["loaded"]
    assert loaded["1-statements.yaml"]["became"] == loaded["2-report.pdf"]["became"] == "read"
    before = loaded["2-report.pdf"]
    assert before["kept"] == 3  # with the description of a source
    for name in (
        "3-ssd",
        "4-annex-a",
        "5-beside-statements",
        "5-own-work.yaml",
        "5-own-work-refused.yaml",
        "5-own-work-unread.yaml",
        "6-duty.csv",
        "6-nightly.toml",
    ):
        assert loaded[name]["became"].endswith("."), name
        assert "\n" not in loaded[name]["became"]
        assert (loaded[name]["links"], loaded[name]["kept"]) == (before["links"], before["kept"]), name
    for name in ("5-own-work.yaml", "5-own-work-refused.yaml", "5-own-work-unread.yaml"):
        assert "own work" in loaded[name]["became"]
    last = [loaded[name] for name in sorted(loaded)][-1]
    assert len(walked["received"]) == 3
    for received in walked["received"].values():  # received to be read later: refused at once, and not stored
        assert "own work" in received["became"]
        assert (received["links"], received["kept"]) == (last["links"], last["kept"])
    outcomes, other = loaded["7-outcomes"], loaded["8-ssd-as-outcomes"]
    assert outcomes["became"] == "read"
    assert other["became"].endswith(".")
    assert (other["links"], other["kept"]) == (outcomes["links"], outcomes["kept"])
    assert walked["verified"]


def test_every_command_of_a_public_record_runs(walked: dict[str, Any]) -> None:
    assert {line: ended for line, ended in walked["ran"].items() if ended[0] != 0} == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_public_record_does_not_restore_the_backup_of_a_service(home: Home, tmp_path: Path) -> None:
    assert home.run("source", "set", SAMPLES / "source" / "nightly.toml").returncode == 0
    done = home.run("load", SAMPLES / "ssd_tables", "--authority", "926", "--source", "nightly")
    assert done.returncode == 0, done.stderr
    assert home.run("backup", tmp_path / "service.tar").returncode == 0
    fresh = Home(tmp_path / "fresh", settings={"LINEOFSIGHT_MODE": "public"})
    done = fresh.run_apart("restore", tmp_path / "service.tar")
    assert done.returncode == 2
    assert "the backup of a service" in done.stderr
    assert not [each for each in (fresh.path / "kept").rglob("*") if each.is_file()]


def test_a_source_of_case_records_is_refused(public: Home, walked: dict[str, Any]) -> None:
    assert walked["verified"]
    done = public.run_apart("source", "set", SAMPLES / "source" / "nightly.toml")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "format" in done.stderr


@pytest.mark.parametrize("mode", ["service", "both"])
def test_a_public_home_never_opens_for_children(public: Home, walked: dict[str, Any], mode: str) -> None:
    assert walked["verified"]
    done = Home(public.path, settings={"LINEOFSIGHT_MODE": mode}).run_apart("head")
    assert done.returncode == 2
    assert "made for a public record" in done.stderr
    assert "LINEOFSIGHT_MODE=public" in done.stderr


@pytest.mark.django_db
def test_a_home_keeps_the_mode_of_its_first_use(home: Home) -> None:
    assert home.run("head").returncode == 0
    assert (home.path / "mode").read_text() == "both\n"
    with (
        override_settings(MODE="service", HOME=home.path),
        pytest.raises(Refused, match="into its file mode"),
    ):
        home_mode.check()
    with (
        override_settings(MODE="public", HOLDS_CHILDREN=False, HOME=home.path),
        pytest.raises(Refused, match="children"),
    ):
        home_mode.check()
    (home.path / "mode").write_text("service\n")
    with override_settings(MODE="service", HOME=home.path):
        home_mode.check()
    done = home.run("head")
    assert done.returncode == 2
    assert "LINEOFSIGHT_MODE=service" in done.stderr


def test_a_word_that_is_no_mode_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = Home(tmp_path / "home", settings={"LINEOFSIGHT_MODE": "open"}).run_apart("head")
    assert done.returncode == 2
    assert "LINEOFSIGHT_MODE must be both or public or service" in done.stderr
    assert done.stderr.count("\n") == 1


def _addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield re.sub(
                r"<int:\w+>",
                "1",
                re.sub(r"<str:authority>", "928", re.sub(r"<(?!int|str:authority)[^>]+>", "none", route)),
            )
        else:
            yield from _addresses(each, route)


@pytest.mark.django_db
def test_a_service_shows_a_visitor_nothing_but_the_sign_in_page() -> None:
    visitor = Client()
    with override_settings(MODE="service"):
        addresses = list(dict.fromkeys(_addresses(get_resolver())))
        assert len(addresses) > 80
        for address in addresses:
            response = visitor.get(address)
            if address.startswith("/health/"):
                assert response.content == b"ok\n", address
            elif address == "/head/":  # a witness outside has to fetch it: test_crossing says what it shows
                assert response.status_code == 200
            elif not address.startswith("/sign-in/"):
                assert response.status_code == 302, address
                assert response["Location"].startswith("/sign-in/"), address
        assert "Every page of this service needs a sign-in" in visitor.get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_a_page_drawn_for_everybody_is_not_given_to_visitors_of_a_service() -> None:
    assert Client().get("/about/").status_code == 200
    with override_settings(MODE="service"):
        assert Client().get("/about/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/about/"])
def test_both_says_that_it_is_for_demonstrations(address: str) -> None:
    assert "for demonstrations only" in Client().get(address).content.decode()


# children are in CASE_TABLES: an empty list would let every test above pass
assert len(CASE_TABLES) > 20
