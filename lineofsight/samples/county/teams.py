"""The fictional county's teams and workers. The names are plants and places that are not: nobody's."""

from __future__ import annotations

from dataclasses import dataclass, field

from lineofsight.samples.county.dice import Dice, Weighted
from lineofsight.samples.county.published import AGENCY_SHARE

DUTY_TRAY = "DUTY01"


@dataclass(frozen=True)
class Team:
    """A team: its number as the extracts write it, its name, the service it belongs to, and who holds cases in it."""

    id: str
    name: str
    service: str
    holders: int = 0


def _team(name: str, service: str, holders: int = 0) -> Team:
    return Team(name.lower().replace(" ", "-"), name, service, holders)


TEAMS: tuple[Team, ...] = (
    _team("Front door", "Assessment"),
    *(_team(f"{area} assessment {at}", "Assessment", 11) for area in ("North", "South") for at in (1, 2)),
    *(
        _team(f"{area} safeguarding {at}", "Safeguarding", 23)
        for area in ("North", "South")
        for at in (1, 2, 3)
    ),
    *(_team(f"{area} looked after {at}", "Looked after", 24) for area in ("North", "South") for at in (1,)),
    _team("Disabled children", "Disabled children", 17),
    _team("Leaving care", "Leaving care", 5),
    _team("Fostering", "Placements"),
    _team("Adoption", "Placements"),
    _team("Reviewing and quality", "Quality"),
)
"""Every team."""
BY_ID = {team.id: team for team in TEAMS}

_PLANTS = [
    "Bramble",
    "Burdock",
    "Teasel",
    "Yarrow",
    "Sorrel",
    "Tansy",
    "Vetch",
    "Campion",
    "Fennel",
    "Comfrey",
    "Mallow",
    "Speedwell",
    "Lovage",
    "Betony",
    "Borage",
    "Bryony",
    "Catmint",
    "Clover",
    "Cowslip",
    "Dock",
    "Figwort",
    "Foxtail",
    "Hawkbit",
    "Hogweed",
    "Knapweed",
    "Marram",
    "Mugwort",
    "Nettle",
    "Oxlip",
    "Sedge",
]
_PLACES = [
    "Oatfield",
    "Underbough",
    "Millpuddle",
    "Thatchwick",
    "Cobblemere",
    "Driftlow",
    "Eelbrook",
    "Fernhollow",
    "Gorsegate",
    "Hedgerow",
    "Inkwell",
    "Jamjar",
    "Kettlehill",
    "Lanternby",
    "Mossbank",
    "Nutshell",
    "Otterpool",
    "Pebbleton",
    "Quillfeather",
    "Rainbarrel",
    "Sandgrain",
    "Teacupp",
    "Umbrell",
    "Vinegarth",
    "Wickerbasket",
    "Yewbarrow",
    "Zigzag",
    "Applecart",
    "Buttonby",
    "Candlewick",
]
_FTE = Weighted({"1.0": 80, "0.8": 12, "0.6": 8})
_HOLDING = Weighted({"Social Worker": 70, "Senior Social Worker": 30})

_OTHERS: tuple[tuple[str, str, int, bool], ...] = (
    ("Social Worker", "Front door", 20, True),
    ("Service Manager", "Reviewing and quality", 10, True),
    ("Independent Reviewing Officer", "Reviewing and quality", 28, True),
    ("Child Protection Chair", "Reviewing and quality", 8, True),
    ("Social Worker", "Fostering", 60, True),
    ("Social Worker", "Adoption", 25, True),
    ("Personal Adviser", "Leaving care", 30, False),
    ("Business Support", "Front door", 20, False),
)
"""Who holds no children: job title, team, how many, and whether a registered social worker."""
_IN_EVERY_TEAM: tuple[tuple[str, int, bool], ...] = (
    ("Practice Manager", 2, True),
    ("Advanced Practitioner", 3, True),
    ("Family Support Worker", 8, False),
    ("Business Support", 5, False),
)
"""Who works in every team that holds children, and how many of them."""


@dataclass(eq=False, slots=True)
class Worker:
    """A worker; `left` is the first day no longer in post. `children` are those in the worker's hands, by number."""

    number: str
    name: str
    job_title: str
    team: Team
    fte: str
    agency: bool
    registered: bool
    begun: int
    left: int | None = None
    children: dict[int, None] = field(default_factory=dict)

    @property
    def load(self) -> float:
        """Children for each full-time equivalent."""
        return len(self.children) / float(self.fte)


class Staff:
    """Everybody who ever worked in the county, and those who hold cases now, by team."""

    def __init__(self, dice: Dice, scale: float, first: int) -> None:
        self._dice = dice
        self.everyone: list[Worker] = []
        self.managers: dict[str, Worker] = {}
        self.holders: dict[str, list[Worker]] = {team.id: [] for team in TEAMS if team.holders}
        by_name = {team.name: team for team in TEAMS}
        for team in TEAMS:
            self.managers[team.id] = self._hired("Team Manager", team, first, registered=True)
            self._staffed(team, scale, first)
        for title, name, number, registered in _OTHERS:
            self._several(title, by_name[name], number * scale, first, registered=registered)

    def _staffed(self, team: Team, scale: float, first: int) -> None:
        if not team.holders:
            return
        for _ in range(max(2, round(team.holders * scale))):
            self.joined(team, first)
        for title, number, registered in _IN_EVERY_TEAM:
            self._several(title, team, number * scale, first, registered=registered)

    def _several(self, title: str, team: Team, number: float, day: int, *, registered: bool) -> None:
        for _ in range(self._dice.rounded(number)):
            self._hired(title, team, day, registered=registered)

    @property
    def supporting(self) -> list[Worker]:
        """Who helps beside a child's worker."""
        return [one for one in self.everyone if one.job_title == "Family Support Worker"] or self.everyone[:1]

    def joined(self, team: Team, day: int) -> Worker:
        """Somebody who holds children joins a team on a day."""
        worker = self._hired(self._dice.weighted(_HOLDING), team, day, registered=True)
        self.holders[team.id].append(worker)
        return worker

    def leaves(self, worker: Worker, day: int) -> None:
        """Somebody who holds children is no longer in post from a day on."""
        worker.left = day
        self.holders[worker.team.id].remove(worker)

    def _hired(self, title: str, team: Team, day: int, *, registered: bool) -> Worker:
        at = len(self.everyone)
        name = f"{_PLANTS[at % len(_PLANTS)]} {_PLACES[(at // len(_PLANTS) + at) % len(_PLACES)]}"
        agency = registered and title != "Team Manager" and self._dice.chance(AGENCY_SHARE * 1.04)
        worker = Worker(
            f"SYNW{at + 1:04}", name, title, team, self._dice.weighted(_FTE), agency, registered, day
        )
        self.everyone.append(worker)
        return worker

    def least_loaded(self, team: Team, since: int) -> Worker:
        """Whoever of a team holds fewest children for their hours and was in post on a day; else whoever holds fewest."""
        there = [one for one in self.holders[team.id] if one.begun <= since] or self.holders[team.id]
        return min(there, key=lambda one: (one.load, one.number))
