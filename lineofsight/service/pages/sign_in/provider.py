"""Asking the organisation's sign-in server (OpenID Connect): who signs in, whether they still have a role, who is signed out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from lineofsight.service.access.provider_sessions import Session, Tokens

ORGANISATION = "organisation"
"""The name of the one server, in addresses and in the settings of allauth."""
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key of the server. One made with a shared secret, or none, is never accepted."""
_LEEWAY = 60
_SECONDS = 5
"""How long one question to the server may take."""
_CONFIGURATION_SECONDS = 300
_LOGOUT_AGE = 300
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class NotReached(Exception):
    """The server did not answer, or could not: nothing is known about the person.

    `tokens`: those it had given before, where it had; the ones before these may be used up.
    """

    tokens: Tokens | None = None


class NotAny(Exception):
    """The server says that the person's sign-in does not hold any more."""


@dataclass(frozen=True)
class Said:
    """What the server says of somebody now, and with what it is asked the next time."""

    claims: Mapping[str, Any]
    tokens: Tokens


class Server(OpenIDConnectOAuth2Adapter):
    """The organisation's server as allauth speaks with it. The signature of who somebody is is always checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The server's description of itself, read again after some minutes."""
        return described(self.get_provider().server_url, int(time.monotonic() // _CONFIGURATION_SECONDS))

    @property
    def basic_auth(self) -> bool:
        """Whether this service says who it is in the header. A server that names no way takes this one (Discovery 1.0, 3)."""
        ways = self.openid_config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in ways and "client_secret_basic" in ways

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            return self.verified(id_token, app)
        except jwt.PyJWTError as fault:
            raise OAuth2Error("Invalid id_token") from fault

    def verified(
        self, token: str, app: SocialApp, *, needs: tuple[str, ...] = ("exp", "sub")
    ) -> dict[str, Any]:
        """The claims of a token that this server signed for this service; raises PyJWTError for any other."""
        key = _key_of(token, keys_at(self.openid_config["jwks_uri"]))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=_ALGORITHMS,
            audience=app.client_id,
            issuer=self.openid_config["issuer"],
            leeway=_LEEWAY,
            options={"require": ["iss", "aud", "iat", *needs]},
        )
        return claims


@lru_cache(maxsize=4)
def described(url: str, _while: int) -> dict[str, Any]:
    """A server's description. What could not be read is not remembered."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, timeout=_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    return found


@lru_cache(maxsize=4)
def keys_at(url: str) -> jwt.PyJWKClient:
    """The server's keys, read again after some minutes and when a token names a key that is not known."""
    return jwt.PyJWKClient(url, timeout=_SECONDS, lifespan=_CONFIGURATION_SECONDS)


def _key_of(token: str, keys: jwt.PyJWKClient) -> jwt.PyJWK:
    """The server's key that a token names; a token may name none where the server has only one."""
    named = jwt.get_unverified_header(token).get("kid")
    if named is not None:
        return keys.get_signing_key(named)
    only = keys.get_signing_keys()
    if len(only) != 1:
        raise jwt.PyJWKClientError("The token names no key, and the server has several.")
    return only[0]


def ask(request: HttpRequest, session: Session) -> Said:
    """Ask the server whether somebody's sign-in still holds, and what it says of them now.

    With a refresh token it gives new tokens, and mostly a new identity token. Where it does not, or gave no refresh token, its
    userinfo is read. Raises NotAny and NotReached.
    """
    try:
        server = Server(request, ORGANISATION)
        app = server.get_provider().app
    except SocialApp.DoesNotExist:
        raise NotAny from None
    tokens, claims = session.tokens, None
    try:
        if tokens.refresh:
            answer = _refreshed(server, app, tokens.refresh)
            tokens = Tokens(str(answer["access_token"]), str(answer.get("refresh_token") or tokens.refresh))
            if answer.get("id_token"):
                claims = server.verified(str(answer["id_token"]), app)
        if claims is None:
            claims = _userinfo(server, tokens.access)
    except (NotReached, requests.RequestException, jwt.PyJWKClientConnectionError):
        fault = NotReached()
        fault.tokens = tokens if tokens != session.tokens else None
        raise fault from None
    except (jwt.PyJWTError, KeyError, ValueError, TypeError):
        raise NotAny from None
    if claims.get("sub") != session.subject:
        raise NotAny
    return Said(claims, tokens)


def _refreshed(server: Server, app: SocialApp, refresh: str) -> dict[str, Any]:
    data = {"grant_type": "refresh_token", "refresh_token": refresh}
    auth = None
    if server.basic_auth:
        auth = requests.auth.HTTPBasicAuth(app.client_id, app.secret)
    else:
        data |= {"client_id": app.client_id, "client_secret": app.secret}
    with get_adapter().get_requests_session() as session:
        return _answer(session.post(server.access_token_url, data=data, auth=auth, timeout=_SECONDS))


def _userinfo(server: Server, access: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        headers = {"Authorization": f"Bearer {access}"}
        return _answer(session.get(server.profile_url, headers=headers, timeout=_SECONDS))


def _answer(answer: requests.Response) -> dict[str, Any]:
    """The JSON of an answer; a refusal ends the sign-in, a fault of the server does not yet."""
    if answer.status_code == 429 or answer.status_code >= 500:
        raise NotReached
    if answer.status_code != 200:
        raise NotAny
    found = answer.json()
    if not isinstance(found, dict):
        raise NotAny
    return found


def logout_named(request: HttpRequest, token: str) -> dict[str, Any]:
    """The claims of a logout token (OpenID Connect Back-Channel Logout 1.0); raises NotAny for anything else."""
    try:
        server = Server(request, ORGANISATION)
        claims = server.verified(token, server.get_provider().app, needs=("jti",))
    except SocialApp.DoesNotExist:
        raise NotAny from None
    except (requests.RequestException, jwt.PyJWKClientConnectionError):
        raise NotReached from None
    except (jwt.PyJWTError, KeyError, ValueError, TypeError):
        raise NotAny from None
    events = claims.get("events")
    named = claims.get("sub") or claims.get("sid")
    if (
        not isinstance(events, dict)
        or not isinstance(events.get(LOGOUT), dict)
        or "nonce" in claims
        or not named
    ):
        raise NotAny
    if abs(time.time() - float(claims["iat"])) > _LOGOUT_AGE:
        raise NotAny
    return claims
