"""The key with which a service signs what it makes public: one file in the home that only its owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from lineofsight.intake.signed_file import fingerprint, public_key
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.refusal import Refused

NAME = "signing-key"


def path() -> Path:
    """Where the private key is."""
    return Path(settings.HOME) / NAME


def key() -> Ed25519PrivateKey:
    """The private key. Raises Refused where there is none, or somebody else may read it."""
    return _read(content())


def content() -> bytes:
    """The file of the private key. Raises Refused as `key` does."""
    try:
        found, mode = path().read_bytes(), path().stat().st_mode
    except FileNotFoundError:
        raise Refused(
            "This service has no signing key yet.",
            command="Make one: lineofsight signing-key make --by NAME.",
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise Refused(
            f"Others may read the signing key. Make a new one, or set its permissions to its owner alone: {path()}."
        )
    return found


def is_there() -> bool:
    """Whether the service has a key."""
    return path().exists()


def _read(content: bytes) -> Ed25519PrivateKey:
    try:
        found = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise Refused(f"The file {NAME} in the home is no signing key. Make a new one.")
    return found


def make(*, by: str, instead: bool = False) -> str:
    """Make the key, and give its public half. `instead`: in place of the one there is, which is removed.

    The chain states the public key, who made it and when. Raises Refused.
    """
    if not by.strip():
        raise Refused("Say who makes it.", command="Add --by NAME.")
    if is_there() and not instead:
        raise Refused(
            "This service has a signing key.",
            command="To change it: lineofsight signing-key change --by NAME.",
        )
    if instead and not is_there():
        raise Refused(
            "This service has no signing key to change.",
            command="Make one: lineofsight signing-key make --by NAME.",
        )
    made = Ed25519PrivateKey.generate()
    public = public_key(made)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with chain.writing():
        says = {"key": public, "fingerprint": fingerprint(public)}
        chain.append(chain.NewLink(chain.SIGNING_KEY, "", "", "", says), by=by.strip()[:200], at=clock.now())
        put(private)
    return public


def put(content: bytes) -> None:
    """Write a private key into the home, in place of any that is there: all of it or nothing."""
    _read(content)
    draft = path().with_name(f"{NAME}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path())
