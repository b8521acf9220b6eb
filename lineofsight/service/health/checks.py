"""Every check of `doctor`, in the order in which it prints them."""

from __future__ import annotations

from collections.abc import Callable

from lineofsight.queries.upkeep import Result
from lineofsight.service.health import checks_install as install
from lineofsight.service.health import checks_proxy
from lineofsight.service.health import checks_work as work
from lineofsight.service.health.facts import Facts

CHECKS: tuple[Callable[[Facts], Result], ...] = (
    install.home,
    install.mode,
    install.secret_key,
    install.hosts,
    install.https,
    install.variables,
    install.database,
    install.clock,
    work.disk,
    work.backup,
    work.drill,
    work.verified,
    work.reader,
    work.waiting,
    work.sources,
    install.log,
    checks_proxy.proxy,
)


def judge(facts: Facts) -> list[Result]:
    """One line for each check."""
    return [check(facts) for check in CHECKS]
