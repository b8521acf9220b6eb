"""Commands by which what is public crosses from a service to a public home: signing-key, make-public, trust-service."""

from __future__ import annotations

import os
from pathlib import Path

import click

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.signed_file import fingerprint, key_given, may_be_one, public_key
from lineofsight.service.access.public_parts import COUNTED, OFFICE
from lineofsight.service.access.view import day_said
from lineofsight.service.cli.wording import Example, answers, present
from lineofsight.service.receive import make_public as making
from lineofsight.service.receive.signed import LoadedFile
from lineofsight.service.store import chain, crossings, signing
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

_AUTHORITY = click.option("--authority", metavar="CODE", required=True, help="The authority's three digits.")
_BY = click.option("--by", metavar="NAME", required=True, help="Who does it; kept in this record.")


@click.group("signing-key", epilog="Example:  lineofsight signing-key show")
def signing_key() -> None:
    """The key with which this service signs what it makes public."""


@signing_key.command("make", cls=Example, example="lineofsight signing-key make --by 'Ann Lee'")
@_BY
@answers
def make_key(by: str) -> None:
    """Make the key, once, and print its public half for whoever runs the public record.

    The private half stays in the home, readable by its owner alone. No backup holds it, unless you ask for that
    with backup --with-signing-key.
    """
    _tell_key(signing.make(by=by))


@signing_key.command("show", cls=Example, example="lineofsight signing-key show")
@answers
def show_key() -> None:
    """Print the public half again."""
    _tell_key(public_key(signing.key()))


@signing_key.command("change", cls=Example, example="lineofsight signing-key change --by 'Ann Lee'")
@_BY
@answers
def change_key(by: str) -> None:
    """Make a new key instead of the present one, which is removed.

    Whoever runs the public record ends their trust in the old key with a day, and trusts the new one from that day
    on. The first file after a change is best a whole one: make-public --whole.
    """
    _tell_key(signing.make(by=by, instead=True))


def _tell_key(public: str) -> None:
    click.echo(f"Public key: {public}")
    click.echo(
        f"Fingerprint: {fingerprint(public)}. Read it out on the telephone, so that both sides compare it."
    )


@click.command(
    "make-public",
    cls=Example,
    example="lineofsight make-public --authority 928 --out public-928-0001.zip --by 'Ann Lee'",
)
@_AUTHORITY
@click.option("--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="A new file.")
@click.option(
    "--whole", is_flag=True, help="Everything that is public, not only what came since the last file."
)
@click.option(
    "--office",
    metavar="TEXT",
    default=OFFICE,
    show_default=True,
    help="By which office; published in the file.",
)
@click.option("--by", metavar="NAME", required=True, help="Who makes it; kept here, not published.")
@answers
def make_public(authority: str, out: Path, office: str, by: str, *, whole: bool) -> None:
    """Write a signed file of what is public, to be loaded into a public record.

    Statements, members' questions with their answers, inspections and their reports: what became public since the
    last file. The service's own work, the access log, people and everything about children cannot be in it.
    """
    code = authority_code(authority)
    if out.exists() or not out.parent.is_dir():
        raise Refused(f"Give --out the name of a new file in a folder that is there; {out.name!r} is not.")
    made = making.make(code, office=office, by=by, whole=whole)
    _write(out, made.content)
    counts = (
        "; ".join(f"{COUNTED[name]}: {count:,}" for name, count in made.counts.items()) or "Only erasures"
    )
    click.echo(
        f"{out}: file {made.says.number} of authority {code}, {'whole' if made.says.whole else 'since the last'}."
    )
    click.echo(f"{counts}.")
    click.echo(f"In the public record's home: lineofsight load {out.name}")


def _write(out: Path, content: bytes) -> None:
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(out)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise Refused(
            f"{str(out)!r} cannot be written ({fault.strerror}). Make the file again with --whole."
        ) from None


@click.command(
    "trust-service",
    cls=Example,
    example="lineofsight trust-service --authority 928 --key 'MCow…' --by 'Ann Lee'",
)
@_AUTHORITY
@click.option("--key", metavar="KEY", help="The public key, as the service's signing-key printed it.")
@click.option("--from", "first", metavar="DAY", help="The first day of the trust. Default: today.")
@click.option("--until", metavar="DAY", help="The last day of the trust. Default: none.")
@click.option("--by", metavar="NAME", default="", help="Who decided it; kept in this record.")
@answers
def trust_service(authority: str, key: str | None, first: str | None, until: str | None, by: str) -> None:
    """Trust a service's public key, so that its signed files of one authority are loaded. Without --key: list the keys.

    Give a key again with --until to end the trust in it. Compare the fingerprint with the service first.
    """
    code = authority_code(authority)
    if key is None:
        _list_keys(code)
        return
    given = key_given(key)
    before = next(
        (one.from_day for one in crossings.trusted(code) if one.key == given), london_day(present())
    )
    begins = day_said(first, "from which it is trusted") if first else before
    ends = day_said(until, "until which it is trusted") if until else None
    crossings.trust(code, given, begins, ends, by=by)
    click.echo(
        f"Files of authority {code} signed with the key {fingerprint(given)} are loaded from {begins} on{_end(ends)}."
    )


def _list_keys(code: str) -> None:
    keys = crossings.trusted(code)
    for one in keys:
        click.echo(f"{fingerprint(one.key)}  from {one.from_day}{_end(one.until)}  by {one.by}")
    if not keys:
        click.echo(f"No key is trusted for authority {code}.")


def _end(until: object) -> str:
    return f" until {until}" if until else ""


# -- what `load` asks of it -------------------------------------------------------------------------


def is_signed(path: Path) -> bool:
    """Whether a path is a file that begins as a service's signed files do."""
    return path.is_file() and may_be_one(NamedBytes(path.name, path=path))


def tell_loaded(loaded: LoadedFile) -> None:
    """Say what became of a signed file."""
    if loaded.already_loaded:
        click.echo(
            f"File {loaded.number} of authority {loaded.authority} was loaded already, so nothing was added."
        )
        return
    counts = [chain.body_of(outcome.link)["counts"] for outcome in loaded.outcomes]
    accepted, refused, withdrawn = (
        sum(each[name] for each in counts) for name in ("accepted", "quarantined", "withdrawn")
    )
    click.echo(
        f"File {loaded.number} of authority {loaded.authority}, signed with the key {loaded.key}: {accepted:,} rows accepted, "
        f"{refused:,} quarantined, {withdrawn:,} withdrawn; {loaded.erased:,} statements erased. "
        f"See lineofsight deliveries --authority {loaded.authority}"
    )
    if loaded.erased and not chain.scrub():
        click.echo(
            "Somebody was reading, so freed pages hold what was erased: run `lineofsight scrub`.", err=True
        )


OF_A_SERVICE = (signing_key, make_public)
"""What a public record has no command for: it signs nothing."""
COMMANDS = (*OF_A_SERVICE, trust_service)
