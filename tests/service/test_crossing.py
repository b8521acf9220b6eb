"""What a service makes public crosses as a signed file, one way: what is in it, who signed it, what is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.test import Client, override_settings

from lineofsight.intake import signed_file
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.inspection_report import READING
from lineofsight.intake.signed_file import PublicFile
from lineofsight.queries import deliveries as read
from lineofsight.queries import statements
from lineofsight.queries.record import View
from lineofsight.service.access import handles
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Link
from lineofsight.service.receive import make_public, recipe, signed
from lineofsight.service.store import chain, clock, crossings, erasure, picture, signing
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import FOREVER
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, a_statement, database_of, filled_once, standing_in, written
from tests.service.pages.test_who_may import _make, client_of
from tests.service.test_inspections import report
from tests.support.cases import AUTHORITY, describe, moment, night

PLANTED = (
    "CHILD7781",
    "2011-03-09",
    "WORKER551",
    "REFERRAL42",
    "pat.secretname",
    "zebra crossing",
    "PLAN-QX",
)
"""What is in the service and may not be in any file: a child's number and birthday, a worker, a referral, a person who
signs in, the words and the evidence of the service's own work."""
PDF = report("Thornmere", "7 to 18 November 2022", ["Neglect is seen late."])


def state(*said: dict[str, str], source: str = "record", at: str | None = None) -> recipe.Outcome:
    files = [written(*said)]
    return recipe.load(
        files, "s.jsonl", AUTHORITY, SourceName(source), received_at=moment(at) if at else None, by="tests"
    )


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    """A service with children, its own work, and what is public; it has a key."""
    describe()
    tables = {
        "person": "CHILD7781, 2011-03-09,",
        "cin_episodes": "REFERRAL42, CHILD7781, 2019-01-01, N,,",
        "involvements": "1, CHILD7781, WORKER551, CW, TA, 2019-01-05,, REFERRAL42",
        "professionals": "WORKER551, S1, Social Worker, SW1, 1.0,",
    }
    night("2019-10-09", tables)
    own = {"subject": "zebra crossing", "said_on": "2019-09-01", "source_date": "2019-09-01"}
    evidence = NamedBytes("plan.evidence", b"PLAN-QX")
    action = a_statement("act", subject_kind="action", step="agreed", says="zebra crossing", **own)
    recipe.load(
        [written(action), evidence], "own.jsonl", AUTHORITY, SourceName("own"),
        received_at=moment("2019-09-02"), by="tests",
    )  # fmt: skip
    # One delivery brings both: what is public in it crosses, and the question of the service's own does not.
    asked = a_statement(
        "q", subject_kind="question", step="put", kind="question", says="zebra crossing", **own
    )
    state(a_statement("one"), a_statement("two", also_says="one"), asked, at="2019-10-02")
    question = a_statement(
        "m", subject_kind="member question", subject="how many", step="asked", kind="question"
    )
    state(question, source="members-questions", at="2019-10-03")
    _make("pat.secretname", [("director", AUTHORITY, "", "")])
    verdict = {
        "later": "999/b/1", "earlier": "999/a/1", "verdict": "confirmed", "why": "Both are about visits.",
        "said_by": "pat.secretname", "said_on": "2019-10-01",
    }  # fmt: skip
    inspection = {
        "id": "ilacs-2022-11-07", "kind": "standard inspection", "framework": "ILACS 2018", "begun_on": "2022-11-07",
        "report": NamedBytes("", PDF).sha256, "read_by": "pat.secretname",
    }  # fmt: skip
    said = {"inspection": [inspection], "returned": [verdict]}
    files = [NamedBytes("report.pdf", PDF), NamedBytes(f"a{READING}", json.dumps(said).encode())]
    recipe.load(files, "read", AUTHORITY, SourceName("by-hand"), received_at=None, by="pat.secretname")
    client_of("pat.secretname").get(f"/service/999/child/{handles.handle_of(AUTHORITY, 'CHILD7781')}/")
    signing.make(by="tests")
    return home


@pytest.fixture
def public(new_home: Callable[[str], Home], service: Home) -> Home:
    """Another home, which trusts the service's key."""
    found, key = new_home("public"), signed_file.public_key(signing.key())
    with inside(found):
        crossings.trust(AUTHORITY, key, datetime.now(UTC).date() - timedelta(days=1), None, by="tests")
    return found


@contextmanager
def inside(home: Home) -> Iterator[None]:
    with standing_in(home, database_of(home)):
        yield


def make(*, whole: bool = False) -> bytes:
    return make_public.make(AUTHORITY, office="an office", by="Ann", whole=whole).content


def load(content: bytes) -> signed.LoadedFile:
    return signed.load_signed(NamedBytes("f.zip", content), by="Bo")


def refused(content: bytes, says: str) -> None:
    """It is refused in a sentence that says so, and nothing is added."""
    before = Link.objects.count()
    with pytest.raises(Refused, match=says) as found:
        load(content)
    assert "\n" not in str(found.value)
    assert Link.objects.count() == before


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def known() -> dict[str, tuple[str, str, str]]:
    """The statements of the home, as somebody reads them there."""
    answer = statements.search([open_record(AUTHORITY)], View(None, datetime.now(UTC)), None)
    return {one.reference: (one.says, one.said_by, one.source.title) for one in answer.statements}


# -- what is in a file ------------------------------------------------------------------------------


def test_a_file_holds_what_is_public_and_no_byte_of_anything_else(service: Home) -> None:
    made = make_public.make(AUTHORITY, office="an office", by="Ann")
    every = b"".join(parts_of(made.content).values()) + made.content
    pages = every + json.dumps([*parts_of(made.content)]).encode()
    for planted in PLANTED:
        assert planted.encode() not in pages, planted
    assert b"Ann" not in pages
    assert {b"What was said in one.", b"how many", b"an office"} <= {
        word for word in (b"What was said in one.", b"how many", b"an office") if word in pages
    }
    assert parts_of(made.content)[f"reports/{NamedBytes('', PDF).sha256}.pdf"] == PDF
    assert made.counts["statement"] == 3
    assert made.counts["report"] == made.counts["inspection"] == made.counts["returned"] == 1


@pytest.mark.slow
def test_what_is_planted_is_in_the_service(service: Home) -> None:
    held = b"".join(path.read_bytes() for path in service.path.rglob("*") if path.is_file())
    for planted in PLANTED:
        assert service.url or planted.encode() in held, planted


@pytest.mark.slow
def test_the_same_record_gives_the_same_bytes(service: Home) -> None:
    with (
        patch.object(clock, "now", lambda: datetime(2030, 1, 1, tzinfo=UTC)),
        patch.object(crossings, "note_made"),
    ):
        assert make() == make()


@pytest.mark.slow
def test_a_file_holds_what_came_since_the_last(service: Home) -> None:
    make()
    assert make_public.waiting(AUTHORITY).counts == {}
    with pytest.raises(Refused, match="Nothing public has changed since file 1"):
        make()
    state(a_statement("three"))
    assert make_public.waiting(AUTHORITY).counts == {"statement": 1}
    second = make_public.make(AUTHORITY, office="an office", by="Ann")
    assert (second.says.number, second.says.whole, second.counts) == (2, False, {"statement": 1})
    third = make_public.make(AUTHORITY, office="an office", by="Ann", whole=True)
    assert (third.says.number, third.says.whole, third.counts["statement"]) == (3, True, 4)
    assert [one.says["by"] for one in crossings.made(AUTHORITY)] == ["Ann"] * 3
    assert verify().holds


# -- loading ----------------------------------------------------------------------------------------


def test_a_public_home_holds_the_same_statements_and_says_who_signed(service: Home, public: Home) -> None:
    content, key = make(), signed_file.fingerprint(signed_file.public_key(signing.key()))
    here = {name: one for name, one in known().items() if "zebra" not in one[0]}
    attested = {
        row["id"]: row["_attested_from"] for row in picture.history(AUTHORITY, "statement").to_dicts()
    }
    with inside(public):
        load(content)
        assert known() == here
        for row in picture.history(AUTHORITY, "statement").to_dicts():
            assert row["_attested_from"] == attested[row["id"]]
            assert row["_witnessed_from"] > attested[row["id"]]
        found = read.deliveries([open_record(AUTHORITY)])
        assert {one.source for one in found} == {
            "record", "members-questions", "by-hand", "files-of-a-service"
        }  # fmt: skip
        for one in found:
            assert one.signed_by is not None
            assert (one.signed_by.file, one.signed_by.key, one.signed_by.made_by) == (1, key, "an office")
        assert picture.history(AUTHORITY, "inspection").height == 1
        assert picture.history(AUTHORITY, "returned")["said_by"].to_list() == ["the children’s service"]
        assert verify(each_row=True).holds
        assert picture.rebuild_and_compare() == []
    assert verify(each_row=True).holds


def test_the_same_file_again_adds_nothing(service: Home, public: Home) -> None:
    content = make()
    with inside(public):
        load(content)
        before = Link.objects.count()
        assert load(content).already_loaded
        assert Link.objects.count() == before


@pytest.mark.slow
def test_a_correction_and_a_withdrawal_cross_with_their_own_moments(service: Home, public: Home) -> None:
    first = make()
    said = f'name = "record"\nauthority = "{AUTHORITY}"\nformat = "statements"\nroster = "full"\n'
    recipe.set_source(said.encode(), by="Cass")
    state(a_statement("one", says="It was another number."))  # and two is withdrawn, since it is absent
    second = make()
    versions = picture.history(AUTHORITY, "statement").filter(id="one")
    with inside(public):
        load(first)
        load(second)
        assert known()["999/record/one"][0] == "It was another number."
        assert "999/record/two" not in known()
        there = picture.history(AUTHORITY, "statement").filter(id="one")
        for column in ("_attested_from", "_attested_to", "says"):
            assert there[column].to_list() == versions[column].to_list()
        gone = picture.history(AUTHORITY, "statement").filter(id="two")
        assert gone["_attested_to"][0] < FOREVER
    # All of it in one file gives the same.
    whole = make(whole=True)
    with inside(public):
        before = picture.history(AUTHORITY, "statement").height
        load(whole)
        assert picture.history(AUTHORITY, "statement").height == before


def test_what_was_erased_in_the_service_is_erased_at_the_public_home(service: Home, public: Home) -> None:
    first = make()
    erasure.erase_statement(AUTHORITY, "record/two", "names somebody", by="Cass")
    second = make_public.make(AUTHORITY, office="an office", by="Ann")
    assert second.counts == {}
    with inside(public):
        load(first)
        assert "999/record/two" in known()
        assert load(second.content).erased == 1
        assert "999/record/two" not in known()
        stored = b"".join(path.read_bytes() for path in (public.path / "kept").rglob("*") if path.is_file())
        assert b"What was said in two." not in stored
        assert b"What was said in one." not in stored  # its file went with it, as with any delivery
        assert "999/record/one" in known()
        assert PDF in [path.read_bytes() for path in (public.path / "kept").rglob("*") if path.is_file()]
        assert verify(each_row=True).holds


@pytest.mark.slow
def test_a_loading_that_was_killed_goes_on(service: Home, public: Home) -> None:
    content = make()
    with inside(public):
        with patch.object(signed, "_erase", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            load(content)
        brought = Link.objects.count()
        assert not load(content).already_loaded
        assert Link.objects.count() == brought + 1  # only that the file is whole
        assert load(content).already_loaded


# -- what is refused --------------------------------------------------------------------------------


def test_no_byte_can_be_changed(service: Home, public: Home) -> None:
    content = make()
    assert len(parts_of(content)) >= 7
    places = set(range(0, len(content), max(1, len(content) // 150)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():  # the first bytes of each part, and of what leads to it
            places |= {part.header_offset + 12, part.header_offset + 30 + len(part.filename) + 3}
    with inside(public):
        before = Link.objects.count()
        for place in sorted(places):
            bitten = bytearray(content)
            bitten[place] ^= 1
            with pytest.raises(Refused):
                load(bytes(bitten))
        assert Link.objects.count() == before


@pytest.mark.slow
def test_a_file_cut_short_or_made_longer_is_refused(service: Home, public: Home) -> None:
    content = make()
    with inside(public):
        for length in (0, 3, 100, len(content) // 2, len(content) - 1):
            refused(content[:length], "signed file|unpack|extract")
        refused(content + b"x", "changed")
        refused(b"x" + content, "changed|signed file")


def test_an_unsigned_file_is_refused(service: Home, public: Home) -> None:
    parts = parts_of(make())
    del parts["manifest.sig"]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with inside(public):
        refused(stream.getvalue(), "is not signed, so nothing of it was loaded")


def test_a_key_that_is_not_trusted_or_not_for_that_authority_is_refused(service: Home, public: Home) -> None:
    content = make()
    signing.make(by="tests", instead=True)
    other = make(whole=True)
    key = signed_file.public_key(signing.key())
    with inside(public):
        refused(other, "which is not trusted here for authority 999")
        crossings.trust("926", key, datetime(2020, 1, 1, tzinfo=UTC).date(), None, by="tests")
        refused(other, "which is not trusted here for authority 999")
        with pytest.raises(Refused, match="is of authority 999, not 926"):
            signed.load_signed(NamedBytes("f.zip", content), by="Bo", authority="926")  # type: ignore[arg-type]
        load(content)


@pytest.mark.slow
def test_a_key_is_trusted_between_its_days(service: Home, public: Home) -> None:
    content, key = make(), signed_file.public_key(signing.key())
    today = datetime.now(UTC).date()
    with inside(public):
        crossings.trust(AUTHORITY, key, today - timedelta(days=9), today - timedelta(days=2), by="tests")
        refused(content, "was not trusted on the day this file was made")
        crossings.trust(AUTHORITY, key, today + timedelta(days=2), None, by="tests")
        refused(content, "was not trusted on the day this file was made")
        crossings.trust(AUTHORITY, key, today - timedelta(days=9), today + timedelta(days=2), by="tests")
        later = datetime.now(UTC) + timedelta(days=9)
        with patch.object(clock, "now", lambda: later):
            refused(content, "or is not today")
        load(content)


def test_an_older_file_and_one_after_a_gap_are_refused(service: Home, public: Home) -> None:
    files = [make()]
    for name in ("three", "four"):
        state(a_statement(name))
        files.append(make())
    whole = make(whole=True)
    with inside(public):
        refused(files[1], "no file of authority 999 was loaded before it")
        load(files[0])
        refused(
            files[2], "files between are missing. Load them first, in their order, or ask for a whole file"
        )
        load(whole)
        refused(files[1], "This is file 2 of authority 999, and file 4 was loaded already")
        refused(files[0], "file 4 was loaded already")
        assert "999/record/four" in known()


def made_of(parts: dict[str, bytes], **said: object) -> bytes:
    """A file that the service's own key signs, whatever is in it."""
    key = signing.key()
    says = {
        "authority": AUTHORITY, "number": 1, "previous": "", "whole": True, "made_at": datetime.now(UTC),
        "made_by": "x", "position": 1, "head": "h", "key": signed_file.public_key(key), "parts": signed_file.hashes(parts),
    }  # fmt: skip
    return signed_file.signed(PublicFile(**{**says, **said}), parts, key)  # type: ignore[arg-type]


def a_row(table: str, **row: object) -> bytes:
    return json.dumps({"table": table, "operation": "stated", "attested": 1, "row": row}).encode() + b"\n"


MAY_NOT_CROSS = (
    (a_row("child", id="C1"), "is not one that may cross"),
    (a_row("statement", id="x", subject_kind="action"), "own work"),
    (a_row("statement", id="x", evidence="0" * 64), "is not one that may cross"),
    (a_row("statement", id="x", child="C1"), "is not one that may cross"),
    (a_row("statement", says="no id"), "is not one that may cross"),
    (b"{}\n", "is not one that may cross"),
)
TRICKS = ("../../etc/passwd", "/etc/passwd", "rows/../x.jsonl", "rows/UP.jsonl", "reports/x.pdf")


def test_a_trusted_key_cannot_bring_what_may_not_cross(service: Home, public: Home) -> None:
    files = [
        (made_of({"present.json": b"{}", "rows/record.jsonl": row}), says) for row, says in MAY_NOT_CROSS
    ]
    with inside(public):
        for content, says in files:
            refused(content, says)


@pytest.mark.slow
def test_a_path_that_leads_elsewhere_is_refused(service: Home, public: Home) -> None:
    files = [made_of({"present.json": b"{}", name: b"{}"}) for name in TRICKS]
    with inside(public):
        for content in files:
            refused(content, "is not a signed file as a service makes it")


@pytest.mark.slow
def test_a_packed_file_is_not_unpacked(service: Home, public: Home) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 2**26)
    assert len(stream.getvalue()) < 2**17
    with inside(public), patch.object(zipfile.ZipFile, "read", side_effect=AssertionError):
        refused(stream.getvalue(), "is not a signed file as a service makes it")


@pytest.mark.slow
def test_a_home_that_loaded_the_same_statements_itself_refuses_the_file(service: Home, public: Home) -> None:
    content = make()
    with inside(public):
        state(a_statement("one"))
        refused(content, "This home has loaded 1 statements itself")


@pytest.mark.slow
def test_nobody_else_delivers_under_the_name_of_a_signed_source(service: Home, public: Home) -> None:
    content = make()
    with inside(public):
        load(content)
        for source in ("record", "files-of-a-service"):
            with pytest.raises(Refused, match="comes in the signed files of the service"):
                state(a_statement("mine"), source=source)
        state(a_statement("mine"), source="ours")


def test_a_service_loads_no_file(service: Home) -> None:
    content = make()
    with override_settings(MODE="service"), pytest.raises(Refused, match="makes signed files and loads none"):
        load(content)


# -- keys -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_key_is_made_once_read_by_its_owner_alone_and_changed_by_name(service: Home) -> None:
    path = service.path / "signing-key"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(Refused, match="has a signing key"):
        signing.make(by="Cass")
    public = signing.make(by="Cass", instead=True)
    assert path.read_bytes() != before
    assert chain.body_of(Link.objects.filter(kind=chain.SIGNING_KEY).latest("number"))["key"] == public
    path.chmod(0o640)
    with pytest.raises(Refused, match="Others may read the signing key"):
        make()
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(Refused, match="is no signing key"):
        make()
    path.unlink()
    with pytest.raises(Refused, match="has no signing key yet"):
        make()
    with pytest.raises(Refused, match="no signing key to change"):
        signing.make(by="Cass", instead=True)


@pytest.mark.slow
def test_no_backup_holds_the_key_unless_it_is_asked_for(
    service: Home, new_home: Callable[[str], Home]
) -> None:
    private = (service.path / "signing-key").read_bytes()
    folder = service.path.parent
    assert service.run("backup", folder / "plain.tar").returncode == 0
    assert service.run("backup", folder / "with.tar", "--with-signing-key").returncode == 0
    assert private not in (folder / "plain.tar").read_bytes()
    fresh = new_home("fresh")
    with inside(fresh):
        assert fresh.run("restore", folder / "with.tar").returncode == 0
    assert (fresh.path / "signing-key").read_bytes() == private
    assert (fresh.path / "signing-key").stat().st_mode & 0o777 == 0o600


def test_the_commands_on_both_sides(service: Home, public: Home) -> None:
    out = service.path.parent / "f1.zip"
    done = service.run("make-public", "--authority", AUTHORITY, "--out", out, "--by", "Ann")
    assert done.returncode == 0, done.stderr
    assert "file 1 of authority 999, whole" in done.stdout
    again = service.run("make-public", "--authority", AUTHORITY, "--out", out, "--by", "Ann")
    assert again.returncode == 2
    assert "a new file" in again.stderr
    shown = service.run("signing-key", "show").stdout
    key = re.search("Public key: (.*)", shown)
    assert key
    with inside(public):
        trusts = ("trust-service", "--authority", AUTHORITY)
        done = public.run(
            *trusts, "--key", key[1], "--from", "2020-01-01", "--until", "2090-01-01", "--by", "Bo"
        )
        assert done.returncode == 0, done.stderr
        assert "from 2020-01-01 until 2090-01-01  by Bo" in public.run(*trusts).stdout
        assert public.run(*trusts, "--key", "short", "--by", "Bo").returncode == 2
        done = public.run("load", out, "--by", "Bo")
        assert done.returncode == 0, done.stderr
        assert "File 1 of authority 999, signed with the key" in done.stdout
        assert "nothing was added" in public.run("load", out, "--by", "Bo").stdout
        assert "Signed file 1 of the service" in public.run("deliveries", "--authority", AUTHORITY).stdout
        wrong = public.run("load", out, "--authority", "926", "--by", "Bo")
        assert wrong.returncode == 2
        assert wrong.stderr.count("\n") == 1


# -- the page ---------------------------------------------------------------------------------------


def test_a_director_sees_what_would_cross_and_downloads_it(service: Home, public: Home) -> None:
    client, address = client_of("pat.secretname"), "/service/999/make-public/"
    page = client.get(address).content.decode()
    assert "No file has been made yet" in page
    answer = client.post(address, {"which": "since"})
    assert answer["Content-Disposition"] == 'attachment; filename="public-999-0001.zip"'
    assert answer["Cache-Control"] == "no-store"
    assert crossings.made(AUTHORITY)[0].says["by"] == "pat.secretname"
    assert b"pat.secretname" not in answer.content
    page = client.get(address).content.decode()
    assert "The last file was file 1" in page
    assert client.get(address, {"format": "json"}).json()["last_file"] == 1
    again = client.post(address, {"which": "since"})
    assert again.status_code == 422
    assert "Nothing public has changed since file 1" in again.content.decode()
    with inside(public):
        assert load(answer.content).number == 1
        director = User.objects.create_user("dee")
        _make("dir", [("director", AUTHORITY, "", "")])
        assert director.pk
        one = Link.objects.filter(kind=chain.READ, source="record").latest("number")
        shown = client_of("dir").get(f"/service/999/deliveries/{one.delivery}/").content.decode()
        assert "A director of the service: file 1" in shown


def test_the_page_says_that_there_is_no_key(service: Home) -> None:
    (service.path / "signing-key").unlink()
    page = client_of("pat.secretname").get("/service/999/make-public/").content.decode()
    assert "has no signing key yet" in page
    assert "Make and download the file" not in page


def test_another_key_of_that_name_is_not_taken_for_it() -> None:
    key = Ed25519PrivateKey.generate()
    assert signed_file.key_given(f" {signed_file.public_key(key)} ") == signed_file.public_key(key)
    with pytest.raises(Refused, match="not a service's public key"):
        signed_file.key_given("abc")


@pytest.mark.django_db
def test_the_head_of_a_service_is_open_to_a_witness_and_tells_nothing_else(service: Home) -> None:
    with override_settings(MODE="service"):
        found = Client().get("/head/?format=json")
        assert found.status_code == 200
        assert found.json().keys() == {"holds", "head", "verified_at"}
        assert found.json()["head"] == chain.state()
        assert chain.state() in Client().get("/head/").content.decode()
        assert Client().get("/head/more").status_code in (302, 404)
        assert "failures" in client_of("pat.secretname").get("/head/?format=json").json()
