"""Readings by hand: what a person completes, corrects or enters from nothing replaces what was read, and names its author."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.oversight.inspections import BY_HAND, Inspection
from lineofsight.queries import inspections
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe, waiting
from lineofsight.vocabulary.identifiers import authority_code, source_name
from tests.service.homes import Home
from tests.service.pages.test_inspection_pages import AT, client_of, norfolk
from tests.service.test_inspections import load, view
from tests.support.pdf import pdf

__all__ = ["norfolk"]


POOR = f"{AT}/inspections/ilacs-2022-11-07"
ENTER = "/service/926/reports/enter"


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send back unchanged: every control of the page's form that holds something."""
    form = page[page.index('<form method="post" novalidate>') :]
    sent: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input type="(?:text|date|hidden)" name="([^"]+)"(?: value="([^"]*)")?', form
    ):
        sent[name] = html.unescape(value)
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(value).strip()
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen.group(1) if chosen else ""
    sent.pop("csrfmiddlewaretoken", None)
    return sent


@pytest.mark.parametrize("address", [ENTER, f"{POOR}/complete"])
def test_the_form_of_a_report_carries_the_token_without_which_it_is_refused(
    norfolk: Home, address: str
) -> None:
    page = client_of("analyst").get(address).content.decode()
    form = page[page.index('<form method="post" novalidate>') :]
    assert 'name="csrfmiddlewaretoken"' in form[: form.index("</form>")]


def known_now(id: str) -> Inspection:
    return next(one for one in inspections.known(open_record("926"), view()) if one.id == id)


def lines_of(id: str) -> list[tuple[Any, ...]]:
    names = ("number", "label", "within", "section", "due", "says", "refers_to", "page")
    return [tuple(told.cells.get(name) for name in names) for told in known_now(id).weaknesses]


SIF = [
    ["Norfolk County Council", "Inspection of services for children in need of help and protection",
     "Inspection date: 6 July 2015 – 30 July 2015", "Report published: 19 October 2015", "Children’s services in Norfolk are good",
     "1. Children who need help and protection Good", "2. Children looked after and achieving permanence Good",
     "2.1 Adoption performance Good", "2.2 Experiences and progress of care leavers Good", "3. Leadership, management and governance Good",
     "Lead inspector: Ada Example"],
    ["Recommendations", "Immediately:", "4. Allocate every child (paragraph 12).", "5. Improve:", "• visits", "• plans",
     "Within three months:", "6. Review caseloads.", "Summary for children and young people"],
]  # fmt: skip


def test_saving_one_field_keeps_the_heading_the_deadline_and_the_printed_words_of_all_others(
    norfolk: Home,
) -> None:
    load(pdf(SIF), "sif.pdf")
    before = lines_of("sif-2015-07-06")
    assert (
        before[0]
        == (1, "4", None, "Recommendations", "immediately", "Allocate every child .", "paragraph 12", 2)
        or before
    )
    client, address = client_of("analyst"), f"{AT}/inspections/sif-2015-07-06/complete"
    sent = form_of(client.get(address).content.decode()) | {"lead_inspector": "Bea Example"}
    assert client.post(address, sent).status_code == 302
    one = known_now("sif-2015-07-06")
    assert one.cells["lead_inspector"] == "Bea Example" and lines_of("sif-2015-07-06") == before
    assert {told.source for told in one.weaknesses} == {BY_HAND}
    assert all(each.told.cells["printed"] and each.told.cells["page"] == 1 for each in one.judgements)
    assert (one.cells["published_by"], one.unread) == ("the report", [])
    page = client_of().get(f"{AT}/inspections/sif-2015-07-06").content.decode()
    assert "readings-by-hand, entered by analyst-926" in page


def test_a_line_that_is_cleared_is_gone_and_the_others_move_up(norfolk: Home) -> None:
    load(pdf(SIF), "sif.pdf")
    client, address = client_of("analyst"), f"{AT}/inspections/sif-2015-07-06/complete"
    sent = form_of(client.get(address).content.decode()) | {"says-1": "", "says-4": "", "grade-adoption": ""}
    assert client.post(address, sent).status_code == 302
    assert [(line[0], line[1], line[2], line[5]) for line in lines_of("sif-2015-07-06")] == [
        (1, "5", None, "Improve:"),
        (2, "5, point 1", 1, "visits"),
        (3, "6", None, "Review caseloads."),
    ]
    assert "adoption" not in {each.area for each in known_now("sif-2015-07-06").judgements}
    again = form_of(client.get(address).content.decode())
    cleared = {name: "" for name in again if name.startswith("says-")}
    assert client.post(address, again | cleared).status_code == 302
    assert lines_of("sif-2015-07-06") == [] and known_now("sif-2015-07-06").unread == []
    page = client_of().get(f"{AT}/inspections/sif-2015-07-06").content.decode()
    assert "does not list anything that needs to improve" in page


def test_what_nobody_filled_in_or_ticked_stays_unread(norfolk: Home) -> None:
    client = client_of("analyst")
    sent = form_of(client.get(f"{POOR}/complete").content.decode())
    more = {"lead_inspector": "Ada Example", "grade-overall effectiveness": "good", "says-1": "Neglect."}
    assert client.post(f"{POOR}/complete", sent | more).status_code == 302
    one = known_now("ilacs-2022-11-07")
    assert one.unread == [
        "grade of impact of leaders",
        "grade of help and protection",
        "grade of in care and care leavers",
    ]
    assert one.cells["without_overall"] is None
    sent = form_of(client.get(f"{POOR}/complete").content.decode())
    assert client.post(f"{POOR}/complete", sent | {"settled": one.unread}).status_code == 302
    assert known_now("ilacs-2022-11-07").unread == []
    assert "There is no overall grade" not in client_of().get(POOR).content.decode()


def test_as_many_lines_as_wanted_and_nothing_typed_is_lost(norfolk: Home) -> None:
    client, address = client_of("analyst"), f"{POOR}/complete"
    sent = form_of(client.get(address).content.decode()) | {"says-1": "Neglect.", "kind": "short inspection"}
    for _ in range(3):
        shown = client.post(address, sent | {"more": "1"})
        assert shown.status_code == 200 and "There is a problem" not in shown.content.decode()
        sent = form_of(shown.content.decode())
    assert (sent["says-1"], sent["kind"], sent["line_count"]) == ("Neglect.", "short inspection", "33")
    lines = {f"says-{number}": f"Plan {number}." for number in range(2, 34)}
    assert client.post(address, sent | lines).status_code == 302
    assert len(lines_of("ilacs-2022-11-07")) == 33


def test_what_cannot_be_is_shown_at_its_field(norfolk: Home) -> None:
    client, address = client_of("analyst"), f"{POOR}/complete"
    sent = form_of(client.get(address).content.decode())
    refused = client.post(address, sent | {"begun_on": "", "page-1": "two", "says-1": "Neglect."})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#begun_on"' in page and 'href="#page-1"' in page and "Neglect." in page


def test_every_page_of_the_report_stands_beside_the_form(norfolk: Home) -> None:
    many = [[f"Words of page {number}"] for number in range(2, 31)]
    load(
        pdf([["Inspection of Norfolk children’s services", "Inspection dates: 3 to 14 May 2021"], *many]),
        "long.pdf",
    )
    client, at = client_of("analyst"), f"{AT}/inspections/ilacs-2021-05-03"
    page = client.get(f"{at}/complete").content.decode()
    assert "Words of page 30" in page and f'src="{at}/report/30?as_at=' in page
    pictures = [client.get(f"{at}/report/{number}") for number in (1, 13, 30)]
    assert [one["Content-Type"] for one in pictures] == ["image/png"] * 3
    assert client.get(f"{at}/report/31").status_code == 404


def deliver_unread(content: bytes, name: str) -> str:
    """Deliver a report that is refused, and give the address of the form that enters it."""
    file = NamedBytes(name, content)
    source = source_name("ofsted")
    received = recipe.receive([file], name, authority_code("926"), source, received_at=None, by="tests")
    for link in waiting.links():
        recipe.read_waiting(link, by="tests")
    client = client_of("analyst")
    delivery = client.get(f"/service/926/deliveries/{received.link.delivery}/").content.decode()
    assert f'href="{ENTER}"' in delivery
    listed = client.get(ENTER).content.decode()
    assert f'href="{ENTER}?report={file.sha256}">{name}' in listed
    return f"{ENTER}?report={file.sha256}"


def test_a_report_that_names_nobody_waits_for_a_person_to_name_it(norfolk: Home) -> None:
    """It is refused; all that could be read of it is filled in, and its file stays with what the person enters."""
    nobody = [
        [
            "Inspection of children’s services",
            "Inspection dates: 3 to 14 June 2019",
            "Overall effectiveness Good",
        ],
        ["What needs to improve?", "• Plans.", "The experiences and progress of children in care"],
    ]
    at, client = deliver_unread(pdf(nobody), "nobody.pdf"), client_of("analyst")
    sent = form_of(client.get(at).content.decode())
    assert (sent["body"], sent["begun_on"], sent["grade-overall effectiveness"]) == ("", "2019-06-03", "good")
    assert (sent["says-1"], sent["page-1"]) == ("Plans.", "2")
    assert client.post(at, sent | {"body": "Norfolk County Council"}).status_code == 302
    one = known_now("ilacs-2019-06-03")
    assert (one.cells["body"], one.judgements[0].grade, len(one.weaknesses)) == (
        "Norfolk County Council",
        "good",
        1,
    )
    assert "body inspected" not in one.unread and "grade of impact of leaders" in one.unread
    report = client.get(f"{AT}/inspections/{one.id}/report")
    assert b"".join(report).startswith(b"%PDF")  # type: ignore[arg-type]
    assert "nobody.pdf" not in client.get(ENTER).content.decode()


def test_a_report_of_which_nothing_can_be_read_is_entered_beside_its_pages(norfolk: Home) -> None:
    at, client = deliver_unread(pdf([["A poem"], ["The last page."]]), "poem.pdf"), client_of("analyst")
    page = client.get(at).content.decode()
    assert "The last page." in page
    picture = re.search(r'src="(/service/926/reports/[0-9a-f]{64}/2)"', page)
    assert picture is not None and client.get(picture.group(1))["Content-Type"] == "image/png"
    sent = form_of(page) | {"kind": "full inspection", "framework": "ILACS 2018", "says-1": "Neglect."}
    refused = client.post(at, sent)
    assert refused.status_code == 422 and "Enter the first day of fieldwork" in refused.content.decode()
    assert client.post(at, sent | {"begun_on": "2020-06-03"}).status_code == 302
    one = known_now("ilacs-2020-06-03")
    assert len(one.weaknesses) == 1 and one.unread[0] == "body inspected"


def test_another_authoritys_report_is_not_entered_under_this_one(norfolk: Home) -> None:
    kent = [["Inspection of Kent children’s services", "Inspection dates: 3 to 14 June 2019"]]
    at, client = deliver_unread(pdf(kent), "kent.pdf"), client_of("analyst")
    sent = form_of(client.get(at).content.decode()) | {"body": "Norfolk"}
    refused = client.post(at, sent)
    assert refused.status_code == 422 and "is about Kent (886)" in refused.content.decode()


def test_an_inspection_that_is_known_is_not_entered_again(norfolk: Home) -> None:
    sent = {"kind": "full inspection", "framework": "ILACS 2018", "begun_on": "2022-11-07", "line_count": "3"}
    refused = client_of("analyst").post(ENTER, sent)
    assert refused.status_code == 422 and "is known already" in refused.content.decode()


@pytest.mark.parametrize(
    ("role", "may"), [("analyst", 200), ("improvement lead", 200), ("member", 403), ("worker", 403)]
)
def test_only_those_who_complete_readings_enter_reports(norfolk: Home, role: str, may: int) -> None:
    client = client_of(role)
    assert client.get(ENTER).status_code == may
    assert client.get(f"{ENTER}?report={'0' * 64}").status_code == (404 if may == 200 else 403)
    assert client.get(f"/service/926/reports/{'0' * 64}/1").status_code == (404 if may == 200 else 403)
