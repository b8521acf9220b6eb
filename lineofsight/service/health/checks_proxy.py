"""The check of the proxy in front, by what the service's own health page answered through it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from lineofsight.queries.upkeep import BROKEN, LOOK, OK, Result
from lineofsight.service.health.facts import Facts
from lineofsight.service.health.wording import span

_CERTIFICATE = timedelta(days=21)
_HSTS_SECONDS = 15_552_000
_REDIRECTS = (301, 302, 307, 308)


def proxy(facts: Facts) -> Result:
    """Whether the proxy in front speaks TLS, says who asks and over what, and is not deceived by a visitor."""
    it = facts.through
    if it is None:
        return Result("proxy", OK, "Not asked; name the service's address with --url to check its proxy.")
    how = "See docs/how-to/serve-behind-a-proxy.md."
    if it.fault:
        return Result(
            "proxy",
            BROKEN,
            f"{it.url} could not be asked: {it.fault}.",
            f"Check the name, the certificate and that the proxy runs. {how}",
        )
    if it.status != 200:
        return Result(
            "proxy",
            BROKEN,
            f"The health page at {it.url} answered {it.status}.",
            f"Check that the service runs, that the proxy passes the Host header on, and LINEOFSIGHT_HOSTS. {how}",
        )
    if it.address is None:
        return Result(
            "proxy",
            BROKEN,
            f"{it.url} does not know this home's secret key: another install answers there.",
            "Run doctor with the settings of the install that this address belongs to.",
        )
    if it.address == it.spoofed:
        return Result(
            "proxy",
            BROKEN,
            "A visitor can claim any address: the proxy passes X-Forwarded-For on as it comes.",
            f"Have the proxy set X-Forwarded-For to the visitor's address. {how}",
        )
    if not it.saw_https:
        return Result(
            "proxy",
            BROKEN,
            "The service does not know that people reach it over HTTPS.",
            f"Have the proxy set X-Forwarded-Proto, and set LINEOFSIGHT_PROXY to the address it connects from. {how}",
        )
    if it.host.removesuffix(":443") != urlsplit(it.url).netloc.removesuffix(":443"):
        return Result(
            "proxy",
            BROKEN,
            f"The service was asked as {it.host}, not by the name in {it.url}.",
            f"Have the proxy pass the Host header on. {how}",
        )
    if _seconds(it.hsts) < _HSTS_SECONDS:
        return Result(
            "proxy",
            LOOK,
            "Browsers are not told to come back over HTTPS only.",
            "Let the proxy pass Strict-Transport-Security on, and set LINEOFSIGHT_HTTPS=1.",
        )
    if it.certificate_until and it.certificate_until - facts.now < _CERTIFICATE:
        return Result(
            "proxy", LOOK, f"The certificate ends in {span(it.certificate_until - facts.now)}.", "Renew it."
        )
    if it.plain is not None and not (it.plain in _REDIRECTS and it.plain_to.startswith("https://")):
        return Result(
            "proxy", LOOK, f"Over plain HTTP it answers {it.plain}.", "Have the proxy redirect to https://."
        )
    return Result("proxy", OK, f"{it.url} speaks TLS, says who asks, and does not believe a claimed address.")


def _seconds(header: str) -> int:
    """The max-age of a Strict-Transport-Security header; 0 where there is none."""
    for part in header.lower().split(";"):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdigit():
            return int(value.strip('"'))
    return 0
