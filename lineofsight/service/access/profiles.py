"""The profile of each authority: the one place that pages and commands ask for what is particular to it."""

from __future__ import annotations

from collections.abc import Iterable

from lineofsight.vocabulary.profile import AuthorityProfile, profile_from_table

_registered: dict[str, AuthorityProfile] = {}


def register(profiles: Iterable[AuthorityProfile]) -> None:
    """Give authorities profiles of their own; called once, as the service starts (`lineofsight.service.apps`)."""
    _registered.update({profile.code: profile for profile in profiles})


def profile_of(authority: str) -> AuthorityProfile:
    """An authority's own profile, or the one that the table of authorities gives."""
    return _registered.get(authority) or profile_from_table(authority)
