"""Deliveries on pages: what came and what is late, delivering files, findings to mend, a person's word."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries import deliveries as read
from lineofsight.queries.deliveries import DeliveryDetails, WouldChange
from lineofsight.queries.quality import data_quality
from lineofsight.queries.record import Record
from lineofsight.queries.sources import late_sources, sources
from lineofsight.service.access.records import open_record
from lineofsight.service.models import AccessLogEntry, Link, Restriction
from lineofsight.service.receive import recipe, waiting
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, filled_once
from tests.service.pages.test_of_a_service import signed_in
from tests.support.cases import AUTHORITY, SETTINGS, csv_of, describe, files, night
from tests.support.pdf import pdf

AT = "/service/999/deliveries/"
NEW = f"{AT}new"
EPISODES = "R1, C1, 2019-01-01, N,,"
INVOLVEMENTS = "1, C1, W1, CW, T1, 2019-01-05,, R1"


@pytest.fixture
@filled_once
def described(home: Home) -> Home:
    describe(more='expected = "nightly"')
    return home


def uploads(tables: dict[str, str]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(one.name, one.content) for one in files(tables)]


def read_all() -> None:
    for link in list(waiting.links()):
        recipe.read_waiting(link, by="tests")


def errors(answer: object) -> str:
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    return str(page.split("govuk-error-summary__list")[1].split("</ul>")[0])


def test_files_are_acknowledged_at_once_and_read_by_the_reader(described: Home) -> None:
    client = signed_in("analyst")
    answer = client.post(
        NEW, {"source": "nightly", "files": uploads({"cin_episodes": EPISODES, "involvements": INVOLVEMENTS})}
    )
    assert answer.status_code == 302
    waiting = client.get(answer["Location"])
    assert waiting["Refresh"] == "2"
    assert b"The files are safe" in waiting.content
    read_all()
    done = client.get(answer["Location"])
    assert "Refresh" not in done
    assert b"<strong>2</strong> received" in done.content
    assert b"<strong>2</strong> accepted" in done.content


def test_the_same_files_again_add_nothing_and_it_is_said(described: Home) -> None:
    client = signed_in("analyst")
    tables = {"cin_episodes": EPISODES}
    first = client.post(NEW, {"source": "nightly", "files": uploads(tables)})
    read_all()
    again = client.post(NEW, {"source": "nightly", "files": uploads(tables)}, follow=True)
    assert again.redirect_chain[0][0] == first["Location"]
    assert b"This file has already been loaded" in again.content


REPORT = pdf(
    [
        ["Inspection of Norfolk children’s services", "Inspection dates: 7 to 18 November 2022"],
        ["What needs to improve?", "• Plans."],
    ]
)


def test_reports_are_delivered_without_describing_a_source(home: Home) -> None:
    """Nothing was described for this authority: its first delivery may be a report."""
    client = signed_in("analyst", authority="926")
    page = client.get("/service/926/deliveries/new").content.decode()
    assert "No source needed: inspection reports (PDF)" in page and "No source has been set up yet" in page
    sent = {"source": "ofsted", "files": [SimpleUploadedFile("report.pdf", REPORT)]}
    answer = client.post("/service/926/deliveries/new", sent)
    assert answer.status_code == 302
    read_all()
    assert "report's lead inspector could not be read" in html.unescape(
        client.get(answer["Location"]).content.decode()
    )
    assert client.get("/public-record/926/inspections/ilacs-2022-11-07").status_code == 200


@pytest.mark.parametrize("names", [["a.csv"], ["report.pdf", "a.csv"], ["reports.zip"]])
def test_other_files_need_a_source(described: Home, names: list[str]) -> None:
    uploaded = [SimpleUploadedFile(name, REPORT) for name in names if name != "reports.zip"]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("report.pdf", REPORT)
    uploaded += [SimpleUploadedFile(name, whole.getvalue()) for name in names if name == "reports.zip"]
    said = errors(signed_in("analyst").post(NEW, {"source": "ofsted", "files": uploaded}))
    assert 'href="#source"' in said and "Only inspection reports (PDF files)" in said


def cut_off_zip() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("ssd_involvements.csv", csv_of("involvements", INVOLVEMENTS) * 50)
    return whole.getvalue()[:-30]


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "files", "Choose the files to load"),
        ({"files": [SimpleUploadedFile("ssd_person.csv", b"")]}, "files", "One of the files is empty"),
        ({"files": [SimpleUploadedFile("night.zip", cut_off_zip())]}, "files", "cannot be opened"),
        (
            {"files": [SimpleUploadedFile("a.csv", b"x"), SimpleUploadedFile("a.csv", b"y")]},
            "files",
            "the same name",
        ),
        ({"files": [SimpleUploadedFile("a.csv", b"x")], "source": "another"}, "source", "Choose the source"),
        (
            {"files": [SimpleUploadedFile("a.csv", b"x")], "received_at": "yesterday"},
            "received_at",
            "Enter the time as",
        ),
        (
            {"files": [SimpleUploadedFile("a.csv", b"x")], "received_at": "2999-01-01T00:00:00Z"},
            "received_at",
            "in the future",
        ),
    ],
)
def test_what_cannot_be_a_delivery_is_refused_at_its_field_and_not_kept(
    described: Home, given: dict[str, object], field: str, says: str
) -> None:
    before = Link.objects.count()
    said = errors(signed_in("analyst").post(NEW, {"source": "nightly", **given}))
    assert f'href="#{field}"' in said
    assert says in said
    assert Link.objects.count() == before


def test_an_earlier_delivery_is_not_put_before_a_later_one(described: Home) -> None:
    night("2019-10-09", {"cin_episodes": EPISODES})
    given = {"source": "nightly", "files": uploads({"cin_episodes": EPISODES + "\nR2, C2, 2019-01-01, N,,"})}
    said = errors(signed_in("analyst").post(NEW, given | {"received_at": "2019-10-01T06:00:00Z"}))
    assert "An earlier delivery cannot be put before it" in said


def test_too_much_is_refused_with_what_to_do(described: Home, settings: object) -> None:
    settings.UPLOAD_MEGABYTES = 0  # type: ignore[attr-defined]
    said = errors(
        signed_in("analyst").post(NEW, {"source": "nightly", "files": uploads({"cin_episodes": EPISODES})})
    )
    assert "ask whoever runs this system" in said


def test_a_file_that_cannot_be_read_is_one_finding_and_waits_no_longer(described: Home) -> None:
    client = signed_in("analyst")
    answer = client.post(
        NEW, {"source": "nightly", "files": [SimpleUploadedFile("notes.txt", b"nothing of ours")]}
    )
    read_all()
    page = client.get(answer["Location"]).content.decode()
    assert "because it could not be read" in page
    assert "CSVs named as its tables are" in page


HELD = "\n".join(f"{n}, C{n}, W1, CW, T1, 2019-01-05,, R{n}" for n in range(150))
OPEN = "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(150))


@pytest.fixture
@filled_once
def held(described: Home) -> str:
    night("2019-10-08", {"cin_episodes": OPEN, "involvements": HELD})
    night("2019-10-09", {"cin_episodes": OPEN, "involvements": HELD.splitlines()[0]})
    [waiting] = [row for row in read.listed(open_record(AUTHORITY)) if row.state == read.TO_CONFIRM]
    return waiting.delivery.id


def test_what_waits_for_a_word_shows_what_it_would_withdraw(held: str) -> None:
    client = signed_in("director")
    assert b"eeds your confirmation" in client.get(AT).content
    page = client.get(f"{AT}{held}/").content.decode()
    assert "Involvement" in page
    assert ">149<" in page.replace("\n", "")
    assert ">150<" in page


def test_a_named_person_confirms_with_a_reason_and_only_once(held: str) -> None:
    client, other = signed_in("director"), signed_in("analyst")
    at = f"{AT}{held}/confirm"
    assert "Give a reason" in errors(client.post(at, {"reason": "because"}))
    assert read.details(open_record(AUTHORITY), held).row.state == read.TO_CONFIRM
    answer = client.post(at, {"reason": "The service moved to the trust."}, follow=True)
    assert b"Confirmed by director" in answer.content
    assert read.details(open_record(AUTHORITY), held).confirmed_by == "director"
    late = other.post(at, {"reason": "The service moved to the trust."}, follow=True)
    assert b"has already been confirmed or loaded" in late.content
    assert Link.objects.filter(kind="read", delivery=held).count() == 1


def test_one_who_comes_second_is_told_so(held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other confirmed between this person's page and their word."""
    client = signed_in("director")
    recipe.confirm(held, by="somebody else")
    details = read.details

    def stale(record: Record, delivery: str) -> DeliveryDetails:
        now = details(record, delivery)
        then = replace(now.row, state=read.TO_CONFIRM)
        return replace(now, row=then, asked_for=WouldChange({"involvement": 149}, None))

    monkeypatch.setattr(read, "details", stale)
    assert "confirmed and read already" in errors(
        client.post(f"{AT}{held}/confirm", {"reason": "The service moved."})
    )


@pytest.mark.parametrize("role", ["analyst", "director", "administrator"])
def test_a_named_person_sets_it_aside_with_a_reason_and_only_once(held: str, role: str) -> None:
    client, at = signed_in(role), f"{AT}{held}/set-aside"
    assert f"/deliveries/{held}/set-aside".encode() in client.get(f"{AT}{held}/").content
    assert b"cannot be undone" in client.get(at).content
    assert "Give a reason" in errors(client.post(at, {"reason": "because"}))
    assert read.details(open_record(AUTHORITY), held).row.state == read.TO_CONFIRM
    page = client.post(at, {"reason": "The extract was cut short."}, follow=True).content.decode()
    assert f"Set aside by {role}." in page
    assert re.search(rf"Set aside by {role}, \d+ \w+ \d+, [\d:]+[ap]m: The extract was cut short\.", page)
    assert "Set aside" in client.get(AT, {"state": read.IS_SET_ASIDE}).content.decode()
    for late in (at, f"{AT}{held}/confirm"):
        again = client.post(late, {"reason": "The service moved to the trust."}, follow=True)
        assert b"has already been set aside" in again.content
    assert Link.objects.filter(delivery=held, kind__in=("set aside", "read")).count() == 1


@pytest.mark.parametrize("role", ["worker", "team manager", "improvement lead", "member"])
def test_who_may_not_deliver_decides_about_none(held: str, role: str) -> None:
    for page in ("confirm", "set-aside"):
        assert signed_in(role).post(f"{AT}{held}/{page}", {"reason": "It is wrong."}).status_code == 403
    assert read.details(open_record(AUTHORITY), held).row.state == read.TO_CONFIRM


def test_the_figure_before_and_after_is_on_the_pages_that_ask(described: Home) -> None:
    night("2019-10-08", {"cin_episodes": OPEN, "involvements": HELD})
    outcome = night("2019-10-09", {"cin_episodes": OPEN, "involvements": HELD.replace(" CW,", " X,")})
    client = signed_in("analyst")
    for page in ("", "confirm", "set-aside"):
        shown = client.get(f"{AT}{outcome.link.delivery}/{page}").content.decode()
        assert "150 of 150 children" in shown
        rows = re.findall(r'data-label="(?:Counted as|Before|After)">([^<]*)<', shown)
        assert rows == [
            *("Children counted", "150", "150"),
            *("Without an allocated worker", "0", "150"),
            *("Allocated", "150", "0"),
            *("Not with a caseworker", "0", "150"),
        ]


def test_settings_that_change_too_much_lead_to_the_page_that_asks(described: Home) -> None:
    night("2019-10-08", {"cin_episodes": OPEN, "involvements": HELD})
    text = SETTINGS.format(name="nightly", format="ssd_tables", roster="full", live="true", more="")
    client = signed_in("analyst")
    answer = client.post(f"{AT}source", {"settings": text.replace('["CW"]', '["NOBODY"]')}, follow=True)
    assert b"so much that a person has to confirm them" in answer.content
    assert b"150 of 150 children" in answer.content


def test_children_named_in_findings_are_logged_and_kept_from_who_sees_none(described: Home) -> None:
    good = "\n    R3, C3, 2019-01-01, N,,"
    night("2019-10-08", {"cin_episodes": EPISODES + good})
    night("2019-10-09", {"cin_episodes": EPISODES + good, "cin_plans": "C3, R3, 31/02/2019,"})
    [link] = [row.delivery for row in read.listed(open_record(AUTHORITY)) if row.delivery.quarantined]
    seen = signed_in("analyst").get(f"{AT}{link.id}/").content.decode()
    assert "C3" in seen
    assert list(AccessLogEntry.objects.values_list("child", "channel")) == [("C3", "page: findings")]
    kept = signed_in("administrator").get(f"{AT}{link.id}/").content.decode()
    kept = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", kept)  # by chance there may be a C3 in it
    assert "C3" not in kept
    assert "numbers are not shown" in kept


@pytest.mark.parametrize("child", ["C3", "LA/12345", "LA/1/2/3"])
def test_a_restricted_childs_number_is_in_no_finding_however_it_is_written(
    described: Home, child: str
) -> None:
    """Numbers with strokes are common, and a row's key is joined by strokes."""
    good = f"\n    R3, {child}, 2019-01-01, N,,"
    night("2019-10-08", {"cin_episodes": EPISODES + good})
    night("2019-10-09", {"cin_episodes": EPISODES + good, "cin_plans": f"{child}, R3, 31/02/2019,"})
    [one] = [row.delivery for row in read.listed(open_record(AUTHORITY)) if row.delivery.quarantined]
    quality = data_quality(open_record(AUTHORITY), date(2019, 10, 9), sees_children=True)
    [issue] = [each for each in quality.issues if each.severity == "refused"]
    addresses = [f"{AT}{one.id}/", f"{AT}{one.id}/?format=json"]
    addresses += [f"/service/999/data-quality/{issue.id}/{more}" for more in ("", "?format=csv")]
    client = signed_in("analyst")

    def shown(address: str) -> str:
        """A page without its token, in which the number may stand by chance."""
        page = client.get(address).content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page)

    assert [child in shown(address) for address in addresses] == [True] * 4
    assert set(AccessLogEntry.objects.values_list("child", flat=True)) == {child}
    Restriction.objects.create(authority=AUTHORITY, child=child, reason="known to staff", by="tests", at=0)
    assert [child in shown(address) for address in addresses] == [False] * 4


def test_a_source_is_late_once_its_grace_is_over(described: Home) -> None:
    night("2019-10-08", {"cin_episodes": EPISODES})
    received = datetime(2019, 10, 8, 3, tzinfo=UTC)
    assert late_sources(open_record(AUTHORITY), received + timedelta(hours=35)) == []
    [late] = late_sources(open_record(AUTHORITY), received + timedelta(hours=40))
    assert (late.name, late.late_by, late.inferred) == ("nightly", timedelta(hours=4), False)


def test_how_often_a_source_delivers_is_told_from_what_it_has_done_and_said_to_be(home: Home) -> None:
    describe()
    for day in range(1, 4):
        night(f"2019-10-0{day}", {"cin_episodes": EPISODES + f"\nR{day}9, C{day}9, 2019-01-01, N,,"})
    now = datetime(2019, 10, 20, tzinfo=UTC)
    assert [one.expected for one in sources(open_record(AUTHORITY), now)] == [None], (
        "three deliveries are no habit"
    )
    night("2019-10-04", {"cin_episodes": EPISODES})
    [one] = sources(open_record(AUTHORITY), now)
    assert (one.expected, one.inferred, one.late_by is not None) == ("nightly", True, True)
    assert b"estimated from earlier deliveries" in signed_in("director").get(AT).content


def test_bytes_that_come_again_are_a_delivery_on_time(described: Home) -> None:
    night("2019-10-08", {"cin_episodes": EPISODES})
    night("2019-10-09", {"cin_episodes": EPISODES})
    assert late_sources(open_record(AUTHORITY), datetime(2019, 10, 10, 12, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "not TOML"),
        ('name = "n"\nauthority = "928"\nformat = "ssd_tables"', "for another authority"),
        (
            'name = "n"\nauthority = "999"\nformat = "ssd_tables"\nexpected = "often"',
            "expected must be one of",
        ),
        ('name = "n"\nauthority = "999"\nformat = "ssd_tables"\ngrace_hours = -1', "grace_hours must be"),
        ("x" * 70_000, "too long"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_a_sentence(home: Home, text: str, says: str) -> None:
    assert says in errors(signed_in("analyst").post(f"{AT}source", {"settings": text})).replace("&quot;", '"')


def test_the_example_of_settings_is_not_saved_as_it_is(home: Home) -> None:
    page = signed_in("analyst").get(f"{AT}source").context["form"]
    assert "small letters" in errors(
        signed_in("analyst").post(f"{AT}source", {"settings": page.initial["settings"]})
    )


def test_a_source_is_described_on_the_page(home: Home) -> None:
    client = signed_in("analyst")
    text = 'name = "nights"\r\nauthority = "999"\r\nformat = "ssd_tables"\r\nexpected = "weekly"\r\n'
    answer = client.post(f"{AT}source", {"settings": text}, follow=True)
    assert b"nights" in answer.content
    assert b"weekly" in answer.content


def test_a_delivery_of_another_authority_is_not_there(described: Home) -> None:
    outcome = night("2019-10-08", {"cin_episodes": EPISODES})
    other = signed_in("analyst", authority="928", worker="other")
    assert other.get(f"/service/928/deliveries/{outcome.link.delivery}/").status_code == 404
    assert other.get(AT).status_code == 403


@pytest.mark.parametrize("role", ["worker", "team manager", "improvement lead", "member"])
def test_who_may_not_deliver_sees_none_of_it(described: Home, role: str) -> None:
    client = signed_in(role, team="T1", worker="W1")
    for address in (AT, NEW, "/service/999/data-quality/", f"{AT}source"):
        assert client.get(address).status_code == 403
    assert (
        client.post(NEW, {"source": "nightly", "files": uploads({"cin_episodes": EPISODES})}).status_code
        == 403
    )


def test_the_service_today_says_which_source_is_late(described: Home) -> None:
    night("2019-10-08", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS})
    page = signed_in("director").get("/service/999/").content.decode()
    assert "nightly" in page.split("Late by")[1]


def test_nobody_signed_in_is_sent_to_sign_in(described: Home) -> None:
    for address in (AT, NEW, f"{AT}findings/"):
        assert Client().get(address)["Location"].startswith("/sign-in/")


def test_a_list_that_knows_nobody_says_on_its_page_why_it_waits(described: Home) -> None:
    describe("list", kind="worklist", more='covers = "service"')
    night("2019-10-08", {"cin_episodes": OPEN, "involvements": HELD})
    strange = NamedBytes(
        "list.csv", b"Child ID,Allocated worker,Role\n90001,Ada Byron,CW\n90002,Ada Byron,CW\n"
    )
    outcome = recipe.load(
        [strange], strange.name, AUTHORITY, SourceName("list"), received_at=None, by="tests"
    )
    page = signed_in("director").get(f"{AT}{outcome.link.delivery}/confirm").content.decode()
    assert "names none of the children counted" in page
