"""The pages of inspections: what they show, to whom, and what people may say there."""

from __future__ import annotations

import io
import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image

from lineofsight.queries import repeated as read
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Grant
from tests.service.homes import Home, filled_once
from tests.service.test_inspections import load, report, view
from tests.support.pdf import pdf

AT = "/public-record/926"
MENU = f'href="{AT}/returning?'
"""How the menu links to repeated findings."""
LATER, EARLIER = "926/ilacs-2024-06-03/1", "926/ilacs-2019-03-04/1"


@pytest.fixture
@filled_once
def norfolk(home: Home) -> Home:
    load(
        report(
            "Norfolk", "4 to 15 March 2019", ["Return home interviews in time.", "<script>alert(1)</script>"]
        ),
        "a.pdf",
    )
    load(report("Norfolk", "3 to 14 June 2024", ["The take-up of return home interviews."]), "b.pdf")
    load(
        pdf([["Inspection of Norfolk children’s services", "Inspection dates: 7 to 18 November 2022"]]),
        "poor.pdf",
    )
    return home


def client_of(role: str = "", authority: str = "926") -> Client:
    client = Client()
    if role:
        user, _ = User.objects.get_or_create(username=f"{role}-{authority}")
        Grant.objects.create(user=user, role=role, authority=authority, given_by="tests", given_at=0)
        client.force_login(user)
    return client


def judged(client: Client, **more: str) -> tuple[int, int]:
    words = {
        "later": LATER,
        "earlier": EARLIER,
        "verdict": "confirmed",
        "why": "both ask for interviews in time",
        **more,
    }
    status = client.post(f"{AT}/returning/judge", words).status_code
    return status, len(read.verdicts(open_record("926"), view()))


def test_anybody_reads_the_grades_and_what_must_improve(norfolk: Home) -> None:
    page = client_of().get(f"{AT}/inspections").content.decode()
    assert (
        "Inspections of Norfolk" in page
        and "Full inspection, June 2024" in page
        and "everything except lead inspector" in page
    )
    one = client_of().get(f"{AT}/inspections/ilacs-2019-03-04").content.decode()
    assert "Return home interviews in time." in one and "page 2" in one
    assert "<script>alert(1)</script>" not in one and "Complete or correct" not in one
    assert client_of().get(f"{AT}/inspections/ilacs-2019-03-04?as_at=2019-03-03").status_code == 404


def test_nothing_is_counted_or_named_of_a_report_that_was_not_loaded(home: Home) -> None:
    id, begun_on = "ilacs-2019-06-17", "2019-06-17"
    inspection = {"id": id, "kind": "standard inspection", "framework": "ILACS 2018", "begun_on": begun_on}
    grade = {
        "inspection": id,
        "area": "overall effectiveness",
        "grade": "inadequate",
        "begun_on": begun_on,
        "printed": "2019: Inadequate",
    }
    said = {"inspection": [{**inspection, "published_on": "2019-07-29"}], "judgement": [grade]}
    load(json.dumps(said).encode(), "one.reading.json")
    every = client_of().get(f"{AT}/inspections").content.decode()
    assert "not loaded" in every and "no report loaded" in every
    one = client_of().get(f"{AT}/inspections/ilacs-2019-06-17").content.decode()
    assert "29 July 2019" in one and "None" not in one
    assert "Inadequate, in the sheet “2019” of the official table" in one


def test_the_report_itself_is_given_to_the_signed_in_as_it_came(norfolk: Home) -> None:
    assert client_of().get(f"{AT}/inspections/ilacs-2019-03-04/report").status_code == 302
    answer = client_of("member").get(f"{AT}/inspections/ilacs-2019-03-04/report")
    assert b"".join(answer).startswith(b"%PDF") and "sandbox" in answer["Content-Security-Policy"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "authority", "may"),
    [
        ("analyst", "926", True),
        ("director", "926", True),
        ("improvement lead", "926", True),
        ("member", "926", False),
        ("worker", "926", False),
        ("team manager", "926", False),
        ("administrator", "926", False),
        ("director", "999", False),
    ],
)
def test_only_those_whose_role_permits_it_judge_or_complete(
    norfolk: Home, role: str, authority: str, may: bool
) -> None:
    client = client_of(role, authority)
    assert judged(client) == ((302, 1) if may else (403, 0))
    assert client.get(f"{AT}/inspections/ilacs-2022-11-07/complete").status_code == (200 if may else 403)
    assert client.post(f"{AT}/inspections/ilacs-2022-11-07/complete", {}).status_code == (422 if may else 403)


def test_nobody_judges_without_signing_in(norfolk: Home) -> None:
    assert judged(client_of()) == (302, 0)


@pytest.mark.parametrize(
    "more",
    [
        {"why": "short"},
        {"verdict": "perhaps"},
        {"later": EARLIER, "earlier": LATER},
        {"later": "926/none/1"},
        {"earlier": LATER},
    ],
)
def test_a_pair_that_cannot_be_or_has_no_reason_is_refused_and_nothing_kept(
    norfolk: Home, more: dict[str, str]
) -> None:
    assert judged(client_of("director"), **more) == (422, 0)


def test_what_was_typed_about_a_pair_is_shown_again_beside_what_is_wrong_with_it(norfolk: Home) -> None:
    words = {"later": LATER, "earlier": EARLIER, "verdict": "confirmed", "why": "too short"}
    page = client_of("director").post(f"{AT}/returning/judge", words).content.decode()
    assert 'href="#id_why"' in page and 'value="too short"' in page
    assert page.index("#id_why") < page.index("letters, so that others") < page.index('value="too short"')


def test_a_confirmed_pair_is_a_chain_with_who_and_why(norfolk: Home) -> None:
    client = client_of("director")
    assert judged(client) == (302, 1)
    page = client_of().get(f"{AT}/returning").content.decode()
    assert "Raised 2 times" in page and "both ask for interviews in time" in page and "director-926" in page
    assert "37 in 100 reports name missing, return interviews" in page and "unusual here" not in page
    assert (
        "Inspectors often use the same phrases" in page
        and "<form" not in page.split("Findings to compare")[1]
    )


def test_nothing_is_published_and_no_menu_names_it_until_a_person_has_confirmed_a_pair(norfolk: Home) -> None:
    """The page says so where it is asked for; those who judge find it in their menu, with the pairs to compare."""
    public, director, later = client_of(), client_of("director"), f"{AT}/inspections/ilacs-2024-06-03"
    for client in (public, client_of("member")):
        assert MENU not in client.get(f"{AT}/inspections").content.decode()
        assert "raised before" not in client.get(later).content.decode()
        page = client.get(f"{AT}/returning").content.decode()
        assert "No person has confirmed a repeated finding here" in page and "take-up" not in page
        assert client.get(f"{AT}/returning?format=json").json()["candidates"] == []
    assert MENU in director.get(f"{AT}/inspections").content.decode()
    assert "take-up" in director.get(f"{AT}/returning").content.decode()
    assert len(director.get(f"{AT}/returning?format=json").json()["candidates"]) == 1
    assert judged(director, verdict="refused") == (302, 1)
    assert "No person has confirmed" in client_of().get(f"{AT}/returning").content.decode()
    assert judged(director) == (302, 1)
    assert MENU in public.get(f"{AT}/inspections").content.decode()
    assert "raised before" in public.get(later).content.decode()
    assert len(public.get(f"{AT}/returning?format=json").json()["candidates"]) == 1
    before = public.get(f"{AT}/inspections?as_at=2020-01-01").content.decode()
    assert MENU not in before, "the later finding was not made by then"
    assert judged(director, verdict="refused", why="looked at again: another group") == (302, 1)
    assert MENU not in public.get(f"{AT}/inspections").content.decode()


def test_the_page_says_how_often_similarity_is_right_and_draws_it(norfolk: Home) -> None:
    page = client_of("director").get(f"{AT}/returning").content.decode()
    assert "similarity of at least 0.20" in page and "193 findings" in page and "79%" in page
    assert page.count("How often similarity is right</title>") == 3 and "0.20, as here" in page


def test_a_page_of_the_report_stands_beside_the_form_as_it_was_printed(norfolk: Home) -> None:
    """Told apart by its dots: the page is white with words on it, and as wide as asked."""
    client, at = client_of("analyst"), f"{AT}/inspections/ilacs-2022-11-07/report"
    assert f'src="{at}/1?as_at=' in client.get(f"{AT}/inspections/ilacs-2022-11-07/complete").content.decode()
    shown = client.get(f"{at}/1")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    picture = Image.open(io.BytesIO(shown.content)).convert("L")
    assert picture.size == (900, 1274)
    assert picture.getextrema()[1] == 255 and picture.getextrema()[0] < 100
    assert [client.get(f"{at}/{number}").status_code for number in (0, 2, 10**12)] == [404, 404, 404]
    assert client_of().get(f"{at}/1").status_code == 302


def test_a_person_completes_a_reading_beside_the_reports_own_words(norfolk: Home) -> None:
    client = client_of("analyst")
    address = f"{AT}/inspections/ilacs-2022-11-07/complete"
    assert "7 to 18 November 2022" in client.get(address).content.decode()
    words = {
        "kind": "full inspection",
        "framework": "ILACS 2018",
        "begun_on": "2022-11-07",
        "lead_inspector": "Ada Example",
        "grade-impact of leaders": "good",
        "grade-overall effectiveness": "good",
        "says-1": "Neglect.",
        "page-1": "2",
    }
    refused = client.post(address, words | {"begun_on": "soon"})
    assert refused.status_code == 422
    assert "The reading was not saved" in refused.content.decode() and "Neglect." in refused.content.decode()
    assert client.post(address, words).status_code == 302
    page = client_of().get(f"{AT}/inspections/ilacs-2022-11-07").content.decode()
    assert "Ada Example" in page and "Neglect." in page
    assert (
        "Could not be read from the report: grade of help and protection, grade of in care and care leavers."
        in page
    )
