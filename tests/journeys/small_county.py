"""A small service's home for browser tests: a few nights, and somebody of each role. Run as a program of its own."""

from __future__ import annotations

import os
from unittest.mock import patch

PASSWORD = "a synthetic password"
PEOPLE = {
    "wes": ("worker", "", "W1"),
    "tess": ("team manager", "north", ""),
    "ana": ("analyst", "", ""),
    "dora": ("director", "", ""),
    "ida": ("improvement lead", "", ""),
    "max": ("member", "", ""),
    "adam": ("administrator", "", ""),
    "dee": ("director", "", ""),
}
"""Name: role, team, worker."""

NEIGHBOUR = "909"
"""Another authority, whose latest delivery waits for a named person; `dee` is its director."""

CHILDREN = 24
WORKERS = """
    W1, S1, Social Worker, SW1, 1.0,
    W2, S2, Social Worker, SW2, 0.8,
    W3, S3, Social Worker, SW3, 1.0,
    M1, S4, Team Manager,  SW4, 1.0,
    """


def _tables(shift: int) -> dict[str, str]:
    """A night: a third has a worker, a third is held or with a team, a third has nobody."""
    episodes, involvements, people, plans, visits = [], [], [], [], []
    for n in range(1, CHILDREN + 1):
        child, month = f"C{n:03}", n % 9 + 1
        worker = ("W1", "W2", "M1", "DUTY01", "", "W2")[(n + shift) % 6]
        team = ("north", "south")[n % 2]
        episodes.append(f"R{n}, {child}, 2019-0{month}-03, N,,")
        people.append(f"{child}, 20{10 + month:02}-0{month}-05,")
        if n % 6 != 5 or worker:
            involvements.append(f"{n}, {child}, {worker}, CW, {team}, 2019-0{month}-0{4 + shift},, R{n}")
        if n % 4 == 0:
            plans.append(f"{child}, R{n}, 2019-0{month}-20,")
            visits.append(f"{child}, 2019-09-1{n % 9}, Y")
    bad = ["R900, , 2019-01-01, N,,", "R901, C900, 31/02/2019, N,,"]
    rows = {
        "cin_episodes": episodes + bad,
        "involvements": involvements,
        "person": people,
        "cin_plans": plans,
        "cin_visits": visits,
    }
    return {name: "\n".join(lines) for name, lines in rows.items()} | {"professionals": WORKERS}


def main() -> None:
    """Fill the home that LINEOFSIGHT_HOME names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lineofsight.service.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from lineofsight.intake.formats import inspection_report
    from lineofsight.service.models import Grant, Restriction
    from tests.support.cases import AUTHORITY, describe, night

    call_command("migrate", verbosity=0)
    describe(more='expected = "nightly"')
    night("2019-10-08", _tables(0))
    night("2019-10-09", _tables(1))
    # A report tells whose it is by the name of a real council, which the fictional county is not.
    settings.READ_APART = False
    with patch.object(inspection_report, "_check_whose"):
        _inspected()
    _waits()
    password = make_password(PASSWORD)  # hashed once, as slowly as ever: all of them have the same
    for name, (role, team, worker) in PEOPLE.items():
        user = User.objects.create(username=name, password=password)
        authority = NEIGHBOUR if name == "dee" else AUTHORITY
        Grant.objects.create(
            user=user, role=role, authority=authority, team=team, worker=worker, given_by="tests", given_at=0
        )
    Restriction.objects.create(authority=AUTHORITY, child="C005", reason="known to staff", by="tests", at=0)


def _waits() -> None:
    """Two nights of the neighbour: in the second, nobody's role counts."""
    from lineofsight.service.receive import recipe
    from lineofsight.vocabulary.identifiers import authority_code, source_name
    from tests.support.cases import SETTINGS, files, moment

    text = SETTINGS.format(name="nightly", format="ssd_tables", roster="full", live="true", more="")
    recipe.set_source(text.replace('"999"', f'"{NEIGHBOUR}"').encode(), by="tests")
    for at, role in (("2019-10-08", "CW"), ("2019-10-09", "OTHER")):
        tables = {
            "cin_episodes": "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(120)),
            "involvements": "\n".join(f"{n}, C{n}, W1, {role}, TA, 2019-01-05,, R{n}" for n in range(120)),
        }
        recipe.load(
            files(tables),
            "night",
            authority_code(NEIGHBOUR),
            source_name("nightly"),
            received_at=moment(at),
            by="tests",
        )


def _inspected() -> None:
    """Two made-up reports of the county, and one of which little can be read."""
    from tests.service.test_inspections import load, report
    from tests.support.pdf import pdf

    load(
        report(
            "Thornmere",
            "4 to 15 March 2019",
            ["Return home interviews in time.", "Sufficiency of placements."],
        ),
        "a.pdf",
        "999",
    )
    load(report("Thornmere", "3 to 14 June 2024", ["The take-up of return home interviews."]), "b.pdf", "999")
    load(
        pdf([["Inspection of Thornmere children’s services", "Inspection dates: 7 to 18 November 2022"]]),
        "poor.pdf",
        "999",
    )


if __name__ == "__main__":
    main()
